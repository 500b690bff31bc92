"""Jobs survive restarts, wait while the world is in the way, and end once."""

import threading
from pathlib import Path

import pytest

from api.jobs import LEASE, Ended, Jobs, Kind, Task, View
from ledger.node import Node
from schemas.errors import EvidenceError, InputError, UnavailableError
from tests.simulator.phones import made, opened


class Clock:
    def __init__(self) -> None:
        self.now = 1_780_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(location: str, tmp_path: Path, clock: Clock) -> Node:
    return made(location, tmp_path, clock=clock)


@pytest.fixture(autouse=True)
def closing(node: Node) -> object:
    yield
    node.close()


def told(node: Node, task: Task) -> Ended:
    return Ended({"said": task.request.decode(), "by": task.owner, "attempt": task.attempts, **task.options})


def add(jobs: Jobs, text: str = "x", kind: str = "tell") -> str:
    return jobs.add(kind, owner="erp", member="m", options={"loud": True}, request=text.encode())


def view(jobs: Jobs, id: str) -> View:
    found = jobs.view("tell", id)
    assert found
    return found


def test_a_job_is_worked_once_with_what_was_asked(node: Node) -> None:
    jobs = Jobs(node, [Kind("tell", told)])
    id = add(jobs, "ciao")
    assert (view(jobs, id).finished, view(jobs, id).outcome) == (None, None)
    assert [jobs.work_one("tell"), jobs.work_one("tell")] == [True, False]
    done = view(jobs, id)
    assert done.outcome == {"said": "ciao", "by": "erp", "attempt": 1, "loud": True}
    assert (done.failed, done.finished) == (False, done.created)


def test_jobs_are_of_their_kind_and_listed_for_their_member(node: Node) -> None:
    jobs = Jobs(node, [Kind("tell", told), Kind("other", told)])
    id = add(jobs)
    assert jobs.view("other", id) is None
    assert [len(jobs.listing("tell", member=name, after=None, limit=9)) for name in (None, "m", "n")] == [1, 1, 0]


@pytest.mark.parametrize("error", [UnavailableError("server-busy"), EvidenceError("log-forked")], ids=str)
def test_a_job_waits_longer_and_longer_while_the_world_is_in_the_way(
    node: Node, clock: Clock, error: Exception
) -> None:
    failing = [True] * 9

    def work(node: Node, task: Task) -> Ended:
        if failing:
            failing.pop()
            raise error
        return told(node, task)

    jobs, pauses = Jobs(node, [Kind("tell", work)]), []
    id, before = add(jobs), clock.now
    while not view(jobs, id).finished:
        if jobs.work_one("tell"):
            pauses.append(clock.now - before)
            before = clock.now
        else:
            clock.now += 0.5
    assert pauses == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_fault_of_ours_fails_the_job_and_no_other(node: Node, caplog: pytest.LogCaptureFixture) -> None:
    def work(node: Node, task: Task) -> Ended:
        if task.request == b"bad":
            raise ZeroDivisionError
        return told(node, task)

    jobs = Jobs(node, [Kind("tell", work)])
    bad, good = add(jobs, "bad"), add(jobs, "good")
    while jobs.work_one("tell"):
        pass
    assert (view(jobs, bad).failed, view(jobs, good).failed) == (True, False)
    assert view(jobs, bad).outcome == {"errors": [{"code": "job-failed", "context": {}}]}
    assert "ZeroDivisionError" in caplog.text


def test_what_was_made_true_before_a_fault_stays_the_outcome(node: Node) -> None:
    def work(node: Node, task: Task) -> Ended:
        with node.store.begin() as connection:
            task.note(connection, Ended({"done": True}))
        raise ZeroDivisionError

    jobs = Jobs(node, [Kind("tell", work)])
    id = add(jobs)
    jobs.work_one("tell")
    assert (view(jobs, id).outcome, view(jobs, id).failed) == ({"done": True}, False)


def test_a_job_with_an_outcome_is_finished_and_not_begun_again(node: Node) -> None:
    begun = []

    def work(node: Node, task: Task) -> Ended:
        begun.append(task.id)
        with node.store.begin() as connection:
            task.note(connection, Ended({"done": True}))
        raise UnavailableError("server-busy")

    jobs = Jobs(node, [Kind("tell", work)])
    id = add(jobs)
    jobs.work_one("tell")
    node.clock.now += 2  # type: ignore[attr-defined]
    jobs.work_one("tell")
    assert len(begun) == 1
    assert view(jobs, id).finished


def test_what_is_left_is_worked_by_the_next_server(node: Node, location: str, tmp_path: Path, clock: Clock) -> None:
    first = Jobs(node, [Kind("tell", told)])
    ids = [add(first, str(number)) for number in range(3)]
    with node.store.begin() as connection:
        # As a server that died while it worked leaves it.
        connection.exec_driver_sql(f"UPDATE job SET claim = 'gone', claimed_until = {int(clock.now * 1e6) + LEASE}")
    node.close()
    with opened(location, tmp_path, clock=clock) as again:
        jobs = Jobs(again, [Kind("tell", told)])
        jobs.start()
        try:
            while not all(view(jobs, id).finished for id in ids):
                pass
        finally:
            jobs.stop()
        assert [view(jobs, id).outcome["said"] for id in ids] == ["0", "1", "2"]  # type: ignore[index]


def test_jobs_are_worked_by_the_writers_server_and_taken_over_with_the_log(
    node: Node, location: str, tmp_path: Path, clock: Clock
) -> None:
    workers: list[bool] = []

    def work(node: Node, task: Task) -> Ended:
        workers.append(node.writes)
        return Ended({})

    with opened(location, tmp_path, clock=clock, write="when-free") as standby:
        jobs = Jobs(standby, [Kind("tell", work)])
        jobs.start()
        try:
            id = add(jobs)
            # A server that is the writer, and works no jobs, as a command does.
            assert not view(jobs, id).finished
            with node.store.begin() as connection:
                connection.exec_driver_sql(
                    f"UPDATE job SET claim = 'x', claimed_until = {int(clock.now * 1e6) + LEASE}"
                )
            node.close()
            while not view(jobs, id).finished:
                pass
        finally:
            jobs.stop()
    assert workers == [True]


def test_a_slow_kind_does_not_hold_up_another(node: Node) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def slow(node: Node, task: Task) -> Ended:
        reached.set()
        go_on.wait()
        return Ended({})

    jobs = Jobs(node, [Kind("tell", told), Kind("slow", slow)])
    jobs.start()
    try:
        add(jobs, kind="slow")
        assert reached.wait(30)
        id = add(jobs)
        while not view(jobs, id).finished:
            pass
    finally:
        go_on.set()
        jobs.stop()


def test_stopping_ends_the_job_being_worked_and_begins_no_other(node: Node) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def slow(node: Node, task: Task) -> Ended:
        reached.set()
        go_on.wait()
        return Ended({})

    jobs = Jobs(node, [Kind("tell", slow)])
    jobs.start()
    first, second = add(jobs), add(jobs)
    assert reached.wait(30)
    stopping = threading.Thread(target=jobs.stop)
    stopping.start()
    go_on.set()
    stopping.join()
    states = [view(jobs, id).finished is not None for id in (first, second)]
    assert sorted(states) == [False, True]


def test_finished_jobs_are_forgotten_after_their_days(node: Node, clock: Clock) -> None:
    jobs = Jobs(node, [Kind("tell", told)], days=2)
    old = add(jobs)
    jobs.work_one("tell")
    clock.now += 2 * 86400 + 1
    waits = add(jobs)
    jobs.forget_old("tell")
    assert jobs.view("tell", old) is None
    assert view(jobs, waits)


def test_refusals_are_no_outcome_of_their_own(node: Node) -> None:
    """A kind says itself what a refusal means; one that lets it through has a fault."""

    def work(node: Node, task: Task) -> Ended:
        raise InputError("capture-no-document")

    jobs = Jobs(node, [Kind("tell", work)])
    id = add(jobs)
    jobs.work_one("tell")
    assert view(jobs, id).failed
