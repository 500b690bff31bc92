"""An audit recomputes a log from its bytes: a clean one passes, and each altered thing is named, with its place."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ledger.custody.audit import Account, audit
from ledger.custody.audit_heads import check_heads
from ledger.custody.audit_store import StoreCustody
from ledger.log.checkpoint import parse
from ledger.log.policy import KnownLog
from ledger.node import Node
from ledger.outbound import reader
from ledger.registry import snapshot as snapshots
from ledger.store import disclosures
from ledger.store.engine import Store
from ledger.trust import KnownLogs
from schemas.errors import LedgerError
from schemas.syntax import base64url
from tests.independent.static_files import served
from tests.simulator.phones import Phone, made, observed, opened, unit

ENTRIES = 530
ERASED = 9


@dataclass(frozen=True, slots=True)
class Kept:
    """A store in a folder that a test may damage, and what its keeper knows of it."""

    folder: Path
    known: KnownLog
    keys: dict[str, bytes]

    @property
    def log(self) -> Path:
        return self.folder / "store" / "log"

    def read(self, path: str) -> bytes:
        return (self.log / path).read_bytes()

    def audit(self, *, stored: bool = False, **how: Any) -> Account:
        """`stored`: the tiles are read through the store, by each process for itself."""
        location = str(self.folder / "store")
        custody = StoreCustody(location, None, self.keys)
        account = audit(custody.read if stored else self.read, known=self.known, custody=custody, **how)
        store = Store.open(location)
        try:
            check_heads(store, account.size, account.root, self.known.vkey)
        finally:
            store.close()
        return account

    def refused(self) -> LedgerError:
        with pytest.raises(LedgerError) as caught:
            self.audit()
        return caught.value

    def flip(self, path: str, at: int) -> None:
        data = bytearray(self.read(path))
        data[at] ^= 1
        (self.log / path).write_bytes(data)

    def sql(self, *statements: tuple[str, tuple[Any, ...]], database: str = "ledger.db") -> None:
        """What somebody with the database in hand can do; triggers do not stop him."""
        with closing(sqlite3.connect(self.folder / "store" / database)) as connection:
            triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in triggers:
                connection.execute(f'DROP TRIGGER "{name}"')
            for statement, values in statements:
                assert connection.execute(statement, values).rowcount > 0, statement
            connection.commit()

    def blob(self, query: str) -> bytes:
        with closing(sqlite3.connect(self.folder / "store" / "ledger.db")) as connection:
            return bytes(connection.execute(query).fetchone()[0])


def _filled(node: Node) -> None:
    phone = Phone.added(node)
    wires = [phone.event(observed(unit(str(n % 100)), minute=n % 60)) for n in range(ENTRIES)]
    for start in range(0, ENTRIES, 200):
        assert all(not isinstance(answer, LedgerError) for answer in node.submit(wires[start : start + 200]))
    node.snapshot()


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("audited")
    with made(str(folder / "store"), folder) as node:
        _filled(node)
        keys = {member.iss: node.keyring.wrapping_key(member.iss) for member in node.registry.members()}
        origin = node.origin
        node.store.truncate_wal()
    return Kept(folder, KnownLogs(folder / "policies").load()[origin], keys)


@pytest.fixture
def kept(original: Kept, tmp_path: Path) -> Kept:
    copy = tmp_path / "copy"
    shutil.copytree(original.folder, copy)
    return replace(original, folder=copy)


def test_a_log_as_it_was_written_is_right_in_everything(kept: Kept) -> None:
    seen: list[tuple[int, int]] = []
    account = kept.audit(progress=lambda done, total: seen.append((done, total)))
    size = parse(kept.read("checkpoint"))[0].size
    assert (account.size, account.trusted, account.erased) == (size, True, 0)
    assert account.disclosures > ENTRIES * 12
    assert account.snapshots >= 2
    assert account.tiles == 2 * -(-size // 256) + 1
    assert seen[-1] == (size, size)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave all but the first stretch to processes, however short the log and however long they take to start."""
    monkeypatch.setattr("ledger.custody.audit.PARALLEL_FROM", 256)
    monkeypatch.setattr("ledger.custody.audit_ahead._start", lambda pool, workers: None)


@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize("stored", [True, False])
def test_other_processes_find_the_same(kept: Kept, stored: bool) -> None:
    assert kept.audit(stored=stored, workers=2) == kept.audit()


@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize("stored", [True, False])
def test_other_processes_object_to_the_same(kept: Kept, stored: bool) -> None:
    packed = bytearray(kept.blob("SELECT packed FROM disclosure WHERE idx = 400"))
    packed[-3] ^= 1
    kept.sql(("UPDATE disclosure SET packed = ? WHERE idx = 400", (bytes(packed),)))
    with pytest.raises(LedgerError) as caught:
        kept.audit(stored=stored, workers=2)
    assert (caught.value.code, caught.value.context["entry"]) == ("disclosure-sealed", 400)


@pytest.mark.usefixtures("processes")
def test_other_processes_name_a_tile_that_they_miss(kept: Kept) -> None:
    (kept.log / "tile/0/001").unlink()
    with pytest.raises(LedgerError) as caught:
        kept.audit(stored=True, workers=2)
    assert (caught.value.code, caught.value.context["tile"]) == ("audit-tile-missing", "tile/0/001")


@pytest.mark.usefixtures("processes")
def test_the_first_of_two_wrong_entries_is_named_whichever_process_is_first(kept: Kept) -> None:
    kept.flip("tile/entries/001", 2000)
    kept.flip(_partial(kept, "tile/entries/002.p"), 2000)
    with pytest.raises(LedgerError) as caught:
        kept.audit(stored=True, workers=2)
    assert caught.value.code == "audit-leaf"
    assert 256 <= caught.value.context["entry"] < 266


@pytest.mark.parametrize(("number", "width"), [(0, 256), (1, 256), (2, None)])
def test_a_flipped_byte_of_an_entry_names_the_entry(kept: Kept, number: int, width: int | None) -> None:
    path = f"tile/entries/{number:03d}" if width else _partial(kept, "tile/entries/002.p")
    kept.flip(path, 2000)
    error = kept.refused()
    assert error.code == "audit-leaf"
    assert number * 256 <= error.context["entry"] < number * 256 + 10


def _partial(kept: Kept, folder: str) -> str:
    """The widest partial tile of a folder: the one of the published size."""
    width = max(int(path.name) for path in (kept.log / folder).iterdir())
    return f"{folder}/{width}"


def test_a_bundle_cut_short_is_named(kept: Kept) -> None:
    path = kept.log / "tile/entries/001"
    path.write_bytes(path.read_bytes()[:-5])
    error = kept.refused()
    assert (error.code, error.context["tile"]) == ("bundle-length", "tile/entries/001")


def test_a_flipped_byte_of_a_level_0_tile_names_tile_and_entry(kept: Kept) -> None:
    kept.flip("tile/0/001", 32 * 7 + 3)
    error = kept.refused()
    assert (error.code, error.context["tile"], error.context["entry"]) == ("audit-leaf", "tile/0/001", 256 + 7)


def test_a_flipped_byte_of_a_partial_tile_names_it(kept: Kept) -> None:
    path = _partial(kept, "tile/0/002.p")
    kept.flip(path, 32 * 4)
    error = kept.refused()
    assert (error.code, error.context["tile"], error.context["entry"]) == ("audit-leaf", path, 512 + 4)


def test_a_flipped_byte_of_a_higher_tile_names_it(kept: Kept) -> None:
    path = _partial(kept, "tile/1/000.p")
    kept.flip(path, 32 + 5)
    error = kept.refused()
    assert (error.code, error.context["tile"], error.context["first"]) == ("audit-tile", path, 256)


@pytest.mark.parametrize("path", ["tile/entries/000", "tile/0/001", "tile/1/000.p/2"])
def test_a_missing_tile_is_named(kept: Kept, path: str) -> None:
    (kept.log / path).unlink()
    error = kept.refused()
    assert (error.code, error.context["tile"]) == ("audit-tile-missing", path)


def test_a_tile_cut_short_is_named(kept: Kept) -> None:
    path = kept.log / "tile/0/000"
    path.write_bytes(path.read_bytes()[:-1])
    error = kept.refused()
    assert (error.code, error.context["tile"]) == ("tile-length", "tile/0/000")


def test_an_altered_row_names_its_entry(kept: Kept) -> None:
    jwt = kept.blob("SELECT jwt FROM entry WHERE idx = 300")
    kept.sql(("UPDATE entry SET jwt = ? WHERE idx = 300", (jwt[:-1] + bytes([jwt[-1] ^ 1]),)))
    error = kept.refused()
    assert (error.code, error.context["entry"]) == ("audit-row", 300)


def test_a_row_too_few_is_named(kept: Kept) -> None:
    kept.sql(("DELETE FROM entry WHERE idx = 517", ()))
    error = kept.refused()
    assert (error.code, error.context["entry"]) == ("audit-row", 517)


def test_a_row_too_many_is_found(kept: Kept) -> None:
    kept.sql(("INSERT INTO entry SELECT idx + 100, kid, seq + 1000, public, jwt FROM entry WHERE idx = 530", ()))
    error = kept.refused()
    assert error.code == "audit-unpublished"


def test_an_altered_disclosure_names_its_entry(kept: Kept) -> None:
    packed = bytearray(kept.blob("SELECT packed FROM disclosure WHERE idx = 300"))
    packed[-3] ^= 1
    kept.sql(("UPDATE disclosure SET packed = ? WHERE idx = 300", (bytes(packed),)))
    error = kept.refused()
    assert (error.code, error.context["entry"]) == ("disclosure-sealed", 300)


def test_a_disclosure_row_cut_short_names_its_entry(kept: Kept) -> None:
    packed = kept.blob("SELECT packed FROM disclosure WHERE idx = 300")
    kept.sql(("UPDATE disclosure SET packed = ? WHERE idx = 300", (packed[:-3],)))
    error = kept.refused()
    assert (error.code, error.context["entry"]) == ("disclosure-damaged", 300)


def test_the_disclosures_of_another_entry_name_the_entry(kept: Kept) -> None:
    """Well sealed, by somebody who has the keys; but nothing that was signed refers to them."""
    store = Store.open(str(kept.folder / "store"))
    try:
        (key,) = kept.keys.values()
        with store.read() as connection:
            texts = disclosures.get(store, connection, 301, key)
        secrets, rows = disclosures.seal(7, [(300, texts, key)], bytes)
        with store.begin_secrets() as connection:
            disclosures.put_secrets(connection, secrets)
    finally:
        store.close()
    ((_, epoch, packed, _),) = rows
    kept.sql(("UPDATE disclosure SET epoch = ?, packed = ? WHERE idx = 300", (epoch, packed)))
    error = kept.refused()
    assert (error.code, error.context["entry"]) == ("disclosure-unreferenced", 300)


def _erased(kept: Kept) -> tuple[int, list[bytes]]:
    store = Store.open(str(kept.folder / "store"))
    try:
        with store.read() as connection:
            gone = disclosures.digests(connection, ERASED)[3:5]
        (key,) = kept.keys.values()
        assert disclosures.erase(store, ERASED, gone, key) == len(gone)
    finally:
        store.close()
    return len(gone), gone


def test_what_is_missing_and_was_not_declared_names_its_entry(kept: Kept) -> None:
    _erased(kept)
    error = kept.refused()
    assert (error.code, error.context["entry"]) == ("audit-disclosure-missing", ERASED)


def test_what_was_declared_erased_is_counted(kept: Kept) -> None:
    count, gone = _erased(kept)
    with opened(str(kept.folder / "store"), kept.folder) as node:
        by = node.own_member("admin")
        leaf = base64url.encode(node.receipt(ERASED).leaf)
        erased = [{"entry": leaf, "digests": sorted(base64url.encode(digest) for digest in gone)}]
        node.membership.erasure(by, erased, "art. 17 GDPR")
    assert kept.audit().erased == count


def test_a_snapshot_that_leaves_something_out_names_its_entry(
    tmp_path: Path, original: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = snapshots.snapshot_body

    def lying(registry: Any, tags: bytes) -> dict[str, Any]:
        return honest(registry, bytes(32))

    with made(str(tmp_path / "store"), tmp_path) as node:
        phone = Phone.added(node)
        node.submit([phone.event(observed(unit("1")))])
        with monkeypatch.context() as patch:
            patch.setattr(snapshots, "snapshot_body", lying)
            patch.setattr("ledger.writer.turn.hold_to_log", lambda *_: None)
            at = node.snapshot()
        origin, keys = node.origin, {phone.iss: node.keyring.wrapping_key(phone.iss)}
    error = Kept(tmp_path, KnownLogs(tmp_path / "policies").load()[origin], keys).refused()
    assert (error.code, error.context["entry"]) == ("snapshot-tags", at)


def test_an_altered_kept_checkpoint_names_its_size(kept: Kept) -> None:
    size = parse(kept.read("checkpoint"))[0].size
    note = bytearray(kept.blob(f"SELECT note FROM note WHERE size = {size}"))
    note[-5] ^= 1
    kept.sql((f"UPDATE note SET note = ? WHERE size = {size}", (bytes(note),)))
    error = kept.refused()
    assert error.context["size"] == size
    assert isinstance(error, LedgerError)


def test_the_checkpoint_of_another_size_in_place_of_one_kept_is_found(kept: Kept) -> None:
    size = parse(kept.read("checkpoint"))[0].size
    kept.sql((f"UPDATE note SET note = (SELECT note FROM note WHERE size < {size}) WHERE size = {size}", ()))
    error = kept.refused()
    assert (error.code, error.context["size"]) == ("audit-checkpoint", size)


def test_an_altered_head_is_found(kept: Kept) -> None:
    kept.sql(("UPDATE head SET root = ?", (bytes(32),)))
    assert kept.refused().code == "audit-head"


def test_a_checkpoint_another_key_signed_is_refused(kept: Kept, tmp_path: Path) -> None:
    with made(str(tmp_path / "other" / "store"), tmp_path / "other", origin=kept.known.origin) as node:
        forged = node.checkpoint()
    (kept.log / "checkpoint").write_bytes(forged)
    with pytest.raises(LedgerError) as caught:
        kept.audit()
    assert caught.value.code == "note-unsigned"


def test_a_log_without_a_checkpoint_cannot_be_audited(kept: Kept) -> None:
    (kept.log / "checkpoint").unlink()
    assert kept.refused().code == "audit-no-checkpoint"


def test_a_member_whose_key_is_not_here_is_named(kept: Kept) -> None:
    error = replace(kept, keys={}).refused()
    assert error.code == "audit-member-key"


def test_a_remote_log_is_rebuilt_from_its_tiles_alone(kept: Kept) -> None:
    with served(kept.log) as url:
        read = reader(url, private=True)
        account = audit(read, known=kept.known)
        unknown = audit(read, known=None)
        kept.flip("tile/entries/001", 500)
        with pytest.raises(LedgerError) as caught:
            audit(read, known=kept.known)
    assert (account.root, account.trusted, account.disclosures) == (parse(kept.read("checkpoint"))[0].root, True, 0)
    assert (unknown.root, unknown.trusted) == (account.root, False)
    assert caught.value.code == "audit-leaf"


def test_a_remote_log_that_is_another_is_refused(kept: Kept, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    with made(str(folder / "store"), folder):
        pass
    with served(folder / "store" / "log") as url, pytest.raises(LedgerError) as caught:
        audit(partial(reader(url, private=True)), known=kept.known)
    assert caught.value.code == "checkpoint-origin"
