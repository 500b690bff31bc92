"""A symbol drawn by itself: as SVG in millimetres, and as PNG on the dots of a printer.

- `bars` is the one geometry: every run of ink as a rectangle, quiet zones counted; SVG, PNG, pages and ZPL use it.
- A PNG has one bit a dot: black or white, no module begins or ends between two dots.
- Heights are of linear symbols; the guard bars of an EAN-13 reach five modules further down.

    svg(qr("https://…"), x=0.5);  png(gs1_128(elements), Grid(300), dots=6, height=378)

GS1 General Specifications, sections 5.2.3 and 5.4.4; PNG (W3C).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from exporters.drawing.png import png as drawn
from exporters.labels.sizes import Grid
from exporters.labels.symbols import Symbol

GUARD = 5
_METRE = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of ink, from the upper left corner of the quiet zone."""

    left: int
    top: int
    width: int
    height: int


def bars(symbol: Symbol, dots: int, height: int = 0) -> Iterator[Bar]:
    """The ink of a symbol whose modules are so many dots wide; `height`: of the bars of a linear one."""
    left, top = symbol.quiet.left * dots, symbol.quiet.above * dots
    for number, row in enumerate(symbol.rows):
        for begin, end in _runs(row):
            tall = height + GUARD * dots if _guard(symbol, begin) else height
            place = (left + begin * dots, top + number * dots, (end - begin) * dots)
            yield Bar(*place, tall if symbol.linear else dots)


def extent(symbol: Symbol, dots: int, height: int = 0) -> tuple[int, int]:
    """Width and height with the quiet zones."""
    inked = height + (GUARD * dots if symbol.guards else 0) if symbol.linear else len(symbol.rows) * dots
    return symbol.across * dots, inked + (symbol.quiet.above + symbol.quiet.below) * dots


def svg(symbol: Symbol, *, x: float, height: float = 0.0) -> bytes:
    """An SVG of its true size: `x` is the X-dimension and `height` that of bars, in millimetres."""
    # Modules are units, a hundredth of one the finest step of a bar's height.
    tall = round(height / x * 100)
    wide, high = extent(symbol, 100, tall)
    path = "".join(f"M{bar.left} {bar.top}h{bar.width}v{bar.height}h-{bar.width}z" for bar in bars(symbol, 100, tall))
    size = f'width="{wide * x / 100:.4g}mm" height="{high * x / 100:.4g}mm" viewBox="0 0 {wide} {high}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{wide}v{high}h-{wide}z"/><path d="{path}"/></svg>\n'
    ).encode("ascii")


def png(symbol: Symbol, grid: Grid, *, dots: int, height: int = 0) -> bytes:
    """A PNG of one bit a dot, which says its resolution."""
    wide, high = extent(symbol, dots, height)
    lines = [bytearray(b"\xff" * wide) for _ in range(high)]
    for bar in bars(symbol, dots, height):
        for line in lines[bar.top : bar.top + bar.height]:
            line[bar.left : bar.left + bar.width] = bytes(bar.width)
    each = round(grid.dpi / 25.4 * _METRE)
    return drawn(wide, high, map(_packed, lines), depth=1, metre=each)


def _runs(row: str) -> Iterator[tuple[int, int]]:
    """Where each run of ink begins and ends."""
    begin = row.find("1")
    while begin >= 0:
        end = row.find("0", begin)
        yield begin, len(row) if end < 0 else end
        begin = row.find("1", end) if end >= 0 else -1


def _guard(symbol: Symbol, module: int) -> bool:
    return any(begin <= module < end for begin, end in symbol.guards)


def _packed(line: bytearray) -> bytes:
    """Eight dots a byte, the first in its highest bit."""
    bits = "".join("1" if dot else "0" for dot in line).ljust(-(-len(line) // 8) * 8, "1")
    return int(bits, 2).to_bytes(len(bits) // 8, "big")
