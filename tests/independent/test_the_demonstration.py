"""Two seasons of three members, played into a real log: each bundle, and the altered copy, judged by both verifiers."""

from pathlib import Path

import pytest

from api.demo.play import play
from ledger.trust import KnownLogs
from tests.independent.agreement import agreed


@pytest.mark.long
def test_every_bundle_of_the_demonstration(tmp_path: Path) -> None:
    played = play(tmp_path / "demo", policies=tmp_path / "policies")
    known = KnownLogs(tmp_path / "policies").load()
    assert played.bundles
    for bundle in played.bundles:
        assert agreed(bundle.read_bytes(), known).exit_code == 0
    assert agreed(played.altered.read_bytes(), known).exit_code == 1
