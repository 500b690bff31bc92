"""Times as answers write them: UTC with `Z`, seconds, and milliseconds where there are any.

    text_of(1_626_888_748_250_000)  ->  "2021-07-21T17:32:28.250Z"

EPCIS 2.0 section 12 (`date-time`); RFC 3339.
"""

from datetime import UTC, datetime


def text_of(microseconds: int) -> str:
    """Microseconds since 1970 as RFC 3339 text."""
    seconds, rest = divmod(microseconds, 1_000_000)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{rest // 1000:03d}Z" if rest // 1000 else f"{text}Z"
