"""The official data tests read in place: schemas, vectors and example documents, never copied here.

`FILIERA_SHARED` names the folder (default `../shared`). Where the data is missing a test is counted as not run and
the reason is listed at the end; in CI (`CI` set) it fails, because a proof that was not made is not a proof.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("FILIERA_SHARED", str(ROOT.parent / "shared")))
DATA = SHARED / "data"


def not_run(reason: str) -> None:
    """This machine lacks what the test needs: a failure in CI, listed elsewhere."""
    if os.environ.get("CI"):
        pytest.fail(f"not run: {reason}")
    pytest.skip(reason)


def official(path: str) -> Path:
    """One official file or folder below `data/`, inside a test."""
    found = DATA / path
    if not found.exists():
        not_run(f"no official data: {path}")
    return found


def official_files(*patterns: str) -> list[Any]:
    """Parameters for `pytest.mark.parametrize`: every file below `data/` that matches, named by its path.

    Where nothing matches the list holds one path that does not exist; `official_text` and `present` say so.
    """
    found = sorted({file for pattern in patterns for file in DATA.glob(pattern) if file.is_file()})
    if not found:
        return [pytest.param(DATA / patterns[0], id="missing")]
    return [pytest.param(file, id=str(file.relative_to(DATA))) for file in found]


def present(file: Path) -> Path:
    """`file` itself, or the test counted as not run when it is missing."""
    if not file.exists():
        not_run(f"no official data: {file.name}")
    return file


def walk(*patterns: str) -> Iterator[Path]:
    """Every official file that matches, inside a test; not run when there is none."""
    files = [param.values[0] for param in official_files(*patterns)]
    for file in files:
        yield present(file)
