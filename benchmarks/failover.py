"""Taking over, and what it costs to hand in.

- A writer in a process of its own captures without a pause into a log of 10,240 entries; this process stands by.
- *Take-over after a kill*: from SIGKILL of the writer until an entry handed in at that moment is answered here, with
  its proof, by this process, which is the writer then.
- *After a stop*: the same from SIGSTOP, on PostgreSQL: the server takes the lock after three seconds of silence.
- *Handed in*: one entry at a time, and requests of 256, from a standby beside an idle writer, against the writer's own.

    python -m benchmarks failover
"""

import os
import signal
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.databases import on_both
from benchmarks.measure import Number, at_most, seconds
from benchmarks.signed import PASSPHRASE, REQUEST, Phone, made
from ledger.node import Node
from ledger.writer.answers import Receipt
from schemas.errors import UnavailableError

ENTRIES = 40 * REQUEST
RUNS = 3
SINGLE = 40
MOST_SECONDS = 5.0


def run() -> list[Number]:
    """Seconds of a take-over, and the rates of a standby, on both databases."""
    return on_both(_measured)


def _measured(name: str, location: str, folder: Path) -> list[Number]:
    with made(location, folder) as node:
        phone = Phone.added(node, 1)
        for _ in range(ENTRIES // REQUEST):
            node.submit(phone.request())
    found = _handing_in(name, location, folder, phone)
    killed = [_take_over(location, folder, signal.SIGKILL) for _ in range(RUNS)]
    found.append(at_most(f"take-over after a kill, {name}", statistics.median(killed), MOST_SECONDS, "s"))
    if "://" in location:
        stopped = [_take_over(location, folder, signal.SIGSTOP) for _ in range(RUNS)]
        found.append(at_most(f"take-over after a stop, {name}", statistics.median(stopped), MOST_SECONDS, "s"))
    return found


def _handing_in(name: str, location: str, folder: Path, phone: Phone) -> list[Number]:
    """One entry, and many, at the writer and at a standby beside it."""
    found = []
    with _joined(location, folder) as writer, _joined(location, folder) as standby:
        for who, node in (("the writer", writer), ("a standby", standby)):
            times = [seconds(lambda node=node: _sent(node, phone.request(1)), collect=False) for _ in range(SINGLE)]  # type: ignore[misc]
            found.append(Number(f"one entry at {who}, {name}", statistics.median(times) * 1000, "ms"))
            requests = [phone.request() for _ in range(8)]
            taken = seconds(lambda node=node, requests=requests: [_sent(node, one) for one in requests])  # type: ignore[misc]
            found.append(Number(f"signed capture at {who}, {name}", 8 * REQUEST / taken, "entries/s"))
    return found


def _take_over(location: str, folder: Path, how: signal.Signals) -> float:
    with _writing(location, folder) as process, _joined(location, folder) as node:
        assert not node.writes
        phone = Phone.added(node, os.getpid())
        wire = phone.request(1)
        os.kill(process.pid, how)
        return seconds(lambda: _sent(node, wire), collect=False)


def _sent(node: Node, wires: list[bytes]) -> None:
    """Submit until there is a receipt for each."""
    while True:
        try:
            answers = node.submit(wires)
        except UnavailableError:
            continue
        refused = [answer for answer in answers if not isinstance(answer, Receipt)]
        if refused:
            raise refused[0]
        return


def _joined(location: str, folder: Path) -> Node:
    return Node.open(
        location, passphrase=PASSPHRASE, keys=folder / "keys", guard=str(folder / "guard"), write="when-free"
    )


@contextmanager
def _writing(location: str, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that is the writer, at work."""
    command = [sys.executable, "-m", "benchmarks.failover", location, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _work(location: str, folder: Path) -> None:
    """Capture without a pause until killed."""
    with _joined(location, folder) as node:
        phone = Phone.added(node, os.getpid())
        _sent(node, phone.request(16))
        print("at work", flush=True)
        while True:
            _sent(node, phone.request(16))


if __name__ == "__main__":
    _work(sys.argv[1], Path(sys.argv[2]))
