"""What does not add up, over HTTP: of the whole ledger by pages, or about one lot.

GET /api/v1/findings?code=received-differs   GET /api/v1/findings?lot=…&as_of=2026-09-01

- Shown is what the caller may see: a member what its own entries cause and what is about its shipments, the operator
  all. Values that come from entries it may not see are left out, and how many those are is said.
"""

from starlette.responses import JSONResponse, Response

from api.http.endpoint import Ask, Endpoint, Parameter, Success
from api.http.v1.schemas import INDEX, NULLABLE_STRING, STRING, listed, obj
from api.verbs.findings import list_findings, said
from ledger.lots.findings.rules import DAYS


def findings(ask: Ask) -> Response:
    """A page of findings."""
    days, limit = ask.number("days"), ask.number("limit")
    with ask.gates.turn(ask.caller):
        found, after = list_findings(
            ask.node, audience=ask.audience, lot=ask.text("lot"), member=ask.text("member"), code=ask.text("code"),
            as_of=ask.text("as_of"), days=DAYS if days is None else days, after=ask.text("after"),
            limit=100 if limit is None else limit, since=ask.text("since"), entries=ask.text("entries"),
        )  # fmt: skip
    return JSONResponse({"findings": [said(item, ask.language) for item in found], "next": after})


ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/findings", "findings", "listFindings", "What does not add up, and what to do.", findings,
        Success(
            200, "A page of findings, in order of the entries they point to; all of them where a lot was named.",
            schema=obj({"findings": listed("Finding"), "next": NULLABLE_STRING}),
        ),
        parameters=(
            Parameter("lot", "query", STRING, "Only about this lot, unit or item, in any form."),
            Parameter("code", "query", STRING, "Only findings of this code.", example="received-differs"),
            Parameter("member", "query", STRING, "Only those about what this member recorded."),
            Parameter("since", "query", STRING, "Only about entries logged at this instant, or on this day, or later."),
            Parameter("entries", "query", STRING, "Only about entries from the first to the last.", example="12-40"),
            Parameter("as_of", "query", STRING, "As known at a day or an instant with its zone.", example="2026-09-01"),
            Parameter("days", "query", INDEX, "Days after which a shipment without a receipt was never received."),
            Parameter("after", "query", STRING, "The `next` of the page before."),
            Parameter("limit", "query", INDEX, "How many findings a page holds, 1000 at most."),
        ),
        errors=(404,), tag="lots",
    ),
)  # fmt: skip
