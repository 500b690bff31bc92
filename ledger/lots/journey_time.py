"""How long lots took from harvest to shipping; pure.

- A lot is *harvested* by the event in which it began, where that made it from nothing; a lot made of others is as old
  as the oldest harvest in them that is known. What comes later than its shipping is none of its history.
- A lot is *shipped* by its first shipment in the period that is asked about. Where no harvest is known none is shown.
- The events of one run (`transformationID`) are one process: what it gives is of all that it had taken in until then.

    journey_times(became, {lot: Place(at, 41)})  ->  [JourneyTime(lot, harvested=Place(at, 7), shipped=Place(at, 41))]

docs/adr/0067-figures-of-a-season.md.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal, NamedTuple, TypeVar

Name = TypeVar("Name", bound=Hashable)
_HOUR = 3_600_000_000


class Place(NamedTuple):
    """When an event was, in microseconds since 1970, and its entry."""

    at: int
    entry: int


@dataclass(frozen=True, slots=True)
class Became:
    """A lot in an event: taken in or given; `process`: of which transformation, None where it began from nothing."""

    place: Place
    uri: str
    role: Literal["used", "made"]
    process: Hashable | None


@dataclass(frozen=True, slots=True)
class JourneyTime:
    """One lot that was shipped: the oldest harvest in it and its first shipment."""

    uri: str
    harvested: Place
    shipped: Place

    @property
    def hours(self) -> Decimal:
        """How long that took."""
        return round(Decimal(self.shipped.at - self.harvested.at) / _HOUR, 1)


def journey_times(became: Iterable[Became], shipped: Mapping[str, Place]) -> list[JourneyTime]:
    """Of each lot that was `shipped`, how long it took, in the order of shipping; lots without a known harvest are left
    out."""
    harvests: dict[str, Place] = {}
    taken: dict[Hashable, Place] = {}
    found = []
    waiting = sorted(((place, uri) for uri, place in shipped.items()), reverse=True)

    def leave(before: Place | None) -> None:
        while waiting and (before is None or waiting[-1][0] < before):
            place, uri = waiting.pop()
            if uri in harvests and harvests[uri].at <= place.at:
                found.append(JourneyTime(uri, harvests[uri], place))

    for place, event in groupby(sorted(became, key=lambda each: (each.place, each.role)), key=lambda each: each.place):
        leave(place)
        _follow(list(event), harvests, taken)
    leave(None)
    return found


def _follow(event: Sequence[Became], harvests: dict[str, Place], taken: dict[Hashable, Place]) -> None:
    """One event: what it takes in first, then what it gives."""
    for each in event:
        if each.role == "used" and each.uri in harvests:
            _older(taken, each.process, harvests[each.uri])
    for each in event:
        if each.role == "made":
            oldest = each.place if each.process is None else taken.get(each.process)
            if oldest is not None:
                _older(harvests, each.uri, oldest)


def _older(known: dict[Name, Place], name: Name, place: Place) -> None:
    known[name] = min(known.get(name, place), place)


def median(values: Sequence[Decimal]) -> Decimal | None:
    """The middle one; of an even number the mean of the two in the middle; None of none."""
    ranked, half = sorted(values), len(values) // 2
    if not ranked:
        return None
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2
