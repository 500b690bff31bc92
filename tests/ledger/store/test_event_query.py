"""Queries answered from the tables, on both databases, with the answers that the events themselves give."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from ledger.audience import Audience, full, member, nothing, parties, public
from ledger.store import query_search, query_sieve
from ledger.store.engine import Store
from ledger.store.event_query import Found, find, resources
from ledger.store.query_place import read_place
from ledger.store.query_sieve import MOST_MEANINGS
from ledger.store.tables import published_event
from schemas.epcis.instant import microseconds, written
from schemas.epcis.query import Resource, parse_query
from schemas.errors import InputError
from tests.ledger.store.indexed import kept
from tests.simulator.queries import (
    CASES,
    EVENTS,
    FARM,
    GRAI,
    GTIN,
    ITEM,
    LOT,
    PARTY,
    SSCC,
    Case,
    event,
    number,
    shown,
)

NS = "https://ns.example.com/epcis#InspectionEvent"
RECORDED = (microseconds("2026-06-01T00:00:00Z") or 0) // 1_000_000
NAMES = list(EVENTS)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Every event of the cases in a store, with other entries between them."""
    sqlite = request.param == "sqlite"
    folder: Path = tmp_path_factory.mktemp("told") / "store"
    location = str(folder) if sqlite else str(request.getfixturevalue("module_postgres_url"))
    with Store.create(location) as store:
        kept(store, EVENTS.values(), now=RECORDED)
        yield store


def names(found: Found) -> list[str]:
    return [NAMES[index // 2] for index in found.indexes]


@pytest.mark.parametrize("case", CASES, ids=shown)
def test_a_parameter_finds_what_it_names(told: Store, case: Case) -> None:
    parameters, expected = case
    with told.read() as connection:
        found = find(connection, parse_query(parameters), seen_by=full(), limit=100)
    assert found.next is None
    assert sorted(names(found)) == sorted(expected)


def pages(
    store: Store, parameters: dict[str, list[str]], limit: int, seen_by: Audience | None = None
) -> list[list[str]]:
    found, place = [], None
    with store.read() as connection:
        while True:
            asked = parse_query(parameters)
            page = find(connection, asked, seen_by=seen_by or full(), after=place, limit=limit)
            found.append(names(page))
            if page.next is None:
                return found
            place = read_place(page.next.to_json())


def flat(found: list[list[str]]) -> list[str]:
    return list(chain.from_iterable(found))


def test_without_an_order_events_come_as_they_were_logged(told: Store) -> None:
    assert pages(told, {}, 4) == [NAMES[0:4], NAMES[4:8], NAMES[8:10]]


def test_events_come_in_the_order_of_their_time_and_the_newest_first_if_nothing_is_said(told: Store) -> None:
    newest = [
        "received",
        "extended",
        "measured",
        "fitted",
        "ordered",
        "juiced",
        "packed",
        "wrong",
        "shipped",
        "harvest",
    ]
    assert flat(pages(told, {"orderBy": ["eventTime"]}, 3)) == newest
    oldest = {"orderBy": ["eventTime"], "orderDirection": ["ASC"]}
    # Of two events of one time the one that was logged first comes first.
    assert flat(pages(told, oldest, 3)) == newest[::-1]


def test_the_order_by_record_time_is_the_order_of_the_log(told: Store) -> None:
    assert flat(pages(told, {"orderBy": ["recordTime"]}, 7)) == NAMES[::-1]


@pytest.fixture
def scored(store: Store) -> Store:
    """Eight events, of which some have one score, one has two, and one has it as a text."""
    scores = [number("3"), None, number("-1.5"), [number("2"), number("9")], number("10"), None, "a", number("2")]
    told = [
        event("ObjectEvent", hour, action="OBSERVE", epcList=[SSCC], **({"ex:score": score} if score else {}))
        for hour, score in enumerate(scores)
    ]
    kept(store, told, now=RECORDED)
    return store


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_events_are_ordered_by_an_extension_field_and_those_without_it_come_last(scored: Store, limit: int) -> None:
    def order(direction: str, **more: list[str]) -> list[int]:
        found, place = [], None
        query = parse_query({"orderBy": ["ex:score"], "orderDirection": [direction], **more})
        with scored.read() as connection:
            while True:
                page = find(connection, query, seen_by=full(), after=place, limit=limit)
                found += [index // 2 for index in page.indexes]
                if page.next is None:
                    return found
                place = page.next

    # A text comes before every number; an event with two values stands at its first.
    assert order("ASC") == [6, 2, 3, 7, 0, 4, 1, 5]
    assert order("DESC") == [4, 3, 0, 7, 2, 6, 5, 1]
    assert order("ASC", eventCountLimit=["4"]) == [6, 2, 3, 7]
    assert order("DESC", eventCountLimit=["7"]) == [4, 3, 0, 7, 2, 6, 5]


def test_a_prefix_that_means_two_things_orders_nothing(store: Store) -> None:
    other = {"@context": {"ex": "https://other.example.com/"}}
    told = [event("ObjectEvent", 0, **{"ex:a": "1"}), event("ObjectEvent", 1, **{"ex:a": "2"}, **other)]
    kept(store, told, now=RECORDED)
    with store.read() as connection:
        with pytest.raises(InputError, match="query-prefix-ambiguous"):
            find(connection, parse_query({"orderBy": ["ex:a"]}), seen_by=full())
        whole = parse_query({"orderBy": ["https://other.example.com/a"]})
        assert find(connection, whole, seen_by=full()).indexes == (2, 0)


def test_a_prefix_that_means_too_many_things_is_refused(store: Store) -> None:
    contexts = [{"ex": f"https://{number}.example/"} for number in range(MOST_MEANINGS + 1)]
    told = [event("ObjectEvent", 0, **{"@context": context, "ex:a": "1"}) for context in contexts]
    kept(store, told[:-1], now=RECORDED)
    with store.read() as connection:
        query = parse_query({"EQ_ex:a": ["1"]})
        assert len(find(connection, query, seen_by=full(), limit=100).indexes) == MOST_MEANINGS
    kept(store, told[-1:], now=RECORDED + 100, start=2 * MOST_MEANINGS)
    with store.read() as connection:
        with pytest.raises(InputError, match="query-prefix-ambiguous"):
            find(connection, query, seen_by=full())
        explained = parse_query({"EQ_ex:a": ["1"]}, prefixes={"ex": "https://7.example/"})
        assert find(connection, explained, seen_by=full()).indexes == (14,)


def test_only_the_first_events_are_answered_where_the_query_says_so(told: Store) -> None:
    parameters = {"orderBy": ["eventTime"], "eventCountLimit": ["3"]}
    assert pages(told, parameters, 2) == [["received", "extended"], ["measured"]]
    assert pages(told, parameters, 10) == [["received", "extended", "measured"]]


def test_more_events_than_the_query_allows_are_an_error(told: Store) -> None:
    with told.read() as connection:
        for parameters in ({}, {"EQ_action": ["OBSERVE|ADD|DELETE"]}):
            count = len(find(connection, parse_query(parameters), seen_by=full(), limit=100).indexes)
            enough = parse_query({**parameters, "maxEventCount": [str(count)]})
            assert len(find(connection, enough, seen_by=full(), limit=100).indexes) == count
            with pytest.raises(InputError) as refused:
                find(
                    connection, parse_query({**parameters, "maxEventCount": [str(count - 1)]}), seen_by=full(), limit=2
                )
            assert (refused.value.code, refused.value.context["limit"]) == ("query-too-large", count - 1)


@pytest.mark.parametrize(
    "parameters", [{}, {"orderBy": ["eventTime"]}, {"orderBy": ["recordTime"]}, {"EQ_action": ["OBSERVE"]}]
)
def test_what_is_captured_between_two_pages_changes_neither(store: Store, parameters: dict[str, list[str]]) -> None:
    kept(store, list(EVENTS.values())[:6], now=RECORDED)
    query = parse_query(parameters)
    with store.read() as connection:
        whole = find(connection, query, seen_by=full(), limit=100).indexes
        first = find(connection, query, seen_by=full(), limit=2)
    kept(store, list(EVENTS.values()), now=RECORDED + 100, start=12)
    found, place = list(first.indexes), first.next
    with store.read() as connection:
        while place is not None:
            page = find(connection, query, seen_by=full(), after=place, limit=2)
            found += page.indexes
            place = page.next
    assert tuple(found) == whole


def test_record_times_are_places_in_the_log(told: Store) -> None:
    for at, name in enumerate(NAMES):
        second = written((RECORDED + at) * 1_000_000)
        assert pages(told, {"GE_recordTime": [second]}, 100) == [NAMES[at:]], name
        assert pages(told, {"LT_recordTime": [second]}, 100) == [NAMES[:at]]


def test_a_member_finds_what_it_may_see(store: Store) -> None:
    kept(store, list(EVENTS.values())[:3], now=RECORDED, member="urn:uuid:a")
    kept(store, list(EVENTS.values())[3:], now=RECORDED + 100, member="urn:uuid:b", start=6)
    named = parties("urn:uuid:b", None, ["9521234"])
    b = member("urn:uuid:b", named, given=nothing, published=nothing)
    assert sorted(flat(pages(store, {}, 2, b))) == sorted(["shipped", *NAMES[3:]])
    assert pages(store, {"EQ_bizStep": ["receiving"]}, 2, b) == [[]]
    assert pages(store, {"EQ_source_owning_party": [PARTY]}, 2, b) == [["shipped"]]
    assert pages(store, {"orderBy": ["eventTime"]}, 100, b)[0][0] == "extended"
    assert pages(store, {}, 2, public()) == [[]]


def test_who_sees_a_part_of_an_event_cannot_ask_about_the_rest(store: Store) -> None:
    kept(store, EVENTS.values(), now=RECORDED)
    with store.begin() as connection:
        for name in ("harvest", "shipped", "measured"):
            connection.execute(published_event.insert().values(idx=NAMES.index(name) * 2))

    def seen(**parameters: str) -> list[str]:
        return flat(pages(store, {name: [value] for name, value in parameters.items()}, 10, public()))

    assert seen() == ["harvest", "shipped", "measured"]
    assert seen(EQ_bizStep="shipping") == ["shipped"]
    assert seen(MATCH_epc=SSCC) == ["shipped"]
    assert seen(GE_quantity="1") == ["harvest"]
    assert seen(**{"EQ_ILMD_cbvmda:lotNumber": "0123"}) == ["harvest"]
    hidden = {"EQ_readPoint": FARM, "EQ_bizTransaction_po": "https://erp.example/po/7", "EQ_type": "Temperature"}
    hidden |= {"EQ_ex:note": "by road", "EXISTS_ILMD_ex:grower": "", "EQ_eventID": "ni:///sha-256;aa?ver=CBV2.0"}
    for name, value in hidden.items():
        assert seen(**{name: value}) == []
    assert seen(orderBy="ex:note") == ["harvest", "shipped", "measured"]


def test_resources_are_what_visible_events_speak_of(told: Store) -> None:
    with told.read() as connection:

        def listed(kind: Resource, after: str = "", limit: int = 100) -> list[str]:
            return resources(connection, kind, seen_by=full(), after=after, limit=limit)

        steps = [
            "commissioning",
            "decommissioning",
            "https://steps.example/juicing",
            "packing",
            "receiving",
            "removing",
        ]
        steps += ["sensor_reporting", "shipping"]
        assert listed("bizSteps") == steps
        assert listed("bizSteps", limit=3) == steps[:3]
        assert listed("bizSteps", after=steps[2], limit=3) == steps[3:6]
        assert listed("dispositions") == [
            "active",
            "https://states.example/dispositions/odd",
            "in_progress",
            "in_transit",
        ]
        assert listed("eventTypes")[1:] == [
            "AssociationEvent",
            "ObjectEvent",
            "TransactionEvent",
            "TransformationEvent",
            NS,
        ]
        assert listed("bizLocations") == [FARM, "https://id.gs1.org/414/9521234000037"]
        assert listed("readPoints")[0] == "https://farm.example/gate"
        epcs = listed("epcs")
        assert epcs == sorted(epcs)
        assert {SSCC, ITEM, LOT, GTIN, GRAI} <= set(epcs)
        assert listed("epcs", after=epcs[3], limit=2) == epcs[4:6]
        assert resources(connection, "bizSteps", seen_by=public()) == []
        assert resources(connection, "bizLocations", seen_by=public()) == []


@pytest.mark.parametrize(
    "tree",
    [
        [], None, {}, "x", [1, 2, 3], [5, 0, 0, -1, 0, -1], [5, 0, 0, 5, 0, -1, ""], [5, 4, 0, 1, 0, -1, ""],
        [5, -1, 0, 1, 0, -1, ""], [-1, 0, 0, -2, 0, -1, ""], [5, 0, 0, 1, 0, -1, "x"], [5, 0, 0, 1, 0, -1, 7],
        [5, 0, 0, 1, 2**64, -1, ""], [5, 0, 0, True, 0, -1, ""], [5, 0, 0, 1, 0, -2, ""], [5, 0, 0, 1.5, 0, -1, ""],
    ],
)  # fmt: skip
def test_what_is_no_place_is_refused(tree: object) -> None:
    with pytest.raises(InputError, match="page-place"):
        read_place(tree)


def test_queries_as_large_as_they_may_be_are_answered(told: Store) -> None:
    exact = "|".join([SSCC, *(f"https://any.example/{number}" for number in range(900))])
    patterns = "|".join(["urn:epc:idpat:sscc:9521234.*", *(f"urn:epc:idpat:sscc:95212{n:02}.*" for n in range(9))])
    assert sorted(flat(pages(told, {"MATCH_epc": [exact]}, 100))) == ["ordered", "received", "shipped"]
    assert sorted(flat(pages(told, {"MATCH_epc": [patterns]}, 100))) == ["ordered", "received", "shipped"]
    within = "|".join([FARM, *(f"https://any.example/{number}" for number in range(199))])
    assert sorted(flat(pages(told, {"WD_readPoint": [within]}, 100))) == ["harvest", "measured", "shipped"]
    many = {f"EQ_ex:field{number}": ["x|1|2026-05-01T00:00:00Z"] for number in range(99)}
    assert flat(pages(told, many, 100)) == []


def test_so_they_are_where_every_condition_is_met_by_many(told: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_search, "FEW", 0)
    monkeypatch.setattr(query_sieve, "MOST_VALUES", 0)
    test_queries_as_large_as_they_may_be_are_answered(told)
