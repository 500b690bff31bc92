"""A despatch as a DESADV message of EANCOM 1997 (D.96A), segment by segment, with what it lacks and cannot carry.

- Parties are their GLNs; names and addresses stand beside them, for who reads. A text that the character set or the
  length of its element cannot hold is left out and said; a number is missing then: none is cut, none is changed.
- One packing level for the consignment, one for each unit under it, each line in the unit that holds it. A line is a
  lot: its number and dates stand together, as EANCOM has it (PCI 10, DTM, GIN BX); a serial number in the line (BN).
- Quantities of pieces have no unit of measure. A GTIN of thirteen digits is written with thirteen.

KNOWN LIMIT: the type of a unit (which pallet) is recorded nowhere, and not said.

    message = Message(despatch, Rules());  list(message.segments()), message.lacks, message.losses

EANCOM 1997 part II, DESADV version 005; UN/EDIFACT D.96A; FORMATS 2.5.
"""

import textwrap
from collections.abc import Iterator
from decimal import Decimal

from exporters.facts.loads import Load, Part, loads
from exporters.facts.parties import Where, Who
from exporters.facts.shipping import Despatch, Line
from exporters.format import Loss, Missing
from exporters.format import Who as Filler
from exporters.formats.ubl import at, figure
from exporters.profiles.desadv import Rules
from ledger.lots.stock import is_item
from schemas.epcis.own_terms import decimal
from schemas.master.validity import day
from schemas.syntax.edifact import Segment, carries, segment

_DAY, _MINUTE, _EAN = "102", "203", "9"
LINE, MOST_REFERENCES, MOST_DIGITS = 35, 10, 15
DATES = (("best_before", "361"), ("use_by", "36"), ("made", "94"))
_PIECES = (None, "H87", "C62", "EA", "PCE")


class Message:
    """The segments between UNH and UNT but for the counts, and what was noted on the way."""

    def __init__(self, note: Despatch, asked: Rules) -> None:
        self.note, self.asked = note, asked
        self.load = loads(note) if asked.layout == "hierarchy" else Load((), tuple(_whole(note)), ())
        self.lacks: list[Missing] = []
        self.losses: list[Loss] = []
        self.index = note.events[0].index

    def segments(self) -> Iterator[Segment]:
        """All of them, in the order of the message."""
        yield from self._header()
        yield from self._references()
        yield from self._parties()
        yield from self._packing()

    def _header(self) -> Iterator[Segment]:
        sent = at(self.note)
        # A message in the place of another (5) or the first under its number (9).
        yield segment("BGM", "351", self.number("desadv", self.note.number), "5" if self.note.corrected else "9")
        yield segment("DTM", ("137", f"{sent:%Y%m%d}", _DAY))
        yield segment("DTM", ("11", f"{sent:%Y%m%d%H%M}", _MINUTE))
        weights = [line.weight for line in self.note.lines]
        known = [weight for weight in weights if weight is not None]
        for kind, weight in (
            ("AAC", sum(known, Decimal(0)) if known and len(known) == len(weights) else None),
            ("AAD", self.note.gross),
        ):
            if weight is not None:
                yield segment("MEA", "AAE", kind, ("KGM", self.quantity(weight)))

    def _references(self) -> Iterator[Segment]:
        orders = [*dict.fromkeys(order.number for order in self.note.orders)]
        for order in orders[: MOST_REFERENCES - len(self.asked.references)]:
            yield segment("RFF", ("ON", self.number("order", order)))
        for order in orders[MOST_REFERENCES - len(self.asked.references) :]:
            self.losses.append(Loss("desadv-loss-order", self.index, {"order": order}))
        for kind in self.asked.references:
            yield segment("RFF", (kind, self.number("desadv", self.note.number)))

    def _parties(self) -> Iterator[Segment]:
        note = self.note
        yield from self._party("SU", note.seller)
        yield from self._party("BY", note.buyer)
        yield from self._party("DP", note.destination, note.consignee.name)
        if note.origin.gln:
            yield from self._party("SF", note.origin)
        if note.carrier is not None:
            yield from self._party("CA", note.carrier)

    def _party(self, kind: str, who: Who | Where, name: str = "") -> Iterator[Segment]:
        if not who.gln and kind != "CA":
            self.lack("gln", who.name or who.uri or name or self.note.number, "master")
        address, said = who.address, who.name or name
        yield segment(
            "NAD", kind, (who.gln, "", _EAN) if who.gln else "", "", self.text(said, 5), self.text(address.street, 4),
            self.text(address.municipality, 1), self.text(address.region, 1, 9), self.text(address.postal_code, 1, 9),
            self.text(address.country, 1, 3),
        )  # fmt: skip
        vat = who.vat_number if isinstance(who, Who) else ""
        if vat:
            yield segment("RFF", ("VA", self.number("vatNumber", vat, "master")))

    def _packing(self) -> Iterator[Segment]:
        yield segment("CPS", "1")
        if self.load.packed:
            yield segment("PAC", str(len(self.load.packed)))
        number = 0
        for part in self.load.loose:
            number += 1
            yield from self._line(number, part)
        for level, (unit, parts) in enumerate(self.load.packed, start=2):
            yield segment("CPS", str(level), "1")
            yield segment("PAC", "1")
            yield segment("PCI", "33E")
            yield segment("GIN", "BJ", unit.sscc)
            for part in parts:
                number += 1
                yield from self._line(number, part)
        for unit in self.load.unsure:
            self.losses.append(Loss("desadv-loss-contents", self.index, {"sscc": unit.sscc}))

    def _line(self, number: int, part: Part) -> Iterator[Segment]:
        line = part.line
        if not line.gtin:
            self.lack("gtin", line.uri, "recorder")
        batch = "" if is_item(line.uri) else self.number("lot", line.code)
        yield segment("LIN", str(number), "", (line.gtin.removeprefix("0"), "EN"))
        if batch and self.asked.batch != "gin":
            yield segment("PIA", "1", (batch, "NB"))
        if description := self.text(line.name, 2):
            yield segment("IMD", "F", "", ("", "", "", *description))
        yield from self._quantities(part)
        if line.origin:
            yield segment("ALI", self.number("countryOfOrigin", line.origin, most=3))
        yield from self._marks(line, batch)

    def _quantities(self, part: Part) -> Iterator[Segment]:
        if part.amount is None:
            return
        unit = "" if part.amount.uom in _PIECES else self.number("quantity", part.amount.uom or "", most=3)
        yield segment("QTY", ("12", self.quantity(part.amount.quantity), unit))
        inside = _units_inside(part.line)
        if inside is not None:
            yield segment("QTY", ("59", self.quantity(inside)))

    def _marks(self, line: Line, batch: str) -> Iterator[Segment]:
        days = [(code, said) for name, code in DATES if (said := self.day(line, getattr(line, name)))]
        dates = [segment("DTM", (code, said, _DAY)) for code, said in days]
        if not batch:
            yield segment("GIN", "BN", self.number("lot", line.code))
            yield from dates
        elif self.asked.batch == "pia":
            yield from dates
        else:
            yield segment("PCI", "10")
            yield from dates
            yield segment("GIN", "BX", batch)

    def lack(self, element: str, about: str, who: Filler) -> None:
        """Note what nobody said."""
        self.lacks.append(Missing(element, about, who, None if who == "master" else self.index))

    def number(self, element: str, text: str, who: Filler = "recorder", most: int = LINE) -> str:
        """A text that stands whole or not at all: where it cannot, another is wanted in its place."""
        if not text:
            self.lack(element, self.note.number or self.note.note.uri, who)
        elif len(text) > most or not carries(text):
            self.lack("edi-number", text, who)
        return text

    def quantity(self, value: Decimal) -> str:
        """A number, if it has no more digits than the message has room for."""
        text = figure(value)
        if sum(map(str.isdigit, text)) > MOST_DIGITS:
            self.lack("edi-number", text, "recorder")
        return text

    def day(self, line: Line, text: str) -> str:
        """A day as written in an event, as DTM has it; empty where nobody said."""
        found = day(text[:10])
        if found is None and text:
            self.lack("date", line.uri, "recorder")
        return "" if found is None else f"{found:%Y%m%d}"

    def text(self, text: str, lines: int, wide: int = LINE) -> tuple[str, ...]:
        """A text for people in so many components, broken between words; nothing, and said so, where it has no room."""
        broken = textwrap.wrap(text, wide, break_long_words=False, break_on_hyphens=False)
        if len(broken) > lines or not all(len(part) <= wide and carries(part) for part in broken):
            self.losses.append(Loss("desadv-loss-text", self.index, {"text": text}))
            return ()
        return tuple(broken)


def _whole(note: Despatch) -> Iterator[Part]:
    return (Part(line, line.amount) for line in note.lines)


def _units_inside(line: Line) -> Decimal | None:
    """How many of the next smaller unit a package of this GTIN contains."""
    listed = line.product.get("gtins")
    for each in listed if isinstance(listed, list) else ():
        if str(each.get("gtin", "")).zfill(14) == line.gtin and isinstance(each.get("contains"), dict):
            return decimal(each["contains"].get("count"))
    return None
