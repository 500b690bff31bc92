"""`filiera attach`: a PDF or photo to a lot, a thing or an entry."""

import json
from pathlib import Path
from typing import Any

import click

from api.cli.context import read_input
from api.cli.ledger import ledger_options, open_ledger
from api.verbs.attach import attach
from ledger.audience import full
from schemas.syntax import base64url


@click.command(name="attach")
@click.argument("file")
@click.option("--to", required=True, help="The lot, unit or thing it is about, or the index of an entry.")
@click.option("--name", default=None, help="The name people know it by (default: that of FILE).")
@click.option("--member", default=None, help="Member that attaches it (default: the one whose gateway key is here).")
@click.option("--allow-repeat", is_flag=True, help="Attach again what is attached there already.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: id, index, leaf.")
@ledger_options
def command(
    file: str, to: str, name: str | None, member: str | None, allow_repeat: bool, as_json: bool, **options: Any
) -> None:
    """Attach FILE, a PDF or photo, to a lot, a thing of master data or an entry; `-` is standard input.

    The ledger signs its digest; the file is kept beside it, encrypted, and can be erased.
    """
    data = read_input(file)
    with open_ledger(options) as node:
        found = attach(
            node, data, name=name or Path(file).name, to=to, audience=full(), member=member, allow_repeat=allow_repeat
        )
    if as_json:
        said = {"id": found.event_id, "index": found.index, "leaf": base64url.encode(found.leaf)}
        click.echo(json.dumps({**said, "duplicate": found.duplicate}))
    else:
        click.echo(f"{found.index}\t{found.event_id}" + ("\t=" if found.duplicate else ""))
