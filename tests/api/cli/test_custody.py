"""Backup, restore, rebuild, audit, proof and trust, as the keeper of a store uses them."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from api.cli.main import run
from ledger.entry.jwt import leaf_hash
from ledger.entry.parse import parse_leaf
from ledger.log.note import VerifierKey
from ledger.log.tlog_proof import parse, verify
from ledger.registry.replay import Registry

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
LOT = "(01)09521001002011(10)F26175"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger with the first example captured, in a home of its own, speaking English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "FILIERA_STORE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("FILIERA_PASSPHRASE", "a long sentence of our own")
    assert run(["init", "--name", "Cooperativa Sole"]) == 0
    assert run(["capture", str(EXAMPLES / "harvest.jsonld")]) == 0
    return tmp_path / "filiera-data"


def tables(store: Path) -> list[str]:
    """Everything in it but `judged`, which counts the turns taken at judging and says nothing of any lot."""
    with sqlite3.connect(store / "ledger.db") as connection:
        return [line for line in connection.iterdump() if not line.startswith('INSERT INTO "judged"')]


def test_a_backup_with_its_secrets_comes_back_and_goes_on(store: Path) -> None:
    assert run(["backup", "saved", "--secrets-file", "secrets.copy"]) == 0
    assert run(["restore", "saved", "--store", "back", "--secrets-file", "secrets.copy"]) == 0
    shutil.copytree(store / "keys", "back/keys")
    assert run(["audit", "--store", "back"]) == 0
    assert run(["capture", "--store", "back", str(EXAMPLES / "packing.jsonld")]) == 0
    assert run(["audit", "--store", "back"]) == 0


def test_a_backup_holds_no_key_and_opens_nothing(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backup", "saved"]) == 0
    assert sorted(file.name for file in Path("saved").iterdir()) == ["ledger.db", "log"]
    assert run(["restore", "saved", "--store", "back"]) == 0
    shutil.copytree(store / "keys", "back/keys")
    capsys.readouterr()
    assert run(["audit", "--store", "back"]) == 65
    assert "[audit-disclosure-missing]" in capsys.readouterr().err


def test_a_backup_never_overwrites_another(store: Path) -> None:
    assert run(["backup", "saved"]) == 0
    assert run(["backup", "saved"]) == 65


def test_a_log_that_went_on_after_its_backup_is_not_written_again(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backup", "saved"]) == 0
    assert run(["capture", str(EXAMPLES / "packing.jsonld")]) == 0
    capsys.readouterr()
    assert run(["restore", "saved", "--store", "back"]) == 65
    assert "[log-rolled-back]" in capsys.readouterr().err
    assert not Path("back").exists()


def test_without_a_guard_nobody_can_say_and_it_has_to_be_accepted(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backup", "saved"]) == 0
    shutil.rmtree(Path("home/.local/state/filiera/guards"))
    capsys.readouterr()
    assert run(["restore", "saved", "--store", "back"]) == 65
    assert "[restore-no-guard]" in capsys.readouterr().err


def test_an_accepted_rollback_starts_a_successor_that_names_the_highest_head(store: Path) -> None:
    assert run(["backup", "saved", "--secrets-file", "secrets.copy"]) == 0
    assert run(["capture", str(EXAMPLES / "packing.jsonld")]) == 0
    highest = (store / "log" / "checkpoint").read_bytes().splitlines()
    accepted = ["restore", "saved", "--store", "back", "--accept-rollback", "--secrets-file", "secrets.copy"]
    assert run(accepted) == 65
    assert run([*accepted, "--name", "Cooperativa Sole"]) == 0
    with sqlite3.connect("back/ledger.db") as connection:
        (jwt,) = connection.execute("SELECT jwt FROM entry WHERE idx = 0").fetchone()
    predecessor = Registry.genesis(parse_leaf(jwt)).predecessor
    assert predecessor is not None
    assert (predecessor.origin, predecessor.size) == (highest[0].decode(), int(highest[1]))
    assert run(["audit", "--store", "back"]) == 0
    assert run(["capture", "--store", "back", str(EXAMPLES / "packing.jsonld")]) == 0
    assert run(["audit", "back/predecessor/log"]) == 0


def test_an_altered_backup_is_not_restored(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backup", "saved"]) == 0
    bundle = next(Path("saved/log/tile/entries").rglob("*.p/*"))
    data = bundle.read_bytes()
    # The last character of the last signature, in another spelling: it still is text, and no longer what was logged.
    bundle.write_bytes(data[:-2] + (b"A" if data[-2:-1] != b"A" else b"B") + data[-1:])
    capsys.readouterr()
    assert run(["restore", "saved", "--store", "back"]) == 65
    assert "[audit-leaf]" in capsys.readouterr().err


def test_rebuild_gives_the_same_tables(store: Path) -> None:
    assert run(["capture", str(EXAMPLES / "packing.jsonld")]) == 0
    assert run(["rebuild"]) == 0
    before = tables(store)
    assert run(["rebuild"]) == 0
    assert tables(store) == before
    assert run(["export", "bundle", LOT, "-o", "lot.filiera.json"]) == 0
    assert run(["verify", "lot.filiera.json"]) == 0


def test_the_proof_of_an_entry_leads_to_a_signed_checkpoint(store: Path) -> None:
    assert run(["proof", "4", "-o", "entry.tlog-proof"]) == 0
    proof = parse(Path("entry.tlog-proof").read_bytes())
    with sqlite3.connect(store / "ledger.db") as connection:
        (genesis,) = connection.execute("SELECT jwt FROM entry WHERE idx = 0").fetchone()
    registry = Registry.genesis(parse_leaf(genesis))
    vkey = VerifierKey.of_log(registry.origin, registry.log_key)
    assert proof.extra is not None
    assert verify(proof, leaf_hash(proof.extra), vkey).origin == registry.origin
    assert run(["proof", "4000", "-o", "none"]) == 65


def test_trust_is_given_with_a_fingerprint_and_taken_back(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (policy,) = Path("home/.config/filiera/policies").glob("*.policy")
    shutil.copyfile(policy, "coop.policy")
    capsys.readouterr()
    assert run(["trust", "list", "--json"]) == 0
    known = json.loads(capsys.readouterr().out)
    assert run(["trust", "remove", known["origin"]]) == 0
    assert run(["trust", "list"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["trust", "add", "coop.policy"]) == 65
    assert run(["trust", "add", "coop.policy", "--fingerprint", "00" * 32]) == 65
    assert run(["trust", "add", "coop.policy", "--fingerprint", known["fingerprint"]]) == 0
    assert run(["trust", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["origin"] == known["origin"]
    assert run(["trust", "remove", "nobody.example/log"]) == 65


def test_a_bundle_cannot_vouch_for_its_own_log(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lot = "(01)09521001001014(10)11-260624"
    assert run(["export", "bundle", lot, "-o", "lot.filiera.json"]) == 0
    assert run(["trust", "add", "lot.filiera.json", "--fingerprint", "00" * 32]) == 65
    assert "[trust-source]" in capsys.readouterr().err
