"""Findings over HTTP: each caller its own and those about its shipments; what it may not see is not shown."""

import pytest

from api.settings import Settings
from schemas.epcis.instant import written as written_time
from tests.api.conftest import Consortium
from tests.api.http.roles import Roles
from tests.simulator.cooperatives import LUNA, STRANGER, document, harvested, lot, party, shipped, written
from tests.simulator.server import ended, running

DAY = 86_400


@pytest.fixture
def roles(consortium: Consortium) -> Roles:
    return Roles.made(consortium, Settings())


def received(code: str, kilos: int) -> dict[str, object]:
    told = shipped(code, to=party(LUNA), bizStep="receiving", eventTime="2026-07-03T08:00:00Z")
    return {**told, "quantityList": [{"epcClass": lot(code), "quantity": kilos, "uom": "KGM"}]}


def test_each_sees_its_own_and_what_is_about_its_shipments(consortium: Consortium, roles: Roles) -> None:
    node = consortium.node
    node.capture(document(harvested("A", kilos=30), shipped("A", to=party(STRANGER))), member=consortium.sole)
    node.capture(document(harvested("B"), shipped("B", to=party(LUNA))), member=consortium.sole)
    node.capture(document(received("B", 39)), member=consortium.luna)
    with running(node, Settings(), token=None) as client:

        def seen(role: str, **how: str) -> list[tuple[str, int]]:
            answer = client.get("/api/v1/findings", params=how, headers=roles[role])
            assert answer.status_code == 200, answer.text
            return [(item["code"], item["hidden"]) for item in answer.json()["findings"]]

        assert seen("operator:query") == [("lot-overdrawn", 0), ("received-differs", 0)]
        # Luna may see the shipment to her, and nothing of the one to somebody else. Sole sees its own shipment, and of
        # Luna's receipt only that there is one.
        assert seen("luna:all") == [("received-differs", 0)]
        assert seen("sole:query") == [("lot-overdrawn", 0), ("received-differs", 1)]
        (partly,) = client.get(
            "/api/v1/findings", params={"code": "received-differs"}, headers=roles["sole:query"]
        ).json()["findings"]
        assert set(partly["context"]) == {"lot"}
        assert "39" not in partly["text"]
        assert "not shown" in partly["text"]
        assert seen("operator:query", member=consortium.sole) == [("lot-overdrawn", 0)]
        assert seen("operator:query", lot=lot("B")) == [("received-differs", 0)]
        hidden = client.get("/api/v1/findings", params={"lot": lot("A")}, headers=roles["luna:all"])
        assert (hidden.status_code, hidden.json()["code"]) == (404, "unknown-lot")
        assert client.get("/api/v1/findings", headers=roles["public"]).status_code == 401


def test_pages_follow_each_other(consortium: Consortium, roles: Roles) -> None:
    events = [event for n in range(5) for event in (harvested(f"L{n}", kilos=1), shipped(f"L{n}", to=party(STRANGER)))]
    consortium.node.capture(document(*events), member=consortium.sole)
    with running(consortium.node, Settings(), token=None) as client:
        for more in ({}, {"as_of": "2999-01-01"}):
            found, after = [], None
            while True:
                params = {"limit": 2, **more, **({"after": after} if after else {})}
                page = client.get("/api/v1/findings", params=params, headers=roles["operator:query"]).json()
                found += [item["subject"] for item in page["findings"]]
                after = page["next"]
                if after is None:
                    break
            assert sorted(found) == [lot(f"L{n}") for n in range(5)]


def test_as_of_a_time_what_came_later_was_not_known(consortium: Consortium, roles: Roles) -> None:
    node, clock = consortium.node, consortium.clock
    wrong = {**shipped("A", to=party(STRANGER)), "eventID": "urn:uuid:9f1e9aa2-6bd4-4d4c-8f1c-6d1d3d7f8e01"}
    node.capture(document(harvested("A", kilos=30), wrong), member=consortium.sole)
    between = written_time(int(clock.now + 1800) * 1_000_000)
    clock.now += 3600
    error = {"errorDeclaration": {"declarationTime": "2026-07-05T08:00:00Z", "reason": "incorrect_data"}}
    node.capture(document({**wrong, **error}), member=consortium.sole)
    with running(node, Settings(), token=None) as client:

        def codes(**how: str) -> list[str]:
            answer = client.get("/api/v1/findings", params=how, headers=roles["operator:query"])
            return [item["code"] for item in answer.json()["findings"]]

        assert codes() == []
        assert codes(lot=lot("A")) == []
        assert codes(as_of=between) == ["lot-overdrawn"]
        assert codes(as_of=between, lot=lot("A")) == ["lot-overdrawn"]
        assert codes(as_of="2026-01-01") == []


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"as_of": "ieri"}, "moment-form"), ({"code": "nothing"}, "finding-code"),
        ({"after": "x"}, "parameter-value"), ({"after": "W10"}, "parameter-value"),
        ({"days": "99999"}, "finding-days"), ({"lot": "(01)1"}, None),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_a_problem(
    consortium: Consortium, roles: Roles, params: dict[str, str], code: str | None
) -> None:
    with running(consortium.node, Settings(), token=None) as client:
        answer = client.get("/api/v1/findings", params=params, headers=roles["operator:query"])
        assert answer.status_code == 400
        assert code is None or answer.json()["code"] == code


def test_a_capture_says_how_many_findings_it_caused_and_where_to_read_them(
    consortium: Consortium, roles: Roles
) -> None:
    node, headers = consortium.node, {**roles["luna:all"], "Content-Type": "application/json"}
    with running(node, Settings(), token=None) as client:
        clean = client.post("/api/v1/capture", content=written(harvested("A", kilos=30)), headers=headers).json()
        assert clean["findings"]["count"] == 0
        answer = client.post("/api/v1/capture", content=written(shipped("A", to=party(STRANGER))), headers=headers)
        told = answer.json()
        assert told["findings"]["count"] == 1
        (found,) = client.get(told["findings"]["read"], headers=headers).json()["findings"]
        assert (found["code"], found["index"]) == ("lot-overdrawn", told["captured"][0]["index"])
        # The standard's own way: a job, which says the same once it is done.
        sent = client.post("/epcis/capture", content=written(shipped("A", to=party(LUNA))), headers=headers)
        job = ended(client, sent.headers["location"], headers=headers)
        assert job["findings"]["count"] == 1
        assert client.get(job["findings"]["read"], headers=headers).json()["findings"][0]["index"] > found["index"]
        again = client.post("/api/v1/capture", content=written(shipped("A", to=party(LUNA))), headers=headers).json()
        assert again["findings"] == {"count": 0, "read": None}


def test_findings_are_asked_since_a_time_and_of_some_entries(consortium: Consortium) -> None:
    node, clock = consortium.node, consortium.clock
    events = [harvested("A", kilos=30), shipped("A", to=party(STRANGER))]
    first = [item.index for item in node.capture(document(*events), member=consortium.sole)]
    clock.now += DAY
    begin = written_time(int(clock.now * 1_000_000))
    events = [harvested("B", kilos=30), shipped("B", to=party(STRANGER))]
    second = [item.index for item in node.capture(document(*events), member=consortium.sole)]
    headers = Roles.made(consortium, Settings())["operator:query"]
    with running(node, Settings(), token=None) as client:

        def seen(**how: object) -> list[int]:
            answer = client.get("/api/v1/findings", params=how, headers=headers)  # type: ignore[arg-type]
            assert answer.status_code == 200, answer.text
            return [item["index"] for item in answer.json()["findings"]]

        assert seen() == [first[1], second[1]]
        for more in ({}, {"as_of": "2999-01-01"}):
            assert seen(since=begin, **more) == [second[1]]
            assert seen(since=begin[:10], **more) == [second[1]]
            assert seen(since="2999-01-01", **more) == []
            assert seen(entries=f"{first[0]}-{first[1]}", **more) == [first[1]]
            assert seen(entries=f"0-{first[1]}", since=begin, **more) == []
        assert seen(since=begin, lot=lot("A")) == []
        for wrong, code in (({"entries": "9-3"}, "finding-entries"), ({"since": "then"}, "moment-form")):
            answer = client.get("/api/v1/findings", params=wrong, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (400, code)
