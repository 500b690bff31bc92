"""Forward: where something went, and what was made of it. The inverse of `ledger.lots.back`.

Three questions, each about timelines already read:
- `whole`: an object since it was made: what it was used for, its ways, what it was put into, what came out of it;
- `carrier`: a parent that a child was put into: where it went with it, what it was used up in, what carried it;
- `content`: what came out of a unit that is itself followed, since it came out.

    Forward(steps, limit).run(subject)
"""

from collections.abc import Iterable
from typing import cast

from ledger.lots.bulk import Portion
from ledger.lots.residence import ALWAYS, Ranges, common, covers, residences
from ledger.lots.step import Step
from ledger.lots.timeline import BEGINNING, END, Timeline, at_of, between
from ledger.lots.walk import Visit, Walk

_ANY = -1
"""Instead of the index of the step since which something is followed: whatever step that was."""


class Forward(Walk):
    """One walk forward."""

    def run(self, subject: str) -> None:
        """Follow the subject, with all that ever happened to it."""
        self.whole[subject] = None
        self.ask((subject,), "whole", subject, _ANY)
        self.go()
        line = self.line(subject)
        self.take((*line.makings, *line.moves))
        for step in line.makings:
            self.begun(step, subject)

    def answer(self, visit: Visit) -> None:
        """Answer one question."""
        match visit:
            case ("whole", str() as uri, int() as by):
                self._whole(self.line(uri), self.found.get(by))
            case (_, str() as parent, str() as child, *_) if not self.ready(visit, parent, child):
                pass
            case ("content", str() as parent, str() as child, int() as since):
                self._content(self.line(parent), self.line(child), since)
            case ("carrier", str() as parent, str() as child, spans, int() as by):
                self._carrier(self.line(parent), self.line(child), cast(Ranges, spans), self.found.get(by))

    def _whole(self, line: Timeline, by: Step | None) -> None:
        since = BEGINNING if by is None else at_of(by, BEGINNING)
        self.voided.update((step.index, step) for step in line.voided)
        self.take(between(line.moves, since, END))
        portions = self.portions(line)
        for step in line.uses:
            if portions is not None and by is not None:
                self._drawn_of(step, line.uri, by, portions.get(step.index, ()))
            elif line.fed(by, at_of(step, END)):
                self._became(step, line.uri)
        for step in line.as_child:
            if step.moves.parent is not None:
                self.ask(
                    (step.moves.parent, line.uri),
                    "carrier",
                    step.moves.parent,
                    line.uri,
                    ALWAYS,
                    _ANY if by is None else by.index,
                )
        for child in dict.fromkeys(child for step in line.as_parent for child in sorted(step.moves.children)):
            self.ask((line.uri, child), "content", line.uri, child, since)

    def _drawn_of(self, drawing: Step, vessel: str, pouring: Step, portions: Iterable[Portion]) -> None:
        """A drawing that holds something of a pouring, by the declared rule."""
        for portion in portions:
            if portion.pouring.index == pouring.index:
                self.mixed(vessel, drawing, portion)
                self._became(drawing, vessel)

    def _became(self, step: Step, source: str) -> None:
        self.found[step.index] = step
        for target in step.moves.made:
            self.transformed(step, source, target)
            self.whole[target] = None
            self.ask((target,), "whole", target, step.index)

    def _content(self, parent: Timeline, child: Timeline, since: int) -> None:
        for stay in residences(parent, child):
            if stay.end < since:
                continue
            for step in (*stay.entries, *stay.exits):
                self.packed(step, parent.uri, child.uri)
            self.whole[child.uri] = None
            for step in stay.exits:
                self.ask((child.uri,), "whole", child.uri, step.index)

    def _carrier(self, parent: Timeline, child: Timeline, spans: Ranges, by: Step | None) -> None:
        for stay in residences(parent, child):
            entries = [step for step in stay.entries if child.fed(by, at_of(step, END))]
            # What had left the child before that was put in, was never in the parent.
            held = stay.ranges if covers(spans, stay.start) else ((stay.start, stay.end),)
            during = common(held, spans)
            if not entries or not during:
                continue
            # Never seen put in, it was there since the stay began.
            first = stay.start if entries[0] in stay.exits else at_of(entries[0], BEGINNING)
            during = common(during, _since(stay.ranges, stay.start, first))
            self.carriers[parent.uri] = None
            for step in (*entries, *stay.exits):
                self.packed(step, parent.uri, child.uri)
            self._ways(parent, during)

    def _ways(self, line: Timeline, spans: Ranges) -> None:
        """Where a carrier went in these spans, alone or in another, and what it was used up in."""
        for first, last in spans:
            self.take(between(line.moves, first, last))
        self.voided.update((step.index, step) for step in line.voided if covers(spans, step.at))
        for step in line.uses:
            if covers(spans, step.at):
                self._became(step, line.uri)
        for parent in dict.fromkeys(step.moves.parent for step in line.as_child):
            if parent is not None:
                self.ask((parent, line.uri), "carrier", parent, line.uri, spans, _ANY)


def _since(ranges: Ranges, start: int, first: int) -> Ranges:
    """The spans in which what was put in at `first`, not before, was there."""
    if first <= start:
        return ALWAYS
    return tuple((BEGINNING, start - 1) if last < start else (first, END) for _, last in ranges)
