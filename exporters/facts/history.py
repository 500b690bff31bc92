"""The events of one bundle in the order of time, with what is said of those who are in them: what papers are made of.

- From the bundle alone: `events` are all that it opens, `standing` those that count, by the verifier's own rule (what
  its member declared wrong, or had said before, does not).
- `made` is when the newest thing in it was recorded, the nearest to a date that a paper can have: no clock is read.
- Reading believes nothing. Whether the bundle holds is asked beside, by `ledger.verify`.

    facts = read(bundle);  facts.standing[0].step.biz_step, facts.masters.product(uri, at)

ARCHITECTURE.md 2 (rule 5).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from exporters.facts.filed import Filed, filed
from ledger.bundle import Direction, parse
from ledger.entry.parse import Entry, read_record
from ledger.entry.shown import plain
from ledger.lots.movement import Movement
from ledger.lots.said import Masters
from ledger.lots.step import Step, step
from ledger.lots.timeline import order
from ledger.registry.bodies import MemberProposal
from ledger.verify.account import Opinion
from ledger.verify.counted import counted
from ledger.verify.goods import stated
from ledger.verify.opened import Opened, Shown, open_bundle
from ledger.verify.told import movements

SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its place in the log, who signed it, what it says (nothing hidden left in it), what it does."""

    index: int
    leaf: bytes
    member: str
    content: Mapping[str, Any]
    step: Step

    @property
    def at(self) -> int | None:
        """Event time in microseconds since 1970 (UTC)."""
        return self.step.at

    @property
    def about(self) -> str:
        """The first object that it names, or its type: by which people know which event is meant."""
        return self.step.flows[0].uri if self.step.flows else self.step.type or "–"


@dataclass(frozen=True, slots=True)
class Facts:
    """What one bundle says. `members`: what the log knows of each member, by iss: name, GLN, VAT number. `files`: those
    that its entries sign by their digest."""

    subject: str | None
    direction: Direction
    events: Sequence[Event]
    standing: Sequence[Event]
    masters: Masters
    members: Mapping[str, Mapping[str, Any]]
    origin: str
    size: int
    made: int
    files: tuple[Filed, ...] = ()
    named: dict[str, list[int]] = field(init=False, default_factory=dict, compare=False, repr=False)
    """Where in `standing` an object (canonical URI) is named or touched; empty until it is asked for (`naming`)."""

    def naming(self, uri: str) -> Iterator[Event]:
        """The events that count and name an object, or touch it, in order of time."""
        if not self.named:
            self.named.update(named_in(self.standing))
        return (self.standing[place] for place in self.named.get(uri, ()))

    def about(self, uri: str) -> Sequence[Step]:
        """The steps that touch an object (canonical URI) and count, in order of time."""
        return [event.step for event in self.naming(uri) if event.step.moves.touches(uri)]


def named_in(events: Sequence[Event]) -> dict[str, list[int]]:
    """Where among these events each object is named or touched."""
    found: dict[str, list[int]] = {}
    for place, event in enumerate(events):
        for uri in event.step.moves.touched.union(flow.uri for flow in event.step.flows):
            found.setdefault(uri, []).append(place)
    return found


def read(data: bytes) -> Facts:
    """The facts of a bundle; `InputError` where it is none."""
    opened = open_bundle(parse(data))
    moves = movements(opened)
    events = {position: _event(opened.entries[position], moves[position]) for position in moves}
    standing = counted(opened, moves, Opinion("faithful"))
    ordered = sorted(events, key=lambda position: order(events[position].step))
    return Facts(
        opened.bundle.subject,
        opened.bundle.direction,
        tuple(events[position] for position in ordered),
        tuple(events[position] for position in ordered if position in standing),
        Masters(stated(opened)),
        dict(_profiles(opened)),
        opened.bundle.logs[-1].origin,
        opened.bundle.logs[-1].size,
        _made(opened, [event.at for event in events.values()]),
        tuple(filed(opened)),
    )


def _event(shown: Shown, moves: Movement) -> Event:
    entry = _entry(shown)
    content = plain(entry.content or {})
    return Event(
        shown.index, shown.leaf, entry.claims.iss, content, step(shown.index, entry.claims.iss, content, moves)
    )


def _profiles(opened: Opened) -> Iterator[tuple[str, Mapping[str, Any]]]:
    # Whoever proposes a member signs the entry; whose profile it is stands in its body.
    for shown, entry in opened.readable():
        if entry.profile is not None and isinstance(shown.body, MemberProposal):
            yield shown.body.founding.iss, plain(entry.profile)


def _made(opened: Opened, times: list[int | None]) -> int:
    recorded = [read_record(entry).iat for _, entry in opened.readable() if entry.record is not None]
    known = [at * SECOND for at in recorded if at is not None] or [at for at in times if at is not None]
    return max(known, default=0)


def _entry(shown: Shown) -> Entry:
    assert shown.entry is not None
    return shown.entry


def kind_of(event: Event) -> str:
    """The word of an event, as `words.toml` names it."""
    return word_of(event.step)


def word_of(step: Step) -> str:
    """The word of a step: what a new lot without inputs is, else its business step, of a step in a vocabulary of its
    own the last part."""
    if step.type == "ObjectEvent" and step.moves.action == "ADD" and step.harvested:
        return "harvest"
    return (step.biz_step or step.type or "other").rpartition("/")[2]
