"""`filiera trace`: where a lot comes from, or where it went, along time and with quantities."""

import sys
from typing import Any

import click

from api.cli.context import current_language, read_passphrase
from api.cli.ledger import ledger_options, open_ledger
from api.traced_json import time, tree
from api.verbs import trace as verbs
from ledger.audience import full
from ledger.lots.mixing import mixed
from ledger.lots.step import Amount, Flow
from ledger.lots.traced import MOST_STEPS
from ledger.readside.traced import Told
from schemas.epcis.instant import written
from schemas.syntax import json_text
from schemas.wording import sentence


@click.command("trace")
@click.argument("lot")
@click.option("--forward", is_flag=True, help="Where it went, instead of where it comes from.")
@click.option("--as-of", default=None, metavar="TIME", help="What the ledger knew at a day's end or at an instant.")
@click.option(
    "--limit",
    type=click.IntRange(1, verbs.MOST),
    default=verbs.PAGE,
    show_default=True,
    help="How many steps at most.",
)
@click.option("--after", default=None, metavar="NEXT", help="The page after this one: what it said as `next`.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object: lots, units, sites, parties, steps, links."
)
@click.option(
    "--mixing",
    multiple=True,
    metavar="URI=RULE",
    help="The rule of a tank or silo, before that of master data: cycle (all since it was empty) or fifo (first in, "
    "first out). May be repeated.",
)
@ledger_options
def command(
    lot: str,
    forward: bool,
    as_of: str | None,
    limit: int,
    after: str | None,
    mixing: tuple[str, ...],
    as_json: bool,
    **options: Any,
) -> None:
    """Trace LOT back to every origin, or forward to every customer, with the quantities of every step.

    LOT is a Digital Link, an EPC URN, a bracketed element string, or another absolute URI; a lot, an item or a unit.
    """
    passphrase = read_passphrase(options["passphrase_file"])
    with open_ledger(options, write=False, passphrase=passphrase) as node:
        answer = verbs.trace(
            node, lot, audience=full(), forward=forward, as_of=as_of, after=after, limit=limit, mixing=mixing
        )  # fmt: skip
    if as_json:
        click.echo(json_text.write_text(tree(answer)))
    else:
        _print(answer)
    said: list[tuple[str, dict[str, Any]]] = [("trace-next", {"next": answer.next})] if answer.next else []
    said += [] if answer.whole else [("trace-limit", {"limit": MOST_STEPS})]
    said += [("trace-cycle", {"lots": ", ".join(cycle)}) for cycle in answer.cycles]
    for code, context in said:
        print(f"filiera: {sentence(code, context, current_language())}", file=sys.stderr)  # noqa: T201


def _print(answer: verbs.Answer) -> None:
    """The lots and units, then a line a step, then those that were declared wrong, with the reason."""
    for word, uris in (("lot", answer.lots), ("item", answer.items), ("unit", answer.units)):
        for uri in uris:
            click.echo("\t".join(filter(None, (word, uri, answer.names.get(uri)))))
    for followed in answer.mixing:
        said = mixed(followed)
        click.echo(f"mixing\t{said['id']}\t{said['rule']}\t{said['site'] or said['source']}")
    for one in answer.steps:
        click.echo(_line("step", one))
    for one in answer.corrected:
        click.echo(_line("corrected", one))


def _line(word: str, one: Told) -> str:
    step = one.step
    if step is None:
        return f"{word}\t{one.index}\t-"
    when = ("-" if step.at is None else written(step.at), time(one.record_time) or "-")
    what = " ".join(map(_flow, step.flows))
    place = step.biz_location or step.read_point or "-"
    line = [word, str(one.index), *when, step.biz_step or step.type or "-", one.names.get(place, place), what]
    if one.correction is not None:
        line += [str(one.correction.index), one.correction.author, one.correction.reason or "-"]
    return "\t".join(line)


def _flow(flow: Flow) -> str:
    return f"{flow.role}:{flow.uri}" + (f"={_amount(flow.amount)}" if flow.amount else "")


def _amount(found: Amount) -> str:
    return f"{found.quantity}{found.uom or ''}"
