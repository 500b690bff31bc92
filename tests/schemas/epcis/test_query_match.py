"""What every parameter of SimpleEventQuery finds, asked of the events themselves."""

import pytest

from schemas.epcis.instant import microseconds
from schemas.epcis.query import narrowed, parse_query, query_from_json
from schemas.epcis.query_match import Known, matches
from tests.simulator.queries import CASES, EVENTS, GTIN, LOT, SSCC_URN, Case, as_captured, shown

RECORDED = microseconds("2026-06-01T00:00:00Z") or 0
MEANT = {"ex": ("https://ns.example.com/epcis/",), "mine": ("https://ns.example.com/epcis#",)}


def found(query: object, events: dict[str, dict[str, object]] = EVENTS) -> set[str]:
    known = {name: Known(RECORDED, str(event.get("eventID", "")), MEANT) for name, event in events.items()}
    return {name for name, event in events.items() if matches(query, as_captured(event), known[name])}  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES, ids=shown)
def test_a_parameter_finds_what_it_names(case: Case) -> None:
    parameters, expected = case
    assert found(parse_query(parameters)) == set(expected)


@pytest.mark.parametrize("case", CASES, ids=shown)
def test_its_json_form_finds_the_same(case: Case) -> None:
    parameters, expected = case
    query = query_from_json(parse_query(parameters).to_json())
    assert query.conditions == parse_query(parameters).conditions
    assert found(query) == set(expected)


def test_the_prefix_that_a_query_explains_is_not_the_events_own() -> None:
    given = parse_query({"EQ_mine:note": ["by road"]}, prefixes={"mine": "https://elsewhere.example/"})
    assert found(given) == set()
    context = {"@context": {"q": "https://ns.example.com/epcis/"}, "EQ_q:note": ["by road"]}
    assert found(query_from_json(context)) == {"shipped"}  # type: ignore[arg-type]


def test_a_top_level_resource_narrows_a_query() -> None:
    everything = parse_query({})
    assert found(narrowed(everything, "epcs", SSCC_URN)) == {"shipped", "received", "packed", "ordered"}
    assert found(narrowed(everything, "epcs", LOT)) == {"harvest", "packed"}
    assert found(narrowed(everything, "epcs", GTIN)) == {"shipped", "packed", "juiced"}
    assert found(narrowed(everything, "bizSteps", "urn:epcglobal:cbv:bizstep:packing")) == {"packed"}
    assert found(narrowed(parse_query({"EQ_action": ["ADD"]}), "eventTypes", "ObjectEvent")) == {"harvest"}
    assert found(narrowed(everything, "dispositions", "active")) == {"harvest"}
