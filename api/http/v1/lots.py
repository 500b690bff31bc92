"""What leaves the house: bundles, for the eyes of who asks; giving them to a member; and what members publish.

GET /api/v1/bundle?lot=…   POST /api/v1/bundle   GET|POST|DELETE /api/v1/publications

- A bundle is made for the caller's own Audience: nobody gets a page more than it may see, whatever it asks for.
- A lot of which the caller may see nothing is answered like one that is not there.
"""

import hashlib
from dataclasses import asdict
from typing import cast

from starlette.responses import JSONResponse, Response

from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success
from api.http.v1.objects import read_object
from api.http.v1.schemas import INDEX, ISS, STRING, listed, obj
from api.verbs.export_bundle import export_bundle, may_know
from api.verbs.publish import give, list_published, publish, withdraw
from ledger.bundle import DIRECTIONS, Direction
from ledger.readside.named import named
from schemas.errors import InputError

LOT_EXAMPLE = "(01)09521001002011(10)F26175"
MEMBER_EXAMPLE = "urn:uuid:4a9f2f3e-6c1d-4b7a-9d57-2f1f0c6f8e21"
_BUNDLE = Success(200, "The bundle, `*.filiera.json`.", schema={"type": "object"})


def bundle(ask: Ask) -> Response:
    """The bundle of a lot, or of one event."""
    return _bundle(ask, ask.text("lot"), ask.number("entry"), ask.choice("direction", DIRECTIONS, "back"), None)


def given(ask: Ask) -> Response:
    """The same, given to a member: it sees these events in its own account from now on."""
    said = read_object(
        ask.body, required={"to": str}, optional={"lot": str, "entry": int, "direction": str}
    )  # fmt: skip
    direction = said.get("direction", "back")
    if direction not in DIRECTIONS:
        raise InputError("parameter-value", name="direction", allowed=", ".join(DIRECTIONS))
    return _bundle(ask, said.get("lot"), said.get("entry"), direction, said["to"])


def _bundle(ask: Ask, lot: str | None, entry: int | None, direction: str, to: str | None) -> Response:
    node, audience = ask.node, ask.audience
    with ask.gates.turn(ask.caller):
        data = export_bundle(
            node, lot, entry=entry, direction=cast(Direction, direction), audience=audience,
            knows=may_know(node, audience), naming=named(node, audience),
        )  # fmt: skip
        if to is not None:
            give(node, data, to, audience=audience)
    name = hashlib.sha256(data).hexdigest()[:12]
    headers = {"Content-Disposition": f'attachment; filename="{name}.filiera.json"'}
    return Response(data, media_type="application/json", headers=headers)


def publications(ask: Ask) -> Response:
    """What members publish."""
    return JSONResponse([asdict(found) for found in list_published(ask.node, member=ask.text("member"))])


def published(ask: Ask) -> Response:
    """Publish what the member recorded, and will record, about a lot."""
    said = read_object(ask.body, required={"lot": str}, optional={"member": str})
    events = publish(ask.node, said["lot"], member=ask.member(said.get("member")))
    return JSONResponse({"events": events})


def withdrawn(ask: Ask) -> Response:
    """Publish a lot no longer."""
    withdraw(ask.node, ask.text("lot") or "", member=ask.member(ask.text("member")))
    return Response(status_code=204)


_LOT = Parameter(
    "lot", "query", STRING, "A Digital Link, an EPC URN, an element string, or another absolute URI.",
    example=LOT_EXAMPLE,
)  # fmt: skip
_DIRECTION = Parameter("direction", "query", {"enum": list(DIRECTIONS)}, "Which history: back is upstream.")

ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/bundle", "export", "exportBundle", "The bundle of a lot, checkable offline.", bundle, _BUNDLE,
        parameters=(
            _LOT, Parameter("entry", "query", INDEX, "The event at this index, instead of a lot."), _DIRECTION,
        ),
        errors=(404,), tag="lots", description="It shows what the caller may see, and the rest as bare leaves.",
    ),
    Endpoint(
        "POST", "/api/v1/bundle", "give", "giveBundle", "Make a bundle and give it to a member.", given, _BUNDLE,
        body=Body(
            ("application/json",),
            obj(
                {"to": ISS}, {"lot": STRING, "entry": INDEX, "direction": {"enum": list(DIRECTIONS)}}, closed=True,
            ),
            {"lot": LOT_EXAMPLE, "to": MEMBER_EXAMPLE},
        ),
        errors=(404,), tag="lots",
        description="The member sees from now on, in its own account, the events that you see whole yourself.",
    ),
    Endpoint(
        "GET", "/api/v1/publications", "publish.list", "listPublications", "What members publish.", publications,
        Success(200, "Lots, oldest publication first.", schema=listed("Publication")),
        parameters=(Parameter("member", "query", STRING, "Only what this member publishes."),), tag="lots",
    ),
    Endpoint(
        "POST", "/api/v1/publications", "publish", "publishLot", "Show everybody what a member recorded about a lot.",
        published, Success(200, "How many of its events that is today.", schema=obj({"events": INDEX})),
        body=Body(
            ("application/json",), obj({"lot": STRING}, {"member": ISS}, closed=True), {"lot": LOT_EXAMPLE},
        ),
        tag="lots",
    ),
    Endpoint(
        "DELETE", "/api/v1/publications", "publish", "withdrawLot", "Publish a lot no longer.", withdrawn,
        Success(204, "It is published no longer."),
        parameters=(
            Parameter("lot", "query", STRING, _LOT.description, required=True, example=LOT_EXAMPLE),
            Parameter("member", "query", STRING, "The member, where the operator asks."),
        ),
        errors=(404,), tag="lots",
    ),
)  # fmt: skip
