"""The header `GS1-Signature`: how a subscriber knows that a delivery comes from the server it subscribed at, and when.

- The standard leaves the kind of signature open; this one is `t=SECONDS,v1=HEX`, where HEX is HMAC-SHA-256 under the
  subscription's `signatureToken` (UTF-8) over the ASCII decimal SECONDS, a full stop, and the body as received.
- SECONDS is when it was sent (Unix time), so that a delivery somebody recorded cannot be sent again later. A delivery
  that is tried again is signed again.
- Names beside `t` and `v1` are to be ignored: a later form may stand beside this one.
- Without a token there is no signature and no header.

    headers = {"GS1-Signature": sign(token, body, at=1769000000)}
    check(token, body, headers["GS1-Signature"], now=1769000010)

GS1 EPCIS 2.0 OpenAPI, `callbacks` of the subscriptions; RFC 2104; docs/adr/0028-how-a-delivery-shows-who-sent-it.md.
"""

import hmac
import re

from schemas.errors import EvidenceError

HEADER = "GS1-Signature"
TOLERANCE_SECONDS = 300
_PART = re.compile(r"([a-z][a-z0-9]*)=([0-9a-f]+)", re.ASCII)
_LONGEST = 1000


def sign(token: str, body: bytes, *, at: int) -> str:
    """The value of the header for a body sent `at` a time (Unix seconds)."""
    return f"t={at},v1={_code(token, body, str(at))}"


def check(token: str, body: bytes, header: str, *, now: int, tolerance: int = TOLERANCE_SECONDS) -> int:
    """When a delivery was sent (Unix seconds), having checked its signature.

    `EvidenceError`: `delivery-signature-malformed`, `delivery-signature` (another token, another body),
    `delivery-signature-old` (more than `tolerance` seconds from `now`, either way).
    """
    parts: dict[str, str] = {}
    for item in header[:_LONGEST].split(","):
        part = _PART.fullmatch(item.strip())
        if part is None or part[1] in parts:
            raise EvidenceError("delivery-signature-malformed")
        parts[part[1]] = part[2]
    at, code = parts.get("t", ""), parts.get("v1", "")
    if len(header) > _LONGEST or not code or not (at.isdigit() and len(at) < 12):
        raise EvidenceError("delivery-signature-malformed")
    if not hmac.compare_digest(code, _code(token, body, at)):
        raise EvidenceError("delivery-signature")
    if abs(now - int(at)) > tolerance:
        raise EvidenceError("delivery-signature-old", seconds=abs(now - int(at)), tolerance=tolerance)
    return int(at)


def _code(token: str, body: bytes, at: str) -> str:
    return hmac.new(token.encode("utf-8"), at.encode("ascii") + b"." + body, "sha256").hexdigest()
