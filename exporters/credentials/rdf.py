"""What a JSON-LD document says, as canonical N-Quads (RDFC-1.0): the text that a Data Integrity proof signs.

- Nothing is dropped: a name without meaning, or one that means no absolute IRI, refuses the document. What a signature
  does not cover must not look signed.
- Nothing is fetched (`contexts.py`), and the work is bounded: a graph made so that its canonical form takes for ever
  (a *poison* graph) is refused after a fixed number of steps, the same on every machine.
- pyld expands and canonicalises, and is known nowhere else. Its N-Quads differ from the standard's where a text holds
  control characters, so that such texts are refused.

    canonical({"@context": [CREDENTIALS], "type": ["VerifiableCredential"], …})  ->  "<urn:…> <…> \\"…\\" .\\n…"

W3C RDF Dataset Canonicalization 1.0 sections 4 and 7.1 (dataset poisoning); JSON-LD 1.1 API; Data Integrity 2.4.
"""

import json
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from exporters.credentials.contexts import load
from schemas.errors import InputError
from schemas.syntax import json_text

MOST_QUADS = 200_000
MOST_STEPS = 100_000
"""Of finding canonical names: each look at whether a blank node has one already is a step."""
# Without a base pyld takes one of its own: what is relative has to be seen to be so.
_BASE, _RELATIVE = "x-relative://relative/", "x-relative:"
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]*")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NONE: Mapping[str, Any] = MappingProxyType({})


def canonical(document: Mapping[str, Any], *, contexts: Mapping[str, Any] = _NONE) -> str:
    """The canonical N-Quads of a document. `contexts`: further ones, by address.

    `InputError`: `credential-context`, `credential-term`, `credential-iri`, `credential-characters`,
    `credential-number`, `credential-json-ld`, `credential-graph`.
    """
    # pyld brings an HTML parser and an HTTP client: whoever reads no credential does not wait for them.
    from pyld import jsonld
    from pyld.context_resolver import ContextResolver

    def loaded(address: str, _: Any) -> dict[str, Any]:
        text = load(address, contexts)
        plain = dict(text) if isinstance(text, Mapping) else text
        return {"contextUrl": None, "documentUrl": address, "document": plain, "contentType": "application/ld+json"}

    # A resolver of its own: that of the library remembers what anybody's loader said of an address.
    options: Any = {"documentLoader": loaded, "contextResolver": ContextResolver({}, loaded), "base": _BASE}
    try:
        expanded = jsonld.expand(_plain(document), options, on_property_dropped=_dropped)
        _check(expanded)
        dataset = jsonld.to_rdf(expanded, options)
    except jsonld.JsonLdError as error:
        raise _refused(error) from None
    return named(dataset)


def _plain(document: Mapping[str, Any]) -> Any:
    """The document with its numbers as every JSON-LD processor has them: doubles, integers where they are whole."""
    return json.loads(json_text.write(dict(document)), parse_int=_number, parse_float=_number)


def _number(text: str) -> int | float:
    value = float(text)
    if abs(value) >= json_text.MAX_INTEGER:
        raise InputError("credential-number", value=text[:40], limit=json_text.MAX_INTEGER)
    return int(value) if value.is_integer() else value


def _dropped(name: str | None) -> None:
    raise InputError("credential-term", name=str(name)[:80])


def _refused(error: BaseException) -> InputError:
    """What pyld met first, below the layers it reports it through."""
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, InputError):
        return error
    return InputError("credential-json-ld", problem=str(getattr(error, "code", None) or type(error).__name__))


def _check(expanded: Any) -> None:
    for kind, value in _values(expanded):
        if kind == "text":
            if _CONTROL.search(value):
                raise InputError("credential-characters", value=_CONTROL.sub("\ufffd", value)[:80])
        elif not value.startswith("_:") and (value.startswith(_RELATIVE) or not _ABSOLUTE.fullmatch(value)):
            raise InputError("credential-iri", value=value.removeprefix(_BASE)[:80])


def _values(expanded: Any) -> Iterator[tuple[str, str]]:
    """Every text, and every name that must be an IRI, of an expanded document."""
    waiting = [expanded]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, Mapping) and "@value" in item:
            if item.get("@type") not in (None, "@json"):
                yield "iri", str(item["@type"])
            if isinstance(item["@value"], str):
                yield "text", item["@value"]
        elif isinstance(item, Mapping):
            for name, value in item.items():
                if name in ("@id", "@type"):
                    yield from (("iri", str(each)) for each in (value if isinstance(value, list) else [value]))
                else:
                    waiting.append(value)


def named(dataset: Any) -> str:
    """The canonical N-Quads of an RDF dataset of pyld's; `InputError("credential-graph")` where that is too much."""
    if sum(map(len, dataset.values())) > MOST_QUADS:
        raise InputError("credential-graph", limit=MOST_QUADS)
    from pyld.canon import URDNA2015
    from pyld.identifier_issuer import IdentifierIssuer

    class Counting(IdentifierIssuer):  # type: ignore[misc]
        """Every step of a permutation, and every related node, asks the canonical issuer first."""

        steps = 0

        def has_id(self, old: str) -> bool:
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise InputError("credential-graph", limit=MOST_STEPS)
            return bool(super().has_id(old))

    algorithm = URDNA2015()
    algorithm.canonical_issuer = Counting("_:c14n")
    return str(algorithm.main(dataset, {"format": "application/n-quads"}))
