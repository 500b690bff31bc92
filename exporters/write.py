"""Write a paper: bundles in, a file out, and what the format could not say.

- Preflight first: what is missing, and who can fill it; then nothing is written.
- The same bundles, profile and language give the same bytes.
- A period is read a bundle at a time and written a row at a time, into a file that moves to the disk when it grows.
  KNOWN LIMIT: of each event it is held where it stands, about half a kilobyte; what a paper in PDF, XML or EDI says is
  held whole.
- `bare`: of a format that travels in a ZIP beside its proof, the file alone. It proves nothing.

    written = write(catalogue.format_of("epcis-json"), [bundle], profile=STANDARD, language="it")

ARCHITECTURE.md 2 (rule 5); docs/adr/0066-a-period-is-read-a-bundle-at-a-time.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from exporters.claim import Claim
from exporters.facts.series import series_of
from exporters.files.zip_file import ZipPaper
from exporters.format import Format, Loss, Paper, Profile
from exporters.spill import Scratch, chunks_of
from schemas.errors import InputError
from schemas.wording import Language


@dataclass(frozen=True, slots=True)
class Written:
    """A file, open to be read, its media type, the ending of its name, and what it cannot carry."""

    file: IO[bytes]
    media_type: str
    suffix: str
    losses: tuple[Loss, ...]

    @property
    def data(self) -> bytes:
        """The file whole, for who has the room."""
        return b"".join(chunks_of(self.file))


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
    paper = Paper(series_of(bundles), profile, language, document, tuple(files))
    format.check(paper)
    content, losses, file = format.content(paper), _once(format.losses(paper)), Scratch()
    if bare:
        for piece in content.pieces():
            file.write(piece)
        return Written(file, content.media_type, content.name.rpartition(".")[2], losses)
    claim = Claim(format.name, profile.name, language, bundles, document, profile.text, tuple(files))
    format.kind.write(content, claim, file)
    return Written(file, format.media_type, format.suffix, losses)


def _once(losses: Iterable[Loss]) -> tuple[Loss, ...]:
    return tuple({(loss.code, loss.index, repr(loss.context)): loss for loss in losses}.values())
