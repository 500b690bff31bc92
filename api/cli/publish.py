"""`filiera publish`: what a member shows to everybody about a lot."""

import json
import sys
from dataclasses import asdict
from typing import Any

import click

from api.cli.context import current_language
from api.cli.ledger import ledger_options, open_ledger
from api.verbs import publish as verbs
from schemas.errors import InputError
from schemas.wording import sentence


@click.command(name="publish")
@click.argument("lot", required=False)
@click.option("--withdraw", is_flag=True, help="Publish the lot no longer.")
@click.option("--list", "listing", is_flag=True, help="List what is published, one JSON object a lot.")
@click.option("--member", default=None, help="Member that publishes (default: the one whose gateway key is here).")
@ledger_options
def command(lot: str | None, withdraw: bool, listing: bool, member: str | None, **options: Any) -> None:
    """Show everybody what a member recorded, and will record, about LOT: steps, times and quantities.

    Never places, parties or documents. Withdrawing takes nothing back from whoever read it.
    """
    if (lot is None) != listing or (listing and withdraw):
        raise InputError("publish-what")
    with open_ledger(options, write=False) as node:
        if lot is None:
            for found in verbs.list_published(node, member=member):
                click.echo(json.dumps(asdict(found), ensure_ascii=False))
            return
        iss = member or node.own_member()
        if withdraw:
            verbs.withdraw(node, lot, member=iss)
            return
        events = verbs.publish(node, lot, member=iss)
    print(sentence("publish-told", {"count": events}, current_language()), file=sys.stderr)  # noqa: T201
