"""Each operation of publication fails once, with a full disk, an I/O error or a database that does not answer.

After every failure: what was acknowledged stands, the same bytes sent again are answered, no size has two roots, and
`audit` finds nothing wrong, in the process that failed and in the next one.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from api.verbs.audit import audit_store
from ledger.entry.jwt import leaf_hash
from ledger.log.checkpoint import open_checkpoint
from ledger.store import entries, events, read_side
from ledger.trust import KnownLogs
from ledger.writer.answers import Receipt
from schemas.errors import UnavailableError
from tests.faults.failing import World, failing
from tests.simulator.phones import Phone, made, observed, opened, unit
from tests.simulator.refusal import refused

pytestmark = pytest.mark.long

FULL, BROKEN = errno.ENOSPC, errno.EIO


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "store")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with failing(monkeypatch) as world:
        yield world


class Stricken:
    """A log whose world fails, and everything it ever acknowledged or signed."""

    def __init__(self, location: str, folder: Path, world: World) -> None:
        self.location, self.folder, self.world = location, folder, world
        self.known: dict[int, bytes] = {}
        self.roots: dict[int, bytes] = {}
        self.node = made(location, folder)
        self.phone = Phone.added(self.node)
        self.errors: set[str] = set()
        self._sent = 0

    def wires(self) -> list[bytes]:
        """The next two events of the phone, one about an object of its own, one about a common one."""
        self._sent += 1
        own, common = unit(f"{self._sent}"), unit("common")
        return [self.phone.event(observed(own, minute=self._sent % 60)), self.phone.event(observed(common, own))]

    def submit(self, wires: list[bytes]) -> bool:
        """Submit; whether it was acknowledged, and then what was."""
        try:
            answers = self.node.submit(wires)
        except UnavailableError as error:
            self.errors.add(error.code)
            return False
        for wire, answer in zip(wires, answers, strict=True):
            assert isinstance(answer, Receipt), answer
            assert answer.leaf == leaf_hash(wire.partition(b"~")[0])
            assert self.known.setdefault(answer.index, answer.leaf) == answer.leaf
            self._signed(answer.checkpoint)
        return True

    def fails(self, at: int, error: int, *, reopen: bool) -> bool:
        """The `at`-th operation of one request fails, then everything is held; False when there are not so many."""
        wires = self.wires()
        # Nothing is left that would be followed by itself meanwhile, and counted.
        self.node.settled()
        self.world.arm(at, error)
        answered = self.submit(wires)
        self.world.disarm()
        if reopen:
            self.reopen()
        assert self.submit(wires), self.world.failed
        self.holds()
        assert self.world.failed is not None or answered
        return self.world.failed is not None

    def reopen(self) -> None:
        """The next process."""
        self.node.close()
        self.node = opened(self.location, self.folder)

    def holds(self) -> None:
        """What was acknowledged stands, and an audit finds nothing wrong."""
        with self.node.store.read() as connection:
            for index, leaf in self.known.items():
                assert leaf_hash(entries.get(connection, index)) == leaf, self.world.failed
        self._signed(self.node.checkpoint())
        account = audit_store(
            self.node, self.location, None, KnownLogs(self.folder / "policies"),
            policy=None, disclosures=True, workers=1, progress=lambda done, total: None,
        )  # fmt: skip
        assert account.trusted
        self.node.settled()
        with self.node.store.read() as connection:
            assert read_side.size(connection) == entries.size(connection)
            assert {event.index for event in events.every(connection)} >= self.known.keys()
        assert account.size > max(self.known)

    def _signed(self, note: bytes) -> None:
        checkpoint = open_checkpoint(note, self.node.vkey)
        assert self.roots.setdefault(checkpoint.size, checkpoint.root) == checkpoint.root


@pytest.fixture
def log(location: str, tmp_path: Path, world: World) -> Iterator[Stricken]:
    stricken = Stricken(location, tmp_path, world)
    yield stricken
    world.disarm()
    stricken.node.close()
    assert stricken.errors <= {"disk-full", "storage-failed", "database-failed"}


def operations(log: Stricken) -> list[str]:
    """The names of the operations of one request."""
    log.node.settled()
    log.world.arm(0, 0)
    assert log.submit(log.wires())
    log.world.disarm()
    return list(log.world.seen)


def test_some_operations_fail_and_nothing_is_lost(log: Stricken) -> None:
    names = operations(log)
    # One of each kind, wherever it first comes, and the last commit: the one that publishes.
    chosen = sorted({names.index(name) for name in names} | {len(names) - 1 - names[::-1].index("commit")})
    for place, at in enumerate(chosen):
        assert log.fails(at + 1, FULL if place % 2 else BROKEN, reopen=place % 3 == 0), names[at]


@pytest.mark.long
@pytest.mark.parametrize("reopen", [False, True], ids=["same process", "next process"])
@pytest.mark.parametrize("error", [FULL, BROKEN], ids=["disk full", "input/output error"])
def test_every_operation_fails_and_nothing_is_lost(log: Stricken, error: int, reopen: bool) -> None:
    count = len(operations(log))
    failed = [at for at in range(1, count + 12) if log.fails(at, error, reopen=reopen)]
    # Requests do not all take as many operations: the sweep goes on until none is left to fail.
    assert failed[: count - 3] == list(range(1, count - 2))


def test_a_last_snapshot_that_fails_leaves_a_log_that_opens(log: Stricken) -> None:
    assert log.submit(log.wires())
    for at in (1, 3, 8, 15, 25):
        log.world.arm(at, FULL)
        with suppress(UnavailableError):
            log.node.close()
        log.world.disarm()
        log.node = opened(log.location, log.folder)
        assert log.submit(log.wires())
        log.holds()


def test_opening_that_fails_leaves_a_log_that_opens(log: Stricken) -> None:
    for at in (1, 2, 5, 9, 14):
        assert log.submit(log.wires())
        log.node.close()
        log.world.arm(at, BROKEN)
        try:
            log.node = opened(log.location, log.folder)
        except UnavailableError:
            log.world.disarm()
            log.node = opened(log.location, log.folder)
        log.world.disarm()
        log.holds()


def test_a_guard_that_cannot_be_written_acknowledges_nothing_and_loses_nothing(log: Stricken) -> None:
    in_the_way = log.folder / f"guard.{os.getpid()}.tmp"
    in_the_way.mkdir()
    wires = log.wires()
    with refused("guard-unwritable"):
        log.node.submit(wires)
    in_the_way.rmdir()
    assert log.submit(wires)
    log.holds()
    log.reopen()
    log.holds()
