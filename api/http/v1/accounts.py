"""Persons over HTTP: accounts, invitations, sessions, and who saw what.

- A member's administrator (scope `admin`) makes and ends what belongs to its member; the operator's, everybody's. What
  belongs to another is answered like what is not there. Nobody gives a role that may do more than itself, nor chooses
  the password of somebody who may.
- An invitation is answered with its link, this once; whoever has it chooses the password.
- A person who is signed in changes its own password, and sees and ends its own sessions.

    POST /api/v1/invitations {"name": "maria", "role": "field"}  ->  201 {"link": "https://…/invito/…", …}

docs/adr/0064-roles-invitations-and-who-saw-what.md.
"""

from dataclasses import asdict
from typing import Any

from starlette.responses import JSONResponse, Response

from api.accounts import Account
from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success
from api.http.v1.credentials import JSON, whose
from api.http.v1.objects import read_object
from api.http.v1.schemas import ISS, ROLE, STRING, listed, obj, ref
from api.invitations import MadeInvitation
from api.verbs import access_log
from api.verbs import account as verbs
from schemas.errors import InputError

# Accounts.


def persons(ask: Ask) -> Response:
    """The accounts of the caller's member, or all for the operator."""
    return JSONResponse([_person(found) for found in verbs.list_accounts(ask.node, member=ask.caller.member)])


def joined(ask: Ask) -> Response:
    """A new account."""
    said = read_object(ask.body, required={"name": str, "password": str, "role": str}, optional={"member": str})
    role = _role(ask, said["role"])
    found = verbs.add_account(ask.node, said["name"], said["password"], member=whose(ask, said), role=role)
    return JSONResponse(_person(found), status_code=201)


def removed(ask: Ask) -> Response:
    """Remove an account and end its sessions."""
    verbs.remove_account(ask.node, _named(ask).name)
    return Response(status_code=204)


def changed(ask: Ask) -> Response:
    """Give an account another role and end its sessions."""
    said = read_object(ask.body, required={"role": str}, optional={})
    return JSONResponse(_person(verbs.change_role(ask.node, _named(ask).name, _role(ask, said["role"]))))


def password(ask: Ask) -> Response:
    """Give an account another password and end its sessions."""
    said = read_object(ask.body, required={"password": str}, optional={})
    verbs.change_password(ask.node, _taken_over(ask).name, said["password"])
    return Response(status_code=204)


def reset(ask: Ask) -> Response:
    """A link by which an account chooses another password."""
    return _link(ask, verbs.reset(ask.node, _taken_over(ask).name))


# Invitations.


def invitations(ask: Ask) -> Response:
    """The invitations that nobody has taken yet."""
    return JSONResponse([asdict(found) for found in verbs.list_invitations(ask.node, member=ask.caller.member)])


def invited(ask: Ask) -> Response:
    """Invite somebody."""
    said = read_object(ask.body, required={"name": str, "role": str}, optional={"member": str})
    role = _role(ask, said["role"])
    return _link(ask, verbs.invite(ask.node, said["name"], member=whose(ask, said), role=role))


def withdrawn(ask: Ask) -> Response:
    """Take back an invitation."""
    verbs.withdraw_invitation(ask.node, ask.value("id"), member=ask.caller.member)
    return Response(status_code=204)


def accepted(ask: Ask) -> Response:
    """Take an invitation by choosing a password."""
    said = read_object(ask.body, required={"secret": str, "password": str}, optional={"name": str})
    with ask.gates.turn(ask.caller):
        found = verbs.accept_invitation(ask.node, said["secret"], said["password"], name=said.get("name", ""))
    return JSONResponse(_person(found), status_code=201)


# Sessions, and who saw what.


def sessions(ask: Ask) -> Response:
    """The sessions of an account."""
    return JSONResponse([asdict(found) for found in verbs.list_sessions(ask.node, _named(ask).name)])


def ended(ask: Ask) -> Response:
    """End a session of an account."""
    verbs.end_session(ask.node, _named(ask).name, ask.value("id"))
    return Response(status_code=204)


def own_sessions(ask: Ask) -> Response:
    """The sessions of whoever asks."""
    return JSONResponse([asdict(found) for found in verbs.list_sessions(ask.node, ask.caller.name)])


def own_ended(ask: Ask) -> Response:
    """End a session of whoever asks."""
    verbs.end_session(ask.node, ask.caller.name, ask.value("id"))
    return Response(status_code=204)


def own_password(ask: Ask) -> Response:
    """Give whoever asks another password; its other sessions end."""
    said = read_object(ask.body, required={"old": str, "password": str}, optional={})
    secret = ask.request.cookies[ask.settings.cookie]
    with ask.gates.turn(ask.caller):
        ask.access.accounts.change_own_password(secret, said["old"], said["password"])
    return Response(status_code=204)


def seen(ask: Ask) -> Response:
    """Who saw what, newest first."""
    found = access_log.list_access(ask.node, member=ask.caller.member, before=ask.number("before"))
    return JSONResponse([{name: value for name, value in asdict(row).items() if name != "hour"} for row in found])


def _role(ask: Ask, role: str) -> str:
    """A role that somebody gives: it may do no more than who gives it."""
    ask.caller.may_give_role(role)
    return role


def _named(ask: Ask) -> Account:
    name = ask.value("name")
    found = verbs.find_account(ask.node, name)
    if ask.caller.member not in (None, found.member):
        raise InputError("account-unknown", name=name[:100])
    return found


def _taken_over(ask: Ask) -> Account:
    """An account whose password somebody chooses or gives away, and so can be: it may do no more than who does that."""
    found = _named(ask)
    ask.caller.may_give(found.scopes)
    return found


def _person(account: Account) -> dict[str, Any]:
    return {**asdict(account), "scopes": list(account.scopes)}


def _link(ask: Ask, made: MadeInvitation) -> Response:
    base = ask.settings.base_url or f"{ask.request.url.scheme}://{ask.request.url.netloc}"
    said = {**asdict(made.invitation), "secret": made.secret, "link": base + made.path}
    return JSONResponse(said, status_code=201)


_NAME = Parameter("name", "path", STRING, "The account's name.", required=True, example="maria")
_ID = Parameter("id", "path", STRING, "Its id.", required=True, example="0123456789ab")
_BEFORE = Parameter("before", "query", {"type": "integer", "minimum": 0}, "Only what was before this time.")
_PASSWORD = {"type": "string", "minLength": 12, "maxLength": 256, "format": "password"}
_WORDS = "una frase lunga e mia"
_JOIN = obj({"name": STRING, "role": ROLE}, {"member": ISS}, closed=True)

ENDPOINTS = (
    Endpoint(
        "GET", "/api/v1/accounts", "account.list", "listAccounts", "List accounts.", persons,
        Success(200, "Accounts, oldest first.", schema=listed("Person")), tag="credentials",
    ),
    Endpoint(
        "POST", "/api/v1/accounts", "account", "addAccount", "Make an account.", joined,
        Success(201, "The account.", schema=ref("Person")),
        body=Body(
            JSON,
            obj({"name": STRING, "password": _PASSWORD, "role": ROLE}, {"member": ISS}, closed=True),
            {"name": "maria", "password": _WORDS, "role": "office"},
        ),
        errors=(409,), tag="credentials",
    ),
    Endpoint(
        "PUT", "/api/v1/accounts/{name}/password", "account", "changePassword", "Change a password.", password,
        Success(204, "Changed; the account's sessions are over."), parameters=(_NAME,),
        body=Body(JSON, obj({"password": _PASSWORD}, closed=True), {"password": _WORDS}),
        errors=(404,), tag="credentials",
    ),
    Endpoint(
        "PUT", "/api/v1/accounts/{name}/role", "account", "changeRole", "Change a role.", changed,
        Success(200, "The account; its sessions are over.", schema=ref("Person")), parameters=(_NAME,),
        body=Body(JSON, obj({"role": ROLE}, closed=True), {"role": "office"}),
        errors=(404, 409), tag="credentials",
    ),
    Endpoint(
        "POST", "/api/v1/accounts/{name}/reset", "account", "resetPassword", "Let somebody choose another password.",
        reset, Success(201, "The link, shown this once.", schema=ref("MadeInvitation")), parameters=(_NAME,),
        errors=(404,), tag="credentials",
    ),
    Endpoint(
        "GET", "/api/v1/accounts/{name}/sessions", "account.list", "listSessions", "List an account's sessions.",
        sessions, Success(200, "Sessions, newest first.", schema=listed("Session")), parameters=(_NAME,),
        errors=(404,), tag="credentials",
    ),
    Endpoint(
        "DELETE", "/api/v1/accounts/{name}/sessions/{id}", "account", "endSession", "End an account's session.", ended,
        Success(204, "It is over."), parameters=(_NAME, _ID), errors=(404,), tag="credentials",
    ),
    Endpoint(
        "GET", "/api/v1/invitations", "account.list", "listInvitations", "List invitations.", invitations,
        Success(200, "Invitations that nobody has taken yet.", schema=listed("Invitation")), tag="credentials",
    ),
    Endpoint(
        "POST", "/api/v1/invitations", "account", "invite", "Invite somebody.", invited,
        Success(201, "The link, shown this once.", schema=ref("MadeInvitation")),
        body=Body(JSON, _JOIN, {"name": "anna", "role": "field"}), errors=(409,), tag="credentials",
    ),
    Endpoint(
        "DELETE", "/api/v1/invitations/{id}", "account", "withdrawInvitation", "Take back an invitation.", withdrawn,
        Success(204, "Its link is good no longer."), parameters=(_ID,), errors=(404,), tag="credentials",
    ),
    Endpoint(
        "POST", "/api/v1/invitations/accepted", "invitation", "acceptInvitation", "Take an invitation.", accepted,
        Success(201, "The account.", schema=ref("Person")),
        body=Body(
            JSON, obj({"secret": STRING, "password": _PASSWORD}, {"name": STRING}, closed=True),
            {"secret": "…", "password": _WORDS},
        ),
        errors=(404, 409), tag="credentials",
    ),
    Endpoint(
        "GET", "/api/v1/session/all", "own.account", "listOwnSessions", "Where I am signed in.", own_sessions,
        Success(200, "Sessions, newest first.", schema=listed("Session")), tag="credentials",
    ),
    Endpoint(
        "DELETE", "/api/v1/session/all/{id}", "own.account", "endOwnSession", "End one of my sessions.", own_ended,
        Success(204, "It is over."), parameters=(_ID,), errors=(404,), tag="credentials",
    ),
    Endpoint(
        "PUT", "/api/v1/session/password", "own.account", "changeOwnPassword", "Change my password.", own_password,
        Success(204, "Changed; my other sessions are over."),
        body=Body(
            JSON, obj({"old": STRING, "password": _PASSWORD}, closed=True), {"old": _WORDS, "password": _WORDS}
        ),
        errors=(429,), tag="credentials",
    ),
    Endpoint(
        "GET", "/api/v1/access-log", "access.log", "listAccess", "Who saw what.", seen,
        Success(200, "Rows, newest first, at most 500.", schema=listed("Seen")), parameters=(_BEFORE,),
        tag="credentials",
    ),
    Endpoint(
        "DELETE", "/api/v1/accounts/{name}", "account", "removeAccount", "Remove an account.", removed,
        Success(204, "It is gone, and its sessions are over."), parameters=(_NAME,), errors=(404, 409),
        tag="credentials",
    ),
)  # fmt: skip
