"""Standing queries as they are kept: who holds one, and how its place moves; the same on both databases."""

from collections.abc import Sequence
from dataclasses import replace

from ledger.store import subscriptions
from ledger.store.engine import Store
from ledger.store.subscriptions import Subscription

SECOND = 1_000_000


def made(id: str, **other: object) -> Subscription:
    item = Subscription(
        id=id,
        member="urn:uuid:1",
        query="shipped",
        owner="erp",
        push=True,
        scheduled=False,
        options="{}",
        sealed=b"\x00sealed",
        created=5,
        place=3,
        min_time=5,
        due=5,
        batch=100,
    )
    return replace(item, **other)  # type: ignore[arg-type]


def keep(store: Store, *items: Subscription) -> None:
    with store.begin() as connection:
        for item in items:
            assert subscriptions.add(connection, item)


def claimed(store: Store, now: int, *, size: int = 10, server: str = "one") -> Subscription | None:
    with store.begin() as connection:
        return subscriptions.claim(connection, now=now, size=size, server=server, lease=SECOND)


def name(item: Subscription | None) -> str | None:
    return item.id if item else None


def listed(store: Store, member: str = "urn:uuid:1", query: str = "shipped") -> Sequence[Subscription]:
    with store.read() as connection:
        return subscriptions.listing(connection, member, query, after=None, limit=100)


def test_what_is_kept_comes_back_as_it_was_and_an_id_is_taken_once(store: Store) -> None:
    item = made("a", initial=-7, notified=9, problem="{}", given_up=True, options='{"reportIfEmpty":true}')
    keep(store, item)
    with store.begin() as connection:
        assert subscriptions.get(connection, item.member, item.query, "a") == item
        assert not subscriptions.add(connection, item)
        assert subscriptions.add(connection, replace(item, query="packed"))
        assert subscriptions.add(connection, replace(item, member="urn:uuid:2"))
        assert subscriptions.get(connection, item.member, item.query, "b") is None


def test_a_query_lists_its_own_subscriptions_by_id_in_pages(store: Store) -> None:
    keep(store, *(made(id) for id in ("b", "B", "a", "é", "_")), made("x", query="packed"), made("y", member=""))
    assert [item.id for item in listed(store)] == ["B", "_", "a", "b", "é"]
    with store.read() as connection:
        page = subscriptions.listing(connection, "urn:uuid:1", "shipped", after="_", limit=2)
    assert [item.id for item in page] == ["a", "b"]


def test_the_one_due_longest_is_taken_and_by_one_server_only(store: Store) -> None:
    keep(store, made("b", due=7), made("a", due=6), made("later", due=20))
    assert [name(claimed(store, 10, server=server)) for server in ("one", "two", "one")] == ["a", "b", None]
    assert name(claimed(store, 20)) == "later"


def test_a_stream_is_due_when_the_log_goes_beyond_its_place_and_a_schedule_when_its_time_comes(store: Store) -> None:
    keep(store, made("stream", place=10), made("schedule", place=10, scheduled=True, due=30))
    assert claimed(store, 29, size=10) is None
    assert name(claimed(store, 29, size=11)) == "stream"
    assert name(claimed(store, 30, size=10)) == "schedule"


def test_what_does_not_push_or_was_given_up_is_never_taken(store: Store) -> None:
    keep(store, made("socket", push=False), made("gone", given_up=True))
    assert claimed(store, 100) is None


def test_a_hold_that_ran_out_is_free_and_whoever_lost_it_moves_nothing(store: Store) -> None:
    keep(store, made("a"))
    first = claimed(store, 10)
    assert first
    assert claimed(store, 9 + SECOND, server="two") is None
    second = claimed(store, 10 + SECOND, server="two")
    assert second
    with store.begin() as connection:
        assert not subscriptions.advance(connection, first, place=9, min_time=9, notified=9, batch=1)
        assert not subscriptions.fail(connection, first, due=9, problem="{}", given_up=True, batch=1)
        assert not subscriptions.release(connection, first, due=9)
        assert subscriptions.hold(connection, first, now=11 + SECOND, server="one", lease=SECOND) is None
    assert listed(store) == [second]


def test_the_place_moves_with_what_was_taken_and_failures_are_forgotten(store: Store) -> None:
    keep(store, made("a", failures=3, problem="{}"))
    item = claimed(store, 10)
    assert item
    with store.begin() as connection:
        assert subscriptions.advance(connection, item, place=7, min_time=70, notified=11, batch=50)
        assert subscriptions.advance(connection, item, place=8, min_time=80, notified=None, batch=50)
        assert subscriptions.release(connection, item, due=40)
    (found,) = listed(store)
    assert found == made("a", place=8, min_time=80, notified=11, batch=50, due=40)


def test_a_failure_is_counted_and_waits_and_the_place_stays(store: Store) -> None:
    keep(store, made("a"))
    for failures in (1, 2):
        item = claimed(store, 10 * failures)
        assert item
        with store.begin() as connection:
            assert subscriptions.fail(connection, item, due=20, problem='{"code":"x"}', given_up=False, batch=100)
        (found,) = listed(store)
        assert (found.failures, found.place, found.due, found.claim) == (failures, 3, 20, None)
    assert claimed(store, 19) is None


def test_holding_on_keeps_others_away_for_longer(store: Store) -> None:
    keep(store, made("a"))
    item = claimed(store, 10)
    assert item
    with store.begin() as connection:
        assert subscriptions.hold(connection, item, now=500_000, server="one", lease=SECOND)
    assert claimed(store, 10 + SECOND, server="two") is None
    assert name(claimed(store, 500_000 + SECOND, server="two")) == "a"


def test_what_is_taken_over_is_lost_to_whoever_held_it(store: Store) -> None:
    keep(store, made("a"))
    first = claimed(store, 10)
    assert first
    with store.begin() as connection:
        second = subscriptions.hold(connection, first, now=11, server="two", lease=SECOND, over=True)
        assert second
        assert not subscriptions.advance(connection, first, place=9, min_time=9, notified=9, batch=1)
        assert not subscriptions.release(connection, first, due=9)
        assert subscriptions.advance(connection, second, place=4, min_time=9, notified=9, batch=1)


def test_when_every_holder_is_gone_all_are_free(store: Store) -> None:
    keep(store, made("a"), made("b", push=False, claim="one", claimed_until=SECOND))
    assert name(claimed(store, 10)) == "a"
    with store.begin() as connection:
        subscriptions.release_all(connection)
        assert subscriptions.count(connection, "urn:uuid:1") == 2
        assert subscriptions.count(connection, "urn:uuid:2") == 0
    assert [item.claim for item in listed(store)] == [None, None]
    assert name(claimed(store, 10, server="two")) == "a"


def test_what_was_taken_away_is_gone_also_for_whoever_holds_it(store: Store) -> None:
    keep(store, made("a"), made("b"), made("c", query="packed", due=6))
    item = claimed(store, 10)
    assert item
    with store.begin() as connection:
        assert subscriptions.remove(connection, item.member, item.query, "a")
        assert not subscriptions.remove(connection, item.member, item.query, "a")
        assert not subscriptions.advance(connection, item, place=9, min_time=9, notified=9, batch=1)
        assert subscriptions.remove_of_query(connection, item.member, item.query) == 1
    assert [item.id for item in listed(store, query="packed")] == ["c"]
    assert listed(store) == []


def test_asking_whether_one_is_due_takes_none(store: Store) -> None:
    keep(store, made("a", due=50, scheduled=True), made("done", place=10, due=1), made("socket", push=False))
    with store.read() as connection:
        asked = [
            subscriptions.is_due(connection, now=now, size=size)
            for now, size in ((49, 10), (50, 10), (49, 11), (0, 11))
        ]
    assert asked == [False, True, True, False]
    assert name(claimed(store, 50)) == "a"
