"""`/ufficio/persone` and `/ufficio/accessi`: who belongs to the member, as what, and who saw what.

- A link is shown on the page that answers its making, this once.
- A person is removed in two steps: the first asks.
- An auditor reads these pages; only who may change accounts is shown what changes them. Nobody gives more
  than it has.

docs/adr/0064-roles-invitations-and-who-saw-what.md.
"""

from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute

from api import roles
from api.accounts import Account
from api.invitations import MadeInvitation
from api.pages.office.frame import office_page
from api.pages.shell.times import shown_stamp, shown_time
from api.pages.shell.visit import Visit, door
from api.problems import status_of
from api.verbs import account as verbs
from api.verbs.access_log import PAGE, list_access
from schemas.errors import InputError, LedgerError
from schemas.wording import explain

PERSONS, SEEN = "/ufficio/persone", "/ufficio/accessi"


def persons(visit: Visit) -> Response:
    """Who may sign in for the member, and who is invited."""
    return _persons(visit)


def invite(visit: Visit) -> Response:
    """Invite somebody, and show the link."""
    name, role = visit.text("name", 101), visit.text("role", 40)
    try:
        visit.caller.may_give_role(role)
        made = verbs.invite(visit.node, name, member=visit.caller.member, role=role)
    except LedgerError as error:
        return _persons(visit, error=error, name=name, role=role)
    return _persons(visit, made=made)


def reset(visit: Visit) -> Response:
    """Make a link by which somebody chooses another password, and show it."""
    person = _person(visit)
    # Who chooses a password can be who has it.
    visit.caller.may_give(person.scopes)
    return _persons(visit, made=verbs.reset(visit.node, person.name))


def change_role(visit: Visit) -> Response:
    """Give somebody another role."""
    person, role = _person(visit), visit.text("role", 40)
    try:
        visit.caller.may_give_role(role)
        verbs.change_role(visit.node, person.name, role)
    except InputError as error:
        return _persons(visit, error=error)
    return visit.to(PERSONS, fatto="ruolo")


def remove(visit: Visit) -> Response:
    """Remove somebody, once the page has asked."""
    person = _person(visit)
    if visit.text("confirmed") != "1":
        return office_page(visit, "remove.html", person=person)
    try:
        verbs.remove_account(visit.node, person.name)
    except InputError as error:
        return _persons(visit, error=error)
    return visit.to(PERSONS, fatto="tolto")


def withdraw(visit: Visit) -> Response:
    """Take back an invitation."""
    verbs.withdraw_invitation(visit.node, visit.text("id", 20), member=visit.caller.member)
    return visit.to(PERSONS, fatto="ritirato")


def seen(visit: Visit) -> Response:
    """Who saw what, newest first."""
    before = visit.text("prima", 16)
    found = list_access(
        visit.node, member=visit.caller.member, before=int(before) if before.isascii() and before.isdigit() else None
    )
    rows = [(shown_stamp(row.at), row) for row in found]
    return office_page(visit, "seen.html", rows=rows, older=found[-1].at if len(found) == PAGE else None)


def routes() -> list[BaseRoute]:
    """The pages about persons."""
    changes = {"invita": invite, "password": reset, "ruolo": change_role, "togli": remove, "ritira": withdraw}
    return [
        door(PERSONS, "account.list", persons),
        *(door(f"{PERSONS}/{name}", "account", view, method="POST", back=PERSONS) for name, view in changes.items()),
        door(SEEN, "access.log", seen),
    ]


def _person(visit: Visit) -> Account:
    """The person that the form names, of the visitor's own house; `InputError("account-unknown")`."""
    name = visit.text("name", 100)
    found = verbs.find_account(visit.node, name)
    if visit.caller.member not in (None, found.member):
        raise InputError("account-unknown", name=name)
    return found


def _persons(
    visit: Visit,
    *,
    made: MadeInvitation | None = None,
    error: LedgerError | None = None,
    name: str = "",
    role: str = "",
) -> Response:
    member, language = visit.caller.member, visit.language
    shown: dict[str, Any] = {
        "persons": verbs.list_accounts(visit.node, member=member),
        "invitations": [
            (found, shown_time(found.expires, language)) for found in verbs.list_invitations(visit.node, member=member)
        ],
        "roles": roles.NAMES if member is not None else tuple(r for r in roles.NAMES if r not in ("field", "buyer")),
        "changes": visit.may("account"),
        "made": made,
        "link_made": visit.origin + made.path if made else "",
        "until": shown_time(made.invitation.expires, language) if made else "",
        "name": name,
        "role": role or "office",
        "problem": explain(error, language) if error else "",
        "name_fault": error is not None and error.code in ("account-name", "account-exists"),
        "done": visit.text("fatto") if visit.text("fatto") in ("ruolo", "tolto", "ritirato") else "",
    }
    return office_page(visit, "persons.html", status=status_of(error) if error else 200, **shown)
