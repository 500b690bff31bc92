"""Write a paper: bundles in, a file out, and what the format could not say.

- Preflight first: what is missing, and who can fill it; then nothing is written.
- The same bundles, profile and language give the same bytes.

    written = write(catalogue.format_of("epcis-json"), [bundle], profile=STANDARD, language="it")

ARCHITECTURE.md 2 (rule 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from exporters.claim import Claim
from exporters.facts.history import read
from exporters.format import Format, Loss, Paper, Profile
from schemas.wording import Language


@dataclass(frozen=True, slots=True)
class Written:
    """A file, and what it cannot carry."""

    data: bytes
    losses: tuple[Loss, ...]


def write(
    format: Format[Any], bundles: Sequence[bytes], *, profile: Profile, language: Language, document: str = ""
) -> Written:
    """The file; `document`: the one that it is of, where its bundles tell of several. `MissingData` before anything is
    written, `InputError` where a bundle is none."""
    paper = Paper(tuple(read(bundle) for bundle in bundles), profile, language, document)
    format.check(paper)
    claim = Claim(format.name, profile.name, language, tuple(bundles), document)
    data = format.kind.write(format.content(paper), claim)
    return Written(data, tuple(dict.fromkeys(format.losses(paper))))
