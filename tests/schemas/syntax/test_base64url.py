"""Base64url: one spelling per value."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.syntax.base64url import ascii_digests, decode, digests, encode


@given(st.binary(max_size=70))
def test_what_is_encoded_is_decoded_and_is_what_the_standard_library_writes(value: bytes) -> None:
    text = encode(value)
    assert text == base64.urlsafe_b64encode(value).rstrip(b"=").decode()
    assert decode(text) == decode(text.encode()) == value


@pytest.mark.parametrize(
    ("plain", "text"),
    [(b"", ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"foobar", "Zm9vYmFy"), (b"\xfb\xff", "-_8")],
)
def test_the_vectors_of_rfc_4648(plain: bytes, text: str) -> None:
    assert encode(plain) == text
    assert decode(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "Zg==", "Zm8=", "Zh", "Zm9", "A", "AAAAA", "+/8", "+_8", "Zm 9v", "Zm9v\n", "\nZm9v", "Zm9v=", "=", "Zm9v====",
        "Zm.9v", "Zmé9", "Zm9v\0", "\0\0\0\0", "Z", "Zg=", "-_9", "ZmZ\u200b",
    ],
)  # fmt: skip
def test_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="base64url"):
        decode(text, member="x")


@given(st.text(alphabet="ABCDwxyz0189-_+/= \n", max_size=12))
def test_what_is_accepted_is_its_own_re_encoding(text: str) -> None:
    try:
        value = decode(text)
    except InputError:
        return
    assert encode(value) == text


@pytest.mark.parametrize("raw", [b"\xff\xff", b"Zm9\x80", "Zm9v\u0660".encode()])
def test_bytes_outside_ascii_are_refused(raw: bytes) -> None:
    with pytest.raises(InputError) as caught:
        decode(raw)
    assert caught.value.context == {"member": "value"}


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=5))
def test_digests_are_decoded_together_as_each_is_alone(values: list[bytes]) -> None:
    texts = [encode(value) for value in values]
    assert digests(texts) == ascii_digests([text.encode() for text in texts]) == tuple(values)


@given(st.lists(st.binary(min_size=32, max_size=32).map(encode), min_size=1, max_size=4), st.data())
def test_what_is_decoded_together_is_what_each_is_alone(texts: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(texts) - 1))
    place = data.draw(st.integers(0, 42))
    put = data.draw(st.sampled_from(["", "A", "B", "_", "-", "+", "/", "=", " ", "\n", "é", "AA", "\0"]))
    texts[at] = texts[at][:place] + put + texts[at][place + 1 :]
    found = digests(texts)
    if all(len(text.encode()) == 43 for text in texts):
        assert ascii_digests([text.encode() for text in texts]) == found
    if found is not None:
        assert list(found) == [decode(text) for text in texts]
    elif all(len(text) == 43 for text in texts):
        with pytest.raises(InputError, match="base64url"):
            [decode(text) for text in texts]


@pytest.mark.parametrize("other", [None, 1, b"A" * 43, ["A" * 43], "A" * 42, "A" * 44, "A" * 42 + "B"])
def test_what_is_no_digest_is_not_decoded(other: object) -> None:
    assert digests(["A" * 43, other]) is None
    assert digests([other, "A" * 43]) is None
