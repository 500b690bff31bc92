"""PDF/A-3 papers, set by Typst from a template and data, with the proof attached to them.

- A *template* is a file of ours in `exporters/templates`; data are a tree of texts, shown as they are and never read
  as Typst. A character that the type face lacks, or that would hide or turn others, is printed as its number.
- `filiera-paper.json` is the claim; it names the bundles, which are attachments of their own, as other files are.
- The same content and claim give the same bytes. So a paper is checked by setting it again: equal bytes are the only
  yes. Otherwise `exporters.files.pdf_places` names every place that differs.
- What another release set cannot be set again: `paper-set-elsewhere`. What says the same in other bytes, saved again by
  another program, is not taken on trust either: `paper-saved-again`. Both leave it open, neither says yes.

The one door to the setting library.

    KIND.write(Document("ddt", {"number": "7"}, title="DDT 7", author="Coop", made=at), claim, out)

ISO 19005-3; docs/adr/0051-pdf-is-checked-by-setting-it-again.md; docs/spec/paper.md.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Literal

import typst

from exporters import compare
from exporters.claim import VERSION, Claim, checked, head, read
from exporters.compare import Difference
from exporters.files.kind import bytes_of
from exporters.files.pdf_objects import Pdf
from exporters.files.pdf_places import attachments, places
from ledger.bundle import FORMAT
from schemas.errors import InputError
from schemas.syntax import json_text

CLAIM = "filiera-paper.json"
TEMPLATES = Path(__file__).parents[1] / "templates"
PageFormat = Literal["pdf", "svg", "png"]
_SECOND = 1_000_000
# Latin, Greek, Cyrillic and the signs that stand beside them: what the type face has. No marks that stack, no letters
# that run the other way, nothing invisible.
_PRINTED = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x2AF), (0x384, 0x38A), (0x38E, 0x3A1), (0x3A3, 0x3CE), (0x400, 0x477),
    (0x490, 0x4C4), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x2037), (0x2039, 0x203A), (0x2074, 0x208E),
    (0x2153, 0x215E), (0x2190, 0x2195),
)  # fmt: skip
_SIGNS = frozenset("€№™−≠≤≥≈∞\n")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the paper. `relationship` is what it is to the paper (ISO 19005-3 section 6.8, AFRelationship)."""

    name: str
    data: bytes
    media_type: str
    relationship: Literal["source", "data", "alternative", "supplement"] = "supplement"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What is set. `data`: texts, lists and objects of them, true and false. `pictures`: SVG, PNG or JPEG by the name
    under which the template asks for it. `made`: the paper's date, microseconds since 1970."""

    template: str
    data: Mapping[str, Any]
    title: str
    author: str
    made: int
    attachments: tuple[Attachment, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PdfFile:
    """`exporters.files.kind.FileKind` of a PDF."""

    templates: Path = TEMPLATES

    def recognises(self, data: bytes) -> bool:
        """Whether it is a PDF that has the claim attached, or seems to have had it before it was damaged."""
        if b"%PDF-" not in data[:1024]:
            return False
        try:
            return CLAIM in attachments(Pdf(data))
        except InputError:
            return CLAIM.encode() in data

    def write(self, content: Document, claim: Claim, out: IO[bytes]) -> None:
        """PDF/A-3b; `InputError("paper-not-set")` for a picture that is none."""
        bundles = dict(zip(_names(claim), claim.bundles, strict=True))
        said = json_text.write({**head(claim), "bundles": list(bundles)})
        proof = [Attachment(CLAIM, said, "application/json", "data", VERSION)]
        proof += [Attachment(name, data, "application/json", "source", FORMAT) for name, data in bundles.items()]
        out.write(_set(self.templates, replace(content, attachments=(*proof, *content.attachments)), claim.language))

    def claim(self, data: bytes) -> Claim:
        """What the claim and the bundles that it names say; `InputError("paper-without-attachment")` of one that is
        not there."""
        found = attachments(Pdf(data))
        said = read(json_text.read(_attached(found, CLAIM)))
        bundles = [_attached(found, name.decode("utf-8")) for name in said.bundles]
        besides = [data for name, data in found.items() if name != CLAIM and name.encode("utf-8") not in said.bundles]
        made = checked(said.format, said.profile, said.language, bundles, said.document)
        return replace(made, files=tuple(besides))

    def compare(self, content: Document, claim: Claim, data: bytes) -> Iterator[Difference]:
        """By attachment, page and text; `InputError`: `paper-set-elsewhere`, `paper-saved-again`."""
        again = bytes_of(self, content, claim)
        if again == data:
            return
        ours, theirs = Pdf(again), Pdf(data)
        if _setting(theirs) != _setting(ours) and not data.startswith(again):
            # KNOWN LIMIT: what another release set cannot be set again here; only its attachments can be compared.
            yield from _attached_otherwise(ours, theirs)
            raise InputError("paper-set-elsewhere", found=_setting(theirs)[:120], here=_setting(ours))
        found = list(compare.differences(dict(places(ours)), dict(places(theirs))))
        yield from found
        if data.startswith(again):
            yield Difference("%%EOF", None, f"+ {len(data) - len(again)}")
        elif not found:
            raise InputError("paper-saved-again")


def _names(claim: Claim) -> list[str]:
    if len(claim.bundles) == 1:
        return ["bundle.filiera.json"]
    return [f"bundle-{number}.filiera.json" for number in range(1, len(claim.bundles) + 1)]


def _attached(found: Mapping[str, bytes], name: str) -> bytes:
    if name not in found:
        raise InputError("paper-without-attachment", name=name[:80])
    return found[name]


def _attached_otherwise(ours: Pdf, theirs: Pdf) -> Iterator[Difference]:
    """Attachments do not depend on how pages were set."""
    should, does = attachments(ours), attachments(theirs)
    for name in (*should, *(name for name in does if name not in should)):
        if should.get(name) != does.get(name):
            yield Difference(name, _size(should.get(name)), _size(does.get(name)))


def _size(data: bytes | None) -> str | None:
    return None if data is None else f"{len(data)} B, sha-256 {hashlib.sha256(data).hexdigest()}"


def _setting(pdf: Pdf) -> str:
    """By what a paper was set, as it says itself."""
    found = pdf.get(pdf.get(pdf.trailer, "Info"), "Keywords")
    return found.decode("latin-1") if isinstance(found, bytes) else ""


def _set(templates: Path, content: Document, language: str) -> bytes:
    about = {"title": content.title, "author": content.author, "language": language, "setting": setting(templates)}
    inputs: dict[str, Any] = {
        "data": printable(content.data),
        "about": printable(about),
        "attachments": [_file(each) for each in content.attachments],
        "pictures": {name: _carried(data) for name, data in content.pictures.items()},
    }
    try:
        made = typst.compile(
            templates / f"{content.template}.typ",
            root=templates,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={name: json_text.write(value).decode("utf-8") for name, value in inputs.items()},
            pdf_standards=["a-3b"],
            timestamp=content.made // _SECOND,
        )
    except typst.TypstError as error:
        raise InputError("paper-not-set", template=content.template, problem=error.message[:200]) from None
    return bytes(made)


def set_page(template: Path, data: Mapping[str, Any], format: PageFormat, *, dpi: int = 300) -> bytes:
    """Pages that carry no proof, a label for one: `data` as the template reads it, its texts `printable` already; a PNG
    is of the first page, with so many dots an inch. Equal data give equal bytes."""
    made = typst.compile(
        template,
        format=format,
        ppi=float(dpi),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json_text.write(dict(data)).decode("utf-8")},
        timestamp=0,
    )
    return made[0] if isinstance(made, list) else bytes(made or b"")


def _file(attached: Attachment) -> dict[str, Any]:
    return {
        "name": attached.name,
        "mediaType": attached.media_type,
        "relationship": attached.relationship,
        "description": attached.description or attached.name,
        **_carried(attached.data),
    }


def _carried(data: bytes) -> dict[str, Any]:
    """Bytes in JSON: what is text as text, anything else number by number."""
    try:
        return {"text": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {"bytes": list(data)}


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


@cache
def setting(templates: Path = TEMPLATES) -> str:
    """What decides how a paper is set: this program, the library, and the templates."""
    sources = sorted(templates.glob("*.typ"))
    digest = hashlib.sha256(b"".join(source.name.encode() + source.read_bytes() for source in sources)).hexdigest()
    return f"filiera {version('filiera')}, typst {version('typst')}, templates {digest[:16]}"


def printable(value: Any) -> Any:
    """The same tree with every text as it can be printed. Figures are texts: a number has no one form, `TypeError`."""
    if isinstance(value, str):
        return "".join(map(_printed, unicodedata.normalize("NFC", value)))
    if isinstance(value, Mapping):
        return {name: printable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    raise TypeError(f"not a text: {value!r}")


def _printed(character: str) -> str:
    code = ord(character)
    known = character in _SIGNS or any(first <= code <= last for first, last in _PRINTED)
    return character if known else f"‹U+{code:04X}›"


KIND = PdfFile()
