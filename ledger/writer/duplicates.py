"""Is this unsigned event one that the same member captured before?

- Only unsigned capture asks, only against earlier submissions, never within one document (ARCHITECTURE.md 3.4).
- Equal content is a repeat: the same JSON value with the text of its numbers kept (`1.5` and `1.50` are two
  statements), `recordTime` left out. With a sent `eventID` that id is part of the content.
- The same `eventID` with other content is `event-id-reused`: logged all the same, or refused where the door is strict.
- An event with an `errorDeclaration` is never a repeat: it says something new about an old event by repeating it.

    judge_repeat(event, Repeats(equal=7))      # Repeat(index=7)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Repeats:
    """What the read side knows of the same member: the earliest entry of equal content, and of the same eventID."""

    equal: int | None = None
    same_id: int | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """The verdict: the index of the equal earlier event, or that its id stands for other content already."""

    index: int | None = None
    reused: bool = False


def declares_error(event: Mapping[str, Any]) -> bool:
    """Does the event declare that another one was wrong (EPCIS 2.0 section 7.4.1.2)?"""
    return "errorDeclaration" in event


def judge_repeat(event: Mapping[str, Any], found: Repeats) -> Repeat:
    """Hold `event` against what the same member captured before."""
    if declares_error(event):
        return Repeat()
    if found.equal is not None:
        return Repeat(index=found.equal)
    return Repeat(reused=found.same_id is not None)
