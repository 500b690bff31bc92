"""`/entra`, `/esci`, `/invito/…`, `/profilo`: in and out, by a password or an invitation, and one's own account.

- Who signs in comes back to where she was; only paths of this server are followed. What she had typed when her session
  ended is shown again, and sent when she says so.
- An invitation is opened without being used; a password chosen there signs in at once.
- A refusal stands beside what it is about, and the name that was typed stays.

docs/adr/0064-roles-invitations-and-who-saw-what.md.
"""

from typing import Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from api import session_cookie
from api.accounts import session_id
from api.invitations import Invitation
from api.pages.shell.kept import unpacked
from api.pages.shell.languages import fixed_language
from api.pages.shell.places import own_path
from api.pages.shell.rendering import link, page
from api.pages.shell.times import shown_time
from api.pages.shell.visit import SIGN_IN, Visit, door
from api.pages.sign_in.kept_form import as_sent
from api.problems import status_of
from api.verbs import account as verbs
from schemas.errors import InputError, LedgerError
from schemas.wording import explain

ROOM = "sign_in"
_ROOMS = {"field": "/campo", "buyer": "/lotti"}
_OFFICE = "/ufficio"
_PASSWORD_FAULTS = frozenset(("password-length", "passwords-differ"))


def form(visit: Visit) -> Response:
    """The form, for name and password."""
    return _sign_in(visit, next=own_path(visit.text("next", 2000)))


def sign_in(visit: Visit) -> Response:
    """Begin a session and go back to where the person was."""
    name, kept = visit.text("name", 100), visit.typed("kept", 400_000)
    after, to = own_path(visit.text("next", 2000)), own_path(visit.text("to", 2000))
    try:
        with visit.turn():
            secret = _login(visit, name, visit.typed("password"))
    except LedgerError as error:
        problem = explain(error, visit.language)
        answer = _sign_in(visit, status=_status(error), name=name, next=after, to=to, kept=kept, problem=problem)
        if error.code == "login-too-many":
            answer.headers["Retry-After"] = str(error.context["seconds"])
        return answer
    return _in(visit, secret, name, after, to, kept)


def out_form(visit: Visit) -> Response:
    """Sign out? A link alone does not do it."""
    return page(visit.request, ROOM, "out.html", caller=visit.caller)


def sign_out(visit: Visit) -> Response:
    """End the session."""
    if visit.secret:
        visit.access.accounts.logout(visit.secret)
    answer = visit.to(SIGN_IN)
    session_cookie.end(answer, visit.settings)
    return answer


def invitation(visit: Visit) -> Response:
    """What an invitation is for, and the form that takes it."""
    found = verbs.look_at_invitation(visit.node, visit.request.path_params["secret"])
    return _invitation(visit, found)


def accept(visit: Visit) -> Response:
    """Take an invitation, and begin a session."""
    secret: str = visit.request.path_params["secret"]
    found = verbs.look_at_invitation(visit.node, secret)
    name, password = found.name or visit.text("name", 100), visit.typed("password")
    try:
        if password != visit.typed("again"):
            raise InputError("passwords-differ")
        with visit.turn():
            verbs.accept_invitation(visit.node, secret, password, name=name)
            session = _login(visit, name, password)
    except LedgerError as error:
        if error.code == "invitation-over":
            raise
        return _invitation(visit, found, status=_status(error), name=name, error=error)
    return _in(visit, session, name, "/", "", "")


def profile(visit: Visit) -> Response:
    """One's own account."""
    return _profile(visit)


def change_password(visit: Visit) -> Response:
    """Another password; the other sessions end."""
    password = visit.typed("password")
    try:
        if password != visit.typed("again"):
            raise InputError("passwords-differ")
        with visit.turn():
            visit.access.accounts.change_own_password(visit.secret, visit.typed("old"), password)
    except LedgerError as error:
        return _profile(visit, status=_status(error), error=error)
    return visit.to("/profilo", fatto="password")


def end_session(visit: Visit) -> Response:
    """End one of one's sessions."""
    verbs.end_session(visit.node, visit.caller.name, visit.text("id", 20))
    return visit.to("/profilo", fatto="accesso")


def routes() -> list[BaseRoute]:
    """The pages of this room."""
    return [
        door(SIGN_IN, "session", form),
        door(SIGN_IN, "session", sign_in, method="POST"),
        door("/esci", "session", out_form),
        door("/esci", "session", sign_out, method="POST"),
        door("/invito/{secret}", "invitation", invitation),
        door("/invito/{secret}", "invitation", accept, method="POST"),
        door("/profilo", "own.account", profile),
        door("/profilo/password", "own.account", change_password, method="POST", back="/profilo"),
        door("/profilo/accessi", "own.account", end_session, method="POST", back="/profilo"),
    ]


def _login(visit: Visit, name: str, password: str) -> str:
    return visit.access.accounts.login(name, password, seconds=visit.settings.session_seconds)


def _sign_in(visit: Visit, status: int = 200, **shown: Any) -> Response:
    blank = {"name": "", "next": "/", "to": "", "kept": "", "problem": "", "ended": bool(shown.get("kept"))}
    return page(visit.request, ROOM, "sign_in.html", status=status, **{**blank, **shown})


def _in(visit: Visit, secret: str, name: str, after: str, to: str, kept: str) -> Response:
    """The answer that carries a new session: what was kept, or where to go."""
    form = unpacked(kept) if kept else None
    if form is not None and form.fields and to != "/":
        sent = as_sent(to, form.fields, form.again, visit.language)
        answer: Response = page(visit.request, ROOM, "kept.html", next=after, to=to, sent=sent)
    else:
        # Whoever signed in before in this browser is somebody else now: her page would not do.
        landing = after if after != "/" else _landing(visit, verbs.find_account(visit.node, name).role)
        answer = RedirectResponse(_with_language(visit, landing), status_code=303)
    session_cookie.give(answer, visit.settings, secret)
    return answer


def _landing(visit: Visit, role: str) -> str:
    """Where a role works, as far as this server has that room."""
    path = _ROOMS.get(role, _OFFICE)
    return path if any(getattr(route, "path", "") == path for route in visit.request.app.routes) else "/"


def _with_language(visit: Visit, path: str) -> str:
    return path if "?" in path else link(fixed_language(visit.request), path)


def _invitation(
    visit: Visit, found: Invitation, *, status: int = 200, name: str = "", error: LedgerError | None = None
) -> Response:
    return page(
        visit.request,
        ROOM,
        "invitation.html",
        status=status,
        invitation=found,
        name=found.name or name,
        until=shown_time(found.expires, visit.language),
        **_faults(visit, error),
    )


def _profile(visit: Visit, *, status: int = 200, error: LedgerError | None = None) -> Response:
    sessions = [
        (found.id, shown_time(found.created, visit.language), found.id == session_id(visit.secret))
        for found in verbs.list_sessions(visit.node, visit.caller.name)
    ]
    done = visit.text("fatto") if error is None else ""
    shown: dict[str, Any] = {
        "caller": visit.caller,
        "sessions": sessions,
        "done": done if done in ("password", "accesso") else "",
    }
    return page(visit.request, ROOM, "profile.html", status=status, **shown, **_faults(visit, error))


def _faults(visit: Visit, error: LedgerError | None) -> dict[str, Any]:
    """What is wrong with the new password, with the old, and with something else."""
    said = explain(error, visit.language) if error is not None else ""
    code = error.code if error is not None else ""
    place = {"password-old-wrong": "old_fault", "account-name": "name_fault", "account-exists": "name_fault"}.get(
        code, "password_fault" if code in _PASSWORD_FAULTS else "problem"
    )
    return {"old_fault": "", "name_fault": "", "password_fault": "", "problem": "", place: said}


def _status(error: LedgerError) -> int:
    """The status of a page that shows an error: 401 would want a challenge, and this page is the way in itself."""
    status = status_of(error)
    return 403 if status == 401 else status
