"""One writer, one history: takeover, rollback, restart."""

import shutil
import threading
from pathlib import Path

import pytest

from ledger import evidence_file
from ledger.keys.signer import MemorySigner
from ledger.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.node import Node
from ledger.store import checkpoints, epochs, evidence
from ledger.writer.answers import Receipt
from schemas.errors import EvidenceError, InputError, UnavailableError
from tests.simulator.phones import PASSPHRASE, Phone, made, observed, opened, unit


def test_a_second_writer_waits_and_then_gives_up_by_name(node: Node, location: str, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="writer-busy"):
        opened(location, tmp_path, wait=0.1)
    with opened(location, tmp_path, write=False) as reader:
        assert reader.registry.size == node.registry.size


def test_a_waiting_writer_goes_on_when_the_one_before_ends(location: str, tmp_path: Path) -> None:
    first = made(location, tmp_path)
    size = first.registry.size
    threading.Timer(0.2, first.close).start()
    with opened(location, tmp_path, wait=20.0) as second:
        assert second.registry.size == size


def test_an_old_writer_that_wakes_up_after_takeover_can_do_nothing(node: Node, phone: Phone) -> None:
    (answer,) = node.submit([phone.event(observed(unit("1")))])
    assert isinstance(answer, Receipt)
    size, head = node.registry.size, node.checkpoint()
    with node.store.begin() as connection:
        epochs.take(connection, "another machine")
    with pytest.raises(UnavailableError, match="fenced"):
        node.submit([phone.event(observed(unit("2")))])
    with pytest.raises(UnavailableError, match="fenced"):
        node.snapshot()
    with node.store.read() as connection:
        assert checkpoints.head(connection) is not None
    assert node.checkpoint() == head
    assert size == open_checkpoint(head, _vkey(node)).size


def _vkey(node: Node):  # type: ignore[no-untyped-def]
    from ledger.log.note import VerifierKey
    from ledger.writer.held import OfReader

    return OfReader(node.store, node.keyring.wrapping_key).registry(
        lambda registry: VerifierKey.of_log(registry.origin, registry.log_key)
    )


def test_a_store_rolled_back_from_a_backup_signs_nothing_more(tmp_path: Path) -> None:
    location = tmp_path / "store"
    with made(str(location), tmp_path):
        pass
    shutil.copytree(location, tmp_path / "backup")
    with opened(str(location), tmp_path) as node:
        phone = Phone.added(node)
        node.submit([phone.event(observed(unit("1")))])
    shutil.rmtree(location)
    shutil.copytree(tmp_path / "backup", location)
    with pytest.raises(EvidenceError, match="log-rolled-back"):
        opened(str(location), tmp_path)
    (tmp_path / "guard").unlink()
    with opened(str(location), tmp_path) as node:
        assert node.registry.size == 4


def test_a_log_with_another_root_below_its_guard_is_forked(tmp_path: Path) -> None:
    with made(str(tmp_path / "store"), tmp_path) as node:
        forged = sign_checkpoint(Checkpoint(node.origin, 2, b"x" * 32), node.keyring.log_signer())
    (tmp_path / "guard").write_bytes(forged)
    with pytest.raises(EvidenceError, match="log-forked"):
        opened(str(tmp_path / "store"), tmp_path)


def test_a_client_with_another_root_stops_the_writer_and_leaves_evidence(node: Node, phone: Phone) -> None:
    node.hold_against(node.checkpoint())
    with pytest.raises(EvidenceError, match="note-"):
        node.hold_against(sign_checkpoint(Checkpoint(node.origin, 2, b"x" * 32), MemorySigner.generate("Ed25519")))
    size = open_checkpoint(node.checkpoint(), node.vkey).size
    forged = sign_checkpoint(Checkpoint(node.origin, size, b"x" * 32), node.keyring.log_signer())
    with pytest.raises(EvidenceError, match="log-forked"):
        node.hold_against(forged)
    with node.store.read() as connection:
        ((digest, kind),) = evidence.listing(connection)
        assert kind == "log-fork"
        document = evidence.get(connection, digest)
    assert document is not None
    assert forged.decode() in evidence_file.parse(document).artefacts
    with pytest.raises(EvidenceError, match="log-forked"):
        node.submit([phone.event(observed(unit("1")))])


def test_a_client_with_a_larger_head_stops_the_writer(node: Node, phone: Phone) -> None:
    promised = sign_checkpoint(Checkpoint(node.origin, 9_000, b"x" * 32), node.keyring.log_signer())
    with pytest.raises(EvidenceError, match="log-rolled-back"):
        node.hold_against(promised)
    with pytest.raises(EvidenceError, match="log-rolled-back"):
        node.submit([phone.event(observed(unit("1")))])


def test_a_guard_that_the_log_never_signed_accuses_nobody(tmp_path: Path) -> None:
    with made(str(tmp_path / "store"), tmp_path) as node:
        forged = sign_checkpoint(Checkpoint(node.origin, 900, b"x" * 32), MemorySigner.generate("Ed25519"))
    (tmp_path / "guard").write_bytes(forged)
    with pytest.raises(EvidenceError, match="note-"):
        opened(str(tmp_path / "store"), tmp_path)


def test_a_guard_by_url_is_refused_clearly(tmp_path: Path) -> None:
    with made(str(tmp_path / "store"), tmp_path):
        pass
    with pytest.raises(InputError, match="guard-url-unsupported"):
        Node.open(
            str(tmp_path / "store"), passphrase=PASSPHRASE, keys=tmp_path / "keys", guard="https://guard.example/x"
        )


def test_what_was_logged_is_there_after_a_restart_and_lanes_go_on(location: str, tmp_path: Path) -> None:
    with made(location, tmp_path) as node:
        phone = Phone.added(node)
        before = [phone.event(observed(unit(str(n)))) for n in range(5)]
        first = node.submit(before)
        node.membership.rotate(phone.iss)
    with opened(location, tmp_path) as node:
        again = node.submit([*before, phone.event(observed(unit("1"), minute=9))])
        assert [item.index for item in again[:5]] == [item.index for item in first]  # type: ignore[union-attr]
        assert isinstance(again[5], Receipt)
        snapshot = node.snapshot()
        assert node.entry(snapshot).claims.kind == "snapshot"
        assert node.snapshot() == snapshot
        with node.store.read() as connection:
            assert snapshot + 1 in checkpoints.kept_sizes(connection)


def test_the_registry_read_back_at_start_is_the_one_replayed_from_all_entries(location: str, tmp_path: Path) -> None:
    from ledger.entry.parse import parse_leaf
    from ledger.registry.replay import Registry
    from ledger.store import entries

    with made(location, tmp_path) as node:
        phone = Phone.added(node)
        node.submit([phone.event(observed(unit(str(n)))) for n in range(4)])
        node.membership.revoke(phone.signer.public.kid)
        node.membership.rotate(phone.iss)
    with opened(location, tmp_path) as node:
        found = node.registry
        with node.store.read() as connection:
            leaves = [parse_leaf(jwt) for jwt in entries.span(connection, 0, entries.size(connection))]
        whole = Registry.genesis(leaves[0])
        for index, leaf in enumerate(leaves[1:], start=1):
            whole.apply(index, leaf, verify=True)
        assert found.rows() == whole.rows()
        # The snapshot in the log says the same, and the standing served for it too.
        at = node.source.snapshot()
        assert len(node.source.standing(at)) == len(whole.rows())


def test_a_log_whose_operator_key_ended_still_takes_entries(node: Node) -> None:
    phone = Phone.added(node)
    (operator,) = node.keyring.find(role="operator")
    node.membership.revoke(operator)
    assert isinstance(node.submit([phone.event(observed(unit("U-1")))])[0], Receipt)
    with pytest.raises(InputError) as missing:
        node.snapshot()
    assert missing.value.code == "own-key-missing"
    node.membership.new_key("operator", node.own_member("admin"))
    assert node.snapshot() == node.registry.size - 1
