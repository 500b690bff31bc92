"""Only the order of members changes, and it is that of EPCIS, at every depth."""

from typing import Any

import pytest

from schemas.epcis.holders import EVENTS
from schemas.epcis.member_order import in_order

EVENT: dict[str, Any] = {
    "ext:b": {"z": "1", "a": "2"},
    "ilmd": {"ext:b": "1", "cbvmda:a": "2"},
    "action": "ADD",
    "quantityList": [{"uom": "KGM", "quantity": 1, "epcClass": "urn:a"}],
    "type": "ObjectEvent",
    "sensorElementList": [{"sensorReport": [{"value": 1, "type": "Temperature"}], "sensorMetadata": {"time": "t"}}],
    "@context": [{"b": "urn:b", "a": "urn:a"}],
    "ext:a": "1",
}


def test_an_object_event_is_put_in_order() -> None:
    found: Any = in_order(EVENT)
    assert found == EVENT
    assert list(found) == [
        "@context", "type", "action", "quantityList", "sensorElementList", "ilmd", "ext:a", "ext:b",
    ]  # fmt: skip
    assert list(found["quantityList"][0]) == ["epcClass", "quantity", "uom"]
    assert list(found["sensorElementList"][0]) == ["sensorMetadata", "sensorReport"]
    assert list(found["sensorElementList"][0]["sensorReport"][0]) == ["type", "value"]
    assert list(found["ilmd"]) == ["cbvmda:a", "ext:b"]
    assert list(found["ext:b"]) == ["a", "z"]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_every_type_has_the_order_of_its_own(event: Any) -> None:
    backwards = dict.fromkeys(reversed(event.members), "x") | {"type": event.name}
    assert tuple(in_order(backwards)) == event.members


def test_what_is_no_event_of_epcis_has_its_members_in_order_too() -> None:
    assert list(in_order({"bizStep": "a", "eventTime": "b", "type": "ext:Event"})) == ["type", "eventTime", "bizStep"]
    assert in_order({"type": 5, "quantityList": "no list"}) == {"type": 5, "quantityList": "no list"}
