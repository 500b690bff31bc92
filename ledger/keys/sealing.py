"""What leaves this process for a while and comes back unread and unchanged: sealed with a key of the ledger's own.

- AES-256-GCM under a key drawn (HMAC-SHA-256) from a secret of the key folder and a purpose: what was sealed for one
  purpose opens for no other, and no store or backup holds the key.
- The nonce is random, 96 bits: one purpose may seal 2^32 texts.
- `about` is bound to what is sealed and not kept in it: a row cannot be moved to another place.

    seal = Seal(keyring.wrapping_key(iss), "filiera/page", os.urandom)
    seal.opened(seal.closed(b"place 7"))  ->  b"place 7"

NIST SP 800-38D; RFC 2104.
"""

import hmac
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.errors import EvidenceError

_NONCE = 12


class Seal:
    """Closes and opens texts of one purpose."""

    def __init__(self, secret: bytes, purpose: str, random: Callable[[int], bytes]) -> None:
        self._cipher = AESGCM(hmac.digest(secret, purpose.encode("utf-8"), "sha256"))
        self._random = random

    def closed(self, text: bytes, about: bytes = b"") -> bytes:
        """The text, sealed; 28 bytes longer."""
        nonce = self._random(_NONCE)
        return nonce + self._cipher.encrypt(nonce, text, about)

    def opened(self, sealed: bytes, about: bytes = b"") -> bytes:
        """The text; `EvidenceError("seal-broken")` where this key did not seal it about this, or it was changed."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], about)
        except (InvalidTag, ValueError):
            raise EvidenceError("seal-broken") from None
