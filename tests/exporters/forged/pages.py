"""PDF papers with one printed text changed, an attachment swapped, something painted, laid or written over a page."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf

from exporters.files.pdf import CLAIM
from tests.exporters.forged.forgery import Forgery
from tests.exporters.papers import Made

Change = Callable[[pikepdf.Pdf], object]
# What an entry signs, and is missed by that entry's name for it.
_SIGNED = {"report.json": "recall/report-"}


def of_pdf(made: Made) -> Iterator[Forgery]:
    """A PDF's."""
    with pikepdf.open(io.BytesIO(made.data)) as opened:
        attached, texts = sorted(opened.attachments), [_count(page) for page in opened.pages]
    for page, count in enumerate(texts, start=1):
        for number in range(count):
            changed = saved(made.data, lambda opened, at=(page - 1, number): retyped(opened, *at))  # type: ignore[misc]
            yield Forgery(f"text {number + 1} of page {page}", f"p. {page}", changed)
    for name in (name for name in attached if name != CLAIM and not name.startswith("bundle")):
        swapped = saved(made.data, lambda opened, name=name: attach(opened, name, b"<a/>"))  # type: ignore[misc]
        place = _SIGNED.get(name, name)
        yield Forgery(f"{name} swapped", place, swapped)
        without = saved(made.data, lambda opened, name=name: opened.attachments.__delitem__(name))  # type: ignore[misc]
        yield Forgery(f"{name} taken out", place, without)
    for what, (place, change) in _AT_LARGE.items():
        yield Forgery(what, place, saved(made.data, change))


def saved(data: bytes, change: Change) -> bytes:
    """The file as another program saves it after a change."""
    with pikepdf.open(io.BytesIO(data)) as read:
        change(read)
        out = io.BytesIO()
        read.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def attach(opened: pikepdf.Pdf, name: str, data: bytes) -> None:
    """A file under a name, in the place of one that has it."""
    opened.attachments[name] = pikepdf.AttachedFileSpec(opened, data)


def retyped(opened: pikepdf.Pdf, page: int, number: int) -> None:
    """Write one text object of a page backwards, or twice where that says the same."""
    stream, at = list(pikepdf.parse_content_stream(opened.pages[page])), -1
    for step, instruction in enumerate(stream):
        at += str(instruction.operator) == "BT"
        if at == number and str(instruction.operator) in ("Tj", "TJ"):
            parts = instruction.operands[0] if str(instruction.operator) == "TJ" else instruction.operands
            shown = b"".join(bytes(each) for each in parts if isinstance(each, pikepdf.String))
            codes = [shown[place : place + 2] for place in range(0, len(shown), 2)]
            turned = codes[::-1] if codes != codes[::-1] else codes * 2
            stream[step] = pikepdf.ContentStreamInstruction([pikepdf.String(b"".join(turned))], pikepdf.Operator("Tj"))
            break
    opened.pages[page].Contents = opened.make_stream(pikepdf.unparse_content_stream(stream))


def _note(opened: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(Subtype=pikepdf.Name.FreeText, Contents="900 kg")
    opened.pages[0].obj.Annots = pikepdf.Array([note])


def _written_over(opened: pikepdf.Pdf) -> None:
    page = opened.pages[0]
    font = next(iter(page.Resources.Font.keys()))
    page.contents_add(f"q BT {font} 14 Tf 1 0 0 1 60 400 Tm <0001> Tj ET Q".encode())


def _count(page: Any) -> int:
    return sum(str(each.operator) == "BT" for each in pikepdf.parse_content_stream(page))


_AT_LARGE: dict[str, tuple[str, Change]] = {
    "a file attached": ("more.txt", lambda opened: attach(opened, "more.txt", b"x")),
    "a page twice": ("p. ", lambda opened: opened.pages.append(opened.pages[0])),
    "something painted over": ("p. 1", lambda opened: opened.pages[0].contents_add(b"q 1 g 0 0 600 300 re f Q")),
    "something written over": ("p. 1", _written_over),
    "a note laid over": ("p. 1 /Annots", _note),
    "the title": ("/Info/Title", lambda opened: opened.docinfo.__setitem__("/Title", "X")),
    "the author": ("/Info/Author", lambda opened: opened.docinfo.__setitem__("/Author", "X")),
    "the day": ("/Info/CreationDate", lambda opened: opened.docinfo.__setitem__("/CreationDate", "D:20200101")),
}
