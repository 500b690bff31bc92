"""`/queries/{queryName}/subscriptions`: subscribe a webhook, see what is subscribed and how it goes, unsubscribe.

- POST answers 201 with the subscription and its `Location`; the signature token is never shown again.
- An address that leads into a private network is refused when it is given, and again whenever it is used.
- Beside the contract's members a subscription shows `queryName`, who made it (`owner`), and `state`: `active`,
  `failing` with the last `problem` and when it is tried again (`nextTryAt`), or `given up`.

docs/adr/0028-how-a-delivery-shows-who-sent-it.md; GS1 EPCIS 2.0 section 8.2.5 and its OpenAPI.
"""

import json
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from api.bodies import read_json
from api.epcis import paging, queries, representation
from api.epcis.answers import json_answer
from api.epcis.contract import Exchange, Operation, Resource
from api.epcis.deliver import Deliveries
from api.epcis.exceptions import epcis_problem
from api.epcis.standing import Agreed, Standing
from api.epcis.times import text_of
from ledger import outbound
from ledger.store import subscriptions
from ledger.store.subscriptions import Subscription
from schemas.epcis.subscription import parse_subscription
from schemas.errors import InputError, UnavailableError


def create(exchange: Exchange) -> Response:
    """Subscribe a webhook to a named query."""
    representation.check_sent(exchange.request.headers.get("content-type"), representation.JSON_TYPES)
    wanted = parse_subscription(read_json(exchange.body))
    _check_address(exchange, wanted.dest or "")
    item = _standing(exchange).keep(
        Agreed(wanted, exchange.terms.epc_format, exchange.terms.cbv_format),
        member=queries.owner_of(exchange.caller),
        query=exchange.values["queryName"],
        owner=exchange.caller.name,
    )
    where = exchange.url(f"/queries/{quote(item.query, safe='')}/subscriptions/{item.id}")
    return json_answer(exchange, shown(exchange, item), status=201, headers={"Location": where})


def listing(exchange: Exchange) -> Response:
    """A page of the subscriptions of a query."""
    page = paging.asked(exchange)
    member, query = queries.owner_of(exchange.caller), exchange.values["queryName"]
    with exchange.node.store.read() as connection:
        found = subscriptions.listing(connection, member, query, after=page.place, limit=page.limit + 1)
    shows = found[: page.limit]
    place = shows[-1].id if len(found) > page.limit else None
    headers = paging.following(exchange, page, place)
    return json_answer(exchange, [shown(exchange, item) for item in shows], headers=headers)


def one(exchange: Exchange) -> Response:
    """One subscription, and how its deliveries go."""
    item = _kept(exchange)
    headers = {"GS1-Query-Min-Record-Time": text_of(item.min_time)}
    return json_answer(exchange, shown(exchange, item), headers=headers)


def delete(exchange: Exchange) -> Response:
    """Unsubscribe; what is being sent at this moment may still arrive."""
    item = _kept(exchange)
    with exchange.node.store.begin() as connection:
        subscriptions.remove(connection, item.member, item.query, item.id)
    return Response(status_code=204)


def shown(exchange: Exchange, item: Subscription) -> dict[str, Any]:
    """A subscription as it is answered."""
    agreed = _standing(exchange).agreed(item)
    said: dict[str, Any] = {
        "subscriptionID": item.id,
        "queryName": item.query,
        "dest": _address(exchange, item, agreed),
        "createdAt": text_of(item.created),
        "minRecordTime": text_of(item.min_time),
        "owner": item.owner,
        **agreed.said(),
        "state": "given up" if item.given_up else "failing" if item.failures else "active",
    }
    if item.notified is not None:
        said["lastNotifiedAt"] = text_of(item.notified)
    if item.initial is not None:
        said["initialRecordTime"] = text_of(item.initial)
    if item.problem is not None:
        said |= _failing(exchange, item, json.loads(item.problem))
    return said


def _failing(exchange: Exchange, item: Subscription, kept: dict[str, Any]) -> dict[str, Any]:
    error = UnavailableError(kept["code"], **kept["context"])
    said = {"failures": item.failures, "problem": epcis_problem(error, exchange.language)}
    return said if item.given_up else {**said, "nextTryAt": text_of(item.due)}


def _address(exchange: Exchange, item: Subscription, agreed: Agreed) -> str:
    """Where it delivers: the webhook, or the socket that its client opens."""
    if agreed.wanted.dest is not None:
        return agreed.wanted.dest
    return "ws" + exchange.url(f"/queries/{quote(item.query, safe='')}/events").removeprefix("http")


def _check_address(exchange: Exchange, dest: str) -> None:
    """Refuse at once what would be refused at every delivery; a name nobody knows yet may be known by then."""
    try:
        outbound.allowed(dest, private=exchange.served.settings.allow_private_delivery)
    except UnavailableError:
        return


def _kept(exchange: Exchange) -> Subscription:
    id, query = exchange.values["subscriptionID"], exchange.values["queryName"]
    with exchange.node.store.read() as connection:
        found = subscriptions.get(connection, queries.owner_of(exchange.caller), query, id)
    if found is None:
        raise InputError("subscription-missing", id=id[:80])
    return found


def _one_there(exchange: Exchange) -> None:
    queries.there(exchange)
    _kept(exchange)


def _standing(exchange: Exchange) -> Standing:
    deliveries: Deliveries = exchange.request.app.state.deliveries
    return deliveries.standing


RESOURCES = (
    Resource(
        "/queries/{queryName}/subscriptions",
        {"GET": Operation("subscribe", listing), "POST": Operation("subscribe", create, body=True)},
        there=queries.there,
    ),
    Resource(
        "/queries/{queryName}/subscriptions/{subscriptionID}",
        {"GET": Operation("subscribe", one), "DELETE": Operation("subscribe", delete)},
        there=_one_there,
    ),
)
