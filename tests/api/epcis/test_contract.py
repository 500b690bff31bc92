"""Where a path leads: on its raw segments, under both prefixes."""

import pytest

from api.epcis.contract import Operation, Resource, find
from schemas.errors import InputError


def resource(path: str) -> Resource:
    return Resource(path, {"GET": Operation("describe", lambda exchange: None)})  # type: ignore[arg-type,return-value]


RESOURCES = tuple(
    resource(path)
    for path in (
        "/",
        "/capture",
        "/events",
        "/events/{eventID}",
        "/epcs/{epc}",
        "/epcs/{epc}/events",
        "/queries/{queryName}/subscriptions/{subscriptionID}",
    )
)
EPC = "https://id.gs1.org/01/09521001000017/21/events"


def found(path: str) -> tuple[str, dict[str, str], str] | None:
    place = find(RESOURCES, path)
    return None if place is None else (place.resource.path, dict(place.values), place.prefix)


@pytest.mark.parametrize("prefix", ["/epcis", "/epcis/v2_0"])
@pytest.mark.parametrize(
    ("path", "resource", "values"),
    [
        ("", "/", {}),
        ("/", "/", {}),
        ("/events", "/events", {}),
        ("/events/", "/events", {}),
        ("/Capture", "/capture", {}),
        ("/events/urn%3Auuid%3A1", "/events/{eventID}", {"eventID": "urn:uuid:1"}),
        ("/events/ni%3A%2F%2F%2Fsha-256%3Bdf7b%3Fver%3DCBV2.0", "/events/{eventID}",
         {"eventID": "ni:///sha-256;df7b?ver=CBV2.0"}),
        ("/events/ni:///sha-256;df7b", "/events/{eventID}", {"eventID": "ni:///sha-256;df7b"}),
        ("/epcs/https%3A%2F%2Fid.gs1.org%2F01%2F09521001000017%2F21%2Fevents", "/epcs/{epc}", {"epc": EPC}),
        ("/epcs/https%3A%2F%2Fid.gs1.org%2F01%2F09521001000017%2F21%2Fevents/events", "/epcs/{epc}/events",
         {"epc": EPC}),
        ("/epcs/https://id.gs1.org/01/09521001000017/21/1/events", "/epcs/{epc}/events",
         {"epc": "https://id.gs1.org/01/09521001000017/21/1"}),
        ("/queries/%C3%A8/subscriptions/7", "/queries/{queryName}/subscriptions/{subscriptionID}",
         {"queryName": "è", "subscriptionID": "7"}),
    ],
)  # fmt: skip
def test_a_path_leads_to_its_resource(prefix: str, path: str, resource: str, values: dict[str, str]) -> None:
    assert found(prefix + path) == (resource, values, prefix)


@pytest.mark.parametrize(
    "path",
    ["/", "/epcis2", "/epcis/nothing", "/epcis/capture/a/b", "/epcis//events", "/epcis/events/a/subscriptions/b/c"],
)
def test_other_paths_lead_nowhere(path: str) -> None:
    place = found(path)
    assert place is None or place[0] == "/events/{eventID}"


def test_a_value_that_is_no_utf8_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        find(RESOURCES, "/epcis/events/%FF")
    assert refused.value.code == "path-encoding"
