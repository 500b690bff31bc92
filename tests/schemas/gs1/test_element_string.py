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
# Buffers the engine's tests fill in code: the transcription holds only their names.
FILLED_IN_CODE = {"inbuf", "buf"}
SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


def vectors(name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(official(f"{ENGINE}{name}.json").read_text("utf-8"))["vectors"]
    return [vector for vector in found if FILLED_IN_CODE.isdisjoint(map(str, vector.values()))]


def test_every_official_bracketed_string() -> None:
    checked = 0
    for vector in vectors("parseAIdata"):
        checked += 1
        try:
            elements = read_bracketed(str(vector["aiElementString"]))
        except InputError:
            assert not vector["valid"], vector
            continue
        assert vector["valid"], vector
        assert "^" + write_plain(elements).replace(SEPARATOR, "^") == vector["aiDataStr"], vector
    assert checked >= 25


def test_every_official_scanned_string() -> None:
    checked = 0
    for vector in vectors("processAIdata"):
        text = str(vector["aiDataStr"])
        if not text.startswith("^"):
            continue  # The engine wants FNC1 in front; a keyboard scanner leaves it out, and so may a person.
        checked += 1
        try:
            read_plain(text.replace("^", SEPARATOR))
        except InputError:
            assert not vector["valid"], vector
            continue
        assert vector["valid"], vector
    assert checked >= 45


def test_every_official_combination() -> None:
    for vector in vectors("validateAIs"):
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
