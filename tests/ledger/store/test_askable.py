"""What somebody who sees events in part may ask of them: parameters of the standard, one by one."""

import pytest

from ledger.audience import Parties, full, member, nothing, public
from ledger.store.visibility import askable
from schemas.epcis.query import Condition, parse_query

SHOWN = {
    "eventType": "ObjectEvent",
    "EQ_action": "ADD",
    "EQ_bizStep": "shipping",
    "EQ_disposition": "in_transit",
    "GE_eventTime": "2026-01-01T00:00:00Z",
    "LT_recordTime": "2026-01-01T00:00:00Z",
    "GE_errorDeclarationTime": "2026-01-01T00:00:00Z",
    "EQ_errorReason": "incorrect_data",
    "EXISTS_errorDeclaration": "",
    "EQ_transformationID": "urn:epc:id:gdti:9521234.00001.1618034",
    "EQ_quantity": "10",
    "GE_quantity_KGM": "10",
    "MATCH_epc": "urn:epc:id:sscc:9521234.0000000111",
    "MATCH_parentID": "urn:epc:id:sscc:9521234.0000000111",
    "MATCH_inputEPC": "urn:epc:id:sscc:9521234.0000000111",
    "MATCH_outputEPC": "urn:epc:id:sscc:9521234.0000000111",
    "MATCH_anyEPC": "urn:epc:id:sscc:9521234.0000000111",
    "MATCH_epcClass": "https://id.gs1.org/01/09521001002011/10/A",
    "MATCH_inputEPCClass": "https://id.gs1.org/01/09521001002011/10/A",
    "MATCH_outputEPCClass": "https://id.gs1.org/01/09521001002011/10/A",
    "MATCH_anyEPCClass": "https://id.gs1.org/01/09521001002011/10/A",
    "EQ_ILMD_cbvmda:lotNumber": "A",
    "orderBy": "eventTime",
}
HIDDEN = {
    "EQ_readPoint": "urn:epc:id:sgln:9521234.00001.0",
    "WD_readPoint": "urn:epc:id:sgln:9521234.00001.0",
    "EQ_bizLocation": "urn:epc:id:sgln:9521234.00001.0",
    "WD_bizLocation": "urn:epc:id:sgln:9521234.00001.0",
    "EQ_bizTransaction_po": "urn:epc:id:gdti:9521234.00001.1618034",
    "EQ_source_owning_party": "urn:epc:id:pgln:9521234.00001",
    "EQ_destination_location": "urn:epc:id:sgln:9521234.00001.0",
    "EQ_eventID": "ni:///sha-256;00?ver=CBV2.0",
    "EQ_correctiveEventID": "ni:///sha-256;00?ver=CBV2.0",
    "EQ_persistentDisposition_set": "damaged",
    "EQ_persistentDisposition_unset": "damaged",
    "EQ_type": "Temperature",
    "GE_value_KEL": "280",
    "EQ_stringValue": "x",
    "GE_startTime": "2026-01-01T00:00:00Z",
    "EXISTS_sensorElementList": "",
    "EQ_ILMD_cbvmda:grade": "A",
    "EXISTS_ILMD_cbvmda:grade": "",
    "EQ_INNER_ILMD_cbvmda:lotNumber": "A",
    "EQ_example:own": "x",
    "EXISTS_readPoint_example:own": "",
    "HASATTR_bizLocation": "site",
    "EQATTR_bizLocation_site": "1",
    "orderBy": "example:own",
}
PREFIXES = {"example": "https://example.org/"}
MEMBER = member("urn:uuid:a", Parties(), given=nothing, published=nothing)


def conditions(name: str, value: str) -> list[Condition]:
    query = parse_query({name: [value]}, prefixes=PREFIXES)
    order = [Condition("orderBy", "EXISTS", query.order.field)] if query.order else []
    return [*query.conditions, *order]


@pytest.mark.parametrize("name", SHOWN)
def test_what_everybody_is_shown_may_be_asked_for(name: str) -> None:
    (condition,) = conditions(name, SHOWN[name])
    assert askable(public(), condition)


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_not_shown_may_not_be_asked_for(name: str) -> None:
    (condition,) = conditions(name, HIDDEN[name])
    assert not askable(public(), condition)
    assert askable(full(), condition)
    assert askable(MEMBER, condition)
