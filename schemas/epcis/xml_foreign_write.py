"""Members that are not EPCIS's as elements and attributes: the way back of `xml_foreign.py`.

- A list is an element for each item, an object an element with an element for each member; an object with a text of its
  own (`#text`) has its plain members as attributes.
- Numbers and truth values become their text: the event hash is the same, but who reads it again reads a text.
- Characters that XML forbids are replaced; names that are none of XML, and lists in lists, are left out or opened.

    write_foreign(parent, "ext:a", ["1", {"ext:b": "2"}], writing)  ->  <ext:a>1</ext:a><ext:a><ext:b>2</ext:b></ext:a>

XML 1.0 section 2.2 (characters), Namespaces in XML 1.0.
"""

from dataclasses import dataclass

from lxml import etree

from schemas.epcis.xml_binding import TEXT, XSI
from schemas.epcis.xml_losses import Losses, Path
from schemas.epcis.xml_spaces import Spaces
from schemas.epcis.xml_values import plain
from schemas.syntax.json_text import Json
from schemas.syntax.xml_text import Element, allowed

_TYPE = f"{{{XSI}}}type"


@dataclass(frozen=True, slots=True)
class Writing:
    """What is needed to write a part of a document: the names in force, and where losses are noted."""

    spaces: Spaces
    losses: Losses

    def text(self, value: Json, path: Path, *, further: bool = False) -> str:
        """A scalar as text that XML can carry; `further`: of an extension, whose kind of value XML does not keep."""
        if further and not isinstance(value, str) and value is not None:
            self.losses.note("xml-loss-kind", path, once=True)
        text = plain(value)
        written = allowed(text)
        if written != text:
            self.losses.note("xml-loss-characters", path)
        return written


def write_foreign(parent: Element, name: str, value: Json, writing: Writing, path: Path) -> None:
    """The member `name` of an extension, into the element `parent`."""
    tag = writing.spaces.tag(name)
    if tag is None:
        writing.losses.note("xml-loss-name", path, name=name[:80])
        return
    _write(parent, tag, value, writing, path)


def _write(parent: Element, tag: str, value: Json, writing: Writing, path: Path) -> None:
    if value is None:
        return
    if isinstance(value, list):
        for position, item in enumerate(value):
            if isinstance(item, list):
                writing.losses.note("xml-loss-list", path)
            _write(parent, tag, item, writing, (*path, position))
        return
    element = etree.SubElement(parent, tag)
    if isinstance(value, dict):
        write_members(element, value, writing, path)
    else:
        element.text = writing.text(value, path, further=True)


def write_members(element: Element, value: dict[str, Json], writing: Writing, path: Path) -> None:
    """The members of an object, as attributes and elements of `element`."""
    text = value.get(TEXT)
    beside = text is not None and not isinstance(text, dict | list)
    if beside:
        element.text = writing.text(text, (*path, TEXT), further=True)
    for name, item in value.items():
        if name == TEXT and beside:
            continue
        tag = writing.spaces.tag(name)
        scalar = not isinstance(item, dict | list) and item is not None
        if tag is None:
            writing.losses.note("xml-loss-name", (*path, name), name=name[:80])
        elif scalar and (beside or tag == _TYPE):
            element.set(tag, writing.text(item, (*path, name), further=True))
        else:
            _write(element, tag, item, writing, (*path, name))


def write_attribute(element: Element, name: str, value: Json, writing: Writing, path: Path) -> None:
    """The member `name` where only attributes may stand: a scalar, or a list of one."""
    if isinstance(value, list) and len(value) == 1:
        (value,) = value
    tag = writing.spaces.tag(name)
    if value is None or value == []:
        return
    if tag is None:
        writing.losses.note("xml-loss-name", path, name=name[:80])
    elif isinstance(value, dict | list):
        writing.losses.note("xml-loss-structure", path)
    else:
        element.set(tag, writing.text(value, path, further=True))
