"""Elements that are not EPCIS's: extensions and master data, as JSON objects, lists and texts.

- An element with a text alone is that text, white space kept; one without anything is the empty text.
- Attributes and child elements are members; what occurs twice is a list; a text beside them is `#text`.
- Between elements of different names the order is not kept: it means nothing in EPCIS, and the event hash sorts.
- KNOWN LIMIT: a text between elements (mixed content) has no place in JSON, and is refused rather than lost.

    <x:a u="1">2</x:a>  ->  {"#text": "2", "u": "1"}

GS1 EPCIS 2.0 section 9.1 (extension), CBV 2.0 section 8.9 (what the hash makes of it).
"""

from collections.abc import Callable

from schemas.epcis.xml_binding import TEXT, XSI
from schemas.epcis.xml_names import Names
from schemas.syntax.json_text import Json
from schemas.syntax.xml_text import Element

# Code and values of what is wrong with an element: how the reader of the event is told.
Complain = Callable[..., None]
_TYPE = f"{{{XSI}}}type"


def read_foreign(element: Element, names: Names, complain: Complain) -> Json:
    """The content of an element as a value of JSON; `complain(code, element, …)` is told what it cannot hold."""
    text = element.text or ""
    if not len(element) and not element.attrib:
        return text
    members: dict[str, Json] = {}
    if text.strip() if len(element) else text:
        members[TEXT] = text
    for name, value in element.attrib.items():
        value = names.value(str(value), element) if name == _TYPE else str(value)
        members[names.member(str(name), element)] = value
    for child in element:
        if (child.tail or "").strip():
            complain("xml-mixed-text", child, name=names.member(str(element.tag), element))
        add(members, names.member(str(child.tag), child), read_foreign(child, names, complain))
    return members


def add(members: dict[str, Json], name: str, value: Json) -> None:
    """One more value of the member `name`: the second makes a list of it."""
    if name not in members:
        members[name] = value
        return
    found = members[name]
    members[name] = [*found, value] if isinstance(found, list) else [found, value]
