"""Several servers in processes of their own capture into one log, and the one that writes is killed, again and again.

Whatever happens: one order without a gap, everything acknowledged stands where it was said to stand, and nothing is
there twice.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.verbs.audit import audit_store
from ledger.lots.movement import objects
from ledger.store import entries, epochs, inbox
from ledger.store.engine import Store
from ledger.trust import KnownLogs
from tests.official import ROOT
from tests.simulator.phones import made, opened, unit

pytestmark = pytest.mark.long

CALLERS = 2


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "store")
    url: str = request.getfixturevalue("postgres_url")
    return url


class Server:
    """One process, and every line that it wrote."""

    def __init__(self, location: str, folder: Path, name: str) -> None:
        self.lines: list[dict[str, Any]] = []
        command = [sys.executable, "-m", "tests.faults.server", location, str(folder), name, str(CALLERS)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            # A line that was cut off by the death of its writer was never said.
            if line.endswith(b"\n"):
                self.lines.append(json.loads(line))

    def said(self, what: str) -> int:
        return sum(what in line for line in list(self.lines))

    @property
    def acknowledged(self) -> int:
        return self.said("index")

    def signal(self, which: signal.Signals) -> None:
        os.kill(self.process.pid, which)

    def end(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait()
        self._reader.join()
        self.process.stdout.close()


class Cluster:
    """A log, its servers, and what must be true of them."""

    def __init__(self, location: str, folder: Path) -> None:
        self.location, self.folder = location, folder
        self.living: list[Server] = []
        self.all: list[Server] = []
        made(location, folder).close()
        self._store = Store.open(location)

    def start(self, count: int = 1) -> None:
        """More servers, waiting until their callers are at work."""
        fresh = []
        for _ in range(count):
            fresh.append(Server(self.location, self.folder, f"server{len(self.all)}"))
            self.all.append(fresh[-1])
        self.living += fresh
        for server in fresh:
            until(lambda server=server: server.said("ready") == 1)  # type: ignore[misc]

    def writer(self) -> Server:
        """The server that writes at the moment."""
        with self._store.read() as connection:
            pid = int(epochs.current(connection)[1].rpartition(":")[2])
        found = [server for server in self.living if server.process.pid == pid]
        assert found, "the writer is none of the servers"
        return found[0]

    def kill_writer(self) -> None:
        writer = self.writer()
        writer.signal(signal.SIGKILL)
        self.living.remove(writer)
        writer.end()
        assert writer.process.returncode == -signal.SIGKILL

    def works(self, server: Server, more: int = 10) -> None:
        """Wait until a server acknowledged so many more."""
        before = server.acknowledged
        until(lambda: server.acknowledged >= before + more)

    def end(self) -> None:
        while self.living:
            server = self.living.pop()
            server.end()
            assert server.process.returncode == 0
            assert server.said("ended") == 1

    def close(self) -> None:
        for server in self.living:
            server.signal(signal.SIGKILL)
            server.end()
        self._store.close()

    def holds(self) -> int:
        """Everything, now that all have ended; how many things were acknowledged."""
        with opened(self.location, self.folder) as node:
            account = audit_store(
                node, self.location, None, KnownLogs(self.folder / "policies"),
                policy=None, disclosures=True, workers=1, progress=lambda done, total: None,
            )  # fmt: skip
            assert account.trusted
            size = node.registry.size
            logged: Counter[str] = Counter()
            leaves: dict[int, str] = {}
            for index in range(size):
                entry = node.entry(index)
                leaves[index] = entry.jwt.leaf.hex()
                if entry.content is not None:
                    logged.update(objects(entry.content))
            with node.store.read() as connection:
                assert entries.size(connection) == size == account.size
                assert not inbox.waits(connection)
        lines = [line for server in self.all for line in server.lines]
        acknowledged = [line for line in lines if "index" in line]
        places = [line["index"] for line in acknowledged]
        assert len(set(places)) == len(places)
        assert [leaves[line["index"]] for line in acknowledged] == [
            line.get("wire") or line["leaf"] for line in acknowledged
        ]
        sent = [line["sent"] for line in lines if "sent" in line]
        assert all(logged[unit(serial)] <= 1 for serial in sent)
        assert all(logged[unit(line["event"])] == 1 for line in lines if "event" in line)
        assert all(logged[unit(line["nothing"])] == 0 for line in lines if "nothing" in line)
        return len(acknowledged)


def until(happened: Callable[[], bool]) -> None:
    """Wait until it happened; a test that waits for what never happens fails."""
    for _ in range(12_000):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")


@pytest.fixture
def cluster(location: str, tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(location, tmp_path)
    yield cluster
    cluster.close()


def test_two_servers_capture_at_once_into_one_order(cluster: Cluster) -> None:
    cluster.start(2)
    for server in list(cluster.living):
        cluster.works(server, 25)
    assert all(server.said("event") > 5 and server.said("wire") > 5 for server in cluster.all)
    cluster.end()
    assert cluster.holds() > 50


def test_killing_the_writer_costs_nothing_acknowledged_and_the_other_goes_on(cluster: Cluster) -> None:
    cluster.start(2)
    _kill(cluster, 2, random.Random(1))
    cluster.end()
    assert cluster.holds() > 20


@pytest.mark.long
def test_forty_writers_killed_under_load_cost_nothing_acknowledged(cluster: Cluster) -> None:
    cluster.start(2)
    _kill(cluster, 40, random.Random(2))
    cluster.end()
    assert cluster.holds() > 400


def _kill(cluster: Cluster, rounds: int, chance: random.Random) -> None:
    """Kill the writer at any moment, and see that whoever is left works on; then somebody new joins."""
    for _ in range(rounds):
        for server in cluster.living:
            cluster.works(server, 3)
        time.sleep(chance.uniform(0.0, 0.3))
        cluster.kill_writer()
        (left,) = cluster.living
        cluster.works(left)
        assert cluster.writer() is left
        cluster.start()


def test_a_writer_that_ends_in_order_hands_over(cluster: Cluster) -> None:
    cluster.start(2)
    for server in cluster.living:
        cluster.works(server, 3)
    writer = cluster.writer()
    cluster.living.remove(writer)
    writer.end()
    assert writer.process.returncode == 0
    cluster.works(cluster.living[0])
    cluster.end()
    assert cluster.holds() > 10


def test_a_stopped_writer_that_wakes_up_after_takeover_does_nothing_and_stands_by(
    postgres_url: str, tmp_path: Path
) -> None:
    cluster = Cluster(postgres_url, tmp_path)
    try:
        cluster.start(2)
        for _ in range(2):
            for server in cluster.living:
                cluster.works(server, 3)
            stopped = cluster.writer()
            stopped.signal(signal.SIGSTOP)
            (other,) = [server for server in cluster.living if server is not stopped]
            cluster.works(other)
            assert cluster.writer() is other
            stopped.signal(signal.SIGCONT)
            cluster.works(stopped)
            assert cluster.writer() is other
        cluster.end()
        assert cluster.holds() > 40
    finally:
        cluster.close()


@pytest.mark.long
def test_writers_stopped_at_any_moment_and_woken_later_leave_one_history(postgres_url: str, tmp_path: Path) -> None:
    cluster = Cluster(postgres_url, tmp_path)
    chance = random.Random(3)
    try:
        cluster.start(2)
        for _ in range(12):
            stopped = cluster.writer()
            time.sleep(chance.uniform(0.0, 0.3))
            stopped.signal(signal.SIGSTOP)
            (other,) = [server for server in cluster.living if server is not stopped]
            cluster.works(other, chance.randrange(1, 12))
            stopped.signal(signal.SIGCONT)
            cluster.works(stopped, 3)
        cluster.end()
        assert cluster.holds() > 40
    finally:
        cluster.close()
