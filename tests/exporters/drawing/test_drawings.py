"""Drawings say what their facts say, in plain SVG that harms nobody."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from lxml import etree

from exporters.drawing.genealogy import MOST_IN_COLUMN, genealogy
from exporters.drawing.map import Mark, italy
from exporters.facts.journey import Journey, Thing, Way

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "title", "rect", "text", "path", "polygon", "circle"}


def thing(name: str, stage: int, **more: object) -> Thing:
    return replace(Thing(f"urn:x:{name}", "lot", name, name, "Faenza", None, Decimal(10), stage), **more)  # type: ignore[arg-type]


def journey(*things: Thing, ways: tuple[Way, ...] = ()) -> Journey:
    return Journey(things[0].uri, {each.uri: each for each in things}, ways)


def texts(drawn: str) -> list[str]:
    root = etree.fromstring(drawn.encode())
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= ALLOWED
    return [each.text for each in root.iter(SVG + "text")]


def test_everything_and_every_weight_is_drawn() -> None:
    one, other = thing("A", 0, weight=Decimal("1250.5")), thing("B", 1)
    drawn = genealogy(journey(one, other, ways=(Way(one.uri, other.uri, None, Decimal("1250.5")),)), "it")
    found = texts(drawn)
    assert {"A", "B", "1.250,5 kg"} <= set(found)
    assert genealogy(journey(one, other), "it") == genealogy(journey(one, other), "it")


def test_a_crowded_column_says_how_many_more_there_are_and_keeps_the_subject() -> None:
    many = [thing(f"L{number}", 0, weight=Decimal(number)) for number in range(MOST_IN_COLUMN + 5)]
    found = texts(genealogy(journey(*many), "en"))
    assert "and 5 more" in found
    assert "L0" in found


def test_a_long_chain_and_a_circle_are_drawn_too() -> None:
    chain = [thing(f"L{number}", number) for number in range(40)]
    ways = tuple(Way(one.uri, other.uri, None, None) for one, other in pairwise(chain))
    assert texts(genealogy(journey(*chain, ways=(*ways, Way(chain[-1].uri, chain[0].uri, None, None))), "it"))


def test_hostile_names_are_only_text() -> None:
    found = texts(genealogy(journey(thing('<script>"&', 0)), "it"))
    assert '<script>"&' in found


def test_towns_are_marked_at_their_province_and_named_together() -> None:
    found = texts(italy([Mark("Faenza", "RA", "made"), Mark("Brisighella", "RA", "origin")], "it"))
    assert found == ["Brisighella, Faenza"]
    drawn = italy([Mark("Faenza", "RA", "made")], "it")
    assert drawn == italy([Mark("Lugo", "RA", "made")], "it").replace("Lugo", "Faenza")


def test_what_is_abroad_is_named_below() -> None:
    assert texts(italy([Mark("Elizabeth", "NJ", "sent")], "en")) == ["Elizabeth"]
