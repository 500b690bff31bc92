"""The weeks of a period, as a place's calendar counts them; pure.

- Days and weeks are those of a time zone: a week begins on Monday at its midnight there, also where clocks were moved.
- The first and the last week of a period hold only what lies in it.

    weeks(start, stop, ZoneInfo("Europe/Rome"))[0].name  ->  "2026-W30"

ISO 8601 (week dates); IANA time zones.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.epcis.instant import instant, since

ROME = ZoneInfo("Europe/Rome")
"""Where this ledger's people work: days are Italy's where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week, and what of it is asked for: from `begins` to before `ends`, in microseconds since 1970."""

    year: int
    number: int
    begins: int
    ends: int

    @property
    def name(self) -> str:
        """The week as ISO 8601 writes it."""
        return f"{self.year}-W{self.number:02}"

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)


def weeks(start: int, stop: int, zone: ZoneInfo) -> tuple[Week, ...]:
    """Every week that has a part in the period from `start` to before `stop`, in order."""
    found = []
    monday = _monday(day_of(start, zone))
    while (begins := midnight(monday, zone)) < stop:
        following = monday + timedelta(days=7)
        year, number, _ = monday.isocalendar()
        found.append(Week(year, number, max(begins, start), min(midnight(following, zone), stop)))
        monday = following
    return tuple(found)


def midnight(day: date, zone: ZoneInfo) -> int:
    """When a day begins there."""
    return since(datetime(day.year, day.month, day.day, tzinfo=zone))


def day_of(at: int, zone: ZoneInfo) -> date:
    """The day of a moment there."""
    return instant(at).astimezone(zone).date()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
