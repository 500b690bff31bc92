"""Forged, split, borrowed and rewritten logs, and proofs that are for something else."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from ledger.log import merkle
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.merkle import node_hash
from ledger.log.policy import KnownLog
from schemas.syntax import base64url
from tests.attacks.forge import codes, judged, put_together, refused, taken_apart
from tests.simulator.chain import Chain


def test_a_whole_forged_log_under_the_same_origin(chain: Chain, known: Mapping[str, KnownLog]) -> None:
    forged = Chain(seed=666, origin=chain.log.origin).bundle()
    refused(judged(forged, known), "included", "other-log-key")
    unknown = judged(forged, {})
    assert unknown.exit_code == 2
    assert unknown.verdicts["authentic"] == unknown.verdicts["keys_valid"] == "yes"
    assert unknown.verdicts["included"] == "not_shown"
    assert codes(unknown, "included") == {"unknown-log"}


def test_the_same_key_with_another_genesis(chain: Chain, known: Mapping[str, KnownLog], bundle: bytes) -> None:
    (log,) = known.values()
    others = {log.origin: replace(log, genesis=sha256(b"another").digest())}
    refused(judged(bundle, others), "included", "other-genesis")


def test_two_roots_for_one_size(chain: Chain, known: Mapping[str, KnownLog], bundle: bytes) -> None:
    (log,) = known.values()
    size = chain.log.size
    seen = {log.origin: replace(log, last=Checkpoint(log.origin, size, sha256(b"another history").digest()))}
    refused(judged(bundle, seen), "included", "two-roots")


def test_a_history_rewritten_below_the_last_head(chain: Chain, known: Mapping[str, KnownLog], bundle: bytes) -> None:
    (log,) = known.values()
    seen = {log.origin: replace(log, last=Checkpoint(log.origin, 8, sha256(b"another history").digest()))}
    refused(judged(bundle, seen), "included", "history-rewritten")


def test_a_head_that_was_seen_before_is_no_contradiction(
    chain: Chain, known: Mapping[str, KnownLog], bundle: bytes
) -> None:
    (log,) = known.values()
    for size in (1, 8, chain.log.size):
        head = Checkpoint(log.origin, size, merkle.root(chain.log.leaf_hashes[:size]))
        assert judged(bundle, {log.origin: replace(log, last=head)}).exit_code == 0


def test_a_checkpoint_for_another_origin(chain: Chain, known: Mapping[str, KnownLog], bundle: bytes) -> None:
    tree = taken_apart(bundle)
    other = Chain(seed=2)
    tree["logs"][0]["checkpoint"] = other.log.checkpoint().decode()
    refused(judged(put_together(tree), known), "included", "checkpoint-origin")


def test_a_checkpoint_nobody_signed(chain: Chain, known: Mapping[str, KnownLog], bundle: bytes) -> None:
    tree = taken_apart(bundle)
    other = Chain(seed=2)
    head = Checkpoint(chain.log.origin, chain.log.size, sha256(b"another history").digest())
    tree["logs"][0]["checkpoint"] = sign_checkpoint(head, other.log.log_signer).decode()
    refused(judged(put_together(tree), known), "included", "note-unsigned")


def test_a_proof_for_another_size(chain: Chain, known: Mapping[str, KnownLog], bundle: bytes) -> None:
    grown = Chain()
    grown.bundle()
    grown.log.snapshot()
    tree = taken_apart(bundle)
    tree["logs"][0]["checkpoint"] = grown.log.checkpoint().decode()
    refused(judged(put_together(tree), known), "included", "checkpoint-size")
    tree["logs"][0]["size"] = grown.log.size
    account = judged(put_together(tree), known)
    assert account.exit_code == 1
    assert codes(account, "included") & {"bundle-root", "proof-length"}


def test_a_truncated_proof(known: Mapping[str, KnownLog], bundle: bytes) -> None:
    tree = taken_apart(bundle)
    tree["logs"][0]["nodes"].pop()
    refused(judged(put_together(tree), known), "included", "proof-length")


def test_a_padded_proof(known: Mapping[str, KnownLog], bundle: bytes) -> None:
    tree = taken_apart(bundle)
    tree["logs"][0]["nodes"].append(tree["logs"][0]["nodes"][0])
    refused(judged(put_together(tree), known), "included", "proof-length")


def test_replay_on_another_log(chain: Chain) -> None:
    """An entry of one log, logged again by another: its own `log` claim tells."""
    other = Chain(seed=3)
    leaf = chain.log.leaves[chain.peaches]
    forged = taken_apart(other.bundle())
    place = next(item for item in forged["entries"] if item["index"] == other.peaches)
    place["entry"], place["disclosures"] = leaf.decode(), []
    account = judged(put_together(forged), other.known())
    refused(account, "authentic", "entry-of-another-log")
    assert "bundle-root" in codes(account, "included")


def test_a_tree_that_duplicates_its_last_node(chain: Chain, known: Mapping[str, KnownLog], bundle: bytes) -> None:
    """CVE-2012-2459: with a last node repeated two sizes would share a root. Ours split at powers of two."""
    leaves = list(chain.log.leaf_hashes)
    while len(leaves) > 1:
        leaves = [*leaves, leaves[-1]] if len(leaves) % 2 else leaves
        leaves = [node_hash(leaves[at], leaves[at + 1]) for at in range(0, len(leaves), 2)]
    head = Checkpoint(chain.log.origin, chain.log.size, leaves[0])
    tree = taken_apart(bundle)
    tree["logs"][0]["checkpoint"] = sign_checkpoint(head, chain.log.log_signer).decode()
    refused(judged(put_together(tree), known), "included", "bundle-root")


def test_a_node_altered(known: Mapping[str, KnownLog], bundle: bytes) -> None:
    tree = taken_apart(bundle)
    nodes = tree["logs"][0]["nodes"]
    nodes[0] = base64url.encode(bytes(32))
    refused(judged(put_together(tree), known), "included", "bundle-root")
