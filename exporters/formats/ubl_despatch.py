"""The delivery note as a Peppol despatch advice: UBL 2.1, Peppol BIS Despatch Advice 3.

    content(paper)

What is written breaks no rule of Peppol's: that is asked of every document before it leaves.

OpenPeppol BIS Despatch Advice 3, transaction T16; FORMATS 2.4.
"""

from collections.abc import Iterator

from exporters.facts.shipping import Despatch
from exporters.files.ubl_reference import UblReference
from exporters.files.xml_file import XmlFile
from exporters.format import Format, Missing, Paper
from exporters.formats import despatch_note, ubl
from exporters.formats.despatch_rules import Profile, violations
from schemas.errors import InputError
from schemas.syntax.xml_text import Element

KIND = XmlFile(UblReference("DespatchAdvice"))


def content(paper: Paper) -> Element:
    """The document."""
    return held(ubl.document(despatch_note.chosen(paper), paper.language, "peppol"), "peppol")


def held(root: Element, profile: Profile) -> Element:
    """A document that keeps its rules; `InputError("despatch-rule")` with the first that it breaks, and where."""
    for rule, place in violations(root, profile):
        raise InputError("despatch-rule", rule=rule, place=place)
    return root


def missing(paper: Paper) -> Iterator[Missing]:
    """What Peppol's profile cannot do without."""
    yield from despatch_note.missing(paper, *DEMANDS)


def _reached(note: Despatch) -> Iterator[Missing]:
    """Who sends and who receives have an electronic address."""
    for who in (note.seller, note.consignee):
        if who.name and not ubl.endpoint(who, "peppol")[1]:
            yield Missing("gln", who.name, "master")


DEMANDS = despatch_note.goods, despatch_note.traders, _reached
FORMAT = Format(
    "ubl-despatch",
    KIND,
    "application/xml",
    "xml",
    direction="back",
    of_note=True,
    asked_by="asked-ubl-despatch",
    validator="UBL 2.1 XSD, Peppol T16 Schematron",
    content=content,
    needs=despatch_note.NEEDS,
    missing=missing,
)
