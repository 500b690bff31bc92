"""`filiera formats`: the formats there are, who asks for each, and what it needs; a template to begin with."""

import json

import click

from api.cli.context import current_language
from api.verbs.export import list_formats, template_text
from exporters.format import STANDARD


@click.command("formats")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a format.")
@click.option("--template", metavar="NAME", default=None, help="Print this template, to be changed and kept.")
def command(as_json: bool, template: str | None) -> None:
    """List the formats that `export` writes: who asks for each, in which profiles, and what it needs.

    A template of a spreadsheet is printed by its name, changed, and given to `export template --template FILE`.
    """
    if template is not None:
        click.echo(template_text(template, current_language()), nl=False)
        return
    for found in list_formats(current_language()):
        if as_json:
            click.echo(json.dumps(found, ensure_ascii=False))
            continue
        click.echo(f"{found['name']}  ({found['media_type']})")
        click.echo(f"    {found['asked_by']}")
        for need in found["needs"]:
            click.echo(f"    - {need['element']}: {need['source']} ({need['who']})")
        if found["profiles"] != [STANDARD.name]:
            click.echo(f"    --profile {' | '.join(found['profiles'])}")
