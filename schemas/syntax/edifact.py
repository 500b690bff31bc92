"""UN/EDIFACT syntax, version 3: an interchange as segments of elements of components, out and strictly in.

- A segment is a tag and its elements; an element is one component or several. What is empty at the end of either says
  nothing, and is neither written nor kept.
- Written: UNA with the usual signs, no line ends, ISO 8859-1 (`UNOC`), a sign among data behind the release character.
  `carries` says which texts that can hold; `write` refuses the others, and changes none.
- Read: any signs that UNA declares, line ends behind a terminator. A tag that is none, a release character in front of
  nothing, a control character, a file that ends inside a segment: refused, with the number of the segment.

    write([segment("LIN", "1", "", ("9521001002018", "EN"))])  ->  b"UNA:+.? 'LIN+1++9521001002018:EN'"

ISO 9735 version 3 (1988, amendment 1 of 1992), sections 4 to 8 and annex A.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from schemas.errors import InputError

CHARACTERS = "UNOC"
VERSION = "3"
DECIMAL = "."
_ENCODING = "iso-8859-1"
_UNA, _USUAL = "UNA", ":+.? '"
_TAG = re.compile("[A-Z][A-Z0-9]{2}")
_CARRIED = re.compile("[\x20-\x7e\xa0-\xff]*")
_LINE_ENDS = re.compile(r"[\r\n]*")
_SHOWN = 40
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its tag, and its elements with their components."""

    tag: str
    elements: tuple[tuple[str, ...], ...]

    def said(self, element: int, component: int = 1) -> str:
        """A component by its place, both counted from 1; empty where it is not there."""
        found = self.elements[element - 1] if element <= len(self.elements) else ()
        return found[component - 1] if component <= len(found) else ""


@dataclass(frozen=True, slots=True)
class Interchange:
    """What a file holds. `decimal`: the sign of its decimals."""

    segments: tuple[Segment, ...]
    decimal: str


@dataclass(frozen=True, slots=True)
class _Signs:
    """What separates, by UNA's order; the reserved place between release and terminator says nothing."""

    component: str
    element: str
    decimal: str
    release: str
    terminator: str


def segment(tag: str, *elements: str | tuple[str, ...]) -> Segment:
    """A segment, without what is empty at its ends. A text is an element of one component."""
    whole = [_trimmed(element if isinstance(element, tuple) else (element,)) for element in elements]
    return Segment(tag, _trimmed(tuple(whole)))


def _trimmed(parts: tuple[T, ...]) -> tuple[T, ...]:
    end = len(parts)
    while end and not parts[end - 1]:
        end -= 1
    return parts[:end]


def carries(text: str) -> bool:
    """Whether the character set holds a text."""
    return _CARRIED.fullmatch(text) is not None


def write(segments: Iterable[Segment]) -> bytes:
    """The file; `InputError("edi-characters")` where it cannot hold a text."""
    return "".join((_UNA, _USUAL, *map(_written, segments))).encode(_ENCODING)


def _written(said: Segment) -> str:
    for text in (text for element in said.elements for text in element):
        if not carries(text):
            raise InputError("edi-characters", text=text[:_SHOWN])
    return shown(said) + "'"


def shown(said: Segment) -> str:
    """A segment as it is written, without its terminator."""
    return "+".join((said.tag, *(":".join(map(_escaped, element)) for element in said.elements)))


def _escaped(text: str) -> str:
    return re.sub("([:+?'])", r"?\1", text)


def read(data: bytes) -> Interchange:
    """The segments of a file; `InputError("edi-segment")` with the number of the first that is none."""
    text = data.decode(_ENCODING)
    signs = _signs(text)
    if signs is None:
        raise InputError("edi-segment", number=0, text=text[:_SHOWN])
    return Interchange(tuple(_segments(text, signs)), signs.decimal)


def _signs(text: str) -> _Signs | None:
    """The signs that UNA declares, the usual ones without it; None where two of them are one."""
    said = text[3:9] if text.startswith(_UNA) else _USUAL
    signs = said[:4] + said[5:]
    usable = len(set(signs)) == len(signs) == 5 and not any(sign.isalnum() for sign in signs) and carries(signs)
    return _Signs(*signs) if usable else None


def _segments(text: str, signs: _Signs) -> Iterator[Segment]:
    whole = re.compile(f"(?:[^{_in(signs.release + signs.terminator)}]|{re.escape(signs.release)}.)*", re.DOTALL)
    position, number = _after_lines(text, len(_UNA + _USUAL) if text.startswith(_UNA) else 0), 0
    while position < len(text):
        number += 1
        found = whole.match(text, position)
        end = found.end() if found else position
        if text[end : end + 1] != signs.terminator:
            raise InputError("edi-segment", number=number, text=text[position : position + _SHOWN])
        yield _segment(text[position:end], signs, number)
        position = _after_lines(text, end + 1)


def _after_lines(text: str, position: int) -> int:
    """Where what follows some line ends begins."""
    found = _LINE_ENDS.match(text, position)
    return found.end() if found else position


def _segment(text: str, signs: _Signs, number: int) -> Segment:
    tag, *elements = _split(text, signs.element, signs.release)
    if not _TAG.fullmatch(tag) or not carries(text):
        raise InputError("edi-segment", number=number, text=text[:_SHOWN])
    released = re.compile(re.escape(signs.release) + "(.)", re.DOTALL)
    return segment(
        tag,
        *(
            tuple(released.sub(r"\1", part) for part in _split(element, signs.component, signs.release))
            for element in elements
        ),
    )


def _split(text: str, separator: str, release: str) -> list[str]:
    """The parts between separators that no release character stands before."""
    parts = [""]
    for token in re.findall(
        f"{re.escape(release)}.|{re.escape(separator)}|[^{_in(release + separator)}]+", text, re.DOTALL
    ):
        if token == separator:
            parts.append("")
        else:
            parts[-1] += token
    return parts


def _in(signs: str) -> str:
    return "".join(map(re.escape, signs))
