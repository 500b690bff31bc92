"""`filiera account`: the persons who may sign in, their roles and passwords, and what they did."""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from api import roles
from api.cli.context import current_language
from api.cli.ledger import ledger_options, member_option, open_ledger, whose
from api.invitations import MadeInvitation
from api.verbs import account as verbs
from api.verbs.access_log import list_access
from schemas.errors import InputError
from schemas.wording import sentence

PASSWORD = click.option(
    "--password-file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="File whose first line is the password (else you are asked).",
)

BASE_URL = click.option(
    "--base-url", default="http://127.0.0.1:8080", show_default=True, help="Address at which the server is reached."
)


@click.group(name="account")
def command() -> None:
    """Invite persons, give them roles, see what they did, and remove them."""


@command.command(name="add")
@click.argument("name")
@click.option(
    "--role", type=click.Choice(roles.NAMES), default="auditor", show_default=True, help="What the person may do."
)
@PASSWORD
@member_option
@ledger_options
def add(name: str, role: str, password_file: Path | None, **options: Any) -> None:
    """Make an account called NAME."""
    password = _password(password_file)
    with open_ledger(options, write=False) as node:
        verbs.add_account(node, name, password, member=whose(node, options), role=role)


@command.command(name="list")
@click.option("--member", default=None, help="Only the accounts of this member.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an account.")
@ledger_options
def list_(member: str | None, as_json: bool, **options: Any) -> None:
    """List the accounts: name, member and role."""
    with open_ledger(options, write=False) as node:
        accounts = verbs.list_accounts(node, member=member)
    for account in accounts:
        if as_json:
            click.echo(json.dumps({**asdict(account), "scopes": list(account.scopes)}, ensure_ascii=False))
        else:
            click.echo(f"{account.name}\t{account.member or '-'}\t{account.role}")


@command.command(name="remove")
@click.argument("name")
@ledger_options
def remove(name: str, **options: Any) -> None:
    """Remove the account NAME and end its sessions."""
    with open_ledger(options, write=False) as node:
        verbs.remove_account(node, name)


@command.command(name="role")
@click.argument("name")
@click.argument("role", type=click.Choice(roles.NAMES))
@ledger_options
def role_(name: str, role: str, **options: Any) -> None:
    """Give the account NAME the role ROLE and end its sessions."""
    with open_ledger(options, write=False) as node:
        verbs.change_role(node, name, role)


@command.command(name="invite")
@click.argument("name")
@click.option("--role", type=click.Choice(roles.NAMES), default="office", show_default=True, help="What NAME may do.")
@BASE_URL
@member_option
@ledger_options
def invite(name: str, role: str, base_url: str, **options: Any) -> None:
    """Print a link by which NAME chooses a password, once, within seven days."""
    with open_ledger(options, write=False) as node:
        made = verbs.invite(node, name, member=whose(node, options), role=role)
    _tell(made, base_url)


@command.command(name="reset")
@click.argument("name")
@BASE_URL
@ledger_options
def reset(name: str, base_url: str, **options: Any) -> None:
    """Print a link by which the account NAME chooses another password, once, within a day."""
    with open_ledger(options, write=False) as node:
        made = verbs.reset(node, name)
    _tell(made, base_url)


@command.command(name="invitations")
@click.option("--withdraw", default=None, metavar="ID", help="Take this one back.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an invitation.")
@ledger_options
def invitations(withdraw: str | None, as_json: bool, **options: Any) -> None:
    """List the invitations that nobody has taken yet: id, name, member, role and the day they end."""
    with open_ledger(options, write=False) as node:
        if withdraw is not None:
            verbs.withdraw_invitation(node, withdraw)
            return
        found = verbs.list_invitations(node)
    for item in found:
        if as_json:
            click.echo(json.dumps(asdict(item), ensure_ascii=False))
        else:
            parts = (item.id, item.name or "-", item.member or "-", item.role, moment(item.expires))
            click.echo("\t".join(parts))


@command.command(name="accept")
@click.argument("link")
@click.option("--name", default="", help="What the account is called, where the invitation does not say.")
@PASSWORD
@ledger_options
def accept(link: str, name: str, password_file: Path | None, **options: Any) -> None:
    """Take the invitation LINK by choosing a password, at the machine that holds the ledger."""
    password = _password(password_file)
    with open_ledger(options, write=False) as node:
        account = verbs.accept_invitation(node, link.rpartition("/")[2], password, name=name)
    click.echo(account.name)


@command.command(name="sessions")
@click.argument("name")
@click.option("--end", default=None, metavar="ID", help="End this one.")
@ledger_options
def sessions(name: str, end: str | None, **options: Any) -> None:
    """List where NAME is signed in: id, since when and until when (UTC)."""
    with open_ledger(options, write=False) as node:
        if end is not None:
            verbs.end_session(node, name, end)
            return
        found = verbs.list_sessions(node, name)
    for item in found:
        click.echo(f"{item.id}\t{moment(item.created)}\t{moment(item.expires)}")


@command.command(name="log")
@click.option("--member", default=None, help="Only what this member may read.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a row.")
@ledger_options
def log(member: str | None, as_json: bool, **options: Any) -> None:
    """List who saw what, newest first: when (UTC), person or token, name, member, verb and what it was about."""
    with open_ledger(options, write=False) as node:
        found = list_access(node, member=member)
    for row in found:
        if as_json:
            click.echo(json.dumps(asdict(row), ensure_ascii=False))
        else:
            parts = (moment(row.at), row.kind, row.who, row.member or "-", row.verb, row.about or "-")
            click.echo("\t".join(parts))


@command.command(name="password")
@click.argument("name")
@PASSWORD
@ledger_options
def password(name: str, password_file: Path | None, **options: Any) -> None:
    """Give the account NAME another password and end its sessions."""
    fresh = _password(password_file)
    with open_ledger(options, write=False) as node:
        verbs.change_password(node, name, fresh)


def _tell(made: MadeInvitation, base_url: str) -> None:
    click.echo(base_url.rstrip("/") + made.path)
    told = sentence("invitation-told", {"until": moment(made.invitation.expires)}, current_language())
    print(told, file=sys.stderr)  # noqa: T201


def moment(seconds: int) -> str:
    """A time as it is listed, UTC."""
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(seconds))


def _password(file: Path | None) -> str:
    """The password from a file or the terminal; `InputError("password-missing")` (exit 64) without either."""
    if file is not None:
        try:
            first = file.read_text("utf-8").split("\n")[0].rstrip("\r")
        except (OSError, UnicodeDecodeError) as error:
            problem = getattr(error, "strerror", None) or "unreadable"
            raise InputError("file-unreadable", file=str(file), problem=problem) from None
        if first:
            return first
        raise InputError("password-missing")
    if not sys.stdin.isatty():
        raise InputError("password-missing")
    asked, again = (sentence(code, {}, current_language()) for code in ("ask-password", "ask-password-again"))
    typed: str = click.prompt(asked, hide_input=True, confirmation_prompt=again, err=True)
    return typed
