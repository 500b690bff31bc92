"""Which places lie in which, and when: the hierarchy of sites as master data told it over time; pure.

- Of a site holds at each moment what `ledger.lots.master` says; between two changes nothing changes.
- A day begins in UTC here, for a place is asked about over all time and not at an event of its own zone.

    held = timeline(versions)                      ->  [Held(start, stop, version), …]
    within("https://…/414/A", {"https://…/414/B": timeline(versions_of_b)}, parent_of)  ->  {B: [(start, stop)]}

EPCIS 2.0 section 8.2.7.1 (WD_); docs/adr/0035-master-data-as-of-a-time.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from ledger.lots.master import Version, as_of
from schemas.epcis.instant import since
from schemas.master.validity import day, instant

Time = int | None
"""Microseconds since 1970; None for no bound."""


@dataclass(frozen=True, slots=True)
class Held:
    """One version and the time in which it held."""

    start: int
    stop: Time
    version: Version


def timeline(versions: Iterable[Version]) -> list[Held]:
    """What held of one thing, and from when to when, in order of time."""
    told = list(versions)
    turns = sorted({moment for version in told for moment in _turns(version)})
    found: list[Held] = []
    for at, moment in enumerate(turns):
        version = as_of(told, moment)
        stop = since(turns[at + 1]) if at + 1 < len(turns) else None
        if version is None:
            continue
        if found and found[-1].version == version and found[-1].stop == since(moment):
            found[-1] = Held(found[-1].start, stop, version)
        else:
            found.append(Held(since(moment), stop, version))
    return found


def within(
    place: str, sites: Mapping[str, Sequence[Held]], parent_of: Callable[[Version], str | None]
) -> dict[str, list[tuple[Time, Time]]]:
    """The sites inside a place, at any depth, each with the times in which it was; circles lead nowhere twice."""
    children: dict[str, list[tuple[str, Held]]] = {}
    for uri, told in sites.items():
        for item in told:
            if (parent := parent_of(item.version)) is not None:
                children.setdefault(parent, []).append((uri, item))
    found: dict[str, list[tuple[Time, Time]]] = {}
    waiting: list[tuple[str, Time, Time]] = [(place, None, None)]
    while waiting:
        parent, start, stop = waiting.pop()
        for uri, held in children.get(parent, ()):
            low, high = _later(start, held.start), _earlier(stop, held.stop)
            if (low is not None and high is not None and low >= high) or uri == place:
                continue
            known = found.setdefault(uri, [])
            if any(_covers(one, (low, high)) for one in known):
                continue
            known.append((low, high))
            waiting.append((uri, low, high))
    return found


def _turns(version: Version) -> list[datetime]:
    """When a version begins to hold, and when it no longer does."""
    begins = _moment(version.valid_from)
    ends = None if version.valid_to is None else _moment(version.valid_to, last=True)
    return [moment for moment in (begins, ends) if moment is not None]


def _moment(text: str, *, last: bool = False) -> datetime | None:
    found = day(text)
    if found is None:
        return instant(text)
    if last:
        found += timedelta(days=1)
    return datetime.combine(found, time(), UTC)


def _later(one: Time, other: Time) -> Time:
    return other if one is None else one if other is None else max(one, other)


def _earlier(one: Time, other: Time) -> Time:
    return other if one is None else one if other is None else min(one, other)


def _covers(one: tuple[Time, Time], other: tuple[Time, Time]) -> bool:
    starts = one[0] is None or (other[0] is not None and one[0] <= other[0])
    return starts and (one[1] is None or (other[1] is not None and one[1] >= other[1]))
