"""The ZIP of everything about a lot: the bundle, every paper that could be made from it, what was said of each.

    manifest.json           the claim; the SHA-256 of every other file; which formats were left out, and what they lack
    README_it_en.txt        how to check it
    verify.html             the verifier of this release, which trusts nobody until it is given a policy
    bundle.filiera.json     the proof, as `filiera verify` takes it
    evidence/…              files that were attached, each with the digest that its entry signs
    recall/report-….json    reports of drills, likewise
    exports/…               every paper, each with the proof inside
    validation/….json       what its validator said when it was made

- Each paper in it is made again and compared by its own kind of file, so a difference is named inside it:
  `exports/dossier.pdf: p. 1, 7`.
- Nothing else may be in it. Packing it again changes nothing. The page of another release cannot be made again here:
  then nothing is said for sure, since it could be anybody's.

FORMATS 2.11; docs/spec/paper.md section 2.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import IO, Any

from exporters.claim import VERSION, Claim, head, read
from exporters.compare import Difference
from exporters.files.archive import files_in, is_archive, open_archive, part_of, write_archive
from exporters.files.kind import FileKind, bytes_of
from schemas.epcis.event import Problem
from schemas.errors import InputError, LedgerError
from schemas.syntax import json_text

MANIFEST, README, PAGE = "manifest.json", "README_it_en.txt", "verify.html"
NAME, RECALL = "package", "recall-package"
_SIGNED = ("evidence/", "recall/")
"""Where files stand that entries sign by their digest."""


@dataclass(frozen=True, slots=True)
class Inner:
    """One paper of the package. `judge`: what a validator of ours says of its bytes."""

    format: str
    suffix: str
    kind: FileKind[Any]
    content: Any
    validator: str
    judge: Callable[[bytes], Sequence[Problem]]

    @property
    def path(self) -> str:
        """Where it stands."""
        return f"exports/{self.format}.{self.suffix}"


@dataclass(frozen=True, slots=True)
class Package:
    """What is in it. `left`: the formats that could not be made, each with what it lacks. `signed`: the files whose
    digests its entries sign (SHA-256), by where they stand; `files`: those of them that are in it, likewise."""

    papers: tuple[Inner, ...]
    left: Mapping[str, Sequence[str]]
    readme: str
    page: bytes
    signed: Mapping[str, bytes] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


class PackageFile:
    """`exporters.files.kind.FileKind` of the package."""

    def recognises(self, data: bytes) -> bool:
        """Whether it is an archive with our manifest."""
        if not is_archive(data):
            return False
        try:
            archive = open_archive(data)
            said = part_of(archive, MANIFEST) if MANIFEST in archive.NameToInfo else b""
        except LedgerError:
            return False
        # By its words, not by reading it: a manifest that was damaged is a package all the same.
        return VERSION.encode() in said and any(f'"{name}"'.encode() in said for name in (NAME, RECALL))

    def write(self, content: Package, claim: Claim, out: IO[bytes]) -> None:
        """The archive: equal content and claim unpack to equal files."""
        write_archive(((name, (data,)) for name, data in _parts(content, claim).items()), out)

    def claim(self, data: bytes) -> Claim:
        """The claim of the manifest, with the bundles it names."""
        said, archive = _manifest(data), open_archive(data)
        named = said.get("bundles")
        if not isinstance(named, list) or not all(name in archive.NameToInfo for name in named):
            raise InputError("zip-without-bundle", name=str(named)[:80])
        bundles = [part_of(archive, name).decode("utf-8", "replace") for name in named]
        members = {name: said.get(name) for name in ("version", "format", "profile", "language")}
        brought = [part_of(archive, name) for name in _listed(said) if _is_file(name) and name in archive.NameToInfo]
        return replace(read({**members, "bundles": bundles}), files=tuple(brought))

    def compare(self, content: Package, claim: Claim, data: bytes) -> Iterator[Difference]:
        """By the file in the package, then by the place in it."""
        archive = open_archive(data)
        page = part_of(archive, PAGE) if PAGE in archive.NameToInfo else content.page
        should = _parts(replace(content, page=page), claim)
        papers = {paper.path: paper for paper in content.papers}
        there = files_in(archive)
        signed = {path: digest.hex() for path, digest in content.signed.items()}
        for name in _listed(_manifest(data)):
            if name not in there and name not in should:
                yield Difference(name, signed.get(name, name), None)
        for name in there:
            if name not in should:
                does = _digest(part_of(archive, name)) if name in signed else name
                yield Difference(name, signed.get(name), does)
        for name, expected in should.items():
            if name not in there:
                yield Difference(name, name, None)
                continue
            found = part_of(archive, name)
            if found == expected:
                continue
            if name in papers:
                inner = papers[name]
                for each in inner.kind.compare(inner.content, _inner(inner, claim), found):
                    yield Difference(f"{name}: {each.place}", each.expected, each.found, each.code)
            else:
                yield Difference(name, _digest(expected), _digest(found))
        if page != content.page:
            raise InputError("page-of-another-release", name=PAGE, digest=_digest(page))


def _manifest(data: bytes) -> dict[str, Any]:
    archive = open_archive(data)
    said = json_text.read(part_of(archive, MANIFEST)) if MANIFEST in archive.NameToInfo else None
    return dict(said) if isinstance(said, dict) else {}


def _listed(manifest: Mapping[str, Any]) -> list[str]:
    """The names of the files that a manifest names."""
    files = manifest.get("files")
    return [name for name in files if isinstance(name, str)] if isinstance(files, dict) else []


def _is_file(name: str) -> bool:
    return name.startswith(_SIGNED)


def _inner(paper: Inner, claim: Claim) -> Claim:
    return Claim(paper.format, "standard", claim.language, claim.bundles, claim.document, files=claim.files)


def _parts(content: Package, claim: Claim) -> dict[str, bytes]:
    """Every file, the manifest first."""
    bundles = {f"bundle{_number(place, claim)}.filiera.json": data for place, data in enumerate(claim.bundles, 1)}
    parts: dict[str, bytes] = {README: content.readme.encode("utf-8"), PAGE: content.page, **bundles}
    for paper in content.papers:
        made = bytes_of(paper.kind, paper.content, _inner(paper, claim))
        parts[paper.path] = made
        parts[f"validation/{paper.format}.json"] = json_text.write(_judged(paper, made))
    parts |= content.files
    said = {
        **head(claim),
        "bundles": [*bundles],
        "files": {name: _digest(data) for name, data in parts.items()},
        "left": {name: [*lacks] for name, lacks in content.left.items()},
        "withheld": [path for path in content.signed if path not in content.files],
    }
    return {MANIFEST: json_text.write(said), **parts}


def _judged(paper: Inner, made: bytes) -> dict[str, Any]:
    found = paper.judge(made)
    return {
        "format": paper.format,
        "validator": paper.validator,
        "valid": not found,
        "messages": [{"code": each.code, "member": each.member} for each in found],
    }


def _number(place: int, claim: Claim) -> str:
    return "" if len(claim.bundles) == 1 else f"-{place}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


KIND = PackageFile()
