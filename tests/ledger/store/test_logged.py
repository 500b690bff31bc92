"""The times at which the log took its groups rise, whatever the clock does."""

from ledger.store import logged
from ledger.store.engine import Store


def test_times_rise_strictly_even_when_the_clock_goes_back(store: Store) -> None:
    with store.begin() as connection:
        for start, now in [(0, 100.0), (3, 100.0), (4, 50.0), (9, 101.0)]:
            logged.put(connection, start, now)
    with store.read() as connection:
        found = logged.times(connection, [0, 1, 3, 4, 8, 9, 500])
        assert list(found.values()) == [
            100_000_000,
            100_000_000,
            100_000_001,
            100_000_002,
            100_000_002,
            101_000_000,
            101_000_000,
        ]
        places = [logged.index_at(connection, at) for at in (0, 100_000_000, 100_000_001, 100_000_003, 101_000_001)]
        assert places == [0, 0, 3, 9, None]


def test_what_was_logged_before_times_were_noted_has_none(store: Store) -> None:
    with store.begin() as connection:
        assert logged.times(connection, [0]) == {}
        assert logged.index_at(connection, 0) is None
        logged.put(connection, 7, 100.0)
        assert logged.times(connection, [6, 7]) == {7: 100_000_000}
