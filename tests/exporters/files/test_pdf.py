"""PDF papers: the same bytes every time, nothing of the data read as Typst, and every change is named."""

import io
import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.claim import Claim
from exporters.files import pdf as door
from exporters.files.kind import bytes_of
from exporters.files.pdf import CLAIM, TEMPLATES, Attachment, Document, PdfFile, printable
from schemas.errors import InputError

MADE = 1_784_548_800_000_000
CLAIMED = Claim("trial", "standard", "it", (b'{"a":"\xc3\xa8"}', b'{"b":2}'))
TRIAL = """#import "paper.typ": *
#show: paper.with(footer: data.heading)
= #data.heading
#for line in data.lines [#line \\ ]
#picture("dot", alt: "un punto", width: 1cm)
#pagebreak()
#entry("Nota", data.note)
"""
DOT = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'
HOSTILE = (
    '#panic() #read("/etc/passwd") $x^2$ *b* _i_ `c` \\ @r <l> // c /* d */ = h\n- l + n / t ~ -- ... \'q\' "z" '
    '#{1+1} ]#[ ) #import "x.typ" \\u{41} https://example.org'
)


@pytest.fixture(scope="module")
def kind(tmp_path_factory: pytest.TempPathFactory) -> PdfFile:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "paper.typ").write_bytes((TEMPLATES / "paper.typ").read_bytes())
    (folder / "trial.typ").write_text(TRIAL, "utf-8")
    return PdfFile(folder)


def document(**more: Any) -> Document:
    data = {"heading": "Prova è", "lines": ["Pomodori 800 kg", "Lotto T-196"], "note": "in fondo"}
    made = Document("trial", data, "Una prova", "Cooperativa Sole", MADE, pictures={"dot": DOT})
    return replace(made, **more)


@pytest.fixture(scope="module")
def content() -> Document:
    return document(attachments=(Attachment("ddt.xml", b"<a>1</a>", "application/xml", "alternative", "UBL"),))


@pytest.fixture(scope="module")
def made(kind: PdfFile, content: Document) -> bytes:
    return bytes_of(kind, content, CLAIMED)


def text_of(data: bytes) -> list[str]:
    """What an independent reader finds on each page."""
    with pypdfium2.PdfDocument(data) as read:
        return [page.get_textpage().get_text_bounded() for page in read]


def test_the_same_content_gives_the_same_bytes(kind: PdfFile, content: Document, made: bytes) -> None:
    assert bytes_of(kind, content, CLAIMED) == made
    assert list(kind.compare(content, CLAIMED, made)) == []


def test_it_is_pdf_a_3b_with_its_fonts_and_intent(made: bytes) -> None:
    with pikepdf.open(io.BytesIO(made)) as read:
        meta = read.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], read.Root.Lang) == ("3", "B", "it")
        assert [str(each.S) for each in read.Root.OutputIntents] == ["/GTS_PDFA1"]
        assert "/DestOutputProfile" in read.Root.OutputIntents[0]
        fonts = [each for each in read.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font"]
        described = [font.FontDescriptor for font in fonts if "/FontDescriptor" in font]
        assert described
        assert all("/FontFile3" in each or "/FontFile2" in each for each in described)
        assert (read.docinfo["/Title"], read.docinfo["/CreationDate"]) == ("Una prova", "D:20260720120000Z")


def test_what_is_attached_is_what_another_reader_takes_out(made: bytes) -> None:
    with pikepdf.open(io.BytesIO(made)) as read:
        found = {name: read.attachments[name].get_file().read_bytes() for name in read.attachments}
        relations = {str(spec.UF): str(spec.AFRelationship) for spec in read.Root.AF}
    assert found["ddt.xml"] == b"<a>1</a>"
    assert (found["bundle-1.filiera.json"], found["bundle-2.filiera.json"]) == CLAIMED.bundles
    assert json.loads(found[CLAIM])["bundles"] == ["bundle-1.filiera.json", "bundle-2.filiera.json"]
    assert relations == {
        CLAIM: "/Data",
        "bundle-1.filiera.json": "/Source",
        "bundle-2.filiera.json": "/Source",
        "ddt.xml": "/Alternative",
    }


def test_a_claim_comes_back(kind: PdfFile, made: bytes) -> None:
    assert kind.recognises(made)
    assert kind.claim(made) == replace(CLAIMED, files=(b"<a>1</a>",))
    one = replace(CLAIMED, bundles=CLAIMED.bundles[:1])
    assert kind.claim(bytes_of(kind, document(), one)) == one


def test_bytes_that_are_no_text_are_attached_as_they_are(kind: PdfFile) -> None:
    data = bytes(range(256))
    made = bytes_of(kind, document(attachments=(Attachment("a.bin", data, "application/octet-stream"),)), CLAIMED)
    with pikepdf.open(io.BytesIO(made)) as read:
        assert read.attachments["a.bin"].get_file().read_bytes() == data


def test_data_are_shown_and_never_read_as_typst(kind: PdfFile) -> None:
    first, second = text_of(
        bytes_of(kind, document(data={"heading": HOSTILE, "lines": [HOSTILE], "note": HOSTILE}), CLAIMED)
    )
    assert "".join(second.split()).startswith("NOTA" if second.startswith("NOTA") else "Nota")
    for page in (first, second):
        assert "".join(HOSTILE.split()) in "".join(page.split())


@given(st.text(max_size=40))
def test_any_text_at_all_can_be_set(text: str) -> None:
    shown = printable(text)
    assert all(len(part) > 0 for part in shown)
    assert printable(shown) == shown


def test_every_character_that_is_let_through_is_in_the_type_face(kind: PdfFile) -> None:
    every = "".join(chr(code) for first, last in door._PRINTED for code in range(first, last + 1))
    every += "".join(door._SIGNS)
    every = unicodedata.normalize("NFC", every)
    assert printable(every) == every
    bytes_of(kind, document(data={"heading": "x", "lines": every.split(), "note": ""}), CLAIMED)


def test_what_cannot_be_printed_stands_there_as_its_number(kind: PdfFile) -> None:
    assert printable("a\u202eb中") == "a‹U+202E›b‹U+4E2D›"
    assert printable("e\u0301\u0301") == "é‹U+0301›"
    with pytest.raises(TypeError):
        printable({"kg": 1.5})


def test_a_picture_that_is_none_is_refused(kind: PdfFile) -> None:
    with pytest.raises(InputError, match="paper-not-set"):
        bytes_of(kind, document(pictures={"dot": b"\x89PNG\r\n"}), CLAIMED)


Change = Callable[[pikepdf.Pdf], None]


def changed(data: bytes, change: Change) -> bytes:
    """The file as another program saves it after a change."""
    with pikepdf.open(io.BytesIO(data)) as read:
        change(read)
        out = io.BytesIO()
        read.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def named(kind: PdfFile, content: Document, data: bytes) -> list[str]:
    return [found.place for found in kind.compare(content, kind.claim(data), data)]


def redrawn(read: pikepdf.Pdf, page: int, old: bytes, new: bytes) -> None:
    stream = read.pages[page].Contents
    assert old in stream.read_bytes()
    stream.write(stream.read_bytes().replace(old, new, 1))


def _attach(read: pikepdf.Pdf, name: str, data: bytes) -> None:
    read.attachments[name] = pikepdf.AttachedFileSpec(read, data)


def _note(read: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[0, 0, 99, 99], Contents="900"
    )
    read.pages[1].Annots = read.make_indirect(pikepdf.Array([read.make_indirect(note)]))


def _overprint(read: pikepdf.Pdf) -> None:
    read.pages[0].contents_add(b"q 1 1 1 rg 0 0 300 300 re f Q")


def _font(read: pikepdf.Pdf) -> None:
    # The words stay: other shapes are drawn for them.
    font = next(iter(read.pages[0].Resources.Font.values()))
    stream = font.DescendantFonts[0].FontDescriptor.FontFile3
    stream.write(stream.read_bytes() + b" ")


def _written_over(read: pikepdf.Pdf) -> None:
    stream = read.pages[1].Contents
    stream.write(stream.read_bytes() + b" BT /f0 12 Tf (\0\1) Tj ET")


FORGERIES: dict[str, tuple[str, Change]] = {
    "a word of page 1": ("p. 1, 1", lambda read: redrawn(read, 0, b"\\000\\001", b"\\000\\002")),
    "a place on page 2": ("p. 2", lambda read: redrawn(read, 1, b" cm", b".5 cm")),
    "something drawn over": ("p. 1", _overprint),
    "something written over": ("p. 2, 5", _written_over),
    "an annotation": ("p. 2 /Annots", _note),
    "another shape for a letter": ("p. 1", _font),
    "a page less": ("p. 2, 1", lambda read: read.pages.__delitem__(1)),
    "a page twice": ("p. 3, 1", lambda read: read.pages.append(read.pages[0])),
    "pages the other way round": ("p. 1, 1", lambda read: read.pages.reverse()),
    "a page turned": ("p. 1", lambda read: read.pages[0].rotate(180, relative=True)),
    "a page cut": ("p. 2", lambda read: setattr(read.pages[1], "cropbox", [0, 0, 100, 100])),
    "an attachment changed": ("ddt.xml", lambda read: _attach(read, "ddt.xml", b"<a>2</a>")),
    "an attachment more": ("new.xml", lambda read: _attach(read, "new.xml", b"<a/>")),
    "an attachment less": ("ddt.xml", lambda read: read.attachments.__delitem__("ddt.xml")),
    "what it is to the paper": ("/AF", lambda read: setattr(read.Root.AF[0], "AFRelationship", pikepdf.Name.Data)),
    "the title": ("/Info/Title", lambda read: read.docinfo.__setitem__("/Title", "Altro")),
    "the date": ("/Info/CreationDate", lambda read: read.docinfo.__setitem__("/CreationDate", "D:2020")),
    "the language": ("/Lang", lambda read: setattr(read.Root, "Lang", "en")),
    "a program to run": ("/OpenAction", lambda read: setattr(read.Root, "OpenAction", pikepdf.Dictionary(S=1))),
    "what is read aloud": ("/StructTreeRoot", lambda read: read.Root.StructTreeRoot.K[0].update({"/Alt": "x"})),
    "the metadata": ("/Metadata", lambda read: read.Root.Metadata.write(b"<x/>")),
    "colours": ("/OutputIntents", lambda read: setattr(read.Root.OutputIntents[0], "Info", "x")),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_whatever_is_changed_is_found_and_named(kind: PdfFile, content: Document, made: bytes, forgery: str) -> None:
    place, change = FORGERIES[forgery]
    assert place in named(kind, content, changed(made, change))


def _dictionaries(read: pikepdf.Pdf) -> dict[Any, bytes]:
    return {each.objgen: each.unparse(resolved=True) for each in read.objects if isinstance(each, pikepdf.Dictionary)}


def appended(data: bytes, change: Change) -> bytes:
    """The file with a change appended to it (an incremental update), the first bytes as they were."""
    with pikepdf.open(io.BytesIO(data)) as read:
        before = {
            item.objgen: item.unparse(resolved=True) for item in read.objects if isinstance(item, pikepdf.Dictionary)
        }
        change(read)
        after = {
            item.objgen: item.unparse(resolved=True) for item in read.objects if isinstance(item, pikepdf.Dictionary)
        }
        root, info = read.Root.objgen[0], read.docinfo.objgen[0]
        (number, body), *_ = [(key[0], text) for key, text in after.items() if before.get(key) != text]
    old = int(data[data.rindex(b"startxref") + 9 : data.rindex(b"%%EOF")])
    out = data + b"\n"
    place, out = len(out), out + b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    tail = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size 999/Root %d 0 R/Info %d 0 R/Prev %d>>\n"
    return out + tail % (number, place, root, info, old) + b"startxref\n%d\n%%%%EOF\n" % table


def test_a_change_appended_to_the_file_is_found_and_its_page_named(
    kind: PdfFile, content: Document, made: bytes
) -> None:
    forged = appended(made, lambda read: read.pages[1].__setitem__("/Rotate", 90))
    assert forged.startswith(made)
    assert all(sorted(a.split()) == sorted(b.split()) for a, b in zip(text_of(forged), text_of(made), strict=True))
    assert named(kind, content, forged) == ["p. 2", "/Prev", "%%EOF"]


def test_bytes_after_the_end_are_named(kind: PdfFile, content: Document, made: bytes) -> None:
    assert named(kind, content, made + b"% nothing") == ["%%EOF"]


def test_what_another_program_saved_again_is_neither_yes_nor_no(kind: PdfFile, content: Document, made: bytes) -> None:
    for data in (changed(made, lambda read: None), _packed(made)):
        assert kind.recognises(data)
        assert kind.claim(data) == replace(CLAIMED, files=(b"<a>1</a>",))
        with pytest.raises(InputError, match="paper-saved-again"):
            list(kind.compare(content, CLAIMED, data))


def _packed(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as read:
        out = io.BytesIO()
        read.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, fix_metadata_version=False)
    assert CLAIM.encode() not in out.getvalue()
    return out.getvalue()


def test_a_change_in_a_file_of_object_streams_is_found_too(kind: PdfFile, content: Document, made: bytes) -> None:
    assert "/Info/Title" in named(kind, content, _packed(changed(made, FORGERIES["the title"][1])))


def test_what_another_release_set_is_left_open_whatever_it_prints(
    kind: PdfFile, content: Document, made: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.setting.cache_clear()
    monkeypatch.setattr(door, "version", lambda name: "99")
    try:
        for data in (made, changed(made, FORGERIES["a word of page 1"][1])):
            with pytest.raises(InputError, match="paper-set-elsewhere"):
                list(kind.compare(content, CLAIMED, data))
        found: Iterator[Any] = kind.compare(content, CLAIMED, changed(made, FORGERIES["an attachment changed"][1]))
        assert next(found).place == "ddt.xml"
    finally:
        door.setting.cache_clear()


def test_a_claim_to_be_of_another_release_turns_no_into_open_and_never_into_yes(
    kind: PdfFile, content: Document, made: bytes
) -> None:
    forged = changed(made, lambda read: read.docinfo.__setitem__("/Keywords", "filiera 9, typst 9"))
    with pytest.raises(InputError, match="paper-set-elsewhere"):
        list(kind.compare(content, CLAIMED, forged))


def test_a_claim_or_bundle_taken_out_is_said(kind: PdfFile, made: bytes) -> None:
    assert not kind.recognises(changed(made, lambda read: read.attachments.__delitem__(CLAIM)))
    with pytest.raises(InputError, match="paper-without-attachment"):
        kind.claim(changed(made, lambda read: read.attachments.__delitem__("bundle-2.filiera.json")))


def test_other_files_are_not_ours(kind: PdfFile, tmp_path: Path) -> None:
    for data in (b"", b"{}", b"%PDF-1.7", b"%PDF-1.7 " + CLAIM.encode()[:-1]):
        assert not kind.recognises(data)


def test_a_file_that_is_locked_is_refused(kind: PdfFile, made: bytes) -> None:
    with pikepdf.open(io.BytesIO(made)) as read:
        out = io.BytesIO()
        read.save(out, encryption=pikepdf.Encryption(owner="a", user="", R=6))
    with pytest.raises(InputError, match="pdf-encrypted"):
        kind.claim(out.getvalue())
