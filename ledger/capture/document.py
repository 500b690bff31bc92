"""A document as it comes in: its events, each with its `@context` and what is wrong with it.

- Accepted are EPCIS 2.0 JSON-LD (an EPCISDocument, an EPCISQueryDocument, a bare event, a list of bare events) and
  EPCIS 2.0 and 1.x XML, which is read into the same model and judged there, by what its own binding demands.
- What cannot be read at all, and what is wrong with the document around its events, is raised, with document,
  event and member named as far as they are known; what is wrong with an event stays with that event.
- `sha256` is over the bytes as received: it goes into `record.source` (ARCHITECTURE.md 3.1).

    read_document(data, name="arrivals.jsonld").events[0].problems  ->  ()

GS1 EPCIS 2.0 sections 9 (XML), 10 (JSON-LD) and 8.2.1 (capture).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ledger.capture import limits
from ledger.capture.judge import judge
from schemas.epcis.binding import JSON_MEDIA_TYPES as JSON_MEDIA_TYPES
from schemas.epcis.binding import Binding, binding
from schemas.epcis.document import read_any
from schemas.epcis.event import EventDict, Problem, Sent, split, with_context
from schemas.epcis.validate import document_problems, event_problems
from schemas.epcis.warnings import warnings
from schemas.errors import InputError
from schemas.syntax.json_text import Json


@dataclass(frozen=True, slots=True)
class SentEvent:
    """One event of a document: its position, the event with its own `@context`, what is wrong with it (`problems`) and,
    where nothing is, what is odd about it (`warnings`)."""

    index: int
    event: EventDict
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What was sent: its name as the sender calls it, its media type, the SHA-256 of its bytes, its events."""

    name: str
    media_type: str
    sha256: bytes
    events: tuple[SentEvent, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of all its events, in their order."""
        return tuple(problem for sent in self.events for problem in sent.problems)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The warnings of all its events, in their order."""
        return tuple(warning for sent in self.events for warning in sent.warnings)

    def check(self) -> None:
        """`InputError` with document, event and member of the first problem; nothing where there is none."""
        for problem in self.problems:
            raise as_error(problem, self.name)


def as_error(problem: Problem, document: str) -> InputError:
    """A problem as the error a face shows: the same code, with its document, event and member."""
    place = {"document": document} if problem.event is None else {"document": document, "event": problem.event}
    return InputError(problem.code, **{**problem.context, **place, "member": problem.member or "/"})


def read_document(data: bytes, *, media_type: str | None = "application/ld+json", name: str = "-") -> Document:
    """The document in `data`, judged; `InputError` where it cannot be read as a document of events.

    `media_type` None: it is recognised by its content.
    """
    try:
        found = read_any(data, media_type)
    except InputError as error:
        raise error.within(document=name) from None
    sent = split(found.tree)
    around = [problem for problem in found.problems if problem.event is None]
    for problem in (*around, *document_problems(found.tree, sent)):
        raise as_error(problem, name)
    came_as = binding(found.media_type)
    events = tuple(
        _sent(sent, index, event, _of_event(found.problems, index), came_as) for index, event in enumerate(sent.events)
    )
    return Document(name, found.media_type, hashlib.sha256(data).digest(), events)


def _of_event(problems: tuple[Problem, ...], index: int) -> list[Problem]:
    return [problem for problem in problems if problem.event == index] if problems else []


def _sent(sent: Sent, index: int, event: Json, unread: list[Problem], came_as: Binding) -> SentEvent:
    """One event with its context; what is no object at all stands there empty, with the problem that it is none.

    `unread` is what could not be read of it: said first, and once for each place.
    """
    if not isinstance(event, dict):
        return SentEvent(index, {}, tuple(event_problems(event, index)))
    whole = with_context(sent.context, event)
    judged = judge(whole, binding=came_as) or limits.problems(whole)
    places = {problem.member for problem in unread}
    found = [*unread, *(problem for problem in judged if problem.member not in places)] if unread else judged
    odd = () if found else warnings(whole)
    return SentEvent(index, whole, _within(found, index), _within(odd, index))


def _within(found: Iterable[Problem], index: int) -> tuple[Problem, ...]:
    return tuple(replace(problem, event=index) for problem in found)
