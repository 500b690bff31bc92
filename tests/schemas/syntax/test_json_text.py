"""Strict JSON and RFC 8785: the official vectors, what two readers could read differently, and the round trip."""

import json
import math
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.syntax.json_text import MAX_INTEGER, Number, canonical, pieces, read, read_integers, scan_each, write
from tests.official import official, official_files

INPUTS = official_files("crypto/rfc8785-jcs/input/*.json")


@pytest.mark.parametrize("file", INPUTS)
def test_the_official_documents_become_their_canonical_form(file: Path) -> None:
    expected = official(f"crypto/rfc8785-jcs/output/{file.name}").read_bytes().strip()
    assert canonical(read(file.read_bytes())) == expected
    assert canonical(json.loads(file.read_bytes())) == expected
    assert canonical(read(expected)) == expected


@pytest.mark.parametrize("file", INPUTS)
def test_the_official_bytes_in_hex_are_those_we_write(file: Path) -> None:
    hexadecimal = official(f"crypto/rfc8785-jcs/outhex/{file.stem}.txt").read_text()
    assert canonical(read(file.read_bytes())) == bytes.fromhex(hexadecimal)


# RFC 8785 appendix B: the bits of a double and how ECMAScript writes it.
NUMBERS = {
    "0000000000000000": "0", "8000000000000000": "0", "0000000000000001": "5e-324", "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308", "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992", "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000", "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23", "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000", "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21", "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001", "41b3de4355555553": "333333333.3333332", "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333", "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343", "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}  # fmt: skip


@pytest.mark.parametrize("bits", NUMBERS)
def test_numbers_are_written_as_rfc_8785_appendix_b_has_them(bits: str) -> None:
    assert canonical(struct.unpack(">d", bytes.fromhex(bits))[0]).decode() == NUMBERS[bits]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_has_no_canonical_form(bad: float) -> None:
    with pytest.raises(InputError, match="json-not-a-number"):
        canonical(bad)


def test_names_are_sorted_by_utf_16_code_units() -> None:
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "a": 3}) == '{"a":3,"\U0001f600":2,"\ufb33":1}'.encode()


REFUSED = {
    "": "json-syntax", " ": "json-syntax", "{": "json-syntax", "[1,]": "json-syntax", "{}x": "json-syntax",
    "{} {}": "json-syntax", "[1] ,": "json-syntax", '{"a" 1}': "json-syntax", "01": "json-syntax", "+1": "json-syntax",
    "1.": "json-syntax", ".5": "json-syntax", "'a'": "json-syntax", '"\x01"': "json-syntax", "\xa01": "json-syntax",
    "\x0c1": "json-syntax", "1\x0b": "json-syntax",
    '{"a":1,"a":1}': "json-duplicate-name", '[{"a":1,"\\u0061":2}]': "json-duplicate-name",
    "NaN": "json-not-a-number", "[Infinity]": "json-not-a-number", "-Infinity": "json-not-a-number",
    "[" * 33 + "]" * 33: "json-too-deep", '{"a":' * 33 + "1" + "}" * 33: "json-too-deep",
    "[" * 100000: "json-too-deep",
    '"\\ud800"': "json-lone-surrogate", '{"\\udfff":1}': "json-lone-surrogate",
    '["\\udc00\\ud800"]': "json-lone-surrogate",
    "1" * 65: "json-number-too-long", "0." + "1" * 63: "json-number-too-long",
    "\ufeff{}": "json-byte-order-mark",
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), REFUSED.items(), ids=range(len(REFUSED)))
def test_what_two_readers_could_read_differently_is_refused(text: str, code: str) -> None:
    for data in (text, text.encode("utf-8")):
        with pytest.raises(InputError) as caught:
            read(data)
        assert caught.value.code == code


@pytest.mark.parametrize(
    "data", [b"\xff", b'"\xed\xa0\x80"', b'"\xc0\x80"', '"è"'.encode("latin-1"), '"a"'.encode("utf-16")]
)
def test_other_encodings_are_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="json-not-utf8"):
        read(data)


def test_a_lone_surrogate_that_is_already_text_is_refused() -> None:
    with pytest.raises(InputError, match="json-lone-surrogate"):
        read('"\ud800"')


@pytest.mark.parametrize(
    "text",
    ["[" * 32 + "]" * 32, "[" + "{}," * 99 + "[]]", ' \t\r\n{"a" : [ 1 ]}\n', '"\\ud83d\\ude00"', "1" * 64, '"[[[["'],
)
def test_what_is_strict_is_accepted(text: str) -> None:
    assert read(text) == read(text.encode())


def test_number_text_is_kept() -> None:
    data = b"[1.50,-0,1E400,0.10e-2,123456789012345678901234567890]"
    assert write(read(data)) == data
    assert read(b"1.50") == Number("1.50") != Number("1.5")
    assert Number("1.50").decimal() == Number("1.5").decimal()


@pytest.mark.parametrize("text", ["0", "1", "10", str(MAX_INTEGER)])
def test_integers_are_plain(text: str) -> None:
    assert read_integers(text) == int(text)
    assert type(read_integers(text)) is int


@pytest.mark.parametrize("text", ["-1", "-0", "1.0", "1e0", "1E2", str(MAX_INTEGER + 1), "9" * 30, "0.5"])
def test_any_other_number_is_no_integer(text: str) -> None:
    for data in (text, f'{{"a":[{text}]}}'):
        with pytest.raises(InputError, match="json-not-integer"):
            read_integers(data)


def test_integers_beyond_a_double_are_not_written() -> None:
    for writer in (write, canonical):
        with pytest.raises(InputError, match="json-not-integer"):
            writer([MAX_INTEGER + 1])
        with pytest.raises(TypeError, match="not a JSON value"):
            writer([object()])


numbers = st.integers(-(2**53), 2**53).map(str) | st.floats(allow_nan=False, allow_infinity=False).map(repr)
values = st.recursive(
    st.none() | st.booleans() | st.text() | numbers.map(Number),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


@given(values)
def test_what_is_written_is_read_back(value: Any) -> None:
    assert read(write(value)) == value
    assert write(read(write(value))) == write(value)


@given(values)
def test_the_canonical_form_is_its_own_and_means_the_same(value: Any) -> None:
    text = canonical(value)
    assert canonical(read(text)) == text
    assert json.loads(text, parse_int=float) == json.loads(write(value), parse_int=float)


@given(values)
def test_the_order_of_members_does_not_reach_the_canonical_form(value: Any) -> None:
    assert canonical(turned(value)) == canonical(value)


def turned(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: turned(value[name]) for name in reversed(value)}
    return [turned(item) for item in value] if isinstance(value, list) else value


@given(st.text(alphabet='{}[]",:0123456789.eE+-\\utrfalsn \ud800a', max_size=25))
def test_whatever_is_accepted_python_reads_the_same_and_nothing_else_is_raised(text: str) -> None:
    try:
        value = read(text)
    except InputError:
        return
    assert json.loads(write(value)) == json.loads(text)


def scanned(value: Any) -> Any:
    """What `scan_each` gives of a value: objects as tuples of pairs."""
    if isinstance(value, dict):
        return tuple((name, scanned(item)) for name, item in value.items())
    return [scanned(item) for item in value] if isinstance(value, list) else value


PIECES = st.sampled_from(
    (
        "[", "]", "{", "}", ",", ":", '"', '"a"', '"a":', "Infinity", "-Infinity", "NaN", "1", "null", " ", "\\",
        "\\u0061", "[1", "1]", "[[", "]]", '["a",', ",1]", "è", "\x00", "[" * 33, "]" * 33,
    )
)  # fmt: skip


@given(st.lists(st.lists(PIECES, max_size=6).map("".join), max_size=5))
def test_texts_scanned_together_say_what_each_says_alone(texts: list[str]) -> None:
    found = scan_each([text.encode() for text in texts])
    if found is not None:
        assert found == [scanned(read(text)) for text in texts]


@given(st.lists(st.recursive(st.text() | st.booleans(), lambda inner: st.lists(inner, max_size=4)), min_size=1))
def test_plain_texts_are_scanned_together(values: list[Any]) -> None:
    texts = [write(value) for value in values]
    plain = not any(b"\\u" in text or b"Infinity" in text for text in texts)
    if plain:
        assert scan_each(texts) == [scanned(value) for value in values]


@pytest.mark.parametrize(
    "texts",
    [
        [b"[1],[2]", b"[3,[4", b"]]"],
        [b'["a",1],["b",2]', b'["c",[1', b'["d",1]]]'],
        [b'{"a":1', b'"b":2}', b"1"],
        [b'["a', b'b"]'],
        [b"[1", b"2]"],
        [b"[1],Infinity", b"[2"],
        [b"1]", b"[2"],
        [b" "],
        [b"", b"1"],
        [b"[" * 33 + b"]" * 33],
        [b"[-Infinity]"],
        [b"[NaN]"],
    ],
)
def test_texts_that_are_whole_only_together_are_not_taken(texts: list[bytes]) -> None:
    assert scan_each(texts) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5) | st.integers(0, 99),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(VALUES, st.lists(VALUES, max_size=3))
def test_pieces_are_what_is_written_whole(value: Any, items: list[Any]) -> None:
    assert "".join(pieces(value)) == write(value).decode()
    held = {"before": value, "inside": {"items": items}}
    assert "".join(pieces({"before": value, "inside": {"items": iter(items)}})) == write(held).decode()


def test_an_item_is_asked_for_when_its_turn_comes() -> None:
    asked: list[int] = []
    given_out = pieces({"items": (asked.append(number) or number for number in range(3))})  # type: ignore[func-returns-value]
    text = ""
    while len(asked) < 2:
        text += next(given_out)
    assert text + "".join(given_out) == '{"items":[0,1,2]}'


@pytest.mark.parametrize("value", [b"bytes", {"a": object()}, {"a": b"x"}])
def test_what_is_no_json_is_refused_in_pieces_too(value: Any) -> None:
    with pytest.raises(TypeError, match="not a JSON value"):
        list(pieces(value))
