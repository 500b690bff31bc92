"""A server over the two cooperatives, and clients of it with credentials of every kind."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from api.access import Access
from api.settings import Settings
from tests.api.conftest import Consortium
from tests.simulator.server import running


@pytest.fixture
def settings() -> Settings:
    """What the operator chose."""
    return Settings(anonymous="published")


@pytest.fixture
def client(consortium: Consortium, settings: Settings) -> Iterator[httpx.Client]:
    """A client without credentials."""
    with running(consortium.node, settings, token=None) as client:
        yield client


@pytest.fixture
def token(consortium: Consortium) -> Callable[..., dict[str, str]]:
    """Makes a token of a member (None: the operator's) with some scopes; the header that carries it."""
    accounts = Access(consortium.node, Settings()).accounts

    def made(member: str | None, *scopes: str) -> dict[str, str]:
        text = accounts.add_token("test", member=member, scopes=scopes, days=1).text
        return {"Authorization": f"Bearer {text}"}

    return made
