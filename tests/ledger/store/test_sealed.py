"""How disclosures of an entry are packed: each opens by what is left of its secret, and by nothing else.

Both forms keep the same promises; the one from before is only ever read and erased from.
"""

import os
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.keys.wrapping import stream, unwrap
from ledger.store.sealed import GCM, STREAM, Sealed, items, opened, repacked, seal, without
from schemas.errors import EvidenceError, UnavailableError
from tests.ledger.store import form_before

KEY = bytes(range(32))
TEXTS = [b"WyJ" + bytes([65 + n]) * (n * 9 + 1) for n in range(7)]
FORMS = (GCM, STREAM)
PLACES = st.sets(st.integers(0, 6))


def kept(form: int, texts: list[bytes] = TEXTS) -> Sealed:
    if form == GCM:
        return Sealed(form, *form_before.sealed(texts, KEY))
    return Sealed(form, *seal(texts, b"".join(digests(texts)), KEY, os.urandom(16)))


def digests(texts: list[bytes]) -> list[bytes]:
    return [sha256(text).digest() for text in texts]


def erased(sealed: Sealed, gone: set[int], *, row: bool = True) -> Sealed:
    """After an erasure; `row`: the row was written anew as well."""
    left = [item for item in items(sealed.form, sealed.packed) if item.position not in gone]
    left_open, secret = without(sealed, gone, KEY, os.urandom)
    assert left_open.isdisjoint(gone)
    return Sealed(sealed.form, repacked(sealed.form, left) if row else sealed.packed, secret)


def texts_of(sealed: Sealed) -> list[bytes]:
    return list(opened(sealed, KEY)[1])


@pytest.mark.parametrize("form", FORMS)
def test_what_was_sealed_opens_with_its_digests_in_wire_order(form: int) -> None:
    found, texts = opened(kept(form), KEY)
    assert (list(found), list(texts)) == (digests(TEXTS), TEXTS)
    assert [item.digest for item in items(form, kept(form).packed)] == digests(TEXTS)


def test_rows_of_an_earlier_version_are_read() -> None:
    """Written by that version, for the texts `WyJ` and `WyJhIl0` under wrapping key 0, 1, 2, …, 31."""
    packed = bytes.fromhex(
        "00008a08044266301e758fc4caf07f66ad0c5598c918659d7f97d168f470c44c324f000000131eafcd2a412efcd86060626c59b8983bed8b3b"
        "0001e3e1cda30f4f4fe9b0a20211b5be3d46eba7bf4f345456d89e3d2ac90db0a4ff00000017466a2edb5171e173a0571e2471879aeb780e95"
        "124ce9d5"
    )
    secret = bytes.fromhex("0000000182c693bff487db7c31a7f0cc440ad9e37709511b52efce48094b4548eee3cfc2bf7805b51201bc01")
    assert texts_of(Sealed(GCM, packed, secret)) == [b"WyJ", b"WyJhIl0"]
    assert texts_of(erased(Sealed(GCM, packed, secret), {0})) == [b"WyJhIl0"]


@pytest.mark.parametrize("form", FORMS)
@given(
    first=st.sets(st.integers(0, 6)), second=st.sets(st.integers(0, 6)), rows=st.tuples(st.booleans(), st.booleans())
)
def test_what_is_erased_opens_no_more_and_the_others_do(
    form: int, first: set[int], second: set[int], rows: tuple[bool, bool]
) -> None:
    """Once and once more, whether or not the row was written anew before the crash."""
    once = erased(kept(form), first, row=rows[0])
    assert texts_of(once) == [text for at, text in enumerate(TEXTS) if at not in first]
    twice = erased(once, second, row=rows[1])
    assert texts_of(twice) == [text for at, text in enumerate(TEXTS) if at not in first | second]
    assert bool(twice.secret) == (len(first | second) < len(TEXTS))


@pytest.mark.parametrize("form", FORMS)
@given(gone=PLACES)
def test_an_older_copy_of_the_secrets_opens_what_the_row_still_has(form: int, gone: set[int]) -> None:
    sealed = kept(form)
    again = Sealed(form, erased(sealed, gone).packed, sealed.secret)
    assert texts_of(again) == [text for at, text in enumerate(TEXTS) if at not in gone]


@given(gone=st.sets(st.integers(0, 6), min_size=1, max_size=6))
def test_what_is_left_of_a_secret_tells_nothing_of_what_was_erased(gone: set[int]) -> None:
    """Neither the key of the stream nor the pad of an erased disclosure is in what replaces it, once unwrapped."""
    sealed = kept(STREAM)
    key = unwrap(sealed.secret[1:], KEY)
    left = erased(sealed, gone)
    pads = b"".join(
        bytes(one ^ other for one, other in zip(item.ciphertext, text, strict=True))
        for item, text in zip(items(STREAM, left.packed), texts_of(left), strict=True)
    )
    assert key not in pads
    whole = stream(key, bytes(sum(map(len, TEXTS))))
    for item in items(STREAM, sealed.packed):
        pad = whole[item.offset : item.offset + len(item.ciphertext)]
        assert (pad in pads) == (item.position not in gone)


def test_no_two_entries_share_a_stream() -> None:
    assert kept(STREAM, [bytes(64)]).packed[-64:] != kept(STREAM, [bytes(64)]).packed[-64:]


@pytest.mark.parametrize("form", FORMS)
def test_nothing_opens_without_a_secret_or_with_another_members_key(form: int) -> None:
    sealed = kept(form)
    assert opened(sealed._replace(secret=b""), KEY) == ((), ())
    assert without(sealed._replace(secret=b""), {0}, KEY, os.urandom) == (set(), b"")
    for one in (sealed, erased(sealed, {1})):
        with pytest.raises(EvidenceError, match="disclosure-sealed"):
            opened(one, bytes(32))
        with pytest.raises(EvidenceError, match="disclosure-sealed"):
            without(one, {2}, bytes(32), os.urandom)


def opens_right_or_not_at_all(sealed: Sealed) -> bool:
    """Whether it opens; what then comes out was sealed, though some of it may be missing."""
    try:
        found = list(zip(*opened(sealed, KEY), strict=True))
    except (EvidenceError, UnavailableError):
        return False
    assert set(found) <= set(zip(digests(TEXTS), TEXTS, strict=True))
    return True


@pytest.mark.parametrize("gone", [set(), {1}], ids=["whole", "erased from"])
@pytest.mark.parametrize("form", FORMS)
def test_no_changed_byte_makes_another_text(form: int, gone: set[int]) -> None:
    sealed = erased(kept(form), gone) if gone else kept(form)
    harmless = 0
    for at in range(len(sealed.packed)):
        altered = bytearray(sealed.packed)
        altered[at] ^= 1
        harmless += opens_right_or_not_at_all(sealed._replace(packed=bytes(altered)))
    # Position and offset of a disclosure are all that its digest does not answer for.
    assert harmless <= len(TEXTS) * 8
    for at in range(len(sealed.secret)):
        altered = bytearray(sealed.secret)
        altered[at] ^= 1
        opens_right_or_not_at_all(sealed._replace(secret=bytes(altered)))


@pytest.mark.parametrize("gone", [set(), {1}], ids=["whole", "erased from"])
@pytest.mark.parametrize("form", FORMS)
def test_nothing_that_was_cut_short_makes_another_text(form: int, gone: set[int]) -> None:
    sealed = erased(kept(form), gone) if gone else kept(form)
    for at in range(len(sealed.packed)):
        assert not opens_right_or_not_at_all(sealed._replace(packed=sealed.packed[:at])) or form == GCM or not at
    for at in range(1, len(sealed.secret)):
        assert not opens_right_or_not_at_all(sealed._replace(secret=sealed.secret[:at]))


def test_an_entry_of_very_many_disclosures_is_sealed_as_any_other() -> None:
    texts = [b"WyJ%d" % n for n in range(70_000)]
    sealed = kept(STREAM, texts)
    assert texts_of(sealed) == texts
    assert texts_of(erased(sealed, {69_999, 3})) == [text for at, text in enumerate(texts) if at not in (3, 69_999)]
