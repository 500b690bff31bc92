"""The tree: every official proof, accepted or refused as it says; and any subset proved by one walk."""

import json
from base64 import b64decode
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log import merkle
from ledger.log.merkle import Frontier, LeafNodes
from schemas.errors import EvidenceError
from tests.official import present, walk


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, as it is written there."""
    if len(leaves) < 2:
        return sha256(b"\0" + leaves[0]).digest() if leaves else sha256(b"").digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\1" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def tree(size: int) -> list[bytes]:
    return [b"leaf %d" % i for i in range(size)]


def hashes(size: int) -> list[bytes]:
    return [merkle.leaf_hash(leaf) for leaf in tree(size)]


def official_proofs(kind: str) -> list[dict[str, Any]]:
    return [json.loads(present(file).read_bytes()) for file in walk(f"crypto/rfc6962-merkle/{kind}/**/*.json")]


def refuses(check: Any, *arguments: Any) -> str | None:
    try:
        check(*arguments)
    except EvidenceError as error:
        return error.code
    return None


def test_every_official_inclusion_proof_has_its_result() -> None:
    proofs = official_proofs("inclusion")
    assert len(proofs) == 98
    for proof in proofs:
        path = [b64decode(node) for node in proof["proof"] or ()]
        leaf, root = b64decode(proof["leafHash"]), b64decode(proof["root"])
        refused = refuses(merkle.verify_inclusion, proof["leafIdx"], proof["treeSize"], leaf, path, root)
        assert (refused is not None) == proof["wantErr"], proof["desc"]


def test_every_official_consistency_proof_has_its_result() -> None:
    proofs = official_proofs("consistency")
    assert len(proofs) == 98
    for proof in proofs:
        path = [b64decode(node) for node in proof["proof"] or ()]
        roots = b64decode(proof["root1"]), b64decode(proof["root2"])
        refused = refuses(merkle.verify_consistency, proof["size1"], proof["size2"], *roots, path)
        assert (refused is not None) == proof["wantErr"], proof["desc"]


@pytest.mark.parametrize("size", range(20))
def test_roots_are_those_of_the_definition(size: int) -> None:
    assert merkle.root(hashes(size)) == mth(tree(size))
    assert merkle.tree_root(LeafNodes(hashes(size)), size) == mth(tree(size))
    loaded = Frontier.load(LeafNodes(hashes(size)), size)
    assert (loaded.root(), loaded.size, loaded.peaks) == (mth(tree(size)), size, Frontier.of(hashes(size)).peaks)


def test_a_frontier_takes_one_peak_per_bit() -> None:
    with pytest.raises(ValueError, match="peak"):
        Frontier(3, [bytes(32)])
    grown, copy = Frontier(), Frontier().copy()
    grown.append(bytes(32))
    assert copy.size == 0
    assert copy.root() == merkle.empty_root()


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proved_and_no_other(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves, root = hashes(size), merkle.root(hashes(size))
    proof = merkle.inclusion_proof(LeafNodes(leaves), index, size)
    merkle.verify_inclusion(index, size, leaves[index], proof, root)
    for other in range(size):
        if other != index:
            assert refuses(merkle.verify_inclusion, other, size, leaves[index], proof, root)
    assert refuses(merkle.verify_inclusion, index, size, leaves[index], [*proof, bytes(32)], root) == "proof-length"
    if proof:
        assert refuses(merkle.verify_inclusion, index, size, leaves[index], proof[:-1], root) == "proof-length"
        assert refuses(merkle.verify_inclusion, index, size, leaves[index], [b"", *proof[1:]], root) == "proof-node"
        flipped = [bytes([proof[0][0] ^ 1]) + proof[0][1:], *proof[1:]]
        assert refuses(merkle.verify_inclusion, index, size, leaves[index], flipped, root) == "inclusion-root"


@given(st.integers(1, 70), st.integers(0, 69))
def test_every_prefix_is_consistent_and_no_other_past_is(new: int, less: int) -> None:
    old = max(1, new - less)
    leaves = hashes(new)
    before, after = merkle.root(leaves[:old]), merkle.root(leaves)
    proof = merkle.consistency_proof(LeafNodes(leaves), old, new)
    merkle.verify_consistency(old, new, before, after, proof)
    changed = merkle.root([merkle.leaf_hash(b"another past"), *leaves[1:old]])
    assert refuses(merkle.verify_consistency, old, new, changed, after, proof) == "consistency-root"
    assert refuses(merkle.verify_consistency, old, new, before, after, [*proof, bytes(32)]) == "proof-length"
    if proof:
        assert refuses(merkle.verify_consistency, old, new, before, after, proof[:-1]) == "proof-length"
        assert refuses(merkle.verify_consistency, old, new, before, after, proof[::-1]) or proof == proof[::-1]


def test_a_tree_never_shrinks() -> None:
    roots = merkle.root(hashes(5)), merkle.root(hashes(3))
    assert refuses(merkle.verify_consistency, 5, 3, *roots, []) == "proof-outside-tree"
    with pytest.raises(ValueError, match="grows"):
        merkle.consistency_proof(LeafNodes(hashes(5)), 5, 3)
    with pytest.raises(ValueError, match="leaf"):
        merkle.inclusion_proof(LeafNodes(hashes(5)), 5, 5)
    assert merkle.consistency_proof(LeafNodes(hashes(5)), 0, 5) == []


SUBSETS = st.integers(1, 60).flatmap(lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1))))


def walked(size: int, shown: list[int]) -> tuple[dict[int, bytes], list[bytes]]:
    leaves = hashes(size)
    nodes = LeafNodes(leaves)
    return {i: leaves[i] for i in shown}, [merkle.range_root(nodes, *span) for span in merkle.walk_ranges(size, shown)]


def shape(start: int, end: int, shown: set[int]) -> object:
    """How a walk splits: None for a given node, the index of a shown leaf, or the two halves."""
    if not any(start <= i < end for i in shown):
        return None
    if end - start == 1:
        return start
    middle = start + merkle.split(end - start)
    return shape(start, middle, shown), shape(middle, end, shown)


@given(SUBSETS)
def test_a_walk_proves_any_subset(case: tuple[int, set[int]]) -> None:
    size, subset = case
    shown, nodes = walked(size, sorted(subset))
    assert merkle.root_from_walk(size, shown, nodes) == mth(tree(size))
    covered = [i for start, end in merkle.walk_ranges(size, sorted(subset)) for i in range(start, end)]
    assert sorted([*covered, *subset]) == list(range(size))


@given(SUBSETS, st.data())
def test_a_walk_truncated_padded_reordered_or_of_another_size_is_refused(
    case: tuple[int, set[int]], data: st.DataObject
) -> None:
    size, subset = case
    shown, nodes = walked(size, sorted(subset))
    root = mth(tree(size))
    assert refuses(merkle.root_from_walk, size, shown, [*nodes, bytes(32)]) == "proof-length"
    if nodes:
        assert refuses(merkle.root_from_walk, size, shown, nodes[1:]) == "proof-length"
        assert refuses(merkle.root_from_walk, size, shown, [nodes[0][:31], *nodes[1:]]) == "proof-node"
        assert refuses(merkle.root_from_walk, size, shown, [nodes[0] + b"\0", *nodes[1:]]) == "proof-node"
    if len(nodes) > 1:
        i = data.draw(st.integers(0, len(nodes) - 2))
        swapped = [*nodes[:i], nodes[i + 1], nodes[i], *nodes[i + 2 :]]
        assert merkle.root_from_walk(size, shown, swapped) != root
    other = data.draw(st.integers(1, 80).filter(lambda n: n != size))
    if subset and max(subset) < other and shape(0, other, subset) == shape(0, size, subset):
        # The last leaves of two sizes may be hidden in one node: only the checkpoint, which signs size and root, binds.
        assert merkle.root_from_walk(other, shown, nodes) == root
    elif subset:
        assert refuses(merkle.root_from_walk, other, shown, nodes) or merkle.root_from_walk(other, shown, nodes) != root
    if subset:
        moved = min(subset)
        assert refuses(merkle.root_from_walk, moved, shown, nodes) == "proof-outside-tree"
        lost = {index: leaf for index, leaf in shown.items() if index != moved}
        assert refuses(merkle.root_from_walk, size, lost, nodes) or merkle.root_from_walk(size, lost, nodes) != root


def test_a_walk_of_all_or_of_nothing() -> None:
    assert merkle.walk_ranges(5, range(5)) == []
    assert merkle.walk_ranges(5, []) == [(0, 5)]
    assert merkle.walk_ranges(0, []) == []
    assert merkle.root_from_walk(0, {}, []) == merkle.empty_root()
    assert merkle.walk_ranges(7, [4]) == [(0, 4), (5, 6), (6, 7)]
    for wrong in ([1, 1], [2, 1], [5], [-1]):
        with pytest.raises(ValueError, match=r"indexes must rise|no such leaf"):
            merkle.walk_ranges(5, wrong)


def test_a_huge_tree_costs_only_its_depth() -> None:
    size = 2**53
    ranges = merkle.walk_ranges(size, [0, size - 1])
    assert len(ranges) == 2 * 52
    assert merkle.root_from_walk(size, {0: bytes(32), size - 1: bytes(32)}, [bytes(32)] * len(ranges))


def doubled_root(leaves: list[bytes]) -> bytes:
    """The tree of CVE-2012-2459: an odd level repeats its last node."""
    while len(leaves) > 1:
        leaves = leaves + leaves[-1:] if len(leaves) % 2 else leaves
        leaves = [merkle.node_hash(leaves[i], leaves[i + 1]) for i in range(0, len(leaves), 2)]
    return leaves[0]


@pytest.mark.parametrize("size", [3, 5, 6, 7, 11])
def test_a_tree_that_repeats_its_last_node_is_refused(size: int) -> None:
    leaves = hashes(size)
    forged = doubled_root(leaves)
    last = size - 1
    proof = merkle.inclusion_proof(LeafNodes(leaves), last, size)
    assert refuses(merkle.verify_inclusion, last, size, leaves[last], proof, forged) == "inclusion-root"
    # A proof with the twin written in has one node more than a tree of this size has room for.
    padded = [leaves[last], *proof]
    assert refuses(merkle.verify_inclusion, last, size, leaves[last], padded, forged)
    shown, nodes = walked(size, [last])
    assert merkle.root_from_walk(size, shown, nodes) != forged
    assert refuses(merkle.root_from_walk, size, shown, [*nodes, leaves[last]]) == "proof-length"
    assert merkle.root(leaves) != merkle.root([*leaves, leaves[-1]])
