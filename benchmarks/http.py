"""Capture over HTTP.

- One client sends one request at a time to `filiera serve` in a process of its own: `POST /epcis/events` with one
  event, answered when it is in the log; `POST /epcis/capture` with documents of 1 and of 100 events, until the job says
  that it is over (asked every 2 ms); `POST /api/v1/entries` with 256 entries that a phone signed, answered with proofs.
- *In process* is the same bytes through the same verb, without a server: reading, judging, signing, logging.
- *Beside queries*: the same while two more clients ask for events without a pause (by class, and by a window of time).
  Client, askers and server share this machine's cores.
- The 99th percentile of a small scale is nearly its slowest request; `FILIERA_BENCH_HTTP=10` sends ten times as many.

    python -m benchmarks http
"""

import json
import math
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx

from api.accounts import SCOPES, Accounts
from api.verbs.capture import capture
from api.verbs.submit import submit
from benchmarks.capture import document
from benchmarks.databases import on_both
from benchmarks.measure import Number, seconds
from benchmarks.served import asked, client, served
from benchmarks.signed import Phone, made, observation
from ledger.node import Node
from ledger.writer.answers import Receipt
from schemas.syntax.json_text import write

SCALE = int(os.environ.get("FILIERA_BENCH_HTTP", "1"))
JSON = {"Content-Type": "application/json"}
POLL = 0.002


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request: how many are sent, its body, how it is sent, and how it is done in process."""

    name: str
    times: int
    body: Callable[["Work"], bytes]
    send: Callable[[httpx.Client, bytes], None]
    inside: Callable[[Node, bytes], None]


@dataclass(slots=True)
class Work:
    """What the requests are made of: events nobody sent before, and a phone's next entries."""

    phone: Phone
    events: Iterator[int] = field(default_factory=count)

    def event(self) -> bytes:
        """An event by itself."""
        number = next(self.events)
        return write(observation(9_000_000 + number, number))

    def document(self, size: int) -> bytes:
        """A document of `size` events."""
        first = next(self.events)
        for _ in range(size - 1):
            next(self.events)
        return document(first, size)

    def entries(self) -> bytes:
        """A request of signed entries."""
        return json.dumps([wire.decode("ascii") for wire in self.phone.request()]).encode()


def _post(path: str, status: int) -> Callable[[httpx.Client, bytes], None]:
    def send(to: httpx.Client, body: bytes) -> None:
        answer = to.post(path, content=body, headers=JSON)
        assert answer.status_code == status, answer.text

    return send


def _job(to: httpx.Client, body: bytes) -> None:
    """A document, until its job is over."""
    place = to.post("/epcis/capture", content=body, headers=JSON).headers["location"]
    while (job := to.get(place).json())["running"]:
        time.sleep(POLL)
    assert job["success"], job["errors"]


def _entries(to: httpx.Client, body: bytes) -> None:
    answer = to.post("/api/v1/entries", content=body, headers=JSON)
    assert answer.status_code == 200, answer.text
    assert all("index" in item for item in answer.json())


def _capture(node: Node, body: bytes) -> None:
    assert not capture(node, body, media_type="application/json").refused


def _submit(node: Node, body: bytes) -> None:
    answers = submit(node, [wire.encode("ascii") for wire in json.loads(body)])
    assert all(isinstance(answer, Receipt) for answer in answers)


KINDS = (
    Kind("POST /events, 1 event", 100, Work.event, _post("/epcis/events", 201), _capture),
    Kind("POST /capture, 1 event", 100, lambda work: work.document(1), _job, _capture),
    Kind("POST /capture, 100 events", 12, lambda work: work.document(100), _job, _capture),
    Kind("POST /entries, 256 entries", 12, Work.entries, _entries, _submit),
)


def run() -> list[Number]:
    """Each kind of request in process, over HTTP, and over HTTP beside queries, on both databases."""
    return on_both(_measured)


def _measured(name: str, location: str, folder: Path) -> list[Number]:
    with made(location, folder) as node:
        token = Accounts(node).add_token("bench", member=node.own_member(), scopes=tuple(SCOPES), days=1).text
        work = Work(Phone.added(node, 1))
        inside = {kind: _timed(kind, work, lambda body, kind=kind: kind.inside(node, body)) for kind in KINDS}  # type: ignore[misc]
    with served(location, folder) as url, client(url, token) as to:
        alone = {kind: _sent(kind, work, to) for kind in KINDS}
        with asked(url, token) as askers:
            beside = {kind: _sent(kind, work, to) for kind in KINDS}
    numbers = [number for kind in KINDS for number in _numbers(kind, name, inside[kind], alone[kind], beside[kind])]
    return [*numbers, *_spread(f"query beside capture, {name}", askers.times)]


def _sent(kind: Kind, work: Work, to: httpx.Client) -> list[float]:
    return _timed(kind, work, lambda body: kind.send(to, body))


def _timed(kind: Kind, work: Work, done: Callable[[bytes], None]) -> list[float]:
    """Seconds of each request; the first, which meets nothing prepared, is not counted."""
    done(kind.body(work))
    bodies = [kind.body(work) for _ in range(kind.times * SCALE)]
    return [seconds(lambda body=body: done(body), collect=False) for body in bodies]  # type: ignore[misc]


def _numbers(kind: Kind, name: str, inside: list[float], alone: list[float], beside: list[float]) -> list[Number]:
    what = f"{kind.name}, {name}"
    usual = statistics.median(inside)
    return [
        Number(f"{what}: in process, median", usual * 1000, "ms"),
        *_spread(f"{what}: over HTTP", alone),
        Number("the same against in process", statistics.median(alone) / usual, "x"),
        *_spread(f"{what}: beside queries", beside),
        Number("the same against in process", statistics.median(beside) / usual, "x"),
    ]


def _spread(name: str, times: list[float]) -> list[Number]:
    ordered = sorted(times)
    return [
        Number(f"{name}, median of {len(times)}", statistics.median(ordered) * 1000, "ms"),
        Number(f"{name}, 99th percentile", ordered[math.ceil(0.99 * len(ordered)) - 1] * 1000, "ms"),
    ]
