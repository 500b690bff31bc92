"""Walking the event graph along time: what is common to both directions.

- Work is done in rounds: everything a round needs is read at once, so a trace asks the database as often as it is deep,
  not as often as it is wide.
- A visit is one question, an object and a time or a pair of parent and child and a span; none is answered twice.

docs/adr/0036-a-trace-is-read-level-by-level.md.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping

from ledger.lots.bulk import Drawn, Portion, drawn
from ledger.lots.contents import along, renewals
from ledger.lots.genealogy import Steps
from ledger.lots.links import Link, kind_of_making
from ledger.lots.mixing import Followed, Mixing, RuleOf
from ledger.lots.step import Step
from ledger.lots.timeline import Timeline, kind_of, order, stated

Visit = tuple[object, ...]
Fills = tuple[tuple[tuple[int, int], tuple[int, int]], ...]
"""Spans of a vessel: places in the order of time, both ends included."""


class Walk(ABC):
    """One walk. `found`: the steps of the answer; `whole`: followed for itself; `carriers`: for what they held."""

    def __init__(self, steps: Steps, limit: int, mixing: Mixing) -> None:
        self._source = steps
        self._mixing = mixing
        self._rules: dict[str, RuleOf] = {}
        self._drawn: dict[str, Drawn] = {}
        self._left = limit
        self._lines: dict[str, Timeline] = {}
        self.found: dict[int, Step] = {}
        self.voided: dict[int, Step] = {}
        self.links: dict[Link, None] = {}
        self.whole: dict[str, None] = {}
        self.carriers: dict[str, None] = {}
        self.more = False
        self._asked: set[Visit] = set()
        self._renewed: set[str] = set()
        self._waiting: list[tuple[tuple[str, ...], Visit]] = []

    def go(self) -> None:
        """Answer what waits, round by round, until nothing new is asked or the limit is reached."""
        while self._waiting and not self.more:
            round, self._waiting = self._waiting, []
            self._read(uri for needs, _ in round for uri in needs)
            for _, visit in round:
                self.answer(visit)

    def ask(self, needs: tuple[str, ...], *visit: object) -> None:
        """Put a question for the next round; the timelines it needs will be there."""
        if visit not in self._asked:
            self._asked.add(visit)
            self._waiting.append((needs, visit))

    @abstractmethod
    def answer(self, visit: Visit) -> None:
        """Answer one question; its timelines have been read."""

    def ready(self, visit: Visit, *uris: str) -> bool:
        """Whether it is known of these when another unit had their number, for which what a unit was ever in is read as
        well; else the question waits for that."""
        new = [line for uri in uris if uri not in self._renewed and (line := self._lines[uri]).as_parent]
        carriers = {step.moves.parent for line in new for step in line.as_child if step.moves.parent is not None}
        lacking = tuple(sorted(uri for uri in carriers if uri not in self._lines))
        if lacking:
            self._waiting.append((lacking, visit))
            return False
        for line in new:
            line.renewals = renewals(line.uri, along(line.uri, line.steps, lambda carrier: self._lines[carrier].steps))
            self._renewed.add(line.uri)
        return True

    def line(self, uri: str) -> Timeline:
        """A timeline that was read before."""
        return self._lines[uri]

    def _read(self, uris: Iterable[str]) -> None:
        wanted = [uri for uri in dict.fromkeys(uris) if uri not in self._lines]
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            found = self._source.steps_of(some) if self._left > 0 else {}
            self.more = self.more or self._left <= 0
            for uri in some:
                steps = found.get(uri, ())
                self._left -= len(steps)
                self._lines[uri] = Timeline(uri, steps)
            filled = [uri for uri in some if self._lines[uri].makings and self._lines[uri].uses]
            self._rules.update(self._mixing.of(filled) if filled else {})

    def take(self, steps: Iterable[Step]) -> None:
        """Put steps into the answer."""
        for step in steps:
            self.found[step.index] = step

    def transformed(self, step: Step, source: str, target: str) -> None:
        """An edge from what was used to what was made."""
        if source not in step.moves.objects and target not in step.moves.objects:
            return  # a run that this event both adds to and takes from
        used, made = stated(step, source, "used"), stated(step, target, "made")
        self.links[Link(step.index, source, target, kind_of_making(step, used, made), used, made)] = None

    def begun(self, step: Step, uri: str) -> None:
        """An edge of what begins without a source."""
        if not step.moves.used:
            self.links[Link(step.index, uri, uri, "commissioned", None, stated(step, uri, "made"))] = None

    def packed(self, step: Step, parent: str, child: str) -> None:
        """An edge into, or out of, a unit."""
        amount = stated(step, child, "child")
        if step.moves.action == "DELETE":
            self.links[Link(step.index, parent, child, "unpacked", None, amount)] = None
        else:
            self.links[Link(step.index, child, parent, "packed", amount, None)] = None
        self.found[step.index] = step

    def portions(self, line: Timeline) -> Mapping[int, tuple[Portion, ...]] | None:
        """What each drawing from a vessel holds, by the rule that was declared for it; None where none was."""
        rule = self._rules.get(line.uri)
        if rule is None:
            return None
        if line.uri not in self._drawn:
            self._drawn[line.uri] = drawn(line.uri, line.makings, line.uses, rule)
        return self._drawn[line.uri].portions

    def mixed(self, vessel: str, drawing: Step, portion: Portion) -> None:
        """Edges from what was poured in to what is drawn off; the amount stands where one thing alone was poured."""
        sources = sorted(portion.pouring.moves.used)
        for source in sources:
            amount = portion.amount if len(sources) == 1 else None
            self.links[Link(drawing.index, source, vessel, "mixed", amount, None)] = None

    def followed(self) -> tuple[Followed, ...]:
        """The vessels that were met, each with its rules, by URI and along time."""
        return tuple([Followed(uri, rule) for uri in sorted(self._drawn) for rule in self._drawn[uri].rules])

    def fills(self) -> dict[str, Fills]:
        """Of each vessel that was met, when it held what the walk came upon: from the first to the last step of each
        such fill. A vessel from which something was drawn by no rule held it always."""
        return {
            uri: tuple(
                [
                    (order(fill[0]), order(fill[-1]))
                    for fill in vessel.fills
                    if not self.found.keys().isdisjoint([step.index for step in fill])
                ]
            )
            for uri, vessel in self._drawn.items()
            if None not in vessel.rules
        }

    def objects(self) -> Mapping[str, tuple[str, ...]]:
        """What was met, sorted, by kind."""
        met: dict[str, list[str]] = {}
        for uri in sorted({*self.whole, *self.carriers}):
            met.setdefault(self._kind(uri), []).append(uri)
        return {kind: tuple(uris) for kind, uris in met.items()}

    def _kind(self, uri: str) -> str:
        line = self._lines.get(uri)
        return kind_of(uri) if line is None else line.kind

    def links_in_order(self) -> tuple[Link, ...]:
        """Edges along time; those of a run that no other event shares say nothing."""
        runs = [line for line in self._lines.values() if line.kind == "run"]
        alone = {line.uri for line in runs if len({step.index for step in (*line.makings, *line.uses)}) < 2}
        place = {index: order(step) for index, step in self.found.items()}
        links = [link for link in self.links if not {link.source, link.target} & alone]
        return tuple(sorted(links, key=lambda link: (place[link.index], link.kind, link.source, link.target)))


_AT_ONCE = 400
