"""The tag tree: shape, proofs, the bucketed form, and what a forged proof is refused for."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.registry import tag_tree
from ledger.registry.tag_buckets import BucketedTree, bucket_of
from ledger.registry.tag_tree import (
    EMPTY_ROOT,
    Item,
    Present,
    SortedTree,
    Subtree,
    bit_of,
    combine,
    first_difference,
    leaf_hash,
    node_hash,
    path_in,
    path_in_combined,
    root_of_sorted,
    subtree,
    verify_absent,
    verify_present,
)
from schemas.errors import EvidenceError, InputError


def tag_of(number: int) -> bytes:
    return sha256(number.to_bytes(4, "big")).digest()


# Tags that share long prefixes as well as tags spread at random, so that deep and shallow nodes both occur.
near = st.integers(0, 255).map(lambda last: bytes(31) + bytes((last,)))
tags = st.one_of(near, st.binary(min_size=32, max_size=32))
index_lists = st.lists(st.integers(0, 2**40), min_size=1, max_size=4, unique=True).map(
    lambda found: tuple(sorted(found))
)
trees = st.dictionaries(tags, index_lists, max_size=40).map(lambda found: sorted(found.items()))
nonempty = trees.filter(bool)


def recursive_root(items: list[Item]) -> bytes:
    """The definition read aloud: split at the first bit at which the tags differ."""
    if not items:
        return sha256(b"").digest()
    if len(items) == 1:
        return sha256(b"\0" + items[0][0] + b"".join(i.to_bytes(8, "big") for i in items[0][1])).digest()
    bit = next(d for d in range(256) if len({bit_of(tag, d) for tag, _ in items}) == 2)
    left = recursive_root([item for item in items if bit_of(item[0], bit) == 0])
    right = recursive_root([item for item in items if bit_of(item[0], bit) == 1])
    return sha256(b"\1" + bytes([bit]) + left + right).digest()


@given(trees)
def test_the_one_pass_root_is_the_root_of_the_definition(items: list[Item]) -> None:
    assert root_of_sorted(items) == recursive_root(items)


@given(nonempty)
def test_every_present_tag_proves(items: list[Item]) -> None:
    tree = SortedTree(items)
    for tag, indexes in items:
        proof = tree.prove_present(tag)
        assert proof.indexes == indexes
        verify_present(tag, proof.indexes, proof.path, tree.root(), size=2**40 + 1)


@given(trees, tags)
def test_every_absent_tag_proves(items: list[Item], tag: bytes) -> None:
    tree = SortedTree([item for item in items if item[0] != tag])
    verify_absent(tag, tree.prove_absent(tag), tree.root())


@given(nonempty, st.integers(0, 6), st.data())
def test_buckets_have_the_root_and_the_proofs_of_the_reference(
    items: list[Item], bits: int, data: st.DataObject
) -> None:
    reference, tree = SortedTree(items), BucketedTree(bits, lambda b: [i for i in items if bucket_of(i[0], bits) == b])
    tree.touch_all()
    assert tree.root() == reference.root()
    present = data.draw(st.sampled_from(items))[0]
    assert tree.prove_present(present) == reference.prove_present(present)
    absent = data.draw(tags.filter(lambda tag: tag not in dict(items)))
    assert tree.prove_absent(absent) == reference.prove_absent(absent)


@given(st.lists(nonempty, min_size=1, max_size=6), st.integers(0, 8))
def test_touching_what_changed_keeps_the_bucketed_root_true(batches: list[list[Item]], bits: int) -> None:
    held: dict[bytes, tuple[int, ...]] = {}
    tree = BucketedTree(bits, lambda b: sorted(i for i in held.items() if bucket_of(i[0], bits) == b))
    for batch in batches:
        for tag, indexes in batch:
            held[tag] = tuple(sorted({*held.get(tag, ()), *indexes}))
        tree.touch(tag for tag, _ in batch)
        assert tree.root() == root_of_sorted(sorted(held.items()))


@given(nonempty, st.integers(0, 8))
def test_combined_subtrees_have_the_root_and_paths_of_the_whole(items: list[Item], bits: int) -> None:
    buckets: dict[int, list[Item]] = {}
    for item in items:
        buckets.setdefault(bucket_of(item[0], bits), []).append(item)
    parts = [subtree(found) for found in buckets.values()]
    whole = subtree(items)
    assert combine(parts) == whole
    for position, found in enumerate(buckets.values()):
        for tag, _ in found:
            assert path_in(found, tag) + path_in_combined(parts, position) == path_in(items, tag)


def test_the_bucketed_tree_reopens_from_kept_roots_without_reading() -> None:
    items = sorted((tag_of(n), (n,)) for n in range(200))
    first = BucketedTree(4, lambda b: [i for i in items if bucket_of(i[0], 4) == b])
    first.touch_all()
    roots = {bucket: root for bucket, root in first.refresh().items() if root is not None}

    def unread(bucket: int) -> list[Item]:
        raise AssertionError(bucket)

    assert BucketedTree(4, unread, roots).root() == root_of_sorted(items)


def test_the_empty_tree_proves_every_tag_absent_and_no_other_tree_does_so() -> None:
    assert SortedTree([]).root() == EMPTY_ROOT == BucketedTree(3, lambda b: []).root()
    verify_absent(tag_of(1), SortedTree([]).prove_absent(tag_of(1)), EMPTY_ROOT)
    assert BucketedTree(3, lambda b: []).prove_absent(tag_of(1)) is None
    with refused("tag-tree-not-empty"):
        verify_absent(tag_of(1), None, SortedTree([(tag_of(1), (0,))]).root())


ITEMS = sorted((tag_of(n), (n, n + 100)) for n in range(50))
TREE = SortedTree(ITEMS)
ROOT = TREE.root()
PROOF = TREE.prove_present(tag_of(7))


def refused(code: str) -> "pytest.RaisesContext[EvidenceError]":
    return pytest.raises(EvidenceError, match=f"^{code} ")


def test_the_untouched_proofs_pass() -> None:
    verify_present(PROOF.tag, PROOF.indexes, PROOF.path, ROOT, size=150)
    verify_absent(tag_of(99), TREE.prove_absent(tag_of(99)), ROOT, size=150)


@pytest.mark.parametrize("indexes", [(7,), (7, 107, 108), (8, 107), (107,)])
def test_a_forged_index_list_is_refused(indexes: tuple[int, ...]) -> None:
    with refused("tag-root-mismatch"):
        verify_present(PROOF.tag, indexes, PROOF.path, ROOT)


@pytest.mark.parametrize("indexes", [(107, 7), (7, 7), (-1, 7), (2**53 + 1,)])
def test_an_index_list_that_does_not_rise_is_refused(indexes: tuple[int, ...]) -> None:
    with refused("tag-indexes-order"):
        verify_present(PROOF.tag, indexes, PROOF.path, ROOT)


def test_a_tag_without_indexes_is_refused() -> None:
    with refused("tag-without-index"):
        verify_present(PROOF.tag, (), PROOF.path, ROOT)


def test_an_index_at_or_after_the_snapshot_is_refused() -> None:
    with refused("tag-index-beyond"):
        verify_present(PROOF.tag, PROOF.indexes, PROOF.path, ROOT, size=107)


def test_a_tag_of_another_length_is_refused() -> None:
    with refused("tag-length"):
        verify_present(PROOF.tag[:-1], PROOF.indexes, PROOF.path, ROOT)


def test_swapped_siblings_are_refused() -> None:
    (low, one), (high, two), *rest = PROOF.path
    with refused("tag-root-mismatch"):
        verify_present(PROOF.tag, PROOF.indexes, ((low, two), (high, one), *rest), ROOT)
    with refused("tag-path-order"):
        verify_present(PROOF.tag, PROOF.indexes, ((high, two), (low, one), *rest), ROOT)


def test_a_wrong_d_is_refused() -> None:
    (bit, sibling), *rest = PROOF.path
    with refused("tag-root-mismatch"):
        verify_present(PROOF.tag, PROOF.indexes, ((bit + 1, sibling), *rest), ROOT)
    for wrong in (rest[0][0], 256, -1):
        with refused("tag-path-order"):
            verify_present(PROOF.tag, PROOF.indexes, ((wrong, sibling), *rest), ROOT)


def test_a_truncated_or_padded_path_is_refused() -> None:
    with refused("tag-root-mismatch"):
        verify_present(PROOF.tag, PROOF.indexes, PROOF.path[1:], ROOT)
    with refused("tag-path-hash"):
        verify_present(PROOF.tag, PROOF.indexes, ((PROOF.path[0][0], b""), *PROOF.path[1:]), ROOT)


def test_a_present_tag_offered_as_absent_is_refused() -> None:
    with refused("tag-is-present"):
        verify_absent(PROOF.tag, PROOF, ROOT)


def test_absence_shown_at_another_leaf_is_refused() -> None:
    """Every leaf but the tag's own is a true leaf of the tree, and none of them proves the tag absent."""
    for other, _ in ITEMS:
        if other != PROOF.tag:
            with refused("tag-path-elsewhere"):
                verify_absent(PROOF.tag, TREE.prove_present(other), ROOT)


def test_absence_from_another_tree_is_refused() -> None:
    older = SortedTree([item for item in ITEMS if item[0] != PROOF.tag])
    with refused("tag-root-mismatch"):
        verify_absent(PROOF.tag, older.prove_absent(PROOF.tag), ROOT)


def test_the_maker_refuses_to_prove_what_is_not_so() -> None:
    with pytest.raises(InputError, match=r"^tag-unknown"):
        TREE.prove_present(tag_of(99))
    with pytest.raises(InputError, match=r"^tag-known"):
        TREE.prove_absent(tag_of(7))
    bucketed = BucketedTree(2, lambda b: [i for i in ITEMS if bucket_of(i[0], 2) == b])
    bucketed.touch_all()
    with pytest.raises(InputError, match=r"^tag-known"):
        bucketed.prove_absent(tag_of(7))
    with pytest.raises(InputError, match=r"^tag-items-order"):
        root_of_sorted(reversed(ITEMS))
    with pytest.raises(InputError, match=r"^tag-bucket-bits"):
        BucketedTree(21, lambda b: [])


def test_parts_that_are_no_whole_subtrees_are_not_combined() -> None:
    with pytest.raises(InputError, match=r"^tag-subtrees-overlap"):
        combine([subtree(ITEMS[:7]), subtree(ITEMS[7:])])
    with pytest.raises(InputError, match=r"^tag-subtrees-overlap"):
        combine([Subtree(tag_of(1), tag_of(1), ROOT), Subtree(tag_of(1), tag_of(1), ROOT)])


def test_a_leaf_is_never_a_node() -> None:
    left, right = leaf_hash(tag_of(1), (1,)), leaf_hash(tag_of(2), (2,))
    assert node_hash(0, left, right) != sha256(b"\0" + bytes([0]) + left + right).digest()
    assert first_difference(bytes(32), b"\x80" + bytes(31)) == 0
    assert first_difference(bytes(32), bytes(31) + b"\x01") == 255
    assert isinstance(PROOF, Present)
    assert tag_tree.TAG_LENGTH == 32
