"""What a command does with the streams it is started with: a reader that goes away, and streams that are closed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli.context import write_output
from schemas.errors import UnavailableError
from tests.simulator.command_line import ROOT


def test_a_reader_that_goes_away_is_no_verdict() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    line = [sys.executable, "-m", "api.cli.main", "verify", "README.md"]
    done = subprocess.run(line, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_closed_streams_end_nothing_in_a_traceback() -> None:
    convert = f'exec "{sys.executable}" -m api.cli.main convert --to epcis20-xml'

    def ended(rest: str) -> tuple[int, bytes]:
        done = subprocess.run(["sh", "-c", f"{convert} {rest}"], cwd=ROOT, stderr=-1, check=False)
        return done.returncode, done.stderr.splitlines()[-1:][0] if done.stderr else b""

    assert ended("examples/harvest.jsonld >&-") == (0, b"")
    code, said = ended("- <&-")
    assert (code, said[-13:]) == (65, b"[json-syntax]")


def test_a_file_that_is_interrupted_leaves_nothing_behind(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_output(str(tmp_path / "lot.zip"), pieces())
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_a_name_is_refused() -> None:
    with pytest.raises(UnavailableError) as refused:
        write_output("", b"x")
    assert refused.value.code == "file-unwritable"
