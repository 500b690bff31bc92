"""The top-level resources: what the events of this repository speak of, and the events of each.

- `/bizSteps`, `/dispositions` and `/eventTypes` list the words of the standard and whatever else is in use; the others
  list what is in use. Only events the caller may see count: a stranger's lot is not known to be here.
- A resource that no visible event speaks of is not found (404), unless it is a word of the standard.
- `/epcs/…/events` takes further conditions of SimpleEventQuery, as `/events` does; they narrow what is found.
- A value may be a bare word, a URI in any spelling, or have a prefix that `GS1-Extensions` explains.

    GET /epcis/bizSteps/shipping/events?GE_eventTime=2026-07-01T00:00:00Z

GS1 EPCIS 2.0 section 12.3 (top-level resources).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from heapq import merge
from itertools import islice

from starlette.responses import Response

from api.epcis import find
from api.epcis.answers import collection, json_answer
from api.epcis.contract import Exchange, Operation
from api.epcis.contract import Resource as Path
from api.epcis.paging import asked, following
from ledger.store.event_query import resources
from schemas.epcis import spelling
from schemas.epcis.holders import EVENT_TYPES
from schemas.epcis.query import Query, Resource, narrowed, parse_query
from schemas.epcis.vocabulary import bare, words
from schemas.errors import InputError


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource: its path, the variable in it, the standard's own words, and whether it has `identifiers`."""

    path: Resource
    variable: str
    words: Callable[[], Iterable[str]] = tuple
    identifiers: bool = False


KINDS = (
    Kind("eventTypes", "eventType", lambda: EVENT_TYPES),
    Kind("epcs", "epc", identifiers=True),
    Kind("bizSteps", "bizStep", lambda: words("biz_steps")),
    Kind("bizLocations", "bizLocation", identifiers=True),
    Kind("readPoints", "readPoint", identifiers=True),
    Kind("dispositions", "disposition", lambda: words("dispositions")),
)
_LISTS = {"bizSteps": "biz_steps", "dispositions": "dispositions"}
EVENTS = "events"


def listing(kind: Kind, exchange: Exchange) -> Response:
    """The resources of a kind, in order of code points."""
    page = asked(exchange)
    if page.parameters:
        raise InputError("query-parameter-unknown", parameter=next(iter(page.parameters))[:120])
    after = page.place or ""
    exchange.node.settled()
    with exchange.node.store.read() as connection:
        used = resources(connection, kind.path, seen_by=exchange.audience, after=after, limit=page.limit + 1)
    standard = sorted(word for word in kind.words() if word > after)
    found = list(islice(dict.fromkeys(merge(used, standard)), page.limit + 1))
    shown, more = found[: page.limit], found[page.limit :]
    headers = following(exchange, page, shown[-1] if more else None)
    members = [_spelled(kind, exchange, member) for member in shown]
    return json_answer(exchange, collection(members, page.prefixes), headers=headers)


def below(kind: Kind, exchange: Exchange) -> Response:
    """What there is below one resource; it fits one page."""
    asked(exchange)
    return json_answer(exchange, collection([EVENTS]))


def events(kind: Kind, exchange: Exchange) -> Response:
    """The events of one resource, narrowed by the conditions of the query string."""
    page = asked(exchange)
    query = parse_query(page.parameters, prefixes=page.prefixes)
    return find.answer(exchange, narrowed(query, kind.path, _value(kind, exchange)), page)


def there(kind: Kind, exchange: Exchange) -> None:
    """Is there such a resource, for this caller?"""
    value = _value(kind, exchange)
    if not _standard(kind, value) and not find.found(exchange, narrowed(Query(), kind.path, value), 1)[0]:
        raise InputError("resource-missing", path=f"/{kind.path}/{value[:80]}")


def _standard(kind: Kind, value: str) -> bool:
    if kind.path in _LISTS:
        return bare(_LISTS[kind.path], value) is not None
    return value in kind.words()


def _value(kind: Kind, exchange: Exchange) -> str:
    """The value in the path, a prefix of the client's explained."""
    value = exchange.values[kind.variable]
    prefix, colon, rest = value.partition(":")
    namespace = exchange.terms.extensions.get(prefix) if colon else None
    return f"{namespace}{rest}" if namespace else value


def _spelled(kind: Kind, exchange: Exchange, member: str) -> str:
    if not kind.identifiers:
        return member
    epc = find.EPC[exchange.terms.epc_format]
    return spelling.spell_uri(member, epc=epc, prefixes=exchange.node.company_prefixes()).uri


def _paths(kind: Kind) -> tuple[Path, ...]:
    one = f"/{kind.path}/{{{kind.variable}}}"
    exists = partial(there, kind)
    return (
        Path(f"/{kind.path}", {"GET": Operation("events", partial(listing, kind))}),
        Path(one, {"GET": Operation("events", partial(below, kind))}, there=exists),
        Path(f"{one}/events", {"GET": Operation("events", partial(events, kind))}, there=exists),
    )


RESOURCES = tuple(path for kind in KINDS for path in _paths(kind))
