"""Is this recalled, since when, by whom and why, as a ledger answers it for who asks; and all recalls that stand.

- What a recall says is meant for everybody who has the goods: whoever may know of a lot, unit or item is told that it
  is recalled, by whom and why, whether or not the event that says so is for its eyes.
- `size` is as of that many entries of the log, `at` the moment (microseconds since 1970) at which a recall must stand.
- Listed is an entry a row, with those of its objects on which the recall still stands and of which who asks may know.

    status(connection, "https://id.gs1.org/01/…/10/P-7", seen_by=audience, size=size, at=at)

docs/adr/0046-a-recall-is-told-to-whoever-may-know-of-the-lot.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.audience import Audience, full
from ledger.lots.recalled import RECALLED, Recalled, Standing, number_of, recalled, standing
from ledger.lots.step import Step
from ledger.store import event_query, visibility
from ledger.store.connection import Connection
from ledger.store.edges import StoreEdges
from ledger.store.query_place import Place
from schemas.epcis.query import parse_query

_SAYING = parse_query({"EQ_persistentDisposition_set": [RECALLED]})
_AT_ONCE = 20
"""Entries that are read together: each may name some hundred objects."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A recall as an entry said it, and the objects on which it stands, sorted: those of that entry, or all that
    concern what was asked about."""

    standing: Standing
    objects: tuple[str, ...]


def status(connection: Connection, uri: str, *, seen_by: Audience, size: int, at: int) -> list[Listed] | None:
    """The recalls that stand on a canonical URI, on what is in it, or on its lot; None where who asks may know of no
    such thing."""
    edges = StoreEdges(connection, size)
    if not edges.steps_of([uri]) or not visibility.knows_lot(connection, seen_by, uri):
        return None
    # One recall of many things is said by several entries: who asks about one thing reads it once.
    by: dict[tuple[str, str | None], list[Recalled]] = {}
    for found in recalled(edges, uri, at):
        by.setdefault((found.standing.member, found.standing.number), []).append(found)
    return [Listed(same[0].standing, tuple(sorted(item.on for item in same))) for same in by.values()]


def listed(
    connection: Connection, *, seen_by: Audience, size: int, at: int, after: int, limit: int
) -> tuple[list[Listed], int | None]:
    """A page of the recalls that stand, in the order of the entries that say so beyond `after`, and the entry after
    which the next begins, None at the end."""
    found: list[Listed] = []
    place = Place(size, index=after)
    while True:
        page = event_query.find(connection, _SAYING, seen_by=full(), after=place, limit=_AT_ONCE)
        for row in _rows(connection, page.indexes, seen_by, size, at):
            found.append(row)
            if len(found) == limit:
                return found, row.standing.index
        if page.next is None:
            return found, None
        place = page.next


def _rows(connection: Connection, indexes: Iterable[int], seen_by: Audience, size: int, at: int) -> Iterable[Listed]:
    edges = StoreEdges(connection, size)
    steps = [step for _, step in sorted(edges.steps(list(indexes)).items()) if step.stands]
    known = visibility.known_lots(connection, seen_by, {uri for step in steps for uri in step.moves.objects})
    about = edges.steps_of(known)
    for step in steps:
        mine = [uri for uri in step.moves.objects if uri in known]
        found = {uri: here for uri in mine if (here := _here(about[uri], uri, step, at)) is not None}
        if found:
            yield Listed(next(iter(found.values())), tuple(sorted(found)))


def _here(about: Iterable[Step], uri: str, step: Step, at: int) -> Standing | None:
    """The recall that stands on an object since this entry, or was said again in it."""
    mine = (step.member, number_of(step))
    stands = (item for item in standing(about, uri, at) if (item.member, item.number) == mine)
    return next((item for item in stands if item.index == step.index), None)
