"""The words that a page of a PDF prints, in the order in which it prints them.

- One text for each text object (`BT` to `ET`), as its fonts say what their codes stand for (`/ToUnicode`). A font that
  says nothing is read as Latin; a code that it does not know is �.
- Forms drawn inside a page (`Do`) are read where they are drawn.

    list(printed(pdf, page))

ISO 32000-1 sections 9.4 and 9.10.3. Only to name a difference: nothing is believed for being read here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from exporters.files.pdf_objects import Name, Pdf, Reader, Stream, Word
from schemas.errors import InputError

_SHOWS = (Word(b"Tj"), Word(b"TJ"), Word(b"'"), Word(b'"'))
_MOST_FORMS = 8


def contents(pdf: Pdf, page: Any) -> bytes:
    """What a page draws, decompressed and as one."""
    found = pdf.get(page, "Contents")
    parts = [pdf.at(part) for part in found] if isinstance(found, list) else [found]
    return b"\n".join(pdf.bytes_of(part) for part in parts if isinstance(part, Stream))


def printed(pdf: Pdf, page: Any) -> Iterator[str]:
    """Every text of a page."""
    yield from _Texts(pdf, pdf.get(page, "Resources"), 0).of(contents(pdf, page))


class _Texts:
    """The texts of one content stream."""

    def __init__(self, pdf: Pdf, resources: Any, depth: int) -> None:
        self._pdf, self._resources, self._depth = pdf, resources, depth
        self._font: tuple[int, Mapping[int, str]] = 1, {}
        self._known: dict[Any, tuple[int, Mapping[int, str]]] = {}

    def of(self, data: bytes) -> Iterator[str]:
        """What it shows."""
        operands: list[Any] = []
        shown: list[str] = []
        for value in Reader(data).values():
            if not isinstance(value, Word):
                operands.append(value)
                continue
            if value == Word(b"Tf") and operands:
                # A font is named anew for every piece of text, and its map is long.
                named = operands[0].text if isinstance(operands[0], Name) else None
                if named not in self._known:
                    self._known[named] = self._codes(operands[0])
                self._font = self._known[named]
            elif value in _SHOWS and operands:
                shown += self._shown(operands[-1])
            elif value == Word(b"ET") and shown:
                yield "".join(shown)
                shown = []
            elif value == Word(b"Do") and operands:
                yield from self._form(operands[0])
            operands = []

    def _resource(self, kind: str, name: Any) -> Any:
        return self._pdf.get(self._pdf.get(self._resources, kind), name.text) if isinstance(name, Name) else None

    def _form(self, name: Any) -> Iterator[str]:
        form = self._resource("XObject", name)
        if isinstance(form, Stream) and form.head.get("Subtype") == Name("Form") and self._depth < _MOST_FORMS:
            resources = self._pdf.get(form, "Resources") or self._resources
            yield from _Texts(self._pdf, resources, self._depth + 1).of(self._pdf.bytes_of(form))

    def _codes(self, name: Any) -> tuple[int, Mapping[int, str]]:
        """How many bytes a code has in that font, and what each stands for."""
        font = self._resource("Font", name)
        width = 2 if self._pdf.get(font, "Subtype") == Name("Type0") else 1
        says = self._pdf.get(font, "ToUnicode")
        return width, meanings(self._pdf.bytes_of(says)) if isinstance(says, Stream) else {}

    def _shown(self, operand: Any) -> Iterator[str]:
        width, meant = self._font
        for text in operand if isinstance(operand, list) else [operand]:
            if isinstance(text, bytes):
                for place in range(0, len(text), width):
                    code = int.from_bytes(text[place : place + width], "big")
                    yield meant.get(code, "�" if width == 2 else chr(code))


def meanings(cmap: bytes) -> dict[int, str]:
    """Code -> text, as a `ToUnicode` map has it (ISO 32000-1 section 9.10.3)."""
    found: dict[int, str] = {}
    operands: list[Any] = []
    for value in Reader(cmap).values():
        if not isinstance(value, Word):
            operands.append(value)
            continue
        if value == Word(b"endbfchar"):
            found |= {_code(a): _text(b) for a, b in zip(operands[::2], operands[1::2], strict=False)}
        elif value == Word(b"endbfrange"):
            for first, last, texts in zip(operands[::3], operands[1::3], operands[2::3], strict=False):
                found |= _range(_code(first), _code(last), texts)
        operands = []
    return found


def _range(first: int, last: int, texts: Any) -> Iterator[tuple[int, str]]:
    for place, code in enumerate(range(first, min(last, 0xFFFF) + 1)):
        if isinstance(texts, list):
            yield code, _text(texts[place]) if place < len(texts) else "�"
        else:
            text = _text(texts)
            yield code, text[:-1] + chr(min(ord(text[-1]) + place, 0x10FFFF)) if text else "�"


def _code(value: Any) -> int:
    if not isinstance(value, bytes):
        raise InputError("pdf-unreadable", place="ToUnicode")
    return int.from_bytes(value[:4], "big")


def _text(value: Any) -> str:
    return value.decode("utf-16-be", "replace") if isinstance(value, bytes) else "�"
