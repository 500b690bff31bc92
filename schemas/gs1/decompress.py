"""A compressed GS1 Digital Link read back: `/ARFKk4XB0CDKWcnpq` is `/01/09506000134376/10/LOT01`.

- Compressed is the whole identifier, or what follows a key that stands there as it is (`/01/09506000134376/…`).
- Read strictly: every bit is accounted for, a number has the digits that were announced, nothing stands twice, and what
  is left over is less than a code and zero. A text is as long as an address may be, so nothing can grow out of it.
- Values are not judged here: the Digital Link that is made of them is read as any other.

    uncompressed("https://example.com/ARFKk4XB0CDKWcnpq")  ->  "https://example.com/01/09506000134376/10/LOT01"

Nothing here writes one: the newest URI standard has withdrawn them, and what was printed stays.

GS1 Digital Link Standard: Compression (release 1.2); its tables are in `compression`.
"""

from dataclasses import dataclass
from urllib.parse import quote

from schemas.errors import InputError
from schemas.gs1 import digital_link
from schemas.gs1.application_identifiers import known
from schemas.gs1.compression import (
    ALPHABET,
    ENCODING_BITS,
    ENCODINGS,
    NAME_BITS,
    NOT_GS1,
    OPTIMISED,
    Field,
    fields,
    number_bits,
)  # fmt: skip
from schemas.gs1.keys import PRIMARY, Elements

MOST_CHARACTERS = 2048
_CHARACTER_BITS, _DIGIT_BITS, _CODE_BITS = 6, 4, 8
_LONGEST_CODE = 4
# The shortest key, `401` with the four digits that every company prefix has, takes no less.
_SHORTEST = 6
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Decompressed:
    """What stood in a compressed text, in its order: element strings, and names with values that are not GS1's."""

    elements: Elements
    other: Pairs


def uncompressed(uri: str) -> str:
    """The Digital Link that a compressed one stands for, under the same address, with the rest of its query.

    Raises `InputError`: those of `decompress`, `digital_link.split` and `digital_link.make`, and `dl-compressed-twice`.
    """
    stem, segments, query = digital_link.split(uri)
    while segments and not segments[-1]:
        segments.pop()
    if not segments:
        raise InputError("dl-no-key", value=uri[:200])
    own, before = _key_before(segments)
    found = decompress(segments[-1])
    _once(own + found.elements, segments[-1])
    link = digital_link.make(own + found.elements, "/".join([stem, *before]))
    more = "&".join(f"{quote(name)}={quote(value, safe='')}" for name, value in found.other)
    items = list(filter(None, (link.partition("?")[2], more, query)))
    return link.partition("?")[0] + (f"?{'&'.join(items)}" if items else "")


def looks_compressed(uri: str) -> bool:
    """Does the address end in a segment that could be a compressed Digital Link, or the rest of one?"""
    segments = uri.partition("?")[0].partition("#")[0].rstrip("/").split("/")[3:]
    if not segments or digital_link.key_at(segments, lenient=True) is not None:
        return False
    text = segments[-1]
    if not set(text) <= set(ALPHABET):
        return False
    # KNOWN LIMIT: what is a word in small letters is far more often one that somebody typed; docs/limits.md.
    whole = len(text) >= _SHORTEST and not text.islower() and _begins(text)
    return whole or bool(_key_before(segments)[0])


def _key_before(segments: list[str]) -> tuple[Elements, list[str]]:
    """The key that stands uncompressed before the last segment, if one does; and the segments before all of it."""
    if len(segments) > 2:
        name = digital_link.WORDS.get(segments[-3], segments[-3])
        if name in PRIMARY:
            return digital_link.elements([name, segments[-2]], lenient=True), segments[:-3]
    return (), segments[:-1]


def _begins(text: str) -> bool:
    """Does a text begin with the code of a key, or with one that stands for several?"""
    code = f"{_number(text[:4]) >> 8:04X}"
    return code[:2] in OPTIMISED or any(code.startswith(key) for key in PRIMARY)


def _number(text: str) -> int:
    number = 0
    for character in text:
        number = number << _CHARACTER_BITS | ALPHABET.index(character)
    return number


def decompress(text: str) -> Decompressed:
    """What a compressed text holds.

    Raises `InputError`: `identifier-too-long`, `dl-compressed-alphabet`, `dl-compressed-cut`, `dl-compressed-code`,
    `dl-compressed-value`, `dl-compressed-name`, `dl-compressed-rest`, `dl-compressed-twice`.
    """
    if len(text) > MOST_CHARACTERS:
        raise InputError("identifier-too-long", limit=MOST_CHARACTERS)
    strange = next((character for character in text if character not in ALPHABET), None)
    if strange is not None:
        raise InputError("dl-compressed-alphabet", value=text[:40], character=strange)
    bits = _Bits(text)
    elements: list[tuple[str, str]] = []
    other: list[tuple[str, str]] = []
    while not bits.over():
        if bits.peek_digit() == NOT_GS1:
            other.append(_pair(bits))
        else:
            elements += ((ai, _value(bits, ai)) for ai in _codes(bits))
    _once(elements, text)
    _once(other, text)
    return Decompressed(tuple(elements), tuple(other))


def _once(pairs: Elements | Pairs | list[tuple[str, str]], text: str) -> None:
    names = [name for name, _ in pairs]
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise InputError("dl-compressed-twice", value=text[:40], name=twice[:40])


class _Bits:
    """The bits of a text, taken from its beginning."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._bits = f"{_number(text):0{len(text) * _CHARACTER_BITS}b}" if text else ""
        self._at = 0

    def over(self) -> bool:
        """Is less than a code left? That may only be zeros: `InputError("dl-compressed-rest")`."""
        rest = self._bits[self._at :]
        if len(rest) > _CODE_BITS:
            return False
        if "1" in rest:
            raise self.refused("dl-compressed-rest", rest=rest)
        return True

    def take(self, count: int) -> int:
        """The next bits as a number; `InputError("dl-compressed-cut")` where there are fewer."""
        taken = self._bits[self._at : self._at + count]
        if len(taken) < count:
            raise self.refused("dl-compressed-cut", missing=count - len(taken))
        self._at += count
        return int(taken, 2) if count else 0

    def peek_digit(self) -> str:
        """The hexadecimal digit that comes next."""
        return f"{int(self._bits[self._at : self._at + _DIGIT_BITS], 2):X}"

    def refused(self, code: str, **context: object) -> InputError:
        """The error of this place: the bit where reading stopped, counted from 1."""
        return InputError(code, value=self._text[:40], bit=self._at + 1, **context)


def _codes(bits: _Bits) -> tuple[str, ...]:
    """The application identifiers whose values come next."""
    code = f"{bits.take(_CODE_BITS):02X}"
    if code in OPTIMISED:
        return OPTIMISED[code]
    while code.isdigit() and not known(code) and len(code) < _LONGEST_CODE:
        code += f"{bits.take(_DIGIT_BITS):X}"
    if not known(code):
        raise bits.refused("dl-compressed-code", found=code)
    return (code,)


def _value(bits: _Bits, ai: str) -> str:
    return "".join(_field(bits, ai, field) for field in fields(ai))


def _field(bits: _Bits, ai: str, field: Field) -> str:
    encoding = 0 if field.digits else bits.take(ENCODING_BITS)
    length = bits.take(field.length_bits) if field.length_bits else field.most
    if not field.least <= length <= field.most:
        raise bits.refused("dl-compressed-value", name=ai)
    return _characters(bits, ai, encoding, length)


def _characters(bits: _Bits, name: str, encoding: int, length: int) -> str:
    """So many characters in one of the encodings."""
    if encoding >= len(ENCODINGS):
        raise bits.refused("dl-compressed-value", name=name)
    used = ENCODINGS[encoding]
    if used.bits:
        return "".join(used.characters[bits.take(used.bits)] for _ in range(length))
    number = bits.take(number_bits(length))
    if number >= 10**length:
        raise bits.refused("dl-compressed-value", name=name)
    return str(number).zfill(length) if length else ""


def _pair(bits: _Bits) -> tuple[str, str]:
    """A name and a value that are not GS1's; `InputError("dl-compressed-name")` where they cannot stand in a query."""
    bits.take(_DIGIT_BITS)
    length = bits.take(NAME_BITS)
    name = "".join(ALPHABET[bits.take(_CHARACTER_BITS)] for _ in range(length))
    encoding = bits.take(ENCODING_BITS)
    value = _characters(bits, name, encoding, bits.take(NAME_BITS))
    if not name or name.isdigit() or not value.isprintable():
        raise bits.refused("dl-compressed-name", name=name[:40])
    return name, value
