"""Tokens over HTTP, and the session of a person. Accounts stand in `api.http.v1.accounts`.

- A member's administrator (scope `admin`) makes and ends what belongs to its member; the operator's, everybody's. What
  belongs to another is answered like what is not there.
- Nobody gives scopes it has not: a token made by a token is no way up.
- The session's secret travels in a cookie alone: `HttpOnly`, `SameSite=Strict`, and over TLS `Secure` (`Settings`).

    POST /api/v1/session {"name": "maria", "password": "…"}  ->  204, Set-Cookie: __Host-filiera=…

docs/adr/0023-who-may-ask.md.
"""

from dataclasses import asdict
from typing import Any

from starlette.responses import JSONResponse, Response

from api import session_cookie
from api.accounts import MOST_DAYS, SCOPES, Token
from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success
from api.http.v1.objects import read_object
from api.http.v1.schemas import ISS, STRING, listed, obj, ref
from api.verbs import token as tokens
from schemas.errors import InputError

JSON = ("application/json",)


# Tokens.


def listing(ask: Ask) -> Response:
    """The tokens of the caller's member, or all for the operator."""
    return JSONResponse([_token(found) for found in tokens.list_tokens(ask.node, member=ask.caller.member)])


def made(ask: Ask) -> Response:
    """A fresh token, whose text is shown this once."""
    said = read_object(
        ask.body, required={"name": str, "scopes": list}, optional={"member": str, "days": int, "key": str}
    )
    ask.caller.may_give(said["scopes"])
    fresh = tokens.add_token(
        ask.node, said["name"], member=whose(ask, said), scopes=said["scopes"],
        days=said.get("days", tokens.DEFAULT_DAYS), key=said.get("key"),
    )  # fmt: skip
    return JSONResponse({"token": fresh.text, **_token(fresh.token)}, status_code=201)


def revoked(ask: Ask) -> Response:
    """End a token."""
    found = tokens.find_token(ask.node, ask.value("id"))
    if ask.caller.member not in (None, found.member):
        raise InputError("token-unknown")
    return JSONResponse(_token(tokens.revoke_token(ask.node, found.id)))


# The session, and who is asking.


def login(ask: Ask) -> Response:
    """Begin a session."""
    said = read_object(ask.body, required={"name": str, "password": str}, optional={})
    settings = ask.settings
    with ask.gates.turn(ask.caller):
        secret = ask.access.accounts.login(said["name"], said["password"], seconds=settings.session_seconds)
    response = Response(status_code=204)
    session_cookie.give(response, settings, secret)
    return response


def logout(ask: Ask) -> Response:
    """End the session that the cookie carries; without one nothing happens."""
    secret = ask.request.cookies.get(ask.settings.cookie)
    if secret is not None:
        ask.access.accounts.logout(secret)
    response = Response(status_code=204)
    session_cookie.end(response, ask.settings)
    return response


def who(ask: Ask) -> Response:
    """Who these credentials say is asking."""
    caller = ask.caller
    scopes = [scope for scope in SCOPES if scope in caller.scopes]
    return JSONResponse(
        {
            "name": caller.name,
            "kind": caller.kind,
            "member": caller.member,
            "scopes": scopes,
            "role": caller.role,
        }
    )


def whose(ask: Ask, said: dict[str, Any]) -> str | None:
    """The member something is made for: the caller's own; the operator names one, or none for itself."""
    named: str | None = said.get("member")
    return named if ask.caller.operator else ask.member(named)


def _token(token: Token) -> dict[str, Any]:
    return {**asdict(token), "scopes": list(token.scopes)}


_SCOPES = {"type": "array", "items": {"enum": list(SCOPES)}, "minItems": 1}
_ID = Parameter("id", "path", STRING, "The token's id.", required=True, example="0123456789ab")
_PASSWORD = {"type": "string", "minLength": 12, "maxLength": 256, "format": "password"}
_EXAMPLE_PASSWORD = "una frase lunga e mia"

ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/tokens", "token.list", "listTokens", "List tokens.", listing,
        Success(200, "Tokens, oldest first, ended ones too.", schema=listed("Token")), tag="credentials",
    ),
    Endpoint(
        "POST", "/api/v1/tokens", "token", "addToken", "Make a token.", made,
        Success(201, "The token, shown this once.", schema=ref("MadeToken")),
        body=Body(
            JSON,
            obj(
                {"name": STRING, "scopes": _SCOPES},
                {"member": ISS, "days": {"type": "integer", "minimum": 1, "maximum": MOST_DAYS}, "key": STRING},
                closed=True,
            ),
            {"name": "gestionale", "scopes": ["query"], "days": 90},
        ),
        errors=(403,), tag="credentials",
    ),
    Endpoint(
        "DELETE", "/api/v1/tokens/{id}", "token", "revokeToken", "End a token.", revoked,
        Success(200, "The token, ended.", schema=ref("Token")), parameters=(_ID,), errors=(404,), tag="credentials",
    ),
    Endpoint(
        "POST", "/api/v1/session", "session", "login", "Sign in.", login,
        Success(204, "Signed in.", headers={"Set-Cookie": "The session; scripts cannot read it."}),
        body=Body(
            JSON, obj({"name": STRING, "password": STRING}, closed=True),
            {"name": "maria", "password": _EXAMPLE_PASSWORD},
        ),
        errors=(429,), tag="credentials",
    ),
    Endpoint(
        "DELETE", "/api/v1/session", "session", "logout", "Sign out.", logout,
        Success(204, "Signed out."), tag="credentials",
    ),
    Endpoint(
        "GET", "/api/v1/session", "caller", "whoAmI", "Who these credentials say is asking.", who,
        Success(200, "The caller.", schema=ref("Caller")), tag="credentials",
    ),
)  # fmt: skip
