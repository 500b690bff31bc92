"""Kill -9 at every named phase of a group, on both databases: nothing acknowledged is lost, nothing is signed twice."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.entry.jwt import leaf_hash
from ledger.log.checkpoint import open_checkpoint
from ledger.log.merkle import root
from ledger.log.tiles import TileNodes, tile_of
from ledger.node import Node
from ledger.readside.rebuild import rebuild
from ledger.store import checkpoints, entries, objects, read_side
from ledger.writer.answers import Receipt
from tests.ledger.readside.test_rebuild import dump
from tests.official import ROOT
from tests.simulator.phones import Phone, made, observed, opened, unit

pytestmark = pytest.mark.long

PHASES = ("before-commit", "after-commit", "after-tiles", "after-compare-and-set", "after-sign", "after-publish")
FOLLOWING = ("before-follow", "after-follow")
REQUESTS, WIRES = 3, 2


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "store")
    url: str = request.getfixturevalue("postgres_url")
    return url


class Killed:
    """A log whose writers are killed, and everything that was ever acknowledged or signed."""

    def __init__(self, location: str, folder: Path) -> None:
        self.location, self.folder = location, folder
        with made(location, folder) as node:
            self.phone = Phone.added(node)
        self.known: dict[int, bytes] = {}
        self.roots: dict[int, bytes] = {}
        self.deaths = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.killed"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def kill(self, phase: str, nth: int) -> None:
        """A writer dies at the n-th passage of a phase; then the next one takes over and everything holds."""
        wires = [self.phone.event(observed(unit(f"{n % 3}"), minute=n % 60)) for n in range(REQUESTS * WIRES)]
        requests = [wires[at : at + WIRES] for at in range(0, len(wires), WIRES)]
        answer = self._run(
            {
                "requests": [[wire.decode() for wire in part] for part in requests],
                "phase": phase,
                "nth": nth,
                # Pauses come when they come; asked for after each request, the read side follows four times.
                "follow": phase in FOLLOWING,
            }
        )
        self.deaths += answer["killed"]
        for index, wire in zip(answer["acknowledged"], wires, strict=False):
            self.known[index] = leaf_hash(wire.partition(b"~")[0])
        with opened(self.location, self.folder) as node:
            self._holds(node)
            found = node.submit(wires)
            assert all(isinstance(item, Receipt) for item in found), found
            for index, item in zip(answer["acknowledged"], found, strict=False):
                assert isinstance(item, Receipt)
                assert item.index == index
            self.known.update({item.index: item.leaf for item in found if isinstance(item, Receipt)})
            self._holds(node)
            self._followed(node)

    def _run(self, job: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"store": self.location, "folder": str(self.folder), **job}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def _holds(self, node: Node) -> None:
        """What was acknowledged stands where it was, under the published root, and no size has two roots."""
        with node.store.read() as connection:
            leaves = [leaf_hash(jwt) for jwt in entries.span(connection, 0, entries.size(connection))]
            head = checkpoints.head(connection)
        note = open_checkpoint(node.checkpoint(), node.vkey)
        assert head == (note.size, note.root) == (len(leaves), root(leaves))
        assert self.roots.setdefault(note.size, note.root) == note.root
        assert {index: leaves[index] for index in self.known} == self.known
        nodes = TileNodes(node.store.tiles.read, note.size)
        assert [nodes.node(0, index) for index in range(note.size)] == leaves
        assert node.store.tiles.read(tile_of(None, (note.size - 1) // 256, note.size).path)

    def _followed(self, node: Node) -> None:
        """The read side has every entry that was acknowledged."""
        node.settled()
        with node.store.read() as connection:
            assert read_side.size(connection) == entries.size(connection)
            followed = {index for n in range(3) for index, _ in objects.entries_of(connection, unit(f"{n}"))}
        assert followed >= self.known.keys()

    def rebuilt(self) -> None:
        """After all deaths, the derived tables are those that a rebuild makes."""
        with opened(self.location, self.folder, write=False) as node:
            before = dump(node.store)
            rebuild(node.store, node.keyring.wrapping_key)
            assert dump(node.store) == before


@pytest.fixture
def victim(location: str, tmp_path: Path) -> Iterator[Killed]:
    victim = Killed(location, tmp_path)
    yield victim
    victim.close()


@pytest.mark.parametrize("phase", PHASES + FOLLOWING)
def test_a_writer_killed_at_a_phase_loses_nothing_it_acknowledged(victim: Killed, phase: str) -> None:
    for nth in (1, 2):
        victim.kill(phase, nth)
    assert victim.deaths == 2
    victim.rebuilt()


@pytest.mark.long
@pytest.mark.parametrize("phase", PHASES + FOLLOWING)
def test_fifty_writers_killed_at_a_phase_lose_nothing_they_acknowledged(victim: Killed, phase: str) -> None:
    for turn in range(52):
        # The fourth passage is that of the last snapshot.
        victim.kill(phase, 1 + turn % 4)
    assert victim.deaths == 52
    victim.rebuilt()
