"""JSON, JWT and XML with one thing changed: each value another, each member or element gone, each item there twice."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from lxml import etree

from exporters import catalogue
from exporters.files.json_file import MEMBER
from exporters.files.jwt_file import ISSUER
from exporters.files.kind import bytes_of
from schemas.syntax import base64url, json_text
from schemas.syntax.json_text import Number
from tests.exporters.forged.forgery import MORE, Forgery
from tests.exporters.papers import Made

_BESIDE = (MEMBER, ISSUER, "proof")


def of_json(made: Made) -> Iterator[Forgery]:
    """A JSON paper's."""
    for what, place, tree in _trees(made.data):
        yield Forgery(what, place, json_text.write(tree))


def of_jwt(made: Made) -> Iterator[Forgery]:
    """A credential's in its envelope, which no longer is signed."""
    head, claims, signature = made.data.split(b".")
    for what, place, tree in _trees(base64url.decode(claims.decode())):
        yield Forgery(what, place, b".".join((head, base64url.encode(json_text.write(tree)).encode(), signature)))


def _trees(text: bytes) -> Iterator[tuple[str, str, Any]]:
    for path in _paths(json_text.read(text)):
        place = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
        tree: Any = json_text.read(text)
        holder = tree
        for step in path[:-1]:
            holder = holder[step]
        value = holder.pop(path[-1])
        yield f"{place} dropped", place.rpartition("/")[0], tree
        if isinstance(holder, list):
            holder[path[-1] : path[-1]] = [value, value]
            yield f"{place} twice", place.rpartition("/")[0], tree
        elif not isinstance(value, Mapping | list):
            holder[path[-1]] = _otherwise(value)
            yield f"{place} changed", place, tree
    yield "a member added", "/note", {**_read(text), "note": "x"}


def _read(text: bytes) -> dict[str, Any]:
    read: Any = json_text.read(text)
    return dict(read)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        if path or step not in _BESIDE:
            yield (*path, step)
            yield from _paths(item, (*path, step))


def _otherwise(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return not value
    return Number(value.text + MORE) if isinstance(value, Number) else f"{value}{MORE}"


def of_xml(made: Made) -> Iterator[Forgery]:
    """An XML paper's."""
    kind, root = catalogue.format_of(made.claim.format).kind, made.content
    for number, one in enumerate(list(root.iter())[1:], 1):
        for what, place, change in _changes(one):
            copy = deepcopy(root)
            change(list(copy.iter())[number])
            yield Forgery(f"{_path(one)} {what}", place, bytes_of(kind, copy, made.claim))


def _changes(one: Any) -> Iterator[tuple[str, str, Callable[[Any], None]]]:
    path, above = _path(one), _path(one.getparent())
    if not len(one):
        yield "changed", path, lambda one: setattr(one, "text", (one.text or "") + MORE)
    for name in one.attrib:
        yield f"@{name} changed", f"{path}/@", lambda one, name=name: one.set(name, one.get(name) + MORE)  # type: ignore[misc]
    yield "dropped", above, lambda one: one.getparent().remove(one)
    yield "twice", above, lambda one: one.addnext(deepcopy(one))


def _path(one: Any) -> str:
    """The place of an element as `exporters.files.xml_file` describes it."""
    if one.getparent() is None:
        return "/" + _named(one)
    before = sum(1 for _ in one.itersiblings(one.tag, preceding=True))
    return f"{_path(one.getparent())}/{_named(one)}" + (f"[{before + 1}]" if before else "")


def _named(one: Any) -> str:
    name = etree.QName(one)
    prefixes = {space: prefix for prefix, space in one.nsmap.items() if prefix}
    return f"{prefixes[name.namespace]}:{name.localname}" if name.namespace in prefixes else str(one.tag)
