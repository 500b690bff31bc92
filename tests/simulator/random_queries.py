"""Random events and random queries about them, from small pools of values so that they often meet.

Values come in the spellings that mean the same (URN and Digital Link, bare and URN words, several prefixes), are now
and then missing, repeated or odd, and a query draws its values from the same pools.
"""

from random import Random
from typing import Any

from hypothesis import strategies as st

from schemas.syntax.json_text import Number
from tests.simulator.queries import FARM, GATE, GATE_URN, GRAI, GTIN, ITEM, LOT, PARTY, SHOP, SSCC, SSCC_URN

BASE = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
CONTEXTS = [
    [BASE, {"ex": "https://ns.example.com/epcis/"}],
    [BASE, {"ex": "https://other.example.com/", "mine": "https://ns.example.com/epcis#"}],
    BASE,
]
THINGS = [SSCC, SSCC_URN, ITEM, LOT, GTIN, GRAI, "urn:epc:idpat:sgtin:9521234.154321.*", "https://any.example/thing"]
THINGS += [
    "urn:epc:class:lgtin:9521234.154321.L8",
    "urn:epc:id:sscc:9521234.0000000222",
    "urn:epc:id:sgtin:9521234.154321.18",
]
PATTERNS = ["urn:epc:idpat:sgtin:9521234.*.*", "urn:epc:idpat:sscc:9521234.*", "urn:epc:idpat:lgtin:*.*.*"]
PATTERNS += ["urn:epc:idpat:grai:9521234.00001.*", "urn:epc:idpat:sgtin:*.*.*", "urn:epc:idpat:sscc:9521235.*"]
PLACES = [FARM, GATE, GATE_URN, SHOP, "https://farm.example/gate", "urn:epc:id:sgln:9521234.00002.0"]
STEPS = [
    "shipping",
    "urn:epcglobal:cbv:bizstep:shipping",
    "packing",
    "https://ref.gs1.org/cbv/BizStep-packing",
    "https://a.example/s",
]
STATES = ["active", "urn:epcglobal:cbv:disp:active", "in_transit", "https://a.example/d"]
PARTIES = [PARTY, "urn:epc:id:pgln:9521234.00001", SHOP, "https://a.example/p"]
TIMES = [
    "2026-05-01T00:00:00Z",
    "2026-05-01T02:00:00+02:00",
    "2026-05-01T00:00:00.000001Z",
    "2026-05-02T00:00:00Z",
    "2027-01-01T00:00:00Z",
]
NUMBERS = ["0", "-0.0", "1", "1.0", "1.50", "-1.5", "1e2", "100", "12.25", "1e-300", "-7e200", "0.1"]
UNITS = ["CEL", "KEL", "FAH", "KGM", "GRM", "XYZ"]
TEXTS = ["a", "b", "007", "7", "1.50", "2026-05-01T00:00:00Z", "true", "è", "x" * 600]
NAMES = ["ex:a", "ex:b", "mine:a", "https://ns.example.com/epcis/a", "nobody:a", "cbvmda:lotNumber"]
INNER_NAMES = [*NAMES, "plain"]

times, places, things, numbers = (st.sampled_from(pool) for pool in (TIMES, PLACES, THINGS, NUMBERS))
steps, states, parties, units = (st.sampled_from(pool) for pool in (STEPS, STATES, PARTIES, UNITS))
number_values = numbers.map(Number)
scalars = st.one_of(st.sampled_from(TEXTS), number_values, st.booleans(), times, st.just(""), st.none())
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from([*INNER_NAMES, "@type"]), inner, max_size=2),
        st.fixed_dictionaries({"@value": scalars, "@type": st.just("xsd:string")}),
    ),
    max_leaves=4,
)
extensions = st.dictionaries(st.sampled_from(NAMES), values, max_size=2)


def some(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=members)


def joined(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(*parts).map(lambda found: {name: value for part in found for name, value in part.items()})


def few(item: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(item, max_size=2)


quantities = few(some(epcClass=things, quantity=number_values, uom=units))
devices = some(deviceID=things, time=times, bizRules=parties, dataProcessingMethod=parties, rawData=parties)
reports = joined(
    some(
        type=st.sampled_from(["Temperature", "gs1:Temperature", "Mass", "https://a.example/t"]),
        uom=units,
        stringValue=st.sampled_from(TEXTS),
        booleanValue=st.booleans(),
        hexBinaryValue=st.sampled_from(["f0", "F0", "ab"]),
        uriValue=parties,
        microorganism=parties,
        chemicalSubstance=parties,
        **dict.fromkeys(("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), number_values),
    ),
    devices,
    extensions,
)
elements = joined(
    some(sensorMetadata=joined(devices, some(startTime=times, endTime=times), extensions), sensorReport=few(reports)),
    extensions,
)
events = joined(
    st.fixed_dictionaries(
        {
            "@context": st.sampled_from(CONTEXTS),
            "type": st.sampled_from(["ObjectEvent", "AggregationEvent", "ex:Odd", "https://ns.example.com/epcis/Odd"]),
            "eventTime": times,
        }
    ),
    some(
        eventID=st.sampled_from(["urn:uuid:1", "urn:uuid:2"]),
        action=st.sampled_from(["ADD", "OBSERVE", "DELETE"]),
        bizStep=steps,
        disposition=states,
        persistentDisposition=some(set=few(states), unset=few(states)),
        parentID=things,
        transformationID=things,
        bizTransactionList=few(
            some(type=st.sampled_from(["po", "urn:epcglobal:cbv:btt:po", "x"]), bizTransaction=parties)
        ),
        sourceList=few(some(type=st.sampled_from(["location", "owning_party"]), source=parties)),
        destinationList=few(
            some(type=st.sampled_from(["location", "urn:epcglobal:cbv:sdt:location"]), destination=parties)
        ),
        sensorElementList=few(elements),
        ilmd=extensions,
        errorDeclaration=joined(
            some(
                declarationTime=times,
                reason=st.sampled_from(["incorrect_data", "urn:epcglobal:cbv:er:did_not_occur"]),
                correctiveEventIDs=few(st.sampled_from(["urn:uuid:1", "urn:uuid:3"])),
            ),
            extensions,
        ),
        **dict.fromkeys(("readPoint", "bizLocation"), joined(some(id=places), extensions)),
        **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), few(things)),
        **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), quantities),
    ),
    extensions,
)

_TIMED = ("eventTime", "errorDeclarationTime", "time", "startTime", "endTime")
_NAMING = ("EQ_bizRules", "EQ_dataProcessingMethod", "EQ_rawData", "EQ_uriValue", "EQ_microorganism")
_NAMING += ("EQ_bizTransaction_po", "EQ_bizTransaction_", "EQ_source_location", "EQ_destination_location")
_NEAR = [text for text in NUMBERS if "00" not in text]
_COMPARED = ("GT", "GE", "LT", "LE")
_MATCHED = ("epc", "parentID", "inputEPC", "outputEPC", "anyEPC", "epcClass", "anyEPCClass")
_MEASURED = [f"{name}_{unit}" for name in ("value", "sDev", "quantity") for unit in UNITS[:4]]
_POOLS: dict[str, list[str]] = {
    "eventType": ["ObjectEvent", "AggregationEvent", "ex:Odd", "https://other.example.com/Odd"],
    "EQ_action": ["ADD", "OBSERVE", "DELETE"],
    "EQ_bizStep": STEPS,
    **dict.fromkeys(("EQ_disposition", "EQ_persistentDisposition_set", "EQ_persistentDisposition_unset"), STATES),
    **dict.fromkeys(("EQ_readPoint", "EQ_bizLocation", "WD_readPoint", "WD_bizLocation"), PLACES),
    "EQ_transformationID": THINGS,
    "EQ_eventID": ["urn:uuid:1", "urn:uuid:2", "urn:uuid:derived-4"],
    "EQ_errorReason": ["incorrect_data", "did_not_occur"],
    "EQ_correctiveEventID": ["urn:uuid:1", "urn:uuid:3"],
    "EQ_type": ["Temperature", "Mass", "https://a.example/t"],
    "EQ_deviceID": THINGS,
    **dict.fromkeys(_NAMING, PARTIES),
    "EQ_stringValue": TEXTS,
    "EQ_booleanValue": ["true", "false"],
    "EQ_hexBinaryValue": ["F0", "aB"],
    **dict.fromkeys((f"MATCH_{name}" for name in _MATCHED), THINGS + PATTERNS),
    **dict.fromkeys((f"{op}_{name}" for op in ("GE", "LT") for name in _TIMED), TIMES),
    **dict.fromkeys((f"{op}_{name}" for op in _COMPARED for name in ("quantity", "percRank")), NUMBERS),
    # A number so small has no exact base in a unit with a zero point of its own: such a query is refused.
    **dict.fromkeys((f"{op}_{name}" for op in _COMPARED for name in _MEASURED), _NEAR),
    "EQ_quantity": NUMBERS,
    "EXISTS_errorDeclaration": ["", "false"],
    "EXISTS_sensorElementList": ["1", "0"],
}
_PARTS = ("", "ILMD_", "ERROR_DECLARATION_", "SENSORELEMENT_", "SENSORMETADATA_", "SENSORREPORT_")
_PARTS += ("readPoint_", "bizLocation_")
_FREE = [*TEXTS, *NUMBERS, *TIMES]
for inner in ("", "INNER_"):
    for part in _PARTS:
        for name in INNER_NAMES if inner and part else NAMES:
            _POOLS[f"EQ_{inner}{part}{name}"] = _FREE
            _POOLS[f"EXISTS_{inner}{part}{name}"] = [""]
            for op in _COMPARED:
                _POOLS[f"{op}_{inner}{part}{name}"] = [*NUMBERS, *TIMES]
_STANDARD = [name for name in _POOLS if ":" not in name and "plain" not in name]
_OTHERS = [name for name in _POOLS if name not in _STANDARD]


def asked(random: Random, count: int) -> list[dict[str, list[str]]]:
    """Queries drawn at random, mostly of one parameter: two that are met by the same event are rarer by far."""
    return [dict(_parameter(random) for _ in range(random.choice((1, 1, 1, 2)))) for _ in range(count)]


def _parameter(random: Random) -> tuple[str, list[str]]:
    name = random.choice(_STANDARD if random.random() < 0.5 else _OTHERS)
    several = name.startswith(("EQ_", "MATCH_", "WD_", "eventType")) and name != "EQ_booleanValue"
    return name, random.sample(_POOLS[name], min(random.choice((1, 1, 2, 3)) if several else 1, len(_POOLS[name])))


orders = st.sampled_from(["", "eventTime", "recordTime", "https://ns.example.com/epcis/a", "mine:b"])
