"""The one meaning of an event: which lots and units it makes, uses up, moves, packs and unpacks.

- TransformationEvent: inputs are *used*, outputs are *made* and born. A `transformationID` stands between events that
  share it as an object of its own: made by those with inputs, used by those with outputs.
- ObjectEvent: ADD makes (commissioning: a birth without inputs), OBSERVE moves, DELETE uses up.
- AggregationEvent and AssociationEvent: parent and children are moved; ADD is also the birth of a parent, since units
  are seldom commissioned on their own.
- TransactionEvent, and types we do not know: everything named is moved.
- A *receipt* is a business step `receiving` or `accepting` that uses nothing: what comes from outside begins there.
- An error declaration says that another event was wrong. It moves nothing itself; its objects are still named.
- Objects are canonical URIs of lots, units and items; bare GTINs, patterns and hidden elements are none.

    movement({"type": "TransformationEvent", "inputQuantityList": […], "outputQuantityList": […]}).made

EPCIS 2.0 section 7.4, CBV 2.0 section 7.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.lots.dealing import RECEIPTS, dealing
from schemas.gs1.canonical import canonical_uri, keepable, tagged_object

# In the order in which EPCIS 2.0 lists them: objects are given in this order, whatever the order of the members.
_WHAT = (
    "parentID", "epcList", "quantityList", "childEPCs", "childQuantityList",
    "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList",
)  # fmt: skip
_PACKING = frozenset(("AggregationEvent", "AssociationEvent"))
_NOTHING: frozenset[str] = frozenset()
_Named = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Movement:
    """What one event does. All objects are canonical URIs; `objects` are all it names, in document order.

    `born`: those of them that begin here. `children` are those packed in, taken out of or seen in `parent`.
    """

    objects: tuple[str, ...] = ()
    made: frozenset[str] = _NOTHING
    used: frozenset[str] = _NOTHING
    moved: frozenset[str] = _NOTHING
    parent: str | None = None
    children: frozenset[str] = _NOTHING
    born: frozenset[str] = _NOTHING
    receipt: bool = False
    action: str | None = None
    correction: bool = False

    def birth(self, uri: str) -> bool:
        """Whether the object begins with this event."""
        return uri in self.born

    @property
    def touched(self) -> frozenset[str]:
        """Every object the event must be found by: those it names, and the transformation it is a part of."""
        return self.made.union(self.used, self.moved, self.objects)

    def touches(self, uri: str) -> bool:
        """Whether the event must be found by this object."""
        return uri in self.moved or uri in self.made or uri in self.used or uri in self.objects


def objects(content: Mapping[str, Any]) -> tuple[str, ...]:
    """All tagged objects of a content in document order, each once (ARCHITECTURE.md 3.2, Objects and tags)."""
    return _all(_named(content))


def movement(content: Mapping[str, Any]) -> Movement:
    """What the event does, as far as its content is shown; content that is no event, or is wrong, moves nothing."""
    members = _named(content)
    named = _all(members)
    action = _text(content.get("action"))
    if "errorDeclaration" in content:
        return Movement(named, action=action, correction=True)
    kind = _type(content)
    if kind == "TransformationEvent":
        return _transformation(content, members, named)
    receipt = dealing(_step(content)) in RECEIPTS
    if kind in _PACKING:
        return _packing(members, named, action, receipt)
    everything = frozenset(named)
    if kind == "ObjectEvent" and action == "ADD":
        return Movement(named, made=everything, born=everything, receipt=receipt, action=action)
    if kind == "ObjectEvent" and action == "DELETE":
        return Movement(named, used=everything, action=action)
    return Movement(named, moved=everything, receipt=receipt, action=action)


def _transformation(content: Mapping[str, Any], members: _Named, named: tuple[str, ...]) -> Movement:
    used = frozenset((*members.get("inputEPCList", ()), *members.get("inputQuantityList", ())))
    made = frozenset((*members.get("outputEPCList", ()), *members.get("outputQuantityList", ())))
    run = _text(content.get("transformationID"))
    if run is not None and keepable(run):
        through = frozenset((canonical_uri(run),))
        used, made = (used | through if made else used), (made | through if used else made)
    return Movement(named, made=made, used=used, born=made)


def _packing(members: _Named, named: tuple[str, ...], action: str | None, receipt: bool) -> Movement:
    parent = next(iter(members.get("parentID", ())), None)
    children = frozenset((*members.get("childEPCs", ()), *members.get("childQuantityList", ())))
    born = frozenset((parent,)) if parent is not None and action == "ADD" else _NOTHING
    return Movement(
        named, moved=frozenset(named), parent=parent, children=children, born=born, receipt=receipt, action=action
    )


def _named(content: Mapping[str, Any]) -> _Named:
    """The objects of each member that names any, in the order of EPCIS 2.0."""
    return {name: found for name in _WHAT if name in content and (found := _objects(content[name]))}


def _objects(value: Any) -> list[str]:
    """The objects of one member: an identifier, a list of them, or a list of quantity elements."""
    found = []
    for item in value if isinstance(value, list) else (value,):
        uri = item.get("epcClass") if isinstance(item, dict) else item
        if isinstance(uri, str) and (tagged := tagged_object(uri)) is not None:
            found.append(tagged)
    return found


def _all(members: _Named) -> tuple[str, ...]:
    return tuple(dict.fromkeys([uri for found in members.values() for uri in found]))


def _type(content: Mapping[str, Any]) -> str | None:
    kind = content.get("type")
    return _text(kind[0] if isinstance(kind, list) and kind else kind)


def _step(content: Mapping[str, Any]) -> str:
    """The bare word of a CBV business step, from any of its spellings (CBV 2.0 section 7.1)."""
    text = _text(content.get("bizStep")) or ""
    return text.rpartition("BizStep-")[2].rpartition(":")[2]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
