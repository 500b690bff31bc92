"""`filiera member`: offer, propose, approve, list and recover members."""

import json
from dataclasses import asdict
from typing import Any

import click

from api.cli.context import read_input, read_passphrase, write_output
from api.cli.digests import TakesDigest
from api.cli.ledger import ledger_options, open_ledger
from api.verbs import member as verbs
from ledger.writer.membership import Said
from schemas.errors import InputError
from schemas.syntax import base64url

BY = click.option("--by", default=None, help="Member that speaks (default: the one whose admin key is here).")


@click.group(name="member")
def command() -> None:
    """Offer, propose, approve, list and recover members."""


@command.command(name="offer")
@click.option("--member", default=None, help="An existing member that lost its keys (default: a new member).")
@click.option("-o", "--output", default="-", help="File for the offer (default: standard output).")
@ledger_options
def offer(member: str | None, output: str, **options: Any) -> None:
    """Make admin keys for a member in this keyring, and the offer that another member proposes."""
    with open_ledger(options) as node:
        write_output(output, verbs.offer(node, member=member) + b"\n")


@command.command(name="propose")
@click.argument("file")
@click.option("--name", default=None, help="The member's name, disclosed to the log's readers only.")
@click.option("--gln", default=None, help="The member's GLN, 13 digits.")
@click.option("--company-prefix", "prefixes", multiple=True, help="A GS1 company prefix of the member; repeatable.")
@BY
@ledger_options
def propose(
    file: str, name: str | None, gln: str | None, prefixes: tuple[str, ...], by: str | None, **options: Any
) -> None:
    """Propose the member whose offer stands in FILE; it joins with the approval that completes the rule."""
    offered = read_input(file)
    with open_ledger(options) as node:
        _show(verbs.propose(node, offered, name=name, gln=gln, prefixes=prefixes, by=by))


# `add` says to a newcomer what `propose` says to a lawyer.
command.add_command(propose, name="add")


@command.command(name="approve", cls=TakesDigest)
@click.argument("proposal")
@BY
@ledger_options
def approve(proposal: str, by: str | None, **options: Any) -> None:
    """Vote for PROPOSAL, a log index or leaf hash."""
    with open_ledger(options) as node:
        _show(verbs.approve(node, proposal, by=by))


@command.command(name="recover")
@click.argument("file")
@BY
@ledger_options
def recover(file: str, by: str | None, **options: Any) -> None:
    """Propose that a member whose admin keys are lost gets the key offered in FILE."""
    offered = read_input(file)
    with open_ledger(options) as node:
        _show(verbs.recover(node, offered, by=by))


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a member.")
@ledger_options
def list_(as_json: bool, **options: Any) -> None:
    """List the members, with their names where a passphrase opens their profiles."""
    with open_ledger(options, write=False, passphrase=_passphrase(options)) as node:
        for member in verbs.list_members(node):
            if as_json:
                click.echo(json.dumps(asdict(member), ensure_ascii=False))
            else:
                click.echo(f"{member.since}\t{member.member}\t{member.name or ''}".rstrip())


def _passphrase(options: dict[str, Any]) -> bytes | None:
    try:
        return read_passphrase(options["passphrase_file"])
    except InputError as error:
        if error.code != "passphrase-missing":
            raise
        return None


def _show(said: Said) -> None:
    click.echo(f"{said.index}\t{base64url.encode(said.leaf)}\t{said.kid or ''}".rstrip())
