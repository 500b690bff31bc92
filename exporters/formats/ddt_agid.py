"""The Italian electronic delivery note: the DDT profile of AgID upon Peppol's despatch advice, UBL 2.1.

- Beyond Peppol it wants whole addresses, VAT numbers and tax codes of parties in Italy, the carrier with its address,
  packages, gross weight, and why the goods travel.

    content(paper)

AgID, regole tecniche del documento di trasporto elettronico, release 3.2.1; DPR 472/1996; FORMATS 2.4.
"""

from collections.abc import Iterator

from exporters.facts.shipping import Despatch
from exporters.format import Format, Missing, Need, Paper
from exporters.formats import despatch_note, ubl, ubl_despatch
from schemas.syntax.xml_text import Element


def content(paper: Paper) -> Element:
    """The document."""
    return ubl_despatch.held(ubl.document(despatch_note.chosen(paper), paper.language, "agid"), "agid")


def missing(paper: Paper) -> Iterator[Missing]:
    """What the Italian profile cannot do without."""
    asked = despatch_note.goods, despatch_note.traders, despatch_note.transport, despatch_note.addresses
    yield from despatch_note.missing(paper, *asked, _weighed, _numbered)


def _weighed(note: Despatch) -> Iterator[Missing]:
    if note.gross is None:
        yield Missing("grossWeightKg", note.number, "recorder", note.events[0].index)


def _numbered(note: Despatch) -> Iterator[Missing]:
    """Everybody has the number by which this profile knows who sends or who receives."""
    for who, receives in ((note.seller, False), (note.buyer, True), (note.consignee, True), (note.carrier, False)):
        if who is not None and who.name and not ubl.identifier(who, "agid", receives=receives)[1]:
            italian = who.address.country == "IT"
            yield Missing(("taxCode" if receives else "vatNumber") if italian else "gln", who.name, "master")


FORMAT = Format(
    "ddt-agid",
    ubl_despatch.KIND,
    "application/xml",
    "xml",
    direction="back",
    of_note=True,
    asked_by="asked-ddt-agid",
    validator="UBL 2.1 XSD, AgID T16 Schematron",
    content=content,
    needs=(
        *despatch_note.NEEDS,
        *despatch_note.TRANSPORT,
        Need("grossWeightKg", "filiera:grossWeightKg", "recorder"),
        Need("taxCode", "master-tax", "master"),
        Need("region", "master-address", "master"),
    ),
    missing=missing,
)
