"""What a stolen or dishonest key says of other people's entries, and a phone that forks without end."""

from pathlib import Path

import pytest

from ledger.entry.jwt import leaf_hash
from ledger.node import Node
from ledger.registry import snapshot
from ledger.registry.tag_tree import EMPTY_ROOT
from ledger.store import evidence
from ledger.writer.answers import Receipt
from ledger.writer.borne_out import hold_to_log
from ledger.writer.lane import Lane
from schemas.errors import EvidenceError, LedgerError
from schemas.syntax import base64url
from tests.simulator.phones import Phone, made, observed, unit


def said(node: Node, role: str, kind: str, body: dict[str, object]) -> Receipt | LedgerError:
    """The answer to an entry that somebody signs with a key of ours, sent in from outside."""
    kid = node.keyring.find(role=role)[0]
    lane = Lane(node.keyring.open(kid), node.own_member("admin"))
    (answer,) = node.submit([lane.public(node.origin, node.registry.lane(kid), kind, body)])
    return answer


def test_a_snapshot_over_a_tag_tree_without_a_lot(tmp_path: Path) -> None:
    with made(str(tmp_path / "store"), tmp_path) as node:
        phone = Phone.added(node)
        node.submit([phone.event(observed(unit("1")))])
        forged = said(node, "operator", "snapshot", snapshot.snapshot_body(node.registry, EMPTY_ROOT))
        assert isinstance(forged, LedgerError)
        assert forged.code == "snapshot-tags"
        assert node.snapshot() == node.registry.size - 1


def test_an_erasure_of_what_the_log_does_not_hold(tmp_path: Path) -> None:
    with made(str(tmp_path / "store"), tmp_path) as node:
        erased = [{"entry": base64url.encode(bytes(32)), "digests": [base64url.encode(bytes(32))]}]
        answer = said(node, "admin", "erasure", {"erased": erased, "ground": "art. 17 GDPR"})
        assert isinstance(answer, LedgerError)
        assert answer.code == "erasure-unknown"


def test_an_erasure_of_anothers_entry(tmp_path: Path) -> None:
    from ledger.registry.bodies import Erased, Erasure

    class Log:
        def member_of(self, leaf: bytes) -> str | None:
            return "urn:uuid:another"

        def tag_root(self) -> bytes | None:
            return None

    body = Erasure((Erased(bytes(32), (bytes(32),)),), "art. 17 GDPR")
    with pytest.raises(EvidenceError, match="erasure-of-another-member"):
        hold_to_log(Log(), body, "urn:uuid:one")
    hold_to_log(Log(), body, "urn:uuid:another")


def test_a_members_own_erasure_is_admitted(tmp_path: Path) -> None:
    with made(str(tmp_path / "store"), tmp_path) as node:
        phone = Phone.added(node)
        wire = phone.event(observed(unit("1")))
        node.submit([wire])
        leaf = leaf_hash(wire.partition(b"~")[0])
        erased = [{"entry": base64url.encode(leaf), "digests": [base64url.encode(bytes(32))]}]
        assert isinstance(said(node, "admin", "erasure", {"erased": erased, "ground": "art. 17 GDPR"}), Receipt)


def test_a_key_that_forks_without_end_is_told_of_once(tmp_path: Path) -> None:
    with made(str(tmp_path / "store"), tmp_path) as node:
        phone = Phone.added(node)
        node.submit([phone.event(observed(unit(str(number)))) for number in range(3)])
        size = node.registry.size
        forks = [phone.sign(observed(minute=number), seq=0) for number in range(20)]
        answers = node.submit(forks)
        assert {answer.code for answer in answers if isinstance(answer, LedgerError)} == {"lane-fork"}
        assert node.registry.size == size + 1
        with node.store.read() as connection:
            assert len(evidence.listing(connection)) == 1
