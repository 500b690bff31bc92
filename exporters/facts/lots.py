"""What is said of a lot when it is made: its dates, and whatever else stands in the ILMD of that event.

- A name of ILMD is known by its last part, whatever its prefix; where it stands twice, the CBV's spelling counts.
- Of several events that made a lot, the first.
- A day that is told as an instant is that of the place: 22:30 in UTC is the next day in Italy. Where the event was
  recorded at Italy's time, summer and winter are Italy's.

    said_of(facts, "https://id.gs1.org/01/…/10/P-7")["bestBeforeDate"]  ->  "2026-07-25"

FORMATS section 4 (CTE 3 and 8).
"""

from collections.abc import Mapping
from datetime import date, tzinfo
from re import compile as pattern
from typing import Any

from exporters.facts.figures import zone
from exporters.facts.history import Event, Facts
from ledger.lots.products import Content
from ledger.lots.weeks import ROME
from schemas.epcis.instant import instant
from schemas.epcis.own_terms import NAMESPACE
from schemas.master import validity

_LAST_PART = pattern(r"[:#/]")


def made_by(facts: Facts, uri: str) -> Event | None:
    """The event that made a lot; None where the bundle does not hold it."""
    return next((event for event in facts.naming(uri) if _makes(event, uri)), None)


def said_of(facts: Facts, uri: str) -> Mapping[str, Any]:
    """What the event that made a lot says of it, by bare name."""
    event = made_by(facts, uri)
    return said_in(event) if event else {}


def said_in(event: Event) -> Mapping[str, Any]:
    """What an event says of the lots it makes, by bare name."""
    ilmd = event.content.get("ilmd")
    items = sorted(ilmd.items()) if isinstance(ilmd, Mapping) else ()
    ordered = sorted(items, key=lambda item: not item[0].startswith((NAMESPACE, "filiera:")))
    bare = ((_LAST_PART.split(name)[-1], value) for name, value in ordered)
    return {name: _told(value, event) if name.endswith("Date") else value for name, value in bare}


def harvest_days(event: Event) -> list[date]:
    """The days of harvest that an event says, as far as they are days."""
    return [found for text in event.step.harvested if (found := local_day(text, event)) is not None]


def local_day(text: str, event: Event) -> date | None:
    """The day of a date or of an instant: one in UTC where the event was recorded, any other where it says."""
    moment = validity.instant(text)
    if moment is None:
        return validity.day(text[:10])
    return (moment if moment.utcoffset() else moment.astimezone(_zone(event))).date()


def _told(value: Any, event: Event) -> Any:
    """A value that is an instant as its day."""
    if not isinstance(value, str) or validity.instant(value) is None:
        return value
    found = local_day(value, event)
    return value if found is None else found.isoformat()


def _zone(event: Event) -> tzinfo:
    here = zone(str(event.content.get("eventTimeZoneOffset") or ""))
    at = None if event.at is None else instant(event.at)
    return ROME if at is not None and at.astimezone(ROME).utcoffset() == at.astimezone(here).utcoffset() else here


def _makes(event: Event, uri: str) -> bool:
    return any(flow.role == "made" and flow.uri == uri for flow in event.step.flows)


def level_of(product: Content, uri: str) -> str:
    """What kind of package the GTIN of a lot is: `unit`, `pack`, `case` or `pallet`; empty where nobody says."""
    listed = product.get("gtins")
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, Mapping) and f"/01/{str(each.get('gtin')).zfill(14)}/" in f"{uri}/":
            return str(each.get("level", ""))
    return ""
