"""A document as bytes, JSON-LD or XML, read into one model: whatever it comes in, it is judged and hashed as JSON-LD.

- `media_type` says what it is; without one it is recognised by content: XML begins with `<`, JSON never does.
- `problems` and `losses` are what only the XML can have; a JSON document that can be read has none of its own.

    read_any(data).tree["type"]  ->  "EPCISDocument"

GS1 EPCIS 2.0 sections 9 (XML) and 10 (JSON-LD).
"""

from dataclasses import dataclass

from schemas.epcis.binding import JSON_MEDIA_TYPES, XML_MEDIA_TYPES, essence
from schemas.epcis.event import Problem
from schemas.epcis.locate import locate
from schemas.epcis.xml_read import read_document
from schemas.errors import InputError
from schemas.syntax.json_text import Json, read
from schemas.syntax.xml_text import looks_like_xml


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: its media type without parameters, the document as JSON says it, and what XML had besides."""

    media_type: str
    tree: Json
    problems: tuple[Problem, ...] = ()
    losses: tuple[Problem, ...] = ()


def read_any(data: bytes, media_type: str | None = None) -> Read:
    """The document in `data`; `InputError` where it cannot be read, `media-type-unknown` for another type."""
    kind = essence(media_type) if media_type else recognise(data)
    if kind in XML_MEDIA_TYPES:
        document = read_document(data)
        return Read(kind, document.tree, document.problems, document.losses)
    if kind not in JSON_MEDIA_TYPES:
        raise InputError("media-type-unknown", media_type=str(media_type)[:80])
    try:
        return Read(kind, read(data))
    except InputError as error:
        raise error.within(**locate(data, error.code)) from None


def recognise(data: bytes) -> str:
    """The media type a document has by its content."""
    return "application/xml" if looks_like_xml(data) else "application/ld+json"
