"""Credentials in an envelope as papers: the claims of a `vc+jwt`, one of which is the paper's claim.

- Compared is every claim but the issuer, the paper's claim, and what the signature itself is about: those are asked of
  the signature (`exporters.formats.credential`).
- `write` gives what is to be signed; `exporters.issue` puts it into its envelope.

    KIND.claim(data).format  ->  "credential-jwt"
"""

from collections.abc import Iterator, Mapping
from typing import IO, Any

from exporters.claim import Claim
from exporters.compare import Difference
from exporters.credentials import envelope
from exporters.files.json_file import JsonFile
from schemas.syntax import json_text

ISSUER = "issuer"
_CLAIMS = JsonFile((ISSUER,))


class JwtFile:
    """`exporters.files.kind.FileKind` of a JWT whose claims are a credential."""

    def recognises(self, data: bytes) -> bool:
        """Whether the header says so."""
        return envelope.is_envelope(data)

    def write(self, content: Mapping[str, Any], claim: Claim, out: IO[bytes]) -> None:
        """The claims, not signed."""
        _CLAIMS.write(content, claim, out)

    def claim(self, data: bytes) -> Claim:
        """The claim among the claims."""
        return _CLAIMS.claim(_claims(data))

    def compare(self, content: Mapping[str, Any], claim: Claim, data: bytes) -> Iterator[Difference]:
        """By JSON pointer into the claims."""
        return _CLAIMS.compare(content, claim, _claims(data))


def _claims(data: bytes) -> bytes:
    return json_text.write(dict(envelope.opened(data).claims))


KIND = JwtFile()
