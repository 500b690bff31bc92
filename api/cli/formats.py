"""`filiera formats`: the formats there are, who asks for each, and what it needs."""

import json

import click

from api.cli.context import current_language
from api.verbs.export import list_formats


@click.command("formats")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a format.")
def command(as_json: bool) -> None:
    """List the formats that `export` writes: who asks for each, in which profiles, and what it needs."""
    for found in list_formats(current_language()):
        if as_json:
            click.echo(json.dumps(found, ensure_ascii=False))
            continue
        click.echo(f"{found['name']}  ({found['media_type']})")
        click.echo(f"    {found['asked_by']}")
        for need in found["needs"]:
            click.echo(f"    - {need['element']}: {need['source']} ({need['who']})")
        if len(found["profiles"]) > 1:
            click.echo(f"    --profile {' | '.join(found['profiles'])}")
