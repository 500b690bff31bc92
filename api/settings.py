"""What an operator can set of a server, as one value; flags and environment are read in `api.cli` and passed in.

- Nothing here has a default that opens the server to the network or to people without credentials.
- Sizes are bytes, times seconds.

    Settings(port=8080, base_url="https://registro.example.com", anonymous="published")

ARCHITECTURE.md 2 (`api/settings.py`), section 7 (`serve`).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from schemas.errors import InputError

Anonymous = Literal["none", "published"]
ANONYMOUS: tuple[Anonymous, ...] = get_args(Anonymous)
KIB, MIB = 1 << 10, 1 << 20
HOUR, DAY = 3600, 86_400
AT_LEAST_ONE = (
    "capture_limit", "capture_bytes", "entries_bytes", "verify_bytes", "document_bytes",
    "page", "page_most", "page_seconds", "job_days", "access_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """One server. `base_url`: where clients reach it, without a slash at its end; empty: as each request names it.

    `anonymous`: what is answered without credentials, nothing of anybody's events or what members `published`.
    `page` resources are listed at a time unless asked, `page_most` at most, and a page token is good for
    `page_seconds`; what came of a capture can be asked for `job_days`, and who saw what for `access_days`.
    `allow_private_delivery`: whether subscribers at private and loopback addresses are delivered to.
    `open_entries`: whether entries are taken without a token, for they prove themselves (docs/adr/0023).
    `tls`: whether this process speaks TLS itself; `authority`: the certificate (DER) of the authority that it made for
    the local network, which phones are to trust.
    `policies`: the folder of the logs that the operator trusts beside its own, None where there is none.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    base_url: str = ""
    anonymous: Anonymous = "none"
    open_entries: bool = True
    capture_limit: int = 1000
    capture_bytes: int = 16 * MIB
    entries_bytes: int = 16 * MIB
    verify_bytes: int = 64 * MIB
    document_bytes: int = 4 * MIB
    page: int = 30
    page_most: int = 1000
    page_seconds: int = HOUR
    job_days: int = 90
    access_days: int = 90
    session_seconds: int = 12 * HOUR
    allow_private_delivery: bool = False
    policies: Path | None = None
    tls: bool = False
    authority: bytes | None = None

    def __post_init__(self) -> None:
        """`InputError`: `setting-range`, `setting-base-url`, `setting-anonymous`."""
        if not 0 <= self.port <= 65_535:
            raise InputError("setting-range", name="port", least=0, most=65_535)
        for name in AT_LEAST_ONE:
            if getattr(self, name) < 1:
                raise InputError("setting-range", name=name, least=1, most=1 << 40)
        if not 60 <= self.session_seconds <= 30 * DAY:
            raise InputError("setting-range", name="session_seconds", least=60, most=30 * DAY)
        if self.base_url and (not self.base_url.startswith(("http://", "https://")) or self.base_url.endswith("/")):
            raise InputError("setting-base-url", value=self.base_url[:200])
        if self.anonymous not in ANONYMOUS:
            raise InputError("setting-anonymous", value=str(self.anonymous)[:40], known=", ".join(ANONYMOUS))

    @property
    def secure(self) -> bool:
        """Whether browsers reach this server over TLS, so that its cookie may say `Secure`."""
        return self.tls or self.base_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the session cookie: over TLS one that no other host and no plain connection can set."""
        return "__Host-filiera" if self.secure else "filiera"
