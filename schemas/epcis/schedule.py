"""The schedule of a standing query: at which seconds it is executed. Parsed strictly; the next time is pure arithmetic.

- Six fields, each optional: `second`, `minute`, `hour`, `dayOfMonth`, `month`, `dayOfWeek` (1 is Monday).
- A field lists numbers and inclusive ranges: `5`, `0,30`, `[9-17]`, `1,[10-20]`. `0/30` (from 0, every 30) stands in
  the contract's own examples, so it is read too.
- A moment matches when every field given matches it; the day of the month AND that of the week, unlike cron.
- A field left out matches anything where a finer one is given, else only its first value: `{"hour": "1", "minute":
  "5"}` is 01:05:00 once a day, as the contract says, and not sixty times.
- Times are in UTC: a night when clocks change has neither a missing nor a double execution.

    parse_schedule({"hour": "1", "minute": "5"}).next_after(noon)  ->  01:05:00 of the day after

GS1 EPCIS 2.0 section 8.2.5.3; docs/adr/0027-when-and-from-where-a-subscription-delivers.md.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, time, timedelta
from types import MappingProxyType

from schemas.errors import InputError

# Field -> its first and last value, the finest field first.
FIELDS = MappingProxyType(
    {
        "second": (0, 59),
        "minute": (0, 59),
        "hour": (0, 23),
        "dayOfMonth": (1, 31),
        "month": (1, 12),
        "dayOfWeek": (1, 7),
    }
)
_ELEMENT = re.compile(r"(\d{1,2})|\[(\d{1,2})-(\d{1,2})\]|(\d{1,2})/(\d{1,2})", re.ASCII)
_LONGEST = 400
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # with the leap day: it comes some year
_TIMES = ("second", "minute", "hour")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as it was written (`said`), and what each field admits, rising. Made by `parse_schedule`."""

    said: Mapping[str, str]
    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]

    def matches(self, moment: datetime) -> bool:
        """Whether a moment (aware) lies in a second at which the query is executed."""
        at = moment.astimezone(UTC)
        return at.second in self.seconds and at.minute in self.minutes and at.hour in self.hours and self._on(at)

    def next_after(self, moment: datetime) -> datetime | None:
        """The first matching second that begins after `moment` (aware), in UTC; None beyond the year 9999."""
        now = moment.astimezone(UTC)
        start = now.replace(microsecond=0)
        if start == datetime.max.replace(microsecond=0, tzinfo=UTC):
            return None
        start += timedelta(seconds=1)
        for day in self._days_from(start):
            of_day = self._first_from(day.hour, day.minute, day.second)
            if of_day is not None:
                return datetime.combine(day, of_day, UTC)
        return None

    def _on(self, at: datetime) -> bool:
        return at.day in self.days and at.month in self.months and at.isoweekday() in self.weekdays

    def _days_from(self, start: datetime) -> Iterator[datetime]:
        """`start`, then every day after it at midnight, those only on which something is executed."""
        if self._on(start):
            yield start
        for year in range(start.year, MAXYEAR + 1):
            for month in sorted(self.months):
                if (year, month) < (start.year, start.month):
                    continue
                for day in sorted(self.days):
                    if day <= _length(year, month):
                        at = datetime(year, month, day, tzinfo=UTC)
                        if at > start and at.isoweekday() in self.weekdays:
                            yield at

    def _first_from(self, hour: int, minute: int, second: int) -> time | None:
        """The first time of a day that matches, not before the one given."""
        for h in self.hours:
            if h < hour:
                continue
            for m in self.minutes:
                if (h, m) < (hour, minute):
                    continue
                for s in self.seconds:
                    if (h, m, s) >= (hour, minute, second):
                        return time(h, m, s)
        return None


def parse_schedule(fields: Mapping[str, object]) -> Schedule:
    """Read a schedule; `InputError`: `schedule-empty`, `schedule-field`, `schedule-value`, `schedule-never`."""
    for name in fields:
        if name not in FIELDS:
            raise InputError("schedule-field", name=name, known=", ".join(FIELDS))
    said = {name: _text(name, fields[name]) for name in FIELDS if name in fields}
    if not said:
        raise InputError("schedule-empty", known=", ".join(FIELDS))
    admitted = {name: _admitted(name, said) for name in FIELDS}
    if not any(min(admitted["dayOfMonth"]) <= _DAYS[month - 1] for month in admitted["month"]):
        raise InputError("schedule-never", day=said["dayOfMonth"], month=said["month"])
    seconds, minutes, hours = (tuple(sorted(admitted[name])) for name in _TIMES)
    days, months, weekdays = (admitted[name] for name in ("dayOfMonth", "month", "dayOfWeek"))
    return Schedule(MappingProxyType(said), seconds, minutes, hours, days, months, weekdays)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        low, high = FIELDS[name]
        raise InputError("schedule-value", name=name, value=str(value)[:64], low=low, high=high)
    return value


def _admitted(name: str, said: Mapping[str, str]) -> frozenset[int]:
    low, high = FIELDS[name]
    if name in said:
        return frozenset(number for element in said[name].split(",") for number in _numbers(name, said[name], element))
    finer = list(FIELDS)[: list(FIELDS).index(name)]
    anything = name not in _TIMES or any(field in said for field in finer)
    return frozenset(range(low, high + 1)) if anything else frozenset({low})


def _numbers(name: str, value: str, element: str) -> range:
    """The numbers of one element of a list, all within the field's bounds."""
    low, high = FIELDS[name]
    found = _ELEMENT.fullmatch(element)
    if found is not None:
        one, first, last, start, step = (None if part is None else int(part) for part in found.groups())
        if one is not None:
            first = last = one
        elif start is not None:
            first, last = start, high
        if first is not None and last is not None and low <= first <= last <= high and step != 0:
            return range(first, last + 1, step or 1)
    raise InputError("schedule-value", name=name, value=value[:64], low=low, high=high)


def _length(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _DAYS[month - 1] - (month == 2 and not leap)
