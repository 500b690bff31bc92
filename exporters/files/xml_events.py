"""XML of a package part as it is read: one tag at a time, in bounded memory, with no document type.

- Each event says the path from the root: names of the root's own namespace as they are, any other as `?`, so that what
  a reader of spreadsheets ignores is never taken for what it shows.
- A document type is refused: packages have none, and entities hide what a text says.

    for event in xml_events("xl/workbook.xml", chunks, SPREADSHEET): event.path[-1], event.attributes, event.text

ECMA-376 part 2, annex F (no document types in parts). The parser is expat, of the standard library.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

from schemas.errors import InputError

FOREIGN = "?"
DEEPEST = 64
_BETWEEN = " "


class XmlEvent(NamedTuple):
    """A tag. `begins`: a start tag, with its attributes; else an end tag, with the text right inside the element.
    Attributes with a namespace are named `namespace name`, others by their name alone."""

    begins: bool
    path: tuple[str, ...]
    attributes: dict[str, str]
    text: str


def xml_events(part: str, chunks: Iterable[bytes], spaces: Collection[str]) -> Iterator[XmlEvent]:
    """The tags of a part whose own namespace is one of these; `InputError("archive-part-xml")` naming part and line."""
    parser = ParserCreate(namespace_separator=_BETWEEN)
    parser.buffer_text = True
    tags = _Tags(spaces)
    parser.StartElementHandler, parser.EndElementHandler = tags.start, tags.end
    parser.CharacterDataHandler = tags.text
    parser.StartDoctypeDeclHandler = tags.refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield from tags.taken()
        parser.Parse(b"", True)
        yield from tags.taken()
    except (ExpatError, _RefusedError) as error:
        raise InputError("archive-part-xml", part=part[:80], line=parser.CurrentLineNumber) from error


class _RefusedError(Exception):
    """What is XML, and not to be read."""


class _Tags:
    """What expat calls back, kept until it is taken."""

    def __init__(self, spaces: Collection[str]) -> None:
        self._spaces = spaces
        self._path: tuple[str, ...] = ()
        self._texts: list[list[str]] = []
        self._events: list[XmlEvent] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(_BETWEEN)
        if len(self._path) >= DEEPEST:
            raise _RefusedError
        if not self._path and space in self._spaces:
            self._spaces = (space,)
        self._path = (*self._path, local if space in self._spaces else FOREIGN)
        self._texts.append([])
        self._events.append(XmlEvent(True, self._path, attributes, ""))

    def end(self, _: str) -> None:
        self._events.append(XmlEvent(False, self._path, {}, "".join(self._texts.pop())))
        self._path = self._path[:-1]

    def text(self, data: str) -> None:
        self._texts[-1].append(data)

    def refuse(self, *_: object) -> None:
        raise _RefusedError

    def taken(self) -> list[XmlEvent]:
        events, self._events = self._events, []
        return events
