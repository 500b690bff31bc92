"""The names of a JSON-LD document as names of XML: which namespace a prefix stands for, and where it is declared.

- The prefixes of a `@context` are declared where it stands: the document's on the root, an event's own on the event.
- GS1's prefixes are known without a declaration, in the spelling that XML has for their namespace.
- A name without a prefix has no namespace; a whole IRI is taken apart after its last `/`, `#` or `:`.
- A context that is more than prefixes (terms with types, other addresses) cannot be declared, and is a loss.

    Spaces([{"ext": "http://ext.example/"}]).split("ext:a")  ->  ("http://ext.example/", "a")

Namespaces in XML 1.0; JSON-LD 1.1 section 4.1.
"""

import re
from collections.abc import Iterable, Iterator

from schemas.epcis.context import ADDRESSES
from schemas.epcis.terms import PREFIXES
from schemas.epcis.xml_binding import XML, XSD, XSI
from schemas.epcis.xml_names import MDA, is_known_mda
from schemas.syntax.json_text import Json
from schemas.syntax.xml_text import is_name, is_namespace

_GIVEN = {**PREFIXES, "cbvmda": MDA, "xml": XML}
_LAST = re.compile(r"(?s)(.*[/#:])([^/#:]+)")


class Spaces:
    """The prefixes in force in a document, or in one of its events (`around` is then the document's)."""

    __slots__ = ("_around", "_own", "unsaid")

    def __init__(self, context: Json, around: "Spaces | None" = None) -> None:
        self._around = around
        self._own: dict[str, str] = {}
        self.unsaid: list[str] = []  # what of the context XML has no place for
        for part in context if isinstance(context, list) else [context]:
            self._read(part)

    def _read(self, part: Json) -> None:
        if isinstance(part, str) and part not in ADDRESSES:
            self.unsaid.append(part)
        for prefix, definition in part.items() if isinstance(part, dict) else ():
            iri = definition.get("@id") if isinstance(definition, dict) else definition
            plain = not isinstance(definition, dict) or set(definition) <= {"@id", "@prefix"}
            if isinstance(iri, str) and plain and _is_free(prefix) and is_namespace(iri):
                self._own[prefix] = MDA if is_known_mda(iri) else iri
            else:
                self.unsaid.append(prefix)

    def declared(self) -> dict[str, str]:
        """What is to be declared on the element that this stands for."""
        # A value of `xsi:type` is a name of XML Schema, whose prefix JSON-LD knows without a declaration.
        typed = {"xsd": XSD} if XSI in self._own.values() and "xsd" not in self._own else {}
        return {**typed, **self._own}

    def given(self, used: Iterable[str]) -> dict[str, str]:
        """Of the prefixes that are known without a declaration those that are used: XML wants one all the same."""
        names = set(used)
        return {prefix: space for prefix, space in _GIVEN.items() if prefix in names and space != XML}

    def split(self, name: str) -> tuple[str, str] | None:
        """Namespace and local name; None where XML has no name for it."""
        prefix, colon, local = name.partition(":")
        if not colon:
            return ("", name) if _is_free(name) else None
        space = self._space(prefix) if not local.startswith("//") else None
        if space is None:
            match = _LAST.fullmatch(name)
            space, local = (match[1], match[2]) if match else ("", "")
        return (space, local) if space and is_name(local) and (space == XML or is_namespace(space)) else None

    def _space(self, prefix: str) -> str | None:
        found = self._own.get(prefix)
        if found is None:
            return self._around._space(prefix) if self._around is not None else _GIVEN.get(prefix)
        return found

    def tag(self, name: str) -> str | None:
        """The name as lxml writes it, `{namespace}local`; None where XML has none for it."""
        found = self.split(name)
        return None if found is None else f"{{{found[0]}}}{found[1]}" if found[0] else found[1]


def _is_free(name: str) -> bool:
    """Whether a name is one of XML, and not one that XML keeps for itself."""
    return is_name(name) and name[:3].lower() != "xml"


# The members whose words are written with a prefix.
_SENSED = frozenset({"sensorReport"})


def prefixes_used(value: Json) -> Iterator[str]:
    """Every prefix that some name inside a value begins with, and those of the words of sensors."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield from (name.partition(":")[0] for name in item if ":" in name)
            if not _SENSED.isdisjoint(item):
                yield from ("gs1", "cbv")
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
