"""Is this unsigned event one that the same member captured before?

- Only unsigned capture asks, only against earlier submissions, never within one document (ARCHITECTURE.md 3.4).
- With a sent `eventID`: the same member, the same id and equal content is a repeat; other content is `event-id-reused`.
- Without one: equal in all members, `recordTime` left out.
- Equal means the same JSON value with the text of its numbers kept: `1.5` and `1.50` are two statements.
- An event with an `errorDeclaration` is never a repeat: it says something new about an old event by repeating it.

    judge_repeat(event, earlier)      # earlier: what the read side found under the same id or event hash
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Earlier:
    """An event of the same member that stands in the log: its index and its content as it was signed."""

    index: int
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Repeat:
    """What was found: the index of the equal earlier event, or that its id was used for other content."""

    index: int | None = None
    reused: bool = False


NEW = Repeat()


def declares_error(event: Mapping[str, Any]) -> bool:
    """Does the event declare that another one was wrong (EPCIS 2.0 section 7.4.1.2)?"""
    return "errorDeclaration" in event


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """The same statement: equal JSON values, number text kept, `recordTime` (the repository's own) left out."""
    return _said(one) == _said(other)


def _said(event: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != "recordTime"}


def judge_repeat(event: Mapping[str, Any], earlier: Iterable[Earlier]) -> Repeat:
    """Hold `event` against what the same member captured under its id or, without id, under its event hash."""
    if declares_error(event):
        return NEW
    found = list(earlier)
    for candidate in found:
        if not declares_error(candidate.content) and same(event, candidate.content):
            return Repeat(index=candidate.index)
    return Repeat(reused=bool(found) and "eventID" in event)
