"""The delivery note that travels with the goods: the Italian DDT as a PDF/A-3, signed by hand, checkable for ever.

- What the law asks (DPR 472/1996): number and date, who sends, who receives and who carries, kind, quality and quantity
  of the goods. What custom asks besides: why they travel, destination, packages, weights, orders, signatures.
- The electronic document is attached, the Italian one where all that it asks was recorded, else Peppol's.
- The QR Code is the Digital Link of what the bundle is about, under the resolver that the profile names (`resolver`),
  or GS1's own.

    content(paper).template  ->  "ddt"

DPR 472/1996 article 1; DPR 633/1972 article 21; FORMATS 2.4.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from exporters.facts.figures import amount, country, day, kilos, moment, number
from exporters.facts.lots import level_of
from exporters.facts.parties import Address, Where, Who
from exporters.facts.shipping import Despatch, Line, Unit
from exporters.files import pdf
from exporters.files.pdf import Attachment, Document
from exporters.format import Format, Missing, Need, Paper
from exporters.formats import ddt_agid, despatch_note, ubl_despatch
from exporters.labels.pictures import svg
from exporters.labels.symbols import qr
from ledger.lots.step import Amount
from schemas.syntax import xml_text
from schemas.wording import Language, sentence

ELECTRONIC = "ddt.xml"
_MODULE = 0.6
"""Millimetres of a module of the QR Code."""
_WORDS = (
    "kind", "number", "date", "law", "buyer", "destination", "origin", "reason", "carriage", "orders", "start",
    "carrier", "packages", "gross", "net", "description", "lot", "before", "quantity", "weight", "units", "contents",
    "sender", "driver", "receiver", "remarks", "proof", "proof-how",
)  # fmt: skip


def content(paper: Paper) -> Document:
    """The document."""
    note = despatch_note.chosen(paper)
    told = _Told(paper, note)
    link = paper.profile.link(paper.facts[0].subject or "")
    return Document(
        "ddt",
        told.data(link),
        title=told.say("title", number=note.number),
        author=note.seller.name,
        made=note.at or 0,
        attachments=(_electronic(paper),),
        pictures={"link": svg(qr(link), x=_MODULE)} if link else {},
    )


def missing(paper: Paper) -> Iterator[Missing]:
    """What no delivery note can do without: what its electronic document asks, and what the law does."""
    yield from despatch_note.missing(paper, *ubl_despatch.DEMANDS, despatch_note.transport, _taxed)


def _taxed(note: Despatch) -> Iterator[Missing]:
    """A customer in Italy has a VAT number or a tax code."""
    who = note.buyer
    if who.name and who.address.country == "IT" and not (who.vat_number or who.tax_code):
        yield Missing("vatNumber", who.name, "master")


def _electronic(paper: Paper) -> Attachment:
    """The electronic document without its proof, which the PDF carries itself."""
    made = ddt_agid if not any(ddt_agid.missing(paper)) else ubl_despatch
    data = xml_text.write(made.content(paper))
    return Attachment(ELECTRONIC, data, "application/xml", "alternative", "UBL 2.1 DespatchAdvice")


class _Told:
    """A despatch in the words of a language."""

    def __init__(self, paper: Paper, note: Despatch) -> None:
        self.paper, self.note = paper, note
        self.language: Language = paper.language

    def say(self, code: str, **context: Any) -> str:
        """A sentence."""
        return sentence(f"ddt-{code}", context, self.language)

    def data(self, link: str) -> Mapping[str, Any]:
        """The tree that the template shows."""
        note, facts = self.note, self.paper.facts[0]
        return {
            "words": {code: self.say(code) for code in _WORDS},
            "number": note.number,
            "date": moment(note.at, note.offset, self.language).partition(" ")[0],
            "start": moment(note.at, note.offset, self.language),
            "seller": self.party(note.seller, full=True),
            "buyer": self.party(note.buyer),
            "destination": self.place(note.destination),
            "origin": self.place(note.origin),
            "carrier": self.party(note.carrier) if note.carrier else None,
            "reason": despatch_note.reason(note, self.language),
            "carriage": note.carriage,
            "orders": ", ".join(order.number for order in note.orders),
            "packages": str(note.packages),
            "gross": kilos(note.gross, self.language) if note.gross is not None else "",
            "net": self.net(),
            "lines": [self.line(place, line) for place, line in enumerate(note.lines, 1)],
            "units": [self.unit(unit) for unit in note.units],
            "remarks": despatch_note.correction(note, self.language),
            "link": link,
            "entry": self.say("proof-entry", origin=facts.origin, index=note.events[0].index),
        }

    def party(self, who: Who, *, full: bool = False) -> Mapping[str, Any]:
        """Name, address and numbers of somebody; `full`: how to reach it too."""
        tax_code = "" if who.vat_number.endswith(who.tax_code) else who.tax_code
        known = ("vat", who.vat_number), ("tax", tax_code), ("gln", who.gln)
        numbers = [f"{self.say(code)} {value}" for code, value in known if value]
        reached = [f"{self.say('phone')} {who.phone}" if who.phone else "", who.email] if full else []
        together = [" · ".join(filter(None, reached))]
        return {
            "name": who.name,
            "lines": [*_lines(who.address), *([" · ".join(numbers)] if full else numbers), *together],
        }

    def place(self, where: Where) -> Mapping[str, Any]:
        """Name and address of a place, and whom to ask for there."""
        contact = where.contact if where.contact != where.name else ""
        phone = f"{self.say('phone')} {where.phone}" if where.phone else ""
        lines = _lines(where.address)
        return {"name": where.name, "street": [line for line in lines if line], "lines": [*lines, contact, phone]}

    def line(self, place: int, line: Line) -> Mapping[str, Any]:
        """One row of the goods."""
        packaging = line.product.get("packaging")
        held = packaging if isinstance(packaging, Mapping) else {}
        more = (line.text("brand"), line.text("variety"), held.get("size"), held.get("style"))
        before = line.best_before or line.use_by
        return {
            "place": str(place),
            "name": line.name,
            "more": " · ".join([*(each for each in more if isinstance(each, str) and each), *self.origin(line)]),
            "gtin": line.gtin,
            "code": line.code,
            "before": day(before, self.language) if before else "",
            "amount": amount(line.amount, self.language, level=level_of(line.product, line.uri)),
            "weight": "" if line.weight is None else number(line.weight, self.language),
        }

    def origin(self, line: Line) -> Iterator[str]:
        """Where it comes from."""
        if line.origin:
            yield f"{self.say('from')} {country(line.origin, self.language)}"

    def unit(self, unit: Unit) -> Mapping[str, Any]:
        """A logistic unit, and what is in it."""
        known = {line.uri: line for line in self.note.lines}
        held = [self.held(known[uri], found) for uri, found in unit.holds.items() if uri in known]
        return {"sscc": f"(00) {unit.sscc}", "holds": "; ".join(held)}

    def held(self, line: Line, found: Amount | None) -> str:
        """A lot in a unit, and how much of it."""
        return f"{self.say('lot')} {line.code}" + (
            "" if found is None else f": {amount(found, self.language, level=level_of(line.product, line.uri))}"
        )

    def net(self) -> str:
        """What all lines weigh together; empty where one does not say."""
        weights = [line.weight for line in self.note.lines]
        known = [weight for weight in weights if weight is not None]
        return kilos(sum(known[1:], known[0]), self.language) if known and len(known) == len(weights) else ""


def _lines(address: Address) -> list[str]:
    """Street, and town with the country where it is not Italy."""
    country = "" if address.country in ("", "IT") else address.country
    return [address.street, ", ".join(filter(None, (address.town, country)))]


FORMAT = Format(
    "ddt",
    pdf.KIND,
    "application/pdf",
    "pdf",
    direction="back",
    of_note=True,
    asked_by="asked-ddt",
    validator="PDF/A-3b, UBL inside",
    content=content,
    needs=(
        *despatch_note.NEEDS,
        *despatch_note.TRANSPORT,
        Need("grossWeightKg", "filiera:grossWeightKg", "recorder"),
    ),
    missing=missing,
)
