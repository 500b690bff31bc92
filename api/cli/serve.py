"""`filiera serve`: everything on one port."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from api.access import Access
from api.cli.context import current_language, policies_folder
from api.cli.ledger import ledger_options, open_ledger
from api.cli.terminal_qr import terminal_qr
from api.lan import Certified, Lan, local_address, local_names
from api.settings import ANONYMOUS, Anonymous, Settings
from api.verbs.account import first_owner
from ledger.surroundings import key_folder
from schemas.errors import InputError
from schemas.wording import Language, sentence

LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"


@click.command(name="serve")
@click.option("--host", default=LOOPBACK, show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option("--base-url", default="", help="Address that clients use, where a proxy stands before this server.")
@click.option(
    "--anonymous",
    type=click.Choice(ANONYMOUS),
    default="none",
    show_default=True,
    help="What is answered without credentials: nothing, or what members published.",
)
@click.option(
    "--entries",
    type=click.Choice(("open", "token")),
    default="open",
    show_default=True,
    help="Who may send signed entries: anybody, for they prove themselves, or who has a token.",
)
@click.option(
    "--allow-private-delivery",
    is_flag=True,
    help="Deliver to subscribers at private and loopback addresses too; for a server whose subscribers are your own.",
)
@click.option(
    "--tls",
    nargs=2,
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    metavar="CERT KEY",
    help="Speak TLS with this certificate (PEM, with those above it) and its key.",
)
@click.option(
    "--lan",
    is_flag=True,
    help="Serve phones in this local network: TLS by an authority made here, its address and a QR printed.",
)
@ledger_options
def command(
    host: str,
    port: int,
    base_url: str,
    anonymous: Anonymous,
    entries: str,
    allow_private_delivery: bool,
    tls: tuple[Path, Path] | None,
    lan: bool,
    **options: Any,
) -> None:
    """Serve the ledger over HTTP: EPCIS 2.0 under /epcis, our own interface under /api/v1, the log under /log.

    Phones sign and keep what they record only over TLS: --tls, or --lan in a packing house.

    Stops on Ctrl-C or SIGTERM; captures not yet worked wait in the store for the next start.
    """
    # The web framework is loaded by this command alone.
    from api.http.server import serve

    language = current_language()

    if lan and tls is not None:
        raise InputError("tls-or-lan")
    certified = certified_for_lan(options) if lan else None
    if certified is not None:
        tls = certified.certificate, certified.key
        host = host if host != LOOPBACK else EVERYWHERE

    def ready(url: str) -> None:
        click.echo(sentence("serve-told", {"url": url}, language))
        if certified is not None:
            click.echo(told_to_phones(url, certified, language))
        first = first_owner(node)
        if first is not None:
            click.echo(sentence("serve-first-owner", {"link": (settings.base_url or url) + first.path}, language))
        sys.stdout.flush()

    settings = Settings(
        host=host,
        port=port,
        base_url=base_url.rstrip("/"),
        anonymous=anonymous,
        open_entries=entries == "open",
        policies=policies_folder(),
        allow_private_delivery=allow_private_delivery,
        tls=tls is not None,
        authority=None if certified is None else certified.authority,
    )
    with open_ledger(options) as node:
        serve(node, settings, Access(node, settings), ready=ready, tls=tls)


def certified_for_lan(options: Mapping[str, Any]) -> Certified:
    """The certificate of this start, by the authority beside the ledger's keys."""
    folder = key_folder(options["store"], options["keys"]) / "lan"
    own = local_address()
    return Lan(folder, now=time.time(), own=[own]).certified(local_names(), [own, LOOPBACK])


def told_to_phones(url: str, certified: Certified, language: Language) -> str:
    """What a terminal shows: where phones begin, and what they compare."""
    port = url.rpartition(":")[2]
    begin = f"https://{local_address()}:{port}/campo/fiducia"
    said = sentence("serve-lan", {"url": begin, "fingerprint": certified.fingerprint}, language)
    return f"{said}\n{terminal_qr(begin)}"
