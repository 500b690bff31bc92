"""`/codice/414/{gln}`: what everybody may know of a place or a member by its GLN; and what is said of any other code.

- A place is shown by its kind and municipality, a member by its name, municipality and own words: nobody's coordinates,
  street or telephone. `/codice/dati/…` has the same for programs, as JSON.
- A code of which nothing may be known is explained: what such a code numbers, and why it may lead nowhere here.

    door("/codice/{path:path}", "pack", code)

docs/adr/0069-every-code-is-answered.md.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from api.pages.consumer import figures as said
from api.pages.shell.places import sent_path
from api.pages.shell.rendering import page
from api.pages.shell.visit import Visit, door
from exporters.drawing.map import Mark, italy
from exporters.facts.pack import Town
from ledger.readside.presented import Presented, presented
from schemas.errors import InputError
from schemas.gs1.canonical import link
from schemas.gs1.digital_link import CANONICAL_STEM, parse
from schemas.gs1.element_string import write_bracketed
from schemas.gs1.keys import Elements, finest

ROOM = "consumer"
CODE, DATA = "/codice/", "/codice/dati/"
_KEPT = "public, no-cache"


def routes() -> list[BaseRoute]:
    """The routes of codes that are no lot's."""
    return [door(DATA + "{path:path}", "pack", data), door(CODE + "{path:path}", "pack", code)]


def code(visit: Visit) -> Response:
    """The page of a place or a member, or what may be said of another code."""
    elements = _elements(visit, CODE)
    found = _found(visit, elements)
    town = None if found is None else _town(found.content)
    told = page(
        visit.request,
        ROOM,
        "code.html",
        status=404 if found is None else 200,
        cache_control=_KEPT,
        code=write_bracketed(elements),
        key=elements[0][0],
        found=found,
        town=town,
        town_said=said.town(town) if town else "",
        map=italy([Mark(town.name, town.region, "made")], visit.language) if town else "",
    )
    told.headers["Vary"] = "Accept-Language"
    return told


def data(visit: Visit) -> Response:
    """What the page of a place or a member tells, for programs."""
    elements = _elements(visit, DATA)
    found = _found(visit, elements)
    if found is None:
        raise InputError("resolver-nothing", value=write_bracketed(elements)[:90])
    tree = {**found.content, "id": found.uri, "member": {"id": found.member, "name": found.name or None}}
    return JSONResponse(tree, headers={"Cache-Control": _KEPT, "Access-Control-Allow-Origin": "*"})


def _elements(visit: Visit, room: str) -> Elements:
    """The code in the address; `InputError`: those of `digital_link.parse`."""
    return parse(f"{CANONICAL_STEM}/{sent_path(visit.request).removeprefix(room).strip('/')}", lenient=True).path


def _found(visit: Visit, elements: Elements) -> Presented | None:
    now = datetime.fromtimestamp(visit.node.clock(), UTC)
    return presented(visit.node, link(finest(elements)), visit.access.everybody(), now)


def _town(content: Mapping[str, Any]) -> Town | None:
    """The municipality, where it is said."""
    address = content.get("address")
    if not isinstance(address, Mapping) or not isinstance(address.get("municipality"), str):
        return None
    return Town(address["municipality"], str(address.get("region", "")), str(address.get("country", "")))
