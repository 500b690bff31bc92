"""`filiera events`: the events that a query of the standard finds.

Parameters are those of EPCIS 2.0 SimpleEventQuery, written as in a URL. Standard output has a line for each event:
index, event time, type, business step and eventID, or with `--json` the event itself as EPCIS returns it.
"""

import sys
from typing import Any

import click

from api.cli.context import current_language, read_passphrase
from api.cli.ledger import ledger_options, open_ledger
from api.verbs.events import find_events, read_events
from ledger.audience import full
from ledger.node import Node
from ledger.store.query_place import Place
from schemas.epcis.query import Query, parse_query
from schemas.errors import InputError
from schemas.gs1.recognise import recognise
from schemas.syntax import json_text
from schemas.wording import sentence

PAGE = 200
_SHOWN = ("eventTime", "type", "bizStep", "eventID")


@click.command("events")
@click.argument("parameters", nargs=-1, metavar="[PARAM=VALUE]...")
@click.option("--limit", type=click.IntRange(min=1), default=30, show_default=True, help="How many events at most.")
@click.option(
    "--prefix",
    "prefixes",
    multiple=True,
    metavar="NAME=URI",
    help="What a prefix of extension fields means; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print each event as EPCIS returns it, a JSON object a line.")
@ledger_options
def command(parameters: tuple[str, ...], limit: int, prefixes: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Find events by the parameters of the standard, such as EQ_bizStep=shipping or MATCH_anyEPC=URI.

    `|` sets the values of a list apart. A lot, item or unit may be written as an element string: (01)…(10)….
    """
    query = _query(parameters, dict(_pair(text) for text in prefixes))
    passphrase = read_passphrase(options["passphrase_file"])
    with open_ledger(options, write=False, passphrase=passphrase) as node:
        more = _show(node, query, limit, as_json=as_json)
    if more:
        print(f"filiera: {sentence('events-more', {'limit': limit}, current_language())}", file=sys.stderr)  # noqa: T201


def _query(texts: tuple[str, ...], prefixes: dict[str, str]) -> Query:
    given: dict[str, list[str]] = {}
    for text in texts:
        name, value = _pair(text)
        given.setdefault(name, []).append(_linked(value))
    return parse_query(given, prefixes=prefixes)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InputError("parameter-form", value=text[:120])
    return name, value


def _linked(value: str) -> str:
    """Element strings as Digital Links; everything else as written."""
    parts = value.split("|")
    return "|".join(recognise(part).digital_link if part.startswith("(") else part for part in parts)


def _show(node: Node, query: Query, limit: int, *, as_json: bool) -> bool:
    """Print what is found, a page at a time; whether there is more."""
    place: Place | None = None
    while limit > 0:
        found = find_events(node, query, audience=full(), limit=min(limit, PAGE), after=place)
        for answer, event in read_events(node, found.indexes, audience=full()):
            if as_json:
                click.echo(json_text.write(event).decode("utf-8"))
            else:
                click.echo("\t".join([str(answer.index), *(str(event.get(name) or "-") for name in _SHOWN)]))
        limit, place = limit - len(found.indexes), found.next
        if place is None:
            return False
    return True
