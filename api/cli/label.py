"""`filiera label`: write the label of a lot or a pallet."""

from typing import Any

import click

from api.cli.context import current_language, write_output
from api.cli.ledger import ledger_options, open_ledger
from api.verbs.label import label
from exporters.format import MissingData
from exporters.labels.kinds import KINDS, suffix_of
from exporters.labels.sizes import RESOLUTIONS
from exporters.preflight import missing_lines
from ledger.audience import full


@click.command("label")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("thing", metavar="LOT|SSCC")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="The file to write: its name ends in .pdf, .svg, .png or .zpl.",
)
@click.option("--size", metavar="NAME", default=None, help="Its size (default: the first that holds everything).")
@click.option(
    "--dpi",
    type=click.Choice([str(dpi) for dpi in RESOLUTIONS]),
    default=None,
    help="Dots an inch of the printer (default: 300, and 203 for ZPL).",
)
@click.option(
    "--copies",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How many: pages of a PDF, prints of ZPL.",
)
@click.option("--tiled", is_flag=True, help="Put as many on an A4 sheet as it holds (PDF only).")
@click.option(
    "--domain", metavar="URL", default=None, help="Your own web address, which the consumer's link begins with."
)
@click.option("--net-weight", metavar="KG", default=None, help="Net kilograms of a case that is sold by weight.")
@click.option("--language", type=click.Choice(["it", "en"]), default=None, help="Language of the label.")
@ledger_options
def command(
    kind: str,
    thing: str,
    output: str,
    size: str | None,
    dpi: str | None,
    copies: int,
    tiled: bool,
    domain: str | None,
    net_weight: str | None,
    language: str | None,
    **options: Any,
) -> None:
    """Write the label of a LOT or of a logistic unit (its SSCC): every symbol on it was read back from its pixels.

    KIND is logistic (a unit), case, pti (case label of the Produce Traceability Initiative), consumer (EAN-13 and QR
    Code), or consumer-small (GS1 DataMatrix). What is missing is listed, with who can fill it, and nothing is written.
    """
    spoken = current_language()
    suffix = suffix_of(output)
    try:
        with open_ledger(options) as node:
            made = label(
                node, kind, thing, suffix=suffix, audience=full(), size=size, dpi=None if dpi is None else int(dpi),
                copies=copies, tiled=tiled, domain=domain, net_weight=net_weight,
                language=current_language({"lang": language}) if language else spoken,
            )  # fmt: skip
    except MissingData as error:
        for line in missing_lines(error, spoken):
            click.echo(line, err=True)
        raise
    write_output(output, made.data)
