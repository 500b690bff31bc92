"""The one table of EPCIS 2.0 terms: what each name means, what its value is, and where it may stand.

`json_schema.py` and `context.py` are generated from it, and rules, vocabulary and XML read it, so that a name
is described once.

- A `Term` is a name with its IRI (compact, by `PREFIXES`), the shape of its value, its JSON-LD type and container.
- The same name can mean two things (`type`, `time`): `scope` says inside which object it means this one; a name
  not found in its own scope is looked up in the scope around it, then among the general terms.
- Which object holds which names, in the order of the XML binding, is said in `holders.py`.

    term("type", "source").iri  ->  "epcis:sourceOrDestinationType"

GS1 EPCIS 2.0 sections 7 and 9 (model, XML), 10 (JSON); CBV 2.0 section 7 (code lists).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

# How a value may be repeated: one, a list, a list without repetition, or one or a list.
Repeat = Literal["one", "list", "set", "one or list"]

PREFIXES = MappingProxyType(
    {
        "epcis": "https://ref.gs1.org/epcis/",
        "cbv": "https://ref.gs1.org/cbv/",
        "cbvmda": "urn:epcglobal:cbv:mda:",
        "gs1": "https://ref.gs1.org/voc/",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "dcterms": "http://purl.org/dc/terms/",
    }
)

# Names that stand as the value of `type`.
CLASSES = ("ObjectEvent", "AggregationEvent", "TransformationEvent", "AssociationEvent", "TransactionEvent")
DOCUMENTS = ("EPCISDocument", "EPCISQueryDocument")


@dataclass(frozen=True, slots=True)
class Term:
    """One name. `shape` is what a single value is: a plain shape, a code list of `lists/`, or a holder."""

    name: str
    iri: str  # compact, a JSON-LD keyword, or empty where the JSON-LD context gives the name no meaning
    shape: str
    repeat: Repeat = "one"
    rdf: str = ""  # the JSON-LD `@type`, empty for none
    container: Literal["", "@set"] = ""
    scope: str = ""  # the object inside which the name means this
    opens: str = ""  # the scope that holds inside its value
    at_least: int = 0  # items
    identifies: bool = False  # its value names an object, place, party or document, so GS1 rules apply to it
    implied: bool = False  # the JSON-LD context of this scope leaves it to the general term of the same name

    @property
    def words(self) -> str:
        """The code list of its bare words, or empty."""
        return self.shape if self.shape in CODE_LISTS else ""


# Code list (a table of `schemas/lists/`) -> the prefix of the vocabulary its words belong to.
CODE_LISTS = MappingProxyType(
    {
        "biz_steps": "cbv",
        "dispositions": "cbv",
        "biz_transaction_types": "cbv",
        "source_dest_types": "cbv",
        "error_reasons": "cbv",
        "components": "cbv",
        "measurement_types": "gs1",
        "sensor_alerts": "gs1",
    }
)


def _uri(name: str, **more: object) -> Term:
    return Term(name, f"epcis:{name}", "uri", rdf="@id", **more)  # type: ignore[arg-type]


def _time(name: str, scope: str = "") -> Term:
    return Term(name, f"epcis:{name}", "time", rdf="xsd:dateTimeStamp", scope=scope)


def _number(name: str, scope: str = "") -> Term:
    return Term(name, f"epcis:{name}", "number", rdf="xsd:double", scope=scope)


def _plain(name: str, shape: str, scope: str = "", rdf: str = "") -> Term:
    return Term(name, f"epcis:{name}", shape, rdf=rdf, scope=scope)


def _things(name: str, repeat: Repeat = "list") -> Term:
    return _uri(name, repeat=repeat, container="@set", identifies=True)


def _objects(name: str, holder: str, opens: str = "") -> Term:
    return Term(name, f"epcis:{name}", holder, "list", container="@set", opens=opens)


TERMS: tuple[Term, ...] = (
    # every object
    Term("@context", "", "context"),
    Term("id", "@id", "uri", identifies=True),
    Term("type", "@type", "text"),
    Term("baseURL", "@base", "uri"),
    Term("member", "rdfs:member", "uri", "list", rdf="@id", container="@set"),
    # documents
    Term("schemaVersion", "owl:versionInfo", "version"),
    Term("creationDate", "dcterms:created", "time", rdf="xsd:dateTime"),
    _plain("instanceIdentifier", "text"),
    _plain("sender", "text", rdf="xsd:string"),
    _plain("receiver", "text", rdf="xsd:string"),
    _plain("epcisHeader", "epcisHeader"),
    _plain("epcisBody", "epcisBody"),
    Term("epcisBody", "epcis:epcisBody", "epcisQueryBody", scope="EPCISQueryDocument", implied=True),
    Term("eventList", "epcis:eventList", "event", "list"),
    Term("epcisMasterData", "", "epcisMasterData"),
    _plain("masterData", "epcisMasterData"),
    Term("vocabularyList", "epcis:vocabularyList", "vocabulary", "list"),
    Term("vocabularyElementList", "", "vocabularyElement", "list"),
    Term("attributes", "", "attribute", "list"),
    Term("attribute", "", "attributeValue"),
    _uri("children", repeat="list", container="@set"),
    Term("type", "@type", "uri", scope="vocabulary", implied=True),
    _plain("queryResults", "queryResults"),
    _plain("queryName", "text"),
    _plain("subscriptionID", "text"),
    _plain("resultsBody", "resultsBody"),
    # every event: when, and which
    _time("eventTime"),
    _time("recordTime"),
    _plain("eventTimeZoneOffset", "zone"),
    Term("eventID", "@id", "uri"),
    _uri("certificationInfo", repeat="one or list", container="@set"),
    Term("errorDeclaration", "epcis:errorDeclaration", "errorDeclaration", opens="errorDeclaration"),
    _time("declarationTime", "errorDeclaration"),
    _plain("reason", "error_reasons", "errorDeclaration", "@vocab"),
    _uri("correctiveEventIDs", repeat="list", container="@set", scope="errorDeclaration"),
    # what
    _plain("action", "action"),
    _things("epcList", "set"),
    # The official schema lets a TransactionEvent, alone, name an object twice.
    Term("epcList", "epcis:epcList", "uri", "list", "@id", "@set", "TransactionEvent", identifies=True, implied=True),
    _objects("quantityList", "quantity"),
    _uri("parentID", identifies=True),
    _things("childEPCs"),
    _objects("childQuantityList", "quantity"),
    _things("inputEPCList", "set"),
    _objects("inputQuantityList", "quantity"),
    _things("outputEPCList", "set"),
    _objects("outputQuantityList", "quantity"),
    _uri("transformationID", identifies=True),
    _uri("epcClass", identifies=True),
    _number("quantity"),
    _plain("uom", "unit"),
    _plain("ilmd", "ilmd"),
    # where
    Term("readPoint", "epcis:readPoint", "place", rdf="@id"),
    Term("bizLocation", "epcis:bizLocation", "place", rdf="@id"),
    # why
    _plain("bizStep", "biz_steps", rdf="@vocab"),
    _plain("disposition", "dispositions", rdf="@vocab"),
    Term(
        "persistentDisposition",
        "epcis:persistentDisposition",
        "persistentDisposition",
        container="@set",
        opens="persistentDisposition",
    ),
    Term("set", "epcis:set", "dispositions", "set", "@vocab", "@set", "persistentDisposition", at_least=1),
    Term("unset", "epcis:unset", "dispositions", "set", "@vocab", "@set", "persistentDisposition", at_least=1),
    _objects("bizTransactionList", "bizTransaction", opens="bizTransaction"),
    Term("type", "epcis:bizTransactionType", "biz_transaction_types", rdf="@vocab", scope="bizTransaction"),
    Term("bizTransaction", "@id", "uri", scope="bizTransaction", identifies=True),
    _objects("sourceList", "source", opens="source"),
    Term("type", "epcis:sourceOrDestinationType", "source_dest_types", rdf="@vocab", scope="source"),
    Term("source", "epcis:sourceOrDestination", "uri", rdf="@id", scope="source", identifies=True),
    _objects("destinationList", "destination", opens="destination"),
    Term("type", "epcis:sourceOrDestinationType", "source_dest_types", rdf="@vocab", scope="destination"),
    Term("destination", "epcis:sourceOrDestination", "uri", rdf="@id", scope="destination", identifies=True),
    # how: sensors
    _objects("sensorElementList", "sensorElement", opens="sensorElement"),
    Term("type", "@type", "text", scope="sensorElement"),
    _uri("deviceID", scope="sensorElement", identifies=True),
    _uri("deviceMetadata", scope="sensorElement", identifies=True),
    _uri("rawData", scope="sensorElement", identifies=True),
    _uri("dataProcessingMethod", scope="sensorElement", identifies=True),
    _time("time", "sensorElement"),
    Term("sensorMetadata", "epcis:sensorMetadata", "sensorMetadata", scope="sensorElement", opens="sensorMetadata"),
    _time("startTime", "sensorMetadata"),
    _time("endTime", "sensorMetadata"),
    _uri("bizRules", scope="sensorMetadata", identifies=True),
    Term(
        "sensorReport",
        "epcis:sensorReport",
        "sensorReport",
        "list",
        scope="sensorElement",
        opens="sensorReport",
        at_least=1,
    ),
    Term("type", "epcis:measurementType", "measurement_types", rdf="@vocab", scope="sensorReport"),
    _plain("exception", "sensor_alerts", "sensorReport", "@vocab"),
    _uri("coordinateReferenceSystem", scope="sensorReport"),
    _uri("microorganism", scope="sensorReport"),
    _uri("chemicalSubstance", scope="sensorReport"),
    _time("time", "sensorReport"),
    _number("value", "sensorReport"),
    _plain("component", "components", "sensorReport", "@vocab"),
    _plain("stringValue", "text", "sensorReport"),
    _plain("booleanValue", "boolean", "sensorReport", "xsd:boolean"),
    _plain("hexBinaryValue", "hex", "sensorReport", "xsd:hexBinary"),
    _uri("uriValue", scope="sensorReport"),
    *(_number(name, "sensorReport") for name in ("minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")),
    Term("bizRules", "", "uri", scope="sensorReport", identifies=True),
    Term("uom", "epcis:uom", "text", scope="sensorReport", implied=True),
)

# Scope -> the scope around it, where it is not the general one.
AROUND = MappingProxyType({"sensorMetadata": "sensorElement", "sensorReport": "sensorElement"})


@cache
def _by_place() -> Mapping[tuple[str, str], Term]:
    return {(row.scope, row.name): row for row in TERMS}


def term(name: str, scope: str = "") -> Term:
    """What `name` means inside `scope`, or around it; `KeyError` where EPCIS gives it no meaning."""
    table = _by_place()
    while (scope, name) not in table and scope:
        scope = AROUND.get(scope, "")
    return table[scope, name]


def expand(iri: str) -> str:
    """The full IRI of a compact one; keywords and unknown prefixes stay as they are."""
    prefix, colon, rest = iri.partition(":")
    return PREFIXES[prefix] + rest if colon and prefix in PREFIXES else iri
