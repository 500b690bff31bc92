"""What events do to lots and units, and the closure of a lot. From docs/spec/bundle.md, section 5."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.independent.verifier.identifiers import canonical, findable, tagged

WHAT = [
    "parentID",
    "epcList",
    "quantityList",
    "childEPCs",
    "childQuantityList",
    "inputEPCList",
    "inputQuantityList",
    "outputEPCList",
    "outputQuantityList",
]
Uris = frozenset[str]
NONE: Uris = frozenset()


@dataclass(frozen=True)
class Movement:
    """What one event does."""

    named: Uris
    made: Uris = NONE
    used: Uris = NONE
    moved: Uris = NONE
    born: Uris = NONE
    parent: str | None = None
    children: Uris = NONE
    receipt: bool = False

    @property
    def touched(self) -> Uris:
        return self.named | self.made | self.used | self.moved


def movement(content: Mapping[str, Any], *, correction: bool = False) -> Movement:
    def of(*names: str) -> Uris:
        return frozenset(uri for name in names for uri in _uris(content.get(name)))

    named, kind, action = of(*WHAT), content.get("type"), _text(content.get("action"))
    kind = kind[0] if isinstance(kind, list) and kind else kind
    if correction or "errorDeclaration" in content:
        return Movement(named)
    if kind == "TransformationEvent":
        used, made = of("inputEPCList", "inputQuantityList"), of("outputEPCList", "outputQuantityList")
        run = _text(content.get("transformationID"))
        through = frozenset([canonical(run)]) if run and findable(run) else NONE
        made, used = (made | through if used else made), (used | through if made else used)
        return Movement(named, made, used, born=made)
    receipt = _text(content.get("bizStep")).rpartition("BizStep-")[2].rpartition(":")[2] in ("receiving", "accepting")
    if kind in ("AggregationEvent", "AssociationEvent"):
        parent = next(iter(of("parentID")), None)
        born = of("parentID") if action == "ADD" else NONE
        children = of("childEPCs", "childQuantityList")
        return Movement(named, moved=named, born=born, parent=parent, children=children, receipt=receipt)
    if kind == "ObjectEvent" and action == "ADD":
        return Movement(named, made=named, born=named, receipt=receipt)
    if kind == "ObjectEvent" and action == "DELETE":
        return Movement(named, used=named)
    return Movement(named, moved=named, receipt=receipt)


def _uris(value: Any) -> list[str]:
    found = []
    for item in value if isinstance(value, list) else [value]:
        uri = item.get("epcClass") if isinstance(item, dict) else item
        uri = tagged(uri) if type(uri) is str else None
        if uri is not None:
            found.append(uri)
    return found


def _text(value: Any) -> str:
    return value if type(value) is str else ""


def closure(events: Mapping[int, Movement], subject: str, *, back: bool) -> tuple[set[int], set[str]]:
    """The events of the subject's history in one direction, and the objects followed whole."""
    found: set[int] = set()
    whole: set[str] = set()
    carried: set[tuple[str, str]] = set()
    waiting: list[tuple[str, str | None]] = [(subject, None)]
    while waiting:
        uri, child = waiting.pop(0)
        if uri in whole or (child is not None and (uri, child) in carried):
            continue
        if child is None:
            whole.add(uri)
        else:
            carried.add((uri, child))
        for place, moves in events.items():
            if uri not in moves.touched:
                continue
            sources, products = (moves.used, moves.made) if back else (moves.made, moves.used)
            if uri in products:
                if child is None or not sources or not back:
                    found.add(place)
                    waiting += [(source, None) for source in sources]
            elif uri in sources:
                if uri == subject or not products:
                    found.add(place)
            elif moves.parent == uri:
                if child is None:
                    found.add(place)
                    waiting += [(inside, None) for inside in moves.children]
                elif not moves.children or child in moves.children:
                    found.add(place)
            else:
                found.add(place)
                if moves.parent is not None and uri in moves.children:
                    waiting.append((moves.parent, uri))
    return found, whole
