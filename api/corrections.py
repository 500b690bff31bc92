"""Corrections by the office: an event is declared wrong, and where it is to be replaced the right one comes with it.

- Nothing is changed: the declaration repeats the event with its `errorDeclaration`, and names the new event, which has
  an id of its own. Both are signed by the member's gateway key in one turn of the log: both are there, or neither.
- *Withdrawn* is what did not happen, or was recorded twice: declared wrong, with nothing instead.
- Only a member's own event, seen whole, that nobody declared wrong yet. Of two who correct it at once the second is
  refused by the log itself.
- Why, in a person's own words, stands in the declaration (`filiera:note`); EPCIS knows two reasons.

    correct(node, found, event, member=iss, key=None, why="zero di troppo").index

EPCIS 2.0 section 7.4.1.2; docs/adr/0068-corrections-and-papers-of-the-office.md.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from api.records import DECLARATION, Record
from ledger.capture.document import read_document
from ledger.node import Node
from schemas.epcis.event import EventDict
from schemas.epcis.namespaces import namespaces
from schemas.epcis.own_terms import MOST_TEXT, NAMESPACE, PREFIX
from schemas.errors import InputError
from schemas.syntax.json_text import write

Reason = Literal["did_not_occur", "incorrect_data"]
REASONS: tuple[Reason, ...] = ("did_not_occur", "incorrect_data")
_UUID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Corrected:
    """Where the declaration stands, and the event that is right instead (None: nothing is)."""

    declaration: int
    index: int | None


def fit(node: Node, found: Record, *, member: str | None) -> None:
    """May this member correct this record? `InputError`: `correction-of-other`, `correction-of-declaration`,
    `correction-made`, `correction-erased`."""
    if found.answer.member != member:
        raise InputError("correction-of-other", index=found.index, name=found.answer.member)
    if found.declares:
        raise InputError("correction-of-declaration", index=found.index)
    said = next((each for each in found.history if each.reason is not None and _same(each.answer, found)), None)
    if said is not None:
        raise InputError("correction-made", entry=said.index)
    if node.entry(found.index).hidden:
        raise InputError("correction-erased", index=found.index)


def correct(
    node: Node, found: Record, event: EventDict, *, member: str | None, key: str | None, why: str = ""
) -> Corrected:
    """Declare an event wrong, and record the one that is right.

    `InputError`: those of `fit`, `correction-nothing` where both say the same, `correction-note`;
    `ledger.writer.gateway.DocumentRefused` for an event that nobody could record.
    """
    fit(node, found, member=member)
    if _said(event) == _said(found.event):
        raise InputError("correction-nothing")
    id = f"urn:uuid:{UUID(bytes=node.random(_UUID_BYTES), version=4)}"
    right = {**event, "eventID": id}
    declared = _declared(node, found, "incorrect_data", why, instead=[id])
    # The right one first: then the declaration links to it, and the log never shows the lot without either.
    captured = _captured(node, found, [right, declared], member, key)
    return Corrected(captured[1], captured[0])


def withdraw(node: Node, found: Record, reason: Reason, why: str, *, member: str | None, key: str | None) -> Corrected:
    """Declare an event wrong, with nothing instead; `InputError`: those of `fit`, `correction-why`,
    `correction-note`."""
    fit(node, found, member=member)
    if not why.strip():
        raise InputError("correction-why")
    (index,) = _captured(node, found, [_declared(node, found, reason, why, instead=[])], member, key)
    return Corrected(index, None)


def with_own_names(event: EventDict) -> EventDict:
    """The event with a context that explains our own terms, where its own does not."""
    context = event.get("@context")
    if namespaces(context).get(PREFIX) == NAMESPACE:
        return event
    listed = context if isinstance(context, list) else [context] if context else []
    return {**event, "@context": [*listed, {PREFIX: NAMESPACE}]}


def _declared(node: Node, found: Record, reason: Reason, why: str, *, instead: list[str]) -> EventDict:
    if len(why.strip()) > MOST_TEXT:
        raise InputError("correction-note", limit=MOST_TEXT)
    now = datetime.fromtimestamp(node.clock(), UTC).replace(tzinfo=None)
    said: dict[str, Any] = {"declarationTime": f"{now.isoformat('T', 'milliseconds')}Z", "reason": reason}
    if instead:
        said["correctiveEventIDs"] = instead
    if why.strip():
        said[f"{PREFIX}:note"] = why.strip()
    event = {name: value for name, value in found.event.items() if name != "recordTime"}
    return {**with_own_names(event), DECLARATION: said}


def _captured(node: Node, found: Record, events: list[EventDict], member: str | None, key: str | None) -> list[int]:
    document = read_document(write(list(events)), name=f"n. {found.index}")
    captured = node.capture(document, member=member, key=key, refuse_again=True, allow_repeat=True)
    return [each.index for each in captured]


def _same(answer: Any, found: Record) -> bool:
    return bool(answer.event_id == found.answer.event_id and answer.member == found.answer.member)


def _said(event: EventDict) -> EventDict:
    return {name: value for name, value in event.items() if name not in ("eventID", "recordTime", "@context")}
