"""`filiera audit`: the whole log recomputed, here or at a URL."""

import json
import os
import sys
from typing import Any

import click

from api.cli.context import current_language, policies_folder, read_input, read_passphrase
from api.cli.ledger import ledger_options, open_ledger
from api.cli.progress import Drawn
from api.verbs.audit import audit_remote, audit_store
from ledger.custody.audit import Account
from ledger.trust import KnownLogs
from schemas.syntax import base64url
from schemas.wording import sentence


@click.command("audit")
@click.argument("place", required=False, metavar="[URL|FOLDER]")
@click.option("--policy", default=None, metavar="FILE", help="Policy of the log (default: the logs you trust).")
@click.option("--workers", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Processes to work with.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@ledger_options
def command(place: str | None, policy: str | None, workers: int, as_json: bool, **options: Any) -> None:
    """Recompute everything from stored bytes, or from a remote log's tiles alone.

    Leaves, tiles, checkpoint, lanes, registry, snapshots and every signature; with a store at hand its rows, the
    checkpoints it keeps and, where a passphrase is given, every disclosure. The first thing that is wrong is named.
    """
    text = read_input(policy) if policy is not None else None
    known = KnownLogs(policies_folder())
    with Drawn("audit") as drawn:
        if place is not None:
            account = audit_remote(place, known, policy=text, workers=workers, progress=drawn.update)
        else:
            account = _store(known, text, workers, drawn, options)
    click.echo(json.dumps(_json(account)) if as_json else _told(account))


def _store(known: KnownLogs, policy: bytes | None, workers: int, drawn: Drawn, options: dict[str, Any]) -> Account:
    locked = options["passphrase_file"] is None and not os.environ.get("FILIERA_PASSPHRASE") and not sys.stdin.isatty()
    passphrase = None if locked else read_passphrase(options["passphrase_file"])
    with open_ledger(options, write=False, passphrase=passphrase) as node:
        return audit_store(
            node,
            options["store"],
            options["secrets"],
            known,
            policy=policy,
            disclosures=passphrase is not None,
            workers=workers,
            progress=drawn.update,
        )


def _json(account: Account) -> dict[str, Any]:
    return {
        "origin": account.origin,
        "size": account.size,
        "root": base64url.encode(account.root),
        "fingerprint": account.vkey.fingerprint,
        "trusted": account.trusted,
        "tiles": account.tiles,
        "keys": account.keys,
        "members": account.members,
        "snapshots": account.snapshots,
        "disclosures": account.disclosures,
        "erased": account.erased,
    }


def _told(account: Account) -> str:
    language = current_language()
    told = [sentence("audit-told", _json(account), language)]
    if not account.disclosures:
        told.append(sentence("audit-told-no-disclosures", {}, language))
    if not account.trusted:
        told.append(sentence("audit-told-unknown-log", _json(account), language))
    return "\n".join(told)
