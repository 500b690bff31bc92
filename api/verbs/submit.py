"""Log entries that were signed elsewhere: a phone, another program, another node."""

from collections.abc import Iterator, Sequence

from ledger.node import Node
from ledger.writer.admission import MAX_REQUEST
from ledger.writer.answers import Receipt
from schemas.errors import InputError, LedgerError
from schemas.syntax import json_text


def read_wires(data: bytes) -> list[bytes]:
    """The wires in a file: a JSON array of strings, or one wire a line; `InputError("wires")` for anything else, and
    `wires-none` where there is none: a copy that was cut to nothing must not look as if it had been recorded."""
    if data.lstrip()[:1] != b"[":
        wires = [line.strip() for line in data.splitlines() if line.strip()]
    else:
        tree = json_text.read(data)
        if not isinstance(tree, list) or not all(isinstance(item, str) for item in tree):
            raise InputError("wires")
        wires = [str(item).encode("utf-8") for item in tree]
    if not wires:
        raise InputError("wires-none")
    return wires


def submit(node: Node, wires: Sequence[bytes]) -> Iterator[Receipt | LedgerError]:
    """Log the entries, as many a request as one may hold; one answer each, in order."""
    for start in range(0, len(wires), MAX_REQUEST):
        yield from node.submit(wires[start : start + MAX_REQUEST])
