"""`filiera season`: what a season gave, by product, site and week, and the events behind each figure."""

import json
from typing import Any, Literal

import click

from api.cli.context import current_language, read_passphrase
from api.cli.ledger import ledger_options, open_ledger
from api.season_json import behind_tree, kilos_tree, lot_tree, plain, process_tree, season_tree
from api.verbs import season as verbs
from api.verbs.season import Period
from ledger.audience import full
from ledger.lots.kilos import MOVING, Row
from ledger.node import Node
from schemas.wording import sentence

Of = Literal["events", "processes", "lots"]
_HIDDEN = "-"


@click.command("season")
@click.option("--from", "begins", default=None, help="First day (default: 52 weeks before the last).")
@click.option("--to", "until", default=None, help="Last day, which counts whole (default: today).")
@click.option("--product", default=None, help="Only lots of this product: a GTIN in any form.")
@click.option("--site", default=None, help="Only what happened at this site (a URI as events name it).")
@click.option("--member", default=None, help="Only the stock of this member (default: of all).")
@click.option("--list", "of", type=click.Choice(["events", "processes", "lots"]), default=None,
              help="List what is behind the figures: an object a line.")  # fmt: skip
@click.option("--figure", default=None, help="Of the events, only those of this figure.")
@click.option("--week", default=None, help="Of the events, only those of this week (2026-W30).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with every figure.")
@ledger_options
def command(of: Of | None, figure: str | None, week: str | None, as_json: bool, **options: Any) -> None:
    """Show what a season gave: kilograms by product, site and week, yields, waste, hours from harvest to shipping.

    A figure of which a line cannot become kilograms is a dash: never zero. Days and weeks are Italy's.
    """
    with open_ledger(options, write=False, passphrase=read_passphrase(options["passphrase_file"])) as node:
        period = verbs.period_of(
            node, audience=full(), begins=options["begins"], until=options["until"], product=options["product"],
            site=options["site"], member=options["member"],
        )  # fmt: skip
        if of is not None:
            _list(node, period, of, figure, week)
            return
        found = verbs.season(node, period, audience=full())
        told = season_tree(found, verbs.season_names(node, audience=full()))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    language = current_language()
    click.echo(sentence("season-heading", {}, language).replace(" | ", "\t"))
    for key, row in (*found.by_product.items(), *found.by_site.items()):
        click.echo(_line(key or _HIDDEN, row))
    for each, row in found.by_week.items():
        click.echo(_line(each.name, row))
    click.echo(_line(sentence("season-all", {}, language), found.total))
    said = {name: told[name] if told[name] is not None else _HIDDEN for name in ("hours", "lots", "lost", "processes")}
    click.echo(sentence("season-besides", {**said, "findings": sum(found.findings.values())}, language))


def _line(key: str, row: Row) -> str:
    return "\t".join((key, *(plain(row[figure].kilograms) or _HIDDEN for figure in MOVING)))


def _list(node: Node, period: Period, of: Of, figure: str | None, week: str | None) -> None:
    match of:
        case "events":
            lines, total = verbs.season_events(node, period, audience=full(), figure=figure, week=week)
            rows = [*(behind_tree(line, period) for line in lines), {"total": kilos_tree(total)}]
        case "processes":
            rows = [process_tree(each, period) for each in verbs.season_processes(node, period, audience=full())]
        case "lots":
            lots, unharvested = verbs.season_lots(node, period, audience=full())
            rows = [*(lot_tree(lot, period) for lot in lots), {"unharvested": unharvested}]
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))
