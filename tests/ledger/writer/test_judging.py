"""Lots are judged in the pauses of capture, which waits for none of it; who asks waits for what is left."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from ledger.lots.findings import rules
from ledger.node import Node
from ledger.readside import judging
from ledger.store import judged, lot_findings
from ledger.writer import follower
from ledger.writer.answers import Receipt
from schemas.syntax.json_text import Number
from tests.simulator.phones import Phone, made, opened
from tests.simulator.tale import lot

A, B = lot("A"), lot("B")


def told(phone: Phone, uri: str, *, shipped: int) -> list[bytes]:
    """Ten kilograms are made, and so many are shipped."""
    events = [("ADD", "commissioning", 10, 1), ("OBSERVE", "shipping", shipped, 2)]
    return [
        phone.event(
            {
                "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
                "type": "ObjectEvent",
                "action": action,
                "bizStep": step,
                "eventTime": f"2026-07-01T08:0{minute}:00Z",
                "eventTimeZoneOffset": "+02:00",
                "quantityList": [{"epcClass": uri, "quantity": Number(str(amount)), "uom": "KGM"}],
            }
        )
        for action, step, amount, minute in events
    ]


def logged(node: Node, wires: list[bytes]) -> None:
    assert all(isinstance(answer, Receipt) for answer in node.submit(wires))


def is_judged(node: Node) -> bool:
    with node.store.read() as connection:
        return judged.settled(connection)


def found(node: Node) -> list[tuple[str, str]]:
    with node.store.read() as connection:
        page = lot_findings.page(connection, limit=9, at=0, days=7, recording=())
    return [(each.code, each.subject) for _, each, _ in page]


def soon(done: Callable[[], bool]) -> None:
    for _ in range(4000):
        if done():
            return
        sleep(0.005)
    raise AssertionError("it does not happen")


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Judging waits, once it begins (first event), until it is let go (second)."""
    begun, let_go = threading.Event(), threading.Event()
    judge = rules.judge

    def waiting(case: Any) -> Any:
        begun.set()
        assert let_go.wait(60)
        return judge(case)

    monkeypatch.setattr(judging, "judge", waiting)
    yield begun, let_go
    let_go.set()


def test_a_pause_is_enough_and_nobody_has_to_ask(node: Node, phone: Phone) -> None:
    logged(node, told(phone, A, shipped=20))
    soon(lambda: found(node) == [("lot-overdrawn", A)])
    soon(lambda: is_judged(node) and node.writer._pauses._thread is None)


def test_capture_does_not_wait_for_what_is_being_judged(
    node: Node, phone: Phone, held_up: tuple[threading.Event, threading.Event]
) -> None:
    begun, let_go = held_up
    logged(node, told(phone, A, shipped=20))
    assert begun.wait(60)
    logged(node, told(phone, B, shipped=20))
    node.settled()
    assert found(node) == []
    let_go.set()
    soon(lambda: is_judged(node))
    assert found(node) == [("lot-overdrawn", A), ("lot-overdrawn", B)]


def test_who_asks_waits_for_what_is_left(location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "PAUSE", 3600.0)
    with made(location, tmp_path) as node:
        logged(node, told(Phone.added(node), A, shipped=20))
        node.settled()
        assert not is_judged(node)
        node.judged()
        assert is_judged(node)
        assert found(node) == [("lot-overdrawn", A)]


def test_what_a_process_left_is_judged_when_the_next_one_starts(
    location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, made(location, tmp_path) as node:
        patch.setattr(follower, "PAUSE", 3600.0)
        logged(node, told(Phone.added(node), A, shipped=20))
    with opened(location, tmp_path, write=False) as reader:
        assert not is_judged(reader)
    with opened(location, tmp_path) as node:
        soon(lambda: is_judged(node))
        assert found(node) == [("lot-overdrawn", A)]


def test_a_reader_judges_for_itself(location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "PAUSE", 3600.0)
    with made(location, tmp_path) as node:
        logged(node, told(Phone.added(node), A, shipped=20))
        node.settled()
        with opened(location, tmp_path, write=False) as reader:
            reader.judged()
        assert found(node) == [("lot-overdrawn", A)]


def test_of_two_that_judge_the_same_one_writes(node: Node, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "PAUSE", 3600.0)
    node.writer._pauses.close()
    logged(node, told(phone, A, shipped=20))
    node.settled()
    judge = rules.judge

    def after_another(case: Any) -> Any:
        monkeypatch.setattr(judging, "judge", judge)
        judging.settle(node.store)
        return judge(case)

    monkeypatch.setattr(judging, "judge", after_another)
    judging.settle(node.store)
    assert is_judged(node)
    assert found(node) == [("lot-overdrawn", A)]


def test_what_was_read_before_an_erasure_is_not_written_after_it(
    node: Node, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.writer._pauses.close()
    logged(node, told(phone, A, shipped=20))
    node.settled()
    judge = rules.judge

    def after_forgetting(case: Any) -> Any:
        monkeypatch.setattr(judging, "judge", judge)
        with node.store.begin() as connection:
            judging.forget(connection, [0])
        return judge(case)

    monkeypatch.setattr(judging, "judge", after_forgetting)
    assert judging.advance(node.store)
    assert found(node) == []
    judging.settle(node.store)
    assert found(node) == [("lot-overdrawn", A)]


def test_more_than_a_bite_is_queued_and_worked_off(node: Node, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    node.writer._pauses.close()
    monkeypatch.setattr(judging, "BITE", 1)
    logged(node, [*told(phone, A, shipped=20), *told(phone, B, shipped=20)])
    node.settled()
    assert judging.advance(node.store)
    with node.store.read() as connection:
        assert judged.waiting(connection)
    judging.settle(node.store)
    assert found(node) == [("lot-overdrawn", A), ("lot-overdrawn", B)]
