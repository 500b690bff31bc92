"""`/queries`: queries that have a name, as views on the events; what they find is asked at `/queries/{name}/events`.

- A definition is read when it is made, so that a wrong one is refused at once (400) and never stands in a list.
- Names belong to the caller's member: another cooperative neither sees nor occupies them. The operator's are its own.
- A query is kept as it was read (`Query.to_json`): the parameters, their values, and the `@context` of its prefixes.

    POST /epcis/queries {"name": "shipped", "query": {"EQ_bizStep": ["shipping"]}}  ->  201

GS1 EPCIS 2.0 section 12.6; query-schema.json.
"""

from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from api.access import Caller
from api.bodies import in_turn, read_json
from api.epcis import find, representation, sockets
from api.epcis.answers import json_answer
from api.epcis.contract import Exchange, Operation, Resource
from api.epcis.paging import asked, following
from ledger.store import named_queries, subscriptions
from ledger.store.named_queries import NamedQuery
from schemas.epcis.query import Query, query_from_json
from schemas.errors import InputError
from schemas.syntax import json_text

MOST_NAME = 200
_PUBLIC = "public"
_MEMBERS = frozenset({"name", "query"})


def post(exchange: Exchange) -> Response:
    """Keep a query under its name."""
    representation.check_sent(exchange.request.headers.get("content-type"), representation.JSON_TYPES)
    representation.wanted(exchange.accept, representation.RESOURCES)
    with in_turn(exchange.body):
        name, query = _definition(read_json(exchange.body))
    text = json_text.write_text(query.to_json())
    item = NamedQuery(owner_of(exchange.caller), name, exchange.caller.name, exchange.now(), text)
    with exchange.node.store.begin() as connection:
        if not named_queries.add(connection, item):
            raise InputError("query-exists", name=name)
    return json_answer(
        exchange, _shown(item), status=201, headers={"Location": exchange.url(f"/queries/{_quoted(name)}")}
    )


def listing(exchange: Exchange) -> Response:
    """The caller's queries, by name."""
    page = asked(exchange)
    with exchange.node.store.read() as connection:
        found = named_queries.listing(connection, owner_of(exchange.caller), after=page.place, limit=page.limit + 1)
    shown, more = found[: page.limit], found[page.limit :]
    headers = following(exchange, page, shown[-1].name if more else None)
    return json_answer(exchange, [_shown(item) for item in shown], headers=headers)


def get(exchange: Exchange) -> Response:
    """One definition."""
    return json_answer(exchange, _shown(named(exchange)))


def delete(exchange: Exchange) -> Response:
    """Take a query away, and whatever is subscribed to it."""
    owner, name = owner_of(exchange.caller), exchange.values["queryName"]
    with exchange.node.store.begin() as connection:
        if not named_queries.remove(connection, owner, name):
            raise InputError("query-missing", name=name[:MOST_NAME])
        subscriptions.remove_of_query(connection, owner, name)
    return Response(status_code=204)


def there(exchange: Exchange) -> None:
    """Is there such a query, for this caller?"""
    named(exchange)


def named(exchange: Exchange) -> NamedQuery:
    """The query that the path names; `InputError("query-missing")`."""
    name = exchange.values["queryName"]
    with exchange.node.store.read() as connection:
        found = named_queries.get(connection, owner_of(exchange.caller), name)
    if found is None:
        raise InputError("query-missing", name=name[:MOST_NAME])
    return found


def query_of(item: NamedQuery) -> Query:
    """What a named query asks."""
    return query_from_json(json_text.read(item.query))


def owner_of(caller: Caller) -> str:
    """Whose names a caller uses: its member's, the operator's (""), or nobody's."""
    if caller.member is not None:
        return caller.member
    return "" if caller.operator else _PUBLIC


def _definition(tree: Any) -> tuple[str, Query]:
    """The name and the query of a definition."""
    if not isinstance(tree, dict):
        raise InputError("query-not-object")
    for member in tree:
        if member not in _MEMBERS:
            raise InputError("query-member-unknown", member=f"/{member[:80]}", name=member[:80])
    name = tree.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > MOST_NAME or not name.isprintable():
        raise InputError("query-name", member="/name", limit=MOST_NAME)
    return name, query_from_json(tree.get("query"))


def _shown(item: NamedQuery) -> dict[str, Any]:
    return {"name": item.name, "query": json_text.read(item.query)}


def _quoted(name: str) -> str:
    return quote(name, safe="")


def events(exchange: Exchange) -> Response:
    """What a named query finds."""
    page = asked(exchange)
    if page.parameters:
        raise InputError("query-parameter-unknown", parameter=next(iter(page.parameters))[:120])
    item = named(exchange)
    return find.answer(exchange, query_of(item), page, name=item.name)


RESOURCES = (
    Resource("/queries", {"GET": Operation("queries", listing), "POST": Operation("queries.define", post, body=True)}),
    Resource(
        "/queries/{queryName}",
        {"GET": Operation("queries", get), "DELETE": Operation("queries.define", delete)},
        there=there,
    ),
    Resource(
        "/queries/{queryName}/events", {"GET": Operation("queries", events)}, there=there, socket=sockets.subscribe
    ),
)
