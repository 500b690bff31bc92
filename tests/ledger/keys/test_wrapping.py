"""Erasable disclosures: each opens with its own wrapped key and nothing else."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.keys.wrapping import WRAPPED_SIZE, open_, open_all, seal, seal_all
from schemas.errors import EvidenceError

KEY = bytes(range(32))


@given(st.lists(st.binary(max_size=200), max_size=12))
def test_what_is_sealed_opens_again(texts: list[bytes]) -> None:
    sealed = seal_all(texts, KEY, os.urandom)
    assert open_all(sealed, KEY) == texts
    assert all(len(c) == len(t) + 16 and len(w) == WRAPPED_SIZE for t, (c, w) in zip(texts, sealed, strict=True))


def test_equal_texts_are_sealed_under_different_keys() -> None:
    one, two = seal_all([b"same", b"same"], KEY, os.urandom)
    assert one[0] != two[0]
    with pytest.raises(EvidenceError, match="disclosure-sealed"):
        open_(one[0], two[1], KEY)


@pytest.mark.parametrize("part", [0, 1])
def test_a_changed_part_is_refused(part: int) -> None:
    sealed = list(seal(b"disclosure", KEY, os.urandom))
    sealed[part] = bytes([sealed[part][0] ^ 1]) + sealed[part][1:]
    with pytest.raises(EvidenceError, match="disclosure-sealed"):
        open_(sealed[0], sealed[1], KEY)


def test_another_members_key_or_an_erased_one_opens_nothing() -> None:
    ciphertext, wrapped = seal(b"disclosure", KEY, os.urandom)
    assert open_(ciphertext, wrapped, KEY) == b"disclosure"
    for other, key in ((wrapped, bytes(32)), (b"", KEY), (bytes(WRAPPED_SIZE), KEY)):
        with pytest.raises(EvidenceError, match="disclosure-sealed"):
            open_(ciphertext, other, key)
