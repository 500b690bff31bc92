"""Evidence files: two honest artefacts that exclude each other prove it; everything else proves nothing."""

from hashlib import sha256

from ledger import evidence_file
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.merkle import LeafNodes, inclusion_proof, tree_root
from ledger.log.tlog_proof import TlogProof
from ledger.verify.evidence import verify_evidence
from tests.simulator.chain import STRANGE, Chain, begun, observed

CHAIN = Chain()
KNOWN = CHAIN.known()
LOG = CHAIN.log


def codes(data: bytes) -> set[str]:
    return {reason.code for reason in verify_evidence(data, known=KNOWN).reasons}


def other_head() -> bytes:
    return sign_checkpoint(Checkpoint(LOG.origin, LOG.size, sha256(b"another").digest()), LOG.log_signer)


def test_two_roots_for_one_size_are_proved() -> None:
    data = evidence_file.log_fork(LOG.origin, str(LOG.vkey), LOG.checkpoint(), other_head())
    account = verify_evidence(data, known=KNOWN)
    assert account.exit_code == 0
    assert codes(data) == {"log-forked"}
    unknown = verify_evidence(data, known={})
    assert unknown.exit_code == 2


def test_one_checkpoint_and_a_forged_one_prove_nothing() -> None:
    stranger = Chain(seed=9).log.log_signer
    forged = sign_checkpoint(Checkpoint(LOG.origin, LOG.size, sha256(b"another").digest()), stranger)
    data = evidence_file.log_fork(LOG.origin, str(LOG.vkey), LOG.checkpoint(), forged)
    assert verify_evidence(data, known=KNOWN).exit_code == 1
    assert codes(data) == {"note-unsigned"}


def test_another_key_under_the_known_origin_proves_nothing() -> None:
    other = Chain(seed=9, origin=LOG.origin).log
    heads = [
        sign_checkpoint(Checkpoint(LOG.origin, 5, sha256(text).digest()), other.log_signer) for text in (b"a", b"b")
    ]
    data = evidence_file.log_fork(LOG.origin, str(other.vkey), *heads)
    assert verify_evidence(data, known=KNOWN).exit_code == 1
    assert codes(data) == {"other-log-key"}


def test_two_sizes_are_not_told() -> None:
    data = evidence_file.log_fork(LOG.origin, str(LOG.vkey), LOG.checkpoint(), LOG.checkpoint(LOG.size - 1))
    assert verify_evidence(data, known=KNOWN).exit_code == 2
    assert codes(data) == {"fork-of-two-sizes"}


def test_a_lane_fork_is_proved() -> None:
    key = LOG.members[0].device
    one, other = (
        LOG.issue(0, event, lots=[])[0].split(b"~")[0] for event in (begun(STRANGE), observed(STRANGE, "storing"))
    )
    data = evidence_file.lane_fork(LOG.origin, key.public.jwk, one, other)
    assert verify_evidence(data, known=KNOWN).exit_code == 0
    assert codes(data) == {"lane-forked"}


def test_neighbours_in_a_lane_are_no_fork() -> None:
    key = LOG.members[0].device
    one, other = LOG.leaves[CHAIN.peaches], LOG.leaves[CHAIN.shipped]
    data = evidence_file.lane_fork(LOG.origin, key.public.jwk, one, other)
    assert verify_evidence(data, known=KNOWN).exit_code == 1
    assert codes(data) == {"no-contradiction"}


def test_an_entry_of_another_key_is_no_fork() -> None:
    key = LOG.members[0].device
    data = evidence_file.lane_fork(LOG.origin, key.public.jwk, LOG.leaves[CHAIN.peaches], LOG.leaves[CHAIN.plums])
    assert verify_evidence(data, known=KNOWN).exit_code == 1
    assert codes(data) == {"entry-other-key"}


def test_a_refused_inclusion_is_proved() -> None:
    def proof(leaves: list[bytes], hashes: list[bytes]) -> bytes:
        path = inclusion_proof(LeafNodes(hashes), 5, len(hashes))
        root = LeafNodes(hashes)
        head = sign_checkpoint(Checkpoint(LOG.origin, len(hashes), tree_root(root, len(hashes))), LOG.log_signer)
        return TlogProof(5, tuple(path), head, leaves[5]).write()

    promised = proof(LOG.leaves, LOG.leaf_hashes)
    swapped = [*LOG.leaves[:5], LOG.leaves[6], LOG.leaves[5], *LOG.leaves[7:]]
    hashes = [*LOG.leaf_hashes[:5], LOG.leaf_hashes[6], LOG.leaf_hashes[5], *LOG.leaf_hashes[7:]]
    data = evidence_file.refused_inclusion(LOG.origin, str(LOG.vkey), promised, proof(swapped, hashes))
    assert verify_evidence(data, known=KNOWN).exit_code == 0
    assert codes(data) == {"inclusion-refused"}
