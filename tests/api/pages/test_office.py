"""The office's first page: what does not add up, what is about to end, for whoever may read that."""

import json
from collections.abc import Iterator
from unittest.mock import patch

import httpx
import pytest

from api import passwords
from api.accounts import Accounts
from api.settings import Settings
from api.verbs.master import add
from ledger.node import Node
from tests.api.conftest import Clock
from tests.simulator.cooperatives import SOLE, document, shipped
from tests.simulator.master import certificate
from tests.simulator.phones import made
from tests.simulator.server import running
from tests.simulator.sheets import HARVEST, csv, sheet, with_part

WORDS = "una frase lunga e mia"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
NOW = 1_782_900_000.0  # 1 July 2026


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    folder = tmp_path_factory.mktemp("office")
    with made(str(folder / "store"), folder, gln=SOLE, prefixes=("9521001",), clock=Clock(NOW)) as node:
        yield node


@pytest.fixture(scope="module")
def client(node: Node) -> Iterator[httpx.Client]:
    with running(node, Settings(), token=None) as client:
        yield client


def entered(node: Node, role: str, name: str = "") -> str:
    """The cookie of somebody new in this role."""
    with patch.object(passwords, "_LN", 4):
        accounts = Accounts(node)
        accounts.add_account(name or role, WORDS, member=node.own_member(), role=role)
        return f"filiera={accounts.login(name or role, WORDS, seconds=600)}"


def page(node: Node, client: httpx.Client, role: str) -> str:
    cookie = entered(node, role)
    answer = client.get("/ufficio", headers={"Cookie": cookie, "Accept": "text/html", "Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.text


def test_what_is_to_be_done_is_listed_for_whoever_may_read_it(node: Node, client: httpx.Client) -> None:
    member = node.own_member()
    node.capture(document(shipped("P-9", to="https://id.gs1.org/417/9521003000015")), member=member)
    ending = certificate(number="BIO-123", validFrom="2025-08-01", validTo="2026-07-31")
    lasting = certificate(id="https://dop.example/c/2", number="BIO-9", validFrom="2025-08-01", validTo="2027-07-31")
    add(node, json.dumps([ending, lasting]).encode(), member=member)
    Accounts(node).add_token("gestionale", member=member, scopes=["query"], days=10)
    Accounts(node).add_token("sito", member=member, scopes=["query"], days=300)
    owner = page(node, client, "owner")
    assert "BIO-123</strong> is good until 31 July 2026" in owner
    assert "BIO-9<" not in owner
    assert "gestionale</strong> ends on" in owner
    assert "sito<" not in owner
    assert "What does not add up" in owner
    office = page(node, client, "office")
    assert "BIO-123" in office
    assert "gestionale" not in office


def handed_in(client: httpx.Client, cookie: str, name: str, data: bytes) -> httpx.Response:
    headers = {"Cookie": cookie, "Accept": "text/html", "Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
    files = {"file": (name, data, "application/octet-stream")} if name else None
    return client.post("/ufficio/importa", headers=headers, files=files or {"other": ("x", b"")})


def test_a_file_that_cannot_be_read_is_refused_beside_the_field(node: Node, client: httpx.Client) -> None:
    cookie = entered(node, "office", "rita")
    macro = with_part(sheet(HARVEST), "xl/vbaProject.bin", b"x")
    for name, data, said in (
        ("conti.xlsm", macro, "has macros in it"), ("a.xlsx", b"PK\x03\x04", "cannot be read as one"),
        ("", b"", "No file"),
        ("foto.png", b"\x89PNG\r\n\x1a\n\x00", "neither a spreadsheet"), ("a.xls", OLD, "before 2007"),
    ):  # fmt: skip
        answer = handed_in(client, cookie, name, data)
        assert (answer.status_code, said in answer.text) == (400, True), (name, answer.status_code)
        assert 'aria-invalid="true"' in answer.text


def test_a_file_that_is_being_looked_at_is_its_own_persons(node: Node, client: httpx.Client) -> None:
    own, other = entered(node, "office", "sara"), entered(node, "owner", "tina")
    place = handed_in(client, own, "raccolte.csv", csv(HARVEST, ("1", "2", "3", "4", "5", "6"))).headers["location"]
    seen = [client.get(place, headers={"Cookie": cookie, "Accept": "text/html"}).status_code for cookie in (own, other)]
    assert seen == [200, 404]
