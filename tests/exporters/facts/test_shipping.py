"""Despatches and who is in them, from bundles alone."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from api.verbs.export_bundle import export_bundle
from exporters.facts import parties
from exporters.facts.history import Event, Facts, read
from exporters.facts.shipping import despatches, document
from ledger.audience import AUDIENCES, full
from ledger.lots.step import Amount, step
from ledger.readside.named import named
from tests.simulator.paperwork import BUYER, CARRIER, CASE, COOP, LOT, PACKHOUSE, PALLETS, Season, party, place


def facts_of(season: Season, subject: str, audience: str = "full") -> Facts:
    looking = AUDIENCES[audience]()
    naming = named(season.node, full())
    return read(export_bundle(season.node, subject, direction="both", audience=looking, naming=naming))


@pytest.fixture(scope="module")
def facts(season: Season) -> Facts:
    return facts_of(season, LOT)


def shipping(facts: Facts) -> Event:
    return next(event for event in facts.standing if event.step.dealing == "ships")


def with_event(facts: Facts, change: dict[str, Any]) -> Facts:
    """The same facts, the first shipment told otherwise."""
    old = shipping(facts)
    content = {name: value for name, value in {**old.content, **change}.items() if value is not None}
    new = replace(old, content=content, step=step(old.index, old.member, content))
    return replace(facts, standing=tuple(new if event is old else event for event in facts.standing))


def test_each_delivery_note_is_one_despatch(facts: Facts) -> None:
    first, second = despatches([facts])
    assert (first.number, first.note.issuer, second.number) == ("DDT-2026-1", COOP, "DDT-2026-2")
    assert (first.seller.name, first.buyer.name, first.consignee.name) == (
        "Cooperativa Sole", "Esperia Distribuzione", "Esperia Distribuzione",
    )  # fmt: skip
    assert (first.origin.name, first.destination.name) == ("Magazzino Sole", "Ce.Di. Ravenna")
    assert first.carrier is not None
    assert (first.carrier.name, first.carrier.gln) == ("Trasporti Senio", CARRIER)
    assert [(order.issuer, order.number) for order in first.orders] == [(BUYER, "PO-4711")]
    assert (first.packages, first.gross, first.reason) == (96, Decimal("520.5"), "sale")


def test_a_line_says_what_goes_and_its_days(facts: Facts) -> None:
    (line,) = despatches([facts])[0].lines
    assert (line.gtin, line.code, line.amount) == (CASE, "T-196", Amount(Decimal(96)))
    assert (line.name, line.made, line.best_before, line.origin) == (
        "Pomodori San Marzano 500 g", "2026-07-15", "2026-07-25", "IT",
    )  # fmt: skip


def test_units_say_what_they_hold_and_count_it_once(facts: Facts) -> None:
    first = despatches([facts])[0]
    assert [(unit.uri, dict(unit.holds)) for unit in first.units] == [(PALLETS[0], {LOT: Amount(Decimal(96))})]
    bare = despatches([with_event(facts, {"quantityList": None})])[0]
    assert bare.lines == first.lines


def test_a_pallet_tells_the_same_despatches_as_its_lot(season: Season, facts: Facts) -> None:
    assert [note.lines for note in despatches([facts_of(season, PALLETS[0])])] == [
        note.lines for note in despatches([facts])
    ]


def test_bundles_that_hold_the_same_event_tell_it_once(season: Season, facts: Facts) -> None:
    both = despatches([facts_of(season, PALLETS[0]), facts])
    assert [note.lines for note in both] == [note.lines for note in despatches([facts])]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"filiera:transportReason": "Conto lavorazione"}, "Conto lavorazione"),
        ({"destinationList": [{"type": "owning_party", "destination": party(COOP)}]}, "transfer"),
        ({"destinationList": [{"type": "location", "destination": place(BUYER)}]}, ""),
    ],
)
def test_why_goods_travel_is_said_or_follows(facts: Facts, change: dict[str, Any], expected: str) -> None:
    assert despatches([with_event(facts, change)])[0].reason == expected


def test_without_a_word_on_owners_they_are_whose_the_places_are(facts: Facts) -> None:
    found = despatches([
        with_event(
            facts,
            {"sourceList": None, "destinationList": [{"type": "location", "destination": place(BUYER)}]},
        )
    ])[0]  # fmt: skip
    assert (found.seller.name, found.buyer.name) == ("Cooperativa Sole", "Esperia Distribuzione")


def test_what_is_not_recorded_is_not_known(facts: Facts) -> None:
    found = despatches([
        with_event(facts, {"filiera:carrier": None, "filiera:packages": None, "filiera:grossWeightKg": None})
    ])[0]  # fmt: skip
    assert (found.carrier, found.packages, found.gross) == (None, None, None)


def test_a_document_of_another_form_is_its_own_number() -> None:
    assert (document("https://a.example/ddt/7").issuer, document("https://a.example/ddt/7").number) == ("", "7")
    assert document("urn:epcglobal:cbv:bt:9521001000017:7%2FA").number == "7/A"


def test_a_party_has_its_numbers_and_whole_address(facts: Facts) -> None:
    found = parties.party(facts, shipping(facts), party(BUYER))
    assert (found.vat_number, found.tax_code, found.gln) == ("IT00488410010", "00488410010", BUYER)
    assert (found.address.street, found.address.town, found.address.country) == (
        "Via Emilia 1", "48018 Ravenna RA", "IT",
    )  # fmt: skip
    assert found.phone == "+39 0546 555 0101"
    assert list(parties.lacking(found, "name", "vatNumber", *parties.WHOLE_ADDRESS)) == []


def test_a_place_has_its_own_address_and_an_owner(facts: Facts) -> None:
    found = parties.place(facts, shipping(facts), PACKHOUSE)
    assert (found.name, found.kind, found.owner.name, found.gln) == (
        "Magazzino Sole", "packhouse", "Cooperativa Sole", COOP,
    )  # fmt: skip
    assert found.coordinates == ("44.290000", "11.880000")


def test_what_nobody_said_is_named(facts: Facts) -> None:
    found = parties.party(facts, shipping(facts), "https://id.gs1.org/417/9521009000990")
    assert list(parties.lacking(found, "name", "gln", "street", "taxCode")) == ["name", "street", "taxCode"]
    assert list(parties.lacking(parties.place(facts, shipping(facts), "https://a.example/1"), "phone")) == ["phone"]


def test_who_signed_is_known_by_the_log_itself(facts: Facts) -> None:
    nobody = replace(facts, masters=type(facts.masters)([]))
    found = parties.signer(nobody, shipping(facts))
    assert (found.name, found.gln) == ("Cooperativa Sole", COOP)


def test_a_buyer_is_shown_the_tax_code_of_a_company(season: Season) -> None:
    facts = facts_of(season, PALLETS[0], "buyer")
    assert parties.party(facts, shipping(facts), party(BUYER)).tax_code == "00488410010"
