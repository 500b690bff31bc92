"""A stranger's reader, written from the C2SP texts only, reads logs from a plain file server."""

import ast
import shutil
from pathlib import Path

import pytest

from ledger.keys.signer import MemorySigner
from ledger.log.note import VerifierKey
from tests.independent import c2sp_reader
from tests.independent.c2sp_reader import Refused, read, read_log
from tests.independent.log_folder import write_log
from tests.independent.static_files import served
from tests.official import official

SIGNER = MemorySigner.from_seed("Ed25519", b"log")
VKEY = VerifierKey.of_log("example.com/log", SIGNER.public.raw)
SIZES = (1, 3, 255, 256, 257, 700)


ENTRIES = [b"entry %d" % i for i in range(SIZES[-1])]


def test_the_reader_knows_nothing_of_our_code() -> None:
    tree = ast.parse(Path(c2sp_reader.__file__).read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported.isdisjoint({"ledger", "schemas", "exporters", "api", "tests"})
    assert "cryptography" in imported


def test_it_reads_the_official_log_at_each_of_its_sizes() -> None:
    folder = official("crypto/tlog-tiles-tessera15")
    vkey = (folder / "log.vkey").read_text()
    leaves = tuple((folder / "leaves.txt").read_bytes().splitlines())
    with served(folder) as url:
        for size in range(16):
            assert read_log(url, vkey, f"checkpoint.{size}").entries == leaves[:size]
        assert read_log(url, vkey).size == 15


def test_it_reads_our_log_at_every_published_size(tmp_path: Path) -> None:
    write_log(tmp_path / "log", VKEY.name, SIGNER, ENTRIES, SIZES)
    with served(tmp_path) as url:
        for size in SIZES:
            log = read_log(f"{url}/log", str(VKEY), f"checkpoint.{size}")
            assert (log.origin, log.entries) == (VKEY.name, tuple(ENTRIES[:size]))
        assert read_log(f"{url}/log", str(VKEY)).size == SIZES[-1]


def test_it_refuses_a_log_with_any_changed_file(tmp_path: Path) -> None:
    write_log(tmp_path / "log", VKEY.name, SIGNER, ENTRIES, (257, 300))
    other = VerifierKey.of_log(VKEY.name, MemorySigner.from_seed("Ed25519", b"thief").public.raw)

    def fetch(path: str) -> bytes:
        return (tmp_path / "log" / path).read_bytes()

    assert read(fetch, str(VKEY)).size == 300
    with pytest.raises(Refused, match="not signed"):
        read(fetch, str(other))
    for path in ("tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"):
        copy = tmp_path / "copy"
        shutil.copytree(tmp_path / "log", copy)
        data = bytearray((copy / path).read_bytes())
        data[-1] ^= 1
        (copy / path).write_bytes(data)
        with pytest.raises(Refused):
            read(lambda file, copy=copy: (copy / file).read_bytes(), str(VKEY))  # type: ignore[misc]
        shutil.rmtree(copy)
