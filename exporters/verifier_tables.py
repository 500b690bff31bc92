"""What the verifier's modules know from the house's tables: sentences in both languages, and units of measure.

python -m exporters.verifier_tables          # after a sentence or a factor changed; a test says when it is time

- Of the sentences those whose code a module names, and of the words that fill them the same: a phone loads one language
  and nothing it has no use for. What a module puts together (`page-key-…`, `verdict-…`) is taken by its beginning.
- Modules beside the others, so that pages, Node and the one HTML file load them as they load the rest.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from schemas.lists.table import rows
from schemas.wording import LANGUAGES, Language, catalogue, words

HERE = Path(__file__).resolve().parent
MODULES = HERE.parent / "ledger" / "js"
_FACES = HERE / "js"
_LITERAL = re.compile(r"'([^'\\\n]+)'|\"([^\"\\\n]+)\"")
_PUT_TOGETHER = ("verdict-", "page-")
_WRITTEN = "/* Written by `python -m exporters.verifier_tables` from the tables that Python reads. */\n\n"


def tables() -> Mapping[str, str]:
    """File name in `ledger/js` -> what it holds."""
    return {"conversions.js": _conversions(), **{_name(language): _words(language) for language in LANGUAGES}}


def write() -> None:
    """Write what is out of date."""
    for name, text in tables().items():
        file = MODULES / name
        if not file.exists() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8")


def _name(language: Language) -> str:
    return f"words.{language}.js"


def _conversions() -> str:
    lines = "".join(
        f"  ['{row['code']}', '{row['dimension']}', '{row['factor']}', '{row['offset']}'],\n"
        for row in rows("conversions")
    )
    return f"{_WRITTEN}export const CONVERSIONS = [\n{lines}];\n"


def _words(language: Language) -> str:
    filling = {name: words(language)[name] for name in sorted(_literals() & words(language).keys())}
    return f"{_WRITTEN}{_object('SENTENCES', dict(_sentences(language)))}\n{_object('WORDS', filling)}"


def _sentences(language: Language) -> Iterator[tuple[str, str]]:
    """Code -> what happened and what to do, as one text."""
    found, named = catalogue(language), _literals()
    for code in sorted(found):
        if code in named or code.startswith(_PUT_TOGETHER):
            yield code, " ".join(part for part in (found[code]["what"], found[code].get("mend", "")) if part)


def _object(name: str, members: Mapping[str, str]) -> str:
    lines = "".join(f"  {json.dumps(key)}: {json.dumps(said, ensure_ascii=False)},\n" for key, said in members.items())
    return f"export const {name} = {{\n{lines}}};\n"


@cache
def _literals() -> frozenset[str]:
    """Every text that a module names."""
    written = {"conversions.js", *map(_name, LANGUAGES)}
    files = [file for folder in (MODULES, _FACES) for file in folder.rglob("*.js") if file.name not in written]
    return frozenset(one or other for file in sorted(files) for one, other in _LITERAL.findall(file.read_text("utf-8")))


if __name__ == "__main__":
    write()
