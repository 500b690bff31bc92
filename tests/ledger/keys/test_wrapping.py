"""Erasable disclosures: each opens with its own key and nothing else, and a key that was left out is gone."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.keys.wrapping import KEY_SIZE, WRAPPING_SIZE, open_all, rewrap, seal_all, unwrap
from schemas.errors import EvidenceError

KEY = bytes(range(32))


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=12))
def test_what_is_sealed_opens_again(texts: list[bytes]) -> None:
    sealed, wrapped = seal_all(texts, KEY, os.urandom)
    assert open_all(zip(sealed, unwrap(wrapped, KEY), strict=True)) == texts
    assert [len(one) for one in sealed] == [len(text) + 16 for text in texts]
    assert len(wrapped) == KEY_SIZE * len(texts) + WRAPPING_SIZE


def test_nothing_has_no_keys_to_wrap() -> None:
    assert seal_all([], KEY, os.urandom) == ([], b"")


def test_equal_texts_are_sealed_under_different_keys() -> None:
    (one, two), wrapped = seal_all([b"same", b"same"], KEY, os.urandom)
    keys = unwrap(wrapped, KEY)
    assert one != two
    with pytest.raises(EvidenceError, match="disclosure-sealed"):
        open_all([(one, keys[1])])


def test_a_changed_ciphertext_is_refused() -> None:
    (sealed,), wrapped = seal_all([b"disclosure"], KEY, os.urandom)
    with pytest.raises(EvidenceError, match="disclosure-sealed"):
        open_all([(bytes([sealed[0] ^ 1]) + sealed[1:], unwrap(wrapped, KEY)[0])])


def test_changed_keys_another_members_key_or_none_open_nothing() -> None:
    _, wrapped = seal_all([b"disclosure"], KEY, os.urandom)
    changed = bytes([wrapped[0] ^ 1]) + wrapped[1:]
    for other, key in ((changed, KEY), (wrapped, bytes(32)), (b"", KEY), (bytes(24), KEY), (wrapped[:-8], KEY)):
        with pytest.raises(EvidenceError, match="disclosure-sealed"):
            unwrap(other, key)


@given(st.sets(st.integers(0, 11)))
def test_keys_wrapped_anew_are_those_that_were_kept(kept: set[int]) -> None:
    texts = [bytes([at]) * 9 for at in range(12)]
    sealed, wrapped = seal_all(texts, KEY, os.urandom)
    left = rewrap(wrapped, sorted(kept), KEY)
    keys = unwrap(left, KEY) if kept else []
    assert len(left) == (KEY_SIZE * len(kept) + WRAPPING_SIZE if kept else 0)
    assert open_all(zip([sealed[at] for at in sorted(kept)], keys, strict=True)) == [texts[at] for at in sorted(kept)]


def test_keys_are_wrapped_anew_only_with_their_members_key() -> None:
    _, wrapped = seal_all([b"one", b"two"], KEY, os.urandom)
    with pytest.raises(EvidenceError, match="disclosure-sealed"):
        rewrap(wrapped, [0], bytes(32))
