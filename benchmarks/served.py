"""A server in a process of its own over a log made for measuring, and askers in another that never pause.

with served(location, folder) as url, asked(url, token) as askers: …
askers.times    # seconds of each answer, when the block is over
"""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.signed import PASSPHRASE, lot_uri

ASKERS = 2
# What is asked in turn: by class, by class and action, by a window of time, each the first ten events.
QUERIES = (
    {"MATCH_epcClass": lot_uri(9_000_007)},
    {"MATCH_anyEPCClass": lot_uri(9_000_011), "EQ_action": "OBSERVE"},
    {"eventType": "ObjectEvent", "GE_eventTime": "2026-06-30T22:00:20Z", "LT_eventTime": "2026-06-30T22:00:40Z"},
)


@dataclass(slots=True)
class Askers:
    """What the queries took, in seconds, once they are over."""

    times: list[float] = field(default_factory=list)


@contextmanager
def served(location: str, folder: Path, *more: str, program: str = "api.cli.main") -> Iterator[str]:
    """`filiera serve` over a log of `benchmarks.signed.made`; its address. `more`: further options; `program`: what is
    run, `benchmarks.timed` for answers that say how long they took."""
    command = [sys.executable, "-m", program, "serve", "--port", "0", *more]
    command += ["--store", location, "--keys", str(folder / "keys"), "--guard", str(folder / "guard")]
    home = {"XDG_CONFIG_HOME": str(folder), "XDG_STATE_HOME": str(folder), "FILIERA_PASSPHRASE": PASSPHRASE.decode()}
    process = subprocess.Popen(command, env={**os.environ, **home}, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        found = re.search(r"http://[0-9.:]+", process.stdout.readline())
        if found is None:
            raise RuntimeError("the server did not start")
        yield found[0]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@contextmanager
def asked(url: str, token: str) -> Iterator[Askers]:
    """Queries without a pause, as long as the block lasts."""
    command = [sys.executable, "-m", "benchmarks.served", url, token]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    askers = Askers()
    try:
        process.stdout.readline()
        yield askers
        said, _ = process.communicate()
        askers.times += json.loads(said)
    finally:
        process.kill()
        process.wait()


def client(url: str, token: str) -> httpx.Client:
    """A client that may do what `token` may."""
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60)


def _ask(url: str, token: str, first: int, over: threading.Event, times: list[float]) -> None:
    with client(url, token) as asking:
        turn = first
        while not over.is_set():
            start = time.perf_counter()
            answer = asking.get("/epcis/events", params={**QUERIES[turn % len(QUERIES)], "perPage": "10"})
            answer.raise_for_status()
            times.append(time.perf_counter() - start)
            turn += 1


def _work(url: str, token: str) -> None:
    """Ask until standard input ends, then say what it took."""
    over, times = threading.Event(), list[float]()
    askers = [threading.Thread(target=_ask, args=(url, token, number, over, times)) for number in range(ASKERS)]
    for asker in askers:
        asker.start()
    print("asking", flush=True)
    sys.stdin.read()
    over.set()
    for asker in askers:
        asker.join()
    print(json.dumps(times))


if __name__ == "__main__":
    _work(*sys.argv[1:])
