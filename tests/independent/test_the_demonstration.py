"""Two seasons of three members, played into a real log: each bundle, and the altered copy, judged by both verifiers."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from api.access import Access
from api.demo.play import PASSPHRASE, play
from api.pages.consumer.kept import Packs
from api.settings import Settings
from ledger.node import Node
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
    page = played.verifier.read_bytes()
    assert sha256(page).hexdigest() == played.digest
    printed = played.sheets.read_text("utf-8")
    assert printed.count('class="sheet"') == 5
    assert "demo/received/" in printed
    assert not re.search(r"(src|href)=", printed)
    with Node.open(str(tmp_path / "demo"), passphrase=PASSPHRASE) as node:
        shown = Packs(node, Access(node, Settings(anonymous="published"))).of(played.finished)
    assert shown is not None
    assert [voice.picture in shown.pictures for voice in shown.pack.voices] == [True, True]
