"""The blocks of cells that the FDA's tabs share: a location, a product, an amount, reference documents, days.

- A *record* is a mapping of fields (those of `schemas/lists/fsma204.tsv`) to texts and amounts. What does not apply is
  not in it, and is written `n/a`.
- What applies and nobody said is noted as missing while the record is made: its element, of what, who fills it.
- Days are texts, mm/dd/yyyy, as the template has them.

    draft.location("farm", told.place(uri)), draft.day("date", told.day)

21 CFR 1.1310 (location description, product description); FORMATS 2.2.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from exporters.facts.chain import Told
from exporters.facts.lots import level_of
from exporters.facts.parties import Where, Who, lacking
from exporters.files.workbook import Cell
from exporters.format import Missing
from exporters.format import Who as Filler
from ledger.lots.products import Content
from ledger.lots.step import Amount
from ledger.lots.stock import is_item
from schemas.gs1.digital_link import parse
from schemas.gs1.element_string import write_bracketed
from schemas.lists.table import rows
from schemas.syntax.json_text import Number
from schemas.wording import words

Record = Mapping[str, Cell]
NOT_APPLICABLE = "n/a"
UNPACKED = "n/a (Unpackaged)"
SEE_REFERENCE = "n/a (See Traceability Lot Code Source Reference)"
_LOCATION = ("name", "phone", "street", "municipality", "region", "postalCode", "country")
_CELLS = ("name", "phone", "street", "city", "region", "postal", "country")
_DOCUMENTS = {
    "bol": "Bill of Lading",
    "cert": "Certificate",
    "desadv": "Despatch Advice (DDT)",
    "inv": "Invoice",
    "po": "Purchase Order",
    "poc": "Purchase Order Confirmation",
    "prodorder": "Production Order",
    "recadv": "Receiving Advice",
    "testres": "Test Result",
}
MOST_DOCUMENTS = 2


class Draft:
    """What is missing, gathered while records are made."""

    def __init__(self) -> None:
        self.lacks: list[Missing] = []

    def lack(self, element: str, about: str, who: Filler, told: Told | None = None) -> None:
        """Note what nobody said."""
        self.lacks.append(Missing(element, about, who, told.index if told else None))

    def location(self, prefix: str, found: Where | Who | None, told: Told, lot: str) -> Record:
        """A location description, whole; who or what place, where the event does not even name it."""
        if found is None or not found.uri:
            self.lack(f"fsma-{prefix}", code(lot), "recorder", told)
            return {}
        street = found.address.street or _coordinates(found)
        for element in lacking(found, *_LOCATION):
            if element != "street" or not street:
                self.lack(element, found.uri, "master")
        address = found.address
        texts = (_business(found), found.phone, street, address.municipality, address.region, address.postal_code,
                 address.country)  # fmt: skip
        return {f"{prefix}/{name}": text for name, text in zip(_CELLS, texts, strict=True)}

    def source(self, told: Told, uri: str, lot: str) -> Record:
        """The place that answers for a lot's code; only its reference where master data does not describe it."""
        found = told.place(uri) if uri else None
        if found is not None and not found.name and not found.address.municipality:
            return {"source/reference": uri} | {f"source/{name}": SEE_REFERENCE for name in _CELLS}
        return self.location("source", found, told, lot)

    def product(self, prefix: str, told: Told, lot: str) -> Record:
        """A product description, whole."""
        said = told.product(lot)
        packaging = said.get("packaging")
        packed = packaging if isinstance(packaging, Mapping) else {}
        texts = {
            "product": _text(said, "name"),
            "brand": _text(said, "brand") or NOT_APPLICABLE,
            "commodity": commodity(said) or NOT_APPLICABLE,
            "variety": _text(said, "variety") or NOT_APPLICABLE,
            "size": _text(packed, "size"),
            "style": _text(packed, "style"),
        }
        unpacked = said.get("quantityType") == "variable" and not packed
        for name, element in (("product", "product"), ("size", "packaging/size"), ("style", "packaging/style")):
            if not texts[name] and unpacked and name != "product":
                texts[name] = UNPACKED
            elif not texts[name]:
                self.lack(element, code(lot), "master")
        return {f"{prefix}/{name}": text for name, text in texts.items()}

    def commodity(self, prefix: str, told: Told, lot: str) -> Record:
        """What a raw lot is of, and its variety as its grower calls it."""
        said = told.product(lot)
        found = commodity(said)
        if not found:
            self.lack("commodity", code(lot), "master")
        return {f"{prefix}commodity": found, f"{prefix}variety": _text(said, "variety") or NOT_APPLICABLE}

    def amount(self, prefix: str, told: Told, lot: str, amount: Amount | None) -> Record:
        """How much of a lot, and of what."""
        if amount is None:
            self.lack("quantity", code(lot), "recorder", told)
            return {}
        return {f"{prefix}quantity": amount.quantity, f"{prefix}unit": _unit(amount, told.product(lot), lot)}

    def documents(self, told: Told, lot: str) -> Record:
        """The first two of the documents that an event names."""
        listed = list(told.documents)
        if not listed:
            self.lack("document", code(lot), "recorder", told)
        found: dict[str, Cell] = {}
        for prefix, (type, document) in zip(("document", "document2"), listed, strict=False):
            found |= {f"{prefix}/type": _DOCUMENTS.get(type, type), f"{prefix}/number": document.number}
        return found

    def day(self, field: str, day: date | None, told: Told, lot: str) -> Record:
        """A day."""
        if day is None:
            self.lack("eventTime", code(lot), "recorder", told)
            return {}
        return {field: written(day)}


def code(lot: str) -> str:
    """A lot's code as it is printed on its label, `(01)…(10)…`; of another identifier, itself."""
    return write_bracketed(parse(lot).path) if lot.startswith("https://id.gs1.org/") else lot


def commodity(product: Content) -> str:
    """What a product is of, in the words of the FDA's list where it is on it."""
    listed = product.get("foodTraceabilityList")
    category = _text(listed, "category") if isinstance(listed, Mapping) else ""
    return category or _text(product, "commodity")


def written(day: date) -> str:
    """mm/dd/yyyy."""
    return f"{day:%m/%d}/{day.year:04d}"


def _business(found: Where | Who) -> str:
    """The company that operates a place; the place's own name where nobody says whose it is."""
    return (found.owner.name or found.name) if isinstance(found, Where) else found.name


def _coordinates(found: Where | Who) -> str:
    return ", ".join(found.coordinates) if isinstance(found, Where) and found.coordinates else ""


def _unit(amount: Amount, product: Content, lot: str) -> str:
    """The name of a unit; of pieces, what kind of package the GTIN is."""
    if amount.uom is not None:
        return next((row["symbol"] or row["en"] for row in rows("units") if row["code"] == amount.uom), amount.uom)
    level = "unit" if is_item(lot) else level_of(product, lot) or "unit"
    return words("en")[f"level-{level}"]


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value.text if isinstance(value, Number) else value.strip() if isinstance(value, str) else ""
