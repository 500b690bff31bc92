"""What a query finds, page by page, as the caller may see it and wants it written.

- A page is found and read in the log as it stood when the list was begun (`ledger.store.event_query`).
- Who sees events in part, as the public does, is shown that part; a condition on what is hidden meets no event
  (docs/adr/0024-what-a-member-sees.md).
- Identifiers are spelled as `GS1-EPC-Format` asks; words, in XML, as `GS1-CBV-XML-Format` does.

    answer(exchange, parse_query(page.parameters), page)

GS1 EPCIS 2.0 section 12.6; REST Bindings, response `200EPCISQueryDocument`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from api.epcis import representation
from api.epcis.contract import Exchange
from api.epcis.headers import CbvFormat, EpcFormat
from api.epcis.paging import Page, following
from api.epcis.results import QUERY_NAME, query_document
from api.verbs.events import find_events, read_events
from ledger.store.query_place import read_place
from schemas.epcis import spelling
from schemas.epcis.query import Query

EPC: Mapping[EpcFormat, spelling.EpcFormat] = {
    "No_Preference": "no_preference",
    "Always_GS1_Digital_Link": "always_gs1_digital_link",
    "Always_EPC_URN": "always_epc_urn",
    "Never_Translates": "never_translates",
}
_CBV: Mapping[CbvFormat, spelling.CbvFormat] = {
    "No_Preference": "no_preference",
    "Always_Web_URI": "always_web_uri",
    "Always_URN": "always_urn",
    "Never_Translates": "never_translates",
}


def answer(exchange: Exchange, query: Query, page: Page, *, name: str = QUERY_NAME) -> Response:
    """The page of a query; `InputError`: `not-acceptable`, and those of `ledger.store.event_query.find`."""
    form = representation.wanted(exchange.accept, representation.EVENTS)
    indexes, place = found(exchange, query, page.limit, page.place)
    tree = query_document(written(exchange, indexes, form), now=exchange.now(), name=name)
    body, losses = representation.document(tree, form)
    headers = {**spelled_so(exchange, form), **losses, **following(exchange, page, place)}
    return Response(body, headers=headers, media_type=form)


def spelled_so(exchange: Exchange, form: str) -> dict[str, str]:
    """The headers that say how identifiers and, in XML, words are written."""
    said = {"GS1-EPC-Format": str(exchange.terms.epc_format)}
    if form not in representation.JSON_TYPES:
        said["GS1-CBV-XML-Format"] = exchange.terms.cbv_format
    return said


def found(exchange: Exchange, query: Query, limit: int, place: Any = None) -> tuple[Sequence[int], Any]:
    """The indexes of the events a query finds, and where the next page begins."""
    after = None if place is None else read_place(place)
    page = find_events(exchange.node, query, audience=exchange.audience, limit=limit, after=after)
    return page.indexes, None if page.next is None else page.next.to_json()


def written(exchange: Exchange, indexes: Sequence[int], form: str) -> list[dict[str, Any]]:
    """The events at these indexes with what the repository adds, in the spelling asked for."""
    prefixes = exchange.node.company_prefixes()
    epc = EPC[exchange.terms.epc_format]
    cbv = "no_preference" if form in representation.JSON_TYPES else _CBV[exchange.terms.cbv_format]
    exchange.node.settled()
    found = read_events(exchange.node, indexes, audience=exchange.audience)
    return [spelling.spell_event(event, epc=epc, cbv=cbv, prefixes=prefixes) for _, event in found]
