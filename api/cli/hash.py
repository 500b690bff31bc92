"""`filiera hash`: the CBV event hash of each event of each document, one `ni:` URI a line."""

import click

from api.cli.context import read_input
from api.verbs.hash import hash_document
from schemas.epcis.event_hash import VERSIONS, Version


@click.command("hash")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--cbv", "version", type=click.Choice(VERSIONS), default="2.0", help="The version of the algorithm.")
def command(files: tuple[str, ...], version: Version) -> None:
    """Print the CBV event hash of each event of a document.

    Each FILE is an EPCIS document in JSON-LD (2.0) or XML (2.0 or 1.x), an event or a list of events; `-` is standard
    input. The events are hashed as they are, not validated, in the order of the documents.
    """
    for file in files:
        for uri in hash_document(read_input(file), name=file, version=version):
            click.echo(uri)
