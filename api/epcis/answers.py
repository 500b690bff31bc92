"""What answers have in common: JSON bodies with the numbers as they were written, and the collections of resources.

    json_answer(exchange, collection(["events"]))

EPCIS 2.0 section 12 (`Collection`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from api.epcis import representation
from api.epcis.contract import Exchange
from schemas.syntax import json_text

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


def json_answer(
    exchange: Exchange, tree: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON body in the form the client wants; `InputError("not-acceptable")` where that is none of JSON's."""
    form = representation.wanted(exchange.accept, representation.RESOURCES)
    return Response(json_text.write(tree), status_code=status, headers=dict(headers or {}), media_type=form)


def collection(members: Sequence[str], namespaces: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A list of resources; `namespaces`: prefixes of the client's that shorten what they match."""
    shortened = [_shortened(member, namespaces or {}) for member in members]
    used = {
        name: uri for name, uri in (namespaces or {}).items() if any(each.startswith(f"{name}:") for each in shortened)
    }
    return {"@context": [CONTEXT, used] if used else CONTEXT, "type": "Collection", "member": shortened}


def _shortened(member: str, namespaces: Mapping[str, str]) -> str:
    for name, uri in namespaces.items():
        if uri and member.startswith(uri) and len(member) > len(uri):
            return f"{name}:{member[len(uri) :]}"
    return member
