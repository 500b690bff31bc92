"""The consumer's pack: the EAN-13 that every till reads, and beside it the QR Code that every phone reads.

- The QR Code is a GS1 Digital Link of the unit with its lot and date, under the address that was asked for: it is found
  again by GTIN and lot, whoever's resolver answers.
- `small` packs have a GS1 DataMatrix instead of both.
- What the law wants in letters stands above: name, net content, date, lot, packer.

    draw(read(facts, order), order, SIZES["80x50"])

GS1 Digital Link URI Syntax; GS1 General Specifications, sections 2.1 and 5.12.3.1 (addendum); Reg. (EU) 1169/2011
article 9; Dir. 2011/91/EU (lot); FORMATS 2.7.
"""

from collections.abc import Iterator

from exporters.facts.history import Facts
from exporters.format import Missing
from exporters.labels import lot
from exporters.labels.label import LEAST, Label, Sheet
from exporters.labels.lot import LotLabel
from exporters.labels.order import Order, Size
from exporters.labels.pictures import extent
from exporters.labels.sizes import TILL, TILL_2D
from exporters.labels.symbols import Symbol, datamatrix, ean13, qr
from exporters.labels.wording import banner, dated, day, net_content, packed_by
from schemas.gs1.digital_link import make

NAME, SMALL = "consumer", "consumer-small"
SIZES: dict[str, Size] = {"80x50": (80, 50), "80x60": (80, 60), "100x60": (100, 60)}
SMALL_SIZES: dict[str, Size] = {"50x30": (50, 30), "40x40": (40, 40)}
DEFAULT, SMALL_DEFAULT = ("80x50", "80x60", "100x60"), ("50x30", "40x40")
_DIGITS = 2.4  # millimetres of the digits below an EAN-13


def read(facts: Facts, order: Order) -> LotLabel:
    """What is printed of a unit; `InputError` as `exporters.labels.lot.read`."""
    return lot.read(facts, order, NAME, "unit")


def missing(label: LotLabel) -> Iterator[Missing]:
    """What every pack must say; of what has a fixed content, how much."""
    yield from lot.missing(label)
    if not label.variable and "netContent" not in label.pack.product:
        yield Missing("netContent", label.pack.gtin, "master", label.pack.index)


def link(label: LotLabel, order: Order) -> str:
    """What the QR Code holds."""
    return make(label.elements, order.stem)


def draw(label: LotLabel, order: Order, size: Size) -> Label:
    """The label; `InputError`: `label-too-small`, and `symbol-not-gtin13` of what passes no till."""
    sheet = Sheet(NAME, order.grid, size, order.language)
    grid, foot = sheet.grid, sheet.height - sheet.margin
    bars, code = ean13(label.gtin), qr(link(label, order))
    module = TILL.dots(grid)
    # The height of an EAN-13 goes with its X-dimension: 22.85 mm at 0.33 (GS1 General Specifications, table 1).
    tall = grid.at_least(TILL.height * grid.mm(module) / TILL.wanted)
    square = TILL_2D.dots(grid)
    left, right = grid.dots(sheet.margin), grid.dots(sheet.width - sheet.margin) - code.across * square
    wide, _ = extent(bars, module, tall)
    if left + wide > right:
        raise sheet.too_small(sheet.word("symbols"))
    top = grid.dots(foot - _DIGITS) - tall
    sheet.ink(bars, left, top, module, tall)
    _digits(sheet, bars, left, grid.mm(module), foot - _DIGITS + 0.4)
    corner = grid.dots(foot) - extent(code, square)[1]
    sheet.ink(code, right, corner, square)
    side = grid.mm(code.across * square)
    sheet.text(sheet.word("scan"), grid.mm(right), grid.mm(corner) - LEAST, side, LEAST, align="center")
    above = min(grid.mm(top), grid.mm(corner) - LEAST - 1)
    end = _texts(sheet, label, banner(sheet, label.elements, 1.6))
    if end > above:
        raise sheet.too_small(sheet.word("data"))
    return sheet.label()


def draw_small(label: LotLabel, order: Order, size: Size) -> Label:
    """The label of a small pack: a GS1 DataMatrix and its text; `InputError("label-too-small")`."""
    sheet = Sheet(SMALL, order.grid, size, order.language)
    grid, code = sheet.grid, datamatrix(label.elements)
    square = TILL_2D.dots(grid)
    side = grid.mm(extent(code, square)[0])
    top = banner(sheet, label.elements, 1.6)
    if top + side > sheet.height - sheet.margin:
        raise sheet.too_small(sheet.word("symbols"))
    sheet.ink(code, grid.dots(sheet.margin), grid.dots(top), square)
    left = sheet.margin + side + 1.5
    for text, tall, bold in _small_texts(sheet, label):
        if top + tall > sheet.height - 1:
            raise sheet.too_small(sheet.word("data"))
        sheet.text(text, left, top, sheet.width - left - 1, tall, bold=bold, whole=text.startswith("("))
        top += tall + 1.3
    return sheet.label()


def _digits(sheet: Sheet, bars: Symbol, left: int, module: float, top: float) -> None:
    """The digits of an EAN-13 between its guard bars, the first in the quiet zone."""
    begin = sheet.grid.mm(left)
    first, second, third = bars.text.split(" ")
    for text, at, modules in ((first, 2, 8), (second, 14, 42), (third, 61, 42)):
        sheet.text(text, begin + at * module, top, modules * module, _DIGITS, align="center")


def _texts(sheet: Sheet, label: LotLabel, top: float) -> float:
    """What the law wants in letters; where it ends."""
    room = sheet.room
    sheet.text(label.pack.text("name"), sheet.margin, top, room, 3.2, bold=True, whole=True)
    top += 4.8
    for text, whole in _lines(sheet, label):
        sheet.text(text, sheet.margin, top, room, 1.8, whole=whole)
        top += 2.9
    return top


def _lines(sheet: Sheet, label: LotLabel) -> Iterator[tuple[str, bool]]:
    """Each line, and whether nothing of it may be cut."""
    pack = label.pack
    origin = sheet.word("origin", value=pack.origin) if pack.origin else ""
    yield " · ".join(filter(None, (pack.text("brand"), net_content(pack, sheet), origin))), False
    yield _until(sheet, label), True
    yield sheet.word("lot", value=pack.lot), True
    yield from ((text, True) for text in packed_by(pack, sheet))


def _until(sheet: Sheet, label: LotLabel) -> str:
    """The date in the words of the law."""
    until = dated(label.pack)
    return "" if until is None else sheet.word(f"until-{until[0]}", value=day(until[1], sheet.language))


def _small_texts(sheet: Sheet, label: LotLabel) -> Iterator[tuple[str, float, bool]]:
    yield label.pack.text("name"), 2.2, True
    for ai, value in label.elements:
        yield f"({ai}){value}", 1.8, False
    yield label.pack.packer.name, 1.6, False
