"""`/nextPageToken/{token}`: a page token given back before it expires.

DELETE /epcis/nextPageToken/AbC…  ->  204

A token that is no good is worth nothing already, so every `DELETE` is answered alike (RFC 9110 section 9.2.2).
"""

from starlette.responses import Response

from api.epcis.contract import Exchange, Operation, Resource
from api.epcis.paging import give_back


def delete(exchange: Exchange) -> Response:
    """Let a token be worth nothing from now on."""
    give_back(exchange, exchange.values["token"])
    return Response(status_code=204)


RESOURCES = (Resource("/nextPageToken/{token}", {"DELETE": Operation("events", delete)}),)
