"""Read symbols back from pixels: no label leaves the house with a symbol that does not say what it should.

- The reader is another library than the one that encoded, and is given dots as the printer gets them.
- What is read is compared whole: the kind, and every character with its separators.

The one door to the decoding library.

    check([Drawn(symbol, dots=6, height=378)])

GS1 General Specifications, section 7.8 (what a reader hands on); ISO/IEC 15424 (symbology identifiers).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import zxingcpp

from exporters.labels.pictures import bars, extent
from exporters.labels.symbols import Kind, Symbol
from schemas.errors import InputError

_WHITE, _MARGIN = 255, 8
# What a reader calls each kind: an identifier that also says whether FNC1 stands in front.
_IDENTIFIERS: dict[str, Kind] = {"]C1": "gs1-128", "]d2": "gs1-datamatrix", "]Q1": "qr", "]E0": "ean-13"}


@dataclass(frozen=True, slots=True)
class Read:
    """One symbol that was found: its kind, None for one that we do not print, and what it holds."""

    kind: Kind | None
    content: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A symbol as it is printed: dots a module, and the height of bars in dots."""

    symbol: Symbol
    dots: int
    height: int = 0


def read(pixels: bytes, width: int, height: int) -> list[Read]:
    """All symbols in a picture of so many dots, a byte each from 0 (black) to 255 (white)."""
    view = memoryview(pixels).cast("B", shape=[height, width])
    found = zxingcpp.read_barcodes(view, text_mode=zxingcpp.TextMode.Plain)
    return [Read(_IDENTIFIERS.get(each.symbology_identifier), each.text) for each in found]


def check(drawn: Iterable[Drawn]) -> None:
    """`InputError("symbol-not-read")` where a reader does not find a symbol, or reads another content."""
    for each in drawn:
        found = read(*_pixels(each))
        if found != [Read(each.symbol.kind, each.symbol.content)]:
            said = found[0].content if found else "-"
            raise InputError("symbol-not-read", kind=each.symbol.kind, value=each.symbol.content, read=said[:90])


def _pixels(drawn: Drawn) -> tuple[bytes, int, int]:
    """The symbol on a sheet that is a little larger."""
    wide, high = (side + 2 * _MARGIN for side in extent(drawn.symbol, drawn.dots, drawn.height))
    sheet = bytearray([_WHITE]) * (wide * high)
    for bar in bars(drawn.symbol, drawn.dots, drawn.height):
        for line in range(bar.top + _MARGIN, bar.top + _MARGIN + bar.height):
            begin = line * wide + bar.left + _MARGIN
            sheet[begin : begin + bar.width] = bytes(bar.width)
    return bytes(sheet), wide, high
