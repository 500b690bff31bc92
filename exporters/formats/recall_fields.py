"""What fills the sheet of a recall: each field from what is recorded in events and master data, once for all forms.

- Designation, brand and pack come from the product, expiry from the event that made the lot, producer from who signed
  that event, plant from where it happened, all as they were called then; operator and contact from the member that
  recalls, as they are when it recalls.
- What nobody recorded is asked for, not left blank: `lacking` names each field, what it is about, and who fills it.
- It does not matter who read it: `api.verbs.recall_notice` does so from a ledger, before a recall is opened; the paper
  (`exporters.formats.recall_printed`) from bundles, once it is recorded.

    notice = sheet("https://id.gs1.org/01/09521001002011", told, Recalling(member, at, day, reason, warnings))

FORMATS section 4.6; Ministry of Health, "Modello di richiamo".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from exporters.format import Missing
from exporters.formats.recall_notice import Notice, missing
from ledger.lots.products import Content
from ledger.lots.said import NOTHING, Masters
from schemas.gs1.canonical import canonical_uri

_EXPIRY = ("itemExpirationDate", "bestBeforeDate", "sellByDate")
_ANIMAL = frozenset(("dairy", "meat", "eggs", "fish"))
"""Legal categories of food of animal origin, whose establishments have an identification mark."""
_UNITS = {"KGM": "kg", "GRM": "g", "LTR": "l", "MLT": "ml"}
_PARTY, _PLACE = "https://id.gs1.org/417/", "https://id.gs1.org/414/"


@dataclass(frozen=True, slots=True)
class Born:
    """How a lot came to be: the event's content and entry, who signed it, when (microseconds), where it happened."""

    event: Mapping[str, Any]
    index: int
    member: str
    at: int | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Recalling:
    """Who recalls (iss), when (microseconds since 1970, and the day of the notice), why, and what buyers shall do."""

    member: str
    at: int
    issued: date
    reason: str
    warnings: str


@dataclass(frozen=True, slots=True)
class Told:
    """One lot (canonical URI) with what is said of it. `born`: None where that may not be seen, or `entry` alone says
    where it stands; `profiles`: what the log knows of members, by iss."""

    lot: str
    born: Born | None
    masters: Masters
    profiles: Mapping[str, Mapping[str, Any]]
    entry: int | None = None

    def product(self, recalling: Recalling) -> Content:
        """What was said of its product when it was made; else as it is when it is recalled."""
        if self.born is None or self.born.at is None:
            return self.masters.product(self.lot, recalling.at, recalling.member)
        return self.masters.product(self.lot, self.born.at, self.born.member)

    def plant(self) -> Content:
        """Where it was made, as that was described then."""
        if self.born is None or self.born.place is None:
            return NOTHING
        return self.masters.site(self.born.place, self.born.at, self.born.member)

    def producer(self, recalling: Recalling) -> str:
        """Who made it, as that member was called then."""
        return "" if self.born is None else self.name(self.born.member, self.born.at, recalling)

    def party(self, iss: str, at: int | None, recalling: Recalling) -> Content:
        """What is said of a member."""
        said = (self.masters.party(uri, at, recalling.member) for uri in self.uris(iss))
        return next((content for content in said if content), NOTHING)

    def name(self, iss: str, at: int | None, recalling: Recalling) -> str:
        """What a member is called: by master data, else by the log."""
        return _text(self.party(iss, at, recalling), "name") or _text(self.profiles.get(iss), "name")

    def uris(self, iss: str) -> list[str]:
        """The identifiers under which master data may describe a member."""
        gln = self.profiles.get(iss, NOTHING).get("gln")
        return [iss, *([_PARTY + gln, _PLACE + gln] if isinstance(gln, str) else [])]


def sheet(product: str, told: Sequence[Told], recalling: Recalling) -> Notice:
    """The sheet of one product (its GTIN as a canonical URI) with all its lots, of which there is at least one."""
    content, last = told[-1].product(recalling), told[-1]
    own = last.party(recalling.member, recalling.at, recalling)
    plants = [place for place in _once([each.plant() for each in told]) if place]
    return Notice(
        product=product.rpartition("/")[2],
        issued=recalling.issued,
        designation=_text(content, "functionalName") or _text(content, "name"),
        brand=_text(content, "brand"),
        operator=_line([last.name(recalling.member, recalling.at, recalling), _address(own)]),
        lots=tuple(dict.fromkeys(_lot_number(each.lot) for each in told)),
        mark=", ".join(dict.fromkeys(mark for place in (*plants, own) for mark in place.get("approvalNumbers", ()))),
        producer=", ".join(dict.fromkeys(filter(None, (each.producer(recalling) for each in told)))),
        plant="\n".join(_line([_text(place, "name"), _address(place)]) for place in plants),
        expiry=tuple(dict.fromkeys(day for each in told if each.born and (day := _expiry(each.born.event)))),
        pack=_pack(content),
        reason=recalling.reason,
        warnings=recalling.warnings,
        contact=_contact(own),
        animal=content.get("legalCategory") in _ANIMAL,
    )


def lacking(notice: Notice, product: str, told: Sequence[Told], recalling: Recalling) -> Iterator[Missing]:
    """What the sheet of a product must have and does not: of what, in which entry, and who fills it."""
    for name in missing(notice):
        if name in ("expiry", "plant", "mark", "producer"):
            for each in told:
                yield _of_lot(name, each)
        elif name in ("reason", "warnings"):
            yield Missing(f"notice-{name}", told[-1].lot, "recorder")
        else:
            about = told[-1].uris(recalling.member)[-1] if name == "operator" else product
            yield Missing(f"notice-{name}", about, "master")


def _of_lot(name: str, told: Told) -> Missing:
    """Who can say this of a lot: who recorded how it came to be, or who keeps the master data of where."""
    born = told.born
    if born is None or name == "expiry" or (born.place is None and name != "producer"):
        return Missing(f"notice-{name}", told.lot, "recorder", told.entry if born is None else born.index)
    about = told.uris(born.member)[-1] if name == "producer" else born.place or told.lot
    return Missing(f"notice-{name}", about, "master")


def _once(listed: Sequence[Content]) -> list[Content]:
    return [item for number, item in enumerate(listed) if item not in listed[:number]]


def _expiry(event: Mapping[str, Any]) -> str:
    ilmd = event.get("ilmd")
    for name, value in ilmd.items() if isinstance(ilmd, dict) else ():
        if name.rpartition(":")[2] in _EXPIRY and isinstance(value, str):
            return value[:10]
    return ""


def _lot_number(lot: str) -> str:
    _, _, rest = canonical_uri(lot).partition("/10/")
    return rest.partition("/")[0] or lot


def _pack(content: Content) -> str:
    packaging, net = content.get("packaging"), content.get("netContent")
    size = _text(packaging, "size") if isinstance(packaging, dict) else ""
    if size:
        return _line([size, _text(packaging, "style") if isinstance(packaging, dict) else ""])
    if not isinstance(net, dict) or "value" not in net:
        return ""
    value = net["value"]
    return f"{getattr(value, 'text', value)} {_UNITS.get(str(net.get('unit')), str(net.get('unit')))}"


def _address(content: Content) -> str:
    found = content.get("address")
    if not isinstance(found, dict):
        return ""
    town = " ".join(filter(None, [_text(found, "postalCode"), _text(found, "municipality")]))
    return _line([_text(found, "street"), town, _text(found, "country")])


def _contact(content: Content) -> str:
    contacts = [item for item in content.get("contacts", ()) if isinstance(item, dict)]
    chosen = next((item for item in contacts if item.get("role") == "recall"), next(iter(contacts), {}))
    return _line([_text(chosen, "name"), _text(chosen, "phone"), _text(chosen, "email")])


def _line(parts: Sequence[str]) -> str:
    return ", ".join(filter(None, parts))


def _text(content: Any, name: str) -> str:
    found = content.get(name) if isinstance(content, Mapping) else None
    return found if isinstance(found, str) else ""
