"""What labels say in words: dates, what a product is, and the strip on one that is for show.

    day(date(2026, 7, 25), "it")  ->  "25/07/2026";  date_of(pack)  ->  (("15", "260725"),)

GS1 General Specifications, section 3.4 (dates); Reg. (EU) 1169/2011 annex X; Reg. (EU) 2023/2429.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from exporters.facts.figures import amount
from exporters.facts.packs import Pack
from exporters.facts.parties import Address
from exporters.labels.label import LEAST_MARGIN, Sheet
from exporters.labels.order import demonstration
from ledger.lots.step import Amount
from schemas.epcis.own_terms import decimal
from schemas.gs1.keys import Element, Elements
from schemas.wording import Language

_NARROW = 60  # millimetres on which more than the one word does not fit
_SMALL = {"KGM": "GRM", "LTR": "MLT"}
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]


def six(moment: date) -> str:
    """A date as elements have it, YYMMDD."""
    return f"{moment:%y%m%d}"


def day(moment: date, language: Language) -> str:
    """A date as people read it, without doubt about which figure is the month."""
    return f"{moment:%d/%m/%Y}" if language == "it" else f"{moment.day:02d} {_MONTHS[moment.month - 1]} {moment.year}"


def dated(lot: Pack, *, packed_first: bool = False) -> tuple[str, date] | None:
    """The one date of a pack with its code: by which to use it, before which it is best, or when it was packed."""
    known = [("17", lot.use_by), ("15", lot.best_before), ("13", lot.packed)]
    ordered = reversed(known) if packed_first else known
    return next(((ai, moment) for ai, moment in ordered if moment is not None), None)


def date_of(lot: Pack, *, packed_first: bool = False) -> Iterator[Element]:
    """The same as an element, if there is one."""
    found = dated(lot, packed_first=packed_first)
    if found is not None:
        yield found[0], six(found[1])


def net_content(lot: Pack, sheet: Sheet) -> str:
    """What one pack holds, as master data says it; kilograms and litres below one as grams and millilitres."""
    said = lot.product.get("netContent")
    value = decimal(said.get("value")) if isinstance(said, Mapping) else None
    if value is None or not isinstance(said, Mapping):
        return ""
    unit = said.get("unit")
    small = _SMALL.get(str(unit))
    said_of = Amount(value * 1000, small) if small and value < 1 else Amount(value, str(unit))
    return amount(said_of, sheet.language)


def lines(address: Address) -> tuple[str, ...]:
    """The lines of an address, as far as it is known."""
    return tuple(filter(None, (address.street, ", ".join(filter(None, (address.town, address.country))))))


def packed_by(lot: Pack, sheet: Sheet) -> list[str]:
    """Who packed and where, on as many lines as it takes: the law wants all of it."""
    said = (lot.packer.name, ", ".join(lines(lot.packer.address)))
    return sheet.wrapped(" · ".join(filter(None, said)), sheet.room)


def describe(lot: Pack, sheet: Sheet) -> str:
    """Brand, variety, class, size and origin in a line, as far as they are known."""
    said = (
        lot.text("brand"),
        lot.variety,
        sheet.word("class", value=lot.quality) if lot.quality else "",
        sheet.word("size", value=lot.size) if lot.size else "",
        sheet.word("origin", value=lot.origin) if lot.origin else "",
    )
    return " · ".join(filter(None, said))


def banner(sheet: Sheet, elements: Elements, tall: float = 3.0) -> float:
    """Where the label begins: at its margin, or below the word DEMO where a key is for demonstrations only."""
    if not demonstration(elements):
        return sheet.margin
    top = sheet.margin - LEAST_MARGIN
    sheet.box(0, top, sheet.width, tall * 2)
    said = sheet.word("demo") if sheet.width > _NARROW else "DEMO"
    sheet.text(said, sheet.margin, top + tall / 2, sheet.room, tall, bold=True, align="center", white=True)
    return sheet.margin + tall * 2
