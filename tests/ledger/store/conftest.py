"""An empty store on each database; whatever a test here says, it says of both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.store.engine import Store


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store may be made: a folder, or a database of its own on a real server."""
    if request.param == "sqlite":
        return str(tmp_path / "store")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def store(location: str) -> Iterator[Store]:
    """An empty store, closed at the end."""
    with Store.create(location) as made:
        yield made
