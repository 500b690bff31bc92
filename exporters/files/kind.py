"""What a kind of file can do: be recognised by its content, be written, give its claim back, and be compared.

- `C` is what a format gives it to write: a JSON tree, a workbook, an XML element, a document to be set.
- Writing is a pure function: equal content and claim give equal bytes, today and in ten years, on every machine. What
  cannot be so (a PDF set by another release of its library) says so in `compare`.
- `recognises` is asked of anything at all and never raises; `claim` refuses what is damaged, and says where.

    if kind.recognises(data): kind.compare(content, kind.claim(data), data)
"""

from collections.abc import Iterator
from typing import Protocol, TypeVar

from exporters.claim import Claim
from exporters.compare import Difference

C = TypeVar("C", contravariant=True)


class FileKind(Protocol[C]):
    """One kind of file."""

    def recognises(self, data: bytes) -> bool:
        """Whether these bytes are of this kind and carry a claim."""
        ...

    def write(self, content: C, claim: Claim) -> bytes:
        """The file."""
        ...

    def claim(self, data: bytes) -> Claim:
        """What the file says of itself; `InputError` where that cannot be read."""
        ...

    def compare(self, content: C, claim: Claim, data: bytes) -> Iterator[Difference]:
        """Where the file differs from what it should say; `InputError` where it cannot be read."""
        ...
