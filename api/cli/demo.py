"""`filiera demo`: a chain of three cooperatives over two seasons, and what a newcomer should look at."""

import os
from pathlib import Path

import click

from api.cli.context import current_language, policies_folder
from api.cli.progress import Drawn
from api.demo.identifiers import DIGITAL_LINK
from api.demo.play import PASSPHRASE, Played
from api.verbs.demo import demo
from schemas.wording import sentence


@click.command("demo")
@click.option(
    "--store", default="filiera-demo", show_default=True, metavar="FOLDER", help="Where the demonstration is made."
)
def command(store: str) -> None:
    """Build a believable chain of three cooperatives, two seasons, ready to verify.

    An earlier demonstration in the same folder is replaced; any other folder is left alone.
    """
    with Drawn("demo") as drawn:
        played = demo(Path(store), policies=policies_folder(), progress=drawn.update)
    click.echo(_told(played, store))


def _told(played: Played, store: str) -> str:
    bundle = played.bundles[0]
    context = {
        "store": store,
        "origin": played.origin,
        "entries": played.entries,
        "events": played.events,
        "bundles": len(played.bundles),
        "bundle": _near(bundle),
        "folder": _near(bundle.parent),
        "received": _near(played.altered.parent),
        "recalled": played.recalled,
        "drill": played.drill,
        "finished": played.finished,
        "sheets": _near(played.sheets),
        "verifier": _near(played.verifier),
        "digest": played.digest,
        "page": "/lotto/" + played.finished.removeprefix(f"{DIGITAL_LINK}/"),
        "passphrase": PASSPHRASE.decode("ascii"),
    }
    return sentence("demo-told", context, current_language())


def _near(path: Path) -> str:
    return os.path.relpath(path)
