"""EDI files: one interchange, written as UN/EDIFACT has it, and compared element by element.

- A place is named as who reads the message would: where in it (`NAD SU`, `CPS 2`, `LIN 2`), which segment with its
  qualifier, and which component of which element: `LIN 2, QTY 12, 1.2`.
- Other signs in UNA, and line ends between segments, say nothing; another sign for decimals says other numbers.

    b"".join(EdiFile("desadv.edi", segments).pieces())

ISO 9735; docs/adr/0055-an-interchange-says-its-own-name.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TypeAlias

from exporters.compare import Difference
from schemas.syntax.edifact import DECIMAL, Segment, read, shown, write

MEDIA_TYPE = "application/EDIFACT"
_ALONE = frozenset({"UNA", "UNB", "UNH", "BGM", "UNT", "UNZ"})
"""Segments that stand once, and need no qualifier to be known by."""
_OPENS = frozenset({"NAD", "CPS", "LIN"})
_CLOSES = frozenset({"CNT", "UNT", "UNZ"})
MOST_ALIGNED = 2_000
"""Segments between the first that differs and the last: of more, one is held against one."""
Placed: TypeAlias = tuple[str, Segment]


@dataclass(frozen=True, slots=True)
class EdiFile:
    """An interchange under a name."""

    name: str
    segments: tuple[Segment, ...]

    @property
    def media_type(self) -> str:
        """Its media type (RFC 1767)."""
        return MEDIA_TYPE

    def pieces(self) -> Iterator[bytes]:
        """The file; `InputError("edi-characters")` where the character set cannot hold it."""
        yield write(self.segments)

    def compare(self, data: bytes) -> Iterator[Difference]:
        """By segment, element and component; `InputError("edi-segment")`."""
        found = read(data)
        if found.decimal != DECIMAL:
            yield Difference("UNA", DECIMAL, found.decimal)
        yield from _between([*places(self.segments)], [*places(found.segments)])


def places(segments: Iterable[Segment]) -> Iterator[Placed]:
    """Each segment with its place in the message."""
    within = ""
    for said in segments:
        name = said.tag if said.tag in _ALONE else f"{said.tag} {said.said(1)}".rstrip()
        if said.tag in _OPENS or said.tag in _CLOSES:
            within = name if said.tag in _OPENS else ""
            yield name, said
        else:
            yield (f"{within}, {name}" if within else name), said


def _between(expected: list[Placed], found: list[Placed]) -> Iterator[Difference]:
    """What differs, one change after the other: a segment put in or left out moves none of the others."""
    should, says = [said for _, said in expected], [said for _, said in found]
    first = _alike(should, says)
    last = _alike(should[first:][::-1], says[first:][::-1])
    ends = len(should) - last, len(says) - last
    if max(ends) - first > MOST_ALIGNED:
        yield from _replaced(expected[first : ends[0]], found[first : ends[1]])
        return
    aligned = SequenceMatcher(None, should[first : ends[0]], says[first : ends[1]], autojunk=False)
    for kind, one, one_end, other, other_end in aligned.get_opcodes():
        if kind != "equal":
            yield from _replaced(expected[first + one : first + one_end], found[first + other : first + other_end])


def _alike(one: Sequence[Segment], other: Sequence[Segment]) -> int:
    """How many segments two begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (each, same) in pairs if each != same), min(len(one), len(other)))


def _replaced(expected: Sequence[Placed], found: Sequence[Placed]) -> Iterator[Difference]:
    for should, says in zip_longest(expected, found):
        if should and says:
            yield from _elements(should, says)
        else:
            place, _ = should or says
            yield Difference(place, should and shown(should[1]), says and shown(says[1]))


def _elements(expected: Placed, found: Placed) -> Iterator[Difference]:
    (place, should), (_, says) = expected, found
    if should.tag != says.tag:
        yield Difference(place, shown(should), shown(says))
        return
    for element, pair in enumerate(zip_longest(should.elements, says.elements, fillvalue=()), start=1):
        for component, (one, other) in enumerate(zip_longest(*pair, fillvalue=""), start=1):
            if one != other:
                yield Difference(f"{place}, {element}.{component}", one or None, other or None)
