"""The page of a pack: what it tells, in which words, to whom; and what it never tells."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.pages.consumer.kept import Packs, Shown
from api.pages.shell.turns import Turns
from api.settings import Settings
from api.verbs.recall import close_recall, open_recall
from exporters.facts.history import read
from ledger.audience import full
from ledger.bundle import parse
from ledger.trust import KnownLogs
from ledger.verify.bundle import verify_bundle
from schemas.syntax.base64url import decode
from tests.api.pages.consumer.conftest import HTML, STORY, Shop
from tests.simulator.paperwork import CASE, FARMS, PACKHOUSE
from tests.simulator.server import running

HIDDEN = (
    "Azienda 11", "Campo 11", "44.23", "11.77", "44.29", "Elizabeth", "DDT-2026", "PO-4711", "+39", "qualita@",
)  # fmt: skip
"""Growers, fields, coordinates, customers, their papers, telephones: nobody's but the members'."""


def test_whoever_was_signed_in_once_reads_what_everybody_reads(shop: Shop) -> None:
    over = {"Cookie": "filiera=over"}
    assert shop.read(**over).text == shop.read().text
    code = shop.page.removeprefix("/lotto")
    assert shop.read(code, **over).headers["location"] == shop.read(code).headers["location"]


def test_the_first_screen_says_product_town_cooperative_harvest_and_lot(shop: Shop) -> None:
    page = shop.read()
    first = page.text[: page.text.index("<section")]
    assert page.status_code == 200
    for said in (
        "Pomodori",
        "Brisighella (RA)",
        "Cooperativa Sole",
        "luglio 2026",
        "T-196",
        "Nessun richiamo in corso",
    ):
        assert said in first
    assert "<dd>Italia</dd>" in first
    assert '<html lang="it">' in page.text


def test_it_is_said_in_english_too(shop: Shop) -> None:
    page = shop.read(**{"Accept-Language": "en"})
    assert "Harvested" in page.text
    assert "July 2026" in page.text
    assert "<dd>Italy</dd>" in page.text
    assert "No recall stands on this lot" in page.text
    assert STORY["en"].replace("<", "&lt;").replace(">", "&gt;") in page.text


def test_its_steps_are_told_in_order_each_once(shop: Shop) -> None:
    steps = re.findall("<li><strong>(.*?)</strong>", shop.read().text)
    assert steps[:3] == ["Raccolta", "Refrigerazione", "Creazione del lotto"]
    assert 3 <= len(steps) <= 9
    assert len(set(steps)) >= 3


def test_a_map_of_municipalities_is_drawn_here(shop: Shop) -> None:
    page = shop.read().text
    drawn = page[page.index("<svg") : page.index("</svg>")]
    assert "Brisighella" in drawn
    assert "href" not in drawn
    assert "image" not in drawn


def test_what_the_cooperative_says_is_text_and_its_picture_says_nothing_of_where_it_was_taken(shop: Shop) -> None:
    page = shop.read().text
    assert "Coltiviamo pomodori da tre &lt;generazioni&gt; &amp; più." in page
    address = re.search(r'<img src="(/lotto/immagine/[^"]+)"', page)
    assert address is not None
    picture = shop.read(address[1])
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")
    assert b"GPS" not in picture.content
    assert shop.read(address[1].replace("/immagine/", "/immagine/0")).status_code == 404


def test_certificates_are_those_of_the_product_and_of_who_made_it(shop: Shop) -> None:
    page = shop.read().text
    assert "<strong>Biologico</strong> IT-BIO-009-123, Ente Bio · Cooperativa Sole · valido fino al 31 dicembre" in page


def test_nothing_private_is_in_the_page_nor_in_its_proof(shop: Shop) -> None:
    page = shop.read()
    proof = shop.read("/lotto/prova/" + shop.page.removeprefix("/lotto/"))
    opened = json.dumps([event.content for event in read(proof.content).events], default=str)
    said = "".join(_opened(proof.content))
    for private in HIDDEN:
        assert private not in page.text.replace('href="', ""), private
        assert private not in opened, private
        assert private not in said, private
    # A place that its member did not make public is not named, not even by its number.
    assert PACKHOUSE.rpartition("/")[2] not in opened
    assert all(farm in opened for farm in FARMS)


def _opened(bundle: bytes) -> list[str]:
    """Every disclosure of a bundle, decoded."""
    return [decode(text).decode("utf-8") for part in parse(bundle).entries for text in part.disclosures]


def test_its_proof_holds_offline_and_is_what_the_page_says_it_is(shop: Shop) -> None:
    proof = shop.read("/lotto/prova/" + shop.page.removeprefix("/lotto/"))
    account = verify_bundle(proof.content, known=KnownLogs(shop.policies).load())
    assert account.valid is True, account.reasons
    assert proof.headers["etag"].strip('"') in shop.read().text
    assert proof.headers["content-disposition"] == 'attachment; filename="T-196.filiera.json"'


def test_it_is_kept_and_asked_for_again(shop: Shop) -> None:
    first = shop.read()
    again = shop.read(**{"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert first.headers["cache-control"] == "public, no-cache"
    assert first.headers["vary"] == "Accept-Language"
    assert "set-cookie" not in first.headers
    assert shop.read(**{"If-None-Match": first.headers["etag"], "Accept-Language": "en"}).status_code == 200


def test_a_kept_page_takes_no_thread_and_answers_head_and_304(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    first = {language: shop.read(**{"Accept-Language": language}) for language in ("it", "en")}
    monkeypatch.setattr(Turns, "away", None)
    for language, page in first.items():
        said = {"Accept-Language": language}
        assert shop.read(**said).content == page.content
        head = shop.client.head(shop.page, headers=HTML | said)
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", page.headers["etag"])
        again = shop.read(**said | {"If-None-Match": page.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["x-content-type-options"] == "nosniff"


def test_with_a_recall_what_a_browser_has_is_good_no_more(shop: Shop) -> None:
    node, own, before = shop.season.node, shop.season.members[0], shop.read()
    held = {"If-None-Match": before.headers["etag"]}
    open_recall(node, shop.season.lot, "Vetro", audience=full(), member=own)
    recalled = shop.read(**held)
    assert recalled.status_code == 200
    assert 'role="alert"' in recalled.text
    close_recall(node, shop.season.lot, audience=full(), member=own)
    after = shop.read(**{"If-None-Match": recalled.headers["etag"]})
    assert after.status_code == 200
    assert 'role="alert"' not in after.text


def test_many_who_come_at_once_get_one_page_made_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    made, make = list[str](), Packs._make

    def counted(packs: Packs, uri: str) -> Shown | None:
        made.append(uri)
        return make(packs, uri)

    monkeypatch.setattr(Packs, "_make", counted)
    shop.season.node.membership.new_key("gateway", shop.season.members[0])
    with ThreadPoolExecutor(8) as crowd:
        pages = list(crowd.map(lambda _: shop.read().content, range(8)))
    assert len(set(pages)) == 1
    assert made == [shop.season.lot]


def test_everything_loaded_on_first_view_is_light(shop: Shop) -> None:
    page = shop.read()
    tags = re.findall(r"<(?:link|script|img)[^>]*>", page.text)
    addresses = [found[1] for tag in tags if (found := re.search('(?:src|href)="([^"]+)"', tag))]
    assert len(set(addresses)) >= 4
    loaded = len(page.content) + sum(len(shop.read(address).content) for address in set(addresses))
    assert loaded <= 60_000


def test_there_is_nothing_in_it_that_runs_or_draws_from_elsewhere(shop: Shop) -> None:
    page = shop.read().text
    # What is said to programs is data, which no browser runs.
    assert re.findall(r"<script(?![^>]*src=)[^>]*>", page) == ['<script type="application/ld+json">']
    assert re.findall(r'(?:src|href)="(?!/|#)([^"]*)"', page) == []
    assert " on" + "click=" not in page
    assert "style=" not in page


def test_a_lot_that_is_not_published_is_answered_like_one_that_never_was(shop: Shop) -> None:
    known, never = (f"/lotto/01/{CASE}/10/{code}" for code in ("N-1", "M-1"))
    one, other = shop.read(known), shop.read(never)
    assert one.status_code == other.status_code == 404
    assert "Non vuol dire che il prodotto sia falso" in one.text
    assert one.text.replace("N-1", "M-1") == other.text
    assert shop.read(known.replace("/lotto/", "/lotto/prova/")).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("01/09521001002012/10/T-196", 400),
        ("01/09521001002011", 400),
        ("10/T-196/01/09521001002011", 400),
        ("01/09521001002011/10/%3Cscript%3E", 400),
        ("01/09521001002011/10/" + "9" * 21, 400),
        ("01/09521001002011/10/%00", 400),
        ("01/09521001002011/10/A%2FB", 404),
        ("01/09521001002011/10/..%2f..%2fetc", 404),
        ("01/09521001002011/10/%2522", 404),
        ("ciao", 400),
    ],
)
def test_an_odd_identifier_is_explained_and_never_echoed_as_markup(shop: Shop, path: str, status: int) -> None:
    answer = shop.read(f"/lotto/{path}")
    assert answer.status_code in {status, 404}
    assert "<script>" not in answer.text.replace('<script type="module"', "")


def test_without_publishing_strangers_are_sent_to_sign_in(shop: Shop) -> None:
    with running(shop.season.node, Settings(), token=None) as client:
        assert client.get(shop.page, headers={"Accept": "text/html"}).status_code == 303


class TestFinding:
    def test_the_code_alone_leads_to_the_page(self, shop: Shop) -> None:
        answer = shop.read("/lotto?code=T-196")
        assert answer.status_code == 303
        assert answer.headers["location"] == shop.page

    def test_a_scanned_text_does_too(self, shop: Shop) -> None:
        for code in (shop.season.lot, f"(01){shop.season.lot.split('/01/')[1][:14]}(10)T-196"):
            assert shop.client.get("/lotto", params={"code": code}, headers={"Accept": "text/html"}).status_code == 303

    def test_products_are_listed_by_name(self, shop: Shop) -> None:
        form = shop.read("/lotto").text
        assert len(re.findall('<option value="[0-9]{14}"', form)) == 2

    def test_what_is_near_is_offered(self, shop: Shop) -> None:
        answer = shop.read("/lotto?code=T-169")
        assert answer.status_code == 404
        assert f'href="{shop.page}"' in answer.text

    def test_what_was_typed_stays_with_its_error_beside_it(self, shop: Shop) -> None:
        answer = shop.read("/lotto?code=%22%3E%3Cscript%3E&gtin=123")
        assert 'aria-invalid="true"' in answer.text
        assert "&#34;&gt;&lt;script&gt;" in answer.text
        assert "<script>" not in answer.text

    def test_an_empty_code_is_asked_for(self, shop: Shop) -> None:
        assert "Scrivi il codice del lotto." in shop.read("/lotto?code=").text
        assert "Scrivi il codice del lotto." not in shop.read("/lotto").text
