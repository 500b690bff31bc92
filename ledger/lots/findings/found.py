"""What a rule gives and what it is given: `Found` and `Case`.

- A rule is a function of a `Case`: one object (lot, unit or item, or a transformation that spans several events), the
  steps about it and about its surroundings, and what members keep as master data. It gives `Found`s, and nothing else
  decides: no clock, no store, no order of arrival.
- Steps that do not stand (declared wrong, said before, declarations themselves) are none. Order is (time, index).
- A finding about several objects of one event is given for one of them, so that it is said once: the rule says which.
- `Found.index` is the entry to look at, `causes` all entries that make it what it is, that one included.
- What depends on the question is not decided here: `since` is when the waiting began that makes it a finding only
  after so many days, and `party` is the one from whom an entry is missing, which is a finding only where that party
  records in this ledger (`ledger.lots.findings.stand`).

    [found for rule in RULES for found in rule(Case("https://id.gs1.org/00/…", Surroundings(about)))]

ARCHITECTURE.md 5; docs/adr/0039-where-findings-are-kept.md.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ledger.lots.contents import Units
from ledger.lots.findings.masters import Masters
from ledger.lots.step import Step
from ledger.lots.timeline import order as order
from ledger.lots.yielded import GoodsOf, nothing_known

NO_MASTERS = Masters()


@dataclass(frozen=True, slots=True)
class Found:
    """One finding about `subject`. `context`: what its sentence is filled with, texts and numbers; other objects named
    in it are canonical URIs."""

    code: str
    subject: str
    index: int
    causes: tuple[int, ...]
    context: Mapping[str, Any] = field(default_factory=dict)
    since: int | None = None
    party: str | None = None


class Standing:
    """The steps about objects that stand, in order of time, by object; the caller's to read only."""

    __slots__ = ("_about", "_found")

    def __init__(self, about: Mapping[str, Sequence[Step]]) -> None:
        self._about = about
        self._found: dict[str, list[Step]] = {}

    def __call__(self, uri: str) -> list[Step]:
        """Those about one object."""
        found = self._found.get(uri)
        if found is None:
            if uri not in self._about:
                # It may be read later.
                return []
            found = self._found[uri] = [step for step in self._about.get(uri, ()) if step.stands]
            found.sort(key=order)
        return found


class Surroundings:
    """The steps about objects, and what is worked out of them once, however many objects are judged by them.

    Nothing in it knows it: it goes with the last case, and not when Python next looks for what knows itself.
    """

    __slots__ = ("_about", "_births", "_members", "known", "steps", "units")

    def __init__(self, about: Mapping[str, Sequence[Step]]) -> None:
        self._about = about
        self._births: dict[str, list[Step]] = {}
        self._members: dict[int, str] = {}
        self.steps = Standing(about)
        self.units = Units(self.steps)
        self.known: dict[object, Any] = {}
        """What a rule worked out of these steps, by the rule's own key."""

    def births(self, uri: str) -> list[Step]:
        """Those of them with which the object begins, receipts left out."""
        found = self._births.get(uri)
        if found is None:
            found = [step for step in self.steps(uri) if uri in step.moves.born and not step.moves.receipt]
            self._births[uri] = found
        return found

    def member(self, index: int) -> str:
        """Who signed one of these steps."""
        if not self._members:
            self._members.update((step.index, step.member) for steps in self._about.values() for step in steps)
        return self._members[index]


@dataclass(frozen=True, slots=True)
class Case:
    """One object with its surroundings: the steps of the subject, of what is or was packed with it, and of the lots
    that it was made from; `goods`: what is known of products."""

    subject: str
    around: Surroundings
    masters: Masters = NO_MASTERS
    goods: GoodsOf = nothing_known
    known: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out of the subject once for several rules, by who worked it out."""

    def steps(self, uri: str | None = None) -> list[Step]:
        """The steps about an object (default: the subject) that stand, in order of time; the caller's to read only."""
        return self.around.steps(uri or self.subject)

    def births(self, uri: str | None = None) -> list[Step]:
        """Those with which the object begins, receipts left out."""
        return self.around.births(uri or self.subject)

    def spokesman(self, step: Step) -> bool:
        """Is the subject the object for which is said what concerns the whole event?"""
        return bool(step.moves.objects) and step.moves.objects[0] == self.subject


Rule: TypeAlias = Callable[[Case], Iterable[Found]]


def causes(*steps: Step) -> tuple[int, ...]:
    """The entries of these steps, rising."""
    return tuple(sorted({step.index for step in steps}))


def earlier(steps: Iterable[Step], at: int) -> Iterator[Step]:
    """Those that were before this moment."""
    return (step for step in steps if step.at is not None and step.at < at)
