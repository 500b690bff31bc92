"""`filiera sscc`: numbers of logistic units."""

import json
from typing import Any

import click

from api.cli.context import read_passphrase
from api.cli.ledger import ledger_options, open_ledger
from api.verbs import sscc as verbs


@click.command(name="sscc")
@click.option("--for", "reference", default=None, help="What it is for: asked for again, the number is the same.")
@click.option("--prefix", metavar="PREFIX", default=None, help="Company prefix, where the member licenses several.")
@click.option(
    "--extension",
    type=click.IntRange(0, 9),
    default=0,
    show_default=True,
    help="First digit, one for each program that numbers.",
)
@click.option("--count", type=click.IntRange(min=1), default=1, show_default=True, help="How many.")
@click.option("--list", "listing", is_flag=True, help="List every number that was taken, one JSON object each.")
@click.option("--member", default=None, help="Member whose it is (default: the one whose gateway key is here).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a number.")
@ledger_options
def command(
    reference: str | None,
    prefix: str | None,
    extension: int,
    count: int,
    listing: bool,
    member: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Take the next SSCC for a pallet, and print it: the aggregation that fills it carries it, and its label."""
    with open_ledger(options, write=False, passphrase=read_passphrase(options["passphrase_file"])) as node:
        iss = member or node.own_member()
        if listing:
            found = verbs.list_units(node, member=iss)
        else:
            found = verbs.take(
                node, member=iss, prefix=prefix, extension=extension, reference=reference, count=count
            )  # fmt: skip
    for taken in found:
        click.echo(json.dumps(taken.as_json(), ensure_ascii=False) if as_json or listing else taken.uri)
