"""Back: where something comes from.

Four questions, each about timelines already read:
- `used`: an object in a step that used it: of a vessel what was poured in that the drawing holds, by the rule that was
  declared; of anything else all of it at that time;
- `whole`: an object at a time, and the spans in which its contents matter: its makings, its ways, its carriers, its
  contents;
- `content`: a child in a parent during these spans: what was in it is followed from each time it was put in;
- `carrier`: a parent that a child was in until a time: where it went meanwhile, and what carried it.

    Back(steps, limit).run(subject)
"""

from typing import cast

from ledger.lots.residence import ALWAYS, Ranges, common, covers, residences
from ledger.lots.step import Step
from ledger.lots.timeline import BEGINNING, END, Timeline, at_of, between
from ledger.lots.walk import Visit, Walk


class Back(Walk):
    """One walk back."""

    def run(self, subject: str) -> None:
        """Follow the subject, with all that ever happened to it."""
        self.whole[subject] = None
        self.ask((subject,), "whole", subject, END, ALWAYS)
        self.go()
        line = self.line(subject)
        self.take((*line.uses, *line.moves))
        self.voided.update((step.index, step) for step in line.voided)

    def answer(self, visit: Visit) -> None:
        """Answer one question."""
        match visit:
            case ("whole", str() as uri, int() as at, spans):
                self._whole(self.line(uri), at, cast(Ranges, spans))
            case ("used", str() as uri, int() as index):
                self._used(self.line(uri), self.found[index])
            case (_, str() as parent, str() as child, *_) if not self.ready(visit, parent, child):
                pass
            case ("content", str() as parent, str() as child, spans):
                self._content(self.line(parent), self.line(child), cast(Ranges, spans))
            case ("carrier", str() as parent, str() as child, spans):
                self._carrier(self.line(parent), self.line(child), cast(Ranges, spans))

    def _follow(self, uri: str, at: int, spans: Ranges) -> None:
        self.whole[uri] = None
        self.ask((uri,), "whole", uri, at, spans)

    def _whole(self, line: Timeline, at: int, spans: Ranges) -> None:
        self.voided.update((step.index, step) for step in line.voided)
        self.portions(line)
        for step in line.feeding(at):
            self._came(step, line.uri)
        if not line.as_parent:
            self.take(between(line.moves, BEGINNING, at))
            for step in between(line.as_child, BEGINNING, at):
                if step.moves.parent is not None:
                    self._carried(step.moves.parent, line.uri, ((BEGINNING, at),))
        for child in dict.fromkeys(child for step in line.as_parent for child in sorted(step.moves.children)):
            self.ask((line.uri, child), "content", line.uri, child, spans)

    def _came(self, step: Step, made: str) -> None:
        """What made something, and what that was made of."""
        self.found[step.index] = step
        self.begun(step, made)
        for source in step.moves.used:
            self.transformed(step, source, made)
            self.whole[source] = None
            self.ask((source,), "used", source, step.index)

    def _used(self, line: Timeline, drawing: Step) -> None:
        """What was used of an object, which is all of it unless a rule was declared for it."""
        portions = self.portions(line)
        if portions is None:
            at = at_of(drawing, END)
            self._follow(line.uri, at, ((at, at),) if at < END else ALWAYS)
            return
        self.voided.update((step.index, step) for step in line.voided)
        for portion in portions.get(drawing.index, ()):
            self.mixed(line.uri, drawing, portion)
            self._came(portion.pouring, line.uri)

    def _carried(self, parent: str, child: str, spans: Ranges) -> None:
        self.ask((parent, child), "carrier", parent, child, spans)

    def _content(self, parent: Timeline, child: Timeline, spans: Ranges) -> None:
        for stay in residences(parent, child):
            during = common(stay.ranges, spans)
            if not during:
                continue
            last = during[-1][1]
            entries = [step for step in stay.entries if at_of(step, BEGINNING) <= last] or list(stay.entries)
            for step in entries:
                self.packed(step, parent.uri, child.uri)
                self._follow(child.uri, at_of(step, END), during)
            for step in stay.exits:
                if at_of(step, BEGINNING) <= last:
                    self.packed(step, parent.uri, child.uri)
            self._ways(parent, ((stay.start, max(stay.start, min(stay.end, last))),))

    def _carrier(self, parent: Timeline, child: Timeline, spans: Ranges) -> None:
        for stay in residences(parent, child):
            during = common(((stay.start, stay.end),), spans)
            if not during:
                continue
            self.carriers[parent.uri] = None
            last = during[-1][1]
            for step in (*stay.entries, *stay.exits):
                if at_of(step, BEGINNING) <= last:
                    self.packed(step, parent.uri, child.uri)
            self._ways(parent, during)

    def _ways(self, line: Timeline, spans: Ranges) -> None:
        """Where a unit went in these spans, alone or in another; its birth; and what was declared wrong of it then."""
        for first, last in spans:
            self.take(between(line.moves, first, last))
        self.take(line.births(spans[-1][1]))
        self.voided.update((step.index, step) for step in line.voided if covers(spans, step.at))
        for step in between(line.as_child, BEGINNING, spans[-1][1]):
            if step.moves.parent is not None:
                self._carried(step.moves.parent, line.uri, spans)
