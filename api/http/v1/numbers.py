"""Numbers of delivery notes: each caller its own member's.

GET|POST|DELETE /api/v1/numbers
"""

from starlette.responses import JSONResponse, Response

from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success
from api.http.v1.objects import read_object
from api.http.v1.schemas import INDEX, ISS, STRING, listed, obj, ref
from api.verbs.number import give_up, list_numbers, take


def taken(ask: Ask) -> Response:
    """Take the next number."""
    said = read_object(
        ask.body, required={}, optional={"for": str, "issuer": str, "year": int, "section": str, "member": str}
    )  # fmt: skip
    found = take(
        ask.node, member=ask.member(said.get("member")), issuer=said.get("issuer"), year=said.get("year"),
        section=said.get("section", ""), reference=said.get("for"),
    )  # fmt: skip
    return JSONResponse(found.as_json())


def numbers(ask: Ask) -> Response:
    """The register."""
    found = list_numbers(
        ask.node, member=ask.member(ask.text("member")), issuer=ask.text("issuer"), year=ask.number("year")
    )  # fmt: skip
    return JSONResponse([each.as_json() for each in found])


def given_up(ask: Ask) -> Response:
    """Give a number up."""
    give_up(
        ask.node, ask.text("number") or "", member=ask.member(ask.text("member")), reason=ask.text("reason") or "",
        issuer=ask.text("issuer"),
    )  # fmt: skip
    return Response(status_code=204)


_ISSUER = Parameter("issuer", "query", STRING, "Who issues it, a GLN; without it, the member's own.")
_MEMBER = Parameter("member", "query", STRING, "The member, where the operator asks.")
ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/numbers", "number.list", "listNumbers", "What became of each number of a delivery note.",
        numbers, Success(200, "Numbers, series by series, from the first.", schema=listed("DocumentNumber")),
        parameters=(
            _ISSUER, Parameter("year", "query", INDEX, "Only the series of this year.", example=2026), _MEMBER,
        ),
        tag="capture",
    ),
    Endpoint(
        "POST", "/api/v1/numbers", "number", "takeNumber", "Take the next number for a delivery note.", taken,
        Success(200, "The number; a shipping event carries its `uri`.", schema=ref("DocumentNumber")),
        body=Body(
            ("application/json",),
            obj(
                {}, {"for": STRING, "issuer": STRING, "year": INDEX, "section": STRING, "member": ISS}, closed=True,
            ),
            {"for": "ordine 4711"},
        ),
        tag="capture",
        description="Asked again with the same `for`, the number is the same.",
    ),
    Endpoint(
        "DELETE", "/api/v1/numbers", "number", "giveUpNumber", "Say that nothing will carry a number, and why.",
        given_up, Success(204, "It is given up, and stays in the register."),
        parameters=(
            Parameter("number", "query", STRING, "As printed.", required=True, example="2026-1"),
            Parameter("reason", "query", STRING, "Why.", required=True, example="spedizione annullata"),
            _ISSUER, _MEMBER,
        ),
        tag="capture",
    ),
)  # fmt: skip
