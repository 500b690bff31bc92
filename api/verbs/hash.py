"""Hash: the CBV event hash of every event of a document, in document order, without judging the document.

- The document is JSON-LD or XML, recognised by its content; XML is hashed as the JSON-LD it is read into.
- A document may name members that its sender asks to leave out of the hashes (`…:ignoreFields`, on the document or
  its query results): bookkeeping that a repository adds to events.

    hash_document(data, name="shipping.jsonld")  ->  ["ni:///sha-256;…?ver=CBV2.0", …]

CBV 2.0 section 8.9; ARCHITECTURE.md section 7 (`hash`).
"""

from collections.abc import Iterator, Mapping

from schemas.epcis.document import read_any
from schemas.epcis.event import split, with_context
from schemas.epcis.event_hash import Version, event_hash
from schemas.errors import InputError
from schemas.syntax.json_text import Json


def hash_document(data: bytes, *, name: str = "-", version: Version = "2.0") -> list[str]:
    """One `ni:` URI per event; `InputError` with document and event (from 0) for what cannot be hashed."""
    try:
        found = read_any(data)
    except InputError as error:
        raise error.within(document=name) from None
    for problem in found.problems:
        # What could not be read is missing from the event, so that its hash would be another event's.
        place = {} if problem.event is None else {"event": problem.event}
        raise InputError(problem.code, document=name, **place, **problem.context)
    tree = found.tree
    sent = split(tree)
    if not sent.events:
        raise InputError("hash-no-events", document=name)
    ignore = frozenset(_ignored(tree))
    return [_hash(sent.context, event, name, index, version, ignore) for index, event in enumerate(sent.events)]


def _hash(context: Json, event: Json, name: str, index: int, version: Version, ignore: frozenset[str]) -> str:
    try:
        if not isinstance(event, dict):
            raise InputError("hash-not-an-event")
        return event_hash(with_context(context, event), version=version, ignore=ignore)
    except InputError as error:
        raise error.within(document=name, event=index) from None


def _ignored(tree: Json) -> Iterator[str]:
    """The names a document asks to leave out of its events' hashes."""
    holder = tree
    for step in ("", "epcisBody", "queryResults"):
        holder = holder.get(step) if step and isinstance(holder, Mapping) else holder
        for member, names in holder.items() if isinstance(holder, Mapping) else ():
            # In JSON a list of names, in XML an element that holds an empty element of each name.
            if member.endswith(":ignoreFields") and isinstance(names, list | dict):
                yield from (name for name in names if isinstance(name, str))
