"""`filiera master`: parties, sites, products and certificates, as of a time."""

import json
import sys
from typing import Any

import click

from api.cli.context import EXIT_INPUT, MOST_ENTRY, current_language, read_input, read_passphrase
from api.cli.ledger import ledger_options, open_ledger
from api.verbs import master as verbs
from ledger.audience import full
from ledger.readside.master import Stated
from ledger.writer.gateway import DocumentRefused
from schemas.errors import InputError
from schemas.kde import SCHEMES
from schemas.master.json_schema import schema as json_schema
from schemas.master.terms import KINDS
from schemas.syntax import base64url, json_text
from schemas.wording import explain, sentence


@click.group(name="master")
def command() -> None:
    """Keep parties, sites, products and certificates, each version with its validity."""


@command.command(name="add")
@click.argument("files", nargs=-1, required=True)
@click.option("--member", default=None, help="Member that says it (default: the one whose gateway key is here).")
@click.option("--proceed", is_flag=True, help="Keep the good versions of a file that has bad ones, and say which.")
@click.option("--allow-repeat", is_flag=True, help="Log again what the member said before.")
@click.option(
    "--scheme",
    "schemes",
    type=click.Choice(list(SCHEMES)),
    multiple=True,
    help="Say what this buyer's or authority's list asks for besides; it may be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a version: id, index, leaf.")
@ledger_options
def add(
    files: tuple[str, ...],
    member: str | None,
    proceed: bool,
    allow_repeat: bool,
    schemes: tuple[str, ...],
    as_json: bool,
    **options: Any,
) -> int:
    """Log versions from JSON files, one version or a list in each; `-` is standard input.

    What begins later takes the place of what began before; what begins at the same time corrects it.
    """
    documents = [(name, read_input(name)) for name in files]
    refused = False
    with open_ledger(options) as node:
        for name, data in documents:
            try:
                added = verbs.add(
                    node, data, name=name, member=member, proceed=proceed, allow_repeat=allow_repeat, schemes=schemes
                )
            except DocumentRefused as error:
                _complain(error.errors)
                print(sentence("master-nothing", {"document": name}, current_language()), file=sys.stderr)  # noqa: T201
                return EXIT_INPUT
            _complain(added.refused)
            _complain(added.asked)
            refused = refused or bool(added.refused)
            for item in added.kept:
                if as_json:
                    said = {"id": item.event_id, "index": item.index, "leaf": base64url.encode(item.leaf)}
                    said |= {"document": name, "version": item.event, "duplicate": item.duplicate}
                    click.echo(json.dumps(said, ensure_ascii=False))
                else:
                    click.echo(f"{item.index}\t{item.event_id}" + ("\t=" if item.duplicate else ""))
    return EXIT_INPUT if refused else 0


@command.command(name="list")
@click.option("--type", "kind", type=click.Choice(KINDS), default=None, help="Only things of this kind.")
@click.option("--as-of", default=None, help="Day or instant at which it held (default: now).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a thing, with all that is said of it.")
@ledger_options
def list_(kind: str | None, as_of: str | None, as_json: bool, **options: Any) -> None:
    """List what holds of every thing: index, kind, identifier, name, from when and to when."""
    after: tuple[str, str] | None = None
    with open_ledger(options, write=False, passphrase=read_passphrase(options["passphrase_file"])) as node:
        while True:
            found, after = verbs.list_things(
                node, audience=full(), type=kind, as_of=as_of, after=after, limit=verbs.MOST
            )  # fmt: skip
            for item in found:
                click.echo(_object(item) if as_json else _line(item))
            if after is None:
                return


@command.command(name="show")
@click.argument("thing")
@click.option("--type", "kind", type=click.Choice(KINDS), default=None, help="Only what is said of it as this kind.")
@click.option("--as-of", default=None, help="Day or instant at which it held (default: now).")
@click.option(
    "--known", type=click.IntRange(1, MOST_ENTRY), default=None, help="As known when the log had this many entries."
)
@click.option("--history", is_flag=True, help="Every version, corrected and withdrawn ones too.")
@ledger_options
def show(thing: str, kind: str | None, as_of: str | None, known: int | None, history: bool, **options: Any) -> None:
    """Show what holds of THING, a JSON object for each member that says something of it.

    THING is a Digital Link, an EPC URN, a bracketed element string, or the URI by which it was added.
    """
    if history and as_of is not None:
        raise InputError("master-history")
    with open_ledger(options, write=False, passphrase=read_passphrase(options["passphrase_file"])) as node:
        if history:
            found = verbs.history(node, thing, audience=full(), type=kind, known=known)
        else:
            found = verbs.show(node, thing, audience=full(), type=kind, as_of=as_of, known=known)
        for item in found:
            click.echo(_object(item))


@command.command(name="schema")
def schema() -> None:
    """Print the JSON Schema of master data, for who writes it with other tools."""
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


def _complain(errors: tuple[InputError, ...]) -> None:
    for error in errors:
        print(f"filiera: {explain(error, current_language())} [{error.code}]", file=sys.stderr)  # noqa: T201


def _line(item: Stated) -> str:
    version = item.version
    shown = (version.index, version.type, version.id, item.content.get("name") or item.content.get("number") or "-")
    return "\t".join(map(str, (*shown, version.valid_from, version.valid_to or "-")))


def _object(item: Stated) -> str:
    version = item.version
    said = {"index": version.index, "leaf": base64url.encode(item.leaf), "member": version.member}
    return json_text.write_text({**said, "content": item.content})
