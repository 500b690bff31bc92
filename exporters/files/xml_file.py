"""XML papers: a document of somebody else's schema that carries the claim where that schema leaves room for it.

- How a claim is carried is a `Carrier`, given with the kind: `own_element.OwnElement` for schemas that end in elements
  of anybody's namespace, another for those that have a member for attachments. Nothing else here depends on a schema.
- Compared is every attribute, every text, and which element stands where; each place is named by its path, as in
  `/epcis:EPCISDocument/EPCISBody/EventList/ObjectEvent[3]/quantityList`. The n-th of one name is `[n]` from the second
  on; `*[n]` is the name of the n-th child. Prefixes are those that the paper was written with.
- White space between elements, prefixes, comments, encodings and where a schema lies are nobody's business: a file
  that another program saved again still says the same. White space within a text is a difference; so is a stylesheet,
  by which a browser shows something else.

    KIND = XmlFile(OwnElement("EPCISDocument"));  KIND.write(root, claim, out)

XML 1.0, Namespaces in XML 1.0; docs/spec/paper.md.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import IO, Protocol

from lxml import etree

from exporters import compare
from exporters.claim import VERSION, Claim
from exporters.compare import Difference
from schemas.errors import InputError
from schemas.syntax import xml_text
from schemas.syntax.xml_text import MAX_BYTES, MAX_MARKUP, Element, split_name

_MARK = VERSION.partition("/")[0].encode()
_WHERE_SCHEMAS_LIE = frozenset(
    f"{{http://www.w3.org/2001/XMLSchema-instance}}{name}" for name in ("schemaLocation", "noNamespaceSchemaLocation")
)


class Carrier(Protocol):
    """Where in documents of some schema a claim stands. What is carried holds the text `filiera-paper`, in clear."""

    @property
    def root(self) -> str:
        """The local name of the documents' root, by which they are recognised."""
        ...

    def put(self, root: Element, claim: Claim) -> None:
        """The claim, into the document."""
        ...

    def take(self, root: Element) -> Claim:
        """The claim, out of the document, where nothing of it is left; `InputError` where it cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class XmlFile:
    """`exporters.files.kind.FileKind` of an XML document. A format gives it the root, and keeps nothing in it."""

    carrier: Carrier

    def recognises(self, data: bytes) -> bool:
        """Whether the first element is of that name and something in the document speaks of a paper."""
        # UTF-16 has a zero byte beside each of these letters.
        return _MARK in data.replace(b"\0", b"") and xml_text.root_name(data) == self.carrier.root

    def write(self, content: Element, claim: Claim, out: IO[bytes]) -> None:
        """UTF-8, indented; `InputError("paper-too-large")` for what could not be read back.

        KNOWN LIMIT: what the strict reader of XML takes is the most that a paper can be.
        """
        root = deepcopy(content)
        self.carrier.put(root, claim)
        data = xml_text.write(root)
        if len(data) > MAX_BYTES or data.count(b"<") + data.count(b"=") > MAX_MARKUP:
            raise InputError("paper-too-large", size=len(data), limit=MAX_BYTES)
        out.write(data)

    def claim(self, data: bytes) -> Claim:
        """What the carrier finds."""
        return self.carrier.take(_read(data))

    def compare(self, content: Element, claim: Claim, data: bytes) -> Iterator[Difference]:
        """By the path of an element or attribute."""
        said = _read(data)
        self.carrier.take(said)
        prefixes = _prefixes(content)
        if styled := xml_text.stylesheet(data):
            yield Difference("/processing-instruction()", None, styled)
        yield from compare.differences(dict(places(content, prefixes)), dict(places(said, prefixes)))


def element(name: str, text: str | None = None, *inside: Element, **attributes: str) -> Element:
    """A new element; `name` is `{namespace}local`, or a local name for one without a namespace."""
    made = etree.Element(name, attributes)
    made.text = text
    made.extend(inside)
    return made


def append(parent: Element, child: Element, prefix: str) -> None:
    """Put an element at the end of another, its namespace declared by that prefix where it is not known there."""
    space = split_name(str(child.tag))[0]
    holder = etree.SubElement(parent, child.tag, nsmap={prefix: space} if space else None)
    for name, value in child.attrib.items():
        holder.set(name, value)
    holder.text = child.text
    holder.extend(child)


def _read(data: bytes) -> Element:
    """A document whose texts may be as long as the document: one of them may be a bundle."""
    return xml_text.read(data, longest=MAX_BYTES)


def _prefixes(root: Element) -> Mapping[str, str]:
    """Namespace -> the prefix that it is declared with first; no prefix is that of two, or two names would look one."""
    found: dict[str, str] = {}
    for each in root.iter():
        for prefix, space in each.nsmap.items():
            if prefix and space not in found and prefix not in found.values():
                found[space] = prefix
    return found


def places(root: Element, prefixes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Everything a document says, each with its place."""
    name = _name(str(root.tag), prefixes)
    yield "/*", name
    yield from _inside(root, "/" + name, prefixes)


def _inside(parent: Element, path: str, prefixes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in parent.attrib.items():
        if name not in _WHERE_SCHEMAS_LIE:
            yield from _value(parent, f"{path}/@{_name(str(name), prefixes)}", str(value))
    children = list(parent)
    yield from _texts(parent, children, path)
    seen: Counter[str] = Counter()
    for child in children:
        name = _name(str(child.tag), prefixes)
        seen[name] += 1
        number = f"[{seen[name]}]" if seen[name] > 1 else ""
        yield from _inside(child, f"{path}/{name}{number}", prefixes)
    for place, child in enumerate(children, 1):
        yield f"{path}/*[{place}]", _name(str(child.tag), prefixes)


def _texts(parent: Element, children: list[Element], path: str) -> Iterator[tuple[str, str]]:
    """The text of an element, and what stands between its children where that is more than white space."""
    text = parent.text or ""
    if not children or text.strip():
        yield from _value(parent, path, text if text.strip() else "")
    for place, child in enumerate(children, 1):
        if tail := (child.tail or "").strip():
            yield f"{path}/*[{place}]/following::text()", tail


def _value(holder: Element, place: str, text: str) -> Iterator[tuple[str, str]]:
    """A value, and what its prefix stands for where it begins with one that is declared: `gs1:Temperature`."""
    yield place, text
    prefix, colon, _ = text.partition(":")
    if colon and (space := holder.nsmap.get(prefix)) is not None:
        yield f"{place}/namespace::{prefix}", space


def _name(tag: str, prefixes: Mapping[str, str]) -> str:
    space, local = split_name(tag)
    return f"{prefixes[space]}:{local}" if space in prefixes else tag
