"""`filiera proof`: one entry's inclusion proof, in the format that other transparency logs use."""

from typing import Any

import click

from api.cli.context import ENTRY, write_output
from api.cli.ledger import ledger_options, open_ledger
from api.verbs.proof import proof


@click.command("proof")
@click.argument("entry", type=ENTRY)
@click.option("-o", "--output", default="-", metavar="FILE", help="The file to write (default: standard output).")
@ledger_options
def command(entry: int, output: str, **options: Any) -> None:
    """Write the tlog-proof of the entry at index ENTRY."""
    with open_ledger(options, write=False) as node:
        write_output(output, proof(node, entry))
