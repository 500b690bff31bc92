"""Traces over HTTP: where a lot comes from, or where it went.

GET /api/v1/trace?lot=(01)09521001002011(10)F26175&direction=forward&as_of=2026-08-31

- Steps that the caller may not see are counted and have their index, nothing else.
- Pages are asked for with what the one before named as `next`.
"""

from starlette.responses import Response

from api.http.endpoint import Ask, Endpoint, Parameter, Success
from api.http.v1.lots import LOT_EXAMPLE
from api.http.v1.schemas import INDEX, STRING, ref
from api.traced_json import tree
from api.verbs import trace as verbs
from schemas.syntax import json_text

_DIRECTIONS = ("back", "forward")


def traced(ask: Ask) -> Response:
    """A page of a trace."""
    limit = ask.number("limit")
    answer = verbs.trace(
        ask.node, ask.text("lot") or "", audience=ask.audience,
        forward=ask.choice("direction", _DIRECTIONS, "back") == "forward",
        as_of=ask.text("as_of"), mixing=ask.texts("mixing"),
        after=ask.text("after"), limit=verbs.PAGE if limit is None else limit,
    )  # fmt: skip
    # Written by our own writer: the digits of quantities are kept.
    return Response(json_text.write(tree(answer)), media_type="application/json")


ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/trace", "trace", "traceLot", "Where a lot comes from, or where it went, with quantities.",
        traced,
        Success(200, "A page of steps along time, with the edges between lots and units.", schema=ref("Trace")),
        parameters=(
            Parameter(
                "lot", "query", STRING, "A Digital Link, an EPC URN, an element string, or another absolute URI.",
                required=True, example=LOT_EXAMPLE,
            ),
            Parameter("direction", "query", {"enum": list(_DIRECTIONS)}, "Which history: back is upstream."),
            Parameter("as_of", "query", STRING, "What was known at a day's end (UTC), or at an instant."),
            Parameter(
                "mixing", "query", {"type": "array", "items": STRING},
                "The rule of a tank or silo, before that of master data: URI=cycle (since it was empty) or URI=fifo "
                "(first in, first out).",
                repeated=True,
            ),
            Parameter("after", "query", STRING, "The `next` of the page before."),
            Parameter("limit", "query", INDEX, "How many steps a page holds, 10,000 at most."),
        ),
        errors=(404,), tag="lots",
        description="A lot that is unknown is not in this ledger; the problem names those that are like it.",
    ),
)  # fmt: skip
