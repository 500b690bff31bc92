"""`filiera-verify.pyz` with nothing beside it but `cryptography`: every bundle, every vector, every exit status."""

import importlib.metadata
import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "tests" / "vectors" / "bundle"
NEEDED = ("cryptography", "cffi", "pycparser")


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment that holds `cryptography` and what that needs itself; copied, so that no network is asked."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for name in NEEDED:
        try:
            files = importlib.metadata.distribution(name).files or []
        except importlib.metadata.PackageNotFoundError:
            continue
        for file in files:
            if ".." not in file.parts and "__pycache__" not in file.parts:
                target = packages / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(file.locate()), target)
    return folder / "bin" / "python"


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("built") / "filiera-verify.pyz"
    subprocess.run([sys.executable, str(ROOT / ".ci" / "build_verifier.py"), str(target)], check=True)
    return target


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, dict[str, object]]]:
    folder = tmp_path_factory.mktemp("files")
    found = {}
    for file in sorted(FOLDER.glob("*.json")):
        vector = json.loads(file.read_text("utf-8"))
        target = folder / f"{file.stem}.filiera.json"
        target.write_text(vector["file"], "utf-8")
        found[file.stem] = (target, vector)
    return found


def run(python: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(python), "-I", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT.anchor, check=False)


def test_the_environment_holds_nothing_else(bare_python: Path) -> None:
    for name in ("sqlalchemy", "click", "jsonschema_rs", "ledger", "schemas"):
        assert run(bare_python, "-c", f"import {name}").returncode != 0
    assert run(bare_python, "-c", "import cryptography").returncode == 0


def test_the_same_sources_give_the_same_bytes(verifier: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.pyz"
    subprocess.run([sys.executable, str(ROOT / ".ci" / "build_verifier.py"), str(again)], check=True)
    assert again.read_bytes() == verifier.read_bytes()


def test_every_vector_is_judged_as_it_says(
    bare_python: Path, verifier: Path, vectors: dict[str, tuple[Path, dict[str, object]]]
) -> None:
    policy = FOLDER / "policy.txt"
    files = [file for file, _ in vectors.values()]
    done = run(bare_python, verifier, *files, "--policy", policy, "--json")
    assert done.stderr == ""
    assert done.returncode == 1
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["verdicts"] for answer in answers] == [vector["verdicts"] for _, vector in vectors.values()]
    valid = {0: True, 1: False, 2: None}
    assert [answer["valid"] for answer in answers] == [valid[int(str(v["exit"]))] for _, v in vectors.values()]


@pytest.mark.parametrize(
    ("name", "arguments", "status", "words"),
    [
        ("valid-back-full", (), 0, "VALID"),
        ("valid-back-full", ("--lang", "it"), 0, "VALIDO"),
        ("valid-back-full", ("--require", "complete"), 0, "VALID"),
        ("valid-back-full", ("--require", "witnessed"), 2, "CANNOT TELL"),
        ("valid-one-event", ("--require", "complete"), 2, "CANNOT TELL"),
        ("unknown-log", (), 2, "CANNOT TELL"),
        ("refused-left-out", ("--lang", "it"), 1, "NON VALIDO"),
    ],
)
def test_one_file_gives_its_own_status(
    bare_python: Path, verifier: Path, vectors: dict[str, tuple[Path, dict[str, object]]],
    name: str, arguments: tuple[str, ...], status: int, words: str,
) -> None:  # fmt: skip
    done = run(bare_python, verifier, vectors[name][0], "--policy", FOLDER / "policy.txt", *arguments)
    assert (done.returncode, done.stdout.splitlines()[1]) == (status, words)


def test_a_file_that_is_no_bundle_is_never_valid(bare_python: Path, verifier: Path, tmp_path: Path) -> None:
    for number, data in enumerate((b"", b"%PDF-1.7", b"PK\x03\x04", b"{}", b"<a/>", b"\xff\xfe")):
        paper = tmp_path / f"{number}.xlsx"
        paper.write_bytes(data)
        assert run(bare_python, verifier, paper, "--policy", FOLDER / "policy.txt").returncode == 2


def test_usage_errors_exit_64(bare_python: Path, verifier: Path, tmp_path: Path) -> None:
    assert run(bare_python, verifier).returncode == 64
    assert run(bare_python, verifier, tmp_path / "missing.json").returncode == 64
    assert run(bare_python, verifier, FOLDER / "policy.txt", "--require", "everything").returncode == 64
