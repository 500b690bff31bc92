"""A linkset: every link of an identifier and of what it is a part of, as JSON, as JSON-LD and as `Link` headers.

- The context of each link is the identifier under this server's own address, uncompressed.
- `defaultLink` is one link; where it is there in several languages, `defaultLinkMulti` has them all.
- A title that is not ASCII goes into a header as RFC 8187 has it.

    document(levels)["linkset"][0]["https://ref.gs1.org/voc/pip"][0]["href"]

RFC 9264, RFC 8288; GS1 linkset schema (`https://ref.gs1.org/standards/resolver/linkset-schema`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from api.resolver.identifier import Asked
from api.resolver.links import DEFAULT, DEFAULTS, VOCABULARY, Level, Link

LINKSET = "application/linkset+json"
JSON_LD = "application/ld+json"
CONTEXT_PATH = "/.well-known/gs1resolver/context.jsonld"
_CONTEXT_REL = "http://www.w3.org/ns/json-ld#context"
_DCTERMS = "http://purl.org/dc/terms/"
CONTEXT: Mapping[str, Any] = {
    "@vocab": "http://www.iana.org/assignments/relation/",
    "anchor": "@id",
    "href": "@id",
    "linkset": "@graph",
    "title": f"{_DCTERMS}title",
    "type": f"{_DCTERMS}format",
    "hreflang": {"@id": f"{_DCTERMS}language", "@container": "@set"},
    "itemDescription": "http://www.w3.org/2000/01/rdf-schema#comment",
    "gs1": VOCABULARY,
}
"""What makes the same document JSON-LD (RFC 9264, appendix A): our own, so that nobody has to fetch one."""


def document(levels: Sequence[Level]) -> dict[str, Any]:
    """The linkset of an identifier."""
    return {"linkset": [_context(level) for level in levels]}


def json_ld(levels: Sequence[Level]) -> dict[str, Any]:
    """The same as JSON-LD."""
    return {"@context": dict(CONTEXT), **document(levels)}


def _context(level: Level) -> dict[str, Any]:
    first = level.links[0]
    made: dict[str, Any] = {"anchor": level.anchor, "itemDescription": level.description}
    made[VOCABULARY + DEFAULT] = [_target(first)]
    others = [_target(link) for link in level.links if link.type == first.type]
    if len(others) > 1:
        made[VOCABULARY + DEFAULTS] = others
    for link in level.links:
        made.setdefault(VOCABULARY + link.type, []).append(_target(link))
    return made


def _target(link: Link) -> dict[str, Any]:
    made: dict[str, Any] = {"href": link.href, "title": link.title, "type": link.media_type}
    if link.language is not None:
        made["hreflang"] = [link.language]
    return made if link.passes else {**made, "fwqs": False}


def headers(asked: Asked, levels: Sequence[Level]) -> str:
    """The value of a `Link` header: where the linkset and what makes it JSON-LD are, then its links."""
    anchor = asked.address
    said = [f'<{anchor}?linkType=linkset>; rel="linkset"; type="{LINKSET}"']
    if asked.same_as:
        said.append(f'<{asked.same_as}>; rel="owl:sameAs"')
    said.append(f'<{asked.base}{CONTEXT_PATH}>; rel="{_CONTEXT_REL}"; type="{JSON_LD}"')
    return ", ".join([*said, *(_header(level, link, anchor) for level in levels for link in level.links)])


def _header(level: Level, link: Link, anchor: str) -> str:
    return "; ".join(_parts(level, link, anchor))


def _parts(level: Level, link: Link, anchor: str) -> Iterator[str]:
    yield f"<{link.href}>"
    yield f'rel="{VOCABULARY}{link.type}"'
    if level.anchor != anchor:
        yield f'anchor="{level.anchor}"'
    yield f'type="{link.media_type}"'
    if link.language is not None:
        yield f'hreflang="{link.language}"'
    if link.title.isascii() and '"' not in link.title and "\\" not in link.title:
        yield f'title="{link.title}"'
    else:
        yield f"title*=UTF-8''{quote(link.title, safe='')}"
