"""What the operator may choose for a server. A value: flags and environment are read by the command line alone.

    Settings(port=0, capture_events=100)

Sizes are bytes, times seconds.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of one server.

    `base_url`: the address that clients use, where it is not the one they connect to (behind a proxy); without it the
    request's own is used. `capture_events`, `capture_bytes`: the most a capture takes at once (announced by
    `GS1-EPCIS-Capture-Limit` and `GS1-EPCIS-Capture-File-Size-Limit`). `page`, `page_most`: resources per page, unless
    asked and at most. `page_seconds`: how long a page token is good. `job_days`: how long a finished job is kept.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    base_url: str | None = None
    capture_events: int = 2_000
    capture_bytes: int = 8 * 1024 * 1024
    page: int = 30
    page_most: int = 1_000
    page_seconds: int = 3_600
    job_days: int = 90
