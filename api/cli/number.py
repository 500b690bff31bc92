"""`filiera number`: the numbers of a member's delivery notes."""

import json
from typing import Any

import click

from api.cli.context import read_passphrase
from api.cli.ledger import ledger_options, open_ledger
from api.verbs import number as verbs
from schemas.errors import InputError


@click.command(name="number")
@click.option("--for", "reference", default=None, help="What it is for: asked for again, the number is the same.")
@click.option("--issuer", metavar="GLN", default=None, help="Who issues it (default: the member's own GLN).")
@click.option("--year", type=click.IntRange(1, 9999), default=None, help="Year of the series (default: this year).")
@click.option("--section", default="", help="Letters and digits that set a series apart, of a warehouse for instance.")
@click.option("--list", "listing", is_flag=True, help="List every number that was taken, one JSON object each.")
@click.option("--give-up", "given_up", metavar="NUMBER", default=None, help="Nothing will carry this number.")
@click.option("--reason", default=None, help="Why it is given up; it stays in the register with it.")
@click.option("--member", default=None, help="Member whose it is (default: the one whose gateway key is here).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@ledger_options
def command(
    reference: str | None,
    issuer: str | None,
    year: int | None,
    section: str,
    listing: bool,
    given_up: str | None,
    reason: str | None,
    member: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Take the next number for a delivery note, and print it as a shipping event carries it (type desadv).

    One series for each issuer and year, without gaps. A number that no event carries is open until it is given up.
    """
    if (listing and given_up is not None) or (given_up is None) != (reason is None):
        raise InputError("number-what")
    with open_ledger(options, write=False, passphrase=read_passphrase(options["passphrase_file"])) as node:
        iss = member or node.own_member()
        if listing:
            for found in verbs.list_numbers(node, member=iss, issuer=issuer, year=year):
                click.echo(json.dumps(found.as_json(), ensure_ascii=False))
            return
        if given_up is not None:
            verbs.give_up(node, given_up, member=iss, reason=reason or "", issuer=issuer)
            return
        taken = verbs.take(node, member=iss, issuer=issuer, year=year, section=section, reference=reference)
    click.echo(json.dumps(taken.as_json(), ensure_ascii=False) if as_json else taken.uri)
