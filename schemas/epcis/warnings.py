"""What the standard asks and official documents do otherwise: captured with a warning, refused where one is strict.

- `sensor-stated-twice`: what the metadata says of all its readings stands again in a report (TCR-53, set 3).
- `sensor-report-without-type`: a report that does not say what it measures. Only XML may leave it out (docs/adr/0033).
- `sensor-time-after-event`: something was measured after the event that tells of it.
- `offset-contradicts`: a time written with an offset other than the event's own; one in UTC (`Z`) contradicts none,
  nor does `-00:00`, by which a writer says that the offset is not known (RFC 3339 section 4.3).
- `word-letter-case`: an address of CBV that names a word but for the case of its letters.
- `unit-not-listed`: a unit code that is not in our list, so nothing can be computed with it.
- `event-id-not-hash`: an `ni:` name that is not the hash of this event, in the version of CBV it states.

Warnings are `Problem`s like those that refuse: code, member, values of the sentence. A signed entry keeps them as
findings, and stays among the events.

    [p.code for p in warnings(event)]  ->  ["offset-contradicts"]

GS1 EPCIS 2.0 sections 7.3.7 (sensors), 7.4.1 (event time); CBV 2.0 section 8.9; UN/CEFACT Recommendation 20.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from schemas.epcis.event import EventDict, Path, Problem, pointer
from schemas.epcis.event_hash import VERSIONS, event_hash
from schemas.epcis.hash_values import instant
from schemas.epcis.vocabulary import miswritten
from schemas.errors import InputError
from schemas.lists.table import rows

_ONCE = ("time", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules")
_TIMES = ("time", "startTime", "endTime")
_QUANTITIES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)$", re.ASCII)


def warnings(event: EventDict) -> list[Problem]:
    """Everything odd about one event that the schema and the rules let pass."""
    found = [*_offset(event), *miswritten(event)]
    if "sensorElementList" in event:
        found = [*_sensors(event), *found]
    for name in _QUANTITIES:
        if name in event:
            found += _units(_objects(event[name], (name,)))
    named = event.get("eventID")
    if isinstance(named, str) and named.startswith("ni:"):
        found += _hash(event, named)
    return found


def _problem(code: str, *path: str | int, **context: Any) -> Problem:
    member = pointer(*path)
    return Problem(code, None, member, {"member": member, **context})


def _objects(items: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each object of a list, with its path."""
    for place, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield (*path, place), item


def _offset(event: EventDict) -> list[Problem]:
    time, zone = event.get("eventTime"), event.get("eventTimeZoneOffset")
    if not isinstance(time, str) or not isinstance(zone, str) or time.endswith(zone):
        return []
    stated = _minutes(time)
    if stated is None or stated == _minutes(zone) or time.endswith("-00:00"):
        return []
    return [_problem("offset-contradicts", "eventTimeZoneOffset", value=zone[:80], time=time[:80])]


def _minutes(text: str) -> int | None:
    """The offset at the end of a text, in minutes; None where there is none."""
    match = _OFFSET.search(text)
    return None if match is None else int(f"{match[1]}1") * (60 * int(match[2]) + int(match[3]))


def _sensors(event: EventDict) -> Iterator[Problem]:
    happened = _instant(event.get("eventTime"))
    for path, element in _objects(event["sensorElementList"], ("sensorElementList",)):
        metadata = element.get("sensorMetadata")
        known = metadata if isinstance(metadata, dict) else {}
        reports = list(_objects(element.get("sensorReport"), (*path, "sensorReport")))
        for place, report in reports:
            if "type" not in report:
                yield _problem("sensor-report-without-type", *place, "type")
            for name in _ONCE:
                if name in report and name in known:
                    yield _problem("sensor-stated-twice", *place, name, name=name)
        for place, held in (((*path, "sensorMetadata"), known), *reports):
            yield from _late(held, place, happened, event)
        yield from _units(iter(reports))


def _late(held: dict[str, Any], path: Path, happened: str, event: EventDict) -> Iterator[Problem]:
    for name in _TIMES:
        measured = _instant(held.get(name))
        # Both are UTC in one form, so they compare as text; what is no time is empty.
        if measured and happened and measured > happened:
            yield _problem("sensor-time-after-event", *path, name, value=held[name][:80], time=event["eventTime"])


def _instant(text: Any) -> str:
    try:
        return instant(text) if isinstance(text, str) else ""
    except (ValueError, OverflowError):
        return ""


@cache
def _listed() -> frozenset[str]:
    return frozenset(row["code"] for row in rows("units"))


def _units(holders: Iterator[tuple[Path, dict[str, Any]]]) -> Iterator[Problem]:
    for path, held in holders:
        unit = held.get("uom")
        if isinstance(unit, str) and unit not in _listed():
            yield _problem("unit-not-listed", *path, "uom", value=unit[:80])


def _hash(event: EventDict, named: str) -> list[Problem]:
    stated = [version for version in VERSIONS if named.endswith(f"?ver=CBV{version}")]
    try:
        computed = [event_hash(event, version=version) for version in stated or VERSIONS]
    except InputError:
        computed = [""]  # what has no hash is named by none
    if named in computed:
        return []
    return [_problem("event-id-not-hash", "eventID", value=named[:120], expected=computed[0])]
