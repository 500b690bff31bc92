"""Keys at rest: encrypted, private, never overwritten, whole after a crash."""

import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ledger.keys import durable
from ledger.keys.keyfile import read_key, write_key
from ledger.keys.signer import MemorySigner
from schemas.errors import InputError, UnavailableError

SIGNER = MemorySigner.from_seed("ES256", b"file")


def code(path: Path, passphrase: bytes = b"word") -> str:
    with pytest.raises(InputError) as error:
        read_key(path, passphrase)
    return error.value.code


@pytest.mark.parametrize("alg", ["ES256", "Ed25519"])
def test_a_key_comes_back_with_its_passphrase_only(tmp_path: Path, alg: str) -> None:
    signer = MemorySigner.from_seed(alg, b"file")  # type: ignore[arg-type]
    write_key(tmp_path / "a.pem", signer, b"word")
    assert read_key(tmp_path / "a.pem", b"word").public == signer.public
    assert code(tmp_path / "a.pem", b"other") == "wrong-passphrase"
    assert code(tmp_path / "a.pem", b"") == "wrong-passphrase"


def test_the_file_is_encrypted_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    write_key(tmp_path / "a.pem", SIGNER, b"word")
    assert (tmp_path / "a.pem").read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert stat.S_IMODE((tmp_path / "a.pem").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["a.pem"]


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    write_key(tmp_path / "a.pem", SIGNER, b"word")
    before = (tmp_path / "a.pem").read_bytes()
    with pytest.raises(InputError, match="file-exists"):
        write_key(tmp_path / "a.pem", MemorySigner.generate(), b"word")
    assert (tmp_path / "a.pem").read_bytes() == before


def test_an_empty_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="passphrase-empty"):
        write_key(tmp_path / "a.pem", SIGNER, b"")
    assert not list(tmp_path.iterdir())


def test_missing_clear_damaged_and_foreign_files_are_told_apart(tmp_path: Path) -> None:
    assert code(tmp_path / "none.pem") == "key-file-missing"
    clear = SIGNER.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "clear.pem").write_bytes(clear)
    assert code(tmp_path / "clear.pem") == "key-file-not-encrypted"
    write_key(tmp_path / "a.pem", SIGNER, b"word")
    text = (tmp_path / "a.pem").read_bytes()
    (tmp_path / "torn.pem").write_bytes(text[:120])
    assert code(tmp_path / "torn.pem") == "wrong-passphrase"
    other = MemorySigner(SIGNER.public, ec.generate_private_key(ec.SECP384R1()))
    write_key(tmp_path / "p384.pem", other, b"word")
    assert code(tmp_path / "p384.pem") == "key-type"


@pytest.mark.parametrize("operation", ["fsync", "link"])
def test_a_disk_error_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "no space")

    with monkeypatch.context() as patch:
        patch.setattr(os, operation, fail)
        with pytest.raises(UnavailableError, match="no space left"):
            write_key(tmp_path / "a.pem", SIGNER, b"word")
    assert not list(tmp_path.iterdir())
    write_key(tmp_path / "a.pem", SIGNER, b"word")


def test_a_replaced_file_is_the_old_one_or_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    durable.replace(tmp_path / "list", b"old")

    def fail(*_: object) -> None:
        raise OSError(5, "input/output")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(UnavailableError, match="file-write"):
            durable.replace(tmp_path / "list", b"new")
    assert (tmp_path / "list").read_bytes() == b"old"
    durable.replace(tmp_path / "list", b"new")
    assert (tmp_path / "list").read_bytes() == b"new"
