"""`filiera init`: a log, its first member and that member's keys."""

import json
from typing import Any

import click

from api.cli.context import current_language, read_passphrase
from api.cli.ledger import ledger_options
from api.verbs.init import init
from schemas.wording import sentence


@click.command(name="init")
@click.option("--name", required=True, help="Name of the first member, as it stands in the log's registry.")
@click.option("--gln", default=None, help="The member's GLN, 13 digits.")
@click.option("--company-prefix", "prefixes", multiple=True, help="A GS1 company prefix of the member; repeatable.")
@click.option("--origin", default=None, help="Origin of the log (default: from the name and the log's key).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@ledger_options
def command(
    name: str, gln: str | None, prefixes: tuple[str, ...], origin: str | None, as_json: bool, **options: Any
) -> None:
    """Make a log, its first member and that member's keys."""
    made = init(
        options["store"],
        name=name,
        passphrase=read_passphrase(options["passphrase_file"], confirm=True),
        gln=gln,
        prefixes=prefixes,
        origin=origin,
        keys=options["keys"],
        secrets=options["secrets"],
        guard=options["guard"],
    )
    shown = {"origin": made.origin, "fingerprint": made.fingerprint, "member": made.member}
    click.echo(json.dumps(shown) if as_json else sentence("init-told", shown, current_language()))
