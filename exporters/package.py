"""The packages: everything about one lot in one ZIP, for who asks for all of it: a recall, an audit, a new customer.

- Every format that the bundle has all data for; what the others lack stands in the manifest, with who can fill it.
- The files that were attached to what is in it, as far as they are at hand and the bundle shows the digest that their
  entries sign; which are not there stands in the manifest too.
- The recall package is the same of a lot of which a drill was signed, with the drill's report and a page to read it.
- A pure function of the bundle and those files, as each paper in it is. The page that verifies comes without a policy:
  one that came with a file would trust what the file says of itself.

    formats = packages([epcis_json.FORMAT, dossier.FORMAT])

FORMATS 2.11 and 7.1; docs/adr/0057-files-that-entries-sign-by-digest.md.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from exporters.facts.filed import matching
from exporters.files.package_file import KIND, NAME, RECALL, Inner, Package
from exporters.format import Format, Paper
from exporters.formats import recall_report
from exporters.preflight import missing_line
from exporters.verifier_page import verifier_page
from schemas.wording import LANGUAGES, sentence

_VALIDATED = "every paper in it by its own validator; the manifest's digests; files by the digests that entries sign"


def packages(formats: Sequence[Format[Any]]) -> tuple[Format[Package], ...]:
    """The formats that hold all these."""
    of_recall = (recall_report.FORMAT, *(each for each in formats if each is not recall_report.FORMAT))
    return (
        Format(
            NAME, KIND, "application/zip", "zip", direction="both", asked_by="asked-package", validator=_VALIDATED,
            content=partial(_content, formats), single=True, takes_files=True,
        ),
        Format(
            RECALL, KIND, "application/zip", "zip", direction="both", asked_by="asked-recall-package",
            validator=_VALIDATED, content=partial(_content, of_recall), needs=recall_report.FORMAT.needs,
            missing=recall_report.FORMAT.missing, single=True, takes_files=True,
        ),
    )  # fmt: skip


def _content(formats: Sequence[Format[Any]], paper: Paper) -> Package:
    (facts,) = paper.facts
    lacking = {format.name: list(dict.fromkeys(format.missing(paper))) for format in formats}
    papers = tuple(
        Inner(format.name, format.suffix, format.kind, format.content(paper), format.validator, format.judge)
        for format in formats
        if not lacking[format.name]
    )
    left = {
        name: [missing_line(item, paper.language) for item in missing] for name, missing in lacking.items() if missing
    }
    readme = "\n\n".join(sentence("package-readme", {"subject": facts.subject or "-"}, each) for each in LANGUAGES)
    given = matching(facts.files, paper.files)
    signed = {each.path: each.sha256 for each in facts.files}
    return Package(
        papers, left, readme + "\n", verifier_page([]), signed,
        {each.path: given[each.index] for each in facts.files if each.index in given},
    )  # fmt: skip
