"""What a paper says of itself: its format, for which profile, in which language, and the bundles it was made from.

- A claim says how to make the paper's figures again; it is believed in nothing. Bundles prove themselves, and the
  figures are compared.
- A period is a series: several bundles in one paper, each a whole one.
- Kinds of file that hold JSON carry `tree(claim)`; others carry the same things in their own way.

    read(tree(Claim("epcis-json", "standard", "it", (bundle,))))

ARCHITECTURE.md 2 (rule 5); docs/spec/paper.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ledger.fields import Fields
from schemas.errors import InputError
from schemas.wording import LANGUAGES, Language

VERSION = "filiera-paper/1"
MOST_BUNDLES = 10_000


@dataclass(frozen=True, slots=True)
class Claim:
    """`bundles`: the bytes of each, as `ledger.bundle.write` made them, at hand or read when they are asked for.
    `document`: the URI of the one business document that the paper is of, where it is of one and its bundles tell of
    several. `template`: the text of the template that it was made by, where it was. `files`: those that came with it
    and that entries may sign by their digest; they are no part of what it says of itself."""

    format: str
    profile: str
    language: Language
    bundles: Sequence[bytes]
    document: str = ""
    template: str = ""
    files: tuple[bytes, ...] = ()


def tree(claim: Claim) -> dict[str, Any]:
    """The claim as JSON. A bundle is text, and travels as it is."""
    return {**head(claim), "bundles": list(texts(claim))}


def texts(claim: Claim) -> Iterator[str]:
    """Its bundles as text, one after the other."""
    return (bundle.decode("utf-8") for bundle in claim.bundles)


def head(claim: Claim) -> dict[str, Any]:
    """The claim as JSON without its bundles, which come last."""
    return {
        "version": VERSION,
        "format": claim.format,
        "profile": claim.profile,
        "language": claim.language,
        **({"document": claim.document} if claim.document else {}),
        **({"template": claim.template} if claim.template else {}),
    }


def read(value: Any, bundles: Sequence[bytes] | None = None) -> Claim:
    """A claim from JSON; `bundles`: those that it names, where they stand elsewhere. `InputError`: `paper-version`,
    `paper-language`, `paper-without-bundle`, and what `Fields` raises for members that are missing, unknown or of
    another type."""
    item = Fields(value if isinstance(value, Mapping) else {}, "", "paper")
    version = item.text("version")
    if version != VERSION:
        raise InputError("paper-version", found=version[:40], expected=VERSION)
    format, profile, language = item.text("format"), item.text("profile"), item.text("language")
    document, template = item.optional_text("document") or "", item.optional_text("template") or ""
    said = item.texts("bundles")
    item.done()
    held = [bundle.encode("utf-8") for bundle in said] if bundles is None else bundles
    found = checked(format, profile, language, held, document)
    return replace(found, template=template)


def checked(format: str, profile: str, language: str, bundles: Sequence[bytes], document: str = "") -> Claim:
    """The claim of these, wherever a file keeps them; `InputError` as `read` has it."""
    if language not in LANGUAGES:
        raise InputError("paper-language", found=language[:40], allowed=", ".join(LANGUAGES))
    if not 0 < len(bundles) <= MOST_BUNDLES:
        raise InputError("paper-without-bundle", limit=MOST_BUNDLES)
    held = tuple(bundles) if isinstance(bundles, list) else bundles
    return Claim(format, profile, language, held, document)
