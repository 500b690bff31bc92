"""One event as lots see it: what it does to them, how much, when, where, between whom, and whether it stands.

- A *flow* is one object in one part of the event, with the amount stated there. An amount without a unit is a count;
  an object without an amount is one item or unit, or its amount is not shown.
- A step that its member declared wrong is *voided* by that declaration: it stays, and no figure counts it any more.
- Figures are exact decimals. A negative or absurd quantity is none: nothing can be added to it.

    step(7, "urn:uuid:…", event).flows  ->  (Flow("https://id.gs1.org/01/…", "used", Amount(Decimal("900"), "KGM")),)

EPCIS 2.0 sections 7.3.3.3 and 7.4; CBV 2.0 sections 7.1 to 7.4.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import replace as altered
from decimal import Decimal
from re import compile as pattern
from typing import Any, Literal

from ledger.lots.dealing import GIVEN, Dealing, dealing
from ledger.lots.movement import Movement, movement
from schemas.epcis.instant import microseconds
from schemas.epcis.own_terms import decimal, own_value
from schemas.gs1.canonical import canonical_uri, tagged_object
from schemas.master.validity import is_moment

Role = Literal["used", "made", "moved", "parent", "child"]
Related = tuple[tuple[str, str], ...]
"""(bare type, canonical URI), in the order of the event."""
_LAST_PART = pattern(r"[:#/]")
_HARVEST = ("harvestStartDate", "harvestDate", "harvestEndDate")
_ITEM = "/21/"
_MOST_NAMED = 16
_UNPACKED = frozenset(("decommissioning", "unpacking"))


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity and its UN/CEFACT code (Recommendation 20); without one it counts pieces."""

    quantity: Decimal
    uom: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """One object in one part of an event."""

    uri: str
    role: Role
    amount: Amount | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The event at a log index, or at a position in a bundle. What is hidden, or was not said, is None or empty.

    `at`: event time in microseconds since 1970 (UTC). `member`: the iss of who signed. Words are bare (CBV), places and
    parties canonical URIs. `corrected_by`: the first entry that declared it wrong, as of the size it was asked for.
    `repeats`: the entry that its member had signed before with the same content (ARCHITECTURE.md 3.4).
    `persistent`: the dispositions that it sets and unsets for good, as ("set" or "unset", bare word). `harvested`: the
    first and the last day of harvest, as written; `claims`: the certificates it refers to, canonical. `wasted`: the
    kilograms it says were lost (`filiera:wasteKg`). `item_lot`: the lot number it gives the items that it makes;
    `recall_subject`, `recall_reason`: what a recall says of itself.
    """

    index: int
    member: str
    moves: Movement
    flows: tuple[Flow, ...] = ()
    at: int | None = None
    type: str | None = None
    biz_step: str | None = None
    disposition: str | None = None
    read_point: str | None = None
    biz_location: str | None = None
    sources: Related = ()
    destinations: Related = ()
    transactions: Related = ()
    corrected_by: int | None = None
    repeats: int | None = None
    persistent: Related = ()
    harvested: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    wasted: Decimal | None = None
    item_lot: str | None = None
    recall_subject: str | None = None
    recall_reason: str | None = None

    @property
    def stands(self) -> bool:
        """Whether figures count it: it declares no error, was not declared wrong, and was not said before."""
        return not self.moves.correction and self.corrected_by is None and self.repeats is None

    @property
    def dealing(self) -> Dealing | None:
        """What it does to who has the goods: what is taken out of the world is not received or counted by that."""
        found = dealing(self.biz_step)
        if found is None or found in GIVEN:
            return found
        return None if self.type == "ObjectEvent" and self.moves.action == "DELETE" else found

    @property
    def only_unpacks(self) -> bool:
        """Does it end units of which the contents go on: are they only taken apart, or their numbers given up?"""
        return self.type == "ObjectEvent" and self.moves.action == "DELETE" and self.biz_step in _UNPACKED

    def amounts(self, uri: str, *roles: Role) -> tuple[Amount | None, ...]:
        """What is stated of an object in these parts, or in any."""
        return tuple([flow.amount for flow in self.flows if flow.uri == uri and (not roles or flow.role in roles)])


def step(index: int, member: str, content: Mapping[str, Any], moves: Movement | None = None) -> Step:
    """The step of an event, as far as its content is shown."""
    moves = movement(content) if moves is None else moves
    persistent = _persistent(content.get("persistentDisposition"))
    subject, reason = _recall(content) if any(said == "recalled" for _, said in persistent) else (None, None)
    return Step(
        index,
        member,
        moves,
        tuple(_flows(content)),
        microseconds(time) if isinstance(time := content.get("eventTime"), str) else None,
        _text(content.get("type")),
        word(content.get("bizStep")),
        word(content.get("disposition")),
        _place(content.get("readPoint")),
        _place(content.get("bizLocation")),
        _related(content, "sourceList", "source"),
        _related(content, "destinationList", "destination"),
        _related(content, "bizTransactionList", "bizTransaction"),
        persistent=persistent,
        harvested=_harvested(content.get("ilmd")),
        claims=_claims(content),
        wasted=_wasted(content),
        item_lot=_item_lot(content.get("ilmd")) if any(_ITEM in uri for uri in moves.made) else None,
        recall_subject=subject,
        recall_reason=reason,
    )


def as_known(found: Step, size: int) -> Step:
    """The step as it was known when the log had `size` entries: what was declared wrong later, stood then."""
    if found.corrected_by is not None and found.corrected_by >= size:
        return altered(found, corrected_by=None)
    return found


def word(value: Any) -> str | None:
    """The bare word of the CBV in any of its spellings; a word of somebody else's as written."""
    if not isinstance(value, str) or not value.strip():
        return None
    text = value.strip()
    if text.startswith(_WEB):
        return text.rpartition("-")[2] if "-" in text[len(_WEB) :] else text
    return text.rpartition(":")[2] if text.startswith(_URN) else text


_WEB = "https://ref.gs1.org/cbv/"
_URN = "urn:epcglobal:cbv:"
_PARTS: tuple[tuple[str, Role], ...] = (
    ("parentID", "parent"),
    ("epcList", "moved"), ("quantityList", "moved"),
    ("childEPCs", "child"), ("childQuantityList", "child"),
    ("inputEPCList", "used"), ("inputQuantityList", "used"),
    ("outputEPCList", "made"), ("outputQuantityList", "made"),
)  # fmt: skip
_BY_ACTION: dict[str, Role] = {"ADD": "made", "DELETE": "used"}


def _flows(content: Mapping[str, Any]) -> Iterator[Flow]:
    own: Role = "moved"
    if content.get("type") == "ObjectEvent":
        own = _BY_ACTION.get(str(content.get("action")), own)
    for name, role in _PARTS:
        value = content.get(name)
        for item in value if isinstance(value, list) else (value,):
            uri = item.get("epcClass") if isinstance(item, dict) else item
            if isinstance(uri, str) and (tagged := tagged_object(uri)) is not None:
                yield Flow(tagged, own if role == "moved" else role, _amount(item))


def _amount(item: Any) -> Amount | None:
    if not isinstance(item, dict):
        return None
    value = item.get("quantity")
    quantity = None if isinstance(value, str) else decimal(value)
    if quantity is None or (quantity.is_signed() and quantity):
        return None
    return Amount(quantity, _text(item.get("uom")))


def _wasted(content: Mapping[str, Any]) -> Decimal | None:
    """The kilograms that the event says were lost."""
    lost = decimal(own_value(content, "wasteKg"))
    return None if lost is None or lost < 0 else lost


def _place(value: Any) -> str | None:
    id = value.get("id") if isinstance(value, dict) else None
    return canonical_uri(id) if isinstance(id, str) and id.strip() else None


def _related(content: Mapping[str, Any], members: str, name: str) -> Related:
    found = content.get(members)
    items = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
    return tuple([(word(item.get("type")) or "", canonical_uri(item[name])) for item in items if _text(item.get(name))])


def _persistent(value: Any) -> Related:
    told = value if isinstance(value, dict) else {}
    found = []
    for change in ("unset", "set"):
        words = told.get(change)
        found += [(change, said) for item in (words if isinstance(words, list) else ()) if (said := word(item))]
    return tuple(found)


def _harvested(ilmd: Any) -> tuple[str, ...]:
    """The days of harvest, by the CBV's names and by the one name that many extensions use, whatever their prefix."""
    found = {}
    for name, value in ilmd.items() if isinstance(ilmd, dict) else ():
        bare = _LAST_PART.split(str(name))[-1]
        if bare in _HARVEST and isinstance(value, str) and is_moment(value):
            found[_HARVEST.index(bare), name] = value
    return tuple(dict.fromkeys(value for _, value in sorted(found.items())))[:_MOST_NAMED]


def _item_lot(ilmd: Any) -> str | None:
    """The lot number of what is told apart by serial numbers besides (CBV 2.0 section 9.2, lotNumber)."""
    for name, value in ilmd.items() if isinstance(ilmd, dict) else ():
        if _LAST_PART.split(str(name))[-1] == "lotNumber" and _text(value):
            return str(value)
    return None


def _recall(content: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """What a recall is of, and why."""
    subject, reason = own_value(content, "recallSubject"), own_value(content, "recallReason")
    return canonical_uri(subject) if _text(subject) else None, _text(reason)


def _claims(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Which certificates the event says it stands under (EPCIS 2.0 section 7.4.1, certificationInfo)."""
    value = content.get("certificationInfo")
    named = [item for item in (value if isinstance(value, list) else (value,)) if _text(item)]
    return tuple(dict.fromkeys(canonical_uri(str(item)) for item in named))[:_MOST_NAMED]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
