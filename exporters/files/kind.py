"""What a kind of file can do: be recognised by its content, be written, give its claim back, and be compared.

- `C` is what a format gives it to write: a JSON tree, a workbook, an XML element, a document to be set.
- Writing is a pure function: equal content and claim give equal bytes, today and in ten years, on every machine. What
  cannot be so (a PDF set by another release of its library) says so in `compare`.
- What is written goes into a stream, since a period may be larger than memory; `bytes_of` gives a small one whole.
- `recognises` is asked of anything at all and never raises; `claim` refuses what is damaged, and says where.

    if kind.recognises(data): kind.compare(content, kind.claim(data), data)
"""

from collections.abc import Iterator
from io import BytesIO
from typing import IO, Protocol, TypeVar

from exporters.claim import Claim
from exporters.compare import Difference

C = TypeVar("C", contravariant=True)


class FileKind(Protocol[C]):
    """One kind of file."""

    def recognises(self, data: bytes) -> bool:
        """Whether these bytes are of this kind and carry a claim."""
        ...

    def write(self, content: C, claim: Claim, out: IO[bytes]) -> None:
        """The file, into `out`, which can be read and gone back in."""
        ...

    def claim(self, data: bytes) -> Claim:
        """What the file says of itself; `InputError` where that cannot be read."""
        ...

    def compare(self, content: C, claim: Claim, data: bytes) -> Iterator[Difference]:
        """Where the file differs from what it should say; `InputError` where it cannot be read."""
        ...


def bytes_of(kind: FileKind[C], content: C, claim: Claim) -> bytes:
    """A file whole, for who has the room."""
    out = BytesIO()
    kind.write(content, claim, out)
    return out.getvalue()
