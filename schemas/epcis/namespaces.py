"""The names of extensions: one name for a field, whatever prefix its document or a query gives it.

- A field's one name is its namespace and its own name with `#` between them: `https://ns.example.com/epcis#yield`.
  Whether the namespace was written with a last `/` or `#` does not matter: XML, JSON-LD and queries differ there.
- A prefix stands for what the event's `@context` says, else for what EPCIS itself says (`cbvmda`, `gs1` …), else for
  itself; a name without a prefix that no context explains has no namespace: `#yield`.

    extension_name("ex:yield", namespaces({"ex": "https://ns.example.com/epcis/"}))  ->  "https://ns.example.com/epcis#yield"

EPCIS 2.0 sections 8.2.7.1 (names in queries) and 10.3 (JSON-LD); JSON-LD 1.1 section 4.1.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from schemas.epcis.terms import PREFIXES

_ENDS = "#/"
_MOST = 512  # names of one context that are read; a real one has a handful
_SPLIT = re.compile(r"(.*[#/:])([^#/:]*)", re.DOTALL)


def namespaces(context: Any) -> dict[str, str]:
    """What the prefixes and terms of an `@context` stand for; addresses of contexts are not followed."""
    found: dict[str, str] = {}
    for name, value in _defined(context):
        if len(found) >= _MOST:
            break
        iri = value.get("@id") if isinstance(value, dict) else value
        if isinstance(iri, str) and not name.startswith("@"):
            found[name] = iri
    for name, iri in found.items():
        prefix, colon, rest = iri.partition(":")
        if colon and prefix in found and prefix != name and not rest.startswith("//"):
            found[name] = found[prefix] + rest
    return found


def _defined(context: Any) -> Iterator[tuple[str, Any]]:
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, dict):
            yield from part.items()


def joined(namespace: str, local: str) -> str:
    """The one name of a field of a namespace."""
    return f"{namespace.rstrip(_ENDS)}#{local}"


def split_iri(iri: str) -> str:
    """The one name of a field that is written as a whole IRI."""
    match = _SPLIT.fullmatch(iri)
    return joined(match[1], match[2]) if match else f"#{iri}"


def prefix_of(name: str) -> str:
    """The prefix a name is written with, or empty where it has none or is a whole IRI."""
    prefix, colon, rest = name.partition(":")
    return "" if not colon or rest.startswith("//") or prefix.lower() == "urn" else prefix


def extension_name(name: str, known: Mapping[str, str]) -> str:
    """The one name of a field as it is written in an event whose context says `known`."""
    prefix = prefix_of(name)
    if prefix:
        return joined(namespace_of(prefix, known), name[len(prefix) + 1 :])
    if ":" in name:
        return split_iri(name)
    return split_iri(known[name]) if name in known else f"#{name}"


def namespace_of(prefix: str, known: Mapping[str, str]) -> str:
    """What a prefix stands for; itself, with its colon, where nobody says."""
    return known.get(prefix) or PREFIXES.get(prefix) or f"{prefix}:"
