"""Write a paper: bundles in, a file out, and what the format could not say.

- Preflight first: what is missing, and who can fill it; then nothing is written.
- The same bundles, profile and language give the same bytes.
- KNOWN LIMIT: what bundles say is held in memory while a file is written, about 25 kB an event: a period of many
  events is written a part at a time.
- `bare`: of a format that travels in a ZIP beside its proof, the file alone. It proves nothing.

    written = write(catalogue.format_of("epcis-json"), [bundle], profile=STANDARD, language="it")

ARCHITECTURE.md 2 (rule 5).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from exporters.claim import Claim
from exporters.facts.history import read
from exporters.files.zip_file import ZipPaper
from exporters.format import Format, Loss, Paper, Profile
from schemas.errors import InputError
from schemas.wording import Language


@dataclass(frozen=True, slots=True)
class Written:
    """A file, its media type, the ending of its name, and what it cannot carry."""

    data: bytes
    media_type: str
    suffix: str
    losses: tuple[Loss, ...]


def write(
    format: Format[Any],
    bundles: Sequence[bytes],
    *,
    profile: Profile,
    language: Language,
    bare: bool = False,
    document: str = "",
    files: Sequence[bytes] = (),
) -> Written:
    """The file; `document`: the one that it is of, where its bundles tell of several; `files`: those that are at
    hand of what entries sign by their digest. `MissingData` before anything is written, `InputError` where a bundle
    is none, and `InputError("export-bare")` of a format whose file carries its proof itself."""
    if bare and not isinstance(format.kind, ZipPaper):
        raise InputError("export-bare", format=format.name)
    paper = Paper(tuple(read(bundle) for bundle in bundles), profile, language, document, tuple(files))
    format.check(paper)
    content, losses = format.content(paper), _once(format.losses(paper))
    if bare:
        return Written(content.data(), content.media_type, content.name.rpartition(".")[2], losses)
    claim = Claim(format.name, profile.name, language, tuple(bundles), document, profile.text, tuple(files))
    return Written(format.kind.write(content, claim), format.media_type, format.suffix, losses)


def _once(losses: Iterable[Loss]) -> tuple[Loss, ...]:
    return tuple({(loss.code, loss.index, repr(loss.context)): loss for loss in losses}.values())
