import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.gs1.element_string import (
    SEPARATOR,
    check_together,
    read_bracketed,
    read_plain,
    write_bracketed,
    write_plain,
)
from tests.official import official

ENGINE = "gs1/digital-link/gs1-syntax-engine_"
# Buffers the engine's tests fill in code, by what their notes say of them: the transcription holds only their names.
FILLED = {
    "Exactly 90 chars": ("(91)" + "A" * 90, "^91" + "A" * 90),
    "91 chars, too long": ("(91)" + "A" * 91, None),
    "Exactly 64 AIs": (None, "^" + "^".join(["99A"] * 64)),
    "65 AIs, too many": (None, "^" + "^".join(["99A"] * 65)),
}
SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


def vectors(name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(official(f"{ENGINE}{name}.json").read_text("utf-8"))["vectors"]
    for vector in found:
        if {"inbuf", "buf"} & {vector.get("aiElementString"), vector.get("aiDataStr")}:
            vector["aiElementString"], vector["aiDataStr"] = FILLED[str(vector["note"])]
    return found


def test_every_official_bracketed_string() -> None:
    table = vectors("parseAIdata")
    assert (len(table), sum(bool(vector["valid"]) for vector in table)) == (29, 13)
    for vector in table:
        try:
            elements = read_bracketed(str(vector["aiElementString"]))
        except InputError:
            assert not vector["valid"], vector
            continue
        assert vector["valid"], vector
        assert "^" + write_plain(elements).replace(SEPARATOR, "^") == vector["aiDataStr"], vector


def test_every_official_scanned_string() -> None:
    table = vectors("processAIdata")
    assert (len(table), sum(bool(vector["valid"]) for vector in table)) == (55, 20)
    for vector in table:
        # The engine wants FNC1 in front; a keyboard scanner leaves it out, so only the empty string is refused there.
        try:
            read_plain(str(vector["aiDataStr"]).replace("^", SEPARATOR))
        except InputError:
            assert not vector["valid"], vector
            continue
        assert vector["valid"], vector


def test_every_official_combination() -> None:
    table = vectors("validateAIs")
    assert (len(table), sum(bool(vector["valid"]) for vector in table)) == (51, 23)
    for vector in table:
        elements = tuple(re.findall(r"\((\d+)\)([^(]*)", str(vector["aiElementString"])))
        try:
            check_together(elements)
        except InputError:
            assert not vector["valid"], vector
            continue
        assert vector["valid"], vector


def test_biip_messages() -> None:
    tables = json.loads(official("gs1/check-digits/biip_test_parameters.json").read_text("utf-8"))["vectors"]
    messages = tables["test_gs1_messages.py"]
    for value, wanted in messages["test_parse_ignores_redundant_separator_chars"]["rows"]:
        assert write_bracketed(read_plain(value)) == wanted
    for value, separators, wanted in messages["test_parse_with_separator_char"]["rows"]:
        if separators == [SEPARATOR]:
            assert write_bracketed(read_plain(value)) == wanted
    for value, _ in messages["test_parse_fails_if_unparsed_data_left"]["rows"]:
        with pytest.raises(InputError):
            read_plain(value)


@given(st.text(SET_82, min_size=1, max_size=20), st.text(SET_82, min_size=1, max_size=20))
def test_a_string_reads_back_as_it_was_written(lot: str, serial: str) -> None:
    elements = (("01", "09521234543213"), ("10", lot), ("21", serial))
    assert read_plain(write_plain(elements)) == elements
    if "\\" not in lot + serial:
        assert read_bracketed(write_bracketed(elements)) == elements


def test_a_symbology_identifier_may_stand_in_front() -> None:
    assert read_plain("]C1" + "01095212345432131" + "0L7") == (("01", "09521234543213"), ("10", "L7"))


def test_a_flood_of_elements_is_refused() -> None:
    with pytest.raises(InputError):
        read_bracketed("(99)A" * 10_000)
    with pytest.raises(InputError):
        read_plain(("99A" + SEPARATOR) * 10_000)
