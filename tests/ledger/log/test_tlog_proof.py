"""Proofs of one entry as a text file: the published one parses, ours verify, forged ones do not."""

import re

import pytest

from ledger.keys.signer import MemorySigner
from ledger.log import tlog_proof
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.merkle import LeafNodes, inclusion_proof, leaf_hash, root
from ledger.log.note import VerifierKey
from ledger.log.tlog_proof import TlogProof
from schemas.errors import EvidenceError, InputError
from tests.official import official

SIGNER = MemorySigner.from_seed("Ed25519", b"log")
VKEY = VerifierKey.of_log("example.com/log", SIGNER.public.raw)
ENTRIES = [b"entry %d" % i for i in range(11)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def proof(index: int = 5, size: int = 11) -> TlogProof:
    head = Checkpoint(VKEY.name, size, root(LEAVES[:size]))
    path = inclusion_proof(LeafNodes(LEAVES[:size]), index, size)
    return TlogProof(index, tuple(path), sign_checkpoint(head, SIGNER), ENTRIES[index])


def test_the_published_example_parses() -> None:
    data = official("crypto/c2sp-notes/tlog-proof.example0.txt").read_bytes()
    # Its extra line is cut short and is no base64; everything else is as printed.
    extra = re.search(rb"^extra (.*)$", data, re.MULTILINE)
    assert extra
    whole = data.replace(extra[1], extra[1][: len(extra[1]) // 4 * 4])
    parsed = tlog_proof.parse(whole)
    assert (parsed.index, len(parsed.path)) == (73894, 5)
    assert parsed.checkpoint.startswith(b"example.com/fancylog\n109482\n")
    assert parsed.write() == whole
    assert parsed.extra
    assert parsed.extra.startswith(b"age-v1.2.1-darwin-arm64.tar.gz")


@pytest.mark.parametrize("size", range(1, 12))
def test_our_proofs_verify_and_come_back_unchanged(size: int) -> None:
    for index in range(size):
        read = tlog_proof.parse(proof(index, size).write())
        assert read == proof(index, size)
        assert read.extra is not None
        assert tlog_proof.verify(read, leaf_hash(read.extra), VKEY).size == size
    bare = TlogProof(0, (), proof().checkpoint)
    assert tlog_proof.parse(bare.write()) == bare


def test_a_proof_of_another_entry_index_or_size_is_refused() -> None:
    good = proof()
    swapped = TlogProof(good.index, good.path, good.checkpoint, ENTRIES[6])
    moved = TlogProof(4, good.path, good.checkpoint, good.extra)
    resized = TlogProof(good.index, good.path, proof(5, 7).checkpoint, good.extra)
    outside = TlogProof(11, good.path, good.checkpoint, good.extra)
    for forged in (swapped, moved, resized, outside):
        assert forged.extra is not None
        with pytest.raises(EvidenceError, match=r"inclusion-root|proof-length|proof-outside-tree"):
            tlog_proof.verify(forged, leaf_hash(forged.extra), VKEY)
    with pytest.raises(EvidenceError, match="checkpoint-origin"):
        tlog_proof.verify(good, LEAVES[5], VerifierKey.of_log("example.com/other", SIGNER.public.raw))


GOOD = proof().write()
BROKEN = {
    "another version": GOOD.replace(b"@v1", b"@v2", 1),
    "no index": re.sub(rb"index 5\n", b"", GOOD),
    "leading zero": GOOD.replace(b"index 5", b"index 05"),
    "negative index": GOOD.replace(b"index 5", b"index -5"),
    "empty index": GOOD.replace(b"index 5", b"index "),
    "extra after index": re.sub(rb"(extra .*\n)(index 5\n)", rb"\2\1", GOOD),
    "extra twice": re.sub(rb"(extra .*\n)", rb"\1\1", GOOD),
    "extra without padding": re.sub(rb"=+\nindex", b"\nindex", GOOD),
    "short hash": re.sub(rb"index 5\n", b"index 5\nAAAA\n", GOOD),
    "carriage returns": GOOD.replace(b"\n", b"\r\n"),
    "too many hashes": re.sub(rb"(index 5\n)", rb"\1" + b"A" * 43 + b"=\n" * 1 + (b"A" * 43 + b"=\n") * 63, GOOD),
    "nothing": b"",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_proof_is_refused(name: str) -> None:
    assert BROKEN[name] != GOOD
    with pytest.raises(InputError, match="tlog-proof"):
        tlog_proof.parse(BROKEN[name])
