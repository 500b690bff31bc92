"""Our OpenAPI document: complete, in both languages, and every example in it sent to a running server."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import httpx
import jsonschema_rs
import pytest

from api import passwords
from api.accounts import SCOPES, Accounts, session_id
from api.http.endpoint import Endpoint
from api.http.openapi import document, statuses
from api.http.v1.lots import MEMBER_EXAMPLE
from api.http.v1.schemas import COMPONENTS
from api.http.v1.table import ENDPOINTS
from api.invitations import Invitations, MadeInvitation
from api.settings import Settings
from ledger.store import accounts
from ledger.store.accounts import TokenRow
from schemas.syntax.workbook import XLSX
from tests.api.conftest import Consortium
from tests.simulator.cooperatives import joined
from tests.simulator.files import PDF
from tests.simulator.recalled import Story
from tests.simulator.server import running
from tests.simulator.sheets import GTIN, HARVEST, PLACE, sheet

WORDS = "una frase lunga e mia"
SHEET = sheet(HARVEST, [date(2026, 8, 3), GTIN, "R-1", 3, PLACE, "Rossi"])
Token = Callable[..., dict[str, str]]
TEMPLATE = """name = "lots"
sheet = "Lots"
rows = "lot"
[[columns]]
header = "Lot"
path = "lot.code"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(anonymous="published", policies=tmp_path / "trusted")


@pytest.fixture
def client(consortium: Consortium, settings: Settings) -> Iterator[httpx.Client]:
    with running(consortium.node, settings, token=None) as client:
        yield client


def test_the_document_says_which_version_it_is_and_lists_every_operation(client: httpx.Client) -> None:
    said = client.get("/api/v1/openapi.json").json()
    assert said["openapi"] == "3.1.0"
    listed = {operation["operationId"] for path in said["paths"].values() for operation in path.values()}
    assert listed == {endpoint.name for endpoint in ENDPOINTS} | {"describe"}


def test_the_document_and_the_page_speak_the_readers_language(client: httpx.Client) -> None:
    italian = {"Accept-Language": "it-IT, en;q=0.5"}
    said = client.get("/api/v1/openapi.json", headers=italian).json()
    assert said["paths"]["/api/v1/members"]["get"]["summary"] == "Elencare i soci."
    page = client.get("/docs", headers=italian)
    assert 'lang="it"' in page.text
    assert "Elencare i soci." in page.text
    assert "List the members." in client.get("/docs").text


def test_the_page_runs_no_script_and_loads_nothing(client: httpx.Client) -> None:
    page = client.get("/docs")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "<script" not in page.text
    assert "src=" not in page.text
    assert "http" not in page.text.replace("application/", "")


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_component_that_is_named_is_there(endpoint: Endpoint) -> None:
    text = json.dumps(document([endpoint], "en")["paths"])
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= set(COMPONENTS)


def example_request(endpoint: Endpoint) -> tuple[str, dict[str, Any]]:
    """The path with the examples of its parameters, and the body of its example."""
    path, query = endpoint.path.replace(":path", ""), {}
    for parameter in endpoint.parameters:
        if parameter.place == "path":
            path = path.replace(f"{{{parameter.name}}}", quote(str(parameter.example)))
        elif parameter.example is not None:
            query[parameter.name] = parameter.example
    how: dict[str, Any] = {"params": query}
    if endpoint.body is not None and endpoint.body.example is not None:
        how["content"] = json.dumps(endpoint.body.example)
        how["headers"] = {"Content-Type": endpoint.body.media[0]}
    return path, how


# Signed by a phone with a key of its own: `tests/api/test_devices.py`.
OF_A_PHONE = ("askAdmission", "admitDevice", "deviceFacts", "bringFile")


def test_every_example_runs(consortium: Consortium, client: httpx.Client, token: Token) -> None:
    """In the order of the document, by a member that may do everything, or the operator where only it may."""
    joined(consortium.node, "Cooperativa Terra", iss=MEMBER_EXAMPLE)
    row = TokenRow("0123456789ab", b"d" * 32, "old", consortium.sole, None, ("query",), 1, 2)
    with consortium.node.store.begin() as connection:
        accounts.put_token(connection, row)
    story = Story.told(consortium.node, consortium.sole)
    document_index = 0
    own, operator = token(consortium.sole, *SCOPES), token(None, "admin")
    consortium.node.membership.new_key("export", consortium.sole)
    persons = Persons.made(consortium)
    for endpoint in ENDPOINTS:
        if endpoint.name in OF_A_PHONE:
            continue
        path, how = example_request(endpoint)
        if endpoint.name == "scanPicture":
            how = {**how, "content": bytes(640 * 480), "headers": {"Content-Type": "application/octet-stream"}}
        if endpoint.name == "holdAgainst":
            how = {"content": consortium.node.checkpoint(), "headers": {"Content-Type": "text/plain"}}
        if endpoint.name == "recallNotice":
            how["params"]["lot"] = story.packing
        if endpoint.name == "attachFile":
            how = {**how, "content": PDF, "headers": {"Content-Type": "application/pdf"}}
        if endpoint.name == "exportTemplate":
            how = {**how, "content": TEMPLATE, "headers": {"Content-Type": "application/toml"}}
        if endpoint.name == "readDocument":
            path = path.replace("/0", f"/{document_index}")
        path, how = persons.asked(endpoint, path, how)
        if endpoint.name == "importSheet":
            how["content"], how["headers"] = SHEET, {"Content-Type": XLSX}
        by = {} if endpoint.verb == "own.account" else operator if endpoint.verb == "trust" else own
        sent = {**by, **how.pop("headers", {})}
        answer = client.request(endpoint.method, path, headers=sent, **how)
        assert answer.status_code == endpoint.success.status, (endpoint.name, answer.text)
        _holds(endpoint, answer)
        document_index = answer.json()["index"] if endpoint.name == "attachFile" else document_index


@dataclass(frozen=True, slots=True)
class Persons:
    """What the examples about persons need to be there: an account with sessions, and two invitations."""

    invited: list[MadeInvitation]
    sessions: list[str]

    @classmethod
    def made(cls, consortium: Consortium) -> "Persons":
        """Rosa, signed in three times, Vito, who is to go, and two who are invited."""
        node, persons = consortium.node, Accounts(consortium.node)
        with patch.object(passwords, "_LN", 4):
            persons.add_account("rosa", WORDS, member=consortium.sole, role="owner")
            persons.add_account("vito", WORDS, member=consortium.sole, role="field")
            sessions = [persons.login("rosa", WORDS, seconds=600) for _ in range(3)]
        invite = Invitations(node).invite
        return cls([invite(name, member=consortium.sole, role="field") for name in ("zoe", "ada")], sessions)

    def asked(self, endpoint: Endpoint, path: str, how: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The request of an example, with what of it cannot be known beforehand."""
        here, there, other = self.sessions
        if endpoint.verb == "own.account":
            how["headers"] = {**how.get("headers", {}), "Cookie": f"filiera={here}", "Sec-Fetch-Site": "same-origin"}
        id = {"endSession": session_id(there), "endOwnSession": session_id(other)}.get(endpoint.name)
        if id is not None:
            path = path.replace("0123456789ab", id).replace("maria", "rosa")
        if endpoint.name == "removeAccount":
            path = path.replace("maria", "vito")
        if endpoint.name == "withdrawInvitation":
            path = path.replace("0123456789ab", self.invited[0].invitation.id)
        if endpoint.name == "acceptInvitation":
            how["content"] = how["content"].replace("\\u2026", self.invited[1].secret)
        return path, how


def _holds(endpoint: Endpoint, answer: httpx.Response) -> None:
    """The answer is what the document says of it."""
    success = endpoint.success
    for name in success.headers:
        assert name in answer.headers, endpoint.name
    if success.schema is None:
        assert answer.content == b"", endpoint.name
        return
    assert answer.headers["content-type"].partition(";")[0] == success.media, endpoint.name
    if success.media == "application/json":
        schema = {**success.schema, "components": {"schemas": COMPONENTS}}
        jsonschema_rs.validator_for(schema).validate(answer.json())


def test_every_operation_admits_what_its_door_can_answer() -> None:
    for endpoint in ENDPOINTS:
        assert {400, 401, 503} <= set(statuses(endpoint)), endpoint.name
