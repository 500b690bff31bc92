"""Every official and OpenEPCIS document goes in over HTTP and comes back equal; every invalid one is refused.

Each is captured into a store that holds nothing else, by the requests a client makes, and asked for again with
`GS1-EPC-Format: Never_Translates`: less `recordTime`, and an `eventID` that was not sent, it is what it was, to the
text of its numbers.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledger.node import Node
from schemas.epcis.document import read_any
from schemas.epcis.event import EVENTS_AT, split, with_context
from schemas.epcis.event_hash import event_hash
from schemas.syntax import json_text
from tests.contract.test_every_document import INVALID, REFUSED, VALID
from tests.contract.test_every_xml_document import XML, sound
from tests.official import present
from tests.simulator.phones import made, opened
from tests.simulator.server import JSON, ended, running, token_of

pytestmark = pytest.mark.long

AS_SENT = {"GS1-EPC-Format": "Never_Translates"}
AS_XML = {"Content-Type": "application/xml"}
XML_WANTED = {"Accept": "application/xml", "GS1-CBV-XML-Format": "Never_Translates"}


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a log that holds nothing yet but its keys, and a token for it."""
    folder = tmp_path_factory.mktemp("founded")
    with made(str(folder / "store"), folder) as node:
        return folder, token_of(node, node.own_member("admin"))


@pytest.fixture
def node(founded: tuple[Path, str], tmp_path: Path) -> Iterator[Node]:
    """A fresh store: the founded one, copied with everything beside it."""
    shutil.copytree(founded[0], tmp_path / "fresh")
    with opened(str(tmp_path / "fresh" / "store"), tmp_path / "fresh") as node:
        yield node


@pytest.fixture
def client(node: Node, founded: tuple[Path, str]) -> Iterator[httpx.Client]:
    """A client of a server over the fresh store."""
    with running(node, token=founded[1]) as client:
        yield client


@pytest.mark.parametrize("file", VALID)
def test_document_comes_back_as_it_was_sent(client: httpx.Client, file: Path) -> None:
    tree = json_text.read(present(file).read_bytes())
    send(client, file.read_bytes(), tree)
    sent, back = events_of(tree), returned(client)
    assert len(sent) == len(back) > 0
    for before, after in zip(sent, back, strict=True):
        assert less(after, before) == less(before, before)
        assert after["eventID"]
        assert after["recordTime"]


@pytest.mark.parametrize("file", REFUSED)
def test_invalid_document_is_refused_with_the_right_problem(client: httpx.Client, file: Path) -> None:
    problems = refused(client, present(file).read_bytes(), JSON)
    assert all(problem["member"] for problem in problems)
    assert returned(client) == []


def refused(client: httpx.Client, data: bytes, headers: dict[str, str]) -> list[dict[str, Any]]:
    """The problems of a document that is refused, at once or by its job."""
    answer = client.post("/epcis/capture", content=data, headers=headers)
    if answer.status_code == 202:
        job = ended(client, answer.headers["location"])
        assert (job["success"], job["captured"]) == (False, [])
        problems: list[dict[str, Any]] = job["errors"]
        assert all(isinstance(problem["event"], int) for problem in problems)
    else:
        problems = [answer.json()]
        assert answer.status_code == 400
    assert problems
    assert {problem["type"] for problem in problems} == {"epcisException:ValidationException"}
    return problems


@pytest.mark.parametrize("file", XML)
def test_document_in_xml_comes_back_as_it_was_sent_or_is_refused(client: httpx.Client, file: Path) -> None:
    data = present(file).read_bytes()
    if not sound(file):
        assert refused(client, data, AS_XML)
        assert returned(client) == []
        return
    tree = read_any(data, "application/xml").tree
    send(client, data, tree, AS_XML)
    sent, back, in_xml = events_of(tree), returned(client), returned(client, **XML_WANTED)
    assert len(sent) == len(back) == len(in_xml)
    for before, after, again in zip(sent, back, in_xml, strict=True):
        assert less(after, before) == less(before, before)
        assert said(again) == said(after)


def test_no_valid_document_is_left_out() -> None:
    assert INVALID not in {parameter.values[0].name for parameter in VALID}
    assert len([parameter for parameter in VALID if parameter.values[0].exists()]) in (0, 71)


def send(client: httpx.Client, data: bytes, tree: Any, headers: dict[str, str] = JSON) -> None:
    """Capture a document, or an event by itself."""
    if isinstance(tree, dict) and tree.get("type") in EVENTS_AT:
        answer = client.post("/epcis/capture", content=data, headers=headers)
        assert answer.status_code == 202, answer.text
        job = ended(client, answer.headers["location"])
        assert job["success"], job["errors"]
    else:
        answer = client.post("/epcis/events", content=data, headers=headers)
        assert answer.status_code == 201, answer.text


def returned(client: httpx.Client, **headers: str) -> list[Any]:
    """Every event that is there, as it is given back."""
    answer = client.get("/epcis/events", params={"perPage": 1000}, headers={**AS_SENT, **headers})
    assert answer.status_code == 200, answer.text
    assert answer.headers["GS1-EPC-Format"] == "Never_Translates"
    assert "next" not in answer.links
    return events_of(read_any(answer.content, answer.headers["content-type"]).tree)


def events_of(tree: Any) -> list[Any]:
    """The events of a document, each with the `@context` it stands in as a list."""
    sent = split(tree)
    whole = [with_context(sent.context, event) for event in sent.events if isinstance(event, dict)]
    return [{**event, "@context": _listed(event["@context"])} for event in whole]


def _listed(context: Any) -> list[Any]:
    return context if isinstance(context, list) else [context]


def said(event: dict[str, Any]) -> tuple[str, str]:
    """What an event says, whatever prefixes and spelling its document chose, and under which id."""
    return event_hash(event), event["eventID"]


def less(event: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """Less what the repository adds: the record time, and an `eventID` where none was sent."""
    added = {"recordTime"} if "eventID" in sent else {"recordTime", "eventID"}
    return {name: value for name, value in event.items() if name not in added}
