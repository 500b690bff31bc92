"""`filiera serve`: everything on one port."""

import sys
from typing import Any

import click

from api.access import Access
from api.cli.context import current_language, policies_folder
from api.cli.ledger import ledger_options, open_ledger
from api.settings import ANONYMOUS, Anonymous, Settings
from api.verbs.account import first_owner
from schemas.wording import sentence


@click.command(name="serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
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
@ledger_options
def command(
    host: str,
    port: int,
    base_url: str,
    anonymous: Anonymous,
    entries: str,
    allow_private_delivery: bool,
    **options: Any,
) -> None:
    """Serve the ledger over HTTP: EPCIS 2.0 under /epcis, our own interface under /api/v1, the log under /log.

    Stops on Ctrl-C or SIGTERM; captures not yet worked wait in the store for the next start.
    """
    # The web framework is loaded by this command alone.
    from api.http.server import serve

    language = current_language()

    def ready(url: str) -> None:
        click.echo(sentence("serve-told", {"url": url}, language))
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
    )
    with open_ledger(options) as node:
        serve(node, settings, Access(node, settings), ready=ready)
