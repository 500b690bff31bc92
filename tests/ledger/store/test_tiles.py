import errno
from pathlib import Path

import pytest

from ledger.store import entries, epochs
from ledger.store.engine import Store
from ledger.store.ops import Ops
from schemas.errors import InputError, UnavailableError


class Faulty(Ops):
    """Fails the n-th operation from `arm` on, and every one after it."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.number = errno.EIO
        self.steps: list[str] = []

    def arm(self, after: int, number: int = errno.EIO) -> None:
        self.left, self.number, self.steps = after, number, []

    def step(self, name: str, target: str) -> None:
        self.steps.append(name)
        if self.left is None:
            return
        if self.left == 0:
            raise OSError(self.number, "injected")
        self.left -= 1


def test_what_was_written_is_read_from_another_opening(location: str) -> None:
    files = [("tile/0/000.p/3", b"abc"), ("tile/entries/x001/067", b"e" * 70000), ("checkpoint", b"one")]
    with Store.create(location) as store:
        store.tiles.write(files)
        store.tiles.write([("checkpoint", b"two")])
    with Store.open(location) as store:
        assert store.tiles.read("tile/0/000.p/3") == b"abc"
        assert store.tiles.read("checkpoint") == b"two"
        assert store.tiles.paths() == sorted(path for path, _ in files)
        assert store.tiles.paths("tile/0") == ["tile/0/000.p/3"]
        store.tiles.remove(["tile/0/000.p/3", "tile/0/000.p/2"])
        assert store.tiles.paths("tile/0") == []
        store.tiles.write([("tile/0/000", b"full")])
        assert store.tiles.read("tile/0/000") == b"full"


def test_a_missing_tile_says_which(store: Store) -> None:
    with pytest.raises(UnavailableError, match="tile-missing"):
        store.tiles.read("tile/0/000")


@pytest.mark.parametrize(
    "path", ["../ledger.db", "/etc/passwd", "tile/../../x", "tile//0", "", "tile/0/000\n", ".hidden"]
)
def test_a_path_that_climbs_out_is_refused(store: Store, path: str) -> None:
    with pytest.raises(InputError, match="tile-path"):
        store.tiles.write([(path, b"x")])
    with pytest.raises(InputError, match="tile-path"):
        store.tiles.read(path)


@pytest.mark.parametrize(("number", "code"), [(errno.EIO, "storage-failed"), (errno.ENOSPC, "disk-full")])
def test_every_failing_operation_leaves_the_old_file_or_the_new_one(tmp_path: Path, number: int, code: str) -> None:
    ops = Faulty()
    with Store.create(str(tmp_path / "s"), ops=ops) as store:
        store.tiles.write([("checkpoint", b"old")])
        files = [("checkpoint", b"new"), ("tile/1/000", b"u")]
        store.tiles.write(files)
        ops.arm(1000)
        store.tiles.write(files)
        assert len(ops.steps) == 8
        for after in range(8):
            store.tiles.write([("checkpoint", b"old")])
            ops.arm(after, number)
            with pytest.raises(UnavailableError) as failed:
                store.tiles.write(files)
            assert failed.value.code == code
            ops.left = None
            assert store.tiles.read("checkpoint") in (b"old", b"new")
            assert not list((tmp_path / "s" / "log").rglob(".*"))


@pytest.mark.parametrize("after", [0, 1])
def test_a_failing_database_operation_commits_nothing(location: str, after: int) -> None:
    ops = Faulty()
    with Store.create(location, ops=ops) as store:
        ops.arm(after)
        with pytest.raises(UnavailableError, match="storage-failed"), store.begin() as connection:
            epochs.take(connection, "w")
        ops.left = None
        assert ops.steps == ["begin", "commit"][: after + 1]
        with store.read() as connection:
            assert epochs.current(connection) == (0, "")
            assert entries.size(connection) == 0
