"""Code and context become a sentence, in Italian or English.

Each package keeps its sentences at its root, `it.toml` and `en.toml`: a table per code with `what` (what
happened, what it means) and optionally `mend` (what to do). `{name}` is filled from the error's context.

    sentence("wrong-check-digit", {"value": "4012345000016", "expected": 5}, "it")

- Both languages hold the same codes and the same placeholders; a test compares them.
- What stands for `problem` or `expected` is a word too: `words.toml` says it in the language of the sentence.
- A code without a sentence is shown as itself, never as an exception: an error about an error helps nobody.
"""

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from schemas.errors import LedgerError

Language = Literal["it", "en"]
LANGUAGES: tuple[Language, ...] = ("it", "en")
PACKAGES = ("schemas", "ledger", "exporters", "api")
# The values of a context that are words of ours or of the system, not names or numbers of the user's.
_WORDS = ("problem", "expected", "element", "who")


@cache
def catalogue(language: Language) -> Mapping[str, Mapping[str, str]]:
    """Every sentence of one language: code -> {`what`, `mend`?}, over all packages that are installed."""
    sentences: dict[str, Mapping[str, str]] = {}
    for package in PACKAGES:
        try:
            source = files(package).joinpath(f"{language}.toml")
            text = source.read_text("utf-8")
        except (ModuleNotFoundError, FileNotFoundError):
            continue
        sentences.update(tomllib.loads(text))
    return sentences


@cache
def words(language: Language) -> Mapping[str, str]:
    """The words and phrases that stand inside sentences: as the code names them -> as people read them."""
    try:
        text = files("schemas").joinpath("words.toml").read_text("utf-8")
    except FileNotFoundError:
        return {}
    table: Mapping[str, str] = tomllib.loads(text)[language]
    return table


class _Lenient(string.Formatter):
    """Fills what is known and shows what is not, so that a message never fails."""

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(str(key), f"{{{key}}}")


def sentence(code: str, context: Mapping[str, Any], language: Language) -> str:
    """The sentence for `code`: what happened and, where there is something to do, what to do."""
    entry = catalogue(language).get(code)
    if entry is None:
        details = ", ".join(f"{name}={value}" for name, value in context.items())
        return f"{code} ({details})" if details else code
    text = " ".join(part for part in (entry["what"], entry.get("mend", "")) if part)
    spoken = {name: words(language).get(str(context[name]), context[name]) for name in _WORDS if name in context}
    return _Lenient().vformat(text, (), {**context, **spoken})


_PLACES: Mapping[Language, Mapping[str, str]] = {
    "it": {"document": "documento", "event": "evento", "entry": "registrazione"},
    "en": {"document": "document", "event": "event", "entry": "entry"},
}


def explain(error: LedgerError, language: Language) -> str:
    """The sentence for an error, preceded by the place it was found in when that is known.

    Events are counted from 0, as in every machine-readable answer; the member is named where the sentence does not.
    """
    text = sentence(error.code, error.context, language)
    words = _PLACES[language]
    place = [f"{words[name]} {error.context[name]}" for name in words if name in error.context]
    place += [str(error.context[name]) for name in ("member", "at") if _unsaid(error.context.get(name), text)]
    return f"{', '.join(place)}: {text}" if place else text


def _unsaid(value: Any, text: str) -> bool:
    return value not in (None, "") and str(value) not in text
