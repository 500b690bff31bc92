"""The printer's program, read back as the manual says the printer reads it: it asks for exactly what is drawn."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters.labels.code128 import cost, plan
from exporters.labels.label import Ink, Label, Text
from exporters.labels.sizes import Grid
from exporters.labels.symbols import datamatrix, ean13, gs1_128, qr
from exporters.labels.zpl import zpl

CHARACTERS = "!\"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz"
LINK = "https://id.gs1.org/01/09521001002011/10/A_1?15=260725"


@dataclass(frozen=True)
class Field:
    """One field: where, its commands, its data as the printer gets it."""

    left: int
    top: int
    commands: dict[str, str]
    data: str


def fields(program: bytes) -> list[Field]:
    """The fields of a program between `^FO` and `^FS`."""
    text = program.decode("utf-8")
    assert text.startswith("^XA")
    assert text.endswith("^XZ\n")
    return [_field(body) for body in re.findall(r"\^FO(.*?)\^FS", text, re.DOTALL)]


def _field(body: str) -> Field:
    place, *commands = body.split("^")
    left, top = map(int, place.split(","))
    named = {command[:2]: command[2:] for command in commands}
    data = named.pop("FD", "")
    if "FH" in named:
        data = re.sub(r"_([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), data)
    return Field(left, top, named, data)


def code128(data: str) -> str:
    """What the printer makes of the data of `^BC` in mode N: FNC1 as ASCII 29, the one in front left out."""
    assert data[:4] in (">;>8", ">:>8")
    pairs, text, at = data[1] == ";", "", 2
    while at < len(data):
        if data[at] == ">":
            code = data[at + 1]
            text += {"8": "\x1d", "0": ">"}.get(code, "")
            pairs = {"5": True, "6": False}.get(code, pairs)
            at += 2
        elif pairs:
            assert data[at : at + 2].isdigit()
            text += data[at : at + 2]
            at += 2
        else:
            text += data[at]
            at += 1
    return text[1:]


def program(*marks: Any, copies: int = 1) -> bytes:
    return zpl(Label("case", Grid(203), 800, 400, marks), copies=copies)


@settings(max_examples=150, deadline=None)
@given(st.text(CHARACTERS, min_size=1, max_size=20), st.integers(1, 99_999_999), st.booleans())
def test_the_printer_makes_the_same_bars_as_are_drawn(lot: str, count: int, first: bool) -> None:
    elements = (("10", lot), ("37", str(count)))
    symbol = gs1_128(elements if first else elements[::-1])
    (field,) = fields(program(Ink(0, 0, symbol, 2, 60)))
    assert code128(field.data) == symbol.content
    assert 11 * (cost(plan(symbol.content)) + 2) + 13 == symbol.width
    assert (field.left, field.commands["BY"], field.commands["BC"]) == (20, "2", "N,60,N,N,N,N")


def test_fnc1_stands_in_front_and_between() -> None:
    (field,) = fields(program(Ink(0, 0, gs1_128((("37", "96"), ("10", "T-196"))), 4, 256)))
    assert field.data == ">;>83796>810>6T-196"
    assert field.data.count(">8") == 2


def test_digits_go_in_pairs_and_the_rest_as_it_is() -> None:
    assert plan("1015A") == (("C", "\x1d"), ("C", "10"), ("C", "15"), ("B", "A"))
    assert {code for code, _ in plan("10A")} == {"B"}
    assert plan("0012345678") == (("C", "\x1d"), *(("C", f"00{12345678}"[at : at + 2]) for at in range(0, 10, 2)))


def test_a_datamatrix_has_its_fnc1_and_escapes_its_own_sign() -> None:
    elements = (("01", "09521001002011"), ("10", "A_1"), ("37", "5"))
    (field,) = fields(program(Ink(10, 10, datamatrix(elements), 4)))
    assert field.commands["BX"] == "N,4,200,,,,_"
    said = field.data.removeprefix("_1").replace("__", "\0").replace("_1", "\x1d").replace("\0", "_")
    assert said == datamatrix(elements).content
    assert (field.left, field.top) == (14, 14)


def test_a_qr_code_and_an_ean_13_hold_their_text() -> None:
    code, bars = fields(program(Ink(0, 0, qr(LINK), 4), Ink(0, 200, ean13("9521001002011"), 3, 180)))
    assert (code.commands["BQ"], code.data) == ("N,2,4", f"MA,{LINK}")
    assert (bars.commands["BE"], bars.data) == ("N,180,N,N", "952100100201")


@pytest.mark.parametrize("text", ["Società ^XA ~JA_5E", "Çà — 12 €", "a_b^c~d"])
def test_no_text_is_a_command(text: str) -> None:
    (field,) = fields(program(Text(8, 8, 400, 20, text)))
    assert field.data == text
    assert field.commands["FB"] == "400,1,0,L"


def test_the_program_says_its_size_and_how_often() -> None:
    text = program(copies=3).decode()
    assert "^PW800\n^LL400\n" in text
    assert "^PQ3\n" in text
    assert "203 dpi" in text
    assert "^CI28" in text
