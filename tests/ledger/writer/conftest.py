"""A log with a writer, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.node import Node
from tests.simulator.phones import Phone, made


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a log may be made: a folder, or a database of its own on a real server."""
    if request.param == "sqlite":
        return str(tmp_path / "store")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def node(location: str, tmp_path: Path) -> Iterator[Node]:
    """A new log, opened for writing."""
    with made(location, tmp_path) as node:
        yield node


@pytest.fixture
def phone(node: Node) -> Phone:
    """A phone of its first member."""
    return Phone.added(node)
