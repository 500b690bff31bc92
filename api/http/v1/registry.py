"""Members and keys as the log has them, the proof of an entry, and capture answered at once.

GET /api/v1/members   GET /api/v1/keys   GET /api/v1/entries/7/proof   POST /api/v1/capture
"""

from dataclasses import asdict
from typing import Any

from starlette.responses import JSONResponse, Response

from api.bodies import check_json, in_turn
from api.caused import caused
from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success, whole_number
from api.http.v1.schemas import BOOLEAN, INDEX, STRING, listed, obj, ref
from api.problems import problem, respond
from api.verbs.capture import Kept, capture
from api.verbs.key import list_keys
from api.verbs.member import list_members
from api.verbs.proof import proof
from ledger.writer.answers import Captured
from ledger.writer.gateway import DocumentRefused
from schemas.syntax import base64url

EPCIS_MEDIA = ("application/ld+json", "application/json", "application/xml", "text/xml")
EXAMPLE_DOCUMENT = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    "type": "EPCISDocument",
    "schemaVersion": "2.0",
    "creationDate": "2026-07-01T09:00:00Z",
    "epcisBody": {
        "eventList": [
            {
                "type": "ObjectEvent",
                "action": "ADD",
                "bizStep": "commissioning",
                "eventTime": "2026-07-01T08:00:00Z",
                "eventTimeZoneOffset": "+02:00",
                "quantityList": [
                    {"epcClass": "https://id.gs1.org/01/09521001002011/10/F26175", "quantity": 100, "uom": "KGM"}
                ],
            }
        ]
    },
}


def members(ask: Ask) -> Response:
    """The members, in order of admission, with their names where their profiles can be opened here."""
    return JSONResponse([asdict(member) for member in list_members(ask.node)])


def keys(ask: Ask) -> Response:
    """Every key the log ever admitted. What is in this server's key folder, and how it is called there, is its own."""
    wanted = ask.text("member")
    found = (key for key in list_keys(ask.node) if wanted in (None, key.member))
    return JSONResponse([{n: v for n, v in asdict(key).items() if n not in ("here", "name")} for key in found])


def entry_proof(ask: Ask) -> Response:
    """The tlog-proof of one entry."""
    index = whole_number("index", ask.value("index"))
    return Response(proof(ask.node, index), media_type="text/plain; charset=utf-8")


def captured(ask: Ask) -> Response:
    """Capture a document and wait for it: one answer an event."""
    try:
        kept = _kept(ask)
    except DocumentRefused as refused:
        first, *others = (problem(error, ask.language) for error in refused.errors)
        return respond({**first, "others": others})
    answer: dict[str, Any] = {
        "captured": [_shown(item) for item in kept.captured],
        "refused": [problem(error, ask.language) for error in kept.refused],
    }
    own = [item.index for item in kept.captured if not item.duplicate]
    answer["findings"] = caused(ask.node, own, member=ask.member(None), audience=ask.audience)
    return JSONResponse(answer)


def _kept(ask: Ask) -> Kept:
    with ask.gates.turn(ask.caller), in_turn(ask.body):
        check_json(ask.body)
        return capture(
            ask.node,
            ask.body,
            media_type=ask.request.headers["content-type"].partition(";")[0].strip().lower(),
            member=ask.member(None),
            key=ask.caller.key,
            proceed=ask.flag("proceed"),
            allow_repeat=ask.flag("allow_repeat"),
            strict=ask.flag("strict"),
        )


def _shown(item: Captured) -> dict[str, Any]:
    return {
        "event": item.event,
        "eventID": item.event_id,
        "index": item.index,
        "leaf": base64url.encode(item.leaf),
        "duplicate": item.duplicate,
    }


def _flag(name: str, description: str) -> Parameter:
    return Parameter(name, "query", BOOLEAN, description)


ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/members", "member.list", "listMembers", "List the members.", members,
        Success(200, "The members, in order of admission.", schema=listed("Member")), tag="registry",
    ),
    Endpoint(
        "GET", "/api/v1/keys", "key.list", "listKeys", "List every key the log ever admitted.", keys,
        Success(200, "The keys, in order of admission.", schema=listed("Key")),
        parameters=(Parameter("member", "query", STRING, "Only the keys of this member."),), tag="registry",
    ),
    Endpoint(
        "GET", "/api/v1/entries/{index}/proof", "proof", "proveEntry", "The tlog-proof of one entry.", entry_proof,
        Success(200, "C2SP tlog-proof; its `extra` is the entry.", media="text/plain", schema=STRING),
        parameters=(Parameter("index", "path", INDEX, "The entry's place in the log.", required=True, example=0),),
        errors=(404,),
    ),
    Endpoint(
        "POST", "/api/v1/capture", "capture", "capture", "Capture an EPCIS document and wait for the answer.", captured,
        Success(
            200, "One answer an event; with `proceed`, what was left out.",
            schema=obj({"captured": listed("Captured"), "refused": listed("Problem"), "findings": ref("Caused")}),
        ),
        parameters=(
            _flag("proceed", "Leave bad events out instead of refusing the document."),
            _flag("allow_repeat", "Log what was captured before once more."),
            _flag("strict", "Refuse an eventID that stands for other content already."),
        ),
        body=Body(
            EPCIS_MEDIA, {}, EXAMPLE_DOCUMENT,
            lambda settings: settings.capture_bytes,
        ),
        tag="capture",
        description="Signed with the gateway key that the token is bound to. `/epcis/capture` is the standard's own.",
    ),
)  # fmt: skip
