"""A disclosure written plainly is read in one step, any other by the JSON reader: both must say the same of it."""

import pytest

from ledger.entry.disclosure import parse
from schemas.errors import InputError
from schemas.syntax.base64url import encode
from schemas.syntax.json_text import Json, read, read_integers

SALT = '"' + "A" * 22 + '"'
SALTS = [SALT, '"' + "A" * 21 + 'B"', '"' + "A" * 21 + '"', '"' + "A" * 23 + '"', "1"]
NAMES = ['"n"', '"è"', '""', '"_sd"', '"..."', '"a\x00"', '"\\u0061"', '"a\\"b"', "1"]
VALUES = [
    '"a"', '"è"', '"\x7f"', '"\\u00e8"', '"\\ud800"', '"a\x01"', '"a\\"b"', '"a","b"', '"a"]', "[1]],[2]",
    "", "\x00", "\ufeff1",
    "0", "01", "-1", "1.50", "1e5", "9007199254740992", "9007199254740993", "1" * 64, "1" * 65, "null", "true", "NaN",
    "[]", "{}", "[1,2]", '{"a":1}', '{"a":1,"a":2}', '{"_sd":["x"]}', '["a":1]',
    "[" * 31 + "]" * 31, "[" * 32 + "]" * 32, '{"a":' * 31 + "1" + "}" * 31, '{"a":' * 32 + "1" + "}" * 32, "[" * 5000,
]  # fmt: skip


def said(text: str, *, named: bool, whole: bool) -> tuple[str | None, Json] | str:
    """What is read from a disclosure of this JSON text, or the code it is refused with."""
    try:
        found = parse(encode(text.encode()), named=named, numbers=read_integers if whole else read)
    except InputError as error:
        return error.code
    return found.name, found.value


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("value", VALUES)
def test_a_space_between_the_parts_changes_nothing(value: str, whole: bool) -> None:
    for salt in SALTS:
        assert said(f"[{salt},{value}]", named=False, whole=whole) == said(
            f"[{salt}, {value}]", named=False, whole=whole
        )
        for name in NAMES:
            plain = said(f"[{salt},{name},{value}]", named=True, whole=whole)
            assert plain == said(f"[{salt}, {name}, {value}]", named=True, whole=whole)


def test_plain_disclosures_are_read_and_refused_as_they_should() -> None:
    answers = [said(f'[{SALT},"n",{value}]', named=True, whole=False) for value in VALUES]
    assert answers[:2] == [("n", "a"), ("n", "è")]
    assert sum(type(answer) is tuple for answer in answers) == 21
    assert {answer for answer in answers if type(answer) is str} == {
        "disclosure-shape", "json-syntax", "json-lone-surrogate", "json-number-too-long", "json-not-a-number",
        "json-duplicate-name", "json-too-deep",
    }  # fmt: skip
