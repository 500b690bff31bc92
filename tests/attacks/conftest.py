from collections.abc import Mapping

import pytest

from ledger.log.policy import KnownLog
from tests.simulator.chain import Chain


@pytest.fixture(scope="session")
def chain() -> Chain:
    """A chain that nobody may change: bundles are made from it, and altered."""
    return Chain()


@pytest.fixture(scope="session")
def known(chain: Chain) -> Mapping[str, KnownLog]:
    """Its log, trusted."""
    return chain.known()


@pytest.fixture(scope="session")
def bundle(chain: Chain, known: Mapping[str, KnownLog]) -> bytes:
    """A bundle that is valid as it is."""
    from tests.attacks.forge import judged

    data = chain.bundle()
    assert judged(data, known).exit_code == 0
    return data
