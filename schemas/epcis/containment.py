"""What packs and attaches says of parents and children, beyond what the schema can ask: refused at unsigned capture.

- An aggregation that begins or ends (`ADD`, `DELETE`) names its parent; one that is only observed may leave it out, for
  it can be seen without its label being read. (The schema asks for the parent of an association, and for children
  except where everything is taken out.)
- Nothing stands inside itself: the parent is none of its own children, in whatever spelling.

    problems({"type": "AggregationEvent", "action": "ADD", "childEPCs": […]})  ->  [Problem("parent-missing", …)]

GS1 EPCIS 2.0 sections 7.4.3 (aggregation), 7.4.6 (association); conformance test case TCR-54.
"""

from collections.abc import Iterator

from schemas.epcis.event import EventDict, Path, Problem, pointer
from schemas.gs1.canonical import canonical_uri
from schemas.syntax.json_text import Json

_PACKING = ("AggregationEvent", "AssociationEvent")
_MUST_NAME = ("ADD", "DELETE")


def problems(event: EventDict) -> list[Problem]:
    """Everything these rules have against one event."""
    if event.get("type") not in _PACKING:
        return []
    parent, action = event.get("parentID"), event.get("action")
    if parent is None:
        if action not in _MUST_NAME:
            return []
        return [Problem("parent-missing", None, "/parentID", {"member": "/parentID", "action": action})]
    return _inside_itself(event, parent) if isinstance(parent, str) else []


def _inside_itself(event: EventDict, parent: str) -> list[Problem]:
    named = canonical_uri(parent.strip())
    return [
        Problem("parent-is-child", None, pointer(*path), {"member": pointer(*path), "value": child[:80]})
        for path, child in _children(event)
        if isinstance(child, str) and canonical_uri(child.strip()) == named
    ]


def _children(event: EventDict) -> Iterator[tuple[Path, Json]]:
    items, classes = event.get("childEPCs"), event.get("childQuantityList")
    for place, item in enumerate(items if isinstance(items, list) else ()):
        yield ("childEPCs", place), item
    for place, item in enumerate(classes if isinstance(classes, list) else ()):
        yield ("childQuantityList", place, "epcClass"), item.get("epcClass") if isinstance(item, dict) else None
