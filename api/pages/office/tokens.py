"""`/ufficio/programmi`: the tokens by which programs come for the member; made, shown once, ended.

- The text of a token stands on the page that answers its making, and nowhere else.
- A token is ended in two steps: the first asks. One that ended stays listed, so that its name can be understood later.
- The devices that record stand below, with where they are admitted; an auditor reads, and changes nothing.

docs/adr/0023-who-may-ask.md.
"""

from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute

from api.accounts import MOST_DAYS, SCOPES, MadeToken, Token
from api.pages.office.frame import office_page
from api.pages.office.todo import devices
from api.pages.shell.times import day_of, shown_day
from api.pages.shell.visit import Visit, door
from api.problems import status_of
from api.settings import DAY
from api.verbs import token as verbs
from schemas.errors import InputError, LedgerError
from schemas.wording import explain

TOKENS = "/ufficio/programmi"


def tokens(visit: Visit) -> Response:
    """Every token of the member."""
    return _page(visit)


def issue(visit: Visit) -> Response:
    """Make a token, and show its text."""
    name, days = visit.text("name", 101), visit.text("days", 6)
    scopes = [each for each in visit.form.getlist("scope") if isinstance(each, str)]
    try:
        if not (days.isascii() and days.isdigit()):
            raise InputError("token-days", least=1, most=MOST_DAYS)
        visit.caller.may_give(scopes)
        made = verbs.add_token(visit.node, name, member=visit.caller.member, scopes=scopes, days=int(days))
    except LedgerError as error:
        return _page(visit, error=error, name=name, days=days, scopes=scopes)
    return _page(visit, made=made)


def revoke(visit: Visit) -> Response:
    """End a token, once the page has asked."""
    found = _own(visit)
    if visit.text("confirmed") != "1":
        return office_page(visit, "revoke.html", token=found)
    verbs.revoke_token(visit.node, found.id)
    return visit.to(TOKENS, fatto="revocato")


def routes() -> list[BaseRoute]:
    """The pages about tokens."""
    return [
        door(TOKENS, "token.list", tokens),
        door(f"{TOKENS}/crea", "token", issue, method="POST", back=TOKENS),
        door(f"{TOKENS}/revoca", "token", revoke, method="POST", back=TOKENS),
    ]


def _own(visit: Visit) -> Token:
    """The token that the form names, of the visitor's own house; `InputError("token-unknown")`."""
    found = verbs.find_token(visit.node, visit.text("id", 12))
    if visit.caller.member not in (None, found.member):
        raise InputError("token-unknown")
    return found


def _page(
    visit: Visit,
    *,
    made: MadeToken | None = None,
    error: LedgerError | None = None,
    name: str = "",
    days: str = str(verbs.DEFAULT_DAYS),
    scopes: list[str] | None = None,
) -> Response:
    now = int(visit.node.clock())
    allowed = [each for each in SCOPES if visit.caller.member is not None or each != "capture"]
    shown: dict[str, Any] = {
        "tokens": [_row(visit, each, now) for each in verbs.list_tokens(visit.node, member=visit.caller.member)],
        "devices": devices(visit),
        "changes": visit.may("token"),
        "admits": visit.may("device.admit"),
        "made": made,
        "until": shown_day(day_of(made.token.expires), visit.language) if made else "",
        "name": name,
        "days": days,
        "chosen": ["query"] if scopes is None else scopes,
        "scopes": allowed,
        "problem": explain(error, visit.language) if error else "",
        "fault": error.code if error else "",
        "done": visit.text("fatto") == "revocato",
        "most": MOST_DAYS,
    }
    return office_page(visit, "tokens.html", status=status_of(error) if error else 200, **shown)


def _row(visit: Visit, token: Token, now: int) -> dict[str, Any]:
    def day(seconds: int | None) -> str:
        return "" if seconds is None else shown_day(day_of(seconds), visit.language)

    return {
        "id": token.id,
        "name": token.name,
        "scopes": token.scopes,
        "made": day(token.created),
        "expires": day(token.expires),
        "used": day(None if token.used is None else token.used * DAY),
        "revoked": day(token.revoked),
        "over": token.revoked is None and token.expires <= now,
        "good": token.revoked is None and token.expires > now,
    }
