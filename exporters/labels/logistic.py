"""The logistic label of a pallet or bin: who, what, and the SSCC in bars, lowest.

- A unit that holds one lot says it in bars as well: content, count, dates and lot. Of one that holds several, or of
  which nobody counted how many pieces are in it, the SSCC alone: a despatch advice tells the rest.
- Three parts from the top down: free text (from and to, the product), data with their titles, bars.
- On two adjacent sides of the unit the same label twice: print two copies.

    read(facts, order) -> Pallet;  draw(pallet, order, SIZES["a5"]) -> Label

GS1 General Specifications, section 6.6; GS1 Logistic Label Guideline; FORMATS 2.7.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from exporters.facts.figures import amount
from exporters.facts.history import Facts
from exporters.facts.packs import Pack, pack
from exporters.facts.parties import Who
from exporters.facts.units import Content, Unit, unit
from exporters.format import Missing
from exporters.labels.label import Label, Sheet
from exporters.labels.order import Order, Size, check_licensed, weight
from exporters.labels.sizes import LOGISTIC
from exporters.labels.stack import stack, symbols
from exporters.labels.symbols import gs1_128
from exporters.labels.wording import banner, date_of, dated, day, describe, lines
from ledger.lots.step import Amount
from schemas.errors import InputError
from schemas.gs1.element_string import check_together
from schemas.gs1.keys import Elements

NAME = "logistic"
SIZES: dict[str, Size] = {"a5": (148, 210), "a5-wide": (210, 148), "a6": (105, 148), "4x6in": (101.6, 152.4)}
DEFAULT = ("a5", "a5-wide")
_COMPACT = 110  # millimetres of width below which texts are set small
_TITLE, _AIR, _LEAST = 2.0, 2.4, 2.4  # millimetres of a title, above it, and of what is below it at least
_MOST_COUNT = 99_999_999


@dataclass(frozen=True, slots=True)
class Pallet:
    """What is printed. `lot`: of a unit that holds nothing else; `content`: that lot and how much of it."""

    unit: Unit
    lot: Pack | None
    content: Content | None
    elements: Elements

    @property
    def sscc(self) -> Elements:
        """The lowest symbol's element."""
        return (("00", self.unit.sscc),)


def read(facts: Facts, order: Order) -> Pallet:
    """What is printed of a unit; `InputError`: `label-of-unit`, `label-not-licensed`, and of combinations of codes."""
    if not order.uri.startswith("https://id.gs1.org/00/"):
        raise InputError("label-of-unit", kind=NAME, value=order.uri)
    found = unit(facts, order.uri)
    if found is None:
        raise InputError("label-unit-empty", value=order.uri)
    content = found.homogeneous
    lot = pack(facts, content.uri) if content is not None else None
    elements = tuple(_content(found, lot, content))
    whole = (("00", found.sscc), *elements)
    check_together(whole)
    check_licensed(whole, order.prefixes)
    return Pallet(found, lot, content, elements)


def missing(pallet: Pallet) -> Iterator[Missing]:
    """Who sends it."""
    if not pallet.unit.sender.name:
        yield Missing("senderName", pallet.unit.sender.uri, "master", pallet.unit.index)


def _content(found: Unit, lot: Pack | None, content: Content | None) -> Iterator[tuple[str, str]]:
    if found.gross is not None:
        yield weight("330", found.gross)
    if lot is None or content is None or content.amount is None or content.amount.uom is not None:
        return
    count = content.amount.quantity
    if count != count.to_integral_value() or not 0 < count <= _MOST_COUNT:
        return
    yield "02", lot.gtin
    yield from date_of(lot)
    yield "37", str(int(count))
    yield "10", lot.lot


def draw(pallet: Pallet, order: Order, size: Size) -> Label:
    """The label; where it is too small for all, without addresses and weight in bars; else `label-too-small`."""
    try:
        return _draw(pallet, order, size, brief=False)
    except InputError as error:
        if error.code != "label-too-small":
            raise
    return _draw(pallet, order, size, brief=True)


def _draw(pallet: Pallet, order: Order, size: Size, *, brief: bool) -> Label:
    sheet = Sheet(NAME, order.grid, size, order.language)
    said = [element for element in pallet.elements if not (brief and element[0].startswith("330"))]
    bars = symbols(tuple(sorted(said, key=lambda element: element[0] != "02")), LOGISTIC, sheet)
    foot = stack(sheet, [gs1_128(pallet.sscc), *reversed(bars)], LOGISTIC)
    sheet.rule(foot)
    top = banner(sheet, (*pallet.sscc, *pallet.elements), 2.0 if brief else 3.0)
    _data(sheet, pallet, _free_text(sheet, pallet, top, brief=brief), foot, brief=brief)
    return sheet.label()


def _free_text(sheet: Sheet, pallet: Pallet, top: float, *, brief: bool) -> float:
    """From whom, to whom, and what; where it ends."""
    compact = sheet.width < _COMPACT
    name, line, tall = (3.0, 2.0, 4.0) if compact else (4.2, 2.8, 6.0)
    half = sheet.width / 2
    at, sizes = (sheet.margin, top, half - sheet.margin - 2), (name, line)
    ends = [_party(sheet, "from", pallet.unit.sender, at, sizes, brief)]
    if pallet.unit.receiver is not None:
        ends.append(_party(sheet, "to", pallet.unit.receiver, (half, top, half - sheet.margin), sizes, brief))
    top = max(ends)
    sheet.rule(top)
    top += 0.4 + (2 if compact else 3)
    product = pallet.lot.text("name") if pallet.lot is not None else ""
    sheet.text(product or sheet.word("mixed"), sheet.margin, top, sheet.room, tall, bold=True)
    top += tall + (1.6 if compact else 2.5)
    for text in _lines(sheet, pallet):
        sheet.text(text, sheet.margin, top, sheet.room, line)
        top += line + 1.4
    return top


def _lines(sheet: Sheet, pallet: Pallet) -> Iterator[str]:
    """What else is said of the goods."""
    if pallet.lot is not None:
        yield describe(pallet.lot, sheet)
        if pallet.content is not None and pallet.content.amount is not None and pallet.content.amount.uom is not None:
            yield amount(pallet.content.amount, sheet.language)
    else:
        yield sheet.word("contents", count=len(pallet.unit.contents))


def _party(
    sheet: Sheet, title: str, who: Who, at: tuple[float, float, float], sizes: tuple[float, float], brief: bool
) -> float:
    """Name and address below a title; where they end."""
    (left, top, width), (name, line) = at, sizes
    sheet.text(sheet.word(title), left, top, width, _TITLE)
    top += _TITLE + 1.2
    sheet.text(who.name, left, top, width, name, bold=True)
    top += name + 1.2
    for text in () if brief else lines(who.address):
        sheet.text(text, left, top, width, line)
        top += line + 1.2
    return top + 0.8


def _data(sheet: Sheet, pallet: Pallet, top: float, foot: float, *, brief: bool) -> None:
    """Data with their titles, as large as there is room: seven millimetres where there is."""
    rows, tall = _rows(sheet, pallet), 0.0
    while rows and (tall := min(7.0, (foot - top - 1.4) / len(rows) - _TITLE - _AIR - 1.2)) < _LEAST:
        rows = rows[1:]  # the text below the bars says it as well
    if top > foot or not (rows or brief):
        raise sheet.too_small(sheet.word("data"))
    air = min(2 * _AIR, (foot - top - 1.4) / max(1, len(rows)) - _TITLE - tall - 1.2)
    for row in rows:
        top += air
        left = sheet.margin
        for title, text, share in row:
            width = sheet.room * share
            sheet.text(title, left, top, width - 2, _TITLE)
            sheet.text(text, left, top + _TITLE + 1.2, width - 2, tall, bold=True, whole=True)
            left += width
        top += _TITLE + 1.2 + tall


def _rows(sheet: Sheet, pallet: Pallet) -> list[list[tuple[str, str, float]]]:
    """Rows of title, content and share of the width; what bars say best first, to be left out first."""
    values = dict(pallet.elements)
    lot, count = pallet.lot, values.get("37")
    rows = [[(sheet.word("title-00"), pallet.unit.sscc, 1.0)]]
    gross = pallet.unit.gross
    weighed = (
        [(sheet.word("title-330"), amount(Amount(gross, "KGM"), sheet.language), 0.34)] if gross is not None else []
    )
    if lot is not None and count is not None:
        rows += [[(sheet.word("title-02"), lot.gtin, 0.66), *weighed]]
        until = dated(lot)
        when = [(sheet.word(f"title-{until[0]}"), day(until[1], sheet.language), 0.4)] if until is not None else []
        rows += [[(sheet.word("title-10"), lot.lot, 0.36), *when, (sheet.word("title-37"), count, 0.24)]]
    elif weighed:
        rows += [weighed]
    return rows
