"""Known logs: added by policy and fingerprint only, one key for ever, and never a past that changes."""

from pathlib import Path

import pytest

from ledger.keys.signer import MemorySigner
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.merkle import LeafNodes, consistency_proof, leaf_hash, root
from ledger.log.note import COSIGNATURE_V1, VerifierKey
from ledger.log.policy import compose
from ledger.trust import KnownLogs, read_policy
from schemas.errors import EvidenceError, InputError, LedgerError

SIGNER = MemorySigner.from_seed("Ed25519", b"log")
VKEY = VerifierKey.of_log("frutta.example/log", SIGNER.public.raw)
THIEF = MemorySigner.from_seed("Ed25519", b"thief")
GENESIS = leaf_hash(b"genesis")
TEXT = compose(VKEY, GENESIS)
LEAVES = [leaf_hash(b"%d" % i) for i in range(20)]
WITNESS = VerifierKey("w.example/1", COSIGNATURE_V1, MemorySigner.from_seed("Ed25519", b"w").public)


@pytest.fixture
def known(tmp_path: Path) -> KnownLogs:
    logs = KnownLogs(tmp_path / "policies")
    logs.add(TEXT, fingerprint=VKEY.fingerprint)
    return logs


def head(size: int, leaves: list[bytes] = LEAVES, signer: MemorySigner = SIGNER) -> bytes:
    return sign_checkpoint(Checkpoint(VKEY.name, size, root(leaves[:size])), signer)


def proof(old: int, new: int) -> list[bytes]:
    return consistency_proof(LeafNodes(LEAVES), old, new)


def test_a_log_is_known_after_its_policy_and_fingerprint_agree(known: KnownLogs, tmp_path: Path) -> None:
    log = known.load()[VKEY.name]
    assert (log.origin, log.vkey, log.genesis, log.last) == (VKEY.name, VKEY, GENESIS, None)
    assert known.list() == (log,)
    assert KnownLogs(tmp_path / "nowhere").load() == {}


def test_a_fingerprint_in_capitals_is_the_same(tmp_path: Path) -> None:
    assert KnownLogs(tmp_path).add(TEXT, fingerprint=f" {VKEY.fingerprint.upper()}\n").vkey == VKEY


@pytest.mark.parametrize("fingerprint", ["", "00" * 32, VKEY.fingerprint[:-1], "é"])
def test_another_fingerprint_trusts_nothing(tmp_path: Path, fingerprint: str) -> None:
    with pytest.raises(InputError, match="fingerprint-differs"):
        KnownLogs(tmp_path).add(TEXT, fingerprint=fingerprint)
    assert KnownLogs(tmp_path).load() == {}


@pytest.mark.parametrize(
    "source",
    [
        b'{"format":"filiera-bundle/1"}',
        b"\xef\xbb\xbf{}",
        b"[1]",
        b"PK\x03\x04...",
        b"%PDF-1.7",
        b"\n <html>",
        b"<?xml?>",
    ],
)
def test_a_bundle_or_export_is_no_source_of_trust(tmp_path: Path, source: bytes) -> None:
    with pytest.raises(InputError, match="trust-source"):
        KnownLogs(tmp_path).add(source, fingerprint=VKEY.fingerprint)


def test_a_policy_without_genesis_or_of_two_logs_is_refused(tmp_path: Path) -> None:
    other = VerifierKey.of_log("other.example/log", THIEF.public.raw)
    for text, code in (
        (f"log {VKEY}\nquorum none\n".encode(), "policy-genesis"),
        (TEXT.replace(b"quorum", f"log {other}\nquorum".encode()), "policy-one-log"),
        (b"quorum none\n", "policy-one-log"),
        (TEXT + b"nonsense\n", "policy"),
    ):
        with pytest.raises(InputError) as error:
            KnownLogs(tmp_path).add(text, fingerprint=VKEY.fingerprint)
        assert error.value.code == code


def test_a_second_key_or_genesis_for_a_known_origin_is_refused(known: KnownLogs) -> None:
    forged = VerifierKey.of_log(VKEY.name, THIEF.public.raw)
    for text, fingerprint in (
        (compose(forged, GENESIS), forged.fingerprint),
        (compose(VKEY, leaf_hash(b"another")), VKEY.fingerprint),
    ):
        with pytest.raises(InputError, match="known-log-conflict"):
            known.add(text, fingerprint=fingerprint)
    assert known.load()[VKEY.name].vkey == VKEY


def test_witness_lines_may_be_replaced(known: KnownLogs) -> None:
    known.remember(head(3))
    known.add(compose(VKEY, GENESIS, [f"witness w {WITNESS}", "quorum w"]), fingerprint=VKEY.fingerprint)
    log = known.load()[VKEY.name]
    assert log.policy.quorum == "w"
    assert log.last is not None
    assert log.last.size == 3


def test_two_files_for_one_origin_are_refused(known: KnownLogs, tmp_path: Path) -> None:
    forged = compose(VerifierKey.of_log(VKEY.name, THIEF.public.raw), GENESIS)
    (tmp_path / "policies" / "zz.policy").write_bytes(forged)
    with pytest.raises(InputError, match="known-log-conflict"):
        known.load()


def test_a_broken_policy_file_is_named(known: KnownLogs, tmp_path: Path) -> None:
    (tmp_path / "policies" / "mine.policy").write_bytes(b"trust everybody\n")
    with pytest.raises(LedgerError) as error:
        known.load()
    assert error.value.context["document"] == "mine.policy"


def test_a_policy_put_there_by_hand_is_known_and_replaced_in_place(tmp_path: Path) -> None:
    (tmp_path / "by-hand.policy").write_bytes(TEXT)
    logs = KnownLogs(tmp_path)
    logs.add(TEXT, fingerprint=VKEY.fingerprint)
    assert [file.name for file in tmp_path.glob("*.policy")] == ["by-hand.policy"]


def test_origins_with_one_slug_are_kept_apart(tmp_path: Path) -> None:
    logs = KnownLogs(tmp_path)
    for origin in ("a.example/log", "a-example/log", "../a.example/log"):
        logs.add(compose(VerifierKey.of_log(origin, SIGNER.public.raw), GENESIS), fingerprint=VKEY.fingerprint)
    assert len(logs.list()) == 3
    assert {file.parent for file in tmp_path.rglob("*.policy")} == {tmp_path}


def test_the_last_head_is_kept_as_the_log_grows(known: KnownLogs) -> None:
    for old, new in ((None, 3), (3, 3), (3, 8), (8, 20)):
        log = known.remember(head(new), proof(old, new) if old else ())
        assert log.last is not None
        assert log.last.size == new
    assert known.last_head(VKEY.name) == head(20)
    assert known.load()[VKEY.name].last == log.last


def test_an_empty_log_says_nothing_that_could_be_contradicted(known: KnownLogs) -> None:
    known.remember(head(0))
    known.remember(head(5))
    known.remember(head(0))
    assert known.last_head(VKEY.name) == head(5)


def test_an_older_head_must_be_the_past_and_is_not_kept(known: KnownLogs) -> None:
    known.remember(head(8))
    known.remember(head(3), proof(3, 8))
    assert known.last_head(VKEY.name) == head(8)
    with pytest.raises(EvidenceError, match="proof-length"):
        known.remember(head(3))


FORKED = [leaf_hash(b"another past"), *LEAVES[1:]]


@pytest.mark.parametrize(
    ("size", "leaves", "code"),
    [(8, FORKED, "head-contradicts"), (12, FORKED, "consistency-root"), (3, FORKED, "consistency-root")],
)
def test_a_log_with_another_past_is_refused_and_forgets_nothing(
    known: KnownLogs, size: int, leaves: list[bytes], code: str
) -> None:
    known.remember(head(8))
    small, large = sorted((8, size))
    shown = consistency_proof(LeafNodes(leaves), small, large)
    with pytest.raises(EvidenceError, match=code):
        known.remember(head(size, leaves), shown)
    assert known.last_head(VKEY.name) == head(8)
    known.remember(head(12), proof(8, 12))


def test_a_head_of_an_unknown_log_or_another_key_is_refused(known: KnownLogs) -> None:
    with pytest.raises(EvidenceError, match="note-unsigned"):
        known.remember(head(3, signer=THIEF))
    stranger = sign_checkpoint(Checkpoint("other.example/log", 1, bytes(32)), SIGNER)
    with pytest.raises(InputError, match="log-not-known"):
        known.remember(stranger)


def test_a_kept_head_that_somebody_changed_is_refused(known: KnownLogs, tmp_path: Path) -> None:
    known.remember(head(8))
    file = next((tmp_path / "policies" / "heads").iterdir())
    file.write_bytes(head(3, signer=THIEF))
    with pytest.raises(InputError, match="kept-head"):
        known.load()


def test_a_removed_log_is_unknown_and_forgotten(known: KnownLogs) -> None:
    known.remember(head(8))
    known.remove(VKEY.name)
    assert known.load() == {}
    assert known.last_head(VKEY.name) is None
    with pytest.raises(InputError, match="log-not-known"):
        known.remove(VKEY.name)


def test_a_policy_is_read_for_one_verification_without_being_kept() -> None:
    assert read_policy(TEXT).vkey == VKEY
