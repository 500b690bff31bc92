"""A server's ledger with two cooperatives, and a clock that a test can move."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.node import Node
from tests.simulator.cooperatives import LUNA, SOLE, joined
from tests.simulator.phones import made

NOW = 1_790_000_000.0


@dataclass(slots=True)
class Clock:
    """The time, moved by hand."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True, slots=True)
class Consortium:
    """A log of two members: `sole` founded it and operates it, `luna` joined."""

    node: Node
    clock: Clock
    sole: str
    luna: str


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a log may be made: a folder, or a database of its own on a real server."""
    if request.param == "sqlite":
        return str(tmp_path / "store")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def consortium(location: str, tmp_path: Path) -> Iterator[Consortium]:
    """The ledger, opened for writing."""
    clock = Clock()
    with made(location, tmp_path, gln=SOLE, prefixes=("9521001",), clock=clock) as node:
        luna = joined(node, "Cooperativa Luna", gln=LUNA, prefixes=("9521002",))
        yield Consortium(node, clock, node.registry.members()[0].iss, luna)
