"""The printed delivery note: what the law asks is on it, the proof is in it, every printed text is held against it."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from lxml import etree

from api.verbs.export import export
from api.verbs.verify import verify
from exporters.catalogue import FORMATS
from exporters.files.kind import bytes_of
from exporters.files.pdf import CLAIM, KIND
from exporters.format import STANDARD, MissingData, Paper, Profile
from exporters.formats import ddt_printed
from exporters.verify_file import bundles_of
from ledger.audience import AUDIENCES, full
from ledger.trust import KnownLogs
from tests.exporters.facts.test_shipping import facts_of, with_event
from tests.exporters.files.test_pdf import changed, text_of
from tests.simulator.paperwork import BUYER, COOP, LOT, PALLETS, Season, place

NOTE = f"urn:epcglobal:cbv:bt:{COOP}:DDT-2026-1"


def written(season: Season, *, language: str = "it", to: str = "buyer", document: str = NOTE) -> bytes:
    asked: dict[str, Any] = {"audience": full(), "to": AUDIENCES[to](), "language": language}
    return export(season.node, "ddt", [], document=document, **asked).data


@pytest.fixture(scope="module")
def data(season: Season) -> bytes:
    return written(season)


def account(season: Season, data: bytes) -> Any:
    return verify(data, known=KnownLogs(Path(season.node.store.folder or "").parent / "policies").load())


def test_what_the_law_asks_is_printed(data: bytes) -> None:
    (page,) = text_of(data)
    said = " ".join(page.split())
    for text in (
        "Documento di trasporto", "DDT-2026-1", "16/07/2026",
        "Cooperativa Sole", "P. IVA IT00743110157", "48018 Faenza RA",
        "Esperia Distribuzione", "P. IVA IT00488410010", "Ce.Di. Ravenna", "48018 Ravenna RA",
        "Trasporti Senio", "P. IVA IT01114601006",
        "Pomodori San Marzano 500 g", "T-196", "25/07/2026", "96 colli", "480 kg", "520,5 kg", "Vendita", "PO-4711",
        "(00) 395210010000000018", "Firma del vettore",
    ):  # fmt: skip
        assert text in said, text


def test_it_speaks_english_too(season: Season) -> None:
    said = " ".join(text_of(written(season, language="en"))[0].split())
    for text in ("Delivery note", "2026-07-16", "Sale", "96 cases", "Consignee’s signature", "520.5 kg"):
        assert text in said, text


def test_it_is_faithful_and_the_same_every_time(season: Season, data: bytes) -> None:
    assert written(season) == data
    found = account(season, data)
    assert (found.exit_code, found.verdicts["faithful"], len(bundles_of(data))) == (0, "yes", 1)


def test_it_is_pdf_a_3_with_its_files_inside(data: bytes, season: Season) -> None:
    with pikepdf.open(io.BytesIO(data)) as opened:
        meta = opened.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["dc:title"]) == (
            "3", "B", "Documento di trasporto DDT-2026-1",
        )  # fmt: skip
        relations = {str(spec.UF): str(spec.AFRelationship) for spec in opened.Root.AF}
        document = opened.attachments[ddt_printed.ELECTRONIC].get_file().read_bytes()
        bundle = opened.attachments["bundle.filiera.json"].get_file().read_bytes()
    assert relations == {CLAIM: "/Data", "bundle.filiera.json": "/Source", "ddt.xml": "/Alternative"}
    assert account(season, bundle).verdicts["authentic"] == "yes"
    root = etree.fromstring(document)
    assert (etree.QName(root).localname, root[2].text) == ("DespatchAdvice", "DDT-2026-1")
    assert root[0].text is not None
    assert root[0].text.endswith("ddt:3.1")


def test_the_qr_code_on_the_page_leads_to_what_the_proof_is_about(data: bytes) -> None:
    with pypdfium2.PdfDocument(data) as opened:
        image = opened[0].render(scale=3).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [PALLETS[0]]


def test_a_profile_may_name_another_resolver(season: Season) -> None:
    profile = Profile("casa", "ddt", {"resolver": "https://tracce.example.it/"})
    paper = Paper((facts_of(season, LOT),), profile, "it", NOTE)
    assert ddt_printed.content(paper).data["link"] == "https://tracce.example.it" + LOT[len("https://id.gs1.org") :]


def test_without_what_the_italian_document_asks_peppols_is_inside(season: Season) -> None:
    facts = with_event(facts_of(season, LOT), {"filiera:grossWeightKg": None})
    (inside,) = ddt_printed.content(Paper((facts,), STANDARD, "it", NOTE)).attachments
    assert etree.fromstring(inside.data)[0].text == "urn:fdc:peppol.eu:poacc:trns:despatch_advice:3"


@pytest.mark.parametrize(
    ("element", "change"),
    [
        ("carrier", {"filiera:carrier": None}),
        ("packages", {"filiera:packages": None}),
        ("transportReason", {"destinationList": [{"type": "location", "destination": place(BUYER)}]}),
        ("vatNumber", {"filiera:carrier": "https://carrier.example/1"}),
        ("quantity", {"quantityList": None, "epcList": None}),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(season: Season, element: str, change: dict[str, Any]) -> None:
    paper = Paper((with_event(facts_of(season, LOT), change),), STANDARD, "it", NOTE)
    with pytest.raises(MissingData) as caught:
        FORMATS["ddt"].check(paper)
    assert element in {each.element for each in caught.value.missing}


def test_many_goods_go_on_to_further_pages_and_data_stay_text(season: Season) -> None:
    lots = [{"epcClass": LOT[:-5] + f"L-{number:03}", "quantity": 1} for number in range(60)]
    facts = with_event(facts_of(season, LOT), {"quantityList": lots, "filiera:carriage": '#panic() *x* $y$ "'})
    made = bytes_of(KIND, ddt_printed.content(Paper((facts,), STANDARD, "it", NOTE)), KIND.claim(written(season)))
    pages = text_of(made)
    assert len(pages) > 2
    assert '#panic() *x* $y$ "' in pages[0]
    assert "L-059" in pages[-1] + pages[-2]
    assert all("DDT-2026-1" in page for page in pages)


def _attach(name: str, change: Callable[[bytes], bytes]) -> Callable[[pikepdf.Pdf], None]:
    def attach(opened: pikepdf.Pdf) -> None:
        data = change(opened.attachments[name].get_file().read_bytes())
        opened.attachments[name] = pikepdf.AttachedFileSpec(opened, data)

    return attach


def _written_over(opened: pikepdf.Pdf) -> None:
    page = opened.pages[0]
    name = next(iter(page.Resources.Font.keys()))
    page.contents_add(f"q BT {name} 14 Tf 1 0 0 1 60 400 Tm <0001> Tj ET Q".encode())


FORGERIES: dict[str, tuple[str, str, Callable[[pikepdf.Pdf], None]]] = {
    "a kilogram in the electronic document": (
        "no", "ddt.xml", _attach("ddt.xml", lambda data: data.replace(b">96<", b">69<")),
    ),
    "a lot in the electronic document": (
        "no", "ddt.xml", _attach("ddt.xml", lambda data: data.replace(b"T-196", b"T-1")),
    ),
    "the electronic document left out": ("no", "ddt.xml", lambda opened: opened.attachments.__delitem__("ddt.xml")),
    "a file added": ("no", "more.txt", lambda opened: opened.attachments.__setitem__(
        "more.txt", pikepdf.AttachedFileSpec(opened, b"x"))),
    "another number in the claim": (
        "no", "p. 1, ", _attach(CLAIM, lambda data: data.replace(b"DDT-2026-1", b"DDT-2026-2")),
    ),
    "another language in the claim": ("no", "p. 1, ", _attach(CLAIM, lambda data: data.replace(b'"it"', b'"en"'))),
    "something written over the goods": ("no", "p. 1, ", _written_over),
    "the goods painted over": ("no", "p. 1", lambda opened: opened.pages[0].contents_add(b"q 1 g 0 0 600 300 re f Q")),
    "a note laid over it": ("no", "p. 1 /Annots", lambda opened: opened.pages[0].__setitem__(
        "/Annots", pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.FreeText, Contents="900 kg")]))),
    "a page more": ("no", "p. 2, ", lambda opened: opened.pages.append(opened.pages[0])),
    "the title": ("no", "/Info/Title", lambda opened: opened.docinfo.__setitem__("/Title", "DDT 7")),
    "the author": ("no", "/Info/Author", lambda opened: opened.docinfo.__setitem__("/Author", "Altra")),
    "the day": ("no", "/Info/CreationDate", lambda opened: opened.docinfo.__setitem__("/CreationDate", "D:20260717")),
    "by what it was set": ("not_shown", "", lambda opened: opened.docinfo.__setitem__("/Keywords", "filiera 9")),
    "nothing, saved again": ("not_shown", "", lambda opened: None),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_note_is_found_and_its_place_named(season: Season, data: bytes, forgery: str) -> None:
    answer, where, change = FORGERIES[forgery]
    found = account(season, changed(data, change))
    reasons = found.because("faithful")
    assert (found.verdicts["faithful"], found.exit_code) == (answer, {"no": 1, "not_shown": 2}[answer])
    assert not where or any(str(each.context["place"]).startswith(where) for each in reasons)


def test_a_swapped_bundle_is_found(season: Season, data: bytes) -> None:
    other = bundles_of(written(season, document=NOTE[:-1] + "2"))[0]
    found = account(season, changed(data, _attach("bundle.filiera.json", lambda _: other)))
    assert (found.exit_code, found.verdicts["faithful"]) == (1, "no")
    forged = account(
        season, changed(data, _attach("bundle.filiera.json", lambda data: data.replace(b'"self":"', b'"self":"A', 1)))
    )
    assert (forged.exit_code, forged.verdicts["authentic"]) == (1, "no")


def test_it_says_by_what_it_was_set(data: bytes) -> None:
    with pikepdf.open(io.BytesIO(data)) as opened:
        said = str(opened.docinfo["/Keywords"])
    assert re.fullmatch(r"filiera \S+, typst \S+, templates [0-9a-f]{16}", said)
