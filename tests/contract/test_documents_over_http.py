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
from schemas.epcis.event import EVENTS_AT, split, with_context
from schemas.syntax import json_text
from tests.contract.test_every_document import INVALID, REFUSED, VALID
from tests.official import present
from tests.simulator.phones import made, opened
from tests.simulator.server import JSON, ended, running, token_of

AS_SENT = {"GS1-EPC-Format": "Never_Translates"}


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
    data = present(file).read_bytes()
    answer = client.post("/epcis/capture", content=data, headers=JSON)
    if answer.status_code == 202:
        job = ended(client, answer.headers["location"])
        assert (job["success"], job["captured"]) == (False, [])
        problems = job["errors"]
        assert all(isinstance(problem["event"], int) and problem["member"] for problem in problems)
    else:
        problems = [answer.json()]
        assert answer.status_code == 400
    assert problems
    assert {problem["type"] for problem in problems} == {"epcisException:ValidationException"}
    assert returned(client) == []


def test_no_valid_document_is_left_out() -> None:
    assert INVALID not in {parameter.values[0].name for parameter in VALID}
    assert len([parameter for parameter in VALID if parameter.values[0].exists()]) in (0, 71)


def send(client: httpx.Client, data: bytes, tree: Any) -> None:
    """Capture a document, or an event by itself."""
    if isinstance(tree, dict) and tree.get("type") in EVENTS_AT:
        answer = client.post("/epcis/capture", content=data, headers=JSON)
        assert answer.status_code == 202, answer.text
        job = ended(client, answer.headers["location"])
        assert job["success"], job["errors"]
    else:
        answer = client.post("/epcis/events", content=data, headers=JSON)
        assert answer.status_code == 201, answer.text


def returned(client: httpx.Client) -> list[Any]:
    """Every event that is there, as it is given back."""
    answer = client.get("/epcis/events", params={"perPage": 1000}, headers=AS_SENT)
    assert answer.status_code == 200, answer.text
    assert answer.headers["GS1-EPC-Format"] == "Never_Translates"
    assert "next" not in answer.links
    return events_of(json_text.read(answer.content))


def events_of(tree: Any) -> list[Any]:
    """The events of a document, each with the `@context` it stands in as a list."""
    sent = split(tree)
    whole = [with_context(sent.context, event) for event in sent.events if isinstance(event, dict)]
    return [{**event, "@context": _listed(event["@context"])} for event in whole]


def _listed(context: Any) -> list[Any]:
    return context if isinstance(context, list) else [context]


def less(event: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """Less what the repository adds: the record time, and an `eventID` where none was sent."""
    added = {"recordTime"} if "eventID" in sent else {"recordTime", "eventID"}
    return {name: value for name, value in event.items() if name not in added}
