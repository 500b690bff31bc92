"""`filiera erase`: erase what entries say, on a legal ground."""

import json
import sys
from dataclasses import asdict
from typing import Any

import click

from api.cli.context import ENTRY, confirm, current_language
from api.cli.ledger import ledger_options, open_ledger
from api.verbs import erase as verbs
from ledger.node import Node
from schemas.errors import InputError
from schemas.syntax import base64url
from schemas.wording import sentence


@click.command(name="erase")
@click.argument("entry", nargs=-1, type=ENTRY)
@click.option("--lot", default=None, help="All entries of the member about this lot or unit.")
@click.option(
    "--member", default=None, help="Member whose entries --lot means (default: the one whose admin key is here)."
)
@click.option(
    "--part",
    "parts",
    multiple=True,
    help="JSON pointer of what goes, as --list shows it; it may be given several times (default: everything).",
)
@click.option("--ground", default=None, help="The legal ground. It is public and stays for ever: name no person in it.")
@click.option("--yes", is_flag=True, help="Do not ask; needed where there is no terminal.")
@click.option("--list", "listing", is_flag=True, help="Erase nothing: list what is held of ENTRY.")
@click.option("--finish", is_flag=True, help="Carry out what was declared and is not erased yet.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@ledger_options
def command(entry: tuple[int, ...], lot: str | None, ground: str | None, yes: bool, **options: Any) -> None:
    """Erase what ENTRY says, or parts of it: keys, texts, and every copy that queries read.

    The log keeps the entry, which is only digests, and says who erased what on which ground; every proof stays valid.
    It cannot be undone. Copies that others were given, and older backups with their secrets, are not reached.
    """
    listing, finish = options["listing"], options["finish"]
    wanted = bool(entry) + (lot is not None) + finish
    if wanted != 1 or (listing and (finish or lot is not None)) or (ground is None) != (listing or finish):
        raise InputError("erase-what")
    if ground is not None and not yes:
        if not sys.stdin.isatty():
            raise InputError("erase-unconfirmed")
        confirm("erase-ask")
    with open_ledger(options) as node:
        if listing:
            _list(node, entry, as_json=options["as_json"])
        elif finish:
            verbs.finish(node)
        else:
            assert ground is not None
            chosen = verbs.about(node, lot, member=options["member"]) if lot is not None else list(entry)
            _told(verbs.erase(node, chosen, pointers=options["parts"], ground=ground), as_json=options["as_json"])


def _list(node: Node, entries: tuple[int, ...], *, as_json: bool) -> None:
    for index in entries:
        for item in verbs.list_held(node, index):
            shown = {"entry": index, "part": item.pointer, "digest": base64url.encode(item.digest)}
            click.echo(json.dumps(shown, ensure_ascii=False) if as_json else f"{index}\t{item.pointer}")


def _told(erased: verbs.Erased, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(erased)))
        return
    for index in erased.erasures:
        click.echo(index)
    told = {"disclosures": erased.disclosures, "entries": len(erased.entries)}
    print(sentence("erase-told", told, current_language()), file=sys.stderr)  # noqa: T201
