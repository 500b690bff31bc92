"""One event of the JSON-LD model as XML, in the sequence its version's schema demands.

- Which member stands where says `xml_layout.py`; how each is written, the table of terms.
- Bare words are written as URNs (those of sensors with their prefix), numbers with the text they have.
- Whatever XML cannot carry is noted as a loss, a value of the wrong kind too: what is written is always a document.

    write_event(event_list, event, spaces, losses, version="2.0")

GS1 EPCIS 2.0 section 9.5, EPCIS 1.2 section 9.5.
"""

import re

from lxml import etree

from schemas.epcis.event import EventDict
from schemas.epcis.holders import EVENT_TYPES, EVENTS, OBJECTS, Holder, holder
from schemas.epcis.terms import Term, term
from schemas.epcis.xml_binding import AS_ATTRIBUTES, ITEMS, NOT_ELEMENTS, TEXT_OF, XSI
from schemas.epcis.xml_foreign_write import Writing, write_attribute, write_foreign
from schemas.epcis.xml_layout import ALWAYS, BEYOND, NEVER_EMPTY, Written, around, layout, members
from schemas.epcis.xml_losses import Losses, Path
from schemas.epcis.xml_spaces import Spaces
from schemas.epcis.xml_values import plain, text_of
from schemas.syntax.json_text import Json
from schemas.syntax.xml_text import Element

_OBJECTS = frozenset(row.name for row in OBJECTS)
_ANY = {name: row for event in EVENTS for name, row in zip(event.members, event.terms(), strict=True)}
# A time as both schemas of XML take it (EPCIS 2.0 is the stricter).
_TIME = re.compile(
    r"\d{4}-(1[0-2]|0[1-9])-(3[01]|0[1-9]|[12]\d)T(2[0-3]|[01]\d):[0-5]\d:[0-5]\d(\.\d+)?"
    r"(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))"
)


def write_event(parent: Element, event: EventDict, spaces: Spaces, losses: Losses, *, version: Written) -> None:
    """The event into an `EventList`; nothing but a loss where the version has no place for its type."""
    kind = str(event.get("type"))
    own = Spaces(event.get("@context"), spaces)
    for unsaid in own.unsaid:
        losses.note("xml-loss-context", ("@context",), name=unsaid[:80])
    outside, tag = around(kind, version), kind if kind in EVENT_TYPES else own.tag(kind)
    if outside is None or tag is None or (kind not in EVENT_TYPES and tag[0] != "{"):
        losses.note("xml-loss-event", name=kind[:80])
        return
    if version == "1.2" and kind == "AssociationEvent":
        losses.note("xml12-association")
    element = etree.SubElement(_inside(parent, outside), tag, nsmap=own.declared())
    _EventWriter(Writing(own, losses), version).event(element, kind, event)


def _inside(parent: Element, names: tuple[str, ...]) -> Element:
    for name in names:
        parent = etree.SubElement(parent, name)
    return parent


class _EventWriter:
    def __init__(self, writing: Writing, version: Written) -> None:
        self._writing = writing
        self._losses = writing.losses
        self._version = version

    def event(self, element: Element, kind: str, event: EventDict) -> None:
        """All members of an event, the further ones last."""
        terms = {name: term(name, kind) if kind in EVENT_TYPES else _ANY[name] for name in members(kind)}
        wrappers: dict[tuple[str, ...], Element] = {(): element}
        for path, names in layout(kind, self._version):
            for name in names:
                always = self._version == "1.2" and ALWAYS.get(kind) == name
                value = event.get(name, [] if always else None)
                if value is None or (value == [] and name in NEVER_EMPTY):
                    continue
                if self._version == "1.2" and name in BEYOND and kind != "AssociationEvent":
                    self._losses.note("xml12-in-extension", (name,), name=name)
                self._known(_wrapper(wrappers, path), terms[name], value, (name,))
        self._further(element, event, (*members(kind), *NOT_ELEMENTS), ())

    def _known(self, parent: Element, found: Term, value: Json, path: Path) -> None:
        name = found.name
        if name in ITEMS:
            if not isinstance(value, list):
                self._losses.note("xml-loss-value", path)
                return
            wrapper = etree.SubElement(parent, name)
            for position, item in enumerate(value):
                self._item(wrapper, ITEMS[name], found, item, (*path, position))
        elif isinstance(value, list):
            self._repeated(parent, found, value, path)
        else:
            self._item(parent, name, found, value, path)

    def _repeated(self, parent: Element, found: Term, value: list[Json], path: Path) -> None:
        if found.repeat == "one":
            self._losses.note("xml-loss-value", path)
            return
        if found.repeat == "one or list" and self._version == "2.0" and len(value) > 1:
            self._losses.note("xml-loss-further-values", path, count=len(value) - 1)
            value = value[:1]
        for position, item in enumerate(value):
            self._item(parent, found.name, found, item, (*path, position))

    def _item(self, parent: Element, name: str, found: Term, value: Json, path: Path) -> None:
        structured = found.shape in _OBJECTS or found.shape == "ilmd"
        if structured != isinstance(value, dict) or isinstance(value, list) or value is None:
            self._losses.note("xml-loss-value", path)
        elif isinstance(value, dict):
            self._object(etree.SubElement(parent, name), found.shape, value, path)
        else:
            etree.SubElement(parent, name).text = self._text(found, value, path)

    def _object(self, element: Element, shape: str, value: dict[str, Json], path: Path) -> None:
        inside = Holder("ilmd", ()) if shape == "ilmd" else holder(shape)
        if shape in AS_ATTRIBUTES:
            self._attributes(element, inside, value, path)
            return
        for row in inside.terms():
            item = value.get(row.name)
            if item is None:
                if row.name == "quantity" and shape == "quantity" and value.get("uom") is not None:
                    etree.SubElement(element, "quantity", {f"{{{XSI}}}nil": "true"})
            elif TEXT_OF.get(shape) == row.name and not isinstance(item, dict | list):
                element.text = self._text(row, item, (*path, row.name))
            elif shape in TEXT_OF and not isinstance(item, dict | list):
                element.set(row.name, self._text(row, item, (*path, row.name)))
            else:
                self._known(element, row, item, (*path, row.name))
        self._further(element, value, inside.members, path)

    def _attributes(self, element: Element, inside: Holder, value: dict[str, Json], path: Path) -> None:
        for row in inside.terms():
            item = value.get(row.name)
            if isinstance(item, dict | list):
                self._losses.note("xml-loss-value", (*path, row.name))
            elif item is not None:
                element.set(row.name, self._text(row, item, (*path, row.name)))
        for name, item in value.items():
            if name not in inside.members:
                write_attribute(element, name, item, self._writing, (*path, name))

    def _further(self, element: Element, value: dict[str, Json], known: tuple[str, ...], path: Path) -> None:
        for name, item in value.items():
            if name in known:
                continue
            found = self._writing.spaces.split(name)
            if found is None or not found[0]:
                # Without a namespace it would be a standard element, which it is not.
                self._losses.note("xml-loss-name", (*path, name), name=name[:80])
            else:
                write_foreign(element, name, item, self._writing, (*path, name))

    def _text(self, found: Term, value: Json, path: Path) -> str:
        text = text_of(found, value)
        if text is None:
            self._losses.note("xml-loss-number", path, value=plain(value))
            text = plain(value)
        elif found.shape == "time":
            text = text[:11].replace("t", "T") + text[11:].replace("z", "Z")
            if not _TIME.fullmatch(text):
                self._losses.note("xml-loss-time", path, value=text[:64])
        return self._writing.text(text, path)


def _wrapper(made: dict[tuple[str, ...], Element], path: tuple[str, ...]) -> Element:
    """The element at `path` inside the event, made when the first member needs it."""
    if path not in made:
        made[path] = etree.SubElement(_wrapper(made, path[:-1]), path[-1])
    return made[path]
