"""`filiera credential`: a member vouches for a lot, in W3C's form."""

from typing import Any

import click

from api.cli.context import current_language, write_output
from api.cli.ledger import ledger_options, open_ledger
from api.verbs.credential import credential
from exporters.format import MissingData
from exporters.formats.credential import FORMATS
from exporters.preflight import missing_lines
from ledger.audience import AUDIENCES, full


@click.command("credential")
@click.argument("lot")
@click.option("-o", "--output", required=True, metavar="FILE", help="The file to write; - is standard output.")
@click.option(
    "--format",
    "format_",
    type=click.Choice([format.name for format in FORMATS]),
    default="credential",
    show_default=True,
    help="credential: JSON-LD with a Data Integrity proof; credential-jwt: a JWT (vc+jwt).",
)
@click.option("--member", default=None, help="Member that issues it (default: the one whose key is here).")
@click.option(
    "--audience",
    type=click.Choice(sorted(AUDIENCES)),
    default="buyer",
    show_default=True,
    help="Who will look: full shows everything that is held, buyer what a buyer needs, public what a consumer may see.",
)
@ledger_options
def command(lot: str, output: str, format_: str, member: str | None, audience: str, **options: Any) -> None:
    """Issue a W3C credential of a LOT: a member signs what its events say, and its proof is inside.

    The member's newest export key signs it, which `key new --role export` makes and `key revoke` ends; where there is
    none, its admin key. `verify` checks the signature, the key's standing, and every event.
    """
    spoken = current_language()
    try:
        with open_ledger(options) as node:
            made = credential(
                node, lot, audience=full(), to=AUDIENCES[audience](), language=spoken, format=format_, member=member
            )
    except MissingData as error:
        for line in missing_lines(error, spoken):
            click.echo(line, err=True)
        raise
    write_output(output, made.data)
