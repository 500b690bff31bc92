"""A label as PDF, SVG or PNG: the same page, set from one template.

- A PNG has a dot for every dot of the printer; a PDF and an SVG have the same geometry in true size.
- All bars of a symbol are one shape, so that no seam opens between two of them.
- The same label gives the same bytes.

    page(label, "pdf", copies=2)

docs/adr/0053-labels-stand-on-dots.md.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exporters.files.pdf import PageFormat, set_page
from exporters.labels.label import Box, Ink, Label, Mark, Text
from exporters.labels.pictures import bars
from schemas.syntax.json_text import Number

A4 = (210.0, 297.0)
_TEMPLATE = Path(__file__).with_name("label.typ")


def page(label: Label, format: PageFormat, *, copies: int = 1, tiled: bool = False) -> bytes:
    """The file. Copies are pages of a PDF, or so many on A4 sheets, `tiled`; a picture is of one."""
    across, down, wide, high = _sheet(label) if tiled else (1, 1, label.width, label.height)
    said = {
        "title": label.kind,
        "dpi": label.grid.dpi,
        "width": label.width,
        "height": label.height,
        "copies": copies if format == "pdf" else 1,
        "across": across,
        "down": down,
        "sheet": [wide, high],
        "marks": [_mark(mark) for mark in label.marks],
    }
    return set_page(_TEMPLATE, said, format, dpi=label.grid.dpi)


def _sheet(label: Label) -> tuple[int, int, int, int]:
    """How many labels stand beside and below each other on A4, turned so that it holds most; its size in dots."""
    short, long = (label.grid.dots(side) for side in A4)
    turned = [(wide // label.width, high // label.height, wide, high) for wide, high in ((short, long), (long, short))]
    return max(turned, key=lambda found: found[0] * found[1])


def _mark(mark: Mark) -> dict[str, Any]:
    if not isinstance(mark, Text):
        return {"bars": list(_bars(mark))}
    return {
        "left": mark.left,
        "top": mark.top,
        "width": mark.width,
        "height": mark.height,
        "size": Number(f"{mark.size:.4f}"),
        "text": mark.text,
        "bold": mark.bold,
        "align": mark.align,
        "white": mark.white,
    }


def _bars(mark: Ink | Box) -> Iterator[list[int]]:
    if isinstance(mark, Box):
        yield [mark.left, mark.top, mark.width, mark.height]
        return
    for bar in bars(mark.symbol, mark.dots, mark.height):
        yield [mark.left + bar.left, mark.top + bar.top, bar.width, bar.height]
