"""A document as it comes in: its events, each with its `@context` and what is wrong with it.

- Accepted are EPCIS 2.0 JSON-LD: an EPCISDocument, an EPCISQueryDocument, a bare event, a list of bare events.
- What cannot be read at all, and what is wrong with the document around its events, is raised, with document,
  event and member named as far as they are known; what is wrong with an event stays with that event.
- `sha256` is over the bytes as received: it goes into `record.source` (ARCHITECTURE.md 3.1).

    read_document(data, name="arrivals.jsonld").events[0].problems  ->  ()

GS1 EPCIS 2.0 sections 10 (JSON-LD) and 8.2.1 (capture).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ledger.capture import limits
from ledger.capture.judge import judge
from schemas.epcis.event import EventDict, Problem, Sent, split, with_context
from schemas.epcis.locate import locate
from schemas.epcis.validate import document_problems, event_problems
from schemas.epcis.warnings import warnings
from schemas.errors import InputError
from schemas.syntax.json_text import Json, read

JSON_MEDIA_TYPES = frozenset({"application/ld+json", "application/json"})


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


def read_document(data: bytes, *, media_type: str = "application/ld+json", name: str = "-") -> Document:
    """The document in `data`, judged; `InputError` where it cannot be read as a document of events."""
    essence = media_type.partition(";")[0].strip().lower()
    if essence not in JSON_MEDIA_TYPES:
        raise InputError("media-type-unknown", document=name, media_type=media_type[:80])
    tree = _tree(data, name)
    sent = split(tree)
    for problem in document_problems(tree, sent):
        raise as_error(problem, name)
    events = tuple(_sent(sent, index, event) for index, event in enumerate(sent.events))
    return Document(name, essence, hashlib.sha256(data).digest(), events)


def _tree(data: bytes, name: str) -> Json:
    try:
        return read(data)
    except InputError as error:
        raise error.within(document=name, **locate(data, error.code)) from None


def _sent(sent: Sent, index: int, event: Json) -> SentEvent:
    """One event with its context; what is no object at all stands there empty, with the problem that it is none."""
    if not isinstance(event, dict):
        return SentEvent(index, {}, tuple(event_problems(event, index)))
    whole = with_context(sent.context, event)
    found = judge(whole) or limits.problems(whole)
    odd = () if found else warnings(whole)
    return SentEvent(index, whole, _within(found, index), _within(odd, index))


def _within(found: Iterable[Problem], index: int) -> tuple[Problem, ...]:
    return tuple(replace(problem, event=index) for problem in found)
