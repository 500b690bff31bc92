"""Phones that ask to be admitted, and what an admitted one has to know.

POST|GET /api/v1/devices   POST /api/v1/devices/{code}   GET /api/v1/device   POST /api/v1/scan
"""

from dataclasses import asdict
from typing import Any

from starlette.responses import JSONResponse, Response

from api.device_proof import SCOPE
from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success, whole_number
from api.http.entries import status_of
from api.http.v1.objects import read_jwk, read_object
from api.http.v1.schemas import ISS, STRING, STRINGS, listed, obj, ref
from api.problems import problem, respond
from api.verbs.device import ask as asked_for
from api.verbs.device import bring, look, waiting
from api.verbs.device_facts import facts
from exporters.labels.decode import read
from schemas.errors import EvidenceError, InputError
from schemas.syntax import base64url

MOST_SIDE = 4096
MOST_PIXELS = 4 << 20


def asks(ask: Ask) -> Response:
    """Keep a request; the code to show."""
    with ask.gates.turn(ask.caller):
        jwk, rest = read_jwk(ask.body)
        said = read_object(rest, required={"member": str, "pop": str, "name": str}, optional={})
        try:
            found = asked_for(ask.node, member=said["member"], jwk=jwk, pop=said["pop"], name=said["name"])
        except EvidenceError as error:
            return respond(problem(error, ask.language, status=status_of(error)))
    return JSONResponse(asdict(found))


def listing(ask: Ask) -> Response:
    """The devices that ask."""
    return JSONResponse([asdict(found) for found in waiting(ask.node, ask.caller.member)])


def admitted(ask: Ask) -> Response:
    """Log the entry by which an admin adds a device."""
    said = read_object(ask.body, required={"entry": str}, optional={})
    request = look(ask.node, ask.value("code"), ask.caller.member)
    try:
        found = bring(ask.node, request, said["entry"].encode("utf-8"))
    except EvidenceError as error:
        return respond(problem(error, ask.language, status=status_of(error)))
    return JSONResponse({"index": found.index, "leaf": base64url.encode(found.leaf), "kid": found.kid})


def own(ask: Ask) -> Response:
    """What the device that asks has to know."""
    if ask.caller.key is None or ask.caller.member is None:
        raise InputError("access-scope", scope=SCOPE)
    found = facts(
        ask.node, kid=ask.caller.key, member=ask.caller.member, audience=ask.audience, language=ask.language,
        since=ask.number("since"),
    )  # fmt: skip
    return JSONResponse(found)


def scanned(ask: Ask) -> Response:
    """What stands in the symbols of a picture; `InputError`: `scan-size`, `scan-pixels`."""
    width, height = (whole_number(name, ask.text(name) or "") for name in ("width", "height"))
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE and width * height <= MOST_PIXELS):
        raise InputError("scan-size", side=MOST_SIDE, pixels=MOST_PIXELS)
    if len(ask.body) != width * height:
        raise InputError("scan-pixels", expected=width * height, size=len(ask.body))
    with ask.gates.turn(ask.caller):
        return JSONResponse([found.content for found in read(ask.body, width, height)])


_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
_JWK = {
    "type": "object",
    "description": "The public key, exactly the members of RFC 7638.",
    "additionalProperties": STRING,
}
ENDPOINTS = (
    Endpoint(
        "POST", "/api/v1/devices", "device.ask", "askAdmission", "Ask that a phone's key be admitted.", asks,
        Success(200, "The code to show, and the fingerprint to compare.", schema=ref("Asking")),
        body=Body(
            ("application/json",),
            obj({"member": ISS, "jwk": _JWK, "pop": STRING, "name": STRING}, closed=True), None,
            lambda settings: 8 * 1024,
        ),
        errors=(429,), tag="registry",
        description="`pop` proves that the phone holds the key: docs/spec/registry.md, role `device`.",
    ),
    Endpoint(
        "GET", "/api/v1/devices", "device.admit", "listAsking", "List the phones that ask to be admitted.", listing,
        Success(200, "Oldest first.", schema=listed("Asking")), tag="registry",
    ),
    Endpoint(
        "POST", "/api/v1/devices/{code}", "device.admit", "admitDevice",
        "Admit a phone by an entry that its member's admin signed.", admitted,
        Success(200, "Where the entry stands.", schema=obj({"index": _NUMBER, "leaf": STRING, "kid": STRING})),
        parameters=(Parameter("code", "path", STRING, "As the phone shows it.", required=True, example="K7PQ2M4X"),),
        body=Body(("application/json",), obj({"entry": STRING}, closed=True), None),
        errors=(404, 409), tag="registry",
        description="The entry is a `key` with op `add` and role `device`. `filiera key admit` does both.",
    ),
    Endpoint(
        "GET", "/api/v1/device", "device", "deviceFacts", "What a phone has to know to record without a network.", own,
        Success(200, "Its member's things and recent lots, and where its lane is.", schema=ref("Facts")),
        parameters=(Parameter("since", "query", _NUMBER, "Tell of the phone's own entries from this place on."),),
        tag="registry",
        description="Asked with `Authorization: Filiera-Device KID.SECONDS.SIGNATURE`, signed by the phone's own key.",
    ),
    Endpoint(
        "POST", "/api/v1/scan", "scan", "scanPicture", "Read the barcodes of a picture.", scanned,
        Success(200, "What each symbol holds.", schema=STRINGS),
        parameters=(
            Parameter("width", "query", _NUMBER, "Columns.", required=True, example=640),
            Parameter("height", "query", _NUMBER, "Rows.", required=True, example=480),
        ),
        body=Body(
            ("application/octet-stream",), {"type": "string", "format": "binary"}, None, lambda settings: MOST_PIXELS,
        ),
        tag="capture",
        description="The body is the picture's brightness, a byte a pixel, row by row; nothing is kept.",
    ),
)  # fmt: skip
