"""Drills and recalls: a drill is signed as it was answered; a recall is opened and ended on everything it touches.

- A drill holds the subject, when it was asked and answered, and the digest of the report: who has the report later can
  prove that this was the answer of that day, and how fast it came.
- Opening says `recalled` of every affected lot and unit about which the member recorded something. Said again it adds
  what was not recalled yet, under the same number, and of what is there already it says so.
- Ending says it of everything that stands under the number, whatever the trace shows meanwhile. Two recalls of one
  member may touch the same lot: each ends by itself.

    open_recall(node, report, "Listeria monocytogenes", iss=iss, kid=kid)

ARCHITECTURE.md 3.2 (kind `drill`); FORMATS 5.1.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from ledger.audience import full
from ledger.capture.document import read_document
from ledger.capture.recall_events import Said, check_reason, closing, number, opening
from ledger.lots.recalled import RECALL, Standing, openings, standing
from ledger.lots.timeline import kind_of
from ledger.readside.recall_report import Report, affected_of
from ledger.readside.recall_tree import digest, tree
from ledger.store import event_query
from ledger.store.edges import StoreEdges
from ledger.store.engine import Store
from ledger.writer.answers import Captured
from ledger.writer.desk import Desk
from ledger.writer.hand_in import HandIn
from ledger.writer.request import State
from ledger.writer.statement import Spoken
from schemas.epcis.query import parse_query
from schemas.errors import InputError
from schemas.gs1.canonical import tagged_object
from schemas.syntax import base64url

KIND = "drill"
_PAGE = 200
_AFTER = timedelta(milliseconds=1)


class Opened(Protocol):
    """An opened ledger: `ledger.node.Node` is one."""

    store: Store
    clock: Callable[[], float]
    random: Callable[[int], bytes]

    @property
    def origin(self) -> str:
        """The log's origin."""
        ...

    @property
    def desk(self) -> Desk | HandIn:
        """Who signs and logs."""
        ...

    def settled(self) -> None:
        """Return when the read side holds every entry that was committed."""
        ...

    def capture(self, document: Any, *, member: str | None, key: str | None, refuse_reuse: bool) -> list[Captured]:
        """Log the events of a document."""
        ...


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill that was logged: where its entry stands, and the digest that it signs."""

    index: int
    leaf: bytes
    id: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of opening or ending a recall: its number, the lots and units of which it was said now, the entries
    that say so; `already`: of how many it was said before."""

    number: str
    lots: tuple[str, ...]
    units: tuple[str, ...]
    entries: tuple[int, ...]
    already: int = 0


def sign_drill(opened: Opened, found: Report, *, iss: str, kid: str) -> Drill:
    """Log a drill of a member, signed with its gateway key."""
    told = tree(found)
    signed = digest(told)
    id = f"urn:uuid:{uuid.UUID(bytes=opened.random(16), version=4)}"
    subject = found.recall.subject
    content = {
        "type": KIND,
        "id": id,
        "subject": subject,
        "asked": told["asked"],
        "answered": told["answered"],
        "report": base64url.encode(signed),
    }
    objects = (subject,) if tagged_object(subject) == subject else ()
    (logged,) = opened.desk.state(State(iss, kid, Spoken(KIND, content, objects)))
    return Drill(logged.index, logged.leaf, id, signed)


def open_recall(
    opened: Opened, found: Report, reason: str, *, iss: str, kid: str | None, warnings: str | None = None
) -> Changed:
    """Say `recalled` of every affected lot and unit of a member of which it does not say so yet; `warnings`: what who
    bought it shall do.

    `InputError`: `recall-reason`; `recall-not-yours` where the member recorded nothing about what is affected.
    """
    reason = check_reason(reason)
    subject, recall = found.recall.subject, found.recall
    lots, units = (affected_of(recall.steps, iss, uris) for uris in (recall.lots, recall.units))
    if not lots and not units:
        raise InputError("recall-not-yours", subject=subject)
    before = openings(recall.steps, subject, iss)
    named = _number(found, iss) or number(opened.origin, iss, subject, before)
    new = [[uri for uri in uris if named not in _numbers(found.open.get(uri, ()), iss)] for uris in (lots, units)]
    already = len(lots) + len(units) - len(new[0]) - len(new[1])
    if not any(new):
        return Changed(named, (), (), (), already)
    said = Said(named, subject, reason, _now(opened), check_reason(warnings) if warnings else "")
    indexes = _captured(opened, opening(new[0], new[1], said), iss, kid)
    return Changed(named, tuple(new[0]), tuple(new[1]), indexes, already)


def close_recall(opened: Opened, found: Report, *, iss: str, kid: str | None) -> Changed:
    """End a member's recall of a subject on everything on which it stands; `InputError("recall-not-open")`.

    What is in another recall of the member as well is said once more to be, for who reads the last word only.
    """
    subject = found.recall.subject
    named = _number(found, iss)
    if named is None:
        raise InputError("recall-not-open", subject=subject)
    under = _under(opened, named, iss)
    lots, units = _parted(under)
    said = Said(named, subject, "", _now(opened))
    indexes = _captured(opened, closing(lots, units, said), iss, kid)
    others = {item.number: item for on in under.values() for item in on if item.number not in (None, named)}
    for other in others.values():
        still = _parted(uri for uri, on in under.items() if other.number in _numbers(on, iss))
        again = Said(other.number or "", other.subject or subject, other.reason or "", said.at + _AFTER)
        indexes += _captured(opened, opening(*still, again, after=named), iss, kid)
    return Changed(named, tuple(lots), tuple(units), indexes)


def _number(found: Report, iss: str) -> str | None:
    """The number of the member's recall of the subject that stands, on the subject or on what it touched."""
    subject, recall = found.recall.subject, found.recall
    about = (item for uri in (subject, *recall.lots, *recall.units) for item in found.open.get(uri, ()))
    own = (item for item in about if item.member == iss and item.subject in (subject, None))
    return next((item.number for item in own if item.number is not None), None)


def _numbers(standing: Iterable[Standing], iss: str) -> set[str | None]:
    return {item.number for item in standing if item.member == iss}


def _parted(uris: Iterable[str]) -> tuple[list[str], list[str]]:
    """Lots, and everything else."""
    sorted_ = sorted(uris)
    return [uri for uri in sorted_ if kind_of(uri) == "lot"], [uri for uri in sorted_ if kind_of(uri) != "lot"]


def _under(opened: Opened, number: str, iss: str) -> dict[str, tuple[Standing, ...]]:
    """Everything on which a recall stands under its number, with all of the member's recalls that stand on it."""
    query = parse_query({f"EQ_bizTransaction_{RECALL}": [number]})
    opened.settled()
    with opened.store.read() as connection:
        indexes: list[int] = []
        after = None
        while True:
            page = event_query.find(connection, query, seen_by=full(), after=after, limit=_PAGE)
            indexes += page.indexes
            after = page.next
            if after is None:
                break
        edges = StoreEdges(connection)
        steps = [step for step in edges.steps(indexes).values() if step.member == iss]
        named = {flow.uri for step in steps for flow in step.flows}
        about = edges.steps_of(named)
    found = {}
    for uri in sorted(named):
        stands = tuple([item for item in standing(about.get(uri, ()), uri) if item.member == iss])
        if number in _numbers(stands, iss):
            found[uri] = stands
    return found


def _captured(opened: Opened, data: bytes, iss: str, kid: str | None) -> tuple[int, ...]:
    document = read_document(data, name="recall")
    return tuple(item.index for item in opened.capture(document, member=iss, key=kid, refuse_reuse=True))


def _now(opened: Opened) -> datetime:
    return datetime.fromtimestamp(opened.clock(), UTC)
