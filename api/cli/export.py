"""`filiera export`: write a lot's proof, or a paper made from it, in a format that somebody asks for."""

from typing import Any, cast

import click

from api.cli.context import ENTRY, current_language, read_input, write_output
from api.cli.ledger import ledger_options, open_ledger
from api.verbs.export import export, read_template
from api.verbs.export_bundle import export_bundle
from api.verbs.publish import give
from exporters.catalogue import FORMATS
from exporters.format import Loss, MissingData
from exporters.preflight import missing_lines
from exporters.spill import chunks_of
from ledger.audience import AUDIENCES, full
from ledger.bundle import DIRECTIONS, Direction
from ledger.licences import own_gln
from ledger.node import Node
from ledger.readside.named import named
from schemas.errors import InputError
from schemas.wording import Language, sentence


class ByFormat(click.Group):
    """`filiera export fsma204 LOT` is `filiera export paper fsma204 LOT`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that these words call."""
        return super().resolve_command(ctx, ["paper", *args] if args and args[0] in FORMATS else args)


@click.group("export", cls=ByFormat)
def command() -> None:
    """Write a lot's proof in a format a buyer takes: `filiera formats` lists them."""


@command.command("bundle")
@click.argument("lot", required=False)
@click.option("-o", "--output", required=True, metavar="FILE", help="The file to write; - is standard output.")
@click.option("--direction", type=click.Choice(DIRECTIONS), default="back", show_default=True, help="Which history.")
@click.option("--entry", type=ENTRY, default=None, help="The event at this index, instead of a lot.")
@click.option(
    "--audience",
    type=click.Choice(sorted(AUDIENCES)),
    default="full",
    show_default=True,
    help="Who will look: full shows everything that is held, buyer what a buyer needs, public what a consumer may see.",
)
@click.option("--to", metavar="MEMBER", default=None, help="Member it is for: it sees these events in its account too.")
@ledger_options
def bundle(
    lot: str | None, output: str, direction: str, entry: int | None, audience: str, to: str | None, **options: Any
) -> None:
    """Write the bundle of a LOT: its whole history, checkable offline by anybody.

    LOT is a Digital Link, an EPC URN, an element string such as (01)09520001000011(10)P-7, or another absolute URI.
    """
    if to is not None and audience != "full":
        raise InputError("give-public")
    with open_ledger(options) as node:
        asked, looking = cast(Direction, direction), AUDIENCES[audience]()
        data = export_bundle(
            node, lot, entry=entry, direction=asked, audience=looking, naming=named(node, full(), looking)
        )
        if to is not None:
            give(node, data, to, audience=looking)
    write_output(output, data)


@command.command("paper")
@click.argument("format", type=click.Choice(list(FORMATS)))
@click.argument("lots", nargs=-1, metavar="LOT…")
@click.option("-o", "--output", required=True, metavar="FILE", help="The file to write; - is standard output.")
@click.option(
    "--audience",
    type=click.Choice(sorted(AUDIENCES)),
    default="buyer",
    show_default=True,
    help="Who will look: full shows everything that is held, buyer what a buyer needs, public what a consumer may see.",
)
@click.option("--profile", metavar="NAME", default="standard", show_default=True, help="What one buyer asks beyond it.")
@click.option(
    "--template",
    metavar="FILE",
    default=None,
    help="Of the format template: your own, as `formats --template` prints one.",
)
@click.option(
    "--direction", type=click.Choice(DIRECTIONS), default=None, help="Which history, if not the format's own."
)
@click.option(
    "--document", metavar="NUMBER", default=None, help="The delivery note that it is of, instead of LOT or beside it."
)
@click.option("--language", type=click.Choice(["it", "en"]), default=None, help="Language of the file.")
@click.option("--bare", is_flag=True, help="The file alone, of a format that travels in a ZIP beside its proof.")
@ledger_options
def paper(
    format: str,
    lots: tuple[str, ...],
    output: str,
    audience: str,
    profile: str,
    template: str | None,
    direction: str | None,
    document: str | None,
    language: str | None,
    bare: bool,
    **options: Any,
) -> None:
    """Write a file about one LOT or several in a FORMAT, with its proof inside: `verify` checks it.

    A paper of one despatch names its delivery note, by number or URI: --document 2026-1.

    What is missing is listed, with who can fill it, and nothing is written. What the format cannot carry is said.
    """
    spoken = current_language()
    own = read_template(read_input(template), template) if template is not None else None
    try:
        with open_ledger(options) as node:
            made = export(
                node, format, lots, audience=full(), to=AUDIENCES[audience](), profile=profile,
                language=current_language({"lang": language}) if language else spoken,
                direction=cast(Direction | None, direction), bare=bare, document=document, template=own,
                issuer=_issuer(node) if document and ":" not in document else None,
            )  # fmt: skip
    except MissingData as error:
        for line in missing_lines(error, spoken):
            click.echo(line, err=True)
        raise
    write_output(output, chunks_of(made.file))
    for loss in made.losses:
        click.echo(_said(loss, spoken), err=True)


def _said(loss: Loss, language: Language) -> str:
    """What a format cannot carry, with the entry it is in."""
    text = sentence(loss.code, {"index": loss.index, **loss.context}, language)
    return text if loss.index is None else sentence("export-loss-at", {"index": loss.index, "text": text}, language)


def _issuer(node: Node) -> str | None:
    """Whose number a bare one is: the member's whose key is here."""
    return own_gln(node.registry.member(node.own_member()), node.entry)
