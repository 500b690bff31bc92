"""`filiera backup`: a copy of a running store."""

from pathlib import Path
from typing import Any

import click

from api.cli.context import current_language
from api.cli.ledger import ledger_options, open_ledger
from api.cli.progress import Drawn
from api.verbs.custody import save
from schemas.wording import sentence


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--secrets-file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Also keep the disclosures' keys, in this one file; an older copy there is overwritten.",
)
@ledger_options
def command(folder: Path, secrets_file: Path | None, **options: Any) -> None:
    """Copy a running store into the new folder FOLDER.

    Without --secrets-file the copy proves everything and discloses nothing. Key files are not part of a backup: keep
    a copy of them elsewhere.
    """
    with open_ledger(options, write=False) as node, Drawn("backup") as drawn:
        saved = save(node, folder, secrets=secrets_file, progress=drawn.update)
    context = {"folder": folder, "size": saved.size, "secrets": saved.secrets}
    click.echo(sentence("backup-told" if secrets_file is None else "backup-told-secrets", context, current_language()))
