"""The cookie that holds a session's secret: scripts cannot read it, other sites cannot send it.

- `HttpOnly`, `SameSite=Strict`; over TLS `Secure` and `__Host-`, so that no other host and no plain connection sets it.

    give(response, settings, secret);  end(response, settings)

RFC 6265bis; docs/adr/0023-who-may-ask.md.
"""

from starlette.responses import Response

from api.settings import Settings


def give(response: Response, settings: Settings, secret: str) -> None:
    """Send a session's secret with an answer."""
    response.set_cookie(
        settings.cookie, secret, max_age=settings.session_seconds, path="/", secure=settings.secure, httponly=True,
        samesite="strict",
    )  # fmt: skip


def end(response: Response, settings: Settings) -> None:
    """Have the browser forget it."""
    response.delete_cookie(
        settings.cookie, path="/", secure=settings.secure, httponly=True, samesite="strict"
    )  # fmt: skip
