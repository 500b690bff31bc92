"""An answer to a stranger is given again while nothing was committed: to the same question, and to nobody else."""

from collections.abc import Iterator

import httpx
import pytest

from api.resolver import view
from api.settings import Settings
from api.verbs.publish import publish, withdraw
from tests.simulator.paperwork import LINK, Season, paperwork
from tests.simulator.server import running, token_of


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    with paperwork(tmp_path_factory.mktemp("answers")) as made:
        publish(made.node, made.lot, member=made.members[0])
        yield made


@pytest.fixture(scope="module")
def client(season: Season) -> Iterator[httpx.Client]:
    with running(season.node, Settings(anonymous="published"), token=None) as made:
        yield made


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was looked up, and not answered from memory."""
    found, levels = list[str](), view._levels

    def counted(*given: object) -> object:
        found.append("made")
        return levels(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(view, "_levels", counted)
    return found


def asked(client: httpx.Client, season: Season, query: str = "", **headers: str) -> tuple[int, str]:
    answer = client.get(season.lot.removeprefix(LINK) + query, headers={"Accept": "text/html"} | headers)
    return answer.status_code, answer.headers.get("location", "")


def test_the_same_question_is_answered_from_memory(client: httpx.Client, season: Season, made: list[str]) -> None:
    season.node.judged()
    # To make the page it leads to a snapshot is written: the second answer is the first that may be kept.
    answers = [asked(client, season) for _ in range(4)]
    assert len(set(answers)) == 1
    assert len(made) <= 2
    asked(client, season, "?linkType=all")
    asked(client, season, **{"Accept-Language": "en"})
    assert len(made) <= 4


def test_whoever_shows_credentials_is_given_no_strangers_answer(
    client: httpx.Client, season: Season, made: list[str]
) -> None:
    known = {"Authorization": f"Bearer {token_of(season.node, season.members[0])}"}
    for _ in range(2):
        asked(client, season, **known)
    assert len(made) == 2


def test_after_a_commit_it_is_answered_anew(client: httpx.Client, season: Season) -> None:
    path, program = season.lot.removeprefix(LINK), {"Accept": "application/json"}
    assert client.get(path, headers=program).status_code == 200
    withdraw(season.node, season.lot, member=season.members[0])
    assert client.get(path, headers=program).status_code == 404
    publish(season.node, season.lot, member=season.members[0])
    assert client.get(path, headers=program).status_code == 200
