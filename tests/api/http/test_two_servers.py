"""Two `filiera serve` on one PostgreSQL: clients of both capture into one order, and one may die."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledger.node import Node
from ledger.store import epochs
from ledger.store.engine import Store
from tests.api.epcis.documents import document, seen, text
from tests.simulator.command_line import PASSPHRASE, Shop
from tests.simulator.phones import Phone, observed, unit
from tests.simulator.server import JSON, Server, ended

pytestmark = pytest.mark.long


@dataclass(frozen=True, slots=True)
class Branch(Shop):
    """A place of work whose store is a database, shared with others that have the same keys."""

    url: str

    def variables(self) -> dict[str, str]:
        """Store and keys as every server of the log has them."""
        shared = {"FILIERA_STORE": self.url, "FILIERA_KEYS": str(self.folder / "keys")}
        return {**super(Branch, self).variables(), **shared}


@pytest.fixture
def shop(postgres_url: str, tmp_path: Path) -> Branch:
    made = Branch(tmp_path, postgres_url)
    made.works("init", "--name", "Cooperativa Sole")
    return made


def bearer(shop: Shop) -> dict[str, str]:
    made = shop("token", "add", "erp", "--scope", "capture", "--scope", "query", "--scope", "submit")
    assert made.code == 0, made.err
    return {"Authorization": f"Bearer {next(word for word in made.out.split() if word.startswith('fil_'))}"}


def client(server: Server, headers: dict[str, str]) -> httpx.Client:
    return httpx.Client(base_url=server.url, headers=headers, timeout=90)


def posted(client: httpx.Client, name: str, count: int) -> list[str]:
    """The paths of the jobs of so many documents of four events."""
    paths = []
    for number in range(count):
        body = text(document(*[seen(f"{name}-{number}-{n}", minute=n) for n in range(4)]))
        sent = client.post("/epcis/capture", content=body, headers=JSON)
        assert sent.status_code == 202, sent.text
        paths.append(httpx.URL(sent.headers["location"]).path)
    return paths


def submitted(client: httpx.Client, wires: list[bytes]) -> list[dict[str, Any]]:
    """The answers to signed entries, one request each, sent until the server takes them."""
    answers: list[dict[str, Any]] = []
    for wire in wires:
        sent = client.post("/api/v1/entries", content=json.dumps([wire.decode()]), headers=JSON)
        assert sent.status_code == 200, sent.text
        answers += sent.json()
    return answers


def test_clients_of_both_servers_capture_and_one_server_dies(shop: Branch) -> None:
    headers = bearer(shop)
    with _node(shop) as node:
        phones = [Phone.added(node) for _ in range(2)]
    lanes = [[phone.event(observed(unit(f"{n}-{k}"))) for k in range(12)] for n, phone in enumerate(phones)]
    with Server.started(shop) as first, Server.started(shop) as second:
        assert _writer(shop) == first.process.pid
        with client(first, headers) as one, client(second, headers) as other, ThreadPoolExecutor(4) as pool:
            jobs = [pool.submit(posted, at, name, 6) for at, name in ((one, "a"), (other, "b"))]
            sent = [pool.submit(submitted, at, lane[:6]) for at, lane in zip((one, other), lanes, strict=True)]
            answers = [answer for found in sent for answer in found.result()]
            paths = [path for found in jobs for path in found.result()]
            first.kill()
            # What follows goes to the one that is left, which was no writer when it was asked.
            answers += submitted(other, lanes[1][6:]) + submitted(other, lanes[0][6:])
            paths += posted(other, "c", 3)
            done = [ended(other, path) for path in paths]
            assert _writer(shop) == second.process.pid
            assert second.stop() == 0
    captured = [item["index"] for job in done for item in job["captured"]]
    assert all(job["success"] for job in done)
    assert len(captured) == len(set(captured)) == 15 * 4
    indexes = [answer["index"] for answer in answers]
    assert len(set(indexes)) == 24
    with _node(shop) as node:
        events = [n for n in range(node.registry.size) if node.entry(n).claims.kind == "event"]
    assert sorted(captured + indexes) == events
    shop.works("audit")


def _writer(shop: Branch) -> int:
    """The process that writes."""
    with Store.open(shop.url) as store, store.read() as connection:
        return int(epochs.current(connection)[1].rpartition(":")[2])


def _node(shop: Branch) -> Node:
    guard = str(shop.folder / "own-guard")
    return Node.open(shop.url, keys=shop.folder / "keys", passphrase=PASSPHRASE.encode(), guard=guard)
