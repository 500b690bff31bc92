"""One entry with its disclosures -> what the read side says of it; pure (ARCHITECTURE.md 2, rule 7).

- The sequencer and `rebuild` both go through here: judged outside the transaction, written inside by `refresh`.
- Content that is judged wrong is kept out of the events and stands as findings (3.4). The graph holds it all the
  same, for a verifier who reads the bundle sees what it names.
- Keys and n of objects come from `record.lots`; an object named only there is known too.
- Content with hidden members (erased) is not judged: what is missing would look wrong.
- An `eventID` that was not sent is derived (CBV 2.0 event hash) and kept with the algorithm's revision (3.1).

    derived = derive(7, entry)        # entry: ledger.entry.parse.Entry with its disclosures
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as altered
from functools import cache
from typing import Any

from ledger.capture.judge import judge
from ledger.capture.limits import event_id_problems
from ledger.entry.parse import Entry, read_record
from ledger.lots.movement import Movement, movement
from ledger.store.duplicates import content_digest, event_id_digest
from ledger.store.events import EventRow
from ledger.store.findings import Finding
from ledger.store.objects import ObjectUse
from schemas.errors import LedgerError

EVENT_KINDS = frozenset(("event", "correction"))
MOST_FINDINGS = 100
"""Of one entry: a record that is wrong everywhere needs no longer list."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What tells a repeat: digests of (member, content) and, where an eventID was sent, of (member, eventID)."""

    content: bytes
    event_id: bytes | None


@dataclass(frozen=True, slots=True)
class Derived:
    """All rows of one entry. `event` is None where there is none or it is kept out; `signed`: by a member's own key,
    so that a repeat stands as a finding instead of having been answered."""

    index: int
    event: EventRow | None = None
    moves: Movement | None = None
    uses: tuple[ObjectUse, ...] = ()
    findings: tuple[Finding, ...] = ()
    seen: Seen | None = None
    signed: bool = True


def derive(index: int, entry: Entry, *, signed: bool = True) -> Derived:
    """What the read side says of a private entry at `index`; `signed` False where the gateway signed for a member."""
    content = entry.content
    if entry.claims.kind not in EVENT_KINDS or content is None:
        return Derived(index, uses=_uses(index, entry, None), signed=signed)
    moves = movement(content)
    complete = not entry.hidden
    findings = _findings(index, entry) if complete else ()
    return Derived(
        index=index,
        event=None if findings else _event(index, entry),
        moves=moves if moves.touched else None,
        uses=_uses(index, entry, moves),
        findings=(*findings, *_orphan(index, entry)),
        seen=_seen(entry) if complete else None,
        signed=signed,
    )


def placed(derived: Derived, index: int, *, signed: bool) -> Derived:
    """The same, for the index the entry got: judging needs no index, so it is done before the order is known."""
    return altered(
        derived,
        index=index,
        event=altered(derived.event, index=index) if derived.event else None,
        uses=tuple([ObjectUse(use.uri, index, use.key, use.n) for use in derived.uses]),
        findings=tuple([altered(found, index=index) for found in derived.findings]),
        signed=signed,
    )


def _findings(index: int, entry: Entry) -> tuple[Finding, ...]:
    """What is wrong with the content, each place by its own code."""
    content = dict(entry.content or {})
    problems = (judge(content) or event_id_problems(content))[:MOST_FINDINGS]
    return tuple(Finding(index, item.code, {**item.context, "member": item.member}) for item in problems)


def _orphan(index: int, entry: Entry) -> tuple[Finding, ...]:
    """An error declaration logged as a plain event: its original was not in this log (ARCHITECTURE.md 3.4)."""
    content: Mapping[str, Any] = entry.content or {}
    if entry.claims.kind != "event" or "errorDeclaration" not in content:
        return ()
    return (Finding(index, "correction-without-original", {"eventID": _text(content.get("eventID"))}),)


def _event(index: int, entry: Entry) -> EventRow | None:
    content: Mapping[str, Any] = entry.content or {}
    kind, time = _text(content.get("type")), _text(content.get("eventTime"))
    if not kind or not time:
        return None
    sent = _text(content.get("eventID"))
    event_id, revision = (sent, None) if sent else _derived_id(dict(content), bool(entry.hidden))
    return EventRow(index, entry.claims.kind, kind, time, event_id, revision, entry.claims.iss)


def _derived_id(content: dict[str, Any], hidden: bool) -> tuple[str, str | None]:
    """The event hash with its revision; ("", None) of an event that is not whole or that it cannot be taken of."""
    if hidden:
        return "", None
    event_hash, revision = _algorithm()
    try:
        return event_hash(content), revision
    except LedgerError:
        return "", None


@cache
def _algorithm() -> tuple[Any, str]:
    # Late, for the hash loads the whole vocabulary and most entries carry an id.
    from schemas.epcis import event_hash

    return event_hash.event_hash, getattr(event_hash, "REVISION", "1")


def _uses(index: int, entry: Entry, moves: Movement | None) -> tuple[ObjectUse, ...]:
    """Every object the entry is about, sorted by URI, with the key and n its record shows."""
    shown = {lot.id: lot for lot in read_record(entry).lots}
    uris = sorted((moves.touched if moves else frozenset()) | shown.keys())
    found = ((uri, shown.get(uri)) for uri in uris)
    return tuple(ObjectUse(uri, index, lot.key if lot else None, lot.n if lot else None) for uri, lot in found)


def _seen(entry: Entry) -> Seen | None:
    content: Mapping[str, Any] = entry.content or {}
    iss = entry.claims.iss
    if "errorDeclaration" in content:
        return None
    sent = _text(content.get("eventID"))
    return Seen(content_digest(iss, content), event_id_digest(iss, sent) if sent else None)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
