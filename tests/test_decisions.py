"""Decisions are numbered without gaps, listed, and every mention of one leads to it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ADR = ROOT / "docs" / "adr"
FILES = sorted(file for file in ADR.glob("*.md") if file.name != "README.md")


def test_they_are_numbered_from_one_without_gaps() -> None:
    assert [file.name[:5] for file in FILES] == [f"{number:04d}-" for number in range(1, len(FILES) + 1)]
    for file in FILES:
        assert file.read_text("utf-8").startswith(f"# {file.name[:4]}: ")


def test_each_is_listed_under_its_title() -> None:
    listed = re.findall(r"\| (\d{4}) \| \[(.+)\]\((.+)\) \|", (ADR / "README.md").read_text("utf-8"))
    titles = [file.read_text("utf-8").partition("\n")[0].removeprefix("# ") for file in FILES]
    assert [(f"{number}: {title}", name) for number, title, name in listed] == [
        (title, file.name) for title, file in zip(titles, FILES, strict=True)
    ]


def test_every_mention_leads_to_a_decision() -> None:
    numbers = {file.name[:4] for file in FILES}
    names = {file.name for file in FILES}
    for room in ("schemas", "ledger", "exporters", "api", "docs"):
        for file in (*(ROOT / room).rglob("*.py"), *(ROOT / room).rglob("*.md")):
            text = file.read_text("utf-8")
            assert set(re.findall(r"docs/adr/(\d{4})", text)) <= numbers, file
            assert set(re.findall(r"\b\d{4}-[a-z0-9-]+\.md", text)) <= names, file
