"""Erasable disclosures: each under a random key of its own, that key wrapped by its member's (ARCHITECTURE.md 3.8).

- AES-128-GCM with a key that encrypts one text only, so its nonce is fixed; the key is wrapped by AES-KW (RFC 3394),
  which needs no nonce and so has no count to keep.
- Deleting a wrapped key erases its text, whatever copies of the ciphertext remain.
- Randomness is given: 16 bytes for each text, in order.

    sealed = seal_all([b"disclosure"], wrapping_key, os.urandom)
    open_all(sealed, wrapping_key) == [b"disclosure"]
"""

from collections.abc import Callable, Iterable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from schemas.errors import EvidenceError

KEY_SIZE = 16
WRAPPING_KEY_SIZE = 32
WRAPPED_SIZE = KEY_SIZE + 8
_NONCE = bytes(12)


def seal_all(
    plaintexts: Sequence[bytes], wrapping_key: bytes, random: Callable[[int], bytes]
) -> list[tuple[bytes, bytes]]:
    """(ciphertext, wrapped key) of each text; the ciphertext is 16 bytes longer, the wrapped key 24 bytes."""
    fresh = random(KEY_SIZE * len(plaintexts))
    sealed = []
    for position, plaintext in enumerate(plaintexts):
        key = fresh[position * KEY_SIZE : (position + 1) * KEY_SIZE]
        sealed.append((AESGCM(key).encrypt(_NONCE, plaintext, None), aes_key_wrap(wrapping_key, key)))
    return sealed


def open_all(sealed: Iterable[tuple[bytes, bytes]], wrapping_key: bytes) -> list[bytes]:
    """The texts again; `EvidenceError("disclosure-sealed")` where a part was altered or the wrapping key is another."""
    try:
        return [
            AESGCM(aes_key_unwrap(wrapping_key, wrapped)).decrypt(_NONCE, ciphertext, None)
            for ciphertext, wrapped in sealed
        ]
    except (InvalidTag, InvalidUnwrap, ValueError):
        raise EvidenceError("disclosure-sealed") from None


def seal(plaintext: bytes, wrapping_key: bytes, random: Callable[[int], bytes]) -> tuple[bytes, bytes]:
    """`seal_all` of one text."""
    return seal_all([plaintext], wrapping_key, random)[0]


def open_(ciphertext: bytes, wrapped_key: bytes, wrapping_key: bytes) -> bytes:
    """`open_all` of one text."""
    return open_all([(ciphertext, wrapped_key)], wrapping_key)[0]
