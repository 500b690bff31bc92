"""Products: versions, which holds, and what one piece of each holds. From docs/spec/bundle.md, section 6."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from tests.independent.verifier.entry import HIDDEN
from tests.independent.verifier.identifiers import canonical

START = datetime(1970, 1, 1, tzinfo=UTC)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")
GTIN = "https://id.gs1.org/01/"
Held = tuple[Fraction, str] | None


@dataclass(frozen=True)
class Version:
    place: int
    iss: str
    id: str
    begins: str
    ends: str | None
    withdrawn: bool
    content: Mapping[str, Any]

    def names(self) -> set[str]:
        return {self.id, *(_uri(level) for level in _levels(self.content))}


class Products:
    def __init__(self, read: Iterable[Any]) -> None:
        latest: dict[tuple[str, str, str], Version] = {}
        for shown, entry in read:
            version = _version(shown.place, entry)
            if version is not None:
                latest[version.id, version.iss, version.begins] = version
        self.versions = [version for version in latest.values() if not version.withdrawn]

    def holds(self, uri: str, at: int | None, number: Any) -> Held:
        """What one piece of a lot or item holds; `number` reads a number in the bounds of an amount."""
        product = GTIN + uri[len(GTIN) :].partition("/")[0] if uri.startswith(GTIN) else uri
        first, last = (datetime.min, datetime.max)
        least, most = ((edge.replace(tzinfo=UTC) - START) // timedelta(microseconds=1) for edge in (first, last))
        moment = START + timedelta(microseconds=min(max(at or 0, least), most))
        deciding: dict[tuple[str, str], Version] = {}
        for version in sorted(self.versions, key=lambda version: version.place):
            if _begins(version) <= moment:
                thing = version.id, version.iss
                other = deciding.get(thing)
                if other is None or _begins(other) <= _begins(version):
                    deciding[thing] = version
        holding = [
            version for version in deciding.values() if product in version.names() and not _ended(version.ends, moment)
        ]
        if not holding:
            return None
        return _piece(max(holding, key=lambda version: version.place).content, product, 8, number)


def _version(place: int, entry: Any) -> Version | None:
    content = entry.trees.get("content") if entry.kind == "master" else None
    if not content:
        return None
    type, id, begins, ends = (content.get(name) for name in ("type", "id", "validFrom", "validTo"))
    if type != "product" or not isinstance(id, str) or not _moment(begins) or not (ends is None or _moment(ends)):
        return None
    return Version(place, entry.iss, canonical(id), begins, ends, content.get("withdrawn") is True, content)


def _moment(value: Any) -> bool:
    if type(value) is not str or not (DAY.fullmatch(value) or INSTANT.fullmatch(value)):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _begins(version: Version) -> datetime:
    if DAY.fullmatch(version.begins):
        return datetime.combine(date.fromisoformat(version.begins), time(), UTC)
    return datetime.fromisoformat(version.begins)


def _ended(ends: str | None, moment: datetime) -> bool:
    if ends is None:
        return False
    if DAY.fullmatch(ends):
        return moment.date() > date.fromisoformat(ends)
    return moment >= datetime.fromisoformat(ends)


def _is_amount(held: Fraction) -> bool:
    """At most 34 digits, between 10^-18 and 10^19; it is a product of decimals, so it ends."""
    places = next(places for places in range(100) if not held * 10**places % 1)
    return len(str(int(held * 10**places)).rstrip("0")) <= 34 and Fraction(10) ** -18 <= held < Fraction(10) ** 19


def _levels(content: Mapping[str, Any]) -> list[Any]:
    found = content.get("gtins")
    return [level for level in found if level is not HIDDEN and isinstance(level, dict)] if type(found) is list else []


def _uri(level: Mapping[str, Any]) -> str:
    return canonical(GTIN + str(level.get("gtin")).zfill(14))


def _piece(content: Mapping[str, Any], uri: str, deep: int, number: Any) -> Held:
    level = next((level for level in _levels(content) if _uri(level) == uri), {})
    inner = level.get("contains")
    if isinstance(inner, dict):
        each = _piece(content, _uri(inner), deep - 1, number) if deep else None
        count = number(inner.get("count"))
        held = each[0] * count if each and count else None
        return (held, each[1]) if each and held and _is_amount(held) else None
    said = content.get("netContent")
    if not isinstance(said, dict) or type(said.get("unit")) is not str:
        return None
    value = number(said.get("value"))
    return (value, said["unit"]) if value else None
