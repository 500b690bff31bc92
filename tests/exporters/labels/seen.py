"""A label as who gets it sees it: pixels of its PNG, PDF or SVG, and what readers make of them."""

import io
from itertools import combinations
from typing import Any

import biip
from PIL import Image

from exporters.labels.decode import Read, read
from exporters.labels.label import Box, Ink, Label, Mark, Text
from tests.independent.bars import read_13, read_128, runs


def opened(png: bytes) -> Image.Image:
    """A PNG in grey, as another library opens it."""
    return Image.open(io.BytesIO(png)).convert("L")


def scanned(image: Image.Image) -> list[Read]:
    """Every symbol that the first reader finds, in the order of kinds and contents."""
    return ordered(read(image.tobytes(), *image.size))


def expected(label: Label) -> list[Read]:
    """What should be found."""
    return ordered([Read(ink.symbol.kind, ink.symbol.content) for ink in label.symbols])


def ordered(found: list[Read]) -> list[Read]:
    """In one order, wherever they stand."""
    return sorted(found, key=lambda each: (str(each.kind), each.content))


def by_widths(image: Image.Image, ink: Ink) -> str:
    """What a second reader makes of the bars of a symbol, from one line of pixels through them."""
    wide, _ = ink.extent
    line = ink.top + ink.height // 2
    row = image.crop((ink.left, line, ink.left + wide, line + 1)).tobytes()
    widths = runs(row, ink.dots)
    return read_13(widths) if ink.symbol.kind == "ean-13" else read_128(widths)


def elements(content: str, identifier: str) -> list[tuple[str, str]]:
    """The element strings that another library finds in what a scanner gives back."""
    message: Any = biip.parse(identifier + content).gs1_message
    return [(each.ai.ai, each.value) for each in message.element_strings]


def clashes(label: Label) -> list[tuple[Mark, ...]]:
    """Marks beyond the edge, in a symbol or its quiet zone, or over each other. The digits of an EAN-13 stand between
    its guard bars, and white text on its box."""
    beyond = [(mark,) for mark in label.marks if not _on(label, _area(mark))]
    pairs = [
        (one, other)
        for one, other in combinations(label.marks, 2)
        if not _belong(one, other) and not _apart(_area(one), _area(other))
    ]
    return [*beyond, *pairs]


def _on(label: Label, area: tuple[float, ...]) -> bool:
    return area[0] >= 0 and area[1] >= 0 and area[2] <= label.width + 1 and area[3] <= label.height


def _belong(one: Mark, other: Mark) -> bool:
    if isinstance(one, Box) and isinstance(other, Text):
        return other.white
    return any(isinstance(each, Ink) and bool(each.symbol.guards) for each in (one, other))


def _area(mark: Mark) -> tuple[float, float, float, float]:
    """Left, top, right and bottom; of a text what its characters take."""
    if isinstance(mark, Text):
        spare = mark.width - mark.taken
        left = mark.left + {"left": 0.0, "center": spare / 2, "right": spare}[mark.align]
        return left, mark.top, left + mark.taken, mark.top + mark.height
    wide, high = mark.extent if isinstance(mark, Ink) else (mark.width, mark.height)
    return mark.left, mark.top, mark.left + wide, mark.top + high


def _apart(one: tuple[float, ...], two: tuple[float, ...]) -> bool:
    return one[2] <= two[0] + 1 or two[2] <= one[0] + 1 or one[3] <= two[1] or two[3] <= one[1]
