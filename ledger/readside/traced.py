"""A trace as it is answered from a store: as of a size of the log, for the eyes of who asks.

- `known` is how many entries the log had at the time that is asked about: what was logged later is not there, and what
  was declared wrong later stood then.
- Whoever may not see an event gets its index and nothing else: what is hidden is counted, never absent.
- When the log took an event stands beside the time at which it happened, so a back-dated one shows.
- Names come from master data, as of the time of each event and by the word of who signed it first.
- A lot that the log does not hold is answered with those whose names are like it.

    known(connection, at);  told(node, found, seen_by=audience)[0].record_time

ARCHITECTURE.md 7 (`trace`); FORMATS 6.1, 6.3, 6.5, 6.6.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher

from ledger.audience import Audience
from ledger.lots.said import Masters
from ledger.lots.step import Step
from ledger.readside.answer import Opened, answers
from ledger.readside.said import called, named_in, said_of
from ledger.store import logged, objects, visibility
from ledger.store.connection import Connection
from schemas.epcis.instant import instant
from schemas.errors import InputError

_LIKE = 0.5
_NEAR = 5


@dataclass(frozen=True, slots=True)
class Correction:
    """Why a step does not stand: the entry that says so, who wrote it, when the log took it, and the reason given."""

    index: int
    author: str
    record_time: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """One step. `step` is None where who asks may not see it. `names`: what its objects, places and parties were called
    when it happened, as far as master data says it."""

    index: int
    step: Step | None
    record_time: datetime | None
    correction: Correction | None = None
    names: Mapping[str, str] = field(default_factory=dict)


def told(
    opened: Opened, connection: Connection, steps: Sequence[Step], *, seen_by: Audience, masters: Masters
) -> list[Told]:
    """These steps as far as `seen_by` may see them, in their order."""
    seen = visibility.seen(connection, seen_by, [step.index for step in steps])
    times = logged.times(connection, [step.index for step in steps if step.index in seen])
    wrong = [step.corrected_by for step in steps if step.corrected_by is not None and step.index in seen]
    corrections = _corrections(opened, connection, wrong, seen_by)
    return [
        Told(
            step.index,
            step,
            instant(times[step.index]) if step.index in times else None,
            None if step.corrected_by is None else corrections.get(step.corrected_by),
            called(masters, step),
        )
        if step.index in seen
        else Told(step.index, None, None)
        for step in steps
    ]


def masters_of(
    opened: Opened, connection: Connection, steps: Iterable[Step], *, seen_by: Audience, size: int
) -> Masters:
    """What master data says of what these steps name; nothing where the keys that open it are not here."""
    try:
        return said_of(opened, connection, named_in(steps), seen_by=seen_by, size=size)
    except InputError as error:
        if error.code != "passphrase-missing":
            raise
        return Masters(())


def _corrections(
    opened: Opened, connection: Connection, indexes: Sequence[int], seen_by: Audience
) -> dict[int, Correction]:
    wanted = sorted(visibility.seen(connection, seen_by, sorted(set(indexes))))
    found = {}
    for answer in answers(opened, wanted, seen_by=seen_by):
        said = answer.event.get("errorDeclaration")
        reason = said.get("reason") if isinstance(said, dict) else None
        found[answer.index] = Correction(
            answer.index, answer.member, answer.record_time, reason if isinstance(reason, str) else None
        )
    return found


def sites(steps: Sequence[Told]) -> list[str]:
    """Where these steps happened, in order."""
    where = [(one.step.read_point, one.step.biz_location, *_ends(one, "location")) for one in steps if one.step]
    return list(dict.fromkeys(uri for uris in where for uri in uris if uri is not None))


def parties(steps: Sequence[Told]) -> list[str]:
    """Between whom these steps happened, in order: owners and holders, as events name them."""
    whom = [_ends(one, "owning_party", "possessing_party") for one in steps]
    return list(dict.fromkeys(uri for uris in whom for uri in uris))


def _ends(one: Told, *kinds: str) -> list[str]:
    return (
        [] if one.step is None else [uri for kind, uri in (*one.step.sources, *one.step.destinations) if kind in kinds]
    )


def like(connection: Connection, uri: str, *, seen_by: Audience) -> list[str]:
    """The objects of the log whose names are most like this one, and of which `seen_by` may know; the best first."""
    rated = sorted((-likeness(uri, other), other) for other in objects.around(connection, uri))
    best = [other for unlike, other in rated if -unlike >= _LIKE]
    return [other for other in best[: 4 * _NEAR] if visibility.knows_lot(connection, seen_by, other)][:_NEAR]


def likeness(one: str, other: str) -> float:
    """From 0 to 1; of one product its lot numbers count, since all else is the same."""
    stem, _, last = one.rpartition("/")
    other_stem, _, other_last = other.rpartition("/")
    return SequenceMatcher(None, *((last, other_last) if stem == other_stem else (one, other))).ratio()
