"""JSON papers: one object, whose member `filiera:paper` carries the claim.

- What the format says is every other member. Numbers are compared as they are written, `1.50` is not `1.5`.
- Where a file is signed, members `beside` what it says are asked of the signature and not compared; it has a `proof`.
- White space and the order of members are nobody's business: a file that another program saved again still says the
  same. A member that stands twice makes it unreadable.

    KIND.write({"type": "EPCISDocument", …}, claim, out)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from exporters import compare
from exporters.claim import Claim, head, read, texts
from exporters.compare import Difference
from schemas.errors import InputError
from schemas.gs1.check_digit import is_digits
from schemas.syntax import json_text
from schemas.syntax.json_text import Number

MEMBER = "filiera:paper"
_PROOF = b'"proof"'


@dataclass(frozen=True, slots=True)
class JsonFile:
    """`exporters.files.kind.FileKind` of a JSON object."""

    beside: tuple[str, ...] = ()

    def recognises(self, data: bytes) -> bool:
        """Whether the text is an object that has the member, and a proof where this is a signed one."""
        is_paper = data.lstrip()[:1] == b"{" and f'"{MEMBER}"'.encode() in data
        return is_paper and (_PROOF in data) == bool(self.beside)

    def write(self, content: Mapping[str, Any], claim: Claim, out: IO[bytes]) -> None:
        """UTF-8, the claim last. A member that is iterable and no list is written as one, item by item."""
        for piece in json_text.pieces({**content, MEMBER: {**head(claim), "bundles": texts(claim)}}):
            out.write(piece.encode("utf-8"))

    def claim(self, data: bytes) -> Claim:
        """The claim of the member."""
        return read(_object(data)[MEMBER])

    def compare(self, content: Mapping[str, Any], claim: Claim, data: bytes) -> Iterator[Difference]:
        """By JSON pointer (RFC 6901)."""
        said = _object(data)
        for name in (MEMBER, *self.beside):
            said.pop(name, None)
        return compare.differences(dict(places(content)), dict(places(said)))


def _object(data: bytes) -> dict[str, Any]:
    value = json_text.read(data)
    if not isinstance(value, dict) or MEMBER not in value:
        raise InputError("paper-without-claim", member=MEMBER)
    return dict(value)


def places(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every value with its pointer; an empty object or list is a value too."""
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            yield from places(item, f"{pointer}/{_token(name)}")
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        for place, item in enumerate(value):
            yield from places(item, f"{pointer}/{place}")
    else:
        yield pointer or "/", value.text if isinstance(value, Number) else json_text.write(value).decode("utf-8")


def _token(name: str) -> str:
    """A name in a pointer; one that is a number in quotes, or an object would pass for a list."""
    return f'"{name}"' if is_digits(name) else name.replace("~", "~0").replace("/", "~1")


KIND = JsonFile()
