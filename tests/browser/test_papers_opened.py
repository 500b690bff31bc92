"""A paper opened in a browser gives the bundles that Python takes out of it, or says why not; it never stumbles."""

import io
import struct
import zlib
from base64 import b64encode
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.verbs.export import export
from exporters.catalogue import FORMATS
from exporters.verify_file import bundles_of
from ledger.audience import full
from schemas.errors import InputError
from schemas.syntax import base64url
from tests.browser.asked import NODE, asked_in_node
from tests.official import not_run
from tests.simulator.paperwork import LOT, paperwork

NOT_HERE = {"credential", "credential-jwt"}  # signed with a key that is made for it: tests/exporters/credentials
Papers = dict[str, bytes]


@pytest.fixture(scope="module", autouse=True)
def node() -> None:
    if NODE is None:
        not_run("no Node (Debian's package nodejs)")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    found = {}
    with paperwork(tmp_path_factory.mktemp("opened")) as season:
        for format in FORMATS.keys() - NOT_HERE:
            try:
                found[format] = export(season.node, format, [LOT], audience=full(), to=full(), language="it").data
            except InputError:
                continue  # what this lot has no data for
    return found


def opened(data: bytes) -> Any:
    answer = asked_in_node({"asked": "bundles", "file": b64encode(data).decode("ascii")})
    return answer.get("code") or answer["said"]


@pytest.mark.long
def test_every_format_gives_the_bundles_that_python_finds(papers: Papers) -> None:
    assert {"epcis-json", "epcis-xml", "dossier", "fsma204", "eu-one-step", "eu-one-step-csv", "package"} <= set(papers)
    for format, data in papers.items():
        assert opened(data) == {"format": format, "bundles": [base64url.encode(each) for each in bundles_of(data)]}


def test_other_files_are_no_papers() -> None:
    assert opened(b"") is None
    assert opened(packed(("letter.txt", b"Buongiorno"))) is None
    assert opened(b"%PDF-1.7\n/EmbeddedFile") is None
    assert opened(b"<html>filiera-paper</html>") == "paper-without-claim"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7 /EmbeddedFile " + b"<<" * 300_000, None),
        (b"%PDF-1.7 /EmbeddedFile " + b"<<>>" * 300_000, None),
        (b"<a>filiera-paper" + b"<!--" * 300_000, "paper-without-claim"),
        (b"<a>filiera-paper" + b"<paper " * 300_000, "paper-without-claim"),
    ],
    ids=["dictionaries", "empty", "comments", "elements"],
)
def test_what_is_opened_and_never_closed_is_looked_at_once(data: bytes, said: str | None) -> None:
    assert opened(data) == said


@pytest.mark.parametrize("length", [b"/Length 2", b"/Length 12 0 R", b""])
def test_an_attachment_ends_where_its_length_says_or_where_its_stream_ends(length: bytes) -> None:
    claim = b'{"version":"filiera-paper/1","format":"f","profile":"standard","language":"it","bundles":["b"]}'
    bundle = b'"format":"filiera-bundle/1"'
    attached = b"".join(
        b"%d 0 obj <</Type /EmbeddedFile %s>>\nstream\n%sendstream endobj\n" % (number, length, data)
        for number, data in enumerate((claim, bundle), 10)
    )
    short = length == b"/Length 2"
    assert opened(b"%PDF-1.7\n" + attached) == (
        None if short else {"format": "f", "bundles": [base64url.encode(bundle)]}
    )


def packed(*parts: tuple[str, bytes]) -> bytes:
    """An archive as nobody should write one: names may stand twice."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_that_two_readers_could_read_differently_is_refused() -> None:
    claim = b'{"version":"filiera-paper/1","format":"f","profile":"standard","language":"it","bundles":["b.json"]}'
    named = ("filiera-paper.json", claim)
    assert opened(packed(named, named, ("b.json", b"{}"))) == "archive-part-twice"
    assert opened(packed(named)) == "zip-without-bundle"
    assert opened(packed(named, ("b.json", b"\xff"))) == "archive-damaged"
    whole = packed(named, ("b.json", b"{}"))
    assert opened(whole)["format"] == "f"
    assert opened(whole[:-10]) == "archive-damaged"
    sealed = bytearray(whole)
    sealed[sealed.rindex(b"PK\x01\x02") + 8] |= 1
    assert opened(bytes(sealed)) == "archive-part-sealed"


def test_a_part_that_unpacks_to_more_than_it_says_is_refused() -> None:
    bomb = bytearray(packed(("filiera-paper.json", bytes(50_000_000))))
    at = bomb.rindex(b"PK\x01\x02") + 24
    bomb[at : at + 4] = struct.pack("<I", 100)
    assert opened(bytes(bomb)) == "archive-damaged"
    bomb[at : at + 4] = struct.pack("<I", 1 << 31)
    assert opened(bytes(bomb)) == "archive-too-large"


@pytest.mark.long
def test_a_pdf_with_two_proofs_is_not_chosen_from(papers: Papers) -> None:
    extra = zlib.compress(bundles_of(papers["dossier"])[0])
    head = b"\n99 0 obj\n<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n" % len(extra)
    assert opened(papers["dossier"] + head + extra + b"\nendstream\nendobj\n") == "pdf-attachments-unclear"


@pytest.mark.long
def test_a_proof_in_a_comment_of_xml_is_none(papers: Papers) -> None:
    data = papers["epcis-xml"].replace(b"<filiera:paper", b"<!--<filiera:paper").replace(
        b"</filiera:paper>", b"</filiera:paper>-->"
    )  # fmt: skip
    assert data != papers["epcis-xml"]
    assert opened(data) == "paper-without-claim"


@pytest.mark.long
def test_a_spreadsheet_that_was_saved_again_says_where_it_can_be_checked(papers: Papers) -> None:
    with ZipFile(io.BytesIO(papers["fsma204"])) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist() if name != "filiera/paper.json"]
    assert opened(packed(*parts)) == "sheet-proof-not-read"


@pytest.mark.long
@given(st.data())
def test_no_damage_makes_it_stumble(papers: Papers, data: st.DataObject) -> None:
    paper = papers[data.draw(st.sampled_from(["epcis-json", "epcis-xml", "dossier", "fsma204", "eu-one-step-csv"]))]
    altered = bytearray(paper)
    for _ in range(data.draw(st.integers(1, 4))):
        altered[data.draw(st.integers(0, len(paper) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(paper)))
    for each in (bytes(altered), paper[:cut]):
        found = opened(each)
        assert found is None or isinstance(found, dict | str)
