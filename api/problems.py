"""An error as a problem document (RFC 9457), in the caller's language, with our stable `code`.

- `type` is `about:blank` unless a room knows a better one (`api.epcis.exceptions`); `title` says in a few words what
  the status means, `detail` is the sentence the command line would print.
- `code`, and `event` and `member` where they are known, are for programs: which event of the document (from 0), and
  the JSON pointer inside it.
- Nothing of a request that failed on our side is shown: the log has it.

    problem(InputError("time-without-zone", event=3, member="/eventTime", value="…"), "en")

RFC 9457; RFC 9110 sections 12.5.4 (Accept-Language) and 15.
"""

import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response

from exporters.format import MissingData
from exporters.preflight import missing_json
from schemas.errors import EvidenceError, LedgerError, UnavailableError
from schemas.wording import Language, explain, sentence

MEDIA_TYPE = "application/problem+json"
BLANK = "about:blank"
BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, CONFLICT, UNAVAILABLE = 400, 401, 403, 404, 409, 503

# Codes whose status is not that of their family.
STATUSES: Mapping[str, int] = {
    "resolver-nothing": 404,
    "link-type-missing": 404,
    "access-no-credentials": UNAUTHORIZED,
    "access-malformed": UNAUTHORIZED,
    "access-unknown-token": UNAUTHORIZED,
    "access-token-expired": UNAUTHORIZED,
    "access-session-ended": UNAUTHORIZED,
    "device-clock": UNAUTHORIZED,
    "device-unknown": UNAUTHORIZED,
    "device-code": NOT_FOUND,
    "device-admitted": CONFLICT,
    "device-too-many": 429,
    "login-refused": UNAUTHORIZED,
    "access-denied": FORBIDDEN,
    "access-scope": FORBIDDEN,
    "access-cross-site": FORBIDDEN,
    "login-too-many": 429,
    "gateway-key-missing": FORBIDDEN,
    "gateway-key-other": FORBIDDEN,
    "gateway-key-ended": FORBIDDEN,
    "member-ambiguous": FORBIDDEN,
    "own-key-missing": FORBIDDEN,
    "read-only": FORBIDDEN,
    "resource-missing": NOT_FOUND,
    "query-missing": NOT_FOUND,
    "subscription-missing": NOT_FOUND,
    "entry-missing": NOT_FOUND,
    "no-entry": NOT_FOUND,
    "unknown-lot": NOT_FOUND,
    "lot-not-here": NOT_FOUND,
    "lot-not-here-near": NOT_FOUND,
    "tile-absent": NOT_FOUND,
    "token-unknown": NOT_FOUND,
    "draft-unknown": NOT_FOUND,
    "record-unknown": NOT_FOUND,
    "shipment-unknown": NOT_FOUND,
    "correction-made": CONFLICT,
    "correction-of-other": FORBIDDEN,
    "shipment-numbered": CONFLICT,
    "shipment-not-standing": CONFLICT,
    "account-unknown": NOT_FOUND,
    "session-unknown": NOT_FOUND,
    "invitation-unknown": NOT_FOUND,
    "invitation-over": NOT_FOUND,
    "not-published": NOT_FOUND,
    "master-unknown": NOT_FOUND,
    "attach-unknown": NOT_FOUND,
    "recall-not-open": CONFLICT,
    "document-unknown": NOT_FOUND,
    "document-erased": NOT_FOUND,
    "log-not-known": NOT_FOUND,
    "method-not-allowed": 405,
    "not-acceptable": 406,
    "version-not-supported": 406,
    "body-too-slow": 408,
    "event-id-reused": CONFLICT,
    "account-exists": CONFLICT,
    "sheet-equal-rows": CONFLICT,
    "sheet-rows-known": CONFLICT,
    "account-last-owner": CONFLICT,
    "known-log-conflict": CONFLICT,
    "trust-no-folder": CONFLICT,
    "query-exists": CONFLICT,
    "subscription-exists": CONFLICT,
    "subscription-differs": CONFLICT,
    "body-too-large": 413,
    "hand-in-too-large": 413,
    "sheet-too-large": 413,
    "sheet-bomb": 413,
    "too-many-events": 413,
    "too-many-values": 413,
    "query-too-large": 413,
    "query-too-many-sites": 413,
    "query-too-complex": 413,
    "uri-too-long": 414,
    "media-type-unknown": 415,
    "media-type-missing": 415,
    "media-type-other": 415,
    "body-encoded": 415,
    "server-failed": 500,
    "job-failed": 500,
}


def status_of(error: LedgerError) -> int:
    """The HTTP status of an error: its own, else its family's."""
    if error.code in STATUSES:
        return STATUSES[error.code]
    if isinstance(error, UnavailableError):
        return UNAVAILABLE
    # Evidence against the ledger itself is ours to answer for; what a client sent in evidence is said as InputError.
    return 500 if isinstance(error, EvidenceError) else BAD_REQUEST


def problem(
    error: LedgerError, language: Language, *, status: int | None = None, type: str | None = None
) -> dict[str, Any]:
    """The members of the problem document for an error."""
    number = status or status_of(error)
    if error.context.get("document") == "-":
        # The body of a request has no name of its own.
        error = LedgerError(error.code, **{name: value for name, value in error.context.items() if name != "document"})
    said: dict[str, Any] = {
        "type": type or BLANK,
        "title": sentence(f"problem-{number}", {}, language),
        "status": number,
        "detail": explain(error, language),
        "code": error.code,
    }
    if isinstance(error, MissingData):
        said["missing"] = missing_json(error, language)
    return said | {name: error.context[name] for name in ("event", "member") if name in error.context}


def respond(
    said: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    *,
    body: bytes | None = None,
    media_type: str = MEDIA_TYPE,
) -> Response:
    """The answer that carries a problem document, with what RFC 9110 wants beside its status; `body`: the document in
    another form than JSON, of that `media_type`."""
    beside = dict(headers or {})
    if said["status"] == UNAUTHORIZED:
        beside["WWW-Authenticate"] = 'Bearer realm="filiera", Basic realm="filiera", charset="UTF-8"'
    if said["status"] == UNAVAILABLE:
        beside["Retry-After"] = "1"
    if body is None:
        body = json.dumps(said, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(body, status_code=said["status"], headers=beside, media_type=media_type)


def language_of(headers: Headers) -> Language:
    """The language that `Accept-Language` prefers of those we speak; English where it says nothing of either."""
    best: tuple[float, Language] = (0.0, "en")
    for item in headers.get("accept-language", "")[:1000].split(","):
        name, _, parameters = item.partition(";")
        spoken: Language = "it" if name.strip().lower().partition("-")[0] == "it" else "en"
        if name.strip().lower().partition("-")[0] in ("it", "en", "*"):
            weight = _weight(parameters)
            best = (weight, spoken) if weight > best[0] else best
    return best[1]


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return min(float(value), 1.0) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
