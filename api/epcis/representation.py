"""Which form a client sends and which it wants: JSON, or XML, by `Content-Type` and `Accept`.

- Sent: `application/json`, `application/ld+json`; a charset other than UTF-8 is another form (RFC 8259 section 8.1).
  `application/xml`, `text/xml`: EPCIS 2.0 and 1.x; its encoding is what the XML itself says.
- Wanted: the form with the greatest weight; without `Accept`, JSON. What matches none is 406.

    check_sent("application/json; charset=utf-8")  ->  "application/json"
    wanted("application/xml;q=0.5, application/ld+json")  ->  "application/ld+json"

RFC 9110 sections 8.3 (Content-Type) and 12.5.1 (Accept).
"""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from schemas.epcis.xml_write import write_document
from schemas.errors import InputError
from schemas.syntax import json_text

JSON, JSON_LD = "application/json", "application/ld+json"
JSON_TYPES = (JSON, JSON_LD)
XML, TEXT_XML = "application/xml", "text/xml"
XML_TYPES = (XML, TEXT_XML)
EVENTS: tuple[str, ...] = (*JSON_TYPES, *XML_TYPES)
"""The forms in which documents, events and capture jobs are sent and can be had, the preferred one first."""
RESOURCES: tuple[str, ...] = JSON_TYPES
"""The forms of everything else."""
PROBLEMS: tuple[str, ...] = ("application/problem+json", *JSON_TYPES, "application/problem+xml", *XML_TYPES)
"""The forms of problems; what is wanted in another is told in the first."""
_SHOWN = 80


def check_sent(content_type: str | None, allowed: Collection[str] = EVENTS) -> str:
    """The form of a body, without parameters; `InputError` (415): `media-type-missing`, `media-type-unknown`."""
    if not content_type:
        raise InputError("media-type-missing", allowed=", ".join(allowed))
    essence, _, parameters = content_type.partition(";")
    essence, charset = essence.strip().lower(), _parameter(parameters, "charset")
    if essence not in allowed or (essence in JSON_TYPES and charset not in ("", "utf-8", "utf8")):
        raise InputError("media-type-unknown", document="-", media_type=content_type[:_SHOWN])
    return essence


def wanted(accept: str | None, offered: Sequence[str]) -> str:
    """The one of `offered` that a client wants most; `InputError("not-acceptable")` where it wants none of them."""
    if not accept or not accept.strip():
        return offered[0]
    ranges = [_range(item) for item in accept[:2000].split(",") if item.strip()]
    weights = [(_weight(ranges, form), -place) for place, form in enumerate(offered)]
    best, place = max(weights)
    if best <= 0:
        raise InputError("not-acceptable", asked=accept[:_SHOWN], offered=", ".join(offered))
    return offered[-place]


def document(tree: dict[str, Any], form: str) -> tuple[bytes, dict[str, str]]:
    """A document in one of `EVENTS`, with the headers that say what XML could not carry of it."""
    if form in JSON_TYPES:
        return json_text.write(tree), {}
    # KNOWN LIMIT: answers are EPCIS 2.0; 1.2 is written by `convert` alone.
    found = write_document(tree)
    lost = Counter(loss.code for loss in found.losses)
    told = ", ".join(f"{code};count={count}" for code, count in sorted(lost.items()))
    return found.data, {"Filiera-Losses": told} if told else {}


def wants_xml(accept: str | None) -> bool:
    """Is a problem wanted in XML?"""
    try:
        return wanted(accept, PROBLEMS).endswith("xml")
    except InputError:
        return False


def _range(item: str) -> tuple[str, float]:
    essence, _, parameters = item.partition(";")
    text = _parameter(parameters, "q")
    try:
        return essence.strip().lower(), min(float(text), 1.0) if text else 1.0
    except ValueError:
        return essence.strip().lower(), 0.0


def _weight(ranges: Sequence[tuple[str, float]], form: str) -> float:
    """The weight of the most specific range that covers a form."""
    kind = form.partition("/")[0]
    for covering in (form, f"{kind}/*", "*/*"):
        weights = [weight for essence, weight in ranges if essence == covering]
        if weights:
            return max(weights)
    return 0.0


def _parameter(parameters: str, name: str) -> str:
    for item in parameters.split(";"):
        key, _, value = item.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"').lower()
    return ""
