"""The cells that registers share: who and where, what and how much, days and documents.

- A name and an address stand in one cell each. The law asks for both of whoever it names: street, town, country.
- Two who are one party stand once: an owner is named only where it is somebody else.

    cells.who("partner", told.end("owning_party", to=True), told, lot)

Reg. (EC) 178/2002 article 18; Reg. (EU) 931/2011 article 3.
"""

from datetime import date
from typing import Any

from exporters.facts.chain import Chain, Told
from exporters.facts.journey import weight_of
from exporters.facts.lots import level_of
from exporters.facts.parties import Address, Where, Who, lacking, signer
from exporters.formats.register import Draft, Record
from ledger.lots.step import Amount
from ledger.lots.stock import is_item
from schemas.gs1.digital_link import parse
from schemas.master.validity import day
from schemas.wording import words

WHOLE = ("name", "street", "municipality", "country")
OWNERS = ("owning_party", "possessing_party", "location")
HOLDERS = ("location", "possessing_party", "owning_party")


class Cells:
    """Parts of records, with what they lack noted in the draft."""

    def __init__(self, chain: Chain, draft: Draft) -> None:
        self.chain, self.draft = chain, draft
        self.words = words(draft.language)

    def who(self, prefix: str, found: Where | Who | None, told: Told, lot: str) -> dict[str, Any]:
        """Name and address of somebody whom the law asks for."""
        party, address = _party(found), _address(found)
        if found is None or not found.uri:
            self.draft.lack(f"register-{prefix}", code_of(lot), "recorder", told)
            return {}
        held = Who(found.uri, party.name or found.name, address=address)
        for element in lacking(held, *WHOLE):
            self.draft.lack(element, found.uri, "master")
        return {f"{prefix}-name": held.name, f"{prefix}-address": line(address)}

    def operator(self, told: Told) -> Record:
        """Who recorded the event, whose register this is."""
        return {"operator-name": signer(told.facts, told.event).name}

    def what(self, told: Told, lot: str) -> dict[str, Any]:
        """The product and the lot."""
        said = told.product(lot)
        name = text(said.get("name")) or text(said.get("functionalName"))
        if not name:
            self.draft.lack("product", code_of(lot), "master")
        return {"product": name, "gtin": gtin_of(lot), "lot": code_of(lot)}

    def amount(self, told: Told, lot: str, amount: Amount | None, *, asked: bool) -> Record:
        """How much, in what; `asked`: whether the law asks for it."""
        if amount is None:
            if asked:
                self.draft.lack("quantity", code_of(lot), "recorder", told)
            return {}
        level = "unit" if is_item(lot) else level_of(told.product(lot), lot) or "unit"
        unit = self.words[f"level-{level}"] if amount.uom in (None, "H87", "C62", "EA") else amount.uom
        return {"quantity": amount.quantity, "unit": self.words.get(f"unit-{unit}", unit)}

    def weight(self, field: str, told: Told, lot: str, amount: Amount | None) -> Record:
        """The net weight in kilograms, from the product where pieces were counted."""
        found = None if amount is None else weight_of(told.facts, amount, lot, told.event)
        if found is None:
            self.draft.lack("register-weight", code_of(lot), "master", told)
        return {field: found}

    def day(self, field: str, found: date | None, told: Told, lot: str) -> Record:
        """A day that the law asks for."""
        if found is None:
            self.draft.lack("eventTime", code_of(lot), "recorder", told)
        return {field: found}

    def said(self, field: str, value: Any, element: str, told: Told, lot: str) -> Record:
        """A text that whoever recorded the lot has to say."""
        found = text(value)
        if not found:
            self.draft.lack(element, code_of(lot), "recorder", told)
        return {field: found}

    def documents(self, told: Told) -> Record:
        """The numbers of the documents, delivery notes first."""
        listed = sorted(told.documents, key=lambda found: found[0] != "desadv")
        return {"document": "; ".join(document.number for _, document in listed)}


def line(address: Address) -> str:
    """An address in one line: `Via Emilia 1, 48018 Faenza RA, IT`."""
    return ", ".join(filter(None, (address.street, address.town, address.country)))


def same(one: Where | Who | None, other: Where | Who | None) -> bool:
    """Whether two are one party, by their numbers, else by their names."""
    first, second = _party(one), _party(other)
    keys = [(first.gln, second.gln), (first.vat_number, second.vat_number), (first.name, second.name)]
    return next((left == right for left, right in keys if left and right), False)


def _party(found: Where | Who | None) -> Who:
    if found is None:
        return Who("")
    return found.owner if isinstance(found, Where) else found


def _address(found: Where | Who | None) -> Address:
    return found.address if found else Address()


def read_day(value: Any) -> date | None:
    """The day in a text as events write it."""
    return day(value[:10]) if isinstance(value, str) else None


def text(value: Any) -> str:
    """A text without blanks around it; empty for anything else."""
    return value.strip() if isinstance(value, str) else ""


def code_of(lot: str) -> str:
    """The lot or serial number as it is printed; of another identifier, itself."""
    if not lot.startswith("https://id.gs1.org/"):
        return lot
    keys = dict(parse(lot).path)
    return keys.get("10") or keys.get("21") or lot.rpartition("/")[2]


def gtin_of(lot: str) -> str:
    """The GTIN of a lot; empty where it has none."""
    return dict(parse(lot).path).get("01", "") if lot.startswith("https://id.gs1.org/01/") else ""
