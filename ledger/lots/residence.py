"""What was in what, from when to when: aggregation in time order, one pair of parent and child at a time.

- ADD puts in; an OBSERVE that shows a child in its parent says that it was put in before, or then. DELETE takes out;
  a DELETE without children takes out everything. A part of a lot taken out leaves the rest in, as far as amounts show.
- A parent that is used up, or ends, holds nothing afterwards.
- An instance is in one place: put into another parent, or used up, it has left the first. A lot may be in many.
- A child taken out that was never seen put in was in since the parent was last emptied.
- What happens to a parent before the first time anything is known to be in it, happens to all that was ever in it: its
  clock was wrong, and nothing must be lost for it.

    residences(parent, child)[0].covers(at)

EPCIS 2.0 section 7.4.3; CBV 2.0 section 7.1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ledger.lots.step import Amount, Step
from ledger.lots.timeline import BEGINNING, END, Timeline, at_of, stated

Ranges = tuple[tuple[int, int], ...]
"""Spans of time in microseconds, both ends included."""
ALWAYS: Ranges = ((BEGINNING, END),)


@dataclass(frozen=True, slots=True)
class Residence:
    """One stay of a child in a parent. `entries`: the steps that put it in, or first showed it there; `exits`: those
    that took it, or a part of it, out.

    `ranges` is the time in which what happens to the parent happens to the child.
    """

    start: int
    end: int
    entries: tuple[Step, ...]
    exits: tuple[Step, ...]
    ranges: Ranges


@dataclass(slots=True)
class _Stay:
    start: int
    entries: list[Step]
    exits: list[Step]
    left: Amount | None = None


def residences(parent: Timeline, child: Timeline) -> list[Residence]:
    """Every stay of a child in a parent, in time order."""
    first = min((at_of(step, BEGINNING) for step in parent.as_parent if step.moves.action != "DELETE"), default=None)
    found = []
    for stay, end in _stays(parent, child):
        ranges: Ranges = ((stay.start, end),)
        if first is not None and first > BEGINNING and stay.start > BEGINNING:
            ranges = joined(((BEGINNING, first - 1), *ranges))
        found.append(Residence(stay.start, end, tuple(stay.entries), tuple(stay.exits), ranges))
    return found


def _stays(parent: Timeline, child: Timeline) -> Iterator[tuple[_Stay, int]]:
    stay: _Stay | None = None
    emptied = BEGINNING
    for step, enters in _marks(parent, child):
        at = at_of(step, BEGINNING if enters else END)
        named = step.moves.parent == parent.uri and child.uri in step.moves.children
        if enters:
            stay = stay or _Stay(at, [], [])
            _put_in(stay, step, child.uri)
            continue
        if stay is None:
            if named:
                yield _Stay(emptied, [step], [step]), at
        elif named or at > stay.start:
            if named or step.moves.parent == parent.uri:
                stay.exits.append(step)
            if not (named and _partial(stay, step, child.uri)):
                yield stay, at
                stay = None
        emptied = max(emptied, at + 1) if at < END else emptied
    if stay is not None:
        yield stay, END


def _marks(parent: Timeline, child: Timeline) -> list[tuple[Step, bool]]:
    """The steps that put the child in (True) or end its stay (False), in time order; of one time, entries first."""
    marks: dict[int, tuple[Step, bool]] = {}
    for step in parent.as_parent:
        if child.uri in step.moves.children:
            marks[step.index] = step, step.moves.action != "DELETE"
        elif step.moves.action == "DELETE" and not step.moves.children:
            marks[step.index] = step, False
    for step in parent.uses:
        marks.setdefault(step.index, (step, False))
    if child.instance:
        for step in (*child.as_child, *child.uses):
            if step.moves.parent != parent.uri and (step.moves.parent is None or step.moves.action == "ADD"):
                marks.setdefault(step.index, (step, False))
    return sorted(
        marks.values(), key=lambda mark: (at_of(mark[0], BEGINNING if mark[1] else END), not mark[1], mark[0].index)
    )


def _put_in(stay: _Stay, step: Step, uri: str) -> None:
    amount = stated(step, uri, "child")
    if not stay.entries:
        stay.left = amount
    elif step.moves.action != "ADD":
        return
    elif stay.left is not None and amount is not None and stay.left.uom == amount.uom:
        stay.left = Amount(stay.left.quantity + amount.quantity, amount.uom)
    else:
        stay.left = None
    stay.entries.append(step)


def _partial(stay: _Stay, step: Step, uri: str) -> bool:
    """Whether something of the child is left in its parent."""
    amount = stated(step, uri, "child")
    if stay.left is None or amount is None or stay.left.uom != amount.uom:
        return False
    stay.left = Amount(max(stay.left.quantity - amount.quantity, Decimal(0)), amount.uom)
    return stay.left.quantity > 0


def joined(ranges: Sequence[tuple[int, int]]) -> Ranges:
    """Spans in order, those that touch made one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return tuple(found)


def common(one: Ranges, other: Ranges) -> Ranges:
    """The time that lies in both."""
    if other == ALWAYS:
        return one
    return tuple([(max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) <= min(b, d)])


def covers(ranges: Ranges, at: int | None) -> bool:
    """Whether a time lies in them; an unknown one may."""
    return bool(ranges) if at is None else any(first <= at <= last for first, last in ranges)
