"""`filiera export`: write a lot's proof, or a paper made from it, in a format that somebody asks for."""

from typing import Any, cast

import click

from api.cli.context import write_output
from api.cli.ledger import ledger_options, open_ledger
from api.verbs.export_bundle import export_bundle
from api.verbs.publish import give
from ledger.audience import AUDIENCES
from ledger.bundle import DIRECTIONS, Direction
from schemas.errors import InputError


@click.group("export")
def command() -> None:
    """Write a lot's proof in a format a buyer takes."""


@command.command("bundle")
@click.argument("lot", required=False)
@click.option("-o", "--output", required=True, metavar="FILE", help="The file to write; - is standard output.")
@click.option("--direction", type=click.Choice(DIRECTIONS), default="back", show_default=True, help="Which history.")
@click.option("--entry", type=click.IntRange(min=0), default=None, help="The event at this index, instead of a lot.")
@click.option(
    "--audience",
    type=click.Choice(sorted(AUDIENCES)),
    default="full",
    show_default=True,
    help="Who will look: full shows everything that is held, public what a consumer may see.",
)
@click.option("--to", metavar="MEMBER", default=None, help="Member it is for: it sees these events in its account too.")
@ledger_options
def bundle(
    lot: str | None, output: str, direction: str, entry: int | None, audience: str, to: str | None, **options: Any
) -> None:
    """Write the bundle of a LOT: its whole history, checkable offline by anybody.

    LOT is a Digital Link, an EPC URN, an element string such as (01)09520001000011(10)P-7, or another absolute URI.
    """
    if to is not None and audience != "full":
        raise InputError("give-public")
    with open_ledger(options) as node:
        asked, looking = cast(Direction, direction), AUDIENCES[audience]()
        data = export_bundle(node, lot, entry=entry, direction=asked, audience=looking)
        if to is not None:
            give(node, data, to, audience=looking)
    write_output(output, data)
