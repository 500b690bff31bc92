"""A store's keys: found by role and member, opened with the passphrase, secrets made once."""

import json
from pathlib import Path

import pytest

from ledger.keys.keyfile import write_key
from ledger.keys.keyring import Keyring
from ledger.keys.signer import MemorySigner
from schemas.errors import InputError, LedgerError

ISS = "urn:uuid:6f6ec4c6-9c1c-4f0f-a4b9-3f2f0a8b1c2d"
OTHER = "urn:uuid:0b1f3d2a-6a0b-4e7e-8c55-9d2f7f1f0e11"
LOG = MemorySigner.from_seed("Ed25519", b"log")
ADMIN = MemorySigner.from_seed("ES256", b"admin")
GATE = MemorySigner.from_seed("ES256", b"gateway")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keyring = Keyring(tmp_path / "keys", b"word")
    keyring.add(LOG, "log", "", "log")
    keyring.add(ADMIN, "admin", ISS, "admin")
    keyring.add(GATE, "gateway", ISS, "gateway")
    return tmp_path / "keys"


def test_keys_are_found_by_role_and_member(folder: Path) -> None:
    keyring = Keyring(folder, b"word")
    assert keyring.find(role="admin", iss=ISS) == [ADMIN.public.kid]
    assert keyring.find(iss=ISS) == [ADMIN.public.kid, GATE.public.kid]
    assert keyring.find(role="admin", iss=OTHER) == []
    assert keyring.open(ADMIN.public.kid).sign(b"x") == ADMIN.sign(b"x")
    assert keyring.log_signer().public == LOG.public


def test_the_list_holds_nothing_secret_and_reads_without_passphrase(folder: Path) -> None:
    keyring = Keyring(folder, None)
    assert [entry.role for entry in keyring.entries] == ["log", "admin", "gateway"]
    with pytest.raises(InputError, match="passphrase-missing"):
        keyring.open(ADMIN.public.kid)
    assert set(json.loads((folder / "keyring.json").read_text())) == {"format", "keys"}
    assert all(b"ENCRYPTED" in file.read_bytes() for file in folder.glob("*.pem"))
    assert folder.stat().st_mode & 0o077 == 0


def test_wrong_unknown_and_missing_keys_are_told_apart(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="wrong-passphrase"):
        Keyring(folder, b"other").open(ADMIN.public.kid)
    with pytest.raises(InputError, match="key-unknown"):
        Keyring(folder, b"word").open("nobody")
    with pytest.raises(InputError, match="key-missing"):
        Keyring(tmp_path / "empty", b"word").log_signer()


def test_a_swapped_key_file_is_noticed(folder: Path) -> None:
    keyring = Keyring(folder, b"word")
    files = {entry.role: folder / entry.file for entry in keyring.entries}
    files["admin"].unlink()
    write_key(files["admin"], MemorySigner.generate(), b"word")
    with pytest.raises(InputError, match="key-file-other"):
        keyring.open(ADMIN.public.kid)


def test_a_key_written_before_a_crash_is_adopted(folder: Path) -> None:
    (folder / "keyring.json").unlink()
    keyring = Keyring(folder, b"word")
    keyring.add(ADMIN, "admin", ISS, "admin")
    assert Keyring(folder, b"word").find(role="admin") == [ADMIN.public.kid]


def test_two_keyrings_on_one_folder_do_not_lose_each_others_keys(folder: Path) -> None:
    one, two = Keyring(folder, b"word"), Keyring(folder, b"word")
    first, second = MemorySigner.generate(), MemorySigner.generate()
    one.add(first, "device", ISS, "phone 1")
    two.add(second, "device", ISS, "phone 2")
    assert Keyring(folder, None).find(role="device") == [first.public.kid, second.public.kid]


def test_a_next_key_becomes_the_admin_key(folder: Path) -> None:
    keyring = Keyring(folder, b"word")
    keyring.assign(GATE.public.kid, "admin")
    assert Keyring(folder, None).find(role="admin") == [ADMIN.public.kid, GATE.public.kid]


def test_a_members_secrets_are_made_once_and_differ(folder: Path) -> None:
    keyring = Keyring(folder, b"word")
    secrets = {
        keyring.object_secret(ISS),
        keyring.wrapping_key(ISS),
        keyring.object_secret(OTHER),
        keyring.wrapping_key(OTHER),
    }
    assert len(secrets) == 4
    assert {len(secret) for secret in secrets} == {32}
    again = Keyring(folder, b"word", random=lambda n: pytest.fail("made anew"))
    assert again.object_secret(ISS) == keyring.object_secret(ISS)
    for file in folder.glob("secret-*.json"):
        assert not any(secret in file.read_bytes() for secret in secrets)


def test_a_secret_of_another_member_or_passphrase_is_refused(folder: Path) -> None:
    keyring = Keyring(folder, b"word")
    keyring.object_secret(ISS)
    keyring.object_secret(OTHER)
    with pytest.raises(InputError, match="wrong-passphrase"):
        Keyring(folder, b"other").object_secret(ISS)
    mine, theirs = sorted(folder.glob("secret-*.json"))
    mine.write_bytes(theirs.read_bytes())
    opened = Keyring(folder, b"word")
    assert opened.object_secret(json.loads(theirs.read_text())["iss"])
    with pytest.raises(InputError, match="wrong-passphrase"):
        opened.object_secret(ISS if OTHER in theirs.read_text() else OTHER)


@pytest.mark.parametrize("text", ["{}", "[]", "not json", '{"format":"filiera-keyring/1","keys":[{}]}'])
def test_a_list_of_another_format_is_refused(folder: Path, text: str) -> None:
    (folder / "keyring.json").write_text(text)
    with pytest.raises(LedgerError):
        Keyring(folder, b"word")


def test_a_list_that_leads_out_of_the_folder_is_refused(folder: Path) -> None:
    text = (folder / "keyring.json").read_text().replace('"file":"', '"file":"../')
    (folder / "keyring.json").write_text(text)
    with pytest.raises(InputError, match="keyring-file"):
        Keyring(folder, b"word")


def test_secret_files_of_another_format_are_refused(folder: Path) -> None:
    keyring = Keyring(folder, b"word")
    keyring.object_secret(ISS)
    file = next(folder.glob("secret-*.json"))
    file.write_text(file.read_text().replace("16384", "2"))
    with pytest.raises(InputError, match="secret-file"):
        Keyring(folder, b"word").object_secret(ISS)


def test_a_forgotten_keyring_opens_nothing(folder: Path) -> None:
    keyring = Keyring(folder, b"word")
    keyring.open(ADMIN.public.kid)
    keyring.forget()
    with pytest.raises(InputError, match="passphrase-missing"):
        keyring.open(ADMIN.public.kid)
