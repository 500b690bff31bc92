"""`filiera convert`: an EPCIS document into another of its forms; what that form cannot carry on standard error."""

from datetime import UTC, datetime

import click

from api.cli.context import current_language, read_input, write_output
from api.verbs.convert import FORMATS, Format, convert
from schemas.gs1.company_prefix import CompanyPrefixes
from schemas.wording import explain


@click.command("convert")
@click.argument("file", metavar="FILE")
@click.option("--to", type=click.Choice(FORMATS), required=True, help="The form to write.")
@click.option(
    "--company-prefix",
    "prefixes",
    multiple=True,
    metavar="PREFIX",
    help="A GS1 company prefix that is known, 4 to 12 digits; lets 1.2 write a Digital Link as a URN. May be repeated.",
)
def command(file: str, to: Format, prefixes: tuple[str, ...]) -> None:
    """Convert an EPCIS document between JSON-LD and XML, 2.0 and 1.2.

    FILE is a document in JSON-LD (2.0) or XML (2.0 or 1.x), an event or a list of events; `-` is standard input. The
    result goes to standard output, and a line for everything it cannot carry to standard error.
    """
    created = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    converted = convert(read_input(file), to=to, created=created, name=file, prefixes=CompanyPrefixes(prefixes))
    write_output(None, converted.data)
    for loss in converted.losses:
        click.echo(f"filiera: {explain(loss, current_language())} [{loss.code}]", err=True)
