"""Which of several forms an `Accept` header prefers.

preferred("application/linkset+json, text/html;q=0.5", offered)  ->  "application/linkset+json"

RFC 9110 section 12.5.1.
"""

from collections.abc import Sequence

_LONGEST = 1000


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """The media type that is liked best, the first of equals; None where none is accepted. Nothing said accepts all."""
    ranges = dict(_range(item) for item in accept[:_LONGEST].split(",") if item.strip())
    if not ranges:
        return offered[0]
    rated = [(_weight(ranges, media), -place) for place, media in enumerate(offered)]
    weight, place = max(rated)
    return offered[-place] if weight > 0 else None


def _weight(ranges: dict[str, float], media: str) -> float:
    """By the most specific range that has it."""
    general = media.partition("/")[0] + "/*"
    return next((ranges[name] for name in (media, general, "*/*") if name in ranges), 0.0)


def _range(item: str) -> tuple[str, float]:
    name, *parameters = (part.strip() for part in item.lower().split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                return name, 0.0
    return name, 1.0
