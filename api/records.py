"""A record as people ask for it: the event, what was declared wrong of it, what is right instead, and which one counts.

- Its *history* is every version of it that who asks may see, in the order of the log: the event as it was first, each
  declaration that one was wrong, each event that a declaration names as right instead.
- An event counts while no declaration of its own member says that it was wrong, and it repeats none; a declaration
  moves nothing.

    found = recorded(node, 7, audience=full());  [(each.index, each.counts) for each in found.history]

EPCIS 2.0 section 7.4.1.2 (errorDeclaration); ARCHITECTURE.md 3.4;
docs/adr/0068-corrections-and-papers-of-the-office.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.audience import Audience
from ledger.lots.step import Step
from ledger.lots.step import step as step_of
from ledger.node import Node
from ledger.readside.answer import Answer, answers
from ledger.readside.said import called
from ledger.readside.seen_steps import SeenSteps
from ledger.readside.traced import masters_of
from ledger.store import visibility
from ledger.store.connection import Connection
from ledger.store.event_query import find
from schemas.epcis.event import EventDict
from schemas.epcis.query import parse_query
from schemas.errors import InputError

MOST_VERSIONS = 50
DECLARATION = "errorDeclaration"


@dataclass(frozen=True, slots=True)
class Version:
    """One version in a history: an event, or (`reason` is not None) the declaration that one was wrong. `note`: what
    whoever declared it wrote besides; `instead`: the ids of the events that are right."""

    answer: Answer
    counts: bool
    reason: str | None = None
    note: str = ""
    instead: tuple[str, ...] = ()

    @property
    def index(self) -> int:
        """Where it stands in the log."""
        return self.answer.index


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `names`: what its objects, places and parties were called; `step`: what it does."""

    answer: Answer
    step: Step
    names: Mapping[str, str]
    history: tuple[Version, ...]

    @property
    def index(self) -> int:
        """Where it stands in the log."""
        return self.answer.index

    @property
    def event(self) -> EventDict:
        """What was sent, as far as who asks may see it."""
        return self.answer.event

    @property
    def declares(self) -> bool:
        """Is it a declaration that another was wrong?"""
        return DECLARATION in self.event

    @property
    def counts(self) -> bool:
        """Does it count?"""
        return any(version.counts for version in self.history if version.index == self.index)


def recorded(node: Node, index: int, *, audience: Audience) -> Record:
    """The record at an index; `InputError("record-unknown")` where it is no event, or none that who asks may see."""
    found = next(iter(shown(node, [index], audience=audience)), None)
    if found is None:
        raise InputError("record-unknown", index=index)
    answer, step, names = found
    return Record(answer, step, names, tuple(history(node, answer, audience=audience)))


def shown(node: Node, indexes: Sequence[int], *, audience: Audience) -> list[tuple[Answer, Step, Mapping[str, str]]]:
    """The events at these indexes that may be seen, in this order, each with what it does and what that is called."""
    node.settled()
    with node.store.read() as connection:
        seen = visibility.seen(connection, audience, indexes)
        standing = SeenSteps(connection, audience).steps([index for index in indexes if index in seen])
        found = answers(node, [index for index in indexes if index in seen], seen_by=audience)
        steps = {each.index: standing.get(each.index) or step_of(each.index, each.member, each.event) for each in found}
        masters = masters_of(node, connection, steps.values(), seen_by=audience, size=1 << 62)
        return [(each, steps[each.index], called(masters, steps[each.index])) for each in found]


def history(node: Node, answer: Answer, *, audience: Audience) -> Iterator[Version]:
    """Every version of an event, in the order of the log."""
    with node.store.read() as connection:
        indexes = sorted(_versions(connection, node, answer, audience))
    found = shown(node, indexes, audience=audience)
    wrong = {each.event_id for each, _, _ in found if DECLARATION in each.event and each.member == answer.member}
    for each, step, _ in found:
        declared = each.event.get(DECLARATION)
        if isinstance(declared, dict):
            yield Version(each, False, _text(declared.get("reason")), _note(declared), _instead(each))
        else:
            yield Version(each, step.stands and each.event_id not in wrong)


def _versions(connection: Connection, node: Node, answer: Answer, audience: Audience) -> set[int]:
    """Where all versions stand: those of the same id, what they name as right, and what names them so."""
    known, waiting = {answer.index}, [answer.event_id]
    asked: set[str] = set()
    while waiting and len(known) < MOST_VERSIONS:
        id = waiting.pop()
        if not id or id in asked:
            continue
        asked.add(id)
        queries = ({"EQ_eventID": [id]}, {"EQ_correctiveEventID": [id]})
        indexes = [at for query in queries for at in _found(connection, query, audience)]
        known.update(indexes)
        for each in answers(node, indexes, seen_by=audience):
            if each.member == answer.member:
                waiting += [each.event_id, *_instead(each)]
    return known


def _found(connection: Connection, query: Mapping[str, list[str]], audience: Audience) -> tuple[int, ...]:
    # The query language takes URIs only; an id that is none has no other version either.
    try:
        return find(connection, parse_query(query), seen_by=audience, limit=MOST_VERSIONS).indexes
    except InputError:
        return ()


def _instead(answer: Answer) -> tuple[str, ...]:
    declared = answer.event.get(DECLARATION)
    named = declared.get("correctiveEventIDs") if isinstance(declared, dict) else None
    return tuple(each for each in named if isinstance(each, str)) if isinstance(named, list) else ()


def _note(declared: Mapping[str, Any]) -> str:
    return next((value for name, value in declared.items() if name.endswith(":note") and isinstance(value, str)), "")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
