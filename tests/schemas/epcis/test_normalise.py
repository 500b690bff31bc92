import copy
import json
from pathlib import Path
from typing import Any

import pytest

from schemas.epcis.event import split, with_context
from schemas.epcis.event_hash import event_hash
from schemas.epcis.normalise import normalise
from schemas.syntax.json_text import Number, read
from tests.official import official_files, present

SENT: dict[str, Any] = {
    "type": "AggregationEvent",
    "parentID": "urn:epc:id:sscc:9521234.0000000111",
    "childEPCs": ["urn:epc:id:sgtin:9521234.154321.7", "urn:coop:crate:9"],
    "childQuantityList": [{"epcClass": "https://coop.example/gtin/19521234543210/lot/L7", "quantity": Number("1.50")}],
    "bizStep": "urn:epcglobal:cbv:bizstep:packing",
    "disposition": "https://coop.example/disp/ripe",
    "persistentDisposition": {"set": ["cbv:Disp-completeness_verified"]},
    "readPoint": {"id": "urn:epc:id:sgln:9521234.00001.0", "coop:x": "urn:epc:id:sgln:9521234.00001.0"},
    "sourceList": [{"type": "urn:epcglobal:cbv:sdt:owning_party", "source": "urn:epc:id:pgln:9521234.00001"}],
    "sensorElementList": [{"sensorReport": [{"type": "gs1:Temperature", "value": Number("4.0")}]}],
    "coop:note": "urn:epcglobal:cbv:bizstep:packing",
}
READ: dict[str, Any] = {
    "type": "AggregationEvent",
    "parentID": "https://id.gs1.org/00/095212340000001119",
    "childEPCs": ["https://id.gs1.org/01/19521234543210/21/7", "urn:coop:crate:9"],
    "childQuantityList": [{"epcClass": "https://id.gs1.org/01/19521234543210/10/L7", "quantity": Number("1.50")}],
    "bizStep": "packing",
    "disposition": "https://coop.example/disp/ripe",
    "persistentDisposition": {"set": ["completeness_verified"]},
    "readPoint": {"id": "https://id.gs1.org/414/9521234000013", "coop:x": "urn:epc:id:sgln:9521234.00001.0"},
    "sourceList": [{"type": "owning_party", "source": "https://id.gs1.org/417/9521234000013"}],
    "sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": Number("4.0")}]}],
    "coop:note": "urn:epcglobal:cbv:bizstep:packing",
}


def test_identifiers_and_words_are_read_in_one_spelling_and_the_rest_as_sent() -> None:
    before = copy.deepcopy(SENT)
    assert normalise(SENT) == READ
    assert before == SENT
    assert list(normalise(SENT)) == list(SENT)


def test_reading_twice_changes_nothing() -> None:
    assert normalise(READ) == READ


@pytest.mark.parametrize("document", official_files("gs1/gs1-epcis/JSON/**/*.jsonld"))
def test_an_official_event_as_read_is_still_the_same_event(document: Path) -> None:
    sent = split(read(present(document).read_bytes()))
    for event in sent.events:
        if isinstance(event, dict) and "eventTime" in event:
            whole = with_context(sent.context, event)
            as_read = normalise(whole)
            assert as_read.keys() == whole.keys()
            assert event_hash(as_read) == event_hash(whole)


def test_any_shape_is_read_without_an_error() -> None:
    for value in (None, 7, "a", [], {}, [[]], [{}], {"id": []}, json.loads('{"set": [1, null]}')):
        for name in SENT:
            assert name in normalise({name: value})
