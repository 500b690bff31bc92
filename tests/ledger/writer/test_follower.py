"""What is acknowledged does not wait for the read side, and who asks the read side waits for it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from ledger.capture.document import Document, read_document
from ledger.node import Node
from ledger.readside.rebuild import rebuild
from ledger.store import entries, events, objects, read_side
from ledger.writer import follower, held
from ledger.writer.answers import Captured, Receipt
from ledger.writer.sequencer import Job
from schemas.errors import UnavailableError
from schemas.syntax import json_text
from tests.ledger.readside.test_rebuild import dump
from tests.simulator.phones import Phone, made, observed, opened, unit


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause is long enough to follow in: the read side waits until somebody asks."""
    monkeypatch.setattr(follower, "PAUSE", 3600.0)


@pytest.fixture
def node(location: str, tmp_path: Path, unhurried: None) -> Iterator[Node]:
    with made(location, tmp_path) as node:
        yield node


def behind(node: Node) -> int:
    with node.store.read() as connection:
        return entries.size(connection) - read_side.size(connection)


def sent(phone: Phone, count: int, start: int = 0) -> list[bytes]:
    return [phone.event(observed(unit(f"{n % 7}"), minute=n % 60)) for n in range(start, start + count)]


def document(*said: dict[str, Any]) -> Document:
    return read_document(json_text.write(list(said)), name="arrivals.jsonld")


def unwritable(patch: pytest.MonkeyPatch) -> None:
    """A read side that cannot be written."""

    def failing(*_: Any) -> bool:
        raise UnavailableError("database-failed", problem="test")

    patch.setattr(follower, "follow", failing)
    patch.setattr(follower, "catch_up", failing)


def together(node: Node, *work: Callable[[], Any]) -> None:
    """Run jobs from threads of their own so that all are in one group, in this order."""
    sequencer = node.writer._sequencer
    all_here = threading.Barrier(len(work))
    finish = sequencer.finish

    def finish_together(job: Job[Any]) -> Any:
        all_here.wait()
        return finish(job)

    threads = [threading.Thread(target=each) for each in work]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sequencer, "finish", finish_together)
        for count, thread in enumerate(threads, start=1):
            thread.start()
            while len(sequencer._waiting) < count and count < len(threads):
                sleep(0.001)
        for thread in threads:
            thread.join()


def test_a_signed_entry_is_answered_before_the_read_side_has_it(node: Node) -> None:
    phone = Phone.added(node)
    node.settled()
    assert behind(node) == 0
    answers = node.submit(sent(phone, 5))
    assert all(isinstance(answer, Receipt) for answer in answers)
    assert behind(node) == 5
    with node.store.read() as connection:
        assert objects.entries_of(connection, unit("1")) == []
    node.settled()
    assert behind(node) == 0
    with node.store.read() as connection:
        assert [index for index, _ in objects.entries_of(connection, unit("1"))] == [answers[1].index]  # type: ignore[union-attr]


def test_a_pause_of_capture_is_enough(location: str, tmp_path: Path) -> None:
    with made(location, tmp_path) as node:
        phone = Phone.added(node)
        node.submit(sent(phone, 250))
        for _ in range(12000):
            if behind(node) == 0 and node.writer._pauses._thread is None:
                break
            sleep(0.005)
        assert behind(node) == 0
        assert node.writer._pauses._thread is None
        node.submit(sent(phone, 1, 250))
        for _ in range(12000):
            if behind(node) == 0:
                break
            sleep(0.005)
        assert behind(node) == 0


def test_what_proves_a_lot_asks_for_the_read_side_first(node: Node) -> None:
    phone = Phone.added(node)
    (answer,) = node.submit([phone.event(observed(unit("1")))])
    assert isinstance(answer, Receipt)
    assert behind(node)
    assert node.source.entries_of(unit("1")) == [answer.index]


def test_a_log_that_is_closed_leaves_nothing_to_follow(node: Node, location: str, tmp_path: Path) -> None:
    node.submit(sent(Phone.added(node), 9))
    assert behind(node)
    node.close()
    with opened(location, tmp_path, write=False) as reader:
        assert behind(reader) == 0


def test_what_was_followed_from_memory_is_what_a_rebuild_reads_from_the_store(node: Node) -> None:
    phone, other = Phone.added(node), Phone.added(node)
    node.submit(sent(phone, 20))
    node.capture(document(observed(unit("3"), minute=41), observed(unit("4"), bizStep="shipping")))
    node.submit([*sent(other, 3), *sent(phone, 250, 20)])
    node.settled()
    followed = dump(node.store)
    assert len(followed["event"]) == 275 - sum("event-repeated" in row[2] for row in followed["finding"])
    rebuild(node.store, node.keyring.wrapping_key)
    assert dump(node.store) == followed


def test_memory_holds_no_more_than_it_may(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "MOST_WAITING", 40)
    phone = Phone.added(node)
    for start in range(0, 900, 30):
        node.submit(sent(phone, 30, start))
        assert node.writer.look(lambda log: len(log.backlog.waiting)) <= 40
        assert behind(node) <= 40 + 3
    node.settled()
    assert behind(node) == 0
    with node.store.read() as connection:
        assert len(objects.entries_of(connection, unit("1"))) == sum(n % 7 == 1 for n in range(900))


def test_a_read_side_that_cannot_be_written_stops_no_capture(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone.added(node)
    node.settled()
    monkeypatch.setattr(follower, "MOST_WAITING", 10)
    with monkeypatch.context() as patch:
        unwritable(patch)
        for start in range(0, 60, 20):
            assert all(isinstance(answer, Receipt) for answer in node.submit(sent(phone, 20, start)))
            assert node.writer.look(lambda log: len(log.backlog.waiting)) <= 10
        with pytest.raises(UnavailableError) as refused:
            node.settled()
        assert refused.value.code == "database-failed"
        assert isinstance(node.submit(sent(phone, 1, 60))[0], Receipt)
    assert behind(node) == 61
    node.settled()
    assert behind(node) == 0
    with node.store.read() as connection:
        assert len(list(events.every(connection))) == 61


def test_only_who_asks_the_read_side_is_refused_when_it_cannot_follow(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Phone.added(node)
    node.submit(sent(phone, 1))
    answers: list[Any] = []
    refusals: list[str] = []

    def unsigned() -> None:
        with pytest.raises(UnavailableError) as refused:
            node.capture(document(observed(unit("8"))))
        refusals.append(refused.value.code)

    wires = sent(phone, 2, 1)
    with monkeypatch.context() as patch:
        unwritable(patch)
        together(node, unsigned, lambda: answers.extend(node.submit(wires)))
    assert refusals == ["database-failed"]
    assert [type(answer) for answer in answers] == [Receipt, Receipt]
    assert len(node.capture(document(observed(unit("8"))))) == 1


def test_an_unsigned_event_builds_on_signed_ones_of_its_own_group(node: Node) -> None:
    phone = Phone.added(node)
    wires = sent(phone, 3)
    captured: list[Captured] = []
    signed: list[Any] = []
    together(
        node,
        lambda: signed.extend(node.submit(wires)),
        lambda: captured.extend(node.capture(document(observed(unit("1"), minute=59)))),
    )
    record = node.entry(captured[0].index).record
    assert record is not None
    assert [lot["n"] for lot in record["lots"]] == [1]
    assert len(record["par"]) == 1


def test_one_document_sent_twice_at_once_is_logged_once(node: Node) -> None:
    answers: list[Captured] = []
    said = document(observed(unit("1"), minute=7))
    together(node, *[lambda: answers.extend(node.capture(said)) for _ in range(3)])
    assert len({answer.index for answer in answers}) == 1
    assert sorted(answer.duplicate for answer in answers) == [False, True, True]


# Readers, each a node of its own over the same store, as another process has it.


def test_a_reader_with_the_keys_follows_where_no_writer_does(node: Node, location: str, tmp_path: Path) -> None:
    phone = Phone.added(node)
    node.submit(sent(phone, 250))
    node.submit(sent(phone, 50, 250))
    assert behind(node) >= 300
    with opened(location, tmp_path, write=False) as reader:
        reader.settled()
        assert behind(reader) == 0
        assert len(reader.source.entries_of(unit("1"))) == sum(n % 7 == 1 for n in range(300))
    # The writer, that kept the same entries in memory, finds that they are followed and goes on from there.
    node.submit(sent(phone, 10, 300))
    node.settled()
    assert behind(node) == 0
    followed = dump(node.store)
    rebuild(node.store, node.keyring.wrapping_key)
    assert dump(node.store) == followed


def test_a_reader_waits_for_a_writer_that_follows(node: Node, location: str, tmp_path: Path) -> None:
    node.submit(sent(Phone.added(node), 5))
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            node.settled()

    with opened(location, tmp_path, write=False) as reader:
        held.OfReader(reader.store, reader.keyring.wrapping_key, nap).settled()
    assert len(naps) == 3
    assert behind(node) == 0


def test_a_reader_without_keys_says_how_far_the_answers_are(
    node: Node, location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.settled()
    size = node.registry.size
    node.submit(sent(phone := Phone.added(node), 5))
    monkeypatch.setattr(held, "WAIT", 0.4)
    with Node.open(location, keys=tmp_path / "keys", write=False) as reader:
        with pytest.raises(UnavailableError) as refused:
            reader.settled()
        assert refused.value.code == "read-side-behind"
        assert refused.value.context == {"size": size, "committed": size + 6}
        node.settled()
        reader.settled()
    assert isinstance(node.submit(sent(phone, 1, 5))[0], Receipt)
