"""What a PDF says, place by place: its pages, what lies on them, its attachments, and all the rest that it holds.

- *Places* are named as who opens the file finds them: `p. 2, 14` is the fourteenth text of page 2, `p. 2` all else that
  it draws, `p. 2 /Annots` what somebody laid over it, `ddt.xml` an attachment, `/Info/Title` a member of the file.
- Numbers of objects, how they are packed, and where they lie are nobody's business. Everything that can be reached
  from the trailer is in some place, so that two files without a difference hold the same.
- `/Prev` is there where something was appended to a finished file.

    dict(places(Pdf(data)))["p. 1, 3"]

ISO 32000-1 sections 7.7.2, 7.7.3, 7.11.4; ISO 19005-3 section 6.8.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from exporters.files.pdf_objects import MOST_DEPTH, MOST_OBJECTS, Name, Pdf, Ref, Stream, unreadable
from exporters.files.pdf_text import contents, printed

MOST_PAGES = 10_000
_PAGE_APART = ("Parent", "Contents", "Annots")
_INHERITED = ("Resources", "MediaBox", "CropBox", "Rotate")


def places(pdf: Pdf) -> Iterator[tuple[str, str]]:
    """Everything, each with its place."""
    root, whole = pdf.get(pdf.trailer, "Root"), pages(pdf)
    told = _Told(pdf, {ref: f"p. {number}" for number, (ref, _) in enumerate(whole, 1) if ref is not None})
    for number, (_, page) in enumerate(whole, 1):
        yield from _page(pdf, told, f"p. {number}", page)
    for name, data in attachments(pdf).items():
        yield name, _digest(data)
    for name in pdf.at(root) or {}:
        if name not in ("Pages", "Type"):
            yield f"/{name}", told.all(pdf.at(root)[name])
    for name, value in (pdf.get(pdf.trailer, "Info") or {}).items():
        yield f"/Info/{name}", _text(pdf.at(value))
    if "Prev" in pdf.trailer:
        yield "/Prev", f"{pdf.revisions - 1}"


def _page(pdf: Pdf, told: "_Told", place: str, page: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for number, text in enumerate(printed(pdf, page), 1):
        yield f"{place}, {number}", text
    rest = {name: value for name, value in page.items() if name not in _PAGE_APART}
    yield place, _digest(contents(pdf, page) + told.all(rest).encode())
    if "Annots" in page:
        yield f"{place} /Annots", told.all(page["Annots"])


def pages(pdf: Pdf) -> list[tuple[Ref | None, dict[str, Any]]]:
    """Every page with what it inherits, in order; `InputError("pdf-unreadable")` of a tree that is none."""
    found: list[tuple[Ref | None, dict[str, Any]]] = []
    waiting: list[tuple[Any, dict[str, Any], int]] = [(_member(pdf, pdf.trailer.get("Root"), "Pages"), {}, 0)]
    while waiting:
        ref, above, depth = waiting.pop()
        node = pdf.at(ref)
        if not isinstance(node, dict) or depth > MOST_DEPTH or len(found) > MOST_PAGES:
            raise unreadable(0)
        known = above | {name: node[name] for name in _INHERITED if name in node}
        if pdf.get(node, "Type") == Name("Pages"):
            kids = pdf.get(node, "Kids")
            if not isinstance(kids, list):
                raise unreadable(0)
            waiting += [(kid, known, depth + 1) for kid in reversed(kids)]
        else:
            found.append((ref if isinstance(ref, Ref) else None, known | node))
    return found


def attachments(pdf: Pdf) -> dict[str, bytes]:
    """Every attached file by its name; `InputError("pdf-unreadable")` where two have one name."""
    found: dict[str, bytes] = {}
    waiting: list[tuple[Any, int]] = [(pdf.get(pdf.get(pdf.get(pdf.trailer, "Root"), "Names"), "EmbeddedFiles"), 0)]
    while waiting:
        node, depth = waiting.pop()
        kids, names = pdf.get(node, "Kids") or [], pdf.get(node, "Names") or []
        if depth > MOST_DEPTH or not isinstance(kids, list) or not isinstance(names, list):
            raise unreadable(0)
        waiting += [(kid, depth + 1) for kid in reversed(kids)]
        for spec in names[1::2]:
            stream = pdf.get(pdf.get(spec, "EF"), "F")
            name = _text(pdf.get(spec, "UF") or pdf.get(spec, "F"))
            if not isinstance(stream, Stream) or name in found:
                raise unreadable(0)
            found[name] = pdf.bytes_of(stream)
    return found


def _member(pdf: Pdf, holder: Any, name: str) -> Any:
    """A member as it stands: a reference to a page is how others speak of it."""
    held = pdf.at(holder)
    return held.get(name) if isinstance(held, Mapping) else None


class _Told:
    """Values told in full, whatever they refer to told in their place, once; a page is told by its number."""

    def __init__(self, pdf: Pdf, pages: Mapping[Ref, str]) -> None:
        self._pdf, self._pages = pdf, pages

    def all(self, value: Any) -> str:
        """A digest of a value and all that it leads to; the value itself where it leads to nothing."""
        seen: dict[Ref, int] = {}
        said: list[str] = []
        waiting: list[Any] = [value]
        while waiting:
            item = waiting.pop()
            if isinstance(item, str):
                said.append(item)
            elif isinstance(item, Ref) and (item in self._pages or item in seen):
                said.append(self._pages.get(item) or f"#{seen[item]}")
            elif isinstance(item, Ref):
                seen[item] = len(seen)
                waiting.append(self._pdf.at(item))
            else:
                waiting += self._parts(item)
            if len(said) + len(waiting) > MOST_OBJECTS:
                raise unreadable(0)
        whole = " ".join(said)
        return whole if len(said) == 1 else _digest(whole.encode())

    def _parts(self, item: Any) -> Iterator[Any]:
        """What it says and what it leads to, last first."""
        if isinstance(item, Stream):
            yield _digest(self._pdf.bytes_of(item))
            item = {name: value for name, value in item.head.items() if name not in ("Length", "Filter", "DecodeParms")}
        if isinstance(item, Mapping):
            yield ">>"
            for name in sorted(item, reverse=True):
                yield item[name]
                yield f"/{name}"
            yield "<<"
        elif isinstance(item, list):
            yield "]"
            yield from reversed(item)
            yield "["
        else:
            yield f"/{item.text}" if isinstance(item, Name) else _text(item) if isinstance(item, bytes) else repr(item)


def _digest(data: bytes) -> str:
    return f"sha-256 {hashlib.sha256(data).hexdigest()}"


def _text(value: Any) -> str:
    """A text string (ISO 32000-1 section 7.9.2.2)."""
    if not isinstance(value, bytes):
        return repr(value)
    return value[2:].decode("utf-16-be", "replace") if value[:2] == b"\xfe\xff" else value.decode("latin-1")
