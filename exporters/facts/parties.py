"""Who and where, as papers need them: name, numbers, whole address, telephone, as they were when something happened.

- Master data first, of whoever signed the event before others'; of a member also what the log itself knows of it.
- A place without an address of its own has that of the party under the same GLN, and the other way round. Whose place
  it is: who master data says, else the party under its GLN.
- What nobody said is an empty text; `lacking` names it.
- An Italian VAT number carries its country, `IT00743110157`, however it was written.

    place(facts, event, "https://id.gs1.org/414/9521001000017").owner.vat_number

FORMATS section 3.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exporters.facts.history import Event, Facts
from ledger.lots.said import as_party, without_extension
from schemas.gs1.check_digit import is_digits

_PARTY, _PLACE = "https://id.gs1.org/417/", "https://id.gs1.org/414/"
WHOLE_ADDRESS = ("street", "postalCode", "municipality", "region", "country")


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is. `country`: two letters (ISO 3166-1); `region`: in Italy the letters of the province."""

    street: str = ""
    postal_code: str = ""
    municipality: str = ""
    region: str = ""
    country: str = ""

    @property
    def town(self) -> str:
        """`48018 Faenza RA`."""
        return " ".join(filter(None, (self.postal_code, self.municipality, self.region)))


@dataclass(frozen=True, slots=True)
class Who:
    """A party, as an event names it (`uri`). `contact`: who answers the telephone."""

    uri: str
    name: str = ""
    gln: str = ""
    vat_number: str = ""
    tax_code: str = ""
    address: Address = Address()
    contact: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """A place. `coordinates`: latitude and longitude as written; `owner`: whose it is, `Who("")` where nobody said."""

    uri: str
    name: str = ""
    kind: str = ""
    gln: str = ""
    address: Address = Address()
    contact: str = ""
    phone: str = ""
    email: str = ""
    coordinates: tuple[str, str] | None = None
    owner: Who = Who("")


def party(facts: Facts, event: Event, uri: str) -> Who:
    """Somebody that an event names; all but `uri` is empty where nothing is known."""
    said = facts.masters.party(uri, event.at, event.member)
    site = {} if said.get("address") else facts.masters.site(_as_place(uri), event.at, event.member)
    known = _member(facts, gln_of(uri) or _text(said, "gln"))
    return Who(
        uri,
        _text(said, "name") or _text(known, "name"),
        _text(said, "gln") or gln_of(uri),
        vat_number(_text(said, "vatNumber") or _text(known, "vatNumber")),
        _text(said, "taxCode"),
        _address(said) or _address(site) or Address(),
        *_contact(said if said.get("contacts") else site),
    )


def signer(facts: Facts, event: Event) -> Who:
    """The member that signed an event."""
    known = facts.members.get(event.member, {})
    gln = _text(known, "gln")
    if gln:
        return party(facts, event, _PARTY + gln)
    return Who(event.member, _text(known, "name"), "", vat_number(_text(known, "vatNumber")))


def place(facts: Facts, event: Event, uri: str) -> Where:
    """A place that an event names; all but `uri` is empty where nothing is known."""
    said = facts.masters.site(uri, event.at, event.member)
    owner = party(facts, event, _text(said, "party") or as_party(uri))
    contact = _contact(said) if said.get("contacts") else (owner.contact, owner.phone, owner.email)
    return Where(
        uri,
        _text(said, "name") or owner.name,
        _text(said, "kind"),
        _text(said, "gln") or gln_of(uri),
        _address(said) or owner.address,
        *contact,
        _coordinates(said),
        owner,
    )


def lacking(found: Who | Where, *elements: str) -> Iterator[str]:
    """Which of these nobody said, by the names of master data: `name`, `vatNumber`, `phone`, parts of an address."""
    held = {
        "name": found.name,
        "gln": found.gln,
        "phone": found.phone,
        "street": found.address.street,
        "postalCode": found.address.postal_code,
        "municipality": found.address.municipality,
        "region": found.address.region,
        "country": found.address.country,
    }
    if isinstance(found, Who):
        held |= {"vatNumber": found.vat_number, "taxCode": found.tax_code}
    yield from (element for element in elements if not held[element])


def gln_of(uri: str) -> str:
    """The GLN in the URI of a party or place; empty where it has none."""
    for stem in (_PARTY, _PLACE):
        if uri.startswith(stem):
            return without_extension(uri)[len(stem) :]
    return ""


def vat_number(text: str) -> str:
    """A VAT number with its country."""
    return f"IT{text}" if len(text) == 11 and is_digits(text) else text


def _as_place(uri: str) -> str:
    return _PLACE + uri[len(_PARTY) :] if uri.startswith(_PARTY) else uri


def _member(facts: Facts, gln: str) -> Mapping[str, Any]:
    return next((known for known in facts.members.values() if gln and known.get("gln") == gln), {})


def _address(said: Mapping[str, Any]) -> Address | None:
    held = said.get("address")
    if not isinstance(held, Mapping):
        return None
    return Address(*(_text(held, name) for name in WHOLE_ADDRESS))


def _contact(said: Mapping[str, Any]) -> tuple[str, str, str]:
    """Name, telephone and address of mail of the first that has a telephone, else of the first."""
    listed = said.get("contacts")
    held = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    found = next((each for each in held if _text(each, "phone")), held[0] if held else {})
    return _text(found, "name"), _text(found, "phone"), _text(found, "email")


def _coordinates(said: Mapping[str, Any]) -> tuple[str, str] | None:
    held = said.get("coordinates")
    if not isinstance(held, Mapping):
        return None
    found = tuple(getattr(held.get(name), "text", str(held.get(name, ""))) for name in ("latitude", "longitude"))
    return (found[0], found[1]) if all(found) else None


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value.strip() if isinstance(value, str) else ""
