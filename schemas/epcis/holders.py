"""Which event or object holds which terms, in the order of the XML binding, and how few are enough.

- `members` stand in the order of the XML schema's sequence (attributes of sensors: in the order it lists them).
- `further` says which names beside them are taken: `any`, those that are a `uri` (extensions), or `none`.
- `enough` are alternatives of which one must hold; each is a set of conditions: `name` (is there), `name+`
  (has at least one item), `name=value`.

    holder("quantity").members  ->  ("epcClass", "quantity", "uom")

GS1 EPCIS 2.0 sections 7.4 (events), 9.5 (XML), 10.3 (JSON).
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from schemas.epcis.terms import Term, term

Further = Literal["any", "uri", "none"]


@dataclass(frozen=True, slots=True)
class Holder:
    """An object or event type. Its scope in the table of terms is its own name."""

    name: str
    members: tuple[str, ...]
    required: tuple[str, ...] = ()
    further: Further = "uri"
    enough: tuple[tuple[str, ...], ...] = ()
    unjudged: frozenset[str] = frozenset()  # allowed here, while the official schema does not look at the value
    at_least: tuple[tuple[str, int], ...] = ()  # members that need more items here than elsewhere
    ilmd_with: str = ""  # the only action with which `ilmd` may stand
    json_asks: frozenset[str] = frozenset()  # required by the JSON schema alone: the XML schema has it optional

    def terms(self) -> tuple[Term, ...]:
        """What the members mean here."""
        return tuple(term(name, self.name) for name in self.members)


_FIRST = ("@context", "type")
_EVENT = ("eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "errorDeclaration", "certificationInfo")
_WHY_WHERE = ("action", "bizStep", "disposition", "readPoint", "bizLocation")
_PARTIES = ("sourceList", "destinationList", "sensorElementList", "persistentDisposition")
_TIMES = ("eventTime", "eventTimeZoneOffset")
_PERSISTENT = frozenset({"persistentDisposition"})
_CHILDREN = (("childEPCs+",), ("childQuantityList+",), ("action=DELETE",))
_INPUTS = ("inputEPCList+", "inputQuantityList+")
_OUTPUTS = ("outputEPCList+", "outputQuantityList+")

EVENTS: tuple[Holder, ...] = (
    Holder(
        "ObjectEvent",
        (*_FIRST, *_EVENT, "epcList", *_WHY_WHERE, "bizTransactionList", "quantityList", *_PARTIES, "ilmd"),
        ("type", *_TIMES, "action"),
        enough=(("epcList",), ("quantityList+",), ("sensorElementList+", "readPoint")),
        ilmd_with="ADD",
    ),
    Holder(
        "AggregationEvent",
        (
            *_FIRST,
            *_EVENT,
            "parentID",
            "childEPCs",
            *_WHY_WHERE,
            "bizTransactionList",
            "childQuantityList",
            *_PARTIES,
        ),
        ("type", *_TIMES, "action"),
        enough=_CHILDREN,
        unjudged=_PERSISTENT,
    ),
    Holder(
        "TransactionEvent",
        (*_FIRST, *_EVENT, "bizTransactionList", "parentID", "epcList", *_WHY_WHERE, "quantityList", *_PARTIES),
        ("type", *_TIMES, "bizTransactionList", "action"),
        enough=(("epcList",), ("quantityList+",), ("action=DELETE",)),
        unjudged=_PERSISTENT,
        at_least=(("bizTransactionList", 1),),
    ),
    Holder(
        "TransformationEvent",
        (
            *_FIRST,
            *_EVENT,
            "inputEPCList",
            "inputQuantityList",
            "outputEPCList",
            "outputQuantityList",
            "transformationID",
            *_WHY_WHERE[1:],
            "bizTransactionList",
            *_PARTIES,
            "ilmd",
        ),
        ("type", *_TIMES),
        enough=(
            *((made_from, made) for made_from in _INPUTS for made in _OUTPUTS),
            *((named, "transformationID") for named in (*_INPUTS, *_OUTPUTS)),
        ),
    ),
    Holder(
        "AssociationEvent",
        (
            *_FIRST,
            *_EVENT,
            "parentID",
            "childEPCs",
            "childQuantityList",
            *_WHY_WHERE,
            "bizTransactionList",
            *_PARTIES,
        ),
        ("type", *_TIMES, "action", "parentID"),
        enough=_CHILDREN,
        unjudged=_PERSISTENT,
    ),
)
# An event type of somebody else's: only what every event has is judged (EPCIS 2.0 section 7.4.1, extension).
EXTENDED = Holder("ExtendedEvent", (*_FIRST, *_EVENT), ("type", *_TIMES), further="any")

DOCUMENTS: tuple[Holder, ...] = (
    Holder(
        "EPCISDocument",
        (
            "@context",
            "id",
            "type",
            "schemaVersion",
            "creationDate",
            "instanceIdentifier",
            "sender",
            "receiver",
            "epcisHeader",
            "epcisBody",
        ),
        ("@context", "type", "schemaVersion", "creationDate", "epcisBody"),
    ),
    Holder(
        "EPCISQueryDocument",
        ("@context", "id", "type", "schemaVersion", "creationDate", "epcisBody"),
        ("@context", "type", "epcisBody"),
    ),
)

OBJECTS: tuple[Holder, ...] = (
    Holder("epcisHeader", ("epcisMasterData",)),
    Holder("epcisMasterData", ("vocabularyList",), further="any"),
    Holder("vocabulary", ("type", "vocabularyElementList"), ("type",), further="any"),
    Holder("vocabularyElement", ("id", "attributes", "children"), ("id",), further="any"),
    Holder("attribute", ("id", "attribute"), ("id",), further="any"),
    Holder("epcisBody", ("eventList",), ("eventList",), further="any"),
    Holder("epcisQueryBody", ("queryResults",), ("queryResults",)),
    Holder("queryResults", ("queryName", "subscriptionID", "resultsBody"), ("queryName", "resultsBody")),
    Holder("resultsBody", ("eventList", "vocabularyList"), ("eventList",)),
    Holder("errorDeclaration", ("declarationTime", "reason", "correctiveEventIDs"), ("declarationTime",)),
    Holder("quantity", ("epcClass", "quantity", "uom"), ("epcClass",), further="none"),
    Holder("place", ("id",), ("id",), further="any"),
    Holder("persistentDisposition", ("unset", "set"), further="none", enough=(("set",), ("unset",))),
    Holder("bizTransaction", ("type", "bizTransaction"), ("bizTransaction",), further="none"),
    Holder("source", ("type", "source"), ("type", "source"), further="none"),
    Holder("destination", ("type", "destination"), ("type", "destination"), further="none"),
    Holder("sensorElement", ("sensorMetadata", "sensorReport"), ("sensorReport",)),
    Holder(
        "sensorMetadata",
        (
            "time",
            "deviceID",
            "deviceMetadata",
            "rawData",
            "startTime",
            "endTime",
            "bizRules",
            "dataProcessingMethod",
        ),
    ),
    Holder(
        "sensorReport",
        (
            "type",
            "value",
            "component",
            "stringValue",
            "booleanValue",
            "hexBinaryValue",
            "uriValue",
            "uom",
            "minValue",
            "maxValue",
            "sDev",
            "chemicalSubstance",
            "microorganism",
            "deviceID",
            "deviceMetadata",
            "rawData",
            "time",
            "meanValue",
            "percRank",
            "percValue",
            "dataProcessingMethod",
            "coordinateReferenceSystem",
            "exception",
            "bizRules",
        ),
        ("type",),
        json_asks=frozenset({"type"}),
    ),
)

EVENT_TYPES = frozenset(event.name for event in EVENTS)


@cache
def holder(name: str) -> Holder:
    """The event, document or object of that name; `KeyError` where there is none."""
    return {row.name: row for row in (*EVENTS, EXTENDED, *DOCUMENTS, *OBJECTS)}[name]
