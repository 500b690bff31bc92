"""Numbers of logistic units (SSCC): each caller its own member's.

GET|POST /api/v1/ssccs
"""

from starlette.responses import JSONResponse, Response

from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success
from api.http.v1.objects import read_object
from api.http.v1.schemas import ISS, STRING, listed, obj
from api.verbs.sscc import list_units, take
from ledger.sscc import MOST_AT_ONCE


def taken(ask: Ask) -> Response:
    """Take the next ones."""
    said = read_object(
        ask.body, required={}, optional={"for": str, "prefix": str, "extension": int, "count": int, "member": str}
    )  # fmt: skip
    found = take(
        ask.node, member=ask.member(said.get("member")), prefix=said.get("prefix"),
        extension=said.get("extension", 0), reference=said.get("for"), count=said.get("count", 1),
    )  # fmt: skip
    return JSONResponse([each.as_json() for each in found])


def units(ask: Ask) -> Response:
    """The register."""
    return JSONResponse([each.as_json() for each in list_units(ask.node, member=ask.member(ask.text("member")))])


_DIGIT = {"type": "integer", "minimum": 0, "maximum": 9}
_COUNT = {"type": "integer", "minimum": 1, "maximum": MOST_AT_ONCE}
ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/ssccs", "number.list", "listUnits", "What became of each SSCC that was taken.", units,
        Success(200, "Numbers, series by series, from the first.", schema=listed("UnitNumber")),
        parameters=(Parameter("member", "query", STRING, "The member, where the operator asks."),),
        tag="capture",
    ),
    Endpoint(
        "POST", "/api/v1/ssccs", "number", "takeUnits", "Take the next SSCCs for logistic units.", taken,
        Success(200, "The numbers; an aggregation carries the `uri` of each.", schema=listed("UnitNumber")),
        body=Body(
            ("application/json",),
            obj(
                {}, {"for": STRING, "prefix": STRING, "extension": _DIGIT, "count": _COUNT, "member": ISS}, closed=True,
            ),
            {"for": "pallet 3 of order 4711"},
        ),
        tag="capture",
        description="Asked again with the same `for`, the number is the same.",
    ),
)  # fmt: skip
