"""Genealogies in swim lanes: whose is in whose lane, what was made right of what it was made of, told or counted."""

import pytest
from lxml import etree

from api.verbs.export_bundle import export_bundle
from exporters.drawing import lanes as drawing
from exporters.drawing.lanes import lanes, spotted
from exporters.facts.history import Facts, read
from exporters.facts.journey import Journey, journey
from ledger.audience import full
from ledger.readside.named import named
from tests.simulator.paperwork import LOT, Season


@pytest.fixture(scope="module")
def facts(season: Season) -> Facts:
    naming = named(season.node, full(), full())
    return read(export_bundle(season.node, LOT, direction="both", audience=full(), naming=naming))


@pytest.fixture(scope="module")
def told(facts: Facts) -> Journey:
    return journey(facts)


def test_everything_stands_once_in_the_lane_of_whose_it_is(facts: Facts, told: Journey) -> None:
    lanes_of = {spot.thing.uri: spot.lane for spot in spotted(facts, told)}
    assert lanes_of.keys() == told.things.keys()
    assert lanes_of[LOT] == "Cooperativa Sole"
    customers = {lanes_of[uri] for uri, thing in told.things.items() if thing.sort == "customer"}
    assert customers == {thing.name for thing in told.things.values() if thing.sort == "customer"}
    places = [(spot.lane, spot.column, spot.row) for spot in spotted(facts, told)]
    assert len(set(places)) == len(places)


def test_what_came_of_something_stands_right_of_it(facts: Facts, told: Journey) -> None:
    columns = {spot.thing.uri: spot.column for spot in spotted(facts, told)}
    assert told.ways
    assert all(columns[way.source] < columns[way.target] for way in told.ways)


def test_the_drawing_says_names_days_and_kilograms_and_leads_on(facts: Facts, told: Journey) -> None:
    root = etree.fromstring(lanes(facts, told, "it", lambda thing: f"/lotti?lot={thing.code}&x=<").encode())
    said = " ".join(root.itertext())
    for text in ("Cooperativa Sole", "14/07/2026", "620 kg", "480 kg", "T-196"):
        assert text in said
    links = root.findall(".//{*}a")
    assert len(links) == sum(thing.sort != "customer" for thing in told.things.values())
    assert root.get("role") == "group"
    assert etree.fromstring(lanes(facts, told, "en").encode()).get("role") == "img"


def test_what_does_not_fit_is_counted_and_the_subject_stays(
    facts: Facts, told: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "MOST", 2)
    assert LOT in {spot.thing.uri for spot in spotted(facts, told)}
    assert str(len(told.things) - 2) in " ".join(etree.fromstring(lanes(facts, told, "it").encode()).itertext())
