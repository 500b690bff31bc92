"""The names of query parameters: what each compares with what, the fixed ones and the families.

- A *parameter* is an operation and a field: `GE_eventTime`, `MATCH_epc`, `EQ_ILMD_cbvmda:lotNumber`, `GE_value_KEL`.
- A *field* has one name on the read side (`bizStep`, `sensor.type`, `source owning_party`). Extension fields have a
  *family*, the part of the event they stand in, and a name with its namespace.
- A prefix that the query does not explain stays open: it means what the events of the log mean by it (`Field.names`).
- Both spellings of the official texts are taken: `errorDeclarationTime` and `errorDeclaration_Time`,
  `EXISTS_sensorElementList` and `EXISTS_sensorElement`, `EQ_ATTR_` and `EQATTR_`.

    parameter("EQ_bizTransaction_po", {}).field  ->  Field("bizTransaction po")

EPCIS 2.0 section 8.2.7.1, table of parameters; REST bindings, query-schema.json.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from schemas.epcis import query_value as read
from schemas.epcis.namespaces import joined, prefix_of, split_iri
from schemas.epcis.query_value import Reader
from schemas.epcis.terms import PREFIXES
from schemas.epcis.vocabulary import bare
from schemas.errors import InputError
from schemas.units import unit

Op = Literal["EQ", "GT", "GE", "LT", "LE", "EXISTS", "MATCH", "WD", "HASATTR", "EQATTR", "AMONG"]
FAMILIES = ("ILMD", "ERROR_DECLARATION", "SENSORELEMENT", "SENSORMETADATA", "SENSORREPORT", "readPoint", "bizLocation")
COMPARED = ("EQ", "GT", "GE", "LT", "LE")
_LONGEST = 512


@dataclass(frozen=True, slots=True)
class Field:
    """What is compared: a field of the standard by its `name`, or one of an extension.

    `family` is `""` for the standard's; for extensions `EXTENSION` at the top of the event, else the part they stand
    in, with `INNER_` before it for fields inside others. `prefix` is set where the query leaves it unexplained.
    """

    name: str
    family: str = ""
    prefix: str = ""

    def names(self, namespaces: Mapping[str, Collection[str]]) -> tuple[str, ...]:
        """The names it has on the read side; `namespaces`: what the log's events mean by a prefix."""
        if not self.family:
            return (self.name,)
        if not self.prefix:
            return (f"{self.family} {self.name}",)
        meant = dict.fromkeys([f"{self.prefix}:", *sorted(namespaces.get(self.prefix, ()))])
        return tuple(dict.fromkeys(f"{self.family} {joined(namespace, self.name)}" for namespace in meant))


def meant(name: str, namespaces: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The names that the name of an event type may stand for, where its query leaves the prefix unexplained."""
    prefix, hash_, local = name.partition(":#")
    if not hash_:
        return (name,)
    return tuple(dict.fromkeys([name, *(joined(namespace, local) for namespace in sorted(namespaces.get(prefix, ())))]))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its operation, its field, how a value is read, and whether it takes a list.

    `unit`: the UN/CEFACT code of the value. `attribute`: the name behind EQATTR. `lists`: MATCH's members.
    """

    name: str
    op: Op
    field: Field
    read: Reader
    many: bool = False
    unit: str = ""
    attribute: str = ""
    lists: tuple[str, ...] = ()


_EPC_LISTS = {
    "epc": ("epcList", "childEPCs"),
    "parentID": ("parentID",),
    "inputEPC": ("inputEPCList",),
    "outputEPC": ("outputEPCList",),
    "anyEPC": ("epcList", "childEPCs", "parentID", "inputEPCList", "outputEPCList"),
    "epcClass": ("quantityList", "childQuantityList"),
    "inputEPCClass": ("inputQuantityList",),
    "outputEPCClass": ("outputQuantityList",),
    "anyEPCClass": ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"),
}
ANY_LISTS = (*_EPC_LISTS["anyEPC"], *_EPC_LISTS["anyEPCClass"])
# Parameter without its operation -> field, reader. All of these take a list under EQ.
_EQUAL: dict[str, tuple[str, Reader]] = {
    "action": ("action", read.action),
    "bizStep": ("bizStep", read.word("biz_steps")),
    "disposition": ("disposition", read.word("dispositions")),
    "persistentDisposition_set": ("persistentDisposition.set", read.word("dispositions")),
    "persistentDisposition_unset": ("persistentDisposition.unset", read.word("dispositions")),
    "readPoint": ("readPoint", read.uri),
    "bizLocation": ("bizLocation", read.uri),
    "transformationID": ("transformationID", read.uri),
    "eventID": ("eventID", read.plain_uri),
    "errorReason": ("errorDeclaration.reason", read.word("error_reasons")),
    "correctiveEventID": ("errorDeclaration.correctiveEventIDs", read.plain_uri),
    "type": ("sensor.type", read.word("measurement_types")),
    **{
        name: (f"sensor.{name}", read.uri)
        for name in (
            *("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "microorganism", "chemicalSubstance"),
            *("bizRules", "uriValue"),
        )
    },
    "stringValue": ("sensor.stringValue", read.text),
    "booleanValue": ("sensor.booleanValue", read.boolean),
    "hexBinaryValue": ("sensor.hexBinaryValue", read.hexadecimal),
    "time": ("sensor.time", read.time),
    "quantity": ("quantity", read.number),
}
_TIMES = {
    "eventTime": "eventTime",
    "recordTime": "recordTime",
    "errorDeclarationTime": "errorDeclaration.declarationTime",
    "errorDeclaration_Time": "errorDeclaration.declarationTime",
    "time": "sensor.time",
    "startTime": "sensor.startTime",
    "endTime": "sensor.endTime",
}
_NUMBERS = {"quantity": "quantity", **{name: f"sensor.{name}" for name in ("percRank", "percValue", "sDev")}}
_EXISTS = dict.fromkeys(("sensorElementList", "sensorElement"), "sensorElementList")
_EXISTS["errorDeclaration"] = "errorDeclaration"
_WITHIN = ("readPoint", "bizLocation")
_UNITS = re.compile(r"(value|minValue|maxValue|meanValue|sDev|percValue|quantity)_([A-Z0-9]{2,4})")
_TYPED = {"bizTransaction": "biz_transaction_types", "source": "source_dest_types", "destination": "source_dest_types"}
_MASTER = ("HASATTR_", "EQATTR_", "EQ_ATTR_")
_OPERATIONS: dict[str, Op] = {"EQ": "EQ", "GT": "GT", "GE": "GE", "LT": "LT", "LE": "LE", "EXISTS": "EXISTS"}


def parameter(name: str, known: Mapping[str, str]) -> Parameter:
    """What a parameter means; `known`: the prefixes that the query explains.

    `InputError("query-parameter-unknown")` for everything the standard does not name.
    """
    if name == "eventType":
        return Parameter(name, "EQ", Field("type"), read.event_type(dict(known)), many=True)
    if len(name) <= _LONGEST and "\0" not in name:
        before, _, rest = name.partition("_")
        for form in (_fixed, _with_unit, _with_type, _master, partial(_extension, known=known)):
            found = form(name, before, rest)
            if found is not None:
                return found
    raise InputError("query-parameter-unknown", parameter=name[:120])


def _fixed(name: str, op: str, rest: str) -> Parameter | None:
    """The parameters whose whole name the standard writes."""
    if op == "MATCH" and rest in _EPC_LISTS:
        return Parameter(name, "MATCH", Field(rest), read.uri, many=True, lists=_EPC_LISTS[rest])
    if op == "WD" and rest in _WITHIN:
        return Parameter(name, "WD", Field(rest), read.uri, many=True)
    if op == "EXISTS" and rest in _EXISTS:
        return Parameter(name, "EXISTS", Field(_EXISTS[rest]), read.boolean)
    if op == "EQ" and rest in _EQUAL:
        field, reader = _EQUAL[rest]
        return Parameter(name, "EQ", Field(field), reader, many=True)
    if op in ("GE", "LT") and rest in _TIMES:
        return Parameter(name, _OPERATIONS[op], Field(_TIMES[rest]), read.time)
    if op in COMPARED[1:] and rest in _NUMBERS:
        return Parameter(name, _OPERATIONS[op], Field(_NUMBERS[rest]), read.number)
    return None


def _with_unit(name: str, op: str, rest: str) -> Parameter | None:
    """`GE_value_KEL`, `EQ_quantity_KGM`: numbers with the unit they are given in."""
    match = _UNITS.fullmatch(rest)
    if match is None or op not in COMPARED:
        return None
    member, code = match.groups()
    if op == "EQ" and member not in ("value", "quantity"):
        return None
    base = member if member == "quantity" else f"sensor.{member}"
    field = Field(f"{base} in {unit(code).dimension}")
    return Parameter(name, _OPERATIONS[op], field, read.number, many=op == "EQ", unit=code)


def _with_type(name: str, op: str, rest: str) -> Parameter | None:
    """`EQ_bizTransaction_po`, `EQ_source_owning_party`: the type stands in the name, in any of its spellings."""
    kind, underscore, said = rest.partition("_")
    if op != "EQ" or kind not in _TYPED or not underscore:
        return None
    return Parameter(name, "EQ", Field(f"{kind} {bare(_TYPED[kind], said) or said}"), read.uri, many=True)


def _master(name: str, op: str, rest: str) -> Parameter | None:
    """`HASATTR_bizLocation`, `EQATTR_bizLocation_site`: attributes that master data gives to what a field names."""
    form = next((form for form in _MASTER if name.startswith(form)), None)
    if form is None:
        return None
    said = name[len(form) :]
    if form == "HASATTR_":
        return Parameter(name, "HASATTR", Field(said), read.text, many=True) if said else None
    field, underscore, attribute = said.partition("_")
    if not (field and underscore and attribute):
        return None
    return Parameter(name, "EQATTR", Field(field), read.text, many=True, attribute=attribute)


def _extension(name: str, op: str, rest: str, *, known: Mapping[str, str]) -> Parameter | None:
    """Extension fields: at the top of the event or in a part of it, directly or (`INNER_`) inside other fields."""
    if op not in _OPERATIONS:
        return None
    inner = "INNER_" if rest.startswith("INNER_") else ""
    rest = rest.removeprefix("INNER_")
    family = next((family for family in FAMILIES if rest.startswith(f"{family}_")), "")
    said = rest[len(family) + 1 :] if family else rest
    field = extension_field(said, f"{inner}{family or 'EXTENSION'}", known)
    if field is None:
        return None
    if op == "EXISTS":
        return Parameter(name, "EXISTS", field, read.boolean)
    return Parameter(name, _OPERATIONS[op], field, read.free if op == "EQ" else read.comparable, many=op == "EQ")


def extension_field(said: str, family: str, known: Mapping[str, str]) -> Field | None:
    """The extension field of a family that a query names: `prefix:name`, `namespace#name`, a whole IRI, `#name`; a
    name alone only where fields without a namespace may stand."""
    if not said or said.endswith(("#", ":", "/")):
        return None
    if said.startswith("#"):
        return Field(said, family)
    prefix = prefix_of(said)
    if not prefix:
        alone = ":" not in said
        return None if alone and family == "EXTENSION" else Field(f"#{said}" if alone else split_iri(said), family)
    local = said[len(prefix) + 1 :]
    namespace = known.get(prefix) or PREFIXES.get(prefix)
    return Field(joined(namespace, local), family) if namespace else Field(local, family, prefix)
