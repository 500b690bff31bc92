"""What no entry can carry, asked of unsigned events before anybody signs: in the log's turn it would be too late.

- Not more lots and units than an entry has tags for, not more bytes than a wire may have.
- No `eventID` too long to look up.

    problems(event)  ->  [Problem(code="too-many-objects", event=None, member="", …)]

ARCHITECTURE.md 3.2.
"""

from ledger.entry.issue import MAX_OBJECTS, disclose_content
from ledger.entry.parse import MAX_WIRE
from ledger.lots.movement import objects
from schemas.epcis.event import EventDict, Problem
from schemas.errors import LedgerError
from schemas.gs1.canonical import MOST_CHARACTERS, keepable
from schemas.syntax.json_text import write_text

# A disclosure adds a salt, base64url and a digest to what it says: at most forty times a very short value.
_SURELY_FITS = MAX_WIRE // 40
# One object in `record.lots` and `record.par`, with its disclosures, beside the text of its URI.
_RECORDED = 360
_NO_SALT = bytes(16)


def problems(event: EventDict) -> list[Problem]:
    """Why an event fits no entry; empty for all but the strangest events."""
    if too_long := event_id_problems(event):
        return too_long
    try:
        named = objects(event)
        if len(named) > MAX_OBJECTS:
            return [_problem("too-many-objects", count=len(named), limit=MAX_OBJECTS)]
        if len(write_text(event)) <= _SURELY_FITS:
            return []
        size = sum(map(len, disclose_content(event, lambda _: _NO_SALT)))
    except LedgerError as error:
        return [Problem(error.code, None, str(error.context.get("member", "")), error.context)]
    size += sum(_RECORDED + 2 * len(uri) for uri in named)
    return [_problem("entry-wire-too-large", size=size, limit=MAX_WIRE)] if size > MAX_WIRE else []


def event_id_problems(event: EventDict) -> list[Problem]:
    """An `eventID` that nobody could look up: longer than any database keeps in an index."""
    sent = event.get("eventID")
    if not isinstance(sent, str) or keepable(sent):
        return []
    return [Problem("identifier-too-long", None, "/eventID", {"member": "/eventID", "limit": MOST_CHARACTERS})]


def _problem(code: str, **context: int) -> Problem:
    return Problem(code, None, "", context)
