"""Instants as whole microseconds since 1970 in UTC: what can be compared, sorted and kept in a database.

- A text with a zone is read as xsd:dateTime and RFC 3339 write it; without one it names no instant.
- Digits finer than a microsecond are cut off, on both sides of a comparison alike.

    microseconds("2026-05-04T11:00:00+02:00")  ->  1777885200000000
    written(1777885200000000)  ->  "2026-05-04T09:00:00Z"

EPCIS 2.0 section 7.1 (Time).
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_START = datetime(1970, 1, 1)  # noqa: DTZ001 - of UTC, as every value here
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 64
# What `fromisoformat` reads depends on its release: some pass over a character before the zone.
_CLOCK = r"[0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?|[0-9]{2}(?:[0-9]{2}(?:[.,][0-9]+)?)?)?"
_TIME = re.compile(rf"{_CLOCK}(?:Z|[+-]{_CLOCK})")


@lru_cache(maxsize=1 << 12)
def microseconds(text: str) -> int | None:
    """The instant a text names, or None where it names none (no time, no zone)."""
    if not 17 <= len(text) <= _LONGEST or text[10] not in "Tt":
        return None
    text = text.upper()
    if not _TIME.fullmatch(text, 11):
        return None
    # xsd:dateTime allows 24:00:00 for the end of a day.
    ends_day = text[11:16] == "24:00" and not text[16:19].strip(":0")
    try:
        moment = datetime.fromisoformat(f"{text[:11]}00{text[13:]}" if ends_day else text)
        offset = moment.utcoffset()
    except ValueError:
        return None
    if offset is None:
        return None
    since = moment.replace(tzinfo=None) - _START - offset + timedelta(days=ends_day)
    return since // _MICROSECOND


def instant(at: int) -> datetime:
    """Microseconds since 1970 as a datetime in UTC."""
    return (_START + at * _MICROSECOND).replace(tzinfo=UTC)


def since(moment: datetime) -> int:
    """A datetime with a zone as microseconds since 1970."""
    return (moment - instant(0)) // _MICROSECOND


def written(at: int) -> str:
    """Microseconds since 1970 as text in UTC, its fraction only where there is one."""
    return (_START + at * _MICROSECOND).isoformat("T", "auto") + "Z"
