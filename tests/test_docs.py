"""What the docs say is what the program does: commands, options and messages are written from it."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["commands", "messages"])
def test_the_reference_says_what_the_program_does(reference: ModuleType, page: str) -> None:
    written = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    assert written == getattr(reference, page)(), "run: python docs/make_reference.py"


def test_every_option_explains_itself(reference: ModuleType) -> None:
    silent = [line for line in reference.commands().splitlines() if line.startswith("- `") and line.endswith("`")]
    assert silent == []


def test_every_known_limit_in_the_code_is_in_the_docs() -> None:
    """A `KNOWN LIMIT:` beside the code begins with the words that docs/limits.md uses for it."""
    limits = " ".join((ROOT / "docs" / "limits.md").read_text("utf-8").lower().split())
    missing = []
    for room in ("schemas", "ledger", "exporters", "api"):
        for file in sorted((ROOT / room).rglob("*.py")):
            for line in file.read_text("utf-8").splitlines():
                if "KNOWN LIMIT:" in line:
                    words = line.split("KNOWN LIMIT:")[1].strip().lower().split()[:5]
                    if " ".join(words).rstrip(".,;:") not in limits:
                        missing.append(f"{file.relative_to(ROOT)}: {line.strip()}")
    assert missing == []
