"""One season for all papers of a process: it is read, never written to."""

from collections.abc import Iterator

import pytest

from tests.simulator.paperwork import Season, paperwork


@pytest.fixture(scope="session")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """Tomatoes from two fields, packed, shipped and received."""
    with paperwork(tmp_path_factory.mktemp("season")) as made:
        yield made
