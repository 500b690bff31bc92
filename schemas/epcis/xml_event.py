"""One event in XML, read into the JSON-LD model by the tables of terms and holders.

- Members stand in any order, in `extension` and `baseExtension` or not, whatever the version: the JSON model judges the
  event, and there every member has one place.
- Numbers keep their text; a quantity that is nil is one that is not there.
- Elements and attributes of other namespaces are extensions, with the prefix they have in the document.
- What the JSON model cannot hold is a problem of this event alone, with its line.

    event, problems = read_event(element, Names())

GS1 EPCIS 2.0 sections 9.5 (XML), 10.2 (JSON).
"""

from collections.abc import Iterator
from typing import Any

from schemas.epcis.event import EventDict, Problem, pointer
from schemas.epcis.holders import EVENT_TYPES, EVENTS, EXTENDED, OBJECTS, Holder, holder
from schemas.epcis.terms import Term, term
from schemas.epcis.xml_binding import AS_ATTRIBUTES, ITEMS, NOT_ELEMENTS, OWN, TEXT_OF, WRAPPERS, XSI
from schemas.epcis.xml_foreign import add, read_foreign
from schemas.epcis.xml_names import Names
from schemas.epcis.xml_values import value_of
from schemas.syntax.json_text import Json
from schemas.syntax.xml_text import Element, line_of, split_name

Path = tuple[str | int, ...]
Members = dict[str, Json]
_OBJECTS = frozenset(row.name for row in OBJECTS)
# An event of somebody else's type may hold whatever standard members some type has.
_ANY = {name: row for event in EVENTS for name, row in zip(event.members, event.terms(), strict=True)}
_ILMD = Holder("ilmd", ())


def read_event(element: Element, names: Names, index: int | None = None) -> tuple[EventDict, list[Problem]]:
    """The event in `element`, and what of it the JSON model cannot hold; prefixes it brings stand in its `@context`."""
    own = Names(names)
    kind = own.member(str(element.tag), element)
    reader = _Reader(own, index)
    event: EventDict = {"type": kind}
    reader.members(element, holder(kind) if kind in EVENT_TYPES else EXTENDED, event, ())
    context = own.context()
    return ({"@context": context, **event} if context else event), reader.problems


class _Reader:
    def __init__(self, names: Names, index: int | None) -> None:
        self.problems: list[Problem] = []
        self._names = names
        self._index = index
        self._path: Path = ()

    def members(self, element: Element, inside: Holder, into: Members, path: Path) -> None:
        """What the elements and attributes of `element` say, into the object `into`."""
        self._attributes(element, inside, into, path)
        for child in self._children(element, path):
            space, local = split_name(str(child.tag))
            if space in OWN and local in WRAPPERS:
                self.members(child, inside, into, path)
            elif space in OWN and (found := _term(local, inside)):
                self._known(child, found, into, (*path, local))
            elif space in OWN and local in NOT_ELEMENTS:
                self._complain("xml-unexpected-element", child, path, name=local)
            else:
                self._foreign(child, into, path)

    def _attributes(self, element: Element, inside: Holder, into: Members, path: Path) -> None:
        for name, text in element.attrib.items():
            space, local = split_name(str(name))
            if space == XSI:
                continue
            if not space and inside.name in AS_ATTRIBUTES and (found := _term(local, inside)):
                into[local] = self._typed(found, str(text), element)
            elif not space and inside.name in TEXT_OF and local == "type":
                into[local] = self._typed(term(local, inside.name), str(text), element)
            elif space or inside.further == "any" or inside.name in AS_ATTRIBUTES:
                add(into, self._names.member(str(name), element), str(text))
            elif not (path == () and local in ("schemaVersion", "creationDate")):
                # A bare event may say what is a document's to say.
                self._complain("xml-unexpected-attribute", element, path, name=local)

    def _known(self, element: Element, found: Term, into: Members, path: Path) -> None:
        name = found.name
        if name in ITEMS:
            if name in into:
                self._complain("xml-repeated-element", element, path, name=name)
            into[name] = self._items(element, found, path)
        elif _nil(element):
            self._plain(element, path)
        elif found.repeat in ("one", "one or list"):
            if name in into and found.repeat == "one":
                self._complain("xml-repeated-element", element, path, name=name)
            value = self._value(element, found, path)
            into[name] = value if name not in into or found.repeat == "one" else _longer(into[name], value)
        else:
            items = into.setdefault(name, [])
            if isinstance(items, list):
                items.append(self._value(element, found, (*path, len(items))))

    def _items(self, element: Element, found: Term, path: Path) -> list[Json]:
        items: list[Json] = []
        self._bare(element, path)
        for child in self._children(element, path):
            space, local = split_name(str(child.tag))
            if space not in OWN or local != ITEMS[found.name]:
                self._complain("xml-unexpected-element", child, path, name=local)
                continue
            items.append(self._value(child, found, (*path, len(items))))
        return items

    def _value(self, element: Element, found: Term, path: Path) -> Json:
        if found.shape in TEXT_OF:
            into: Members = {}
            inside = holder(found.shape)
            self._attributes(element, inside, into, path)
            member = TEXT_OF[found.shape]
            into[member] = self._typed(term(member, inside.name), self._text(element, path), element)
            return into
        if found.shape in _OBJECTS or found.shape == "ilmd":
            into = {}
            self.members(element, _ILMD if found.shape == "ilmd" else holder(found.shape), into, path)
            return into
        self._bare(element, path)
        return self._typed(found, self._text(element, path), element)

    def _typed(self, found: Term, text: str, element: Element) -> Json:
        if found.shape not in ("text", "number", "boolean", "time") and ":" in text:
            text = self._names.value(text.strip(), element)
        return value_of(found, text)

    def _foreign(self, element: Element, into: Members, path: Path) -> None:
        name = self._names.member(str(element.tag), element)

        def complain(code: str, place: Element, **context: Any) -> None:
            self._complain(code, place, (*path, name), **context)

        add(into, name, read_foreign(element, self._names, complain))

    def _children(self, element: Element, path: Path) -> Iterator[Element]:
        """The child elements; text between them is a problem, since no standard element has any."""
        if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            self._complain("xml-unexpected-text", element, path)
        yield from element

    def _text(self, element: Element, path: Path) -> str:
        for child in element:
            self._complain("xml-unexpected-element", child, path, name=split_name(str(child.tag))[1])
        return element.text or ""

    def _bare(self, element: Element, path: Path) -> None:
        for name in element.attrib:
            space, local = split_name(str(name))
            if space != XSI:
                self._complain("xml-unexpected-attribute", element, path, name=local)

    def _plain(self, element: Element, path: Path) -> None:
        self._bare(element, path)
        if self._text(element, path).strip():
            self._complain("xml-unexpected-text", element, path)

    def _complain(self, code: str, element: Element, path: Path, **context: Any) -> None:
        member = pointer(*path)
        inside = split_name(str(element.tag))[1]
        context = {"inside": inside, **context, "line": line_of(element), "member": member or "/"}
        self.problems.append(Problem(code, self._index, member, context))


def _term(name: str, inside: Holder) -> Term | None:
    if name in NOT_ELEMENTS and inside.name not in AS_ATTRIBUTES:
        return None
    if inside is EXTENDED:
        return _ANY.get(name)
    return term(name, inside.name) if name in inside.members else None


def _nil(element: Element) -> bool:
    return element.get(f"{{{XSI}}}nil", "").strip() in ("true", "1")


def _longer(found: Json, value: Json) -> Json:
    return [*found, value] if isinstance(found, list) else [found, value]
