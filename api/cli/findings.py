"""`filiera findings`: what does not add up, in the whole ledger or about one lot."""

import json
import sys
from typing import Any

import click

from api.cli.context import current_language, read_passphrase
from api.cli.ledger import ledger_options, open_ledger
from api.verbs.findings import MOST, MOST_DAYS, list_findings, said
from ledger.audience import full
from ledger.lots.findings.rules import DAYS
from schemas.wording import sentence


@click.command("findings")
@click.argument("lot", required=False)
@click.option("--code", default=None, help="Only findings of this code.")
@click.option("--member", default=None, help="Only those about what this member recorded.")
@click.option("--as-of", default=None, metavar="TIME", help="As known at a day or an instant (default: now).")
@click.option("--since", default=None, metavar="TIME", help="Only about what was logged on that day, then, or later.")
@click.option("--entries", default=None, metavar="FIRST-LAST", help="Only about entries from FIRST to LAST.")
@click.option(
    "--days",
    type=click.IntRange(min=0, max=MOST_DAYS),
    default=DAYS,
    show_default=True,
    help="Days after which a shipment without a receipt was never received.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a finding, with its causes and values.")
@ledger_options
def command(
    lot: str | None,
    code: str | None,
    member: str | None,
    as_of: str | None,
    since: str | None,
    entries: str | None,
    days: int,
    as_json: bool,
    **options: Any,
) -> None:
    """List what does not add up, in the whole ledger or about a LOT, with what to do.

    Each line: the entry to look at, the code, and a sentence. A finding stands until a correction mends it.
    """
    language, after, count = current_language(), None, 0
    with open_ledger(options, write=False, passphrase=read_passphrase(options["passphrase_file"])) as node:
        while True:
            found, after = list_findings(
                node, audience=full(), after=after, limit=MOST,
                lot=lot, member=member, code=code, as_of=as_of, days=days, since=since, entries=entries
            )  # fmt: skip
            for item in found:
                shown = said(item, language)
                text = json.dumps(shown, ensure_ascii=False) if as_json else "\t".join(_columns(shown))
                click.echo(text)
            count += len(found)
            if after is None:
                break
    if not count:
        print(f"filiera: {sentence('findings-none', {}, language)}", file=sys.stderr)  # noqa: T201


def _columns(shown: dict[str, Any]) -> tuple[str, str, str]:
    return str(shown["index"]), shown["code"], shown["text"]
