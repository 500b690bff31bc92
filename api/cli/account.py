"""`filiera account`: the persons who may sign in, and their passwords."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from api.accounts import SCOPES
from api.cli.context import current_language
from api.cli.ledger import ledger_options, member_option, open_ledger, whose
from api.verbs import account as verbs
from schemas.errors import InputError
from schemas.wording import sentence

PASSWORD = click.option(
    "--password-file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="File whose first line is the password (else you are asked).",
)


@click.group(name="account")
def command() -> None:
    """Make, list and remove the accounts of persons."""


@command.command(name="add")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    default=("query", "export"),
    show_default=True,
    help="What the person may do; may be repeated.",
)
@PASSWORD
@member_option
@ledger_options
def add(name: str, scopes: tuple[str, ...], password_file: Path | None, **options: Any) -> None:
    """Make an account called NAME."""
    password = _password(password_file)
    with open_ledger(options, write=False) as node:
        verbs.add_account(node, name, password, member=whose(node, options), scopes=scopes)


@command.command(name="list")
@click.option("--member", default=None, help="Only the accounts of this member.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an account.")
@ledger_options
def list_(member: str | None, as_json: bool, **options: Any) -> None:
    """List the accounts: name, member and scopes."""
    with open_ledger(options, write=False) as node:
        accounts = verbs.list_accounts(node, member=member)
    for account in accounts:
        if as_json:
            click.echo(json.dumps({**asdict(account), "scopes": list(account.scopes)}, ensure_ascii=False))
        else:
            click.echo(f"{account.name}\t{account.member or '-'}\t{','.join(account.scopes)}")


@command.command(name="remove")
@click.argument("name")
@ledger_options
def remove(name: str, **options: Any) -> None:
    """Remove the account NAME and end its sessions."""
    with open_ledger(options, write=False) as node:
        verbs.remove_account(node, name)


@command.command(name="password")
@click.argument("name")
@PASSWORD
@ledger_options
def password(name: str, password_file: Path | None, **options: Any) -> None:
    """Give the account NAME another password and end its sessions."""
    fresh = _password(password_file)
    with open_ledger(options, write=False) as node:
        verbs.change_password(node, name, fresh)


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
