"""What an XML could make a parser fetch, expand, confuse or exhaust is refused in words, with its line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.syntax import xml_text
from schemas.syntax.xml_text import allowed, is_name, is_namespace, looks_like_xml, read, root_name, split_name, write
from schemas.wording import LANGUAGES, explain

LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
BOMB = b'<!DOCTYPE a [<!ENTITY l0 "ha">' + LAUGHS + b"]><a>&l9;</a>"
DECLARED: list[tuple[str, bytes]] = [
    ("entity bomb", BOMB),
    ("quadratic", b'<!DOCTYPE a [<!ENTITY x "' + b"y" * 60_000 + b'">]><a>' + b"&x;" * 60_000 + b"</a>"),
    ("file", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
    ("network", b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]><a>&x;</a>'),
    ("parameter entity", b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><a/>'),
    ("external type", b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>'),
    ("public type", b'<!DOCTYPE a PUBLIC "-//A//B" "http://127.0.0.1:9/a.dtd"><a/>'),
    ("default attribute", b'<!DOCTYPE a [<!ATTLIST a b CDATA "c">]><a/>'),
    ("after a comment", b"<!-- <a/> -->\n<?x y?>\n<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"),
    ("in UTF-16", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16")),
    ("after a mark", b"\xef\xbb\xbf" + BOMB),
]
MANY_ATTRIBUTES = b"<a>\n<b " + b" ".join(b"a%d=''" % n for n in range(300)) + b"/></a>"
MANY_NAMESPACES = b"<a " + b" ".join(b"xmlns:a%d='u'" % n for n in range(300)) + b"/>"
REFUSED: list[tuple[str, bytes, str, int]] = [
    ("nothing", b"", "xml-syntax", 1),
    ("JSON", b"{}", "xml-syntax", 1),
    ("an unclosed element", b"<a>\n<b>\n</a>", "xml-syntax", 3),
    ("an entity of nobody", b"<a>\n&x;</a>", "xml-syntax", 2),
    ("an entity in a value", b"<a b='&x;'/>", "xml-syntax", 1),
    ("an entity with an idle document type", b"<!DOCTYPE a>\n<a>&x;</a>", "xml-syntax", 2),
    ("an attribute twice", b"<a b='1' b='2'/>", "xml-syntax", 1),
    ("one attribute by two prefixes", b"<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2'/>", "xml-syntax", 1),
    ("a prefix of nothing", b"<a>\n<x:b/></a>", "xml-syntax", 2),
    ("xml bound elsewhere", b"<a xmlns:xml='u'/>", "xml-syntax", 1),
    ("a control character", b"<a>\x01</a>", "xml-syntax", 1),
    ("a control character by number", b"<a>&#1;</a>", "xml-syntax", 1),
    ("two roots", b"<a/>\n<b/>", "xml-syntax", 2),
    ("UTF-7", b'<?xml version="1.0" encoding="utf-7"?><a/>', "xml-encoding", 1),
    ("EBCDIC", b'<?xml version="1.0" encoding="cp037"?><a/>', "xml-encoding", 1),
    ("UTF-16 without its mark", b'<?xml version="1.0" encoding="utf-16"?><a/>', "xml-encoding", 1),
    ("Latin-1 that says UTF-8", b'<?xml version="1.0" encoding="UTF-8"?>\n<a>caff\xe8</a>', "xml-not-text", 2),
    ("overlong UTF-8", b"<a>\xc0\xbc</a>", "xml-not-text", 1),
    ("half a character", b"<a>\xed\xa0\x80</a>", "xml-not-text", 1),
    ("deep nesting", b"<a>\n" * 100 + b"</a>" * 100, "xml-too-deep", 49),
    ("very deep nesting", b"<a>" * 100_000, "xml-too-deep", 1),
    ("many attributes", MANY_ATTRIBUTES, "xml-too-many-attributes", 2),
    ("many namespaces", MANY_NAMESPACES, "xml-too-many-namespaces", 1),
    ("a huge attribute", b"<a>\n<b c='" + b"x" * 1_000_001 + b"'/></a>", "xml-value-too-long", 2),
    ("a huge text", b"<a>\n<b>" + b"x" * 1_000_001 + b"</b></a>", "xml-value-too-long", 2),
    ("a text larger than the library takes", b"<a>" + b"x" * 11_000_000 + b"</a>", "xml-value-too-long", 1),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), DECLARED, ids=[name for name, _ in DECLARED])
def test_a_document_type_that_declares_or_names_anything_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(InputError, match="xml-document-type") as refused:
        read(data)
    assert refused.value.context["line"] == (3 if name == "after a comment" else 1)


@pytest.mark.parametrize(("name", "data", "code", "line"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_no_plain_xml_is_refused_with_its_line(name: str, data: bytes, code: str, line: int) -> None:
    with pytest.raises(InputError) as refused:
        read(data)
    assert (refused.value.code, refused.value.context["line"]) == (code, line)
    for language in LANGUAGES:
        assert "{" not in explain(refused.value, language)


def test_a_document_type_that_declares_nothing_is_idle() -> None:
    assert read(b'<?xml version="1.0"?>\n<!DOCTYPE project>\n<a>b</a>').text == "b"


def test_nothing_is_read_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", "utf-8")
    for tag in (b"<xi:include href='%s' parse='text' xmlns:xi='http://www.w3.org/2001/XInclude'/>",):
        root = read(b"<a>" + tag % str(secret).encode() + b"</a>")
        assert "secret" not in "".join(text for text in root.itertext())


def test_comments_instructions_and_cdata_leave_only_the_text() -> None:
    root = read(b"<a>1<!-- <b/> --><?x y?><![CDATA[<2>]]></a>")
    assert (root.text, len(root)) == ("1<2>", 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252", "utf-8-sig"])
def test_every_encoding_that_is_taken_gives_the_same_text(encoding: str) -> None:
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    data = f'<?xml version="1.0" encoding="{declared}"?>\n<a>perché</a>'.encode(encoding)
    root = read(data)
    assert (root.text, root.sourceline) == ("perché", 2)
    assert looks_like_xml(data)


def test_too_much_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_text, "MAX_MARKUP", 100)
    assert len(read(b"<a>" + b"<b/>" * 90 + b"</a>")) == 90
    with pytest.raises(InputError, match="xml-too-much-markup"):
        read(b"<a>" + b"<b/>" * 100 + b"</a>")
    monkeypatch.setattr(xml_text, "MAX_BYTES", 100)
    with pytest.raises(InputError, match="xml-too-large"):
        read(b"<a>" + b"x" * 100 + b"</a>")


@pytest.mark.parametrize(
    ("data", "xml"),
    [(b" \n<a/>", True), (b"\xef\xbb\xbf<a/>", True), (b'{"a":"<b>"}', False), (b"[]", False), (b"", False)],
)
def test_xml_is_recognised_by_its_first_character(data: bytes, xml: bool) -> None:
    assert looks_like_xml(data) is xml


def test_names_and_texts_that_xml_can_carry() -> None:
    assert [is_name(name) for name in ("a", "_b-1.c", "città", "1a", "a:b", "", "a b", "{u}a")] == [
        True, True, True, False, False, False, False, False,
    ]  # fmt: skip
    assert allowed("a\tb\r\n😀") == "a\tb\r\n😀"
    assert allowed("\x00\ud800\ufffe\x1b") == "����"
    spaces = ("urn:a", "https://a.example/", "", "a b", "http://www.w3.org/2000/xmlns/")
    assert [is_namespace(uri) for uri in spaces] == [True, True, False, False, False]
    assert split_name("{urn:a}b") == ("urn:a", "b")
    assert split_name("b") == ("", "b")


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"<a>{text}</a>".encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused_with_a_code(data: bytes) -> None:
    try:
        root = read(data)
    except InputError:
        return
    assert read(write(root)).tag == root.tag


def test_who_expects_a_long_text_says_so_and_has_the_other_bounds_all_the_same() -> None:
    long = b"<a>" + b"x" * 11_000_000 + b"</a>"
    assert len(read(long, longest=12_000_000).text or "") == 11_000_000
    with pytest.raises(InputError, match="xml-value-too-long"):
        read(long, longest=10_500_000)
    with pytest.raises(InputError, match="xml-too-deep"):
        read(b"<a>" * 300 + b"</a>" * 300, longest=12_000_000)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<a/>", "a"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <b> --><?c d?><x:a y='z'>", "a"),
        ("<!DOCTYPE a> <!-- b --> <a/>".encode("utf-16"), "a"),
        ("<è/>".encode(), "è"),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a/>", ""),
        (b"{}", ""),
        (b"", ""),
        (b"<", ""),
        (b"</a>", ""),
        (b"<a>\xff", ""),
        (b"<?xml version='1.0' encoding='utf-7'?><a/>", ""),
    ],
)
def test_the_first_element_is_known_without_reading_the_rest(data: bytes, name: str) -> None:
    assert root_name(data) == name
