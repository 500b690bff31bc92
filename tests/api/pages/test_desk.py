"""The office's desk: records corrected and withdrawn, papers and labels of a shipment, tokens of programs."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import count
from unittest.mock import patch

import httpx
import pytest

from api import corrections, passwords
from api.accounts import Accounts
from api.records import recorded
from api.settings import Settings
from api.verbs.erase import erase
from ledger.audience import full
from ledger.capture.document import read_document
from ledger.writer.answers import Captured
from schemas.errors import InputError
from schemas.syntax.json_text import Number, write
from tests.simulator.paperwork import (
    BUYER,
    CARRIER,
    CONTEXT,
    COOP,
    LOT,
    PACKHOUSE,
    PALLETS,
    Season,
    event,
    gln,
    paperwork,
    party,
)
from tests.simulator.server import running

WORDS = "una frase lunga e mia"
RECORDS, SHIPMENTS, TOKENS = "/ufficio/registrazioni", "/ufficio/spedizioni", "/ufficio/programmi"


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    with paperwork(tmp_path_factory.mktemp("desk")) as season:
        yield season


@pytest.fixture(scope="module")
def client(season: Season) -> Iterator[httpx.Client]:
    with running(season.node, Settings(), token=None) as client:
        yield client


@pytest.fixture(scope="module")
def people(season: Season) -> dict[str, str]:
    """The cookie of one person in each role, and of another member's office."""
    found = {}
    with patch.object(passwords, "_LN", 4):
        accounts = Accounts(season.node)
        for name, role, member in (
            ("owner", "owner", 0), ("office", "office", 0), ("field", "field", 0), ("auditor", "auditor", 0),
            ("other", "office", 1),
        ):  # fmt: skip
            accounts.add_account(name, WORDS, member=season.members[member], role=role)
            found[name] = f"filiera={accounts.login(name, WORDS, seconds=3600)}"
    return found


class Desk:
    """A browser of somebody in the office, which reads English."""

    def __init__(self, client: httpx.Client, cookie: str) -> None:
        self._client = client
        self._headers = {
            "Cookie": cookie, "Accept": "text/html", "Accept-Language": "en", "Sec-Fetch-Site": "same-origin",
        }  # fmt: skip

    def get(self, path: str, **query: str) -> httpx.Response:
        return self._client.get(path, params=query, headers=self._headers)

    def post(self, path: str, **form: str | list[str]) -> httpx.Response:
        return self._client.post(path, data=form, headers=self._headers)


@pytest.fixture
def office(client: httpx.Client, people: dict[str, str]) -> Desk:
    return Desk(client, people["office"])


def fields(answer: httpx.Response) -> dict[str, str]:
    """What a form would send, untouched."""
    found = dict(re.findall(r'<input id="f-[^"]*" name="([^"]+)" value="([^"]*)"', answer.text))
    for name, rest in re.findall(r'<select id="f-[^"]*" name="([^"]+)".*?>(.*?)</select>', answer.text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', rest)
        found[name] = chosen[1] if chosen else ""
    return {unescape(name): unescape(value) for name, value in found.items()}


def packed(season: Season, lot: str, **more: object) -> int:
    """Record that a lot was stored; the index."""
    (captured,) = kept(season, event(18, 8, action="OBSERVE", bizStep="storing", **more, quantityList=[
        {"epcClass": f"https://id.gs1.org/01/{LOT.split('/')[4]}/10/{lot}", "quantity": Number("12"), "uom": "KGM"}
    ]))  # fmt: skip
    return captured.index


def kept(season: Season, told: dict[str, object], member: int = 0) -> list[Captured]:
    data = write([{"@context": CONTEXT, **told}])  # type: ignore[dict-item, list-item]
    return season.node.capture(read_document(data), member=season.members[member])


def test_a_record_is_corrected_and_its_history_says_which_counts(season: Season, office: Desk) -> None:
    index = packed(season, "C-1", readPoint={"id": PACKHOUSE})
    page = office.get(f"{RECORDS}/{index}")
    assert "This record counts." in page.text
    form = fields(office.get(f"{RECORDS}/{index}/correggi"))
    assert form["/quantityList/0/epcClass"].endswith("(10)C-1")
    assert form["/readPoint/id"] == COOP
    answer = office.post(f"{RECORDS}/{index}/correggi", **{**form, "/quantityList/0/quantity": "1.5", "why": "a zero"})
    assert answer.status_code == 303
    fresh = recorded(season.node, int(answer.headers["location"].split("?")[0].rsplit("/", 1)[1]), audience=full())
    assert fresh.event["quantityList"][0]["quantity"] == Number("1.5")  # type: ignore[index]
    assert fresh.event["eventTime"] == "2026-07-18T08:00:00.000+02:00"
    assert [(each.index, each.counts, each.note) for each in fresh.history] == [
        (index, False, ""), (fresh.index, True, ""), (fresh.index + 1, False, "a zero"),
    ]  # fmt: skip
    assert season.node.entry(fresh.index + 1).claims.kind == "correction"
    before = office.get(f"{RECORDS}/{index}").text
    assert "This record counts no longer." in before
    assert f"Open the one that counts, no. {fresh.index}" in before
    assert "«a zero»" in before


def test_what_was_typed_stays_beside_what_is_wrong_with_it(season: Season, office: Desk) -> None:
    index = packed(season, "C-2")
    form = fields(office.get(f"{RECORDS}/{index}/correggi"))
    size = season.node.registry.size
    for name, typed, said in (
        ("/quantityList/0/quantity", "molti", "molti"),
        ("/quantityList/0/epcClass", "(01)19521001002019(10)C-2", "check digit"),
        ("/eventTime", "", "cannot be left empty"),
        ("/quantityList/0/quantity", "-3", "-3"),
    ):
        answer = office.post(f"{RECORDS}/{index}/correggi", **{**form, name: typed})
        assert (answer.status_code, said in answer.text) == (400, True), (name, typed, answer.status_code)
        assert f'id="w-{name}"' in answer.text
        assert not typed or f'value="{typed}"' in answer.text
    assert office.post(f"{RECORDS}/{index}/correggi", **form).status_code == 400
    assert "Nothing was changed" in office.post(f"{RECORDS}/{index}/correggi", **form).text
    assert season.node.registry.size == size


def test_rows_are_added_and_taken_out(season: Season, office: Desk) -> None:
    index = packed(season, "C-3")
    form = fields(office.get(f"{RECORDS}/{index}/correggi"))
    gtin = LOT.split("/")[4]
    added = {
        "/quantityList/+/epcClass": f"(01){gtin}(10)C-4", "/quantityList/+/quantity": "7", "/quantityList/+/uom": "KGM"
    }  # fmt: skip
    answer = office.post(f"{RECORDS}/{index}/correggi", **{**form, **added, "/quantityList/0/epcClass": ""})
    fresh = recorded(season.node, int(answer.headers["location"].split("?")[0].rsplit("/", 1)[1]), audience=full())
    row = {"epcClass": f"https://id.gs1.org/01/{gtin}/10/C-4", "quantity": Number("7"), "uom": "KGM"}
    assert fresh.event["quantityList"] == [row]


def test_a_record_is_withdrawn_with_a_reason_and_only_once(season: Season, office: Desk) -> None:
    index = packed(season, "C-5")
    path = f"{RECORDS}/{index}/ritira"
    refused = office.post(path, reason="did_not_occur", why=" ")
    assert (refused.status_code, "The reason is missing" in refused.text) == (400, True)
    assert office.post(path, reason="did_not_occur", why="recorded twice").status_code == 303
    seen = office.get(f"{RECORDS}/{index}").text
    assert "counts no longer" in seen
    assert "Nothing took its place." in seen
    assert "recorded twice" in seen
    again = office.post(path, reason="did_not_occur", why="me too")
    assert again.status_code == 409
    assert "somebody else corrected or withdrew it" in again.text
    assert "me too" in again.text
    assert office.get(f"{RECORDS}/{index}/correggi").status_code == 409


def test_of_two_who_correct_at_once_the_log_refuses_the_second(season: Season) -> None:
    node, index = season.node, packed(season, "C-6")
    # Both looked before either wrote.
    seen = recorded(node, index, audience=full())
    rows = seen.event["quantityList"]
    made = [{**seen.event, "quantityList": [{**rows[0], "quantity": Number(text)}]} for text in ("1", "2")]  # type: ignore[index, dict-item]
    corrections.correct(node, seen, made[0], member=season.members[0], key=None)  # type: ignore[arg-type]
    size = node.registry.size
    with pytest.raises(InputError) as refused:
        corrections.correct(node, seen, made[1], member=season.members[0], key=None)  # type: ignore[arg-type]
    assert refused.value.code == "correction-made"
    assert node.registry.size == size


def test_what_cannot_be_corrected_says_why(season: Season, office: Desk) -> None:
    index = packed(season, "C-10", readPoint={"id": PACKHOUSE})
    assert office.post(f"{RECORDS}/{index}/ritira", why="x" * 1001).status_code == 400
    office.post(f"{RECORDS}/{index}/ritira", why="twice")
    declaration = season.node.registry.size - 1
    refused = office.get(f"{RECORDS}/{declaration}/correggi")
    assert (refused.status_code, "declares another one wrong" in refused.text) == (400, True)
    erased = packed(season, "C-11", readPoint={"id": PACKHOUSE})
    erase(season.node, [erased], pointers=["/content/readPoint"], ground="GDPR art. 17")
    refused = office.get(f"{RECORDS}/{erased}/correggi")
    assert (refused.status_code, "A part of entry" in refused.text) == (400, True)
    with patch("api.pages.office.corrections.MOST_LEAVES", 3):
        refused = office.get(f"{RECORDS}/{packed(season, 'C-12', readPoint={'id': PACKHOUSE})}/correggi")
    assert (refused.status_code, "3 can be corrected on this page" in refused.text) == (400, True)


def test_another_members_record_is_seen_and_not_corrected(
    season: Season, client: httpx.Client, people: dict[str, str]
) -> None:
    shipped = next(row for row in range(season.node.registry.size) if _ships_to(season, row))
    other = Desk(client, people["other"])
    assert "only who signed it can correct it" in other.get(f"{RECORDS}/{shipped}").text
    refused = other.post(f"{RECORDS}/{shipped}/ritira", reason="did_not_occur", why="not mine")
    assert refused.status_code == 403
    assert other.get(f"{RECORDS}/{packed(season, 'C-7')}").status_code == 404


def _ships_to(season: Season, index: int) -> bool:
    try:
        step = recorded(season.node, index, audience=full()).step
    except InputError:
        return False
    return step.dealing == "ships" and ("owning_party", party(BUYER)) in step.destinations


def test_whoever_may_not_add_is_shown_and_changes_nothing(
    season: Season, client: httpx.Client, people: dict[str, str]
) -> None:
    index = packed(season, "C-8")
    auditor, field = Desk(client, people["auditor"]), Desk(client, people["field"])
    page = auditor.get(f"{RECORDS}/{index}")
    assert page.status_code == 200
    assert "/correggi" not in page.text
    for path in (f"{RECORDS}/{index}/correggi", f"{RECORDS}/{index}/ritira"):
        assert auditor.post(path, why="x").status_code == 403
        assert field.get(path).status_code == 403
    assert field.get(RECORDS).status_code == 403


def test_the_list_is_found_in_by_lot_day_and_step(season: Season, office: Desk) -> None:
    index = packed(season, "C-9")
    row = f'href="{RECORDS}/{index}"'
    gtin = LOT.split("/")[4]
    assert row in office.get(RECORDS).text
    assert row in office.get(RECORDS, lotto=f"(01){gtin}(10)C-9", giorno="2026-07-18", passo="storing").text
    assert row not in office.get(RECORDS, giorno="2026-07-17").text
    assert row not in office.get(RECORDS, passo="shipping").text
    wrong = office.get(RECORDS, lotto="(01)123")
    assert (wrong.status_code, 'value="(01)123"' in wrong.text) == (400, True)
    assert office.get(RECORDS, dopo="no").status_code == 400
    assert office.get(f"{RECORDS}/{10**30}").status_code == 404


GONE = count(1)


def shipment(season: Season, lot: str = LOT) -> int:
    """Record a shipment without a delivery note, of another amount than any before: else it would be a repeat."""
    (captured,) = kept(season, event(
        19, 9, action="OBSERVE", bizStep="shipping", disposition="in_transit",
        quantityList=[{"epcClass": lot, "quantity": Number(str(next(GONE)))}], readPoint={"id": PACKHOUSE},
        sourceList=[{"type": "owning_party", "source": party(COOP)}],
        destinationList=[
            {"type": "owning_party", "destination": party(BUYER)},
            {"type": "location", "destination": f"https://id.gs1.org/414/{BUYER}"},
        ],
    ))  # fmt: skip
    return captured.index


def test_a_delivery_note_gets_its_number_once_says_what_it_lacks_and_is_printed(season: Season, office: Desk) -> None:
    index = shipment(season)
    assert "Give the delivery note its number" in office.get(f"{SHIPMENTS}/{index}").text
    answer = office.post(f"{SHIPMENTS}/{index}/numero")
    place = answer.headers["location"].split("?")[0]
    fresh = int(place.rsplit("/", 1)[1])
    page = office.get(place).text
    assert "<strong>2026-1</strong>" in page
    again = office.post(f"{SHIPMENTS}/{index}/numero")
    assert (again.status_code, "Open the one that counts" in again.text) == (409, True)
    assert office.post(f"{place}/numero").status_code == 409
    # What is missing, who fills it, and where; and no file meanwhile.
    assert f"{RECORDS}/{fresh}/correggi?campo=packages" in page
    refused = office.get(f"{place}/documento", format="ddt")
    assert (refused.status_code, "carrier" in refused.text) == (422, True)
    form = fields(office.get(f"{RECORDS}/{fresh}/correggi"))
    filled = {**form, "/filiera:packages": "3", "/filiera:carrier": CARRIER, "/filiera:transportReason": "vendita",
              "/filiera:grossWeightKg": "17.5"}  # fmt: skip
    answer = office.post(f"{RECORDS}/{fresh}/correggi", **filled)
    assert answer.status_code == 303, answer.text
    place = answer.headers["location"].split("?")[0].replace(RECORDS, SHIPMENTS)
    files = [office.get(f"{place}/documento", format=name) for name in ("ddt", "ubl-despatch")]
    assert [file.status_code for file in files] == [200, 200]
    assert files[0].content[:5] == b"%PDF-"
    assert "2026-1" in files[1].text


def test_numbers_of_delivery_notes_have_no_gap_whoever_asks(season: Season, office: Desk) -> None:
    taken = [office.post(f"{SHIPMENTS}/{shipment(season, more)}/numero") for more in (LOT, season.raw[0])]
    places = [int(answer.headers["location"].split("?")[0].rsplit("/", 1)[1]) for answer in taken]
    papers = [dict(recorded(season.node, at, audience=full()).step.transactions)["desadv"] for at in places]
    first, second = (int(uri.rpartition("-")[2]) for uri in papers)
    assert second == first + 1


def pallets(office: Desk) -> tuple[str, str]:
    """The address of a shipment of the season's, and a pallet that went."""
    (row,) = re.findall(rf'{SHIPMENTS}/(\d+)"', office.get(SHIPMENTS, giorno="2026-07-16").text)[:1]
    page = office.get(f"{SHIPMENTS}/{row}").text
    assert "Logistic label" in page
    return f"{SHIPMENTS}/{row}/etichetta", next(uri for uri in PALLETS if uri in page)


def test_a_label_is_made_or_the_page_says_why_not(office: Desk) -> None:
    place, unit = pallets(office)
    made = office.get(place, of=unit, **{"as": "logistic.zpl"}, copie="2")
    assert (made.status_code, made.content.lstrip()[:3]) == (200, b"^XA")
    wrong = office.get(place, of=unit, **{"as": "logistic.pdf"}, copie="molte")
    assert wrong.status_code == 400
    assert "text/html" in wrong.headers["content-type"]


@pytest.mark.long
def test_labels_come_in_every_form_and_a_paper_the_same_again(office: Desk) -> None:
    place, unit = pallets(office)
    prints = [office.get(place.replace("etichetta", "documento"), format="ddt").content for _ in range(2)]
    assert prints[0][:5] == b"%PDF-"
    assert prints[0] == prints[1]
    foreign = office.get(place, of="x", **{"as": "case.pdf"})
    assert (foreign.status_code, "text/html" in foreign.headers["content-type"]) == (200, True)
    for of, form, start in (
        (unit, "logistic.pdf", b"%PDF-"), (unit, "logistic.png", b"\x89PNG"), (LOT, "case.pdf", b"%PDF-"),
        (LOT, "consumer.zpl", b"^XA"), (LOT, "consumer-small.png", b"\x89PNG"),
    ):  # fmt: skip
        made = office.get(place, of=of, **{"as": form})
        assert (made.status_code, made.content.lstrip()[: len(start)]) == (200, start), form


def test_shipments_are_found_by_customer_and_are_their_senders(
    season: Season, client: httpx.Client, people: dict[str, str]
) -> None:
    office, other = Desk(client, people["office"]), Desk(client, people["other"])
    assert "Esperia Distribuzione" in office.get(SHIPMENTS, cliente=party(BUYER)).text
    assert "No shipment." in office.get(SHIPMENTS, cliente=party(COOP)).text
    assert "No shipment." in other.get(SHIPMENTS).text
    assert office.get(SHIPMENTS, giorno="ieri").status_code == 400
    assert office.get(SHIPMENTS, giorno="9999-12-31").status_code == 400
    assert office.get(f"{SHIPMENTS}/{packed(season, 'S-1')}").status_code == 404
    index = shipment(season)
    assert "It has no number yet" in Desk(client, people["auditor"]).get(f"{SHIPMENTS}/{index}").text
    office.post(f"{RECORDS}/{index}/ritira", reason="did_not_occur", why="not gone")
    assert office.get(f"{SHIPMENTS}/{index}").status_code == 409


def test_a_token_is_made_shown_once_and_revoked_by_the_owner(client: httpx.Client, people: dict[str, str]) -> None:
    owner = Desk(client, people["owner"])
    made = owner.post(f"{TOKENS}/crea", name="gestionale", days="30", scope=["query", "export"])
    (text,) = re.findall(r'id="made" class="code" readonly value="(fil_[^"]+)"', made.text)
    listed = owner.get(TOKENS).text
    assert "gestionale" in listed
    assert text not in listed
    (id,) = re.findall(r'name="id" value="([0-9a-f]{12})"', listed)
    assert "Revoke the token gestionale?" in owner.post(f"{TOKENS}/revoca", id=id).text
    assert owner.post(f"{TOKENS}/revoca", id=id, confirmed="1").status_code == 303
    assert "revoked on" in owner.get(TOKENS).text
    asked = client.get("/api/v1/findings", headers={"Authorization": f"Bearer {text}"})
    assert asked.status_code == 401


def test_a_token_that_cannot_be_made_leaves_what_was_typed(client: httpx.Client, people: dict[str, str]) -> None:
    owner = Desk(client, people["owner"])
    for form, field in (
        ({"name": "sito", "days": "molti", "scope": ["query"]}, "days"),
        ({"name": "sito", "days": "99999", "scope": ["query"]}, "days"),
        ({"name": "sito", "days": "30"}, "scope-query"),
        ({"name": "sito", "days": "30", "scope": ["tutto"]}, None),
    ):
        answer = owner.post(f"{TOKENS}/crea", **form)  # type: ignore[arg-type]
        assert (answer.status_code, 'value="sito"' in answer.text) == (400, True)
        assert field is None or re.search(rf'id="{field}"[^>]*aria-invalid="true"', answer.text)


def test_tokens_are_the_owners_alone(client: httpx.Client, people: dict[str, str], season: Season) -> None:
    assert Desk(client, people["office"]).get(TOKENS).status_code == 403
    auditor = Desk(client, people["auditor"])
    assert "Make the token" not in auditor.get(TOKENS).text
    assert auditor.post(f"{TOKENS}/crea", name="x", days="1", scope=["query"]).status_code == 403
    foreign = Accounts(season.node).add_token("loro", member=season.members[1], scopes=["query"], days=9)
    owner = Desk(client, people["owner"])
    assert "loro" not in owner.get(TOKENS).text
    assert owner.post(f"{TOKENS}/revoca", id=foreign.token.id, confirmed="1").status_code == 404


def test_what_a_paper_lacks_of_a_party_is_written_into_master_data(season: Season, office: Desk) -> None:
    path, named = "/ufficio/anagrafica", party(gln("9521007", 1))
    assert "/ufficio/anagrafica?cosa=" in office.get(path).text
    form = {
        "cosa": named,
        "name": "Frutta Rossi",
        "address.municipality": "Lugo",
        "address.country": "IT",
        "dal": "2026-01-01",
    }
    for name, typed in (("vatNumber", "IT00743110158"), ("name", ""), ("dal", "ieri")):
        answer = office.post(path, **{**form, name: typed})
        assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (400, True), name
        assert 'value="Lugo"' in answer.text
    assert office.post(path, **form).status_code == 303
    assert 'value="Frutta Rossi"' in office.get(path, cosa="Frutta Rossi").text
    assert office.post(path, **form, **{"address.street": "Via Po 1"}).status_code == 303
    assert 'value="Via Po 1"' in office.get(path, cosa=named).text
    wrong = office.get(path, cosa="chissà")
    assert (wrong.status_code, "chissà" in wrong.text) == (400, True)
