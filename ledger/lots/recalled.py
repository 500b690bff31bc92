"""Which lots and units are recalled now: what each member said last of each, in the order of time; pure.

- A member recalls an object by an event that sets `recalled` among its persistent dispositions, and ends it by one that
  unsets it (EPCIS 2.0 section 7.3.6). Members speak for themselves: one's recall is not ended by another.
- Events of one recall share a business transaction, its number, by which all of them are found.

    standing(steps, "https://id.gs1.org/01/…/10/P-7")  ->  {"urn:uuid:…": Standing(index=41, number="urn:uuid:…")}

CBV 2.0 section 7.2 (`recalled`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.lots.step import Step
from ledger.lots.whereabouts import in_time
from schemas.epcis.own_terms import NAMESPACE

RECALLED = "recalled"
RECALL = NAMESPACE + "recall"
"""The type of the business transaction that a recall is."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A recall that stands: the entry that opened it last, when (microseconds), its number where one was given."""

    index: int
    at: int | None
    number: str | None


def standing(steps: Iterable[Step], uri: str) -> dict[str, Standing]:
    """The recalls of an object that stand, by member; of the steps about it, in any order."""
    found: dict[str, Standing] = {}
    for step in in_time(steps):
        if not step.stands or not step.moves.touches(uri):
            continue
        if ("set", RECALLED) in step.persistent:
            number = next((id for kind, id in step.transactions if kind == RECALL), None)
            found[step.member] = Standing(step.index, step.at, number)
        elif ("unset", RECALLED) in step.persistent:
            found.pop(step.member, None)
    return found


def openings(steps: Iterable[Step], uri: str, member: str) -> int:
    """How often a member has opened a recall of an object, whatever became of each."""
    return sum(step.member == member and ("set", RECALLED) in step.persistent for step in steps)
