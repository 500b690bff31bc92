"""`filiera restore`: a store brought back from a backup, if its log may go on."""

from pathlib import Path
from typing import Any

import click

from api.cli.context import current_language, read_passphrase
from api.cli.ledger import ledger_options
from api.cli.progress import Drawn
from api.verbs.restore import restore_store
from schemas.wording import sentence


@click.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--secrets-file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="The copy of the disclosures' keys that `backup --secrets-file` kept.",
)
@click.option(
    "--accept-rollback",
    is_flag=True,
    help="Entries after the backup may be lost: keep the old log readable and start a successor.",
)
@click.option("--name", default=None, help="With --accept-rollback: name of the successor's first member.")
@click.option("--gln", default=None, help="With --accept-rollback: that member's GLN.")
@ledger_options
def command(
    folder: Path, secrets_file: Path | None, accept_rollback: bool, name: str | None, gln: str | None, **options: Any
) -> None:
    """Bring the backup FOLDER back into an empty store.

    The backup is audited first. The same log goes on only where the guard outside the store says that nothing signed
    is missing.
    """
    passphrase = read_passphrase(options["passphrase_file"], confirm=True) if accept_rollback else None
    with Drawn("restore") as drawn:
        restored = restore_store(
            folder,
            options["store"],
            secrets=options["secrets"],
            secrets_file=secrets_file,
            keys=options["keys"],
            guard=options["guard"],
            accept_rollback=accept_rollback,
            name=name,
            gln=gln,
            passphrase=passphrase,
            progress=drawn.update,
        )
    context = {
        "origin": restored.origin,
        "size": restored.size,
        "location": restored.location,
        "successor": restored.successor,
        "store": options["store"],
    }
    code = "restore-told" if restored.successor is None else "restore-told-successor"
    click.echo(sentence(code, context, current_language()))
