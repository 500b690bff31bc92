"""EDIFACT out and in: what is written is read back, whatever stands in it; what is none is refused with its place."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.syntax.edifact import Segment, carries, read, segment, shown, write

CARRIED = st.text(st.characters(codec="iso-8859-1").filter(carries), max_size=12)
SEGMENTS = st.lists(
    st.builds(
        lambda tag, elements: segment(tag, *map(tuple, elements)),
        st.from_regex("[A-Z]{3}", fullmatch=True).filter(lambda tag: tag != "UNA"),
        st.lists(st.lists(CARRIED, max_size=3), max_size=4),
    ),
    min_size=1,
    max_size=6,
)


@given(SEGMENTS)
def test_what_is_written_is_read_back(segments: list[Segment]) -> None:
    assert read(write(segments)).segments == tuple(segments)


def test_a_sign_among_data_stands_behind_the_release_character() -> None:
    said = segment("IMD", "F", "", ("", "", "", "10+1 L'orto: 50? no"))
    assert shown(said) == "IMD+F++:::10?+1 L?'orto?: 50?? no"
    assert write([said]) == b"UNA:+.? 'IMD+F++:::10?+1 L?'orto?: 50?? no'"


def test_what_is_empty_at_an_end_says_nothing() -> None:
    assert segment("QTY", ("12", "96", ""), "") == segment("QTY", ("12", "96"))
    assert read(b"QTY+12:96:+'").segments == read(b"QTY+12:96'").segments


def test_other_signs_and_line_ends_say_the_same() -> None:
    usual = read(b"UNA:+.? 'LIN+1++952:EN'QTY+12:9.5'")
    other = read(b"UNA|*,! ~\r\nLIN*1**952|EN~\r\nQTY*12|9.5~\n")
    assert other.segments == usual.segments == read(b"LIN+1++952:EN'QTY+12:9.5'").segments
    assert (usual.decimal, other.decimal) == (".", ",")


@pytest.mark.parametrize("text", ["Škoda", "10 €", "a\nb", "\x00", "漢"])
def test_what_the_character_set_cannot_hold_is_refused_and_never_changed(text: str) -> None:
    assert not carries(text)
    with pytest.raises(InputError, match="edi-characters"):
        write([segment("IMD", text)])


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (b"LIN+1'QTY+12:96", 2),
        (b"LIN+1'QTY+12?'", 2),
        (b"lin+1'", 1),
        (b"LIN+1''", 2),
        (b"LIN+1'  QTY+12'", 2),
        (b"LIN+1'QTY+1\x0712'", 2),
        (b"LIN+1\nQTY+12'", 1),
        (b"UNA++.? 'LIN+1'", 0),
        (b"UNA:+.?", 0),
        (b"UNAA+.? 'LIN+1'", 0),
        (b"\xef\xbb\xbfLIN+1'", 1),
        (b"PK\x03\x04", 1),
    ],
)
def test_what_is_no_segment_is_refused_with_its_number(data: bytes, number: int) -> None:
    with pytest.raises(InputError, match="edi-segment") as caught:
        read(data)
    assert caught.value.context["number"] == number


@given(st.binary(max_size=60))
def test_whatever_is_read_is_an_interchange_or_is_refused(data: bytes) -> None:
    with suppress(InputError):
        found = read(data)
        assert read(write(found.segments)).segments == found.segments


def test_a_component_is_found_by_its_place() -> None:
    said = segment("NAD", "SU", ("9521001000017", "", "9"))
    assert (said.said(1), said.said(2), said.said(2, 3)) == ("SU", "9521001000017", "9")
    assert (said.said(3), said.said(2, 4)) == ("", "")
