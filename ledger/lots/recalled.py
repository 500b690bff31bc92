"""Which lots, units and items are recalled at a moment: by whom, since when and why. The one place that says so; pure.

- A member recalls an object by an event that sets `recalled` among its persistent dispositions, and ends it by one that
  unsets it (EPCIS 2.0 section 7.3.6). Members speak for themselves: one's recall is not ended by another.
- Events of one recall share a business transaction, its number, by which all of them are found. An object may be in
  several recalls of one member, each of which ends by itself; an end without a number ends them all.
- A recall stands since it was first said, however often it was said again, until its end.
- A unit is recalled with what is in it at that moment, through units inside units; an item with the lot whose number
  is said by the event that made it. Banners, link sets, notices and pages ask `recalled` and nothing else.

    recalled(steps, "https://id.gs1.org/00/…", at)  ->  (Recalled(on="https://…/10/P-7", standing=Standing(…)),)

CBV 2.0 section 7.2 (`recalled`); docs/adr/0046-a-recall-is-told-to-whoever-may-know-of-the-lot.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ledger.lots.contents import DEEPEST, Units
from ledger.lots.genealogy import Steps
from ledger.lots.step import Step
from ledger.lots.timeline import END, order
from schemas.gs1.canonical import link

RECALLED = "recalled"
RECALL = "https://filiera.invalid/voc/recall"
"""The type of the business transaction that a recall is."""
_GTIN, _GTIN_END = "https://id.gs1.org/01/", len("https://id.gs1.org/01/") + 14


@dataclass(frozen=True, slots=True)
class Standing:
    """A recall that stands on an object: who recalls, the entry that said so first, when (microseconds), its number,
    and the subject (canonical URI) and reason that were given; None where they were not, or were erased."""

    member: str
    index: int
    at: int | None
    number: str | None = None
    subject: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Recalled:
    """Why something is recalled: `on` is what the recall stands on, itself, what is in it, or its lot."""

    on: str
    standing: Standing


def standing(steps: Iterable[Step], uri: str, at: int | None = None) -> tuple[Standing, ...]:
    """The recalls that stand on an object itself at a moment (None: at the end), oldest first; of steps about it."""
    found: dict[tuple[str, str | None], Standing] = {}
    for step in sorted(steps, key=order):
        later = at is not None and step.at is not None and step.at > at
        if later or not step.stands or not step.moves.touches(uri):
            continue
        number = number_of(step)
        if ("set", RECALLED) in step.persistent:
            said = Standing(step.member, step.index, step.at, number, step.recall_subject, step.recall_reason)
            found.setdefault((step.member, number), said)
        elif ("unset", RECALLED) in step.persistent:
            for key in [key for key in found if key[0] == step.member and number in (None, key[1])]:
                del found[key]
    return tuple(found.values())


def recalled(steps: Steps, uri: str, at: int | None = None) -> tuple[Recalled, ...]:
    """Every recall that stands on an identifier (canonical URI) at a moment in microseconds since 1970 (None: at the
    end), on itself first."""
    about = _About(steps)
    about.reach(uri)
    # What happened at the moment itself counts.
    before = (END if at is None else at, END)
    objects = dict.fromkeys((uri, *Units(about.standing).inside(uri, before), *_lots_of(about.standing(uri), uri)))
    about.read(objects)
    return tuple([Recalled(on, found) for on in objects for found in standing(about.all(on), on, at)])


def openings(steps: Iterable[Step], uri: str, member: str) -> int:
    """How often a member has opened a recall of an object, whatever became of each."""
    return sum(step.member == member and ("set", RECALLED) in step.persistent for step in steps)


def number_of(step: Step) -> str | None:
    """The number of the recall that an event opens or ends."""
    return next((id for kind, id in step.transactions if kind == RECALL), None)


def _lots_of(steps: Iterable[Step], uri: str) -> Iterator[str]:
    """The lots that the events which made an item say it is of."""
    # KNOWN LIMIT: a trace does not follow this, so a recall of the lot does not list its items; docs/limits.md.
    for step in steps:
        if step.item_lot is not None and uri in step.moves.made and uri.startswith(_GTIN):
            yield link((("01", uri[len(_GTIN) : _GTIN_END]), ("10", step.item_lot)))


class _About:
    """Steps by object, each read once."""

    def __init__(self, source: Steps) -> None:
        self._source = source
        self._known: dict[str, Sequence[Step]] = {}

    def read(self, uris: Iterable[str]) -> None:
        """Read the steps of all that were not read yet together."""
        lacking = [uri for uri in uris if uri not in self._known]
        found = self._source.steps_of(lacking) if lacking else {}
        self._known.update((uri, found.get(uri, ())) for uri in lacking)

    def reach(self, uri: str) -> None:
        """Read what was ever in a unit, and what that was ever in, two queries a level."""
        frontier, found = {uri}, {uri}
        for _ in range(DEEPEST + 1):
            self.read(sorted(frontier))
            steps = [(near, step) for near in frontier for step in self._known[near]]
            units = {near for near, step in steps if step.moves.parent == near}
            carriers = {step.moves.parent for near, step in steps if near in units and near in step.moves.children}
            self.read(sorted(carrier for carrier in carriers if carrier is not None))
            frontier = {child for near, step in steps if step.moves.parent == near for child in step.moves.children}
            frontier -= found
            found |= frontier

    def all(self, uri: str) -> Sequence[Step]:
        """The steps about an object."""
        self.read((uri,))
        return self._known[uri]

    def standing(self, uri: str) -> Sequence[Step]:
        """Those that stand, in order of time."""
        return sorted([step for step in self.all(uri) if step.stands], key=order)
