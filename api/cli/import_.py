"""`filiera import`: the sheets of an office, Excel or CSV, all rows or none."""

import json
import sys
from dataclasses import replace
from typing import Any

import click

from api.cli.context import EXIT_INPUT, current_language, read_input, write_output
from api.cli.ledger import ledger_options, open_ledger
from api.sheets_json import sheet_json
from api.verbs.sheets import KNOWN, Imported, Known, Looked, SheetRefused, import_sheet, look, place_of
from api.verbs.sheets import marked as marked_sheet
from schemas.errors import InputError
from schemas.sheets import columns
from schemas.sheets.columns import FIELDS, KINDS, Kind, SheetMapping
from schemas.sheets.values import Reading
from schemas.wording import explain, sentence


@click.command(name="import")
@click.argument("file")
@click.option("--kind", type=click.Choice(KINDS), default=None, help="What a row is (default: remembered, or guessed).")
@click.option(
    "--column", "chosen", multiple=True, metavar="FIELD=HEADER", help="Which column holds a field; may be repeated."
)
@click.option("--fixed", multiple=True, metavar="FIELD=TEXT", help="What every row has in common; may be repeated.")
@click.option("--days", type=click.Choice(("dmy", "mdy")), default=None, help="Order of the days that are texts.")
@click.option(
    "--decimal", type=click.Choice((",", ".")), default=None, help="Decimal sign of the numbers that are texts."
)
@click.option("--equal", is_flag=True, help="Rows that say the same are as many events.")
@click.option(
    "--known",
    type=click.Choice(KNOWN),
    default="ask",
    show_default=True,
    help="What becomes of rows that another file told before.",
)
@click.option("--preview", is_flag=True, help="Say what would be recorded, and record nothing.")
@click.option("--marked", default=None, metavar="FILE", help="Write the same sheet with what is wrong in a red column.")
@click.option("--member", default=None, help="Member to record for (default: the one whose gateway key is here).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@ledger_options
def command(
    file: str,
    kind: Kind | None,
    chosen: tuple[str, ...],
    fixed: tuple[str, ...],
    days: str | None,
    decimal: str | None,
    equal: bool,
    known: Known,
    preview: bool,
    marked: str | None,
    member: str | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Record the rows of FILE (.xlsx or .csv) as harvests, packings, shipments or arrivals: all of them, or none.

    How its columns are read is remembered for the next sheet with the same headers.
    """
    data = read_input(file)
    with open_ledger(options, write=not preview) as node:
        iss = member or node.own_member()
        looked = look(node, data, name=file, member=iss)
        mapping = _mapping(looked, kind, chosen, fixed, days, decimal)
        looked = replace(look(node, data, name=file, member=iss, mapping=mapping), remembered=looked.remembered)
        if marked is not None:
            write_output(marked, _red(data, looked))
        if preview:
            _show(looked, None, as_json)
            return EXIT_INPUT if looked.judged is None or looked.judged.faults else 0
        try:
            done = import_sheet(node, data, name=file, member=iss, mapping=mapping, equal=equal, known=known)
        except SheetRefused as refused:
            for fault in refused.faults:
                told = explain(fault.error, current_language())
                print(f"filiera: {place_of(fault)}: {told} [{fault.error.code}]", file=sys.stderr)  # noqa: T201
            raise
    _show(looked, done, as_json)
    return 0


def _mapping(
    looked: Looked,
    kind: Kind | None,
    chosen: tuple[str, ...],
    fixed: tuple[str, ...],
    days: str | None,
    decimal: str | None,
) -> SheetMapping:
    """What was remembered or guessed, with what the options say in its place."""
    base = looked.mapping if kind in (None, looked.mapping.kind) else columns.guess(looked.headers, kind)
    places = dict(base.columns)
    for name, header in _pairs(chosen, base.kind):
        found = [place for place, each in enumerate(looked.headers) if columns.plain(each) == columns.plain(header)]
        if len(found) != 1:
            raise InputError("import-header", header=header[:80], known=", ".join(filter(None, looked.headers))[:400])
        places[name] = found[0]
    told = {**base.fixed, **dict(_pairs(fixed, base.kind))}
    places = {name: place for name, place in places.items() if name not in dict(_pairs(fixed, base.kind))}
    reading = Reading(days or base.reading.days, decimal or base.reading.decimal)  # type: ignore[arg-type]
    return columns.read(columns.write(SheetMapping(base.kind, places, told, reading)))


def _pairs(said: tuple[str, ...], kind: Kind) -> list[tuple[str, str]]:
    """`FIELD=…` of each; `InputError("import-field")` (exit 64) for a field that the kind has not."""
    known = [found.name for found in FIELDS[kind]]
    pairs = []
    for text in said:
        name, sign, value = text.partition("=")
        if not sign or name not in known:
            raise InputError("import-field", said=text[:80], known=", ".join(known))
        pairs.append((name, value))
    return pairs


def _red(data: bytes, looked: Looked) -> bytes:
    return marked_sheet(data, looked, current_language())


def _show(looked: Looked, done: Imported | None, as_json: bool) -> None:
    language = current_language()
    said = sheet_json(looked, done, language)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for fault in said["faults"]:
        click.echo(f"{fault['place']}\t{fault['text']}")
    if done is None:
        if said["lacking"]:
            click.echo(sentence("import-lacking", {"fields": ", ".join(said["lacking"])}, language))
        for group in said["equal"]:
            click.echo(sentence("import-equal", {"rows": ", ".join(map(str, group))}, language))
        for row, name in said["before"].items():
            click.echo(sentence("import-before", {"row": row, "file": name}, language))
        counts = {"rows": said["rows"], "events": said["events"], "kind": looked.mapping.kind}
        click.echo(sentence("import-preview", counts, language))
        return
    fresh = sum(not item["duplicate"] for item in said["captured"])
    counts = {"events": fresh, "repeated": len(said["captured"]) - fresh, "left": len(said["leftOut"])}
    click.echo(sentence("import-done", counts, language))
