"""The logs whose keys this server trusts, beside its own: kept by its operator.

GET|POST|DELETE /api/v1/trust
"""

from typing import Any

from starlette.responses import JSONResponse, Response

from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success
from api.http.v1.objects import read_object
from api.http.v1.schemas import STRING, listed, obj, ref
from api.verbs import trust as verbs
from ledger.log.policy import KnownLog
from ledger.trust import KnownLogs
from schemas.errors import InputError

POLICY_EXAMPLE = (
    "# filiera-genesis AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
    "log registro.example.com/log+cd198407+AdQhiyiV5jfeJ9BHB4EGiKp2mJDosihPioiPUq0diBDU\n"
    "quorum none\n"
)
FINGERPRINT_EXAMPLE = "c5fff26bcfe79eca4e74b32feeb7129d662d77c3985a2277d64c9076567e97c5"


def listing(ask: Ask) -> Response:
    """The trusted logs, by origin."""
    folder = ask.settings.policies
    logs = verbs.known_logs(KnownLogs(folder)) if folder is not None else ()
    return JSONResponse([_shown(log) for log in logs])


def added(ask: Ask) -> Response:
    """Trust the log of a policy, whose fingerprint came another way."""
    said = read_object(ask.body, required={"policy": str, "fingerprint": str}, optional={})
    log = verbs.add(_folder(ask), said["policy"].encode("utf-8"), fingerprint=said["fingerprint"])
    return JSONResponse(_shown(log), status_code=201)


def removed(ask: Ask) -> Response:
    """Trust a log no longer."""
    verbs.remove(_folder(ask), ask.text("origin") or "")
    return Response(status_code=204)


def _folder(ask: Ask) -> KnownLogs:
    if ask.settings.policies is None:
        raise InputError("trust-no-folder")
    return KnownLogs(ask.settings.policies)


def _shown(log: KnownLog) -> dict[str, Any]:
    last = None if log.last is None else log.last.size
    return {"origin": log.origin, "fingerprint": log.vkey.fingerprint, "last": last}


ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/trust", "trust.list", "listTrusted", "List the logs that this server trusts.", listing,
        Success(200, "By origin.", schema=listed("TrustedLog")), tag="trust",
    ),
    Endpoint(
        "POST", "/api/v1/trust", "trust", "trustLog", "Trust the log of a policy.", added,
        Success(201, "The log.", schema=ref("TrustedLog")),
        body=Body(
            ("application/json",), obj({"policy": STRING, "fingerprint": STRING}, closed=True),
            {"policy": POLICY_EXAMPLE, "fingerprint": FINGERPRINT_EXAMPLE},
        ),
        errors=(409,), tag="trust",
    ),
    Endpoint(
        "DELETE", "/api/v1/trust", "trust", "distrustLog", "Trust a log no longer.", removed,
        Success(204, "It is trusted no longer."),
        parameters=(
            Parameter(
                "origin", "query", STRING, "The log's origin.", required=True, example="registro.example.com/log",
            ),
        ),
        errors=(404,), tag="trust",
    ),
)  # fmt: skip
