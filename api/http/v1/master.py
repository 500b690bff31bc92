"""Master data over HTTP: add versions, and ask what holds of everything or of one thing, as of a time.

POST /api/v1/master   GET /api/v1/master?type=site&as_of=2026-03-01   GET /api/v1/master/versions?id=…

- Shown is what the caller may see: a member its own and what was given to it, the operator all.
- Pages are asked for with what the one before named as `next`.
"""

from typing import Any

from starlette.responses import JSONResponse, Response

from api.bodies import in_turn
from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success
from api.http.v1.schemas import BOOLEAN, INDEX, NULLABLE_STRING, STRING, listed, obj
from api.problems import problem, respond
from api.verbs import master as verbs
from ledger.readside.master import Stated
from ledger.writer.gateway import DocumentRefused
from schemas.errors import InputError
from schemas.kde import SCHEMES
from schemas.master.json_schema import schema
from schemas.master.terms import KINDS
from schemas.syntax import base64url, json_text

EXAMPLE = {
    "type": "site",
    "id": "https://id.gs1.org/414/9521001000017",
    "validFrom": "2026-01-01",
    "name": "Magazzino di Termeno",
    "kind": "packhouse",
    "address": {"municipality": "Termeno sulla Strada del Vino", "country": "IT", "municipalityCode": "021098"},
}
_SEPARATOR = " "


def added(ask: Ask) -> Response:
    """Log the versions of a body, one or a list."""
    try:
        with ask.gates.turn(ask.caller), in_turn(ask.body):
            kept = verbs.add(
                ask.node, ask.body, member=ask.member(None), key=ask.caller.key, proceed=ask.flag("proceed"),
                allow_repeat=ask.flag("allow_repeat"), schemes=ask.texts("scheme"),
            )  # fmt: skip
    except DocumentRefused as bad:
        first, *others = (problem(error, ask.language) for error in bad.errors)
        return respond({**first, "others": others})
    answers = [
        {
            "version": item.event, "id": item.event_id, "index": item.index, "leaf": base64url.encode(item.leaf),
            "duplicate": item.duplicate,
        }
        for item in kept.kept
    ]  # fmt: skip
    refused, asked = ([problem(error, ask.language) for error in errors] for errors in (kept.refused, kept.asked))
    return JSONResponse({"added": answers, "refused": refused, "asked": asked})


def things(ask: Ask) -> Response:
    """What holds of every thing."""
    limit = ask.number("limit")
    found, after = verbs.list_things(
        ask.node, audience=ask.audience, type=ask.text("type"), as_of=ask.text("as_of"),
        after=_place(ask.text("after")), limit=100 if limit is None else limit,
    )  # fmt: skip
    return _json({"things": [_shown(item) for item in found], "next": _SEPARATOR.join(after) if after else None})


def versions(ask: Ask) -> Response:
    """What holds of one thing, or all that was said of it."""
    id, kind, known = ask.text("id") or "", ask.text("type"), ask.number("known")
    if ask.flag("history"):
        if ask.text("as_of") is not None:
            raise InputError("master-history")
        found = verbs.history(ask.node, id, audience=ask.audience, type=kind, known=known)
    else:
        found = verbs.show(ask.node, id, audience=ask.audience, type=kind, as_of=ask.text("as_of"), known=known)
    return _json({"versions": [_shown(item) for item in found]})


def schema_of_master(_: Ask) -> Response:
    """The JSON Schema of master data."""
    return JSONResponse(schema(), media_type="application/schema+json")


def _place(after: str | None) -> tuple[str, str] | None:
    if after is None:
        return None
    id, separator, kind = after.rpartition(_SEPARATOR)
    if not separator or kind not in KINDS:
        raise InputError("parameter-value", name="after", allowed="next")
    return id, kind


def _shown(item: Stated) -> dict[str, Any]:
    version = item.version
    return {
        "index": version.index, "leaf": base64url.encode(item.leaf), "member": version.member, "content": item.content,
    }  # fmt: skip


def _json(tree: dict[str, Any]) -> Response:
    # Written by our own writer: the text of numbers is kept.
    return Response(json_text.write(tree), media_type="application/json")


_TYPE = Parameter("type", "query", {"enum": list(KINDS)}, "Only things of this kind.")
_AS_OF = Parameter(
    "as_of", "query", STRING, "A day or an instant with its zone; without it, now.", example="2026-03-01"
)
ENDPOINTS = (
    Endpoint(
        "POST", "/api/v1/master", "master.add", "addMaster", "Add versions of master data.", added,
        Success(
            200, "One answer a version; with `proceed`, what was left out.",
            schema=obj({"added": listed("AddedVersion"), "refused": listed("Problem"), "asked": listed("Problem")}),
        ),
        parameters=(
            Parameter("proceed", "query", BOOLEAN, "Leave bad versions out instead of refusing them all."),
            Parameter("allow_repeat", "query", BOOLEAN, "Log again what the member said before."),
            Parameter(
                "scheme", "query", {"type": "array", "items": {"enum": list(SCHEMES)}},
                "Say what this buyer's or authority's list asks for besides.", repeated=True,
            ),
        ),
        body=Body(("application/json",), {}, EXAMPLE, lambda settings: settings.capture_bytes), tag="master",
        description="Signed with the gateway key that the token is bound to. Its form is at `/api/v1/master/schema`.",
    ),
    Endpoint(
        "GET", "/api/v1/master", "master", "listMaster", "What holds of parties, sites, products and certificates.",
        things,
        Success(
            200, "A page of things, in order of their identifiers.",
            schema=obj({"things": listed("MasterVersion"), "next": NULLABLE_STRING}),
        ),
        parameters=(
            _TYPE, _AS_OF, Parameter("after", "query", STRING, "The `next` of the page before."),
            Parameter("limit", "query", INDEX, "How many things a page holds, 1000 at most."),
        ),
        tag="master",
    ),
    Endpoint(
        "GET", "/api/v1/master/versions", "master", "showMaster", "What holds of one thing, or its history.", versions,
        Success(200, "The caller's own first.", schema=obj({"versions": listed("MasterVersion")})),
        parameters=(
            Parameter("id", "query", STRING, "The thing, in any form.", required=True, example=EXAMPLE["id"]),
            _TYPE, _AS_OF,
            Parameter("known", "query", INDEX, "As known when the log had this many entries."),
            Parameter("history", "query", BOOLEAN, "Every version, corrected and withdrawn ones too."),
        ),
        errors=(404,), tag="master",
    ),
    Endpoint(
        "GET", "/api/v1/master/schema", "describe", "masterSchema", "The JSON Schema of master data.",
        schema_of_master,
        Success(200, "JSON Schema 2020-12.", media="application/schema+json", schema={"type": "object"}), tag="master",
    ),
)  # fmt: skip
