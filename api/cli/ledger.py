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

Command = TypeVar("Command", bound=Callable[..., Any])


def ledger_options(command: Command) -> Command:
    """`--store`, `--secrets`, `--keys`, `--passphrase-file` and `--guard`, as commands that write take them."""
    command = click.option(
        "--guard",
        default=None,
        help="File that keeps the highest checkpoint outside the store (default: your state folder).",
    )(command)
    return store_option(passphrase_option(command))


def open_ledger(options: Mapping[str, Any], *, write: bool = True, passphrase: bytes | None = None) -> Node:
    """The node of a command's options; a reader needs a passphrase for what is disclosed only."""
    passphrase = read_passphrase(options["passphrase_file"]) if write else passphrase
    return Node.open(
        options["store"],
        keys=options["keys"],
        secrets=options["secrets"],
        passphrase=passphrase,
        guard=options["guard"],
        write=write,
    )
