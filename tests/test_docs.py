"""What the docs say is what the program does: commands, options and messages are written from it."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIMITS = ROOT / "docs" / "limits.md"


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["commands", "comandi", "messages", "interface", "interfaccia"])
def test_the_reference_says_what_the_program_does(reference: ModuleType, page: str) -> None:
    written = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    assert written == getattr(reference, page)(), "run: python docs/make_reference.py"


@pytest.mark.parametrize("page", ["commands", "comandi"])
def test_every_option_explains_itself(reference: ModuleType, page: str) -> None:
    silent = [line for line in getattr(reference, page)().splitlines() if line.startswith("- `") and line.endswith("`")]
    assert silent == []


def test_every_known_limit_in_the_code_is_in_the_docs() -> None:
    """A module with a `KNOWN LIMIT:` is named by docs/limits.md, and the other way round."""
    marked = {
        str(file.relative_to(ROOT))
        for room in ("schemas", "ledger", "exporters", "api")
        for file in (ROOT / room).rglob("*.py")
        if "KNOWN LIMIT:" in file.read_text("utf-8")
    }
    named = set(re.findall(r"`((?:schemas|ledger|exporters|api)/[a-z0-9_/]+\.py)`", LIMITS.read_text("utf-8")))
    assert marked == named
