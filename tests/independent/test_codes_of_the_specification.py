"""Every code that the specification names exists in the rooms it describes, and every code of these rooms is named."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.official import ROOT

SPEC = ROOT / "docs" / "spec"
CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+|row|base64url|note|checkpoint|vkey|policy")
# Each page, and the rooms whose refusals it lists.
ROOMS = {
    "entry.md": ("ledger/entry", "ledger/keys/signature.py", "schemas/syntax/json_text.py",
                 "schemas/syntax/base64url.py"),
    "registry.md": ("ledger/registry",),
    "bundle.md": ("ledger/bundle.py", "ledger/fields.py", "ledger/evidence_file.py", "ledger/verify"),
    "log.md": ("ledger/log",),
}  # fmt: skip
# Raised to whoever calls these rooms wrongly, or keeps their state: nothing that is read from outside meets them.
OURS = {
    "registry.md": {
        "body-kind", "index-out-of-order", "lane-gap", "registry-dump", "tag-bucket-bits", "tag-items-order",
        "tag-known", "tag-subtrees-overlap", "tag-unknown",
    },
    "bundle.md": {"file-unreadable"},
    "entry.md": {"entry-not-disclosed", "lot-number", "pop-line"},
    "log.md": {"cosignature-time"},
}  # fmt: skip
SAID = {"InputError", "EvidenceError", "deny", "miss", "note", "Reason"}


def raised(rooms: tuple[str, ...]) -> Iterator[str]:
    """The literal codes of errors and reasons in these rooms."""
    for room in rooms:
        files = [ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py"))
        for file in files:
            yield from codes_in(file)


def codes_in(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in SAID:
                for found in ast.walk(node.args[0]):
                    if isinstance(found, ast.Constant) and isinstance(found.value, str):
                        yield found.value


def named(text: str) -> set[str]:
    """Everything in the text that looks like a code: in `code` or in [brackets]."""
    quoted = set(re.findall(r"`([^`\n]+)`", text))
    listed = {part.strip() for found in re.findall(r"\[([a-z0-9\-, ()?\n]+)\]", text) for part in found.split(",")}
    return quoted | {part.removesuffix(" (?)").removesuffix(" (i)").strip() for part in listed}


WORDS = {page.name: named(page.read_text("utf-8")) for page in sorted(SPEC.glob("*.md"))}


@pytest.mark.parametrize("page", ROOMS)
def test_every_code_of_a_room_is_on_its_page(page: str) -> None:
    anywhere = set().union(*WORDS.values())
    missing = set(raised(ROOMS[page])) - OURS[page] - anywhere
    assert sorted(missing) == []


def test_every_code_of_the_specification_is_said_somewhere() -> None:
    known = {code for rooms in ROOMS.values() for code in raised(rooms)}
    families = {code.split("-")[0] for code in known if "-" in code}
    claimed = {
        word for words in WORDS.values() for word in words if CODE.fullmatch(word) and word.split("-")[0] in families
    }
    assert sorted(claimed - everything()) == []


def everything() -> set[str]:
    """Every literal of the pure rooms: some codes are chosen from tables."""
    found = set()
    for file in [*(ROOT / "ledger").rglob("*.py"), *(ROOT / "schemas").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_every_page_and_every_folder_of_vectors_is_listed() -> None:
    text = (SPEC / "README.md").read_text("utf-8")
    for page in SPEC.glob("*.md"):
        assert page.name == "README.md" or f"]({page.name})" in text
    for folder in (ROOT / "tests" / "vectors").iterdir():
        assert not folder.is_dir() or folder.name == "__pycache__" or f"`tests/vectors/{folder.name}`" in text


@pytest.mark.parametrize("page", sorted(WORDS))
def test_every_link_between_pages_leads_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)", (SPEC / page).read_text("utf-8")):
        assert (SPEC / target).exists(), target
