"""Opening the ledger for a command: the options it takes, and the node they give.

@click.command()
@ledger_options
def command(**options): ...
    with open_ledger(options) as node: ...
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from api.cli.context import passphrase_option, read_passphrase, store_option
from ledger.node import Node
from schemas.errors import InputError

Command = TypeVar("Command", bound=Callable[..., Any])


def ledger_options(command: Command) -> Command:
    """`--store`, `--secrets`, `--keys`, `--passphrase-file` and `--guard`, as commands that write take them."""
    command = click.option(
        "--guard",
        default=None,
        help="File that keeps the highest checkpoint outside the store (default: your state folder).",
    )(command)
    return store_option(passphrase_option(command))


def member_option(command: Command) -> Command:
    """`--member ISS` and `--operator`: whose token or account it is."""
    command = click.option(
        "--operator", is_flag=True, help="The operator's: it belongs to no member and sees everything."
    )(command)
    return click.option(
        "--member", default=None, help="Member it belongs to (default: the one whose gateway key is here)."
    )(command)


def whose(node: Node, options: Mapping[str, Any]) -> str | None:
    """The member that `member_option` names, None for the operator; `InputError("member-or-operator")` for both."""
    if options["operator"] and options["member"]:
        raise InputError("member-or-operator")
    if options["operator"]:
        return None
    named: str | None = options["member"]
    return named or node.own_member()


def open_ledger(options: Mapping[str, Any], *, write: bool = True, passphrase: bytes | None = None) -> Node:
    """The node of a command's options; a reader needs a passphrase for what is disclosed only.

    Who writes does it beside whatever else writes: where another process has the log, it is handed in there.
    """
    passphrase = read_passphrase(options["passphrase_file"]) if write else passphrase
    return Node.open(
        options["store"],
        keys=options["keys"],
        secrets=options["secrets"],
        passphrase=passphrase,
        guard=options["guard"],
        write="when-free" if write else False,
    )
