"""Somebody reads a pack's page, its proof and its resolver for what a member did not mean to tell."""

from urllib.parse import quote

import pytest

from ledger.audience import PUBLIC_MASTER, Audience, public
from ledger.entry.parse import Entry
from schemas.master.terms import OBJECTS, fields
from tests.api.pages.consumer.conftest import HTML, Shop, shop  # noqa: F401
from tests.simulator.paperwork import BUYER, CARRIER, CASE, COOP, FARMS, FOREIGN, LINK

SECRET = {
    "party": ("vatNumber", "taxCode", "contacts", "approvalNumbers", "fdaRegistration", "companyPrefixes", "reason"),
    "site": ("name", "coordinates", "polygon", "area", "parent", "party", "contacts", "gln", "mixing"),
    "product": ("foodTraceabilityList", "packaging"),
    "certificate": ("document",),
}
"""What of each kind nobody but its member tells."""


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in SECRET.items() for name in names])
def test_no_member_of_master_data_is_public_that_was_not_meant_to_be(kind: str, name: str) -> None:
    assert name in fields(kind)
    assert name not in PUBLIC_MASTER[kind]


def test_an_address_is_public_no_further_than_its_municipality() -> None:
    known = {field.name for field in OBJECTS["address"]}
    for kind in ("party", "site"):
        assert known - set(PUBLIC_MASTER[kind]["address"]) == {"street", "postalCode"}


def test_customers_carriers_and_places_that_are_not_public_are_not_in_the_proof(shop: Shop) -> None:  # noqa: F811
    proof = shop.read(shop.page.replace("/lotto/", "/lotto/prova/")).content
    listed = shop.client.get(f"/01/{CASE}/10/T-196", params={"linkType": "linkset"}).content
    for number in (BUYER, FOREIGN, CARRIER):
        for told in (proof, listed, shop.read().content):
            assert number.encode() not in told
    assert FARMS[0].encode() not in listed
    assert COOP


@pytest.mark.parametrize(
    "lot",
    [
        '"><script>alert(1)</script>',
        "'onload='x",
        "{{7*7}}",
        "%0d%0aSet-Cookie:%20a=b",
        "../../etc/passwd",
        "\u202egnp",
    ],
)
def test_a_lot_code_is_never_markup_a_header_a_template_or_a_path(shop: Shop, lot: str) -> None:  # noqa: F811
    for address in (f"/lotto?code={quote(lot)}", f"/lotto/01/{CASE}/10/{quote(lot, safe='')}", f"/01/{CASE}/10/{lot}"):
        answer = shop.client.get(address, headers=HTML)
        assert answer.status_code in (200, 307, 400, 404), address
        assert "<script>" not in answer.text
        assert "onload='" not in answer.text
        assert ">49<" not in answer.text
        assert "set-cookie" not in answer.headers


def test_strangers_cannot_ask_for_master_data_by_its_entry(shop: Shop) -> None:  # noqa: F811
    indexes = range(shop.season.node.registry.size)
    audience = public()
    kept = [index for index in indexes if shop.season.node.entry(index).claims.kind == "master"]
    for index in kept:
        assert shop.client.get("/api/v1/bundle", params={"entry": str(index)}).status_code == 404
        assert not audience.opens(shop.season.node.entry(index))
    assert kept


def test_a_site_that_is_not_public_is_not_opened_even_where_it_is_held(shop: Shop) -> None:  # noqa: F811
    node = shop.season.node
    sites = [entry for entry in map(node.entry, range(node.registry.size)) if _is_site(entry)]
    shown = [entry for entry in sites if _opens(public(), entry)]
    assert 0 < len(shown) < len(sites)
    assert all((entry.content or {}).get("public") is True for entry in shown)


def _is_site(entry: Entry) -> bool:
    return entry.claims.kind == "master" and (entry.content or {}).get("type") == "site"


def _opens(audience: Audience, entry: Entry) -> bool:
    return audience.disclosures(entry, f"{LINK}/01/{CASE}/10/T-196") != []
