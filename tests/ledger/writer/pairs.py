"""Two processes' nodes on one store, in one process: the first writes, the second stands by.

with pair(location, folder) as (writer, standby): standby.submit(…)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ledger.capture.document import Document, read_document
from ledger.node import Node
from schemas.syntax import json_text
from tests.simulator.phones import made, opened


def document(*sent: dict[str, Any], name: str = "arrivals.jsonld") -> Document:
    """Bare events as a document."""
    return read_document(json_text.write(list(sent)), name=name)


def joined(location: str, folder: Path, **how: Any) -> Node:
    """One more server of a log."""
    return opened(location, folder, write="when-free", **how)


@contextmanager
def pair(location: str, folder: Path) -> Iterator[tuple[Node, Node]]:
    """A new log with two servers."""
    made(location, folder).close()
    with joined(location, folder) as writer, joined(location, folder) as standby:
        assert (writer.writes, standby.writes) == (True, False)
        yield writer, standby
