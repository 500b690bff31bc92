"""`filiera rebuild`: every derived table made again from entries and disclosures."""

from typing import Any

import click

from api.cli.context import current_language, read_passphrase
from api.cli.ledger import ledger_options, open_ledger
from api.cli.progress import Drawn
from api.verbs.custody import rebuild_tables
from schemas.wording import sentence


@click.command("rebuild")
@ledger_options
def command(**options: Any) -> None:
    """Recreate every derived table from entries and disclosures.

    Nothing that proves anything is touched. Stop whoever writes this store first.
    """
    passphrase = read_passphrase(options["passphrase_file"])
    with open_ledger(options, write=False, passphrase=passphrase) as node, Drawn("rebuild") as drawn:
        read = rebuild_tables(node, drawn.update)
    click.echo(sentence("rebuild-told", {"entries": read}, current_language()))
