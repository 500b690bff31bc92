"""The claim as an element of our own namespace at the end of a document, where its schema takes anybody's elements.

- `filiera:paper` says the version, format, profile and language in attributes; each `filiera:bundle` in it is a bundle
  in base64, since XML has no place for every character that JSON has.
- It is looked for among the children of the root, wherever a program put it, and stands there once.

    OwnElement("EPCISDocument").put(root, claim)

EPCIS 2.0 section 9.1 (extension points); RFC 4648 section 4; docs/spec/paper.md.
"""

import base64
import binascii
from dataclasses import dataclass

from exporters.claim import VERSION, Claim, checked
from exporters.files.xml_file import append, element
from schemas.epcis.own_terms import NAMESPACE, PREFIX
from schemas.errors import InputError
from schemas.syntax.xml_text import Element

PAPER, BUNDLE = f"{{{NAMESPACE}}}paper", f"{{{NAMESPACE}}}bundle"
_SAID = ("version", "format", "profile", "language")


@dataclass(frozen=True, slots=True)
class OwnElement:
    """`exporters.files.xml_file.Carrier` for documents with that root."""

    root: str

    def put(self, root: Element, claim: Claim) -> None:
        """The claim as the last child."""
        bundles = [element(BUNDLE, base64.b64encode(bundle).decode("ascii")) for bundle in claim.bundles]
        said = {"format": claim.format, "profile": claim.profile, "language": claim.language}
        said |= {"document": claim.document} if claim.document else {}
        append(root, element(PAPER, None, *bundles, version=VERSION, **said), PREFIX)

    def take(self, root: Element) -> Claim:
        """The claim of the one element; `InputError`: `paper-without-claim`, `paper-claim`, and what `checked` has."""
        found = root.findall(PAPER)
        if len(found) != 1:
            raise InputError("paper-without-claim", member=f"{PREFIX}:paper")
        root.remove(found[0])
        return _read(found[0])


def _read(paper: Element) -> Claim:
    version, format, profile, language = (paper.get(name, "") for name in _SAID)
    if version != VERSION:
        raise InputError("paper-version", found=version[:40], expected=VERSION)
    if set(paper.attrib) - {"document"} != set(_SAID) or _says_more(paper):
        raise InputError("paper-claim", member=f"{PREFIX}:paper")
    return checked(format, profile, language, [_bundle(each.text or "") for each in paper], paper.get("document", ""))


def _says_more(paper: Element) -> bool:
    """Whether anything stands in it, or after it, that is no bundle: it would be in the file and compared by nobody."""
    if any(each.tag != BUNDLE or each.attrib or len(each) for each in paper):
        return True
    between = (paper.text, paper.tail, *(each.tail for each in paper))
    return any(text and text.strip() for text in between)


def _bundle(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise InputError("paper-claim", member=f"{PREFIX}:bundle") from None
