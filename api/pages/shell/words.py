"""The words of the pages: a room keeps its own in `words.toml`, a table a language; those of the shell are shared.

    say = words_of("consumer", "it")
    say("harvested", date="12 luglio 2026")  ->  "Raccolto il 12 luglio 2026"

- Both tables of a room hold the same keys with the same placeholders; a test compares them.
- A number decides between `key.one` and `key.other` where both are there: `say("lots", n=3)`.
- A key that is not there is an error while the page is made, never a hole in it.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from schemas.wording import Language

SHELL = "shell"


class Words(Protocol):
    """What a page asks for its words."""

    def __call__(self, key: str, **context: Any) -> str:
        """The words of a key, filled; `KeyError` where the room has none."""


@cache
def table(room: str) -> Mapping[Language, Mapping[str, str]]:
    """The words of one room, by language."""
    return tomllib.loads(files(f"api.pages.{room}").joinpath("words.toml").read_text("utf-8"))  # type: ignore[return-value]


def words_of(room: str, language: Language) -> Words:
    """The words of a room, then those that all pages share."""
    known = {**table(SHELL)[language], **table(room)[language]}

    def say(key: str, **context: Any) -> str:
        if "n" in context and f"{key}.one" in known:
            key = f"{key}.one" if context["n"] == 1 else f"{key}.other"
        return known[key].format(**context)

    return say
