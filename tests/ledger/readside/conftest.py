"""An empty store on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.store.engine import Store


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store, closed at the end."""
    sqlite = request.param == "sqlite"
    location = str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))
    with Store.create(location) as made:
        yield made
