"""Two seasons for all papers of a process: they are read, never written to."""

from collections.abc import Iterator

import pytest

from api.verbs.attach import attach
from api.verbs.recall import drill, open_recall
from ledger.audience import full
from tests.simulator import animals
from tests.simulator.paperwork import LOT, Season, paperwork


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


REASON, WARNINGS = "Possibile presenza di frammenti di vetro", "Non consumare; restituire anche il vasetto vuoto."
ANALYSIS = b"%PDF-1.7\n% residui: nessuno\n%%EOF\n"
FIELD_BOOK = b"%PDF-1.7\n% quaderno di campagna\n%%EOF\n"


@pytest.fixture(scope="session")
def drilled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """The tomatoes with an analysis of the lot, the field book of a harvest, and a drill."""
    with paperwork(tmp_path_factory.mktemp("drilled")) as made:
        own = made.members[0]
        attach(made.node, ANALYSIS, name="analisi è.pdf", to=LOT, audience=full(), member=own)
        attach(made.node, FIELD_BOOK, name="quaderno.pdf", to=made.raw[0], audience=full(), member=own)
        drill(made.node, LOT, audience=full(), member=own)
        yield made


@pytest.fixture(scope="session")
def recalled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """The tomatoes, after the packed lot was recalled."""
    with paperwork(tmp_path_factory.mktemp("recalled")) as made:
        open_recall(made.node, LOT, REASON, audience=full(), member=made.members[0], warnings=WARNINGS)
        yield made
