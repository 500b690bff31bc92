"""`filiera id`: identifiers from the arguments or from standard input, one JSON object a line."""

import json
from collections.abc import Iterator

import click

from api.cli.context import EXIT_INPUT, current_language
from api.verbs.identify import identify
from schemas.gs1.company_prefix import CompanyPrefixes
from schemas.gs1.digital_link import check_stem


@click.command("id")
@click.argument("text", nargs=-1)
@click.option(
    "--company-prefix",
    "prefixes",
    multiple=True,
    metavar="PREFIX",
    help="A GS1 company prefix you license, 4 to 12 digits; lets a Digital Link be written as a URN. May be repeated.",
)
@click.option(
    "--domain",
    default=None,
    metavar="URL",
    help="Your own web address, as https://dop.example; adds a Digital Link under it with all that the text says.",
)
def command(text: tuple[str, ...], prefixes: tuple[str, ...], domain: str | None) -> int:
    """Read GS1 identifiers and write them in every form.

    Each TEXT is an EPC URN, a GS1 Digital Link or an element string, (01)…(10)…; without TEXT, or for `-`, they are
    read from standard input, one a line. Exits 65 if any is not valid.
    """
    known = CompanyPrefixes(prefixes)
    if domain is not None:
        check_stem(domain)
    language = current_language()
    valid = True
    for line in _texts(text):
        answer = identify(line, prefixes=known, domain=domain, language=language)
        valid = valid and bool(answer["valid"])
        click.echo(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
    return 0 if valid else EXIT_INPUT


def _texts(arguments: tuple[str, ...]) -> Iterator[str]:
    """The arguments as they are; standard input in place of `-` and when there are none, blank lines left out."""
    for argument in arguments or ("-",):
        if argument != "-":
            yield argument
            continue
        with click.open_file("-", encoding="utf-8", errors="replace") as lines:
            yield from (line.strip("\r\n") for line in lines if line.strip())
