"""The rules of the house that no linter holds: sizes, names, silent packages, and both languages complete."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.wording import LANGUAGES, PACKAGES, words

ROOT = Path(__file__).resolve().parents[1]
ROOMS = [ROOT / name for name in ("schemas", "ledger", "exporters", "api")]
ERRORS = {"EvidenceError", "InputError", "UnavailableError", "LedgerError"}
# Other calls whose first text is a code that people read: problems, findings and reasons.
SAYS = {"Problem", "Finding", "Reason", "note", "complain", "_complain", "_lose"}
NAMELESS = {"utils", "util", "common", "helpers", "helper", "manager", "handler", "process", "misc"}


def modules() -> list[Path]:
    return sorted(file for room in ROOMS for file in room.rglob("*.py"))


def named(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("file", modules(), ids=named)
def test_no_module_is_over_400_lines(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize("file", modules(), ids=named)
def test_every_module_begins_with_what_it_is(file: Path) -> None:
    if "migrations" in file.parts:
        return
    assert ast.get_docstring(ast.parse(file.read_text("utf-8")))


def test_no_room_is_without_a_name() -> None:
    nameless = [named(file) for file in modules() if file.stem in NAMELESS or file.parent.name in NAMELESS]
    assert nameless == []


def test_a_package_holds_its_docstring_and_nothing_else() -> None:
    noisy = []
    for file in modules():
        if file.name == "__init__.py":
            body = ast.parse(file.read_text("utf-8")).body
            if len(body) != 1 or not isinstance(body[0], ast.Expr):
                noisy.append(named(file))
    assert noisy == []


def sentences(package: str, language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((ROOT / package / f"{language}.toml").read_text("utf-8"))


def placeholders(entry: dict[str, str]) -> set[str]:
    return {name for text in entry.values() for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("package", PACKAGES)
def test_both_languages_say_the_same_things(package: str) -> None:
    italian, english = (sentences(package, language) for language in LANGUAGES)
    assert set(italian) == set(english)
    differing = [code for code in italian if placeholders(italian[code]) != placeholders(english[code])]
    assert differing == []
    assert all(set(entry) <= {"what", "mend"} and entry.get("what") for entry in [*italian.values(), *english.values()])


def raised() -> Iterator[tuple[str, str]]:
    """Every literal code given to an error, a problem, a finding or a reason, with its file."""
    for file in modules():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in ERRORS | SAYS and node.args and isinstance(node.args[0], ast.Constant):
                code = node.args[0].value
                if isinstance(code, str) and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code):
                    yield code, named(file)


def test_every_code_that_is_raised_has_its_sentence() -> None:
    known = {code for package in PACKAGES for code in sentences(package, "it")}
    verdicts = {"authentic", "included", "keys_valid", "unbroken", "witnessed", "complete", "balanced", "timed"}
    silent = sorted({(code, file) for code, file in raised() if code not in known | verdicts})
    assert silent == []


def named_problems() -> Iterator[tuple[str, str]]:
    """Every literal that the code gives as the `problem` of an error, or falls back to, with its file."""
    for file in modules():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_wrong":
                values = node.args
            elif isinstance(node, ast.keyword) and node.arg == "problem":
                values = node.value.values if isinstance(node.value, ast.BoolOp) else [node.value]
            else:
                continue
            for value in values:
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                    yield value.value, named(file)


def test_every_problem_that_is_named_has_its_word() -> None:
    assert sorted({(problem, file) for problem, file in named_problems() if problem not in words("it")}) == []


def test_no_path_of_a_machine_and_no_unfinished_mark() -> None:
    marks = re.compile(r"/(?:root|home|work)/|TO" r"DO|FIX" r"ME|NotImplemented")
    found = [
        f"{named(file)}:{number}"
        for file in modules()
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        if marks.search(line)
    ]
    assert found == []
