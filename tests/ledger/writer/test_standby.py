"""Whoever stands by takes over when the writer ends, finishes what it left, and logs nothing twice."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from ledger.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.node import Node
from ledger.store import connect, entries, epochs, inbox
from ledger.store.engine import Store
from ledger.writer import inbox as writers_side
from ledger.writer.answers import Receipt
from ledger.writer.guard import Guard
from ledger.writer.request import Capture, pack, unpack_answer
from schemas.errors import InputError, UnavailableError
from tests.ledger.writer.pairs import document, joined, pair
from tests.simulator.phones import PASSPHRASE, Phone, made, observed, opened, unit
from tests.simulator.refusal import refused


def until(happened: Callable[[], bool]) -> None:
    """Wait until it happened; a test that waits for what never happens fails."""
    for _ in range(3000):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")


def events(node: Node) -> list[int]:
    """The indexes of events in the log."""
    with node.store.read() as connection:
        size = entries.size(connection)
    return [index for index in range(size) if node.entry(index).claims.kind == "event"]


def test_the_first_writes_and_the_next_takes_over_when_it_ends(location: str, tmp_path: Path) -> None:
    made(location, tmp_path).close()
    first, second = joined(location, tmp_path), joined(location, tmp_path)
    phone = Phone.added(second)
    with ThreadPoolExecutor(1) as pool:
        # One that is handed in all the while, over the change of writers.
        answers = pool.submit(lambda: [second.submit([phone.event(observed(unit(str(n))))])[0] for n in range(60)])
        until(lambda: phone.seq > 20)
        first.close()
        found = answers.result()
    assert all(isinstance(answer, Receipt) for answer in found)
    assert [answer.index for answer in found] == events(second)  # type: ignore[union-attr]
    until(lambda: second.writes)
    assert second.writer.stopped is None
    with joined(location, tmp_path) as third:
        assert not third.writes
        assert third.snapshot() == second.registry.size - 1
    second.close()


def test_a_fenced_writer_stands_by_again(location: str, tmp_path: Path) -> None:
    with pair(location, tmp_path) as (writer, standby):
        phone = Phone.added(writer)
        with writer.store.begin() as connection:
            epochs.take(connection, "another machine")
        with refused("fenced"):
            writer.submit([phone.sign(observed(unit("1")))])
        # Either of the two may get the place; both go on.
        until(lambda: writer.writes or standby.writes)
        assert isinstance(writer.submit([phone.event(observed(unit("1")))])[0], Receipt)
        assert isinstance(standby.submit([phone.event(observed(unit("2")))])[0], Receipt)
        assert len(events(standby)) == 2


def test_a_writer_whose_lock_was_taken_away_stops_and_stands_by(postgres_url: str, tmp_path: Path) -> None:
    with pair(postgres_url, tmp_path) as (writer, standby):
        phone = Phone.added(standby)
        old = writer.writer
        with standby.store.begin() as connection:
            held = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
            ended = connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM ({held}) AS holder").all()
        assert ended == [(True,)]
        until(lambda: old.stopped is not None)
        # What it notices first: that the lock is gone, or that somebody has taken over already.
        assert old.stopped is not None
        assert old.stopped.code in ("writer-lock-lost", "fenced")
        until(lambda: writer.writes or standby.writes)
        assert isinstance(writer.submit([phone.event(observed(unit("1")))])[0], Receipt)
        assert isinstance(standby.submit([phone.event(observed(unit("2")))])[0], Receipt)
        with refused(old.stopped.code):
            old.snapshot()


def test_the_server_ends_a_lock_whose_holder_says_nothing(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a stopped process is to the server: a session that is open and silent."""
    from ledger.store import writer_lock

    made(postgres_url, tmp_path).close()
    monkeypatch.setattr(writer_lock, "SILENCE", 0.5)
    with Store.open(postgres_url) as store, Store.open(postgres_url) as other:
        lock, next_one = writer_lock.WriterLock(store), writer_lock.WriterLock(other)
        assert lock.acquire()
        assert lock.watch(0.1, threading.Event())
        for _ in range(5):
            assert not lock.watch(0.2, threading.Event())
            assert not next_one.acquire()
        until(next_one.acquire)
        with refused("writer-lock-lost"):
            lock.watch(0.1, threading.Event())
        lock.release()
        next_one.release()


def test_a_transaction_of_a_writer_that_says_nothing_does_not_hold_up_the_next(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(postgres_url, tmp_path).close()
    monkeypatch.setattr(connect, "SILENCE", 0.3)
    with Store.open(postgres_url) as store, Store.open(postgres_url) as other:
        with store.read() as connection:
            epoch = epochs.current(connection)[0]

        def silent() -> None:
            with store.begin() as connection:
                epochs.check(connection, epoch)
                with other.begin() as taking:
                    assert epochs.take(taking, "next") == epoch + 1
                connection.exec_driver_sql("SELECT 1")

        with refused("database-failed"):
            silent()


def test_a_writer_that_was_stopped_in_the_middle_of_a_batch_does_not_hold_up_the_next(
    postgres_url: str, tmp_path: Path
) -> None:
    """The server takes it for busy: no bound on silence reaches it, so whoever takes over ends it."""
    made(postgres_url, tmp_path).close()
    plain = postgres_url.replace("+psycopg", "")
    with suppress(psycopg.OperationalError), psycopg.connect(plain) as stopped, stopped.pipeline():
        stopped.execute("SELECT epoch FROM epoch FOR SHARE")
        stopped.execute("UPDATE read_side SET size = size")
        # Sent, but without the end of the batch.
        stopped.pgconn.send_flush_request()
        stopped.pgconn.flush()
        with joined(postgres_url, tmp_path) as node:
            assert node.writes
            assert len(node.capture(document(observed(unit("1"))))) == 1
            node.settled()
    assert stopped.broken


def handed(node: Node, id: bytes, serial: str, *, allow_repeat: bool = True) -> None:
    """Hand in the capture of one event, and wait for nothing."""
    from ledger.writer.gateway import prepare

    prepared = prepare(document(observed(unit(serial))), proceed=False)
    iss = node.own_member()
    kind, text = pack(Capture(iss, node.gateway_key(iss), tuple(prepared), None, allow_repeat))
    sealed = node.keyring.seal(writers_side.request_purpose(id)).closed(text, kind.encode())
    with node.store.begin() as connection:
        inbox.put(connection, inbox.Handed(id, kind, sealed))


def answer(node: Node, id: bytes) -> object:
    """What a request was answered with, None where it has no answer that counts."""
    with node.store.read() as connection:
        found = inbox.answers(connection, [id])
    return unpack_answer(node.keyring.seal(writers_side.answer_purpose(id)).opened(found[id])) if found else None


class Dies(Exception):
    """The writer ends here, as far as the store can tell."""


@pytest.mark.parametrize("phase", ["before-commit", "after-commit", "after-tiles", "after-compare-and-set"])
def test_what_a_dead_writer_had_begun_is_logged_once(
    location: str, tmp_path: Path, phase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer dies on its way, with what it had taken; the next one answers what was done and does what was not."""
    passed: list[str] = []

    def dies(name: str) -> None:
        if name == phase and passed == ["taken"]:
            passed.append(name)
            raise Dies

    def dead(*_: object) -> None:
        raise Dies

    made(location, tmp_path).close()
    first = opened(location, tmp_path, phase=dies)
    # Its own thread looks no more: what follows happens here, step by step.
    first._place._inbox.close()  # type: ignore[union-attr]
    drain = writers_side.Inbox(first.writer)
    handed(first, b"a" * 16, "1")
    handed(first, b"b" * 16, "2")
    passed.append("taken")
    monkeypatch.setattr(drain, "_failed", dead)
    with pytest.raises(Dies):
        drain.drain()
    assert passed == ["taken", phase]
    first.writer.leave()
    with joined(location, tmp_path) as second:
        answers = [answer(second, id) for id in (b"a" * 16, b"b" * 16)]
        assert [item.index for found in answers for item in found] == events(second)  # type: ignore[attr-defined]
        assert len(events(second)) == 2
    first.store.close()


def test_a_request_whose_sender_is_gone_is_worked_and_its_answer_swept(location: str, tmp_path: Path) -> None:
    now = [1_800_000_000.0]
    made(location, tmp_path).close()
    with joined(location, tmp_path, clock=lambda: now[0]) as writer:
        with joined(location, tmp_path) as sender:
            handed(sender, b"a" * 16, "1")
        until(lambda: answer(writer, b"a" * 16) is not None)
        assert len(events(writer)) == 1
        now[0] += writers_side.KEPT + 100
        until(lambda: answer(writer, b"a" * 16) is None)
        assert len(events(writer)) == 1


def test_a_request_that_was_begun_too_often_is_refused(location: str, tmp_path: Path) -> None:
    made(location, tmp_path).close()
    with Store.open(location) as store:
        with opened(location, tmp_path, write=False) as sender:
            handed(sender, b"a" * 16, "1")
            handed(sender, b"b" * 16, "2")
        with store.begin() as connection:
            connection.exec_driver_sql("UPDATE inbox SET tries = 3 WHERE n = (SELECT min(n) FROM inbox)")
    with joined(location, tmp_path) as writer:
        failed = answer(writer, b"a" * 16)
        assert isinstance(failed, UnavailableError)
        assert failed.code == "hand-in-failed"
        assert len(events(writer)) == 1


def test_one_request_that_cannot_be_committed_does_not_stop_the_others(
    location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledger.writer import gateway

    signed = gateway._sign_event

    def fails(turn, item, how):  # type: ignore[no-untyped-def]
        index = signed(turn, item, how)
        if unit("bad") in item.objects:
            raise UnavailableError("disk-full", problem="No space left on device")
        return index

    monkeypatch.setattr(gateway, "_sign_event", fails)
    made(location, tmp_path).close()
    with opened(location, tmp_path, write=False) as sender:
        for n, serial in enumerate(["1", "bad", "2", "3"]):
            handed(sender, bytes([n] * 16), serial)
    with joined(location, tmp_path) as writer:
        answers = [answer(writer, bytes([n] * 16)) for n in range(4)]
        assert isinstance(answers[1], UnavailableError)
        assert answers[1].code == "disk-full"
        logged = [answers[n][0].index for n in (0, 2, 3)]  # type: ignore[index]
        assert logged == events(writer)


def test_what_waited_is_logged_before_what_the_new_writer_is_asked(location: str, tmp_path: Path) -> None:
    made(location, tmp_path).close()
    with opened(location, tmp_path, write=False) as sender:
        for n in range(5):
            handed(sender, bytes([n] * 16), str(n))
    with joined(location, tmp_path) as writer:
        (captured,) = writer.capture(document(observed(unit("own"))))
        assert captured.index == events(writer)[5]


def test_a_standby_raises_the_guard_of_its_own_machine(postgres_url: str, tmp_path: Path) -> None:
    made(postgres_url, tmp_path).close()
    elsewhere = tmp_path / "elsewhere"
    with joined(postgres_url, tmp_path) as writer, _on(elsewhere, postgres_url, tmp_path) as standby:
        writer.capture(document(observed(unit("1"))))
        size = open_checkpoint(writer.checkpoint(), writer.vkey).size
        until(lambda: _kept(elsewhere, standby) == size)


def _on(guard: Path, location: str, folder: Path) -> Node:
    """A server of a log on a machine with a guard of its own."""
    return Node.open(location, passphrase=PASSPHRASE, keys=folder / "keys", guard=str(guard), write="when-free")


def _kept(guard: Path, node: Node) -> int:
    note = Guard(guard).note()
    return open_checkpoint(note, node.vkey).size if note is not None else 0


@pytest.mark.parametrize(("size", "code"), [(9000, "log-rolled-back"), (2, "log-forked")])
def test_a_standby_whose_guard_knows_better_writes_nothing_and_hands_nothing_in(
    location: str, tmp_path: Path, size: int, code: str
) -> None:
    made(location, tmp_path).close()
    elsewhere = tmp_path / "elsewhere"
    with joined(location, tmp_path) as writer:
        promised = sign_checkpoint(Checkpoint(writer.origin, size, b"x" * 32), writer.keyring.log_signer())
        Guard(elsewhere).raise_to(promised)
        with refused(code):
            _on(elsewhere, location, tmp_path)
        Guard(elsewhere).path.unlink()
        with _on(elsewhere, location, tmp_path) as standby:
            assert len(standby.capture(document(observed(unit("1"))))) == 1
            if "://" in location:
                # Where it raises the guard itself, it is done with it.
                until(lambda: _kept(elsewhere, standby) == writer.registry.size)
            Guard(elsewhere).raise_to(promised)
            writer.capture(document(observed(unit("2"))))

            def refuses() -> bool:
                try:
                    standby.snapshot()
                except Exception as error:
                    return getattr(error, "code", "") == code
                return False

            until(refuses)
            writer.capture(document(observed(unit("3"))))
            assert standby.registry.size == writer.registry.size
            assert Guard(elsewhere).note() == promised


def test_a_log_that_does_not_exist_has_no_standby(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="store-missing"):
        joined(str(tmp_path / "store"), tmp_path)


def test_a_fenced_writer_that_reads_the_log_again_is_fenced_and_accuses_nobody(node: Node, tmp_path: Path) -> None:
    phone = Phone.added(node)
    with node.store.begin() as connection:
        epochs.take(connection, "another process of this machine")
    ahead = sign_checkpoint(Checkpoint(node.origin, 9000, b"x" * 32), node.keyring.log_signer())
    Guard(tmp_path / "guard").raise_to(ahead)
    node.writer._sequencer._log = None
    with refused("fenced"):
        node.submit([phone.event(observed(unit("1")))])


def test_a_guard_that_rises_while_the_log_is_read_is_no_rollback(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledger.writer import writer

    phone, load = Phone.added(node), writer.load
    ahead = sign_checkpoint(Checkpoint(node.origin, 9000, b"x" * 32), node.keyring.log_signer())

    def load_and_rise(*place, **how):  # type: ignore[no-untyped-def]
        log = load(*place, **how)
        Guard(tmp_path / "guard").raise_to(ahead)
        return log

    monkeypatch.setattr(writer, "load", load_and_rise)
    node.writer._sequencer._log = None
    assert isinstance(node.submit([phone.event(observed(unit("1")))])[0], Receipt)
