"""Namespaces of XML and prefixes of JSON-LD: each a name for the other's.

- A prefix keeps its namespace: `xmlns:ext="http://…/"` becomes `{"ext": "http://…/"}` in the `@context`; where the
  namespace ends in a letter, JSON-LD 1.1 takes it as a prefix only with `"@prefix": true`.
- GS1's own namespaces get the prefixes of its context and are not declared again.
- A prefix that would redefine a term of that context or the scheme of a URI, or that the event already uses for another
  namespace, is changed (`ext` -> `ext_2`), in names and in the values that use it.

    names = Names(); names.of("urn:epcglobal:cbv:mda", "m")  ->  "cbvmda"

JSON-LD 1.1 section 4.1.5 (compact IRIs), 4.1.11 (protected terms); Namespaces in XML 1.0 section 3.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from schemas.epcis.context import context
from schemas.epcis.terms import PREFIXES
from schemas.epcis.xml_binding import MACHINERY, OWN, XSD, XSI
from schemas.syntax.json_text import Json
from schemas.syntax.xml_text import Element, split_name

CONTEXT_ADDRESS = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
MDA = "urn:epcglobal:cbv:mda"
_MDAS = (MDA, f"{MDA}:", f"{MDA}#")
# What every reader of the context knows without a declaration, in the spellings XML has for it.
KNOWN = MappingProxyType(
    {
        **{PREFIXES[prefix]: prefix for prefix in ("epcis", "cbv", "gs1")},
        **dict.fromkeys(_MDAS, "cbvmda"),
    }
)
_USUAL = MappingProxyType({XSI: "xsi", **{PREFIXES[name]: name for name in ("rdfs", "owl", "dcterms")}})
_SCHEMES = frozenset({"urn", "http", "https", "ni", "did", "tag", "data", "geo", "tel", "mailto", "file", "ftp", "ws"})
# The characters after which JSON-LD 1.1 takes an IRI as a prefix by itself.
_ENDS = (":", "/", "?", "#", "[", "]", "@")


@cache
def _terms() -> Mapping[str, str]:
    """Every name the context defines, with its IRI where it is a plain one."""
    given = context("current")["@context"]
    return {name: value if isinstance(value, str) else "" for name, value in given.items()}


def _usable(prefix: str, namespace: str) -> bool:
    if prefix in _SCHEMES or prefix.startswith("_"):
        return False
    return prefix not in _terms() or _terms()[prefix] == namespace


class Names:
    """The prefixes of one document, or of one event inside it (`around` is then the document's)."""

    __slots__ = ("_around", "_spaces", "_taken")

    def __init__(self, around: "Names | None" = None) -> None:
        self._around = around
        self._spaces: dict[str, str] = {}  # namespace -> prefix, declared here
        self._taken: dict[str, str] = {}  # prefix -> namespace

    def declare(self, bound: Mapping[str | None, str]) -> None:
        """Take over the prefixes that stand in a document before its events, as far as they may keep their name."""
        for prefix, namespace in sorted(bound.items(), key=lambda item: item[0] or ""):
            if prefix and namespace not in MACHINERY and namespace not in KNOWN and _usable(prefix, namespace):
                self._keep(_USUAL.get(namespace, prefix), namespace)

    def of(self, namespace: str, wanted: str | None) -> str:
        """The prefix of a namespace; a new one is near to `wanted`."""
        found = self._find(namespace)
        if found is not None:
            return found
        base = _USUAL.get(namespace) or wanted or "ns"
        prefix, number = base, 1
        while not _usable(prefix, namespace) or self._bound(prefix) not in (None, namespace):
            number += 1
            prefix = f"{base}_{number}"
        self._keep(prefix, namespace)
        return prefix

    def _find(self, namespace: str) -> str | None:
        known = KNOWN.get(namespace) or self._spaces.get(namespace)
        if known is None and self._around is not None:
            return self._around._find(namespace)
        return known

    def _bound(self, prefix: str) -> str | None:
        found = self._taken.get(prefix)
        return self._around._bound(prefix) if found is None and self._around is not None else found

    def _keep(self, prefix: str, namespace: str) -> None:
        self._spaces.setdefault(namespace, prefix)
        self._taken[prefix] = namespace

    def member(self, name: str, element: Element) -> str:
        """What an element or attribute (`{namespace}local`) of `element` is called in JSON."""
        space, local = split_name(name)
        if space in OWN:
            return local
        return f"{self.of(space, _prefix_in(element, space))}:{local}"

    def value(self, text: str, element: Element) -> str:
        """A value that may begin with a prefix, with the prefix it has here."""
        prefix, colon, rest = text.partition(":")
        if not colon or prefix in _SCHEMES or rest.startswith("//") or prefix in ("gs1", "cbv"):
            return text
        space = element.nsmap.get(prefix)
        if space is None or space in OWN or (space == XSD and prefix == "xsd"):
            return text
        return f"{self.of(space, prefix)}:{rest}"

    def context(self) -> dict[str, Json]:
        """What stands in the `@context` for the prefixes declared here."""
        return {prefix: _definition(namespace) for prefix, namespace in self._taken.items()}


def _prefix_in(element: Element, space: str) -> str | None:
    if element.prefix and split_name(str(element.tag))[0] == space:
        return element.prefix
    return next((prefix for prefix, bound in element.nsmap.items() if prefix and bound == space), None)


def _definition(namespace: str) -> Json:
    return namespace if namespace.endswith(_ENDS) else {"@id": namespace, "@prefix": True}


def is_known_mda(iri: str) -> bool:
    """Whether an IRI is the namespace of CBV's master data attributes, which XML ends in nothing, JSON-LD in `:`."""
    return iri in _MDAS
