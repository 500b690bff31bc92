"""`filiera token`: make, list and revoke the tokens by which programs ask."""

import json
import sys
import time
from dataclasses import asdict
from typing import Any

import click

from api.accounts import MOST_DAYS, SCOPES, Token
from api.cli.context import current_language
from api.cli.ledger import ledger_options, member_option, open_ledger, whose
from api.settings import DAY
from api.verbs import token as verbs
from schemas.wording import sentence


@click.group(name="token")
def command() -> None:
    """Make, list and revoke the tokens by which programs ask."""


@command.command(name="add")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    required=True,
    help="What the token may be used for; may be repeated.",
)
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS),
    default=verbs.DEFAULT_DAYS,
    show_default=True,
    help="After how many days it ends.",
)
@click.option(
    "--key", default=None, metavar="KID", help="Gateway key that captures by it sign with (default: the newest)."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@member_option
@ledger_options
def add(name: str, scopes: tuple[str, ...], days: int, key: str | None, as_json: bool, **options: Any) -> None:
    """Make a token called NAME and print it, once: only its digest is kept."""
    with open_ledger(options, write=False) as node:
        made = verbs.add_token(node, name, member=whose(node, options), scopes=scopes, days=days, key=key)
    if as_json:
        click.echo(json.dumps({"token": made.text, **_object(made.token)}, ensure_ascii=False))
        return
    click.echo(made.text)
    print(sentence("token-told", {"id": made.token.id}, current_language()), file=sys.stderr)  # noqa: T201


@command.command(name="list")
@click.option("--member", default=None, help="Only the tokens of this member.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a token.")
@ledger_options
def list_(member: str | None, as_json: bool, **options: Any) -> None:
    """List the tokens: id, name, member, scopes, end, and the day of the last use."""
    with open_ledger(options, write=False) as node:
        tokens = verbs.list_tokens(node, member=member)
    for token in tokens:
        if as_json:
            click.echo(json.dumps(_object(token), ensure_ascii=False))
        else:
            parts = (token.id, token.name, token.member or "-", ",".join(token.scopes), _end(token), _used(token))
            click.echo("\t".join(parts))


@command.command(name="revoke")
@click.argument("token")
@ledger_options
def revoke(token: str, **options: Any) -> None:
    """End TOKEN, named by its id, or by its whole text where that has leaked."""
    with open_ledger(options, write=False) as node:
        verbs.revoke_token(node, token)


def _object(token: Token) -> dict[str, Any]:
    return {**asdict(token), "scopes": list(token.scopes)}


def _end(token: Token) -> str:
    return sentence("token-revoked", {}, current_language()) if token.revoked is not None else _day(token.expires)


def _used(token: Token) -> str:
    return "-" if token.used is None else _day(token.used * DAY)


def _day(seconds: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))
