"""Events in many spellings, and for every parameter of SimpleEventQuery what it finds among them.

The same cases are asked of the pure predicate and of the tables on both databases. Events are named by what is
peculiar to them; a case is the query string's parameters and the names of the events it finds.
"""

from typing import Any

from schemas.syntax.json_text import Json, Number, read, write

CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ns.example.com/epcis/"}]
OTHER = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"mine": "https://ns.example.com/epcis#"}]

GTIN = "https://id.gs1.org/01/19521234543210"
LOT = f"{GTIN}/10/L7"
ITEM = f"{GTIN}/21/17"
SSCC = "https://id.gs1.org/00/095212340000001119"
SSCC_URN = "urn:epc:id:sscc:9521234.0000000111"
FARM = "https://id.gs1.org/414/9521234000020"
GATE = "https://id.gs1.org/414/9521234000020/254/GATE-2"
GATE_URN = "urn:epc:id:sgln:9521234.00002.GATE-2"
SHOP = "urn:epc:id:sgln:9521234.00003.0"
PARTY = "https://id.gs1.org/417/9521234000013"
GRAI = "https://id.gs1.org/8003/09521234000013C9"


def event(kind: str, hour: int, **members: Any) -> dict[str, Any]:
    base = {"@context": CONTEXT, "type": kind, "eventTime": f"2026-05-0{1 + hour // 24}T{hour % 24:02}:00:00Z"}
    return {**base, "eventTimeZoneOffset": "+00:00", **members}


def number(text: str) -> Number:
    return Number(text)


EVENTS: dict[str, dict[str, Any]] = {
    "harvest": event(
        "ObjectEvent",
        0,
        eventID="urn:uuid:00000000-0000-4000-8000-000000000001",
        action="ADD",
        bizStep="commissioning",
        disposition="active",
        quantityList=[{"epcClass": LOT, "quantity": number("500"), "uom": "KGM"}],
        readPoint={"id": GATE_URN, "ex:weather": "rain"},
        bizLocation={"id": FARM, "ex:field": {"ex:row": number("7")}},
        ilmd={
            "cbvmda:lotNumber": "0123",
            "ex:grower": {"ex:name": "Rossi", "plain": "x"},
            "ex:ripe": "2026-05-01T00:00:00+02:00",
        },
    ),
    "shipped": event(
        "ObjectEvent",
        1,
        action="OBSERVE",
        bizStep="urn:epcglobal:cbv:bizstep:shipping",
        disposition="https://ref.gs1.org/cbv/Disp-in_transit",
        epcList=[SSCC_URN, "urn:epc:id:sgtin:9521234.154321.17"],
        readPoint={"id": FARM},
        bizLocation={"id": "https://anybody.example/414/9521234000020"},
        bizTransactionList=[
            {"type": "po", "bizTransaction": "https://erp.example/po/7"},
            {"bizTransaction": "https://erp.example/none/7"},
        ],
        sourceList=[{"type": "owning_party", "source": "urn:epc:id:pgln:9521234.00001"}],
        destinationList=[{"type": "urn:epcglobal:cbv:sdt:location", "destination": SHOP}],
        persistentDisposition={"set": ["completeness_verified"], "unset": ["urn:epcglobal:cbv:disp:unknown"]},
        **{"ex:note": "by road", "ex:weight": number("12.50"), "ex:flag": True},
    ),
    "received": event(
        "ObjectEvent",
        30,
        action="OBSERVE",
        bizStep="receiving",
        disposition="in_progress",
        epcList=[SSCC, GRAI],
        readPoint={"id": SHOP},
        bizLocation={"id": SHOP},
        **{"@context": OTHER, "mine:weight": "12.5", "mine:deep": {"mine:note": ["a", {"mine:worst": number("3")}]}},
    ),
    "packed": event(
        "AggregationEvent",
        2,
        action="ADD",
        bizStep="packing",
        parentID=SSCC,
        childEPCs=[ITEM],
        childQuantityList=[
            {"epcClass": "urn:epc:class:lgtin:9521234.154321.L7", "quantity": number("20"), "uom": "LBR"}
        ],
        readPoint={"id": "https://farm.example/gate"},
    ),
    "juiced": event(
        "TransformationEvent",
        3,
        transformationID="urn:epc:id:gdti:9521234.00005.RUN1",
        inputQuantityList=[{"epcClass": "urn:epc:idpat:sgtin:9521234.154321.*", "quantity": number("100")}],
        outputEPCList=["urn:epc:id:sgtin:9521234.054321.1"],
        inputEPCList=[GRAI],
        outputQuantityList=[{"epcClass": "https://id.gs1.org/01/09521234543213/10/J1", "quantity": number("40.5")}],
        bizStep="https://steps.example/juicing",
        ilmd={"ex:press": {"ex:name": "Bianchi"}},
    ),
    "ordered": event(
        "TransactionEvent",
        4,
        action="ADD",
        bizTransactionList=[
            {"type": "https://erp.example/types/call", "bizTransaction": "urn:epc:id:gdti:9521234.00005.C1"}
        ],
        epcList=[SSCC],
        disposition="https://states.example/dispositions/odd",
    ),
    "fitted": event(
        "AssociationEvent",
        5,
        action="DELETE",
        bizStep="removing",
        parentID=GRAI,
        childEPCs=["urn:epc:id:giai:9521234.S1"],
    ),
    "measured": event(
        "ObjectEvent",
        6,
        action="OBSERVE",
        bizStep="sensor_reporting",
        readPoint={"id": FARM},
        epcList=[],
        sensorElementList=[
            {
                "sensorMetadata": {
                    "time": "2026-05-01T06:00:00Z",
                    "startTime": "2026-05-01T05:00:00Z",
                    "endTime": "2026-05-01T06:30:00+00:00",
                    "deviceID": "urn:epc:id:giai:9521234.D1",
                    "deviceMetadata": "https://devices.example/meta",
                    "rawData": "https://devices.example/raw",
                    "bizRules": "https://devices.example/rules",
                    "dataProcessingMethod": "https://devices.example/method",
                    "ex:battery": number("0.9"),
                },
                "sensorReport": [
                    {
                        "type": "Temperature",
                        "value": number("20"),
                        "minValue": number("18.5"),
                        "maxValue": number("22"),
                        "meanValue": number("20.2"),
                        "sDev": number("0.5"),
                        "percRank": number("50"),
                        "percValue": number("20.1"),
                        "uom": "CEL",
                        "ex:place": {"ex:shelf": "top"},
                    },
                    {
                        "type": "gs1:Dimensionless",
                        "stringValue": "ripe",
                        "booleanValue": True,
                        "hexBinaryValue": "f0aB",
                        "uriValue": "https://values.example/1",
                        "microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/1126011",
                        "chemicalSubstance": "https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N",
                        "deviceID": "https://devices.example/2",
                        "time": "2026-05-01T07:00:00Z",
                    },
                ],
                "ex:room": "cellar",
            }
        ],
    ),
    "wrong": event(
        "ObjectEvent",
        1,
        eventID="urn:uuid:00000000-0000-4000-8000-000000000002",
        action="DELETE",
        bizStep="decommissioning",
        epcList=["https://id.gs1.org/01/09521234543213/21/9"],
        errorDeclaration={
            "declarationTime": "2026-05-02T00:00:00Z",
            "reason": "urn:epcglobal:cbv:er:incorrect_data",
            "correctiveEventIDs": ["urn:uuid:00000000-0000-4000-8000-000000000001"],
            "ex:blame": {"ex:who": "scanner", "ex:times": number("2")},
        },
    ),
    "extended": event(
        "ex:InspectionEvent", 7, **{"ex:score": number("1e2"), "ex:on": {"@type": "xsd:date", "@value": "soon"}}
    ),
}

Case = tuple[dict[str, list[str]], list[str]]
ALL = list(EVENTS)


def case(found: str, **parameters: str) -> Case:
    return {name: [value] for name, value in parameters.items()}, found.split()


def named(found: str, *parameters: str) -> Case:
    """Parameters whose names are no identifiers, as `name=value`."""
    pairs = [parameter.split("=", 1) for parameter in parameters]
    return {name: [value] for name, value in pairs}, found.split()


CASES: list[Case] = [
    ({}, ALL),
    case("packed fitted", eventType="AggregationEvent|AssociationEvent"),
    case("extended", eventType="ex:InspectionEvent"),
    case("extended", eventType="https://ns.example.com/epcis/InspectionEvent"),
    case("fitted measured extended received", GE_eventTime="2026-05-01T07:00:00+02:00"),
    case("harvest", LT_eventTime="2026-05-01T01:00:00Z"),
    case(" ".join(ALL), GE_recordTime="2026-06-01T00:00:00Z"),
    case("", LT_recordTime="2026-06-01T00:00:00Z"),
    case(
        "harvest shipped packed",
        GE_recordTime="2026-06-01T00:00:00Z",
        LT_eventTime="2026-05-01T03:00:00Z",
        EQ_action="ADD|OBSERVE",
    ),
    case("harvest packed ordered", EQ_action="ADD"),
    case("wrong fitted", EQ_action="DELETE"),
    case("shipped received", EQ_bizStep="https://ref.gs1.org/cbv/BizStep-shipping|receiving"),
    case("juiced", EQ_bizStep="https://steps.example/juicing"),
    case("shipped", EQ_disposition="urn:epcglobal:cbv:disp:in_transit"),
    case("ordered", EQ_disposition="https://states.example/dispositions/odd"),
    case("shipped", EQ_persistentDisposition_set="completeness_verified"),
    case("shipped", EQ_persistentDisposition_unset="unknown"),
    case("shipped measured", EQ_readPoint=FARM),
    case("harvest", EQ_readPoint=GATE),
    case("packed", EQ_readPoint="https://farm.example/gate"),
    case("harvest shipped measured", WD_readPoint="urn:epc:id:sgln:9521234.00002.0"),
    case("harvest", WD_readPoint=GATE),
    case("harvest shipped", EQ_bizLocation="urn:epc:id:sgln:9521234.00002.0"),
    case("harvest shipped received", WD_bizLocation=f"{FARM}|{SHOP}"),
    case("juiced", EQ_transformationID="https://id.gs1.org/253/9521234000051RUN1"),
    case("shipped received ordered", MATCH_epc=SSCC),
    case("shipped received ordered", MATCH_epc=SSCC_URN),
    case("shipped packed", MATCH_epc="urn:epc:id:sgtin:9521234.154321.17"),
    case("shipped packed", MATCH_epc="urn:epc:idpat:sgtin:9521234.154321.*"),
    case("shipped packed", MATCH_epc=GTIN),
    case("shipped packed wrong", MATCH_epc="urn:epc:idpat:sgtin:9521234.*.*"),
    case("shipped packed wrong", MATCH_epc="urn:epc:idpat:sgtin:*.*.*"),
    case("shipped received ordered", MATCH_epc="urn:epc:idpat:sscc:9521234.*"),
    case("received", MATCH_epc="urn:epc:idpat:grai:9521234.00001.*"),
    case("received", MATCH_epc="https://id.gs1.org/8003/09521234000013"),
    case("fitted", MATCH_epc="urn:epc:idpat:giai:9521234.*"),
    case("packed", MATCH_parentID=SSCC),
    case("packed fitted", MATCH_parentID=f"{SSCC_URN}|{GRAI}"),
    case("juiced", MATCH_inputEPC="urn:epc:id:grai:9521234.00001.C9"),
    case("juiced", MATCH_outputEPC="https://id.gs1.org/01/09521234543213/21/1"),
    case("shipped received packed ordered", MATCH_anyEPC=SSCC),
    case("received juiced fitted", MATCH_anyEPC=GRAI),
    case("harvest packed", MATCH_epcClass="urn:epc:class:lgtin:9521234.154321.L7"),
    case("harvest packed", MATCH_epcClass="urn:epc:idpat:lgtin:9521234.154321.*"),
    case("", MATCH_epcClass=GTIN),
    case("juiced", MATCH_inputEPCClass=GTIN),
    case("juiced", MATCH_inputEPCClass="urn:epc:idpat:sgtin:9521234.*.*"),
    case("juiced", MATCH_outputEPCClass="https://id.gs1.org/01/09521234543213/10/J1"),
    case("harvest packed juiced", MATCH_anyEPCClass=f"{LOT}|urn:epc:idpat:lgtin:9521234.054321.*"),
    case("packed", EQ_quantity="20.0"),
    case("harvest", GT_quantity="100"),
    case("harvest juiced", GE_quantity="100"),
    case("packed juiced", LT_quantity="100"),
    case("packed juiced", LE_quantity="100.00"),
    case("harvest", EQ_quantity_TNE="0.5"),
    case("packed", LT_quantity_KGM="10"),
    case("harvest packed", GT_quantity_GRM="9000"),
    case("packed", LE_quantity_KGM="9.0718474"),
    case("harvest", GE_quantity_KGM="9.0718475"),
    case("harvest", EQ_eventID="urn:uuid:00000000-0000-4000-8000-000000000001"),
    case("wrong", EXISTS_errorDeclaration="true"),
    case("wrong", EXISTS_errorDeclaration=""),
    case(" ".join(ALL), EXISTS_errorDeclaration="false"),
    case("wrong", GE_errorDeclarationTime="2026-05-02T00:00:00Z"),
    case("", LT_errorDeclaration_Time="2026-05-02T00:00:00Z"),
    case("wrong", LT_errorDeclarationTime="2026-05-02T00:00:01Z", GE_errorDeclaration_Time="2026-05-02T02:00:00+02:00"),
    case("wrong", EQ_errorReason="incorrect_data"),
    case("", EQ_errorReason="did_not_occur"),
    case("wrong", EQ_correctiveEventID="urn:uuid:00000000-0000-4000-8000-000000000001"),
    case("shipped", EQ_bizTransaction_po="https://erp.example/po/7"),
    named("shipped", "EQ_bizTransaction_urn:epcglobal:cbv:btt:po=https://erp.example/po/7"),
    named("shipped", "EQ_bizTransaction_=https://erp.example/none/7"),
    named("ordered", "EQ_bizTransaction_https://erp.example/types/call=https://id.gs1.org/253/9521234000051C1"),
    case("", EQ_bizTransaction_inv="https://erp.example/po/7"),
    case("shipped", EQ_source_owning_party=PARTY),
    case("", EQ_source_possessing_party=PARTY),
    case("shipped", EQ_destination_location="https://id.gs1.org/414/9521234000037"),
    case("measured", EXISTS_sensorElementList="1"),
    case("measured", EXISTS_sensorElement=""),
    case("measured", GE_time="2026-05-01T07:00:00Z"),
    case("measured", EQ_time="2026-05-01T08:00:00+02:00"),
    case("", LT_time="2026-05-01T06:00:00Z"),
    case("measured", GE_startTime="2026-05-01T05:00:00Z", LT_startTime="2026-05-01T05:00:00.000001Z"),
    case("measured", GE_endTime="2026-05-01T06:30:00Z"),
    case("", LT_endTime="2026-05-01T06:30:00Z"),
    case("measured", EQ_type="gs1:Temperature"),
    case("measured", EQ_type="https://gs1.org/voc/Dimensionless|Mass"),
    case("measured", EQ_deviceID="https://id.gs1.org/8004/9521234D1"),
    case("measured", EQ_deviceID="https://devices.example/2"),
    case("measured", EQ_deviceMetadata="https://devices.example/meta"),
    case("measured", EQ_rawData="https://devices.example/raw"),
    case("measured", EQ_dataProcessingMethod="https://devices.example/method"),
    case("measured", EQ_bizRules="https://devices.example/rules"),
    case("measured", EQ_microorganism="https://www.ncbi.nlm.nih.gov/taxonomy/1126011"),
    case("measured", EQ_chemicalSubstance="https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N"),
    case("measured", EQ_stringValue="unripe|ripe"),
    case("measured", EQ_booleanValue="true"),
    case("", EQ_booleanValue="false"),
    case("measured", EQ_hexBinaryValue="F0AB"),
    case("measured", EQ_uriValue="https://values.example/1"),
    case("measured", EQ_value_CEL="20"),
    case("measured", EQ_value_KEL="293.15|0"),
    case("measured", GE_value_KEL="293.15"),
    case("", GT_value_KEL="293.15"),
    case("measured", LE_value_FAH="68"),
    case("", LT_value_FAH="68"),
    case("measured", GE_minValue_CEL="18", LT_minValue_CEL="19"),
    case("measured", GT_maxValue_KEL="295", LE_maxValue_CEL="22"),
    case("measured", GE_meanValue_CEL="20.2"),
    case("measured", GE_sDev_KEL="0.5", LE_sDev_FAH="0.9"),
    case("measured", GE_sDev="0.5"),
    case("measured", GE_percRank="50", LE_percRank="50"),
    case("measured", LT_percValue_CEL="20.2"),
    case("measured", GT_percValue="20"),
    case("", GE_value_A93="0"),
    named("shipped", "EQ_ex:note=by road"),
    named("shipped", "EQ_https://ns.example.com/epcis#note=by road"),
    named("shipped", "EQ_https://ns.example.com/epcis/#note=by road"),
    named("shipped", "EQ_https://ns.example.com/epcis/note=elsewhere|by road"),
    named("shipped", "EQ_mine:note=by road"),
    named("", "EQ_nobody:note=by road"),
    named("shipped", "EQ_ex:flag=true"),
    named("shipped received", "EQ_ex:weight=12.5"),
    named("shipped", "EQ_ex:weight=12.50"),
    named("shipped received", "GT_ex:weight=12.4", "LE_mine:weight=12.5"),
    named("", "LT_ex:weight=12.5"),
    named("extended", "GE_ex:score=100"),
    named("extended", "EQ_ex:on=soon"),
    named("received", "EQ_INNER_mine:note=a"),
    named("received", "GE_INNER_ex:worst=3"),
    named("", "EQ_mine:worst=3"),
    named("harvest", "EQ_ILMD_cbvmda:lotNumber=0123"),
    named("", "EQ_ILMD_cbvmda:lotNumber=123"),
    named("harvest", "GT_ILMD_cbvmda:lotNumber=122"),
    named("harvest", "GE_ILMD_ex:ripe=2026-04-30T22:00:00Z"),
    named("harvest", "EQ_ILMD_ex:ripe=2026-04-30T22:00:00Z"),
    named("", "LT_ILMD_ex:ripe=2026-04-30T22:00:00Z"),
    named("harvest juiced", "EQ_INNER_ILMD_ex:name=Rossi|Bianchi"),
    named("", "EQ_ILMD_ex:name=Rossi"),
    named("harvest", "EQ_INNER_ILMD_#plain=x"),
    named("harvest", "EQ_INNER_ILMD_plain=x"),
    named("harvest", "EXISTS_ILMD_ex:grower="),
    named("harvest juiced", "EXISTS_INNER_ILMD_ex:name=1"),
    named("shipped received", "EXISTS_ex:weight=true"),
    named("received", "EXISTS_ex:deep="),
    named("received", "EXISTS_INNER_ex:note="),
    named("harvest", "EQ_readPoint_ex:weather=rain"),
    named("harvest", "EXISTS_bizLocation_ex:field="),
    named("harvest", "EQ_INNER_bizLocation_ex:row=7"),
    named("wrong", "EXISTS_ERROR_DECLARATION_ex:blame="),
    named("wrong", "EQ_INNER_ERROR_DECLARATION_ex:who=scanner"),
    named("wrong", "GT_INNER_ERROR_DECLARATION_ex:times=1"),
    named("", "GT_ERROR_DECLARATION_ex:times=1"),
    named("measured", "EQ_SENSORELEMENT_ex:room=cellar"),
    named("measured", "GE_SENSORMETADATA_ex:battery=0.90"),
    named("", "LT_SENSORMETADATA_ex:battery=0.90"),
    named("measured", "EXISTS_SENSORREPORT_ex:place="),
    named("measured", "EQ_INNER_SENSORREPORT_ex:shelf=top"),
    named("", "EXISTS_SENSORELEMENT_ex:place="),
    named("", "HASATTR_bizLocation=cbvmda:site"),
    named("", "EQ_ATTR_bizLocation_site=7"),
    named("", "EQATTR_bizLocation_site=7"),
    case("shipped", MATCH_anyEPC=SSCC, EQ_bizStep="shipping", EQ_bizLocation=FARM, GE_eventTime="2026-05-01T00:00:00Z"),
]


def as_captured(event: dict[str, Any]) -> dict[str, Json]:
    """The event as it is read from its JSON text: numbers with their text."""
    tree = read(write(event))
    assert isinstance(tree, dict)
    return tree


def shown(case: Case) -> str:
    return "&".join(f"{name}={value[0]}" for name, value in case[0].items()) or "everything"
