"""A kept form as it is shown again: each field by the words that its own page gave it, and what sending it does.

- The page that a form came from says which room's words they are: `name` is called what the room's word `name` says,
  the columns of a sheet as its preview calls them. A choice is told by its word, and carried along unchanged.
- What the person neither typed nor chose, and what was left empty, is carried without being shown.
- A field without a word is shown under its own name: nothing that will be sent is hidden because nobody named it.

    as_sent("/ufficio/persone/invita", (("name", "maria"),), "it")  ->  Sent("Invita qualcuno", (Field("name", …),))

WCAG 2.1 3.3.2 (labels).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages.shell.words import table
from schemas.wording import Language

_ROOMS = {"ufficio": "office", "richiamo": "buyer", "profilo": "sign_in"}
_SILENT = frozenset(("id", "kind_was", "confirmed", "username"))
_OF_SHEETS = ("column", "fixed")
# Fields that their page calls by another word than their name.
_CALLED = {
    "known": "before", "password": "new-password", "old": "old-password", "act": "label-act", "lot": "label-lot",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `label`: empty where it is only carried; `said`: the words of a choice, empty for what was typed."""

    name: str
    value: str
    label: str
    said: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A form. `what`: what sending it does, empty where its page has no word for it; `again`: what to give again."""

    what: str
    fields: tuple[Field, ...]
    again: tuple[str, ...]


def as_sent(to: str, fields: Sequence[tuple[str, str]], again: Sequence[str], language: Language) -> Sent:
    """The form that is sent to the path `to`."""
    path = to.strip("/").split("/")
    known = table(_ROOMS[path[0]])[language] if path[0] in _ROOMS else {}
    what = next((known[f"sent-{part}"] for part in reversed(path) if f"sent-{part}" in known), "")
    told = tuple(
        Field(
            name, value, "" if name in _SILENT or not value else _label(name, known), known.get(f"{name}-{value}", "")
        )
        for name, value in fields
    )
    return Sent(what, told, tuple(_label(name, known) for name in again))


def _label(name: str, known: Mapping[str, str]) -> str:
    kind, _, rest = name.partition("-")
    if kind in _OF_SHEETS and f"field-{rest}" in known:
        return known[f"{kind}-of"].format(field=known[f"field-{rest}"])
    return known.get(_CALLED.get(name, name), name)
