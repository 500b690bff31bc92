"""A log on both databases, and a server over it with a client of its founder's."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.settings import Settings
from ledger.node import Node
from tests.simulator.phones import made
from tests.simulator.server import running


@pytest.fixture
def node(location: str, tmp_path: Path) -> Iterator[Node]:
    """A new log, opened for writing."""
    with made(location, tmp_path) as node:
        yield node


@pytest.fixture
def settings() -> Settings:
    """Small bounds, so that tests reach them."""
    return Settings(capture_limit=20, capture_bytes=200_000, page=3, page_most=5)


@pytest.fixture
def client(node: Node, settings: Settings) -> Iterator[httpx.Client]:
    """A client of a server over that log."""
    with running(node, settings) as client:
        yield client
