"""The label of a case: GTIN, date and lot in bars, and the product in letters that are read across a cold store.

    draw(read(facts, order, NAME, "case"), order, SIZES["a6-wide"])

GS1 General Specifications, section 2.3 (trade items in distribution); Reg. (EU) 1169/2011; FORMATS 2.7.
"""

from collections.abc import Iterator

from exporters.facts.figures import amount
from exporters.facts.history import Facts
from exporters.format import Missing
from exporters.labels import lot
from exporters.labels.label import Label, Sheet
from exporters.labels.lot import LotLabel
from exporters.labels.order import Order, Size
from exporters.labels.sizes import CASE
from exporters.labels.stack import stack, symbols
from exporters.labels.wording import banner, dated, day, describe, net_content, packed_by
from ledger.lots.step import Amount

NAME = "case"
SIZES: dict[str, Size] = {"a6-wide": (148, 105), "a5-wide": (210, 148), "4x6in": (101.6, 152.4), "a6": (105, 148)}
DEFAULT = ("a6-wide", "a5-wide")
_TITLE = 2.0
_MOST_DATA = 12.0  # millimetres of the capitals of lot and date


def read(facts: Facts, order: Order) -> LotLabel:
    """What is printed; `InputError` as `exporters.labels.lot.read`."""
    return lot.read(facts, order, NAME, "case")


def missing(label: LotLabel) -> Iterator[Missing]:
    """What every pack must say, and the weight of what is sold by it."""
    yield from lot.missing(label)
    yield from lot.missing_weight(label)


def draw(label: LotLabel, order: Order, size: Size) -> Label:
    """The label; `InputError("label-too-small")` where bars or texts do not fit."""
    sheet = Sheet(NAME, order.grid, size, order.language)
    foot = stack(sheet, list(reversed(symbols(label.elements, CASE, sheet))), CASE)
    sheet.rule(foot)
    top = _product(sheet, label, banner(sheet, label.elements))
    data = list(_data(sheet, label, order))
    tall = min(_MOST_DATA, foot - top - _TITLE - 4.5)
    if tall < _TITLE:
        raise sheet.too_small(sheet.word("data"))
    left, room = sheet.margin, sheet.room
    for title, text, share in data:
        sheet.text(title, left, top + 2, room * share - 2, _TITLE)
        sheet.text(text, left, top + 3.4 + _TITLE, room * share - 2, tall, bold=True, whole=True)
        left += room * share
    return sheet.label()


def _product(sheet: Sheet, label: LotLabel, top: float) -> float:
    """Product, what else is said of it, and who packed it; where it ends."""
    pack, room = label.pack, sheet.room
    name = 7.0 if sheet.width > 120 else 5.0
    sheet.text(pack.text("name"), sheet.margin, top, room, name, bold=True, whole=True)
    top += name + 2.4
    content = " · ".join(filter(None, dict.fromkeys((net_content(pack, sheet), _style(label)))))
    for text in filter(None, (describe(pack, sheet), content)):
        sheet.text(text, sheet.margin, top, room, 2.8)
        top += 4.2
    for text in packed_by(pack, sheet):
        sheet.text(text, sheet.margin, top, room, 2.8, whole=True)
        top += 4.2
    return top


def _style(label: LotLabel) -> str:
    """How a case is made up, as master data says it."""
    packaging = label.pack.product.get("packaging")
    said = packaging.get("size") if isinstance(packaging, dict) else None
    return said if isinstance(said, str) else ""


def _data(sheet: Sheet, label: LotLabel, order: Order) -> Iterator[tuple[str, str, float]]:
    """Lot, date and weight, each with its title and its share of the width."""
    share = 0.5 if order.weight is None else 0.36
    yield sheet.word("title-10"), label.pack.lot, share
    until = dated(label.pack)
    if until is not None:
        yield sheet.word(f"title-{until[0]}"), day(until[1], sheet.language), share
    if order.weight is not None:
        yield sheet.word("title-310"), amount(Amount(order.weight, "KGM"), sheet.language), 0.28
