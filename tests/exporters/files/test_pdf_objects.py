"""The reader of PDF objects: what the standard says, nothing repaired, and never more than a refusal."""

import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters.files.pdf_objects import Name, Pdf, Reader, Ref, Stream, Word
from exporters.files.pdf_places import attachments, places
from exporters.files.pdf_text import meanings
from schemas.errors import InputError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"% note\n 12", 12),
        (b"-.5", -0.5),
        (b"+7.", 7.0),
        (b"true", True),
        (b"null", None),
        (b"/A#20b", Name("A b")),
        (b"<48 6>", b"H`"),
        (b"12 0 R", Ref(12, 0)),
        (b"[1 0 R 2 3]", [Ref(1, 0), 2, 3]),
        (b"<</A/B/C(d)>>", {"A": Name("B"), "C": b"d"}),
        (b"(a(b)c)", b"a(b)c"),
        (rb"(\101\n\)\\\x)", b"A\n)\\x"),
        (b"(a\\\nb\r\nc)", b"ab\nc"),
        (b"12 0 Robot", 12),
        (b"BT", Word(b"BT")),
    ],
)
def test_an_object_is_read_as_the_standard_has_it(text: bytes, value: Any) -> None:
    found = Reader(text).value()
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize("text", [b"", b"(a", b"[1", b"<</A>>", b"<<1 2>>", b"<</A 1/A 2>>", b"[" * 99 + b"]" * 99])
def test_what_is_no_object_is_refused(text: bytes) -> None:
    with pytest.raises(InputError, match="pdf-unreadable"):
        Reader(text).value()


def test_a_map_of_codes_is_read() -> None:
    said = b"2 beginbfchar <0001> <0041> <02> <D83DDE00> endbfchar "
    said += b"2 beginbfrange <03> <04> <0061> <05> <06> [<62>] endbfrange"
    assert meanings(said) == {1: "A", 2: "😀", 3: "a", 4: "b", 5: "�", 6: "�"}


def file_of(objects: list[bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A file with those objects, numbered from 1."""
    out, where = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        where.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in where)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return out + head + table + b"trailer\n<<%b>>\nstartxref\n%d\n%%%%EOF" % (trailer, len(out))


PLAIN = [
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F<</Type/Font>>>>>>>>",
    b"<</Length 5 0 R>>\nstream\nBT /F 9 Tf (Ciao) Tj ET\nendstream",
    b"23",
]


def test_a_file_is_told_place_by_place() -> None:
    assert dict(places(Pdf(file_of(PLAIN))))["p. 1, 1"] == "Ciao"


@pytest.mark.parametrize(
    "objects",
    [
        [PLAIN[0], b"<</Type/Pages/Kids[2 0 R]>>"],
        [b"<</Pages 1 0 R/Type/Pages/Kids 3>>", b"1"],
        [*PLAIN[:3], b"<</Length 4 0 R>>\nstream\n\nendstream"],
        [*PLAIN[:3], b"<</Length 999999>>\nstream\n\nendstream"],
        [*PLAIN[:3], b"<</Length 3/Filter/FlateDecode>>\nstream\nabc\nendstream"],
        [b"<</Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a) 1]>>>>>>", *PLAIN[1:]],
    ],
)
def test_a_file_that_contradicts_itself_is_refused(objects: list[bytes]) -> None:
    pdf = Pdf(file_of(objects))
    with pytest.raises(InputError, match="pdf-unreadable"):
        dict(places(pdf))


def test_what_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exporters.files.pdf_objects.MOST_BYTES", 1000)
    packed = zlib.compress(b"0" * 100_000)
    pdf = Pdf(file_of([b"<</Length %d/Filter/FlateDecode>>\nstream\n%b\nendstream" % (len(packed), packed)]))
    stream = pdf.at(Ref(1, 0))
    assert isinstance(stream, Stream)
    with pytest.raises(InputError, match="pdf-unreadable"):
        pdf.bytes_of(stream)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 600), st.binary(min_size=0, max_size=6))
def test_damage_is_refused_and_never_breaks_anything(place: int, bytes_there: bytes) -> None:
    whole = file_of(PLAIN)
    damaged = whole[:place] + bytes_there + whole[place + len(bytes_there) :]
    try:
        pdf = Pdf(damaged)
        dict(places(pdf))
        attachments(pdf)
    except InputError:
        pass
