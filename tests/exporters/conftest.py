"""Two seasons for all papers of a process: they are read, never written to."""

from collections.abc import Iterator

import pytest

from tests.simulator import animals
from tests.simulator.paperwork import Season, paperwork


@pytest.fixture(scope="session")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """Tomatoes from two fields, packed, shipped and received."""
    with paperwork(tmp_path_factory.mktemp("season")) as made:
        yield made


@pytest.fixture(scope="session")
def farmyard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """The same, and beside it cheese, fish, eggs, and peaches of which some are from an exempt grower."""
    with paperwork(tmp_path_factory.mktemp("farmyard")) as made:
        animals.record(made)
        yield made
