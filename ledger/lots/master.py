"""Master data as of a time: of all versions of a thing that were logged, the one that holds; pure.

The rule, where versions overlap:
- A version says from when it holds, and takes the place of everything that began before it. So of a member's versions
  of a thing that have begun, the one that began last decides; where it has ended, nothing holds, and what it replaced
  does not come back.
- Of versions that begin at the same time the one logged last is meant: it corrects the others, which stay in the log.
  If it is *withdrawn*, that beginning never was, and the version before it goes on.
- Members speak for themselves. Where several say something of one thing, the asker says whom it prefers; of the others
  the one logged last is given.
- What was not logged yet at a size of the log was not known then: leave it out, and the answer is that of then.

    as_of(versions, moment, preferring=[iss])  ->  Version(index=41, …)

ARCHITECTURE.md 3.2 (kind `master`); FORMATS section 3.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from schemas.epcis.instant import since
from schemas.master.validity import begun, day, ended, start
from schemas.master.validity import instant as an_instant


@dataclass(frozen=True, slots=True)
class Version:
    """What one entry says of one thing: where it stands, who said it, the thing (`id` canonical), from when to when."""

    index: int
    member: str
    type: str
    id: str
    valid_from: str
    valid_to: str | None = None
    withdrawn: bool = False


def standing(versions: Iterable[Version]) -> list[Version]:
    """The versions that none logged later corrected or withdrew, by member and beginning."""
    latest: dict[tuple[str, str, str, str], Version] = {}
    for version in sorted(versions, key=lambda version: version.index):
        latest[version.type, version.id, version.member, version.valid_from] = version
    return [version for version in latest.values() if not version.withdrawn]


def holding(versions: Iterable[Version], at: datetime) -> list[Version]:
    """The version of each thing and member that holds at a moment (with a zone), by index."""
    decided: dict[tuple[str, str, str], Version] = {}
    for version in standing(versions):
        if not begun(version.valid_from, at):
            continue
        thing = version.type, version.id, version.member
        other = decided.get(thing)
        if other is None or _began(other, at) <= _began(version, at):
            decided[thing] = version
    found = [version for version in decided.values() if not ended(version.valid_to, at)]
    return sorted(found, key=lambda version: version.index)


def as_of(versions: Iterable[Version], at: datetime, *, preferring: Sequence[str] = ()) -> Version | None:
    """The version of one thing that holds at a moment: that of the first member preferred, else the newest."""
    return preferred(holding(versions, at), preferring)


def preferred(held: Iterable[Version], preferring: Sequence[str]) -> Version | None:
    """Of versions that hold, by index: that of the first member preferred, else the newest."""
    found = {version.member: version for version in held}
    for member in preferring:
        if member in found:
            return found[member]
    return max(found.values(), key=lambda version: version.index, default=None)


def changes(version: Version) -> Iterator[int]:
    """When a version begins to hold, and when it holds no more, for who asks in UTC (microseconds since 1970)."""
    for text, whole in ((version.valid_from, 0), (version.valid_to, 1)):
        first = None if text is None else day(text)
        moment = None if text is None or first is not None else an_instant(text)
        if first is not None and first < date.max:
            moment = datetime.combine(first, time(), UTC) + timedelta(days=whole)
        if moment is not None:
            yield since(moment)


def _began(version: Version, at: datetime) -> tuple[datetime, int]:
    return start(version.valid_from, at), version.index
