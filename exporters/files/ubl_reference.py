"""The claim among the documents that a UBL document refers to, which is where UBL keeps what belongs to it.

- One reference says version, format, profile, language and, where there is one, the document that the paper is of: the
  version is its `ID`, the rest its `DocumentType`, with spaces between. One more for each bundle holds the bundle in a
  `data:` URI, in base64: the code list of media types that networks take for embedded files has none for JSON.
- They stand before the supplier, behind references that are the document's own. Anything else in one of them makes the
  claim unreadable.

    KIND = XmlFile(UblReference("DespatchAdvice"))

UBL 2.1, `AdditionalDocumentReference`; RFC 2397; docs/spec/paper.md.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass

from exporters.claim import VERSION, Claim, checked
from exporters.files.xml_file import element
from ledger.bundle import FORMAT
from schemas.errors import InputError
from schemas.syntax.xml_text import Element

BASIC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
AGGREGATE = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_REFERENCE, _SUPPLIER = f"{{{AGGREGATE}}}AdditionalDocumentReference", f"{{{AGGREGATE}}}DespatchSupplierParty"
_ID, _TYPE, _URI = (f"{{{BASIC}}}{name}" for name in ("ID", "DocumentType", "URI"))
_ATTACHMENT, _EXTERNAL = (f"{{{AGGREGATE}}}{name}" for name in ("Attachment", "ExternalReference"))
_STEM, _DATA = VERSION.partition("/")[0], "data:application/json;base64,"


@dataclass(frozen=True, slots=True)
class UblReference:
    """`exporters.files.xml_file.Carrier` for documents with that root."""

    root: str

    def put(self, root: Element, claim: Claim) -> None:
        """The claim, before the supplier."""
        said = " ".join(filter(None, (claim.format, claim.profile, claim.language, claim.document)))
        carried = [element(_REFERENCE, None, element(_ID, VERSION), element(_TYPE, said)), *_bundles(claim)]
        place = next((place for place, child in enumerate(root) if child.tag == _SUPPLIER), len(root))
        root[place:place] = carried

    def take(self, root: Element) -> Claim:
        """The claim; `InputError`: `paper-without-claim`, `paper-claim`, `paper-version`, and what `checked` has."""
        references = root.findall(_REFERENCE)
        found = [each for each in references if (each.findtext(_ID) or "").startswith(f"{_STEM}/")]
        if len(found) != 1:
            raise InputError("paper-without-claim", member="AdditionalDocumentReference")
        bundles = [each for each in references if each.findtext(_TYPE) == FORMAT]
        format, profile, language, *document = _said(found[0])
        data = [_bundle(each) for each in bundles]
        for each in (*found, *bundles):
            root.remove(each)
        return checked(format, profile, language, data, *document)


def _bundles(claim: Claim) -> Iterator[Element]:
    for number, bundle in enumerate(claim.bundles, 1):
        name = "bundle.filiera.json" if len(claim.bundles) == 1 else f"bundle-{number}.filiera.json"
        uri = element(_URI, _DATA + base64.b64encode(bundle).decode("ascii"))
        held = element(_ATTACHMENT, None, element(_EXTERNAL, None, uri))
        yield element(_REFERENCE, None, element(_ID, name), element(_TYPE, FORMAT), held)


def _said(reference: Element) -> list[str]:
    version, said = _texts(reference, (_ID,), (_TYPE,))
    if version != VERSION:
        raise InputError("paper-version", found=version[:40], expected=VERSION)
    words = said.split(" ")
    if not 3 <= len(words) <= 4:
        raise _damaged()
    return words


def _bundle(reference: Element) -> bytes:
    _, _, uri = _texts(reference, (_ID,), (_TYPE,), (_ATTACHMENT, _EXTERNAL, _URI))
    if not uri.startswith(_DATA):
        raise _damaged()
    try:
        return base64.b64decode("".join(uri[len(_DATA) :].split()), validate=True)
    except (binascii.Error, ValueError):
        raise _damaged() from None


def _texts(reference: Element, *paths: tuple[str, ...]) -> list[str]:
    """The text at each path: these elements, in this order, and nothing besides."""
    leaves = [leaf for child in reference for leaf in _leaves(child, ())]
    bare = not any(each.attrib for each in reference.iter())
    if [path for path, _ in leaves] != list(paths) or not bare or any(text.strip() for text in _between(reference)):
        raise _damaged()
    return [text for _, text in leaves]


def _leaves(element: Element, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    path = (*above, str(element.tag))
    if not len(element):
        yield path, element.text or ""
    for child in element:
        yield from _leaves(child, path)


def _between(reference: Element) -> Iterator[str]:
    """What stands in and behind it that is in no element of its own."""
    yield from (each.tail or "" for each in reference.iter())
    yield from (each.text or "" for each in reference.iter() if len(each))


def _damaged() -> InputError:
    return InputError("paper-claim", member="AdditionalDocumentReference")
