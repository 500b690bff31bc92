"""`filiera document`: what was attached to a lot, a thing or an entry, and the files themselves."""

import json
from typing import Any

import click

from api.cli.context import ENTRY, read_passphrase, write_output
from api.cli.ledger import ledger_options, open_ledger
from api.verbs.attach import list_documents, read_document
from ledger.audience import full
from ledger.custody.documents import Document
from schemas.syntax import base64url


@click.group(name="document")
def command() -> None:
    """List what is attached to lots, things and entries, and save it."""


@command.command(name="list")
@click.argument("about")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a document.")
@ledger_options
def list_(about: str, as_json: bool, **options: Any) -> None:
    """List the documents about a lot, a thing or an entry: index, media type, size in bytes, name."""
    with open_ledger(options, write=False, passphrase=read_passphrase(options["passphrase_file"])) as node:
        for found in list_documents(node, about, audience=full()):
            click.echo(json.dumps(_object(found), ensure_ascii=False) if as_json else _line(found))


@command.command(name="save")
@click.argument("entry", type=ENTRY)
@click.option("-o", "--output", default=None, help="File to write (default: standard output).")
@ledger_options
def save(entry: int, output: str | None, **options: Any) -> None:
    """Save the file of the document at index ENTRY, once it has the digest that the entry signs."""
    with open_ledger(options, write=False, passphrase=read_passphrase(options["passphrase_file"])) as node:
        write_output(output, read_document(node, entry, audience=full()).data)


def _line(found: Document) -> str:
    shown = found.media_type, found.size, found.name if found.held else None
    return "\t".join([str(found.index), *("-" if value is None else str(value) for value in shown)])


def _object(found: Document) -> dict[str, Any]:
    return {
        "index": found.index, "leaf": base64url.encode(found.leaf), "member": found.member, "id": found.id,
        "name": found.name, "mediaType": found.media_type, "size": found.size,
        "sha256": None if found.sha256 is None else base64url.encode(found.sha256), "about": list(found.about),
        "entry": None if found.entry is None else base64url.encode(found.entry), "held": found.held,
    }  # fmt: skip
