"""`/events`: one event in, at once; and every event that a query finds, page by page.

- `POST` takes a single event by itself, with its `@context`. It is judged, signed and logged before the answer: 201
  with its place and the event as it stands now. Sent again it is answered with the same place; with an `eventID` that
  stands for other content, 409, and nothing is logged.
- `GET` takes every parameter of SimpleEventQuery; one that the standard does not know is 400.
- `GET /events/{eventID}` gives all that was said under that id: an event, and the declarations that it was wrong.

    POST /epcis/events  ->  201, Location: /epcis/events/urn%3Auuid%3A…

GS1 EPCIS 2.0 sections 12.5 (capture) and 12.6 (queries).
"""

from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from api.bodies import in_turn, read_epcis
from api.epcis import find, headers, representation
from api.epcis.contract import Exchange, Operation, Resource
from api.epcis.paging import Page, asked
from api.epcis.results import query_document
from api.verbs.capture import capture
from schemas.epcis.event import split
from schemas.epcis.query import Query, parse_query, query_from_json
from schemas.errors import InputError


def post(exchange: Exchange) -> Response:
    """Capture one event; `InputError` where it is not accepted (`DocumentRefused` names all that is wrong)."""
    media_type = representation.check_sent(exchange.request.headers.get("content-type"))
    headers.check_version(exchange.terms, xml=media_type not in representation.JSON_TYPES)
    form = representation.wanted(exchange.accept, representation.EVENTS)
    with in_turn(exchange.body):
        _check_single(read_epcis(exchange.body, media_type).tree)
    kept = capture(
        exchange.node,
        exchange.body,
        media_type=media_type,
        member=exchange.caller.member,
        key=exchange.caller.key,
        refuse_reuse=True,
    )
    (item,) = kept.captured
    (event,) = find.written(exchange, [item.index], form)
    place = exchange.url(f"/events/{quote(item.event_id, safe='')}")
    if form not in representation.JSON_TYPES:
        event = query_document([event], now=exchange.now())  # XML has no event by itself.
    body, losses = representation.document(event, form)
    said = {"Location": place, **find.spelled_so(exchange, form), **losses}
    return Response(body, status_code=201, headers=said, media_type=form)


def listing(exchange: Exchange) -> Response:
    """The events a query finds."""
    page = asked(exchange)
    return find.answer(exchange, parse_query(page.parameters, prefixes=page.prefixes), page)


def get(exchange: Exchange) -> Response:
    """All that was said under one id."""
    indexes, _ = find.found(exchange, _under(exchange.values["eventID"]), exchange.served.settings.page_most)
    if not indexes:
        raise _missing(exchange)
    page = Page(exchange.served.settings.page_most, None, {}, {})
    return find.answer(exchange, _under(exchange.values["eventID"]), page)


def there(exchange: Exchange) -> None:
    """Is there such an event, for this caller?"""
    if not find.found(exchange, _under(exchange.values["eventID"]), 1)[0]:
        raise _missing(exchange)


def _under(event_id: str) -> Query:
    return query_from_json({"EQ_eventID": [event_id]})


def _missing(exchange: Exchange) -> InputError:
    return InputError("resource-missing", path=f"/events/{exchange.values['eventID'][:80]}")


def _check_single(tree: Any) -> None:
    sent = split(tree)
    if sent.kind != "event" or not isinstance(tree, dict) or "eventList" in tree or "epcisBody" in tree:
        raise InputError("event-expected")


RESOURCES = (
    Resource("/events", {"GET": Operation("events", listing), "POST": Operation("capture", post, body=True)}),
    Resource("/events/{eventID}", {"GET": Operation("events", get)}, there=there),
)
