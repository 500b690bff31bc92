"""A lot's journey: what it was made from and what became of it, with kilograms, from one bundle."""

from decimal import Decimal
from typing import Any

from exporters.facts.history import read
from exporters.facts.journey import Journey, code_of, journey
from ledger.audience import buyer, full, public
from ledger.prove import prove
from ledger.readside.named import named
from tests.simulator.paperwork import BUYER, FOREIGN, HARVESTED, LOT, PALLETS, Season, party


def told(season: Season, subject: str = LOT, audience: object = None) -> Journey:
    looking: Any = audience or full()
    naming = named(season.node, full(), looking)
    return journey(read(prove(season.node.source, subject, "both", looking, naming=naming)))


def test_a_lot_stands_between_its_fields_and_its_customers(season: Season) -> None:
    found = told(season)
    stages = {uri: thing.stage for uri, thing in found.things.items()}
    assert stages == {
        **dict.fromkeys(HARVESTED, 0), LOT: 1, **dict.fromkeys(PALLETS, 2), party(BUYER): 3, party(FOREIGN): 3,
    }  # fmt: skip


def test_kilograms_stand_on_every_thing_and_way_that_has_them(season: Season) -> None:
    found = told(season)
    assert [found.things[uri].weight for uri in (*HARVESTED, LOT)] == [Decimal(620), Decimal(380), Decimal(960)]
    weights = {(way.source, way.target): way.weight for way in found.ways}
    assert weights[HARVESTED[0], LOT] == Decimal(620)
    assert weights[LOT, PALLETS[0]] == Decimal(480)


def test_things_are_named_by_their_product_their_lot_and_where_they_began(season: Season) -> None:
    thing = told(season).things[LOT]
    assert (thing.name, thing.code, thing.place, thing.sort) == ("Pomodori", "T-196", "Faenza", "lot")
    assert told(season).things[party(BUYER)].name == "Esperia Distribuzione"


def test_a_unit_brings_its_lot_to_the_customer_once(season: Season) -> None:
    targets = [way.target for way in told(season).ways if way.source == LOT]
    assert targets == list(PALLETS)


def test_a_buyer_sees_the_same_journey_and_the_public_no_names(season: Season) -> None:
    assert told(season, audience=buyer()).things == told(season).things
    assert {thing.name for thing in told(season, audience=public()).things.values()} == {""}


def test_codes_are_what_is_printed() -> None:
    assert code_of("https://id.gs1.org/01/09520001000011/10/P-7") == "P-7"
    assert code_of("urn:x-coop:lot:2026:9") == "9"
