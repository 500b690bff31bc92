"""Recalls over HTTP: what one touches, drills, opening and ending it, and the public notice.

GET /api/v1/recall?lot=…   POST /api/v1/recall   GET /api/v1/recall/notice?lot=…&reason=…   GET /api/v1/recalls

- Asking writes nothing. A POST names its act: `drill`, `open` (with a reason) or `close`, for the caller's own member.
"""

import json
from typing import Any

from starlette.responses import JSONResponse, Response

from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success
from api.http.v1.lots import LOT_EXAMPLE
from api.http.v1.objects import read_object
from api.http.v1.schemas import INDEX, STRING, STRINGS, obj, ref
from api.recalls_json import tree as recalls_tree
from api.verbs import recall as verbs
from api.verbs.recall_notice import notices
from api.verbs.recalls import PAGE, list_recalls, recall_status
from exporters.formats import recall_notice
from ledger.custody.recalls import Changed
from ledger.readside.recall_tree import steps_tree, tree
from schemas.errors import InputError
from schemas.syntax import base64url
from schemas.wording import sentence

ACTS = ("drill", "open", "close")
FORMS = ("html", "json")


def report(ask: Ask) -> Response:
    """What a recall of a lot touches."""
    with ask.gates.turn(ask.caller):
        found = verbs.recall(
            ask.node, ask.text("lot") or "", audience=ask.audience, as_of=ask.text("as_of"), mixing=ask.texts("mixing")
        )
        return JSONResponse({**tree(found), "steps": steps_tree(found)})


def act(ask: Ask) -> Response:
    """Log a drill, open a recall, or end it."""
    said = read_object(
        ask.body, required={"lot": str, "act": str}, optional={"reason": str, "warnings": str, "mixing": list}
    )
    if said["act"] not in ACTS:
        raise InputError("parameter-value", name="act", allowed=", ".join(ACTS))
    if (said["act"] == "open") != ("reason" in said) or ("warnings" in said and said["act"] != "open"):
        raise InputError("recall-what")
    mixing = said.get("mixing", [])
    if mixing and said["act"] == "close":
        raise InputError("recall-what")
    who: dict[str, Any] = {"audience": ask.audience, "member": ask.member(None), "key": ask.caller.key}
    with ask.gates.turn(ask.caller):
        if said["act"] == "drill":
            found, logged = verbs.drill(ask.node, said["lot"], mixing=mixing, **who)
            drilled = {
                "index": logged.index, "leaf": base64url.encode(logged.leaf), "id": logged.id,
                "report": base64url.encode(logged.digest),
            }  # fmt: skip
            return JSONResponse({**tree(found), "steps": steps_tree(found), "drill": drilled})
        if said["act"] == "open":
            found, changed = verbs.open_recall(
                ask.node, said["lot"], said["reason"], warnings=said.get("warnings"), mixing=mixing, **who
            )
        else:
            found, changed = verbs.close_recall(ask.node, said["lot"], **who)
    return JSONResponse({"subject": found.recall.subject, **_changed(changed)})


def stands(ask: Ask) -> Response:
    """Whether a lot is recalled, or the recalls that stand."""
    lot, as_of = ask.text("lot"), ask.text("as_of")
    with ask.gates.turn(ask.caller):
        if lot is not None:
            found = recall_status(ask.node, lot, audience=ask.audience, as_of=as_of)
        else:
            limit = ask.number("limit")
            found = list_recalls(
                ask.node, audience=ask.audience, as_of=as_of, after=ask.text("after"),
                limit=PAGE if limit is None else limit,
            )  # fmt: skip
    return JSONResponse(recalls_tree(found))


def notice(ask: Ask) -> Response:
    """The public notice, a sheet a product."""
    form = ask.choice("form", FORMS, "json")
    said = ask.text("warnings") or sentence("recall-notice-default", {}, ask.language)
    with ask.gates.turn(ask.caller):
        made = notices(
            ask.node, ask.text("lot") or "", reason=ask.text("reason") or "", warnings=said, audience=ask.audience,
            member=ask.member(ask.text("member")),
        )  # fmt: skip
    if form == "html":
        headers = {"Content-Disposition": 'attachment; filename="recall.html"'}
        return Response(recall_notice.pages(made, ask.language), media_type="text/html", headers=headers)
    text = json.dumps([recall_notice.tree(item, ask.language) for item in made], ensure_ascii=False)
    return Response(text, media_type="application/json")


def _changed(changed: Changed) -> dict[str, Any]:
    return {
        "number": changed.number, "lots": list(changed.lots), "units": list(changed.units),
        "entries": list(changed.entries), "already": changed.already,
    }  # fmt: skip


_MIXING = Parameter(
    "mixing", "query", STRINGS,
    "The rule of a tank or silo, before that of master data: URI=cycle (since it was empty) or URI=fifo (first in, "
    "first out).",
    repeated=True,
)  # fmt: skip
_LOT = Parameter(
    "lot", "query", STRING, "A lot or unit in any form.", required=True, example=LOT_EXAMPLE,
)  # fmt: skip
ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/recall", "recall", "reportRecall", "What a recall of a lot touches, and where all of it is.",
        report, Success(200, "The report. It writes nothing.", schema={"type": "object"}),
        parameters=(
            _LOT,
            Parameter("as_of", "query", STRING, "What a drill would have shown at a day's end (UTC) or an instant."),
            _MIXING,
        ),
        errors=(404,), tag="lots",
        description="Amounts are text, exact, by measure: kilograms where they can be weighed, else as they were said.",
    ),
    Endpoint(
        "GET", "/api/v1/recalls", "recalls", "listRecalls", "Whether a lot is recalled, or the recalls that stand.",
        stands,
        Success(200, "Since when, by whom, why, and on what each stands.", schema=ref("Recalls")),
        parameters=(
            Parameter("lot", "query", STRING, "Only this lot, unit or item, in any form.", example=LOT_EXAMPLE),
            Parameter("as_of", "query", STRING, "What stood at a day's end (UTC) or an instant."),
            Parameter("after", "query", STRING, "The `next` of the page before."),
            Parameter("limit", "query", INDEX, "How many recalls a page holds, 1000 at most."),
        ),
        errors=(404,), tag="lots",
        description="Whoever may know of a lot is told that it is recalled. A row is what one entry said: a recall of "
        "many lots has several, which share its number.",
    ),
    Endpoint(
        "POST", "/api/v1/recall", "recall.act", "actRecall", "Log a recall drill, open a recall, or end it.", act,
        Success(200, "The report with the drill's entry; or what was recalled, or ended.", schema={"type": "object"}),
        body=Body(
            ("application/json",),
            obj(
                {"lot": STRING, "act": {"enum": list(ACTS)}},
                {"reason": STRING, "warnings": STRING, "mixing": STRINGS},
                closed=True,
            ),
            {"lot": LOT_EXAMPLE, "act": "drill"},
        ),
        errors=(404,), tag="lots", description="Signed with the gateway key that the token is bound to.",
    ),
    Endpoint(
        "GET", "/api/v1/recall/notice", "recall.notice", "recallNotice", "The public notice of a recall.", notice,
        Success(200, "A sheet for each affected product, with the fields of the Ministry's.", schema={"type": "array"}),
        parameters=(
            _LOT,
            Parameter("reason", "query", STRING, "Why it is recalled.", required=True, example="Listeria"),
            Parameter("warnings", "query", STRING, "What who bought it shall do."),
            Parameter("form", "query", {"enum": list(FORMS)}, "A page to print, or JSON."),
            Parameter("member", "query", STRING, "The member that recalls, where the operator asks."),
        ),
        errors=(404,), tag="lots",
    ),
)  # fmt: skip
