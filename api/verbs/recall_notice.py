"""The public notices of a recall, filled from what is recorded in events and master data.

- A sheet for each affected product that has a GTIN, with all its affected lots. What nobody recorded is asked for, not
  left blank: the refusal names each field, what it is about, and who fills it.
- Designation, brand and pack come from the product; expiry from the event that made the lot; producer from who signed
  that event, plant from where it happened, all as they were called then; operator and contact from the member that
  recalls, as they are now.

    notices(node, "(01)09521001002011(10)P-7", reason="Listeria", warnings="…", audience=full())

FORMATS section 4.6 and 5.1.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.verbs.recall import recall
from exporters.format import Missing, MissingData
from exporters.formats.recall_notice import NAME, Notice, missing
from ledger.audience import Audience
from ledger.capture.recall_events import check_reason
from ledger.lots.products import Content
from ledger.lots.said import NOTHING
from ledger.node import Node
from ledger.readside.answer import answers
from ledger.readside.recall_report import Report, product_of
from ledger.readside.said import said_of
from schemas.errors import InputError
from schemas.gs1.canonical import canonical_uri

_EXPIRY = ("itemExpirationDate", "bestBeforeDate", "sellByDate")
_ANIMAL = frozenset(("dairy", "meat", "eggs", "fish"))
"""Legal categories of food of animal origin, whose establishments have an identification mark."""
_PARTY, _PLACE = "https://id.gs1.org/417/", "https://id.gs1.org/414/"


def notices(
    node: Node, lot: str, *, reason: str, warnings: str, audience: Audience, member: str | None = None
) -> tuple[Notice, ...]:
    """The notices of a recall, in order of their products. `member`: who recalls (default: whose gateway key is here).

    `InputError`: `recall-notice-none` where no affected lot has a GTIN, `recall-reason`, and those of
    `recall`; `MissingData` where a field that the sheet must have was never recorded.
    """
    reason, warnings = check_reason(reason), check_reason(warnings)
    found = recall(node, lot, audience=audience)
    by: dict[str, list[str]] = {}
    for uri in found.recall.lots:
        product = product_of(uri)
        if product is not None:
            by.setdefault(product, []).append(uri)
    if not by:
        raise InputError("recall-notice-none", subject=found.recall.subject)
    facts = _Facts(node, found, audience, member or audience.member or node.own_member())
    made = {product: facts.notice(product, lots, reason, warnings) for product, lots in sorted(by.items())}
    lacking = [each for product, notice in made.items() for each in facts.lacking(notice, product, by[product])]
    if lacking:
        raise MissingData(NAME, tuple(dict.fromkeys(lacking)))
    return tuple(made.values())


@dataclass(frozen=True, slots=True)
class _Born:
    """How a lot came to be: the event's content, who signed it, when (microseconds), and where it happened."""

    event: Mapping[str, Any]
    member: str
    at: int | None
    place: str | None


class _Facts:
    """What a sheet needs, read once for all of them."""

    def __init__(self, node: Node, found: Report, audience: Audience, member: str) -> None:
        self._found, self._member = found, member
        steps = found.born
        seen = {item.index: item for item in answers(node, sorted({s.index for s in steps.values()}), seen_by=audience)}
        self._born = {
            lot: _Born(seen[step.index].event, step.member, step.at, step.biz_location or step.read_point)
            for lot, step in steps.items()
            if step.index in seen
        }
        self._profiles = {iss: _profile(node, iss) for iss in {member, *(born.member for born in self._born.values())}}
        with node.store.read() as connection:
            self._masters = said_of(node, connection, self._named(), seen_by=audience)

    def notice(self, product: str, lots: Sequence[str], reason: str, warnings: str) -> Notice:
        """The sheet of one product."""
        content = self._found.product(lots[-1])
        born = [self._born[lot] for lot in lots if lot in self._born]
        at = self._found.question.at
        places = self._plants(born)
        producers = dict.fromkeys(self._name(item.member, item.at) for item in born)
        own = self._party(self._member, at)
        return Notice(
            product=product.rpartition("/")[2],
            issued=self._found.answered.date(),
            designation=_text(content, "functionalName") or _text(content, "name"),
            brand=_text(content, "brand"),
            operator=_line([self._name(self._member, at), _address(own)]),
            lots=tuple(dict.fromkeys(_lot_number(lot) for lot in lots)),
            mark=", ".join(
                dict.fromkeys(mark for place in (*places, own) for mark in place.get("approvalNumbers", ()))
            ),
            producer=", ".join(filter(None, producers)),
            plant="\n".join(_line([_text(place, "name"), _address(place)]) for place in places),
            expiry=tuple(dict.fromkeys(day for item in born if (day := _expiry(item.event)))),
            pack=_pack(content),
            reason=reason,
            warnings=warnings,
            contact=_contact(own),
            animal=content.get("legalCategory") in _ANIMAL,
        )

    def lacking(self, notice: Notice, product: str, lots: Sequence[str]) -> Iterator[Missing]:
        """What the sheet of a product must have and does not: of what, in which entry, and who fills it."""
        for name in missing(notice):
            if name in ("expiry", "plant", "mark", "producer"):
                for lot in lots:
                    yield self._of_lot(name, lot)
            else:
                yield Missing(f"notice-{name}", self._own() if name == "operator" else product, "master")

    def _of_lot(self, name: str, lot: str) -> Missing:
        """Who can say this of a lot: who recorded how it came to be, or who keeps the master data of where."""
        born, index = self._born.get(lot), self._found.born[lot].index if lot in self._found.born else None
        if born is None or name == "expiry" or (born.place is None and name != "producer"):
            return Missing(f"notice-{name}", lot, "recorder", index)
        about = self._uris(born.member)[-1] if name == "producer" else born.place or lot
        return Missing(f"notice-{name}", about, "master")

    def _own(self) -> str:
        return self._uris(self._member)[-1]

    def _named(self) -> set[str]:
        """What master data is asked for: the places where lots were made, and the members that made them."""
        named = {born.place for born in self._born.values() if born.place is not None}
        return named | {uri for iss in self._profiles for uri in self._uris(iss)}

    def _plants(self, born: Sequence[_Born]) -> list[Content]:
        """Where lots were made, as it was described then, each place once."""
        found = [self._masters.site(one.place, one.at, one.member) for one in born if one.place is not None]
        return [place for number, place in enumerate(found) if place and place not in found[:number]]

    def _uris(self, iss: str) -> list[str]:
        gln = self._profiles[iss].get("gln")
        return [iss, *([_PARTY + gln, _PLACE + gln] if isinstance(gln, str) else [])]

    def _party(self, iss: str, at: int | None) -> Content:
        said = (self._masters.party(uri, at, self._member) for uri in self._uris(iss))
        return next((content for content in said if content), NOTHING)

    def _name(self, iss: str, at: int | None) -> str:
        return _text(self._party(iss, at), "name") or _text(self._profiles[iss], "name")


def _profile(node: Node, iss: str) -> Mapping[str, Any]:
    found = node.registry.member(iss)
    if found is None or found.profile is None:
        return {}
    return dict(node.entry(found.profile).profile or {})


def _expiry(event: Mapping[str, Any]) -> str:
    ilmd = event.get("ilmd")
    for name, value in ilmd.items() if isinstance(ilmd, dict) else ():
        if name.rpartition(":")[2] in _EXPIRY and isinstance(value, str):
            return value[:10]
    return ""


def _lot_number(lot: str) -> str:
    _, _, rest = canonical_uri(lot).partition("/10/")
    return rest.partition("/")[0] or lot


def _pack(content: Mapping[str, Any]) -> str:
    packaging, net = content.get("packaging"), content.get("netContent")
    size = _text(packaging, "size") if isinstance(packaging, dict) else ""
    if size:
        return _line([size, _text(packaging, "style") if isinstance(packaging, dict) else ""])
    if not isinstance(net, dict) or "value" not in net:
        return ""
    value = net["value"]
    unit = {"KGM": "kg", "GRM": "g", "LTR": "l", "MLT": "ml"}.get(str(net.get("unit")), str(net.get("unit")))
    return f"{getattr(value, 'text', value)} {unit}"


def _address(content: Mapping[str, Any]) -> str:
    found = content.get("address")
    if not isinstance(found, dict):
        return ""
    town = " ".join(filter(None, [_text(found, "postalCode"), _text(found, "municipality")]))
    return _line([_text(found, "street"), town, _text(found, "country")])


def _contact(content: Mapping[str, Any]) -> str:
    contacts = [item for item in content.get("contacts", ()) if isinstance(item, dict)]
    chosen = next((item for item in contacts if item.get("role") == "recall"), next(iter(contacts), {}))
    return _line([_text(chosen, "name"), _text(chosen, "phone"), _text(chosen, "email")])


def _line(parts: Sequence[str]) -> str:
    return ", ".join(filter(None, parts))


def _text(content: Any, name: str) -> str:
    found = content.get(name) if isinstance(content, Mapping) else None
    return found if isinstance(found, str) else ""
