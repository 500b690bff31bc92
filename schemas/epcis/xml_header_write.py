"""The header of a document as XML: the way back of `xml_header.py`.

- A Standard Business Document Header is written from the one that was kept, else from sender, receiver and identifier
  where all three are there: XML demands them.
- A 1.2 header must have one, so that without it 1.2 has no place for master data.

    write_header(root, tree, writing, version="2.0")

GS1 EPCIS 2.0 sections 9.4, 9.6; EPCIS 1.2 section 9.5; UN/CEFACT SBDH 1.3.
"""

from dataclasses import replace

from lxml import etree

from schemas.epcis.xml_binding import SBDH
from schemas.epcis.xml_foreign_write import Writing, write_foreign, write_members
from schemas.epcis.xml_header import SBDH_MEMBER, Parties, parties_of, plain_header
from schemas.epcis.xml_layout import Written
from schemas.epcis.xml_losses import Path
from schemas.epcis.xml_spaces import Spaces
from schemas.epcis.xml_values import plain
from schemas.syntax.json_text import Json
from schemas.syntax.xml_text import Element

Members = dict[str, Json]
PARTIES = ("sender", "receiver", "instanceIdentifier")
# The sequences of the header's schema; what JSON has in another order is put into it.
_ORDER = ("HeaderVersion", "Sender", "Receiver", "DocumentIdentification", "Manifest", "BusinessScope")
_IDENTIFICATION = ("Standard", "TypeVersion", "InstanceIdentifier", "Type", "MultipleType", "CreationDateAndTime")


def write_header(root: Element, tree: Members, writing: Writing, *, version: Written) -> None:
    """`EPCISHeader` with what the document says of its parties and master data; nothing where it says nothing."""
    header = tree.get("epcisHeader")
    header = header if isinstance(header, dict) else {}
    business = _business(tree, header, writing)
    master = header.get("epcisMasterData")
    if version == "1.2" and business is None and header:
        writing.losses.note("xml12-loss-header", ("epcisHeader",))
        return
    if business is None and not header:
        return
    element = etree.SubElement(root, "EPCISHeader")
    if business is not None:
        spaces = Spaces({"sbdh": SBDH}, writing.spaces)
        inner = etree.SubElement(element, f"{{{SBDH}}}StandardBusinessDocumentHeader", nsmap=spaces.declared())
        write_members(inner, business, replace(writing, spaces=spaces), ("epcisHeader", SBDH_MEMBER))
    if isinstance(master, dict):
        wrapper = etree.SubElement(etree.SubElement(element, "extension"), "EPCISMasterData")
        _write_master_data(wrapper, master, writing, ("epcisHeader", "epcisMasterData"))
    for name, value in header.items():
        if name not in (SBDH_MEMBER, "epcisMasterData"):
            _header_member(element, name, value, writing, version)


def _header_member(element: Element, name: str, value: Json, writing: Writing, version: Written) -> None:
    """Something else in the header: 2.0 takes it as an attribute only, 1.2 as an element too."""
    found = writing.spaces.split(name)
    if found is None or not found[0]:
        writing.losses.note("xml-loss-name", ("epcisHeader", name), name=name[:80])
    elif version == "1.2":
        write_foreign(element, name, value, writing, ("epcisHeader", name))
    elif isinstance(value, dict | list):
        writing.losses.note("xml-loss-structure", ("epcisHeader", name))
    elif value is not None:
        text = writing.text(value, ("epcisHeader", name), further=True)
        element.set(f"{{{found[0]}}}{found[1]}", text)


def _business(tree: Members, header: Members, writing: Writing) -> Members | None:
    kept = header.get(SBDH_MEMBER)
    said = Parties(*(plain(tree[name]) if name in tree else None for name in PARTIES))
    if isinstance(kept, dict):
        told = parties_of(kept)
        if said not in (told, Parties()):
            writing.losses.note("xml-loss-parties", ())
        return _in_order(kept)
    if said.complete():
        whole = plain_header(said, str(tree.get("creationDate")))
        return whole if isinstance(whole, dict) else None
    for name in PARTIES:
        if name in tree:
            writing.losses.note("xml-loss-parties", (name,))
    return None


def _in_order(header: Members) -> Members:
    """The header with its members, and those of its identification, in the order XML wants."""
    ordered = _sorted(header, _ORDER)
    identification = ordered.get("sbdh:DocumentIdentification")
    if isinstance(identification, dict):
        ordered["sbdh:DocumentIdentification"] = _sorted(identification, _IDENTIFICATION)
    return ordered


def _sorted(members: Members, order: tuple[str, ...]) -> Members:
    known = [f"sbdh:{name}" for name in order if f"sbdh:{name}" in members]
    return {name: members[name] for name in (*known, *(name for name in members if name not in known))}


def _write_master_data(element: Element, master: Members, writing: Writing, path: Path) -> None:
    for name, value in master.items():
        if name == "vocabularyList":
            write_vocabularies(element, value, writing, (*path, name))
        else:
            writing.losses.note("xml-loss-structure", (*path, name))


def write_vocabularies(element: Element, value: Json, writing: Writing, path: Path) -> None:
    """A `VocabularyList` into `element`."""
    wrapper = etree.SubElement(element, "VocabularyList")
    for position, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            _vocabulary(etree.SubElement(wrapper, "Vocabulary"), item, writing, (*path, position))
        else:
            writing.losses.note("xml-loss-value", (*path, position))


def _vocabulary(element: Element, item: Members, writing: Writing, path: Path) -> None:
    elements = item.get("vocabularyElementList")
    if isinstance(elements, list) and elements:
        wrapper = etree.SubElement(element, "VocabularyElementList")
        for position, inner in enumerate(elements):
            if isinstance(inner, dict):
                place = (*path, "vocabularyElementList", position)
                _vocabulary_element(etree.SubElement(wrapper, "VocabularyElement"), inner, writing, place)
    _named(element, item, ("type", "vocabularyElementList"), "type", writing, path)


def _vocabulary_element(element: Element, item: Members, writing: Writing, path: Path) -> None:
    attributes, children = item.get("attributes"), item.get("children")
    for position, inner in enumerate(attributes if isinstance(attributes, list) else ()):
        if isinstance(inner, dict):
            _attribute(etree.SubElement(element, "attribute"), inner, writing, (*path, "attributes", position))
    if isinstance(children, list):
        wrapper = etree.SubElement(element, "children")
        for position, child in enumerate(children):
            etree.SubElement(wrapper, "id").text = writing.text(child, (*path, "children", position))
    _named(element, item, ("id", "attributes", "children"), "id", writing, path)


def _attribute(element: Element, item: Members, writing: Writing, path: Path) -> None:
    value = item.get("attribute")
    element.set("id", writing.text(item.get("id"), (*path, "id")))
    if isinstance(value, dict):
        write_members(element, value, writing, (*path, "attribute"))
    elif not isinstance(value, list):
        element.text = writing.text(value, (*path, "attribute"), further=True)
    else:
        writing.losses.note("xml-loss-value", (*path, "attribute"))


def _named(element: Element, item: Members, known: tuple[str, ...], key: str, writing: Writing, path: Path) -> None:
    """The name of a vocabulary or its element as its attribute, and what it says further."""
    element.set(key, writing.text(item.get(key), (*path, key)))
    for name, value in item.items():
        if name in known:
            continue
        found = writing.spaces.split(name)
        if found is None or not found[0]:
            writing.losses.note("xml-loss-name", (*path, name), name=name[:80])
        else:
            write_foreign(element, name, value, writing, (*path, name))
