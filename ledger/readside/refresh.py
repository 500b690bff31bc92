"""Writes what `derive` says into the derived tables, with the findings that need the entries before it.

- `event-repeated`: a signed entry says again what its member said before; it is kept out of the events. Unsigned
  repeats were answered before they were signed, so what is here was meant (ARCHITECTURE.md 3.4).
- `event-id-reused`: the same member and sent eventID, other content; the event stays.
- A declaration of error voids the event of the same member and eventID, whichever of both was logged first.
- The result depends on the entries and their order, never on how they were grouped into transactions.

    if read_side.move(connection, start, stop): write(connection, derived)
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace as altered
from functools import cache

from ledger.readside.derive import Derived
from ledger.store import declarations, duplicates, edges, events, findings, master, objects, read_side, visibility
from ledger.store.connection import Connection
from ledger.store.findings import Finding
from schemas.errors import UnavailableError


def write(connection: Connection, derived: Sequence[Derived]) -> None:
    """Keep derived rows, in order of index, in the transaction that moves `read_side` over their entries."""
    digests = [_rows(item) for item in derived]
    judged = _repeats(connection, derived, digests)
    events.put(connection, [item.event for item in judged if item.event])
    edges.put(connection, [item.step for item in judged if item.step])
    _corrected(connection, judged)
    objects.put(connection, [use for item in judged for use in item.uses])
    findings.put(connection, [found for item in judged for found in item.findings])
    duplicates.put(connection, [row for rows in digests for row in rows])
    master.put(connection, [item.master for item in judged if item.master])
    _published(connection, judged)


def replace(connection: Connection, indexes: Collection[int], again: Callable[[int], Derived]) -> None:
    """Make the derived rows of these entries again, from what is left of them: after an erasure.

    `again(index)` derives an entry anew. What was a repeat of one of them is judged anew too, and the objects they were
    about are counted anew, so that a rebuild gives the same. `UnavailableError("read-side-behind")` where one is not
    there yet: who follows would write all of it later.
    """
    if not indexes:
        return
    last = max(indexes)
    if last >= (size := read_side.size(connection)):
        raise UnavailableError("read-side-behind", size=size, committed=last + 1)
    fresh = cache(again)
    changed = sorted({*indexes, *duplicates.repeating(connection, sorted(indexes))})
    touched = remove(connection, changed)
    # One by one: each is held against those before it, as when it was written first.
    for index in changed:
        write(connection, [fresh(index)])
    for uri in sorted(touched):
        objects.recount(connection, uri, lambda index: fresh(index).uses)


def remove(connection: Connection, indexes: Sequence[int]) -> set[str]:
    """Take out every derived row of these entries; the objects they were about, whose own rows stay."""
    for index in indexes:
        events.remove(connection, index)
        edges.remove(connection, index)
        findings.remove(connection, index)
        visibility.remove_event(connection, index)
    declarations.remove(connection, indexes)
    duplicates.remove(connection, indexes)
    master.remove(connection, indexes)
    return objects.remove_all(connection, indexes)


def _corrected(connection: Connection, derived: Sequence[Derived]) -> None:
    """Hold declarations of error against the events they mean, and events against declarations that came first."""
    told = [(item, item.event, item.step) for item in derived if item.event and item.event.event_id and item.step]
    digests = {item.index: duplicates.event_id_digest(event.member, event.event_id) for item, event, _ in told}
    declarations.put(connection, [(item.index, digests[item.index]) for item, _, step in told if step.moves.correction])
    for item, event, step in told:
        if step.moves.correction:
            same = events.by_event_id(connection, event.event_id)
            meant = {row.index for row in same if row.member == event.member}
            declarations.correct(connection, item.index, meant - declarations.declared(connection, meant))
    first = declarations.correcting(connection, set(digests.values()))
    for item, _, step in told:
        if not step.moves.correction and (index := first.get(digests[item.index])) is not None:
            declarations.correct(connection, index, [item.index])


def _published(connection: Connection, derived: Sequence[Derived]) -> None:
    """Mark the events of lots that their members publish."""
    told = [(item.index, item.event.member, [use.uri for use in item.uses]) for item in derived if item.event]
    visibility.note_events(connection, told)


def _rows(item: Derived) -> list[tuple[bytes, int]]:
    return [(digest, item.index) for digest in item.seen.digests] if item.seen else []


def _repeats(
    connection: Connection, derived: Sequence[Derived], digests: Sequence[list[tuple[bytes, int]]]
) -> list[Derived]:
    """Hold each event, with its own digests, against those before it, in the tables and in this group."""
    seen = duplicates.find(connection, [digest for rows in digests for digest, _ in rows])
    judged = []
    # What is written again after an erasure has later entries in the tables: a repeat is of something earlier.
    first = derived[0].index if derived else 0
    seen = {digest: index for digest, index in seen.items() if index < first}
    for item, rows in zip(derived, digests, strict=True):
        judged.append(_judged(item, seen))
        for digest, index in rows:
            seen.setdefault(digest, index)
    return judged


def _judged(item: Derived, seen: dict[bytes, int]) -> Derived:
    if item.seen is None:
        return item
    earlier = seen.get(item.seen.content)
    if earlier is not None:
        if not item.signed:
            return item
        found = Finding(item.index, "event-repeated", {"entry": earlier})
        step = altered(item.step, repeats=earlier) if item.step else None
        return altered(item, event=None, step=step, findings=(*item.findings, found))
    reused = seen.get(item.seen.event_id) if item.seen.event_id else None
    if reused is None:
        return item
    return altered(item, findings=(*item.findings, Finding(item.index, "event-id-reused", {"entry": reused})))
