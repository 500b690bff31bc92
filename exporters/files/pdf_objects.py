"""PDF objects out of bytes: what a file holds as its newest revision has it, strict and bounded, no library.

- Read are cross-reference tables or streams, object streams, and everything appended since (`/Prev`). A file that
  breaks its own rules, or mixes both (hybrid), is refused and never repaired: two readers could repair it differently.
- Streams are decompressed where Flate alone packs them; others stay as they are.
- Names are `Name`, references `Ref`, strings bytes, numbers `float` or `int`. A content stream is read with the same
  words: what is no object is a `Word`, an operator.

    pdf = Pdf(data);  pdf.at(pdf.trailer["Root"])["Pages"]

ISO 32000-1 sections 7.2, 7.3 and 7.5.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.errors import InputError

MOST_BYTES = 256 * 1024 * 1024
"""Of all streams together, decompressed."""
MOST_OBJECTS, MOST_DEPTH, MOST_REVISIONS = 1_000_000, 64, 1_000
_SPACE = rb"(?:[\0\t\n\f\r ]|%[^\r\n]*+)*+"
_PLAIN = rb"[^\0\t\n\f\r ()<>\[\]{}/%]"
_TOKEN = re.compile(_SPACE + rb"(<<|>>|[\[\]{}(]|/" + _PLAIN + rb"*+|<[0-9A-Fa-f\0\t\n\f\r ]*+>|" + _PLAIN + rb"++)")
_REFERENCE = re.compile(rb"(\d{1,10})" + _SPACE + rb"(\d{1,5})" + _SPACE + rb"R(?!" + _PLAIN + rb")")
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)")
_TEXT = re.compile(rb"[^()\\\r]++|\\(?:[0-7]{1,3}|\r\n|.)|\r\n?|[()]", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_ENTRY = re.compile(rb"(\d{10}) \d{5} ([nf]) ?[\r\n]{1,2}")
_LINE_END = re.compile(rb" ?(?:\r\n|\r|\n)?")


@dataclass(frozen=True, slots=True)
class Name:
    """`/Text`."""

    text: str


@dataclass(frozen=True, slots=True)
class Ref:
    """`12 0 R`."""

    number: int
    generation: int


@dataclass(frozen=True, slots=True)
class Word:
    """What stands where an object could and is none: `obj`, or an operator of a content stream."""

    text: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """A dictionary with bytes, as they are in the file."""

    head: Mapping[str, Any]
    packed: bytes


class Reader:
    """Objects and words one after the other."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def values(self) -> Iterator[Any]:
        """All that follow, to the end."""
        while _TOKEN.match(self.data, self.at):
            yield self.value()

    def value(self, depth: int = 0) -> Any:
        """The next object or word; `InputError("pdf-unreadable")` where there is none."""
        found = _TOKEN.match(self.data, self.at)
        if found is None or depth > MOST_DEPTH:
            raise unreadable(self.at)
        token = found[1]
        if (reference := _REFERENCE.match(self.data, found.start(1))) is not None:
            self.at = reference.end()
            return Ref(int(reference[1]), int(reference[2]))
        self.at = found.end()
        if token == b"(":
            return self._string()
        if token in (b"[", b"<<"):
            inside = list(self._until(b"]" if token == b"[" else b">>", depth + 1))
            return inside if token == b"[" else self._dictionary(inside)
        return _single(token)

    def _until(self, end: bytes, depth: int) -> Iterator[Any]:
        while (value := self.value(depth)) != Word(end):
            yield value

    def _dictionary(self, inside: list[Any]) -> dict[str, Any]:
        names = inside[::2]
        if len(inside) % 2 or not all(isinstance(name, Name) for name in names) or len({*names}) != len(names):
            raise unreadable(self.at)
        return {name.text: value for name, value in zip(names, inside[1::2], strict=True)}

    def _string(self) -> bytes:
        """What follows an opening bracket, up to its own."""
        found, depth = bytearray(), 1
        while True:
            part = _TEXT.match(self.data, self.at)
            if part is None:
                raise unreadable(self.at)
            self.at, text = part.end(), part[0]
            depth += (text == b"(") - (text == b")")
            if not depth:
                return bytes(found)
            found += _unescaped(text)


def _unescaped(text: bytes) -> bytes:
    if text[:1] == b"\r":
        return b"\n"
    if text[:1] != b"\\":
        return text
    code = text[1:]
    return bytes([int(code, 8) & 255]) if code.isdigit() and code < b"8" else _ESCAPES.get(code, code)


def _single(token: bytes) -> Any:
    if token[:1] == b"/":
        return Name(
            re.sub(rb"#([0-9A-Fa-f]{2})", lambda part: bytes.fromhex(part[1].decode()), token[1:]).decode("latin-1")
        )
    if token[:1] == b"<" and token != b"<<":
        digits = b"".join(token[1:-1].replace(b"\0", b"").split()).decode()
        return bytes.fromhex(digits + "0" * (len(digits) % 2))
    if _NUMBER.fullmatch(token):
        return float(token) if b"." in token else int(token[:20])
    return {b"true": True, b"false": False, b"null": None}.get(token, Word(token))


class Pdf:
    """One file. `trailer`: that of its newest revision. `revisions`: how many times something was appended, and one."""

    def __init__(self, data: bytes) -> None:
        self._data, self._cache = data, dict[int, Any]()
        self._where: dict[int, tuple[int, int]] = {}
        self._nested, self._left = 0, MOST_BYTES
        self.trailer, self.revisions = self._read_references()
        if "Encrypt" in self.trailer:
            raise InputError("pdf-encrypted")

    def at(self, value: Any) -> Any:
        """A value, looked up where it is a reference; what nothing defines is null."""
        for _ in range(MOST_DEPTH):
            if not isinstance(value, Ref):
                return value
            value = self._object(value.number)
        raise unreadable(0)

    def get(self, holder: Any, name: str) -> Any:
        """A member of a dictionary or stream, looked up; null where there is none."""
        holder = self.at(holder)
        head = holder.head if isinstance(holder, Stream) else holder
        return self.at(head.get(name)) if isinstance(head, Mapping) else None

    def bytes_of(self, stream: Stream) -> bytes:
        """The bytes of a stream, decompressed; as they are where something other than Flate packs them."""
        filters = self.get(stream, "Filter")
        names = [self.at(each) for each in filters] if isinstance(filters, list) else [filters]
        if names not in ([Name("FlateDecode")], [Name("Fl")]):
            return stream.packed
        parameters = self.get(stream, "DecodeParms")
        parameters = self.at(parameters[0]) if isinstance(parameters, list) and parameters else parameters
        return _unpredicted(self._inflated(stream.packed), parameters if isinstance(parameters, Mapping) else {})

    def _inflated(self, packed: bytes) -> bytes:
        unpacker = zlib.decompressobj()
        try:
            data = unpacker.decompress(packed, self._left)
        except zlib.error:
            raise InputError("pdf-unreadable", place="FlateDecode") from None
        self._left -= len(data)
        if unpacker.unconsumed_tail or self._left <= 0:
            raise InputError("pdf-unreadable", place="FlateDecode")
        return data

    def _object(self, number: int) -> Any:
        if number not in self._cache:
            self._cache[number] = None  # what refers to itself while it is read is null
            self._nested += 1
            if self._nested > MOST_DEPTH:
                raise unreadable(0)
            container, place = self._where.get(number, (0, 0))
            self._cache[number] = self._packed(container, number) if container else self._plain(number, place)
            self._nested -= 1
        return self._cache[number]

    def _plain(self, number: int, place: int) -> Any:
        if not place:
            return None
        reader = Reader(self._data, place)
        head = [reader.value() for _ in range(3)]
        if head[0] != number or head[2] != Word(b"obj"):
            raise unreadable(place)
        return self._with_bytes(reader, reader.value())

    def _with_bytes(self, reader: Reader, value: Any) -> Any:
        begins = re.compile(_SPACE + rb"stream\r?\n").match(self._data, reader.at)
        if begins is None or not isinstance(value, dict):
            return value
        length = self.at(value.get("Length"))
        if not isinstance(length, int) or not 0 <= length <= len(self._data) - begins.end():
            raise unreadable(begins.start())
        return Stream(value, self._data[begins.end() : begins.end() + length])

    def _packed(self, container: int, number: int) -> Any:
        """An object inside an object stream."""
        stream = self._object(container)
        count, first = self.get(stream, "N"), self.get(stream, "First")
        if not isinstance(stream, Stream) or not _counts(count, first):
            raise unreadable(0)
        reader = Reader(self.bytes_of(stream))
        heads = [reader.value() for _ in range(2 * min(count, MOST_OBJECTS))]
        place = dict(zip(heads[::2], heads[1::2], strict=True)).get(number) if _counts(*heads) else None
        if place is None:
            raise unreadable(0)
        return Reader(reader.data, first + place).value()

    def _read_references(self) -> tuple[dict[str, Any], int]:
        """The newest trailer, and how many there are; where every object lies is noted on the way, newest first."""
        found = re.findall(rb"startxref[\0\t\n\f\r ]+(\d{1,12})[\0\t\n\f\r ]+%%EOF", self._data)
        newest, seen = dict[str, Any](), set[int]()
        place: Any = int(found[-1]) if found else 0
        while isinstance(place, int):
            if place in seen or not 0 < place < len(self._data) or len(seen) == MOST_REVISIONS:
                raise unreadable(len(self._data))
            seen.add(place)
            trailer = self._section(place)
            if "XRefStm" in trailer:
                raise unreadable(place)
            newest, place = newest or trailer, trailer.get("Prev")
        return newest, len(seen)

    def _section(self, place: int) -> dict[str, Any]:
        reader = Reader(self._data, place)
        first = reader.value()
        if first == Word(b"xref"):
            return self._table(reader)
        for _ in range(2):
            reader.value()
        stream = self._with_bytes(reader, reader.value())
        if not isinstance(stream, Stream):
            raise unreadable(place)
        self._note_stream(stream)
        return dict(stream.head)

    def _table(self, reader: Reader) -> dict[str, Any]:
        while _counts(first := reader.value()):
            count = reader.value()
            if not _counts(count):
                raise unreadable(reader.at)
            reader.at += len(_LINE_END.match(self._data, reader.at)[0])  # type: ignore[index]
            for number in range(first, first + count):
                entry = _ENTRY.match(self._data, reader.at)
                if entry is None:
                    raise unreadable(reader.at)
                reader.at = entry.end()
                self._note(number, 0, int(entry[1]) if entry[2] == b"n" else 0)
        trailer = reader.value()
        if first != Word(b"trailer") or not isinstance(trailer, dict):
            raise unreadable(reader.at)
        return trailer

    def _note_stream(self, stream: Stream) -> None:
        widths, size = stream.head.get("W"), stream.head.get("Size")
        index = stream.head.get("Index", [0, size])
        if not (isinstance(widths, list) and isinstance(index, list) and _counts(*widths, *index)):
            raise unreadable(0)
        if len(widths) != 3 or max(widths) > 8 or len(index) % 2:
            raise unreadable(0)
        data, width, place = self.bytes_of(stream), int(sum(widths)), 0
        for first, count in zip(index[::2], index[1::2], strict=True):
            for number in range(first, first + min(count, MOST_OBJECTS)):
                kind, second = _fields(data[place : place + width], widths)
                self._note(number, second if kind == 2 else 0, second if kind == 1 else 0)
                place += width

    def _note(self, number: int, container: int, place: int) -> None:
        if len(self._where) > MOST_OBJECTS:
            raise unreadable(place)
        self._where.setdefault(number, (container, place))


def _counts(*values: Any) -> bool:
    """Whether these are whole numbers, none below zero."""
    return all(type(value) is int and value >= 0 for value in values)


def _fields(row: bytes, widths: list[int]) -> tuple[int, int]:
    first, second, _ = widths
    kind = int.from_bytes(row[:first], "big") if first else 1
    return kind, int.from_bytes(row[first : first + second], "big")


def _unpredicted(data: bytes, parameters: Mapping[str, Any]) -> bytes:
    """Undo what PNG does to each row, as cross-reference streams use it: as it is, or less the row above."""
    columns = parameters.get("Columns", 1)
    if parameters.get("Predictor", 1) == 1:
        return data
    if not _counts(columns) or not {"Colors", "BitsPerComponent"}.isdisjoint(parameters):
        return data
    rows, above = bytearray(), bytes(columns)
    for start in range(0, len(data), columns + 1):
        kind, row = data[start], data[start + 1 : start + 1 + columns]
        if kind not in (0, 2):
            raise InputError("pdf-unreadable", place=f"Predictor {kind}")
        above = bytes((byte + (over if kind else 0)) & 255 for byte, over in zip(row, above, strict=False))
        rows += above
    return bytes(rows)


def unreadable(place: int) -> InputError:
    """`pdf-unreadable`, at that byte."""
    return InputError("pdf-unreadable", place=place)
