"""An XML paper carries its claim where its schema lets it, and whatever is changed in it is named by its path."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from exporters.claim import Claim
from exporters.files.kind import bytes_of
from exporters.files.own_element import OwnElement
from exporters.files.xml_file import XmlFile, append, element
from schemas.epcis.own_terms import NAMESPACE
from schemas.errors import InputError
from schemas.syntax import xml_text
from schemas.syntax.xml_text import Element

KIND = XmlFile(OwnElement("Despatch"))
CLAIM = Claim("some-format", "standard", "it", (b'{"a":"\xc3\xa8 \xef\xbf\xbf"}', b"x" * 1_100_000))
SMALL = Claim("some-format", "standard", "it", (b"{}",))
SPACES = {"d": "urn:d", "x": "urn:x"}


def content() -> Element:
    root = etree.Element("{urn:d}Despatch", nsmap=SPACES)
    for number in ("1", "2", "3"):
        line = etree.SubElement(root, "Line", id=number)
        etree.SubElement(line, "Quantity", unit="KGM").text = number + "00"
        etree.SubElement(line, "{urn:x}Note").text = " tiene i bianchi "
        etree.SubElement(line, "Type").text = "x:Temperature"
    etree.SubElement(root, "Empty")
    return root


DATA = bytes_of(KIND, content(), CLAIM)


def found(data: bytes) -> list[tuple[str, str | None, str | None]]:
    return [(d.place, d.expected, d.found) for d in KIND.compare(content(), CLAIM, data)]


def replaced(*pairs: tuple[str, str]) -> bytes:
    text = DATA.decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def test_the_claim_comes_back_and_nothing_differs() -> None:
    assert KIND.recognises(DATA)
    assert KIND.claim(DATA) == CLAIM
    assert found(DATA) == []


def test_writing_is_deterministic_and_leaves_the_content_alone() -> None:
    root = content()
    assert bytes_of(KIND, root, CLAIM) == bytes_of(KIND, root, CLAIM) == DATA
    assert etree.tostring(root) == etree.tostring(content())


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"<a/>", b"<Despatch/>", b"\xff\xfe", b"<!-- filiera-paper <Despatch> -->", b"<filiera-paper/>",
     b"<?xml version='1.0' encoding='x'?><Despatch>filiera-paper</Despatch>"],
)  # fmt: skip
def test_anything_else_is_not_recognised(data: bytes) -> None:
    assert not KIND.recognises(data)


def resaved(root: Element) -> list[bytes]:
    ugly = etree.tostring(root)
    compact = etree.tostring(etree.fromstring(DATA, etree.XMLParser(remove_blank_text=True)))
    deeper = DATA.replace(b"\n", b"\r\n\t\t ")
    renamed = DATA.replace(b"d:Despatch", b"ns0:Despatch").replace(b"xmlns:d=", b"xmlns:ns0=")
    commented = DATA.replace(b"<Line", b"<!-- vista --><?vista oggi?><Line")
    where = b'<d:Despatch xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:d d.xsd"'
    return [ugly, compact, deeper, renamed, commented, etree.tostring(root, encoding="UTF-16"),
            etree.tostring(root, method="c14n"), DATA.replace(b"<d:Despatch", where),
            DATA.replace(b"<Empty/>", b"<Empty>\n </Empty>"), DATA.replace(b">100<", b"><![CDATA[100]]><")]  # fmt: skip


@pytest.mark.parametrize("number", range(10))
def test_what_another_program_saved_again_says_the_same(number: int) -> None:
    data = resaved(etree.fromstring(DATA))[number]
    assert KIND.recognises(data)
    assert KIND.claim(data) == CLAIM
    assert found(data) == []


STYLED = '<?xml-stylesheet type="text/xsl" href="https://elsewhere.example/x.xsl"?>'
LINE = '<Line id="2">'


@pytest.mark.parametrize(
    ("pairs", "difference"),
    [
        ([(">200<", ">900<")], ("/d:Despatch/Line[2]/Quantity", "200", "900")),
        ([(">200<", ">200 <")], ("/d:Despatch/Line[2]/Quantity", "200", "200 ")),
        ([(LINE, '<Line id="9">')], ("/d:Despatch/Line[2]/@id", "2", "9")),
        ([(LINE, '<Line id="2" more="1">')], ("/d:Despatch/Line[2]/@more", None, "1")),
        ([(LINE, "<Line>")], ("/d:Despatch/Line[2]/@id", "2", None)),
        ([(" unit=", " unti=")], ("/d:Despatch/Line/Quantity/@unit", "KGM", None)),
        ([("<d:D", STYLED + "<d:D")], ("/processing-instruction()", None, STYLED)),
        ([("<Empty/>", "")], ("/d:Despatch/Empty", "", None)),
        ([("<Empty/>", "<Empty>1</Empty>")], ("/d:Despatch/Empty", "", "1")),
        ([("<Empty/>", "<Empty/><Empty/>")], ("/d:Despatch/Empty[2]", None, "")),
        ([("<Empty/>", "<Empty/>80")], ("/d:Despatch/*[4]/following::text()", None, "80")),
        ([("<Empty/>", '<Empty xmlns="urn:x"/>')], ("/d:Despatch/Empty", "", None)),
        ([(LINE, LINE + "80")], ("/d:Despatch/Line[2]", None, "80\n    ")),
        ([("urn:d", "urn:e")], ("/*", "d:Despatch", "{urn:e}Despatch")),
        ([("urn:x", "urn:y")], ("/d:Despatch/Line/x:Note", " tiene i bianchi ", None)),
        ([("<Type>", '<Type xmlns:x="urn:y">')], ("/d:Despatch/Line/Type/namespace::x", "urn:x", "urn:y")),
    ],
)  # fmt: skip
def test_whatever_is_changed_is_named_by_its_path(pairs: Any, difference: Any) -> None:
    assert difference in found(replaced(*pairs))


def test_elements_in_another_order_are_named() -> None:
    root = etree.fromstring(DATA)
    root.insert(0, root.find("Empty"))
    assert ("/d:Despatch/*[1]", "Line", "Empty") in found(etree.tostring(root))
    root = etree.fromstring(DATA)
    root.insert(0, root[1])
    assert ("/d:Despatch/Line/@id", "1", "2") in found(etree.tostring(root))


@given(st.sampled_from(range(len(list(content().iter())))), st.text("abc", min_size=1))
def test_no_element_can_be_taken_away_or_told_more(place: int, more: str) -> None:
    root = content()
    one = list(root.iter())[place]
    one.text = (one.text or "") + more
    KIND.carrier.put(root, SMALL)
    assert found(xml_text.write(root))
    if place:
        root = content()
        one = list(root.iter())[place]
        parent = one.getparent()
        assert parent is not None
        parent.remove(one)
        KIND.carrier.put(root, SMALL)
        assert found(xml_text.write(root))


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([('version="filiera-paper/1"', 'version="filiera-paper/2"')], "paper-version"),
        ([('language="it"', 'language="la"')], "paper-language"),
        ([('profile="standard"', "")], "paper-claim"),
        ([('profile="standard"', 'profile="standard" more="1"')], "paper-claim"),
        ([("<filiera:bundle>", '<filiera:bundle a="b">')], "paper-claim"),
        ([("<filiera:bundle>", "<filiera:bundle>?")], "paper-claim"),
        ([("<filiera:bundle>", "80<filiera:bundle>")], "paper-claim"),
        ([("</filiera:bundle>", "</filiera:bundle>80")], "paper-claim"),
        ([("</filiera:paper>", "</filiera:paper>80")], "paper-claim"),
        ([("</filiera:paper>", "<Line/></filiera:paper>")], "paper-claim"),
        ([("</filiera:paper>", f'</filiera:paper><paper xmlns="{NAMESPACE}"/>')], "paper-without-claim"),
        ([("<filiera:paper", "<filiera:papers"), ("</filiera:paper", "</filiera:papers")], "paper-without-claim"),
        ([("</d:Despatch>", "")], "xml-syntax"),
        ([("<d:Despatch", "<!DOCTYPE d:Despatch [<!ENTITY a 'b'>]><d:Despatch")], "xml-document-type"),
    ],
)  # fmt: skip
def test_a_claim_that_cannot_be_read_is_refused(pairs: Any, code: str) -> None:
    with pytest.raises(InputError, match=code):
        KIND.claim(replaced(*pairs))


def test_a_claim_without_bundles_is_refused() -> None:
    bare = content()
    append(
        bare, element(f"{{{NAMESPACE}}}paper", version="filiera-paper/1", format="a", profile="b", language="it"), "f"
    )
    with pytest.raises(InputError, match="paper-without-bundle"):
        KIND.claim(xml_text.write(bare))


def test_what_could_not_be_read_back_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    for bound in ("MAX_BYTES", "MAX_MARKUP"):
        with monkeypatch.context() as small:
            small.setattr(f"exporters.files.xml_file.{bound}", 10)
            with pytest.raises(InputError, match="paper-too-large"):
                bytes_of(KIND, content(), CLAIM)


@dataclass(frozen=True)
class InAttachment:
    """A carrier for a schema that has a member for attachments, and takes nobody's elements."""

    root: str

    def put(self, root: Element, claim: Claim) -> None:
        root.append(element("Attachment", claim.bundles[0].decode(), kind="filiera-paper"))

    def take(self, root: Element) -> Claim:
        carried = root.find("Attachment")
        if carried is None:
            raise InputError("paper-without-claim", member="Attachment")
        root.remove(carried)
        return Claim("some-format", "standard", "it", ((carried.text or "").encode(),))


def test_a_kind_of_file_is_told_how_its_schema_carries_a_claim() -> None:
    kind, claim = XmlFile(InAttachment("Despatch")), Claim("some-format", "standard", "it", (b"{}",))
    data = bytes_of(kind, content(), claim)
    assert (kind.recognises(data), kind.claim(data), list(kind.compare(content(), claim, data))) == (True, claim, [])
