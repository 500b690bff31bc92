"""The header of a document in XML: who sent it to whom (SBDH), and master data; read into the JSON model.

- Of a Standard Business Document Header, JSON has `sender`, `receiver` and `instanceIdentifier`. A header that says
  more is kept whole, under its own prefix in `epcisHeader`, so that it can be written again.
- Master data (`VocabularyList`) has the same form in JSON; an attribute's value is a text or an object.

    plain_header(Parties("urn:a", "urn:b", "1"), "2026-05-04T08:00:00Z")  ->  {"sbdh:HeaderVersion": "1.0", …}

GS1 EPCIS 2.0 sections 9.4 (header), 9.6 (master data); UN/CEFACT SBDH 1.3.
"""

from dataclasses import dataclass

from schemas.epcis.xml_binding import OWN, SBDH, TEXT, WRAPPERS, XSI
from schemas.epcis.xml_foreign import Complain, add, read_foreign
from schemas.epcis.xml_names import Names
from schemas.syntax.json_text import Json
from schemas.syntax.xml_text import Element, split_name

SBDH_MEMBER = "sbdh:StandardBusinessDocumentHeader"
Members = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Parties:
    """What JSON keeps of a Standard Business Document Header; None for what it does not say."""

    sender: str | None = None
    receiver: str | None = None
    instance: str | None = None

    def complete(self) -> bool:
        """Whether a header can be written from it: XML demands all three."""
        return None not in (self.sender, self.receiver, self.instance)


def plain_header(parties: Parties, created: str) -> Json:
    """The header that says no more than `parties`, in the form in which one is read."""
    return {
        "sbdh:HeaderVersion": "1.0",
        "sbdh:Sender": {"sbdh:Identifier": parties.sender},
        "sbdh:Receiver": {"sbdh:Identifier": parties.receiver},
        "sbdh:DocumentIdentification": {
            "sbdh:Standard": "EPCglobal",
            "sbdh:TypeVersion": "1.0",
            "sbdh:InstanceIdentifier": parties.instance,
            "sbdh:Type": "Events",
            "sbdh:CreationDateAndTime": created,
        },
    }


def parties_of(header: Json) -> Parties:
    """Sender, receiver and identifier of a header as it was read; None where it names several or none."""
    whole = header if isinstance(header, dict) else {}
    identification = whole.get("sbdh:DocumentIdentification")
    instance = identification.get("sbdh:InstanceIdentifier") if isinstance(identification, dict) else None
    sender, receiver = (_identifier(whole.get(f"sbdh:{name}")) for name in ("Sender", "Receiver"))
    return Parties(sender, receiver, _said(instance))


def _identifier(partner: Json) -> str | None:
    found = partner.get("sbdh:Identifier") if isinstance(partner, dict) else None
    return _said(found.get(TEXT) if isinstance(found, dict) else found)


def _said(value: Json) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def read_header(element: Element, tree: Members, names: Names, complain: Complain) -> None:
    """What `EPCISHeader` says, into the document `tree`."""
    header: Members = {}
    _header_members(element, header, names, complain)
    whole = header.get(SBDH_MEMBER)
    if whole is not None:
        parties = parties_of(whole)
        said = {"instanceIdentifier": parties.instance, "sender": parties.sender, "receiver": parties.receiver}
        tree.update({name: value for name, value in said.items() if value is not None})
        if whole == plain_header(parties, str(tree.get("creationDate"))):
            del header[SBDH_MEMBER]
        else:
            names.of(SBDH, "sbdh")
    if header:
        tree["epcisHeader"] = header


def _header_members(element: Element, header: Members, names: Names, complain: Complain) -> None:
    for name, text in element.attrib.items():
        if split_name(str(name))[0] != XSI:
            add(header, names.member(str(name), element), str(text))
    for child in element:
        space, local = split_name(str(child.tag))
        if space in OWN and local in WRAPPERS:
            _header_members(child, header, names, complain)
        elif space in OWN and local == "EPCISMasterData":
            header["epcisMasterData"] = read_master_data(child, names, complain)
        elif space == SBDH:
            # Read with a prefix of its own, whatever the document calls it.
            add(header, f"sbdh:{local}", _sbdh(child, names, complain))
        else:
            add(header, names.member(str(child.tag), child), read_foreign(child, names, complain))


def _sbdh(element: Element, names: Names, complain: Complain) -> Json:
    inner = Names(names)
    inner.of(SBDH, "sbdh")
    read = read_foreign(element, inner, complain)
    return _trimmed(read)


def _trimmed(value: Json) -> Json:
    """White space around the texts of a business header is layout."""
    if isinstance(value, dict):
        return {name: _trimmed(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_trimmed(item) for item in value]
    return value.strip() if isinstance(value, str) else value


def read_master_data(element: Element, names: Names, complain: Complain) -> Json:
    """`EPCISMasterData` (or a body that holds a `VocabularyList`) as JSON says it."""
    into: Members = {}
    for child in element:
        space, local = split_name(str(child.tag))
        if space in OWN and local == "VocabularyList":
            into["vocabularyList"] = [_vocabulary(item, names, complain) for item in child]
        elif space in OWN and local in WRAPPERS:
            inner = read_master_data(child, names, complain)
            into.update(inner if isinstance(inner, dict) else {})
        else:
            add(into, names.member(str(child.tag), child), read_foreign(child, names, complain))
    return into


def _vocabulary(element: Element, names: Names, complain: Complain) -> Json:
    into = _attributes(element, names)
    for child in element:
        if _is(child, "VocabularyElementList"):
            into["vocabularyElementList"] = [_vocabulary_element(item, names, complain) for item in child]
        else:
            add(into, names.member(str(child.tag), child), read_foreign(child, names, complain))
    return into


def _vocabulary_element(element: Element, names: Names, complain: Complain) -> Json:
    into = _attributes(element, names)
    attributes: list[Json] = []
    for child in element:
        if _is(child, "attribute"):
            attributes.append(_attribute(child, names, complain))
            into["attributes"] = attributes
        elif _is(child, "children"):
            into["children"] = [(item.text or "").strip() for item in child]
        else:
            add(into, names.member(str(child.tag), child), read_foreign(child, names, complain))
    return into


def _attribute(element: Element, names: Names, complain: Complain) -> Json:
    value = read_foreign(element, names, complain)
    if not isinstance(value, dict):
        return {"attribute": value}
    identifier = element.get("id")
    inner = {name: item for name, item in value.items() if name != "id" or identifier is None}
    content: Json = inner.get(TEXT, "") if set(inner) <= {TEXT} else inner
    return {"id": identifier.strip(), "attribute": content} if identifier is not None else {"attribute": content}


def _attributes(element: Element, names: Names) -> Members:
    return {
        names.member(str(name), element): str(text).strip()
        for name, text in element.attrib.items()
        if split_name(str(name))[0] != XSI
    }


def _is(element: Element, name: str) -> bool:
    space, local = split_name(str(element.tag))
    return space in OWN and local == name
