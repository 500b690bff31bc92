"""A server of a log in a process of its own, with callers that never stop: it can be killed, stopped and woken.

Arguments: the store, the folder of keys and guard, a name, how many callers of each kind. It opens the log as one of
several, and writes a line of JSON for each thing that a caller must not be wrong about, in one write:

- `{"sent": serial}` before an unsigned event is captured, with `allow_repeat`: nothing but the log tells a repeat.
- `{"event": serial, "index": …, "leaf": …}` when that was acknowledged; `{"nothing": serial}` when it was said that
  nothing of it was logged; nothing at all where the answer did not come, or said that nobody knows.
- `{"wire": leaf, "index": …}` when a signed entry was acknowledged. Its caller sends the same bytes until it is.

It ends when its standard input does, after every caller has its last answer.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path

from ledger.entry.jwt import leaf_hash
from ledger.node import Node
from ledger.writer.answers import Receipt
from schemas.errors import LedgerError, UnavailableError
from tests.ledger.writer.pairs import document, joined
from tests.simulator.phones import Phone, observed, unit

PAUSE = 0.02
# What says that nothing was logged; after any other error of the world nobody knows.
NOTHING = frozenset({"hand-in-withdrawn", "inbox-full"})


def say(**line: object) -> None:
    """One line, whole."""
    os.write(1, json.dumps(line).encode() + b"\n")


def signed(node: Node, phone: Phone, name: str, ended: threading.Event) -> None:
    """Entries of one phone, one after the other, each sent until it is acknowledged."""
    n = 0
    while not ended.is_set():
        wire = phone.event(observed(unit(f"{name}-{n % 50}"), minute=n % 60))
        while not (receipt := submitted(node, wire)):
            time.sleep(PAUSE)
        say(wire=leaf_hash(wire.partition(b"~")[0]).hex(), index=receipt.index)
        n += 1
        time.sleep(PAUSE)


def submitted(node: Node, wire: bytes) -> Receipt | None:
    """The receipt, or None where the world was in the way."""
    try:
        (answer,) = node.submit([wire])
    except UnavailableError:
        return None
    if isinstance(answer, LedgerError):
        raise answer
    return answer


def unsigned(node: Node, name: str, ended: threading.Event) -> None:
    """Events of one ERP, each captured once and never again."""
    n = 0
    while not ended.is_set():
        serial, n = f"{name}-{n}", n + 1
        say(sent=serial)
        try:
            (captured,) = node.capture(document(observed(unit(serial))), allow_repeat=True)
            say(event=serial, index=captured.index, leaf=captured.leaf.hex())
        except UnavailableError as error:
            if error.code in NOTHING:
                say(nothing=serial)
        time.sleep(PAUSE)


def joined_at_last(location: str, folder: Path) -> Node:
    """The log, as soon as its database answers."""
    for _ in range(100):
        try:
            return joined(location, folder)
        except UnavailableError:
            time.sleep(PAUSE)
    return joined(location, folder)


def added(node: Node) -> Phone:
    """A phone, as soon as there is a writer that lives long enough to add it."""
    for _ in range(100):
        try:
            return Phone.added(node)
        except UnavailableError:
            time.sleep(PAUSE)
    return Phone.added(node)


def main() -> None:
    """Open, work, and end with standard input."""
    location, folder, name, callers = sys.argv[1:]
    ended = threading.Event()
    with joined_at_last(location, Path(folder)) as node:
        threads = []
        for n in range(int(callers)):
            phone = added(node)
            threads.append(threading.Thread(target=signed, args=(node, phone, f"{name}-s{n}", ended)))
            threads.append(threading.Thread(target=unsigned, args=(node, f"{name}-u{n}", ended)))
        for thread in threads:
            thread.start()
        say(ready=name)
        sys.stdin.read()
        ended.set()
        for thread in threads:
            thread.join()
    say(ended=name)


if __name__ == "__main__":
    main()
