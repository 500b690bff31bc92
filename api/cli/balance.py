"""`filiera balance`: mass balance of lots, products, sites and members."""

import json
import sys
from typing import Any

import click

from api.balances import balances_json, figure, unit_of
from api.cli.context import current_language, read_input, read_passphrase
from api.cli.ledger import ledger_options, open_ledger
from api.verbs import balance as verbs
from ledger.audience import full
from ledger.lots.balance import FIGURES, Account, By
from ledger.lots.yielded import Yielded
from schemas.wording import sentence
from schemas.yields import read_bands


@click.command("balance")
@click.argument("lot", required=False)
@click.option("--by", type=click.Choice(verbs.BY), default=None, help="What an account is of (default: each product).")
@click.option("--product", default=None, help="Only lots of this product: a GTIN in any form.")
@click.option("--site", default=None, help="Only what happened at this site (a URI as events name it).")
@click.option("--member", default=None, help="Only the stock of this member (default: of all).")
@click.option("--from", "begins", default=None, help="First day or instant of the period.")
@click.option("--to", "until", default=None, help="Last day, or the instant at which the period ends.")
@click.option("--as-of", default=None, help="As the ledger knew it on that day or at that instant.")
@click.option("--yields", default=None, help="A table of yields of your own, instead of the one that comes along.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with accounts, totals and processes.")
@ledger_options
def command(lot: str | None, by: By | None, yields: str | None, as_json: bool, **options: Any) -> None:
    """Balance what was there, came, was used, shipped and lost, for everything or for one LOT.

    LOT is a Digital Link, an EPC URN, a bracketed element string, or the URI of a lot without a GTIN. A figure that
    cannot be known, because an amount or a net content is not recorded, is a dash: never zero.
    """
    bands = None if yields is None else read_bands(read_input(yields).decode("utf-8", "replace"))
    with open_ledger(options, write=False, passphrase=read_passphrase(options["passphrase_file"])) as node:
        found = verbs.balance(
            node, audience=full(), by=by or ("lot" if lot else "product"), lot=lot, product=options["product"],
            site=options["site"], member=options["member"], begins=options["begins"], until=options["until"],
            as_of=options["as_of"], yields=bands,
        )  # fmt: skip
    if as_json:
        click.echo(json.dumps(balances_json(found), ensure_ascii=False))
        return
    language = current_language()
    click.echo(sentence("balance-heading", {}, language).replace(" | ", "\t"))
    for account in found.accounts:
        click.echo(_line(account))
    for process in found.processes:
        click.echo(sentence(f"balance-{process.verdict or 'unjudged'}", _process(process), language))
    for account in found.accounts:
        if account.short:
            print(f"filiera: {sentence('balance-short', {'key': account.key}, language)}", file=sys.stderr)  # noqa: T201
    if found.units:
        said = sentence("balance-units", {"count": len(found.units), "unit": found.units[0]}, language)
        print(f"filiera: {said}", file=sys.stderr)  # noqa: T201


def _line(account: Account) -> str:
    figures = [figure(account.figures[name], account.dimension) or "-" for name in FIGURES]
    return "\t".join((account.key, unit_of(account.dimension) or "-", *figures))


def _process(process: Yielded) -> dict[str, Any]:
    source, target = process.dimensions
    return {
        "entries": ", ".join(map(str, process.entries)),
        "used": f"{figure(process.used, source) or '-'} {unit_of(source)}",
        "made": f"{figure(process.made, target) or '-'} {unit_of(target)}",
        "process": process.band.process if process.band else "-",
    }
