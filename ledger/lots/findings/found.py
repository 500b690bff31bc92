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

    [found for rule in RULES for found in rule(Case("https://id.gs1.org/00/…", steps))]

ARCHITECTURE.md 5; docs/adr/0039-where-findings-are-kept.md.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

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


@dataclass(frozen=True, slots=True)
class Case:
    """One object with its surroundings: `about` holds the steps of the subject, of what is or was packed with it, and
    of the lots that it was made from; `goods` what is known of products."""

    subject: str
    about: Mapping[str, Sequence[Step]]
    masters: Masters = NO_MASTERS
    goods: GoodsOf = nothing_known
    known: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out once for several rules, by who worked it out."""

    def steps(self, uri: str | None = None) -> list[Step]:
        """The steps about an object (default: the subject) that stand, in order of time; the caller's to read only."""
        wanted = uri or self.subject
        found: list[Step] | None = self.known.get(wanted)
        if found is None:
            standing = [step for step in self.about.get(wanted, ()) if step.stands]
            found = self.known[wanted] = sorted(standing, key=order)
        return found

    def births(self, uri: str | None = None) -> list[Step]:
        """Those with which the object begins, receipts left out."""
        wanted = uri or self.subject
        return [step for step in self.steps(wanted) if step.moves.birth(wanted) and not step.moves.receipt]

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
