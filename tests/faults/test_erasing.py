"""Kill -9 at every phase of an erasure: what was declared is finished by whoever opens the log next, and the log says
nothing that is not so."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.readside.erasing import still_held
from ledger.readside.rebuild import rebuild
from ledger.store import disclosures, erasures, objects
from ledger.store.engine import Store
from tests.ledger.custody.test_erase import files
from tests.ledger.readside.test_erasing import by_name
from tests.official import ROOT
from tests.simulator.cooperatives import document, harvested, lot
from tests.simulator.phones import made, opened

pytestmark = pytest.mark.long

# Before the declaration is committed it never was; after that it is finished.
UNSAID = ("before-commit",)
SAID = (
    *("after-commit", "after-tiles", "after-sign", "after-publish"),
    *("after-keys", "after-texts", "after-copies", "after-scrub"),
)
LOT, STAYS = "MARIO-ROSSI-7", "OTHER-1"


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    sqlite = request.param == "sqlite"
    return str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))


def killed(location: str, folder: Path, index: int, phase: str) -> None:
    """An erasure that dies at a phase."""
    line = [sys.executable, "-m", "tests.faults.erased", location, str(folder), str(index), phase]
    done = subprocess.run(line, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def said(location: str, folder: Path) -> tuple[int, int]:
    """A log with a lot to be erased and another; where they stand."""
    with made(location, folder) as node:
        captured = node.capture(document(harvested(LOT), harvested(STAYS)))
        node.settled()
        return captured[0].index, captured[1].index


@pytest.mark.parametrize("phase", SAID)
def test_what_was_declared_is_erased_by_the_next_who_opens_the_log(location: str, tmp_path: Path, phase: str) -> None:
    index, other = said(location, tmp_path)
    killed(location, tmp_path, index, phase)
    with Store.open(location) as store, store.read() as connection:
        assert len(erasures.due(connection)) == 1
    with opened(location, tmp_path) as node:
        node.erased()
        assert node.entry(index).content is None
        assert node.entry(other).content is not None
        with node.store.read() as connection:
            assert erasures.due(connection) == []
            assert still_held(connection) is None
            assert disclosures.digests(connection, index) == []
            assert objects.entries_of(connection, lot(LOT)) == []
            assert [at for at, _ in objects.entries_of(connection, lot(STAYS))] == [other]
        node.settled()
        before = by_name(node.store)
    assert LOT.encode() not in files(location, tmp_path)
    with opened(location, tmp_path, write=False) as reader:
        rebuild(reader.store, reader.keyring.wrapping_key)
        assert {**by_name(reader.store), "lane": None, "read_side": None} == {**before, "lane": None, "read_side": None}


@pytest.mark.parametrize("phase", UNSAID)
def test_what_was_not_declared_yet_is_whole(location: str, tmp_path: Path, phase: str) -> None:
    index, _ = said(location, tmp_path)
    killed(location, tmp_path, index, phase)
    with opened(location, tmp_path) as node:
        node.erased()
        assert node.entry(index).content is not None
        with node.store.read() as connection:
            assert erasures.due(connection) == []
