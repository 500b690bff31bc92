"""`filiera recall`: what a recall of a lot touches; drills, opening, ending, and the public notice."""

import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import click

from api.cli.context import current_language, read_passphrase, write_output
from api.cli.ledger import ledger_options, open_ledger
from api.cli.recall_status import print_status
from api.verbs import recall as verbs
from api.verbs.recall_notice import notices
from api.verbs.recalls import MOST, list_recalls, recall_status
from exporters.format import MissingData
from exporters.formats import recall_notice
from exporters.preflight import missing_lines
from ledger.audience import full
from ledger.custody.recalls import Changed, Drill
from ledger.lots.figures import PIECES
from ledger.lots.mixing import mixed
from ledger.node import Node
from ledger.readside.recall_report import Report
from ledger.readside.recall_tree import steps_tree, summed, tree
from schemas.errors import InputError
from schemas.syntax import base64url
from schemas.wording import Language, sentence

_MOST_SHOWN = 20


@click.command(name="recall")
@click.argument("lot", required=False)
@click.option(
    "--status",
    is_flag=True,
    help="Say only whether LOT is recalled, since when, by whom and why; without LOT, list the recalls that stand.",
)
@click.option(
    "--drill", is_flag=True, help="Log the answer as a drill: signed, with its clock and the report's digest."
)
@click.option("--open", "opening", is_flag=True, help="Record the recall on every affected lot and unit of the member.")
@click.option("--close", "closing", is_flag=True, help="End the recall on everything on which it stands.")
@click.option("--notice", default=None, help="Write the public notice to this file, HTML or JSON by its ending.")
@click.option("--reason", default=None, help="Why it is recalled, in words for everybody; for --open and --notice.")
@click.option(
    "--warnings",
    default=None,
    help="What who bought it shall do (default: not to eat it and to bring it back); for --open and --notice.",
)
@click.option("--member", default=None, help="Member that recalls (default: the one whose gateway key is here).")
@click.option(
    "--as-of", default=None, metavar="TIME", help="What a drill would have shown at a day's end or an instant."
)
@click.option(
    "--mixing",
    multiple=True,
    metavar="URI=RULE",
    help="The rule of a tank or silo, before that of master data: cycle (all since it was empty) or fifo (first in, "
    "first out). May be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: the whole report.")
@ledger_options
def command(
    lot: str | None,
    status: bool,
    drill: bool,
    opening: bool,
    closing: bool,
    notice: str | None,
    reason: str | None,
    warnings: str | None,
    member: str | None,
    as_of: str | None,
    mixing: tuple[str, ...],
    as_json: bool,
    **options: Any,
) -> None:
    """Report what a recall of LOT touches: lots, units, customers with contacts, and where every kilogram is.

    Without --drill, --open or --close it writes nothing to the ledger. The past (--as-of) can only be asked about.
    """
    needs = opening or notice is not None
    if (
        drill + opening + closing + status + (notice is not None) > 1
        or needs != (reason is not None)
        or (warnings and not needs)
        or (as_of is not None and (drill or opening or closing or notice is not None))
        or (mixing and (closing or status or notice is not None))
    ):
        raise InputError("recall-what")
    if lot is None and not status:
        raise InputError("recall-which")
    writes = drill or opening or closing
    passphrase = None if writes else read_passphrase(options["passphrase_file"])
    with open_ledger(options, write=writes, passphrase=passphrase) as node:
        if status or lot is None:
            _status(node, lot, as_of, as_json=as_json)
        elif notice is not None and reason is not None:
            _notice(node, lot, notice, reason, warnings, member)
        elif drill:
            found, logged = verbs.drill(node, lot, audience=full(), member=member, mixing=mixing)
            _told(found, as_json=as_json, more=_drilled(logged))
        elif opening and reason is not None:
            found, changed = verbs.open_recall(
                node, lot, reason, audience=full(), member=member, warnings=warnings, mixing=mixing
            )
            _changed(found, changed, "recall-opened", as_json=as_json)
        elif closing:
            found, changed = verbs.close_recall(node, lot, audience=full(), member=member)
            _changed(found, changed, "recall-closed", as_json=as_json)
        else:
            found = verbs.recall(node, lot, audience=full(), as_of=as_of, mixing=mixing)
            _told(found, as_json=as_json, more={})


def _status(node: Node, lot: str | None, as_of: str | None, *, as_json: bool) -> None:
    """Whether one lot is recalled, or all recalls that stand."""
    if lot is not None:
        print_status(recall_status(node, lot, audience=full(), as_of=as_of), as_json=as_json)
        return
    after: str | None = None
    while True:
        page = list_recalls(node, audience=full(), as_of=as_of, after=after, limit=MOST)
        print_status(page, as_json=as_json)
        after = page.next
        if after is None:
            return


def _notice(node: Node, lot: str, file: str, reason: str, warnings: str | None, member: str | None) -> None:
    language = current_language()
    if file.lower().endswith(".pdf"):
        raise InputError("recall-notice-ending", file=file)
    said = warnings or sentence("recall-notice-default", {}, language)
    try:
        made = notices(node, lot, reason=reason, warnings=said, audience=full(), member=member)
    except MissingData as error:
        for line in missing_lines(error, language):
            click.echo(line, err=True)
        raise
    if file.lower().endswith(".json"):
        data = json.dumps([recall_notice.tree(item, language) for item in made], ensure_ascii=False, indent=2).encode()
    else:
        data = recall_notice.pages(made, language).encode()
    write_output(file, data)


def _drilled(logged: Drill) -> dict[str, Any]:
    digest = base64url.encode(logged.digest)
    return {"drill": {"index": logged.index, "leaf": base64url.encode(logged.leaf), "id": logged.id, "report": digest}}


def _changed(found: Report, changed: Changed, code: str, *, as_json: bool) -> None:
    if as_json:
        said = {
            "number": changed.number, "lots": list(changed.lots), "units": list(changed.units),
            "entries": list(changed.entries), "already": changed.already,
        }  # fmt: skip
        click.echo(json.dumps({"subject": found.recall.subject, **said}))
        return
    for index in changed.entries:
        click.echo(index)
    if not changed.entries:
        code = "recall-already"
    told = {
        "lots": len(changed.lots), "units": len(changed.units), "already": changed.already, "number": changed.number,
    }  # fmt: skip
    print(sentence(code, told, current_language()), file=sys.stderr)  # noqa: T201


def _told(found: Report, *, as_json: bool, more: dict[str, Any]) -> None:
    if as_json:
        click.echo(json.dumps({**tree(found), "steps": steps_tree(found), **more}, ensure_ascii=False))
        return
    for line in _lines(found):
        click.echo(line)
    if more:
        print(sentence("recall-drilled", more["drill"], current_language()), file=sys.stderr)  # noqa: T201


def _lines(found: Report) -> list[str]:
    """The report for reading: a line a fact, its columns parted by tabs."""
    recall, language = found.recall, current_language()

    def word(code: str, **context: object) -> str:
        return sentence(f"recall-{code}", context, language)

    none = word("not-shown")
    seconds = (found.answered - found.asked).total_seconds()
    lines = [word("line-subject", subject=recall.subject)]
    if found.question.moment is not None:
        lines.append(word("line-as-of", moment=found.question.moment.isoformat()))
    lines.append(
        word("line-clock", seconds=f"{seconds:.3f}", percent=none if recall.percent is None else recall.percent)
    )
    for measure, item in recall.totals.items():
        names = ("born", "used", "shipped", "in_stock", "destroyed", "unaccounted")
        shown = {name: _amount(getattr(item, name)) for name in names}
        lines.append(word("line-totals", measure=_measure(measure, language), **shown))
    lines += [f"{word('line-mixing')}\t{_mixing(item, word)}" for item in map(mixed, recall.mixing)]
    lines += [
        "\t".join(filter(None, (word("line-lot"), uri, _figures(found, uri, language), found.product(uri).get("name"))))
        for uri in recall.lots[:_MOST_SHOWN]
    ]
    lines += _more(len(recall.lots), word)
    for customer in recall.customers:
        name = found.name(customer.uri) or customer.uri or none
        sums = _sums(summed(customer.shipped), language)
        who = "; ".join(_contact(item) for item in found.contacts(customer)) or none
        lines.append(f"{word('line-customer')}\t{name}\t{sums or none}\t{len(customer.units)}\t{who}")
    lines += [
        f"{word('line-stock')}\t{item.lot}\t{_sums({item.measure: item.amount}, language)}\t"
        f"{found.name(item.place) or item.place or item.member}"
        for item in recall.stock[:_MOST_SHOWN]
    ]
    lines += _more(len(recall.stock), word)
    lines += [f"{word('line-gap')}\t{sentence(gap.code, gap.context, language)}" for gap in found.gaps[:_MOST_SHOWN]]
    return lines + _more(len(found.gaps), word)


def _mixing(item: Mapping[str, Any], word: Any) -> str:
    where = item["site"] or word(f"mixing-{item['source']}")
    return f"{item['id']}\t{word('mixing-' + item['rule'])}\t{where}"


def _more(count: int, word: Any) -> list[str]:
    return [word("line-more", count=count - _MOST_SHOWN)] if count > _MOST_SHOWN else []


def _figures(found: Report, lot: str, language: Language) -> str:
    figures = found.recall.figures.get(lot, {})
    return _sums({measure: item.born for measure, item in figures.items() if item.born}, language) or "-"


def _sums(amounts: Mapping[str, Decimal], language: Language) -> str:
    return ", ".join(f"{_amount(amount)} {_measure(measure, language)}" for measure, amount in amounts.items())


def _measure(measure: str, language: Language) -> str:
    return {"KGM": "kg", PIECES: sentence("recall-pieces", {}, language)}.get(measure, measure)


def _amount(value: Decimal) -> str:
    return format(value, "f")


def _contact(item: dict[str, Any]) -> str:
    return ", ".join(str(item[name]) for name in ("name", "phone", "email") if item.get(name))
