"""A log on both databases, and a server over it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.settings import Settings
from ledger.node import Node
from tests.simulator.phones import made
from tests.simulator.server import running


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
def settings() -> Settings:
    """What the operator chose; tests that need another choice have their own."""
    return Settings(capture_events=20, capture_bytes=200_000, page=3, page_most=5)


@pytest.fixture
def client(node: Node, settings: Settings) -> Iterator[httpx.Client]:
    """A client of a server over that log."""
    with running(node, settings) as client:
        yield client
