"""What the events of a bundle say: their movements by position, and whether an event shows all its objects.

- *Position*: where an entry stands in the bundle. Across logs a position orders entries, an index does not.
- A correction moves nothing, also where its `errorDeclaration` is hidden.
- An entry has a tag for each object, so tags without a shown object belong to objects that are hidden.

    movements(opened)[3].made

ARCHITECTURE.md 3.2, Objects and tags.
"""

from collections.abc import Mapping

from ledger.entry.parse import Entry
from ledger.lots.movement import Movement, movement
from ledger.verify.opened import Opened, Shown
from ledger.verify.subject import tags_of

EVENTS = frozenset(("event", "correction"))


def movements(opened: Opened) -> Mapping[int, Movement]:
    """The movement of every event that the bundle opens, by position."""
    return {
        position: _movement(shown.entry)
        for position, shown in enumerate(opened.entries)
        if shown.entry is not None and shown.entry.claims.kind in EVENTS and shown.entry.content is not None
    }


def _movement(entry: Entry) -> Movement:
    moves = movement(entry.content or {})
    if entry.claims.kind != "correction" or moves.correction:
        return moves
    return Movement(moves.objects, action=moves.action, correction=True)


def tags_left_out(opened: Opened, shown: Shown, entry: Entry) -> bool:
    """Whether a `tags` entry that belongs to this one is not in the bundle."""
    before = range(entry.claims.seq - entry.claims.more, entry.claims.seq)
    return any((shown.log, shown.kid, seq) not in opened.lanes for seq in before)


def hidden_objects(opened: Opened, shown: Shown, entry: Entry, moves: Movement) -> int:
    """How many objects of an entry are hidden, as far as its tags are in the bundle."""
    return max(0, len(tags_of(opened, shown, entry)) - len(moves.objects))
