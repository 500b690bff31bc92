"""Unsigned events: judged whole before anybody signs, then signed with the member's gateway key inside the turn.

- `prepare` needs no store and runs outside the ordering lock: it refuses a document with a bad event, or leaves the bad
  ones out with `proceed`. Where one is strict an event with a warning is a bad one.
- `log_prepared` runs in order: repeats are answered with the earlier entry, objects get their keys and next n, and
  `record.par` names the latest entry about each object (ARCHITECTURE.md 3.2, 3.4).
- An `errorDeclaration` whose original this log holds for the same member becomes a `correction` with the original as
  `par[0]`; otherwise it is logged as an `event` and stands with the finding `correction-without-original`. The events
  it names as right instead (`correctiveEventIDs`) are parents too where they are logged before it; one that comes later
  builds on it by the objects they share.
- Verdicts say of such entries "signed by the operator's gateway for M"; nothing here hides it.

    prepared = prepare(document, proceed=False)
    captured = log_prepared(turn, prepared, gateway)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from ledger.capture.document import JSON_MEDIA_TYPES, Document, SentEvent, as_error
from ledger.entry.issue import Lot, Record
from ledger.entry.parse import parse_wire
from ledger.entry.tags import object_key, tag
from ledger.lots.movement import objects
from ledger.store import duplicates as seen
from ledger.store.connection import Connection
from ledger.writer.answers import Captured
from ledger.writer.duplicates import Repeats, declares_error, judge_repeat
from ledger.writer.lane import Lane
from ledger.writer.turn import Turn
from schemas.epcis.event import Problem
from schemas.epcis.event_hash import event_hash
from schemas.errors import InputError

# Each is looked up in the log's turn; a declaration that names more of them is linked to the first.
MOST_CORRECTIVES = 32
Beside: TypeAlias = Callable[[Sequence[Captured], Connection], None]
"""What is written of captured events in the transaction that logs them."""


class DocumentRefused(InputError):
    """A document with events that cannot be accepted: the first error, and all of them in `errors`."""

    def __init__(self, errors: Sequence[InputError]) -> None:
        super().__init__(errors[0].code, **errors[0].context)
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An event fit to be signed: its place in the document, its id (sent or derived) and the objects it names."""

    place: int
    content: dict[str, Any]
    event_id: str
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gateway:
    """Who signs, with what: the member's gateway lane, its object secret, the clock's second, and the salts."""

    lane: Lane
    secret: bytes
    now: int
    salt: Callable[[int], bytes]
    source: tuple[str, bytes] | None
    allow_repeat: bool
    refuse_reuse: bool = False
    refuse_again: bool = False


def problems_of(document: Document, *, strict: bool = False) -> list[InputError]:
    """Why events are refused, as errors that name document, event and member; where one is `strict`, warnings too."""
    return [as_error(problem, document.name) for sent in document.events for problem in _against(sent, strict)]


def warnings_of(document: Document) -> list[InputError]:
    """Every warning of every event in the same form: what it was captured in spite of."""
    return [as_error(warning, document.name) for warning in document.warnings]


def prepare(document: Document, *, proceed: bool, strict: bool = False) -> list[Prepared]:
    """The events that may be signed; `DocumentRefused` where there is a bad one and `proceed` was not asked."""
    errors = problems_of(document, strict=strict)
    if errors and not proceed:
        raise DocumentRefused(errors)
    return [
        Prepared(sent.index, sent.event, event_id(sent.event), tuple(objects(sent.event)))
        for sent in document.events
        if not _against(sent, strict)
    ]


def _against(sent: SentEvent, strict: bool) -> tuple[Problem, ...]:
    return sent.problems + sent.warnings if strict else sent.problems


def event_id(event: dict[str, Any]) -> str:
    """The id that was sent, else the CBV 2.0 event hash."""
    sent = event.get("eventID")
    return sent if isinstance(sent, str) else event_hash(event)


def source_of(document: Document) -> tuple[str, bytes] | None:
    """What `record.source` says: nothing for JSON-LD, which is signed as it came."""
    return None if document.media_type in JSON_MEDIA_TYPES else (document.media_type, document.sha256)


def log_prepared(turn: Turn, prepared: Sequence[Prepared], gateway: Gateway) -> list[Captured]:
    """Sign and append each event that is not a repeat; one answer each, in document order."""
    iss = gateway.lane.iss
    # Asked once, before the first append: repeats count against earlier submissions, never within one document.
    earlier = [_earlier(turn, iss, item.content) for item in prepared]
    repeats = [judge_repeat(item.content, found) for item, found in zip(prepared, earlier, strict=True)]
    if gateway.refuse_reuse:
        for item, repeat, found in zip(prepared, repeats, earlier, strict=True):
            if repeat.reused:
                raise InputError("event-id-reused", event=item.place, member="/eventID", entry=found.same_id)
    if gateway.refuse_again:
        _refuse_again(turn, prepared, iss)
    answers = []
    for item, repeat in zip(prepared, repeats, strict=True):
        if repeat.index is not None and not gateway.allow_repeat:
            index, duplicate = repeat.index, True
        else:
            index, duplicate = _sign_event(turn, item, gateway), False
        answers.append(Captured(item.place, item.event_id, index, turn.leaf_at(index), duplicate))
    return answers


def _refuse_again(turn: Turn, prepared: Sequence[Prepared], iss: str) -> None:
    """Of two who correct one event at once the second is told; `InputError("correction-made")`."""
    for item in prepared:
        said = turn.declared(iss, item.event_id) if declares_error(item.content) else None
        if said is not None:
            raise InputError("correction-made", event=item.place, entry=said)


def log_beside(turn: Turn, prepared: Sequence[Prepared], gateway: Gateway, beside: Beside | None) -> list[Captured]:
    """`log_prepared`, with what somebody else writes about it in the same transaction."""
    captured = log_prepared(turn, prepared, gateway)
    if beside is not None:
        turn.beside(partial(beside, captured))
    return captured


def _earlier(turn: Turn, iss: str, content: dict[str, Any]) -> Repeats:
    by_content = seen.content_digest(iss, content)
    sent = content.get("eventID")
    by_id = seen.event_id_digest(iss, sent) if isinstance(sent, str) else None
    found = turn.seen([by_content, by_id] if by_id else [by_content])
    return Repeats(equal=found.get(by_content), same_id=found.get(by_id) if by_id else None)


def _sign_event(turn: Turn, item: Prepared, gateway: Gateway) -> int:
    """Sign and append an event, as a `correction` where it declares one of this log wrong; its index."""
    if not declares_error(item.content):
        return sign(turn, item, gateway)
    original = turn.original(gateway.lane.iss, item.event_id)
    parents = tuple([turn.leaf_at(index) for index in _correctives(turn, item, gateway.lane.iss)])
    if original is None:
        return sign(turn, item, gateway, parents=parents)
    return sign(turn, item, gateway, kind="correction", first=turn.leaf_at(original), parents=parents)


def sign(
    turn: Turn,
    item: Prepared,
    gateway: Gateway,
    *,
    kind: str = "event",
    first: bytes | None = None,
    parents: Sequence[bytes] = (),
) -> int:
    """Sign a content for the next place of the lane and append it, its `tags` entries before it; its index.

    `first`: the leaf hash that `record.par` begins with; `parents`: those it ends with, after the newest entry about
    each object.
    """
    known = turn.about(item.objects)
    lots, par = [], dict[bytes, None]() if first is None else {first: None}
    for uri in item.objects:
        use = known.get(uri)
        key = use.key if use and use.key else object_key(gateway.secret, uri)
        lots.append(Lot(uri, key, _next_n(turn, key, use.n if use and use.key else 0)))
        if use:
            par[turn.leaf_at(use.index)] = None
    par |= dict.fromkeys(parents)
    record = Record(iat=gateway.now, par=tuple(par), source=gateway.source, lots=tuple(lots))
    lane = gateway.lane
    wires = lane.private(turn.origin, turn.lane(lane.kid), kind, item.content, record, gateway.salt)
    tags = tuple(tag(lot.key, lot.n) for lot in lots)
    index = -1
    for wire in wires:
        entry = parse_wire(wire)
        turn.may_sign(entry)
        index = turn.append(entry, tags if entry.claims.private else None)
    return index


def _correctives(turn: Turn, item: Prepared, iss: str) -> list[int]:
    """Where the events stand that an error declaration says are right instead, as far as this log holds them."""
    declaration = item.content["errorDeclaration"]
    named = declaration.get("correctiveEventIDs") if isinstance(declaration, dict) else None
    ids = [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
    found = (turn.original(iss, name) for name in ids[:MOST_CORRECTIVES] if name != item.event_id)
    return [index for index in found if index is not None]


def _next_n(turn: Turn, key: bytes, n: int) -> int:
    """The first n that leaves no gap below it: entries under another key of the object do not count for this one."""
    while n and not turn.tag_known(tag(key, n - 1)):
        n -= 1
    return n
