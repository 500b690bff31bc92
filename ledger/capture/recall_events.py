"""The events that open a recall of lots and units, and those that end it; captured as any others are.

- OBSERVE, for nothing moves: what changes is that `recalled` is set among the persistent dispositions, and later unset.
  Readers that know EPCIS 1.2 alone find the plain disposition `recalled`.
- Each event names some of the objects: an entry has room for so many, and a reader patience for no more.
- All events of one recall carry its number as a business transaction, and the reason and subject as extensions. Their
  eventIDs follow from number and objects, so that whoever says it twice says it once.

    opening(["https://id.gs1.org/01/…/10/P-7"], ["https://id.gs1.org/00/…"], said)

CBV 2.0 section 7.2; EPCIS 2.0 section 7.3.6.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.lots.recalled import RECALL, RECALLED
from schemas.epcis.own_terms import NAMESPACE, PREFIX
from schemas.errors import InputError
from schemas.syntax.json_text import write

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
TOGETHER = 500
"""Objects in one event."""
MOST_REASON = 1000
_RECALLS = uuid.UUID("0f2c3c3a-6a0e-5b53-9c1b-51f1d1f0b9a4")


@dataclass(frozen=True, slots=True)
class Said:
    """What the events of one recall have in common: its number (`urn:uuid:…`), the subject, the reason, when (UTC), and
    what who bought it shall do, where the recall says so."""

    number: str
    subject: str
    reason: str
    at: datetime
    warnings: str = ""


def number(origin: str, member: str, subject: str, before: int) -> str:
    """The number of a member's next recall of a subject; `before`: how many it has opened already."""
    return _name(origin, member, subject, str(before))


def check_reason(reason: str) -> str:
    """The reason without blanks around it; `InputError("recall-reason")` for one that is none."""
    text = reason.strip()
    if not 0 < len(text) <= MOST_REASON or not text.replace("\n", " ").isprintable():
        raise InputError("recall-reason", limit=MOST_REASON)
    return text


def opening(lots: Sequence[str], units: Sequence[str], said: Said, *, after: str = "") -> bytes:
    """The document that says these lots and units are recalled; `after`: still are, when the recall of that number
    ended."""
    changes = {"disposition": RECALLED, "persistentDisposition": {"set": [RECALLED]}}
    return _document(lots, units, said, f"still {after}" if after else "open", changes)


def closing(lots: Sequence[str], units: Sequence[str], said: Said) -> bytes:
    """The document that says they are recalled no longer."""
    return _document(lots, units, said, "close", {"persistentDisposition": {"unset": [RECALLED]}})


def _document(lots: Sequence[str], units: Sequence[str], said: Said, act: str, changes: dict[str, Any]) -> bytes:
    parts: list[tuple[str, list[Any]]] = []
    for start in range(0, len(lots), TOGETHER):
        parts.append(("quantityList", [{"epcClass": uri} for uri in lots[start : start + TOGETHER]]))
    parts += [("epcList", list(units[start : start + TOGETHER])) for start in range(0, len(units), TOGETHER)]
    time = said.at.replace(tzinfo=None).isoformat("T", "milliseconds") + "Z"
    events: list[Any] = []
    for name, objects in parts:
        named = [item if isinstance(item, str) else item["epcClass"] for item in objects]
        events.append(
            {
                "type": "ObjectEvent",
                "eventID": _name(said.number, act, *named),
                "eventTime": time,
                "eventTimeZoneOffset": "+00:00",
                "action": "OBSERVE",
                **changes,
                name: objects,
                "bizTransactionList": [{"type": RECALL, "bizTransaction": said.number}],
                "filiera:recallSubject": said.subject,
                **({"filiera:recallReason": said.reason} if said.reason else {}),
                **({"filiera:recallWarnings": said.warnings} if said.warnings else {}),
            }
        )
    return write(
        {
            "@context": [CONTEXT, {PREFIX: NAMESPACE}],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": time,
            "epcisBody": {"eventList": events},
        }
    )


def _name(*parts: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_RECALLS, chr(10).join(parts))}"
