"""Where each member of an event stands in XML: the sequence of the schema, by type of event and version.

- 2.0 has one sequence, which is the order of the table of holders.
- 1.2 keeps what later versions added in `baseExtension` and `extension`. What 2.0 added has no place of its own there:
  it goes into the innermost `extension`, where the 1.2 schema allows elements without a namespace. GS1's conversion
  does the same; a 1.2 reader may pass over it.

    layout("ObjectEvent", "1.2")[1]  ->  (("baseExtension",), ("eventID", "errorDeclaration"))

GS1 EPCIS 2.0 section 9.5, EPCIS 1.2 section 9.5; the transformations between 1.2 and 2.0 published by GS1.
"""

from functools import cache
from types import MappingProxyType
from typing import Literal

from schemas.epcis.holders import EVENT_TYPES, EVENTS, EXTENDED, holder
from schemas.epcis.xml_binding import NOT_ELEMENTS

Written = Literal["2.0", "1.2"]
# The elements around some members, from outside, and those members in their order.
Part = tuple[tuple[str, ...], tuple[str, ...]]

_TIMES = ("eventTime", "recordTime", "eventTimeZoneOffset")
_BASE = ("eventID", "errorDeclaration")
_WHY_WHERE = ("action", "bizStep", "disposition", "readPoint", "bizLocation")
_PARTIES = ("sourceList", "destinationList")
# What EPCIS 1.2 does not know, in the order in which it is written there.
BEYOND = ("certificationInfo", "sensorElementList", "persistentDisposition")
_MAIN = MappingProxyType(
    {
        "ObjectEvent": ("epcList", *_WHY_WHERE, "bizTransactionList"),
        "AggregationEvent": ("parentID", "childEPCs", *_WHY_WHERE, "bizTransactionList"),
        "TransactionEvent": ("bizTransactionList", "parentID", "epcList", *_WHY_WHERE),
    }
)
_EXTENSION = MappingProxyType(
    {
        "ObjectEvent": ("quantityList", *_PARTIES, "ilmd"),
        "AggregationEvent": ("childQuantityList", *_PARTIES),
        "TransactionEvent": ("quantityList", *_PARTIES),
    }
)
# The list that a 1.2 event has even when it is empty.
ALWAYS = MappingProxyType({"ObjectEvent": "epcList", "AggregationEvent": "childEPCs", "TransactionEvent": "epcList"})
# Lists that XML cannot write empty, so that an empty one is left out.
NEVER_EMPTY = frozenset({"bizTransactionList", "sourceList", "destinationList", "sensorElementList"})


@cache
def layout(kind: str, version: Written) -> tuple[Part, ...]:
    """The members of an event of type `kind`, in parts, each with the elements it stands in."""
    if version == "2.0":
        return (((), members(kind)),)
    if kind in _MAIN:
        inner = (("extension",), _EXTENSION[kind]), (("extension", "extension"), BEYOND)
        return (((), _TIMES), (("baseExtension",), _BASE), ((), _MAIN[kind]), *inner)
    # These are 1.1's and 2.0's own, so that nothing was added to them but what 1.2 does not know.
    added = BEYOND if kind == "TransformationEvent" else ()
    rest = tuple(name for name in members(kind) if name not in (*_TIMES, *_BASE, *added))
    return (((), _TIMES), (("baseExtension",), _BASE), ((), rest), *(((("extension",), added),) if added else ()))


@cache
def members(kind: str) -> tuple[str, ...]:
    """The members that an event of type `kind` may have as elements; one of somebody else's type has those of all."""
    if kind in EVENT_TYPES:
        return tuple(name for name in holder(kind).members if name not in NOT_ELEMENTS)
    every = (name for row in (EXTENDED, *EVENTS) for name in row.members if name not in NOT_ELEMENTS)
    return tuple(dict.fromkeys(every))


def around(kind: str, version: Written) -> tuple[str, ...] | None:
    """The elements around an event in the `EventList`; None where the version has no place for it at all."""
    if kind not in EVENT_TYPES:
        return ("extension",) if version == "2.0" else None
    if version == "2.0":
        return ()
    return {"TransformationEvent": ("extension",), "AssociationEvent": ("extension", "extension")}.get(kind, ())
