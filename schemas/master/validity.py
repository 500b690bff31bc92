"""From when to when something holds: days, as certificates and people write them, or instants.

- A *day* (`2026-03-01`) is meant where it is: an event of 00:30 +01:00 on 1 January is of that day, whatever day it is
  in Greenwich. So a day is compared with the day of the moment that is asked about, in that moment's own zone.
- An *instant* has a date, a time and a zone, and is compared as such.
- `validFrom` begins with its day; `validTo` is the last day that still counts, or the instant at which it ends.

    begun("2026-01-01", moment);  ended("2026-12-31", moment)

ISO 8601; RFC 3339.
"""

import re
from datetime import UTC, date, datetime, time

from schemas.errors import InputError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)


def day(text: str) -> date | None:
    """The day that a text names, or None."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def instant(text: str) -> datetime | None:
    """The instant that a text names, or None; one without zone names none."""
    if not _INSTANT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def is_moment(text: str) -> bool:
    """Is it a day or an instant?"""
    return day(text) is not None or instant(text) is not None


def begun(valid_from: str, at: datetime) -> bool:
    """Has what holds from then on begun at this moment (with a zone)?"""
    return start(valid_from, at) <= at


def start(valid_from: str, at: datetime) -> datetime:
    """When it begins, for who asks about this moment: a day begins in that moment's own zone. `ValueError`."""
    found = day(valid_from)
    if found is not None:
        return datetime.combine(found, time(), at.tzinfo)
    moment = instant(valid_from)
    if moment is None:
        raise ValueError(valid_from)
    return moment


def ended(valid_to: str | None, at: datetime) -> bool:
    """Does what holds until then hold no more at this moment? `ValueError`."""
    if valid_to is None:
        return False
    last = day(valid_to)
    if last is not None:
        return at.date() > last
    moment = instant(valid_to)
    if moment is None:
        raise ValueError(valid_to)
    return at >= moment


def backwards(valid_from: str, valid_to: str) -> bool:
    """Does it end before it begins, wherever that is?"""
    first, last = day(valid_from), day(valid_to)
    if first is not None and last is not None:
        return last < first
    begins = instant(valid_from) or datetime.combine(first or date.min, time(), UTC)
    ends = instant(valid_to) or datetime.combine(last or date.max, time.max, UTC)
    return ends < begins


def asked(text: str, *, beginning: bool = False) -> datetime:
    """The moment that somebody asks about: an instant, or the last moment of a day (UTC), or its first (`beginning`);
    `InputError("moment-form")` for neither."""
    found = day(text)
    whole = time.min if beginning else time.max
    moment = instant(text) if found is None else datetime.combine(found, whole, UTC)
    if moment is None:
        raise InputError("moment-form", value=text[:60])
    return moment
