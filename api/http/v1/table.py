"""Every operation of our own interface, in the order in which its document lists them, and the routes they make.

routes()  ->  [Route("/log/checkpoint", …), Route("/api/v1/entries", …), …]
"""

from starlette.routing import BaseRoute

from api.http import docs_page, entries, log, openapi
from api.http.endpoint import Endpoint, route
from api.http.v1 import (
    accounts,
    balance,
    credentials,
    custody,
    devices,
    documents,
    exports,
    findings,
    labels,
    lots,
    master,
    numbers,
    recalls,
    registry,
    season,
    sheets,
    tools,
    trace,
    trust,
    units,
)

ENDPOINTS: tuple[Endpoint, ...] = (
    *entries.ENDPOINTS,
    *registry.ENDPOINTS,
    *devices.ENDPOINTS,
    *lots.ENDPOINTS,
    *exports.ENDPOINTS,
    *sheets.ENDPOINTS,
    *labels.ENDPOINTS,
    *findings.ENDPOINTS,
    *balance.ENDPOINTS,
    *season.ENDPOINTS,
    *trace.ENDPOINTS,
    *master.ENDPOINTS,
    *numbers.ENDPOINTS,
    *units.ENDPOINTS,
    *recalls.ENDPOINTS,
    *documents.ENDPOINTS,
    *custody.ENDPOINTS,
    *tools.ENDPOINTS,
    *accounts.ENDPOINTS,
    *credentials.ENDPOINTS,
    *trust.ENDPOINTS,
    *log.ENDPOINTS,
)


def routes() -> list[BaseRoute]:
    """One route an operation, and the two that describe them all."""
    return [*map(route, (*ENDPOINTS, openapi.describing(ENDPOINTS), docs_page.describing(ENDPOINTS)))]
