"""What other processes hand in: taken in order, answered once, withdrawn only where nobody began with it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from ledger.store import checkpoints, epochs, inbox
from ledger.store.copy import copy_ledger
from ledger.store.engine import Store
from ledger.store.inbox import Handed
from tests.ledger.store.test_migrations import old_store
from tests.simulator.refusal import refused

MOST = {"most": 10, "most_bytes": 1000}


def id(n: int) -> bytes:
    return n.to_bytes(16, "big")


def put(store: Store, *numbers: int, size: int = 4) -> None:
    for n in numbers:
        with store.begin() as connection:
            inbox.put(connection, Handed(id(n), "submit", bytes(size)))


@pytest.fixture
def epoch(store: Store) -> int:
    with store.begin() as connection:
        return epochs.take(connection, "w")


def take(store: Store, epoch: int, **how: int) -> list[tuple[int, int]]:
    """Number and tries of what is taken."""
    with store.begin() as connection:
        return [(int.from_bytes(row.id, "big"), row.tries) for row in inbox.take(connection, epoch, **{**MOST, **how})]


def settle(store: Store, n: int, *, covers: int = 0, now: int = 0) -> None:
    with store.begin() as connection:
        inbox.settle(connection, id(n), b"answer", covers=covers, now=now)


def test_requests_are_taken_in_the_order_in_which_they_came(store: Store, epoch: int) -> None:
    put(store, 5, 3, 9, 1)
    assert take(store, epoch) == [(5, 1), (3, 1), (9, 1), (1, 1)]
    settle(store, 3)
    assert take(store, epoch) == [(5, 2), (9, 2), (1, 2)]


def test_a_round_is_bounded_by_number_and_size_and_takes_at_least_one(store: Store, epoch: int) -> None:
    put(store, 1, 2, 3, size=40)
    assert take(store, epoch, most=2) == [(1, 1), (2, 1)]
    assert take(store, epoch, most_bytes=80) == [(1, 2), (2, 2)]
    assert take(store, epoch, most_bytes=10) == [(1, 3)]


def test_an_old_writer_takes_nothing(store: Store, epoch: int) -> None:
    put(store, 1)
    with store.begin() as connection:
        epochs.take(connection, "another")
    with refused("fenced"):
        take(store, epoch)
    assert take(store, epoch + 1) == [(1, 1)]


def test_a_request_is_answered_once_and_then_forgotten(store: Store, epoch: int) -> None:
    put(store, 1)
    take(store, epoch)
    settle(store, 1)
    with refused("hand-in-gone"):
        settle(store, 1)
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT request, size FROM inbox").one() == (None, 0)
        assert not inbox.waits(connection)
        assert inbox.unanswered(connection, [id(1)]) == set()


def test_an_answer_counts_when_a_checkpoint_over_it_is_published(store: Store, epoch: int) -> None:
    put(store, 1, 2)
    take(store, epoch)
    settle(store, 1, covers=3)
    settle(store, 2)
    with store.read() as connection:
        assert inbox.answers(connection, [id(1), id(2), id(7)]) == {id(2): b"answer"}
    with store.begin() as connection:
        checkpoints.publish(connection, 2, b"note")
    with store.read() as connection:
        assert id(1) not in inbox.answers(connection, [id(1)])
    with store.begin() as connection:
        checkpoints.publish(connection, 3, b"note")
    with store.read() as connection:
        assert inbox.answers(connection, [id(1)]) == {id(1): b"answer"}


def test_what_nobody_began_with_is_withdrawn_and_never_taken(store: Store, epoch: int) -> None:
    put(store, 1, 2)
    with store.begin() as connection:
        assert inbox.withdraw(connection, id(1)) == "withdrawn"
        assert inbox.withdraw(connection, id(9)) == "withdrawn"
    assert take(store, epoch) == [(2, 1)]
    with refused("hand-in-gone"):
        settle(store, 1)


def test_what_somebody_began_with_stays(store: Store, epoch: int) -> None:
    put(store, 1)
    take(store, epoch)
    with store.begin() as connection:
        assert inbox.withdraw(connection, id(1)) == "taken"
    settle(store, 1)
    with store.begin() as connection:
        assert inbox.withdraw(connection, id(1)) == "taken"


def test_only_so_much_may_wait(store: Store, epoch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST_WAITING", 2)
    put(store, 1, 2)
    with refused("inbox-full", waiting=2):
        put(store, 3)
    take(store, epoch)
    settle(store, 1)
    put(store, 3)
    monkeypatch.setattr(inbox, "MOST_WAITING", 99)
    monkeypatch.setattr(inbox, "MOST_BYTES", 100)
    with refused("inbox-full"):
        put(store, 4, size=93)
    put(store, 4, size=92)


def test_answers_that_nobody_takes_grow_old_and_go(store: Store, epoch: int) -> None:
    put(store, 1, 2, 3)
    settle(store, 1, now=10)
    settle(store, 2, now=20)
    with store.begin() as connection:
        assert inbox.abandoned(connection, before=20) == [id(1)]
        inbox.remove(connection, [id(1)])
    with store.read() as connection:
        assert inbox.abandoned(connection, before=99) == [id(2)]
        assert inbox.waits(connection)


def test_a_copy_of_a_store_has_nothing_that_waits(
    store: Store, epoch: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    put(store, 1)
    with Store.create(str(tmp_path_factory.mktemp("copy") / "store")) as target:
        copy_ledger(store, target)
        with target.read() as connection:
            assert not inbox.waits(connection)
            assert epochs.current(connection)[0] == epoch


def test_an_older_store_gets_its_inbox_from_whichever_server_opens_it_first(location: str) -> None:
    old_store(location)
    with ThreadPoolExecutor(4) as pool:
        for store in [opened.result() for opened in [pool.submit(Store.open, location) for _ in range(4)]]:
            with store.read() as connection:
                assert not inbox.waits(connection)
            store.close()
