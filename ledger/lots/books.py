"""The books of some events: their lines, units replaced by what was in them when it happened; pure.

- A unit that is named alone is a line without an amount (`ledger.lots.stock`): its contents take its place, units in it
  opened in turn. What is still a unit without an amount was never packed here, or deeper than `DEEPEST`: its contents
  are not known.
- Of units inside one another that one event names alone the outermost counts what the inner one holds: a kilogram
  counts once. In a circle of units it is the one that is named first.
- `work` counts what was looked at, for who has to give up a history that was made to last for ever.

    books = Books(steps);  [line for step in steps for line in books.lines(step)]

FORMATS 5.1 (mass balance); docs/spec/bundle.md, section 6 (Lines).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ledger.lots.contents import Units
from ledger.lots.step import Step
from ledger.lots.stock import Line, is_unit, lines, own_amount
from ledger.lots.timeline import order

DEEPEST = 8
MOST_WORK = 2_000_000
"""Packings looked at, and what is in them: beyond it nothing more is opened."""


class Books:
    """The lines of steps that stand, found by what they touch."""

    __slots__ = ("_about", "_limit", "_units", "work")

    def __init__(self, steps: Iterable[Step], *, limit: int = MOST_WORK) -> None:
        self.work, self._limit = 0, limit
        self._about: dict[str, list[Step]] = defaultdict(list)
        for step in sorted(steps, key=order):
            for uri in step.moves.touched:
                self._about[uri].append(step)
        self._units = Units(lambda unit: self._about.get(unit, ()))

    def lines(self, step: Step) -> Iterator[Line]:
        """The lines of one event."""
        opened: dict[tuple[str, str], list[Line]] = {}
        inner: set[tuple[str, str]] = set()
        told = list(lines(step))
        for line in told:
            key = line.kind, line.uri
            if _alone(line) and key not in inner and key not in opened:
                met: set[tuple[str, str]] = {key}
                opened[key] = list(self._unpacked(line, step, DEEPEST, met))
                inner |= met - {key}
        for line in told:
            if not _alone(line):
                yield line
            elif (line.kind, line.uri) not in inner:
                yield from opened.pop((line.kind, line.uri), ())

    def _unpacked(self, line: Line, step: Step, deep: int, met: set[tuple[str, str]]) -> Iterator[Line]:
        about = self._about.get(line.uri, ())
        self.work += len(about) + sum(len(each.flows) for each in about)
        packed = any(each.moves.parent == line.uri and order(each) < order(step) for each in about)
        if not packed or not deep or self.work > self._limit:
            yield line
            return
        for uri, amount in self._units.directly(line.uri, order(step)).items():
            within = replace(line, uri=uri, amount=own_amount(uri, amount))
            if is_unit(uri) and within.amount is None:
                met.add((within.kind, uri))
                yield from self._unpacked(within, step, deep - 1, met)
            else:
                yield within


def _alone(line: Line) -> bool:
    """Is it a unit that was named without an amount, and not only counted?"""
    return line.kind != "counted" and line.amount is None and is_unit(line.uri)
