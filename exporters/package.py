"""The package: everything about one lot in one ZIP, for who asks for all of it: a recall, an audit, a new customer.

- Every format that the bundle has all data for; what the others lack stands in the manifest, with who can fill it.
- A pure function of the bundle, as each paper in it is. The page that verifies comes without a policy: one that came
  with a file would trust what the file says of itself.

    format = package([epcis_json.FORMAT, dossier.FORMAT])

FORMATS 2.11 and 7.1; issue of the exports.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from exporters.files.package_file import KIND, NAME, Inner, Package
from exporters.format import Format, Paper
from exporters.preflight import missing_line
from exporters.verifier_page import verifier_page
from schemas.wording import LANGUAGES, sentence


def package(formats: Sequence[Format[Any]]) -> Format[Package]:
    """The format that holds all these."""
    return Format(
        NAME,
        KIND,
        "application/zip",
        "zip",
        direction="both",
        asked_by="asked-package",
        validator="every paper in it by its own validator; the manifest's digests",
        content=partial(_content, formats),
        single=True,
    )


def _content(formats: Sequence[Format[Any]], paper: Paper) -> Package:
    lacking = {format.name: list(dict.fromkeys(format.missing(paper))) for format in formats}
    papers = tuple(
        Inner(format.name, format.suffix, format.kind, format.content(paper), format.validator, format.judge)
        for format in formats
        if not lacking[format.name]
    )
    left = {
        name: [missing_line(item, paper.language) for item in missing] for name, missing in lacking.items() if missing
    }
    subject = paper.facts[0].subject or "-"
    readme = "\n\n".join(sentence("package-readme", {"subject": subject}, language) for language in LANGUAGES)
    return Package(papers, left, readme + "\n", verifier_page([]))
