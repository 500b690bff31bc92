"""Papers that have no place for a proof (CSV, EDI): one ZIP with the file and what proves it beside it.

- In it: the file under its own name, `filiera-paper.json` (the claim, naming its bundles), and each bundle as a file of
  its own, which `filiera verify` takes as it is. Nothing else may be in it.
- What the file says is compared by the file's own rules (`Enclosed`); somebody who unpacks and packs it again changes
  nothing. The file alone (`--bare`) carries no proof, and is not recognised.

    KIND.write(CsvFile("eu-one-step.csv", sheet, "it"), claim, out)

docs/spec/paper.md section 2.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import IO, Protocol
from zipfile import ZipFile

from exporters.claim import Claim, head, read
from exporters.compare import Difference
from exporters.files.archive import files_in, is_archive, open_archive, part_of, write_archive
from exporters.spill import Lazy
from schemas.errors import InputError, LedgerError
from schemas.syntax import json_text

CLAIM = "filiera-paper.json"


class Enclosed(Protocol):
    """A file that travels beside its proof."""

    @property
    def name(self) -> str:
        """Its name in the ZIP."""
        ...

    @property
    def media_type(self) -> str:
        """What it is when it stands alone."""
        ...

    def pieces(self) -> Iterator[bytes]:
        """Its bytes, a piece at a time."""
        ...

    def compare(self, data: bytes) -> Iterator[Difference]:
        """Where other bytes say something else, by the places of this sort of file; `InputError`."""
        ...


class ZipPaper:
    """`exporters.files.kind.FileKind` of a ZIP with a file and its proof."""

    def recognises(self, data: bytes) -> bool:
        """Whether it is an archive with our claim."""
        if not is_archive(data):
            return False
        try:
            return CLAIM in open_archive(data).NameToInfo
        except LedgerError:
            return CLAIM.encode() in data

    def write(self, content: Enclosed, claim: Claim, out: IO[bytes]) -> None:
        """The file, the claim, the bundles."""
        names = _bundles(len(claim.bundles))
        said = json_text.write({**head(claim), "bundles": [*names]})
        bundles = ((name, (bundle,)) for name, bundle in zip(names, claim.bundles, strict=True))
        write_archive(chain([(content.name, content.pieces()), (CLAIM, (said,))], bundles), out)

    def claim(self, data: bytes) -> Claim:
        """The claim, with the bundles it names; `InputError` where one is not there."""
        return _claim(open_archive(data))

    def compare(self, content: Enclosed, claim: Claim, data: bytes) -> Iterator[Difference]:
        """By the names of what is in it, then by the places of the file."""
        archive = open_archive(data)
        expected = [content.name, CLAIM, *_bundles(len(claim.bundles))]
        found = files_in(archive)
        for name in expected:
            if name not in found:
                yield Difference(name, name, None)
        for name in found:
            if name not in expected:
                yield Difference(name, None, name)
        if content.name in found:
            yield from content.compare(part_of(archive, content.name))


def _claim(archive: ZipFile) -> Claim:
    said = json_text.read(part_of(archive, CLAIM))
    named = said.get("bundles") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(named, list):
        return read(said)
    names = [str(name) for name in named]
    for name, given in zip(names, named, strict=True):
        if name != given or name not in archive.NameToInfo:
            raise InputError("zip-without-bundle", name=name[:80])
        _check_text(archive, name)
    return read(said, Parts(archive, names))


class Parts(Lazy[bytes]):
    """The parts of an archive by these names, each unpacked when it is asked for."""

    def __init__(self, archive: ZipFile, names: Sequence[str]) -> None:
        self._archive, self._names = archive, names

    def __len__(self) -> int:
        return len(self._names)

    def item(self, number: int) -> bytes:
        """The part of a name, whole; `InputError` as `part_of`."""
        return part_of(self._archive, self._names[number])


def _check_text(archive: ZipFile, name: str) -> None:
    """Now, so that it is whoever reads the claim who hears of it."""
    try:
        part_of(archive, name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("archive-damaged") from error


def _bundles(count: int) -> list[str]:
    return [f"bundle-{number:0{len(str(count))}d}.filiera.json" for number in range(1, count + 1)]


KIND = ZipPaper()
