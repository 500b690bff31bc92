"""Every path of the contract, room by room, and the list of resources at its root.

routes()  ->  [Contract(…)]
"""

from starlette.responses import Response
from starlette.routing import BaseRoute

from api.epcis import capture, events, pages, queries, resources, subscriptions
from api.epcis.answers import collection, json_answer
from api.epcis.contract import DISCOVER, Exchange, Operation, Resource
from api.epcis.front import Contract

TOP_LEVEL = (
    "events", "eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions", "capture", "queries",
)  # fmt: skip


def root(exchange: Exchange) -> Response:
    """The resources there are."""
    return json_answer(exchange, collection(TOP_LEVEL))


RESOURCES: tuple[Resource, ...] = (
    Resource("/", {"GET": Operation(DISCOVER, root)}),
    *capture.RESOURCES,
    *events.RESOURCES,
    *resources.RESOURCES,
    *queries.RESOURCES,
    *subscriptions.RESOURCES,
    *pages.RESOURCES,
)


def routes() -> list[BaseRoute]:
    """The contract, as an application takes it."""
    return [Contract(RESOURCES)]
