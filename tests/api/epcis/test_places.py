"""Queries that master data decides, over HTTP: a place inside another, and places with an attribute, when it was so."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.settings import Settings
from tests.api.conftest import Consortium
from tests.simulator import master
from tests.simulator.cooperatives import harvested
from tests.simulator.cooperatives import written as document
from tests.simulator.server import JSON, ended, running, token_of

VALLEY = "https://dop.example/site/valle"
HALL, LINE, OTHER = (f"https://id.gs1.org/414/{gln}" for gln in ("9521001000017", "9521001000024", "9521001000031"))


@pytest.fixture
def client(consortium: Consortium) -> Iterator[httpx.Client]:
    with running(consortium.node, Settings(), token=None) as client:
        yield client


@pytest.fixture
def sole(consortium: Consortium) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_of(consortium.node, consortium.sole)}"}


@pytest.fixture
def luna(consortium: Consortium) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_of(consortium.node, consortium.luna)}"}


def site(id: str, **more: Any) -> dict[str, Any]:
    return {**master.site(id=id, gln=None, parent=None), **more}


def at(place: str, lot: str, time: str) -> dict[str, Any]:
    return {**harvested(lot), "eventTime": time, "eventTimeZoneOffset": "+00:00", "readPoint": {"id": place}}


@pytest.fixture
def filled(client: httpx.Client, sole: dict[str, str]) -> None:
    """A line in a hall in a valley; the line moved to another hall in June."""
    sites = (
        site(HALL, parent=VALLEY, kind="packhouse"),
        site(LINE, parent=HALL, kind="cellar"),
        site(LINE, parent=OTHER, kind="dairy", validFrom="2026-06-01"),
    )
    said = client.post("/api/v1/master", content=master.written(*sites), headers={**JSON, **sole})
    assert said.status_code == 200, said.text
    events = (
        at(HALL, "H", "2026-05-01T08:00:00Z"),
        at(LINE, "L-1", "2026-05-02T08:00:00Z"),
        at(LINE, "L-2", "2026-06-02T08:00:00Z"),
        at("https://id.gs1.org/414/9521001000024/254/7", "L-3", "2026-05-03T08:00:00Z"),
        at(OTHER, "O", "2026-05-04T08:00:00Z"),
    )
    sent = client.post("/epcis/capture", content=document(*events), headers={**JSON, **sole})
    assert sent.status_code == 202, sent.text
    assert ended(client, sent.headers["location"], headers=sole)["success"]


def lots(client: httpx.Client, headers: dict[str, str], **query: str) -> list[str]:
    answer = client.get("/epcis/events", headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    events = answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return sorted(event["quantityList"][0]["epcClass"].rpartition("/")[2] for event in events)


@pytest.mark.usefixtures("filled")
def test_wd_finds_what_was_inside_when_it_happened(client: httpx.Client, sole: dict[str, str]) -> None:
    assert lots(client, sole, WD_readPoint=VALLEY) == ["H", "L-1", "L-3"]
    assert lots(client, sole, WD_readPoint=HALL) == ["H", "L-1", "L-3"]
    assert lots(client, sole, WD_readPoint=OTHER) == ["L-2", "O"]
    assert lots(client, sole, WD_readPoint=f"{LINE}|{OTHER}") == ["L-1", "L-2", "L-3", "O"]
    assert lots(client, sole, WD_readPoint="urn:epc:id:sgln:9521001.00002.0") == ["L-1", "L-2", "L-3"]


@pytest.mark.usefixtures("filled")
def test_attributes_are_those_of_the_time_in_any_spelling(client: httpx.Client, sole: dict[str, str]) -> None:
    assert lots(client, sole, EQATTR_readPoint_kind="cellar") == ["L-1"]
    assert lots(client, sole, EQ_ATTR_readPoint_kind="dairy|packhouse") == ["H", "L-2"]
    assert lots(client, sole, **{"EQATTR_readPoint_urn:epcglobal:cbv:mda:city": "Termeno"}) == ["H", "L-1", "L-2"]
    assert lots(client, sole, HASATTR_readPoint="cbvmda:latitude") == ["H", "L-1", "L-2"]
    assert lots(client, sole, HASATTR_readPoint="cbvmda:sst") == []
    assert lots(client, sole, HASATTR_epcClass="name") == []


@pytest.mark.usefixtures("filled")
def test_nobody_learns_from_another_members_master_data(client: httpx.Client, luna: dict[str, str]) -> None:
    assert lots(client, luna, WD_readPoint=VALLEY) == []
    assert lots(client, luna, EQATTR_readPoint_kind="cellar") == []
