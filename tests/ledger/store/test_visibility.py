"""Which events are visible to whom, as the database says it: given, published and own, and that `rebuild` keeps it."""

import pytest

from ledger.audience import Audience, Parties, full, member, nothing, parties, public
from ledger.lots.movement import Movement
from ledger.lots.step import Step
from ledger.readside.derive import Derived
from ledger.readside.refresh import remove, replace, write
from ledger.store import read_side, visibility
from ledger.store.connection import Connection
from ledger.store.engine import Store
from ledger.store.events import EventRow, Said
from ledger.store.objects import ObjectUse
from ledger.store.tables import event, event_party

A, B = "urn:uuid:a", "urn:uuid:b"


def of(iss: str) -> Audience:
    return member(iss, Parties(), given=nothing, published=nothing)


def derived(index: int, iss: str, *uris: str, to: tuple[str, ...] = ()) -> Derived:
    said = Said(parties=to)
    row = EventRow(index, "event", "ObjectEvent", "2026-05-04T09:00:00Z", f"e{index}", None, iss, said)
    return Derived(index, row, Step(index, iss, Movement()), tuple(ObjectUse(uri, index, None, None) for uri in uris))


def seen(connection: Connection, audience: Audience) -> list[int]:
    query = event.select().with_only_columns(event.c.idx).order_by(event.c.idx)
    condition = visibility.visible(audience)
    return list(connection.execute(query if condition is None else query.where(condition)).scalars())


@pytest.fixture
def filled(store: Store) -> Store:
    """Six events: of A about P (0), Q (1), both (2); of B about P (3), Q (4); of A about nothing (5)."""
    with store.begin() as connection:
        rows = [(A, "P"), (A, "Q"), (A, "P", "Q"), (B, "P"), (B, "Q"), (A,)]
        write(connection, [derived(index, iss, *uris) for index, (iss, *uris) in enumerate(rows)])
        read_side.put(connection, len(rows))
    return store


def test_the_operator_sees_everything_a_member_its_own_the_public_nothing(filled: Store) -> None:
    with filled.read() as connection:
        assert seen(connection, full()) == [0, 1, 2, 3, 4, 5]
        assert seen(connection, of(A)) == [0, 1, 2, 5]
        assert seen(connection, of(B)) == [3, 4]
        assert seen(connection, public()) == []


def test_what_names_a_member_as_source_or_destination_is_seen_by_it(filled: Store) -> None:
    own, place = "https://id.gs1.org/417/9521001000017", "https://id.gs1.org/414/9521001000024"
    stranger = "https://id.gs1.org/417/9521002000016"
    named = [(own, 4), (place, 3), (stranger, 0), ("https://id.gs1.org/414/95210010", 1)]
    with filled.begin() as connection:
        connection.execute(event_party.insert(), [{"uri": uri, "idx": index} for uri, index in named])
        for names, expected in (
            (Parties(frozenset({own})), [0, 1, 2, 4, 5]),
            (Parties(frozenset(), ("https://id.gs1.org/414/9521001000",)), [0, 1, 2, 3, 5]),
            (parties(A, "9521001000017", ["9521001"]), [0, 1, 2, 3, 4, 5]),
        ):
            assert seen(connection, member(A, names, given=nothing, published=nothing)) == expected
            assert seen(connection, member(B, Parties(), given=nothing, published=nothing)) == [3, 4]


def test_what_was_given_is_seen_by_the_one_it_was_given_to(filled: Store) -> None:
    with filled.begin() as connection:
        visibility.give(connection, B, [2, 0, 2])
        visibility.give(connection, B, [0])
        assert seen(connection, of(B)) == [0, 2, 3, 4]
        assert seen(connection, of(A)) == [0, 1, 2, 5]
        assert visibility.was_given(connection, B, 2)
        assert not visibility.was_given(connection, B, 1)


def test_a_published_lot_shows_its_members_events_and_a_withdrawn_one_none(filled: Store) -> None:
    with filled.begin() as connection:
        assert visibility.publish(connection, "P", A, 10) == 2
        assert visibility.publish(connection, "P", A, 20) == 2
        assert seen(connection, public()) == [0, 2]
        assert visibility.publications(connection) == [("P", A, 10)]
        assert visibility.was_published(connection, 2)
        assert visibility.withdraw(connection, "P", A)
        assert not visibility.withdraw(connection, "P", A)
        assert seen(connection, public()) == []


def test_an_event_about_two_lots_stays_published_while_one_of_them_is(filled: Store) -> None:
    with filled.begin() as connection:
        visibility.publish(connection, "P", A, 10)
        visibility.publish(connection, "Q", A, 11)
        assert visibility.publications(connection, A) == [("P", A, 10), ("Q", A, 11)]
        assert visibility.publications(connection, B) == []
        visibility.withdraw(connection, "P", A)
        assert seen(connection, public()) == [1, 2]


def test_publishing_a_lot_nobody_has_recorded_waits_for_its_events(filled: Store) -> None:
    with filled.begin() as connection:
        assert visibility.publish(connection, "R", A, 10) == 0
        write(connection, [derived(6, A, "R"), derived(7, B, "R"), derived(8, A, "S", "R")])
        assert seen(connection, public()) == [6, 8]


def test_an_event_that_is_taken_out_and_made_again_is_published_again(filled: Store) -> None:
    with filled.begin() as connection:
        read_side.put(connection, 6)
        visibility.publish(connection, "P", A, 10)
        remove(connection, [0])
        assert not visibility.was_published(connection, 0)
        replace(connection, [0], lambda index: derived(index, A, "P"))
        assert visibility.was_published(connection, 0)


def test_a_member_sees_what_names_it_as_source_or_destination(filled: Store) -> None:
    named = parties(B, "9521001000017", ["9521001"])
    audience = member(B, named, given=nothing, published=nothing)
    ends = [
        ("https://id.gs1.org/417/9521001000017",),
        ("https://id.gs1.org/414/9521001000017/254/GATE",),
        ("https://id.gs1.org/414/9521001000024", "https://elsewhere.example"),
        ("https://id.gs1.org/414/9521002000016",),
        (B,),
    ]
    with filled.begin() as connection:
        write(connection, [derived(6 + at, A, to=to) for at, to in enumerate(ends)])
        assert seen(connection, audience) == [3, 4, 6, 7, 8, 10]
        assert [named.name(uri) for uris in ends for uri in uris] == [True, True, True, False, False, True]


STEM = "https://id.gs1.org/01/"


def test_each_class_of_published_lots_is_found_once_in_the_order_of_code_points(store: Store) -> None:
    lots = [f"{STEM}{gtin}/10/{code}" for gtin in ("09521001001014", "09521001002011") for code in ("b", "A", "Z")]
    with store.begin() as connection:
        for iss, uri in [(A, uri) for uri in lots] + [(B, lots[0]), (A, "https://id.gs1.org/00/1"), (A, "urn:x:y")]:
            visibility.publish(connection, uri, iss, 0)
        assert visibility.published_firsts(connection, STEM, 14, 10) == [lots[1], lots[4]]
        assert visibility.published_firsts(connection, STEM, 14, 1) == [lots[1]]
        assert visibility.published_firsts(connection, f"{STEM}09521001002011/", 0, 1) == [lots[4]]
        assert visibility.published_firsts(connection, f"{STEM}09521001003018/", 0, 1) == []
        assert visibility.publishers(connection, lots[0]) == [A, B]
        around = visibility.published_around(connection, f"{STEM}09521001001014/10/M", 1)
        assert around == [lots[1], lots[2]]
        assert visibility.publishes(connection, B)
        assert not visibility.publishes(connection, "urn:uuid:c")


def test_which_of_some_entries_are_published(filled: Store) -> None:
    with filled.begin() as connection:
        visibility.publish(connection, "P", A, 0)
        assert visibility.published_of(connection, [0, 1, 2, 3]) == (0, 2)
        assert visibility.published_of(connection, []) == ()
