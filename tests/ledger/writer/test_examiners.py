"""Examining in processes gives what examining here gives, entry by entry, whatever is sent."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.node import Node
from ledger.readside.follow import Waiting
from ledger.writer.admission import Candidate
from ledger.writer.answers import Receipt
from ledger.writer.examiners import Beside, Here
from schemas.errors import LedgerError, UnavailableError
from tests.simulator.phones import Phone, made, observed, unit


@pytest.fixture
def beside() -> Iterator[Beside]:
    examiners = Beside(1)
    yield examiners
    examiners.close()


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with made(str(tmp_path / "store"), tmp_path) as node:
        yield node


def told(examined: Candidate | LedgerError) -> object:
    if isinstance(examined, LedgerError):
        return type(examined), examined.code, examined.context
    entry = examined.entry
    # Trees here, what was derived from them there: for the log and its read side they are the same.
    derived = Waiting(7, entry, derived=examined.derived).derived()
    return (
        entry.jwt._replace(payload={}),
        entry.claims,
        examined.key,
        examined.lots,
        examined.wire,
        examined.digests,
        derived,
    )


def test_a_process_finds_what_the_thread_finds(node: Node, beside: Beside) -> None:
    phone = Phone.added(node)
    good = [phone.event(observed(unit(f"U-{n}"), minute=n)) for n in range(5)]
    wrong = phone.event(observed(unit("U-9"), bizStep="no-such-step"))
    damaged = good[0].replace(b"~", b"~A", 1)
    head, _, tail = good[1].partition(b"~")
    forged = head[:-60] + (b"A" if head[-60:-59] != b"A" else b"B") + head[-59:] + b"~" + tail
    wires = [*good, wrong, damaged, forged, b"", b"not an entry~", b"a.b.c~"]
    key = node.registry.key
    here = [told(item) for item in Here().examine(wires, key)]
    assert [told(item) for item in beside.examine(wires, key)] == here
    assert sum(len(item) == 7 for item in here) == 6  # type: ignore[arg-type]


def test_an_unknown_key_is_left_to_the_writer_alike(node: Node, beside: Beside) -> None:
    wire = Phone.added(node).event(observed(unit("U-1")))
    assert [told(item) for item in beside.examine([wire], lambda kid: None)] == [
        told(item) for item in Here().examine([wire], lambda kid: None)
    ]


def test_a_log_with_worker_processes_answers_alike(tmp_path: Path) -> None:
    with made(str(tmp_path / "store"), tmp_path, workers=1) as node:
        phone = Phone.added(node)
        wires = [phone.event(observed(unit("U-1"), minute=n)) for n in range(20)]
        wires[7] = b"poisoned~"
        answers = node.submit(wires)
        assert [isinstance(answer, Receipt) for answer in answers] == [n < 7 for n in range(20)]
        assert node.entry(answers[0].index).content is not None  # type: ignore[union-attr]


def test_a_process_that_dies_refuses_the_request_and_nothing_else(node: Node, beside: Beside) -> None:
    wire = Phone.added(node).event(observed(unit("U-1")))
    beside.examine([wire], node.registry.key)
    for child in list(beside._pool._processes):
        os.kill(child, signal.SIGKILL)
    with pytest.raises(UnavailableError) as died:
        beside.examine([wire], node.registry.key)
    assert died.value.code == "examiner-died"
    assert isinstance(beside.examine([wire], node.registry.key)[0], Candidate)


def test_a_key_admitted_while_examining_does_not_pass_for_checked(node: Node) -> None:
    phone = Phone.added(node)
    wire = phone.event(observed(unit("U-1")))
    answers = iter([None])
    (examined,) = Here().examine([wire], lambda kid: next(answers, node.registry.key(kid)))
    assert isinstance(examined, Candidate)
    assert examined.key is None
