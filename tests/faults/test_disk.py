"""A full disk or an I/O error at each single operation of a group, on both databases: said, survived, nothing lost."""

import errno
from pathlib import Path

import pytest

from ledger.entry.jwt import leaf_hash
from ledger.log.checkpoint import open_checkpoint
from ledger.log.merkle import root
from ledger.node import Node
from ledger.store import checkpoints, entries
from ledger.writer.answers import Receipt
from schemas.errors import UnavailableError
from tests.simulator.phones import Phone, made, observed, unit

pytestmark = pytest.mark.long


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "store")
    url: str = request.getfixturevalue("postgres_url")
    return url


class Failing:
    """Lets `after` operations pass and makes the next one fail, once."""

    def __init__(self, after: int, number: int) -> None:
        self.left, self.number, self.failed = after, number, ""

    def __call__(self, name: str, target: str) -> None:
        if self.left == 0 and not self.failed:
            self.failed = name
            raise OSError(self.number, "made to fail")
        self.left -= 1


def holds(node: Node) -> None:
    """Entries, head and published checkpoint are one history."""
    with node.store.read() as connection:
        leaves = [leaf_hash(jwt) for jwt in entries.span(connection, 0, entries.size(connection))]
        head = checkpoints.head(connection)
    note = open_checkpoint(node.checkpoint(), node.vkey)
    assert head == (note.size, note.root) == (len(leaves), root(leaves))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_an_error_at_any_operation_is_survived(
    location: str, tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with made(location, tmp_path) as node:
        phone = Phone.added(node)
        failed: list[str] = []
        codes: set[str] = set()
        for after in range(200):
            wires = [phone.event(observed(unit("1"))), phone.event(observed(unit("2")))]
            failing = Failing(after, number)
            with monkeypatch.context() as patched:
                patched.setattr(node.store.ops, "step", failing)
                try:
                    answers = node.submit(wires)
                except UnavailableError as error:
                    answers = []
                    codes.add(error.code)
            again = node.submit(wires)
            assert all(isinstance(item, Receipt) for item in again), again
            for one, other in zip(answers, again, strict=False):
                assert isinstance(one, Receipt)
                assert isinstance(other, Receipt)
                assert (one.index, one.leaf) == (other.index, other.leaf)
            holds(node)
            if not failing.failed:
                break
            failed.append(failing.failed)
        assert codes == {"disk-full" if number == errno.ENOSPC else "storage-failed"}
        assert {"begin", "commit"} <= set(failed)
        if "://" not in location:
            assert {"write", "fsync", "rename", "fsync-folder", "read"} <= set(failed)


def test_a_guard_that_cannot_be_written_answers_nobody_and_loses_nothing(location: str, tmp_path: Path) -> None:
    with made(location, tmp_path) as node:
        phone = Phone.added(node)
        wire = phone.event(observed(unit("1")))
        (tmp_path / "guard").unlink()
        (tmp_path / "guard").mkdir()
        with pytest.raises(UnavailableError, match="guard-un"):
            node.submit([wire])
        (tmp_path / "guard").rmdir()
        (answer,) = node.submit([wire])
        assert isinstance(answer, Receipt)
        holds(node)
