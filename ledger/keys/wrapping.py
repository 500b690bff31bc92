"""Erasable disclosures: each under a random key of its own, the keys of an entry wrapped by its member's (3.8).

- AES-128-GCM with a key that encrypts one text only, so its nonce is fixed; the keys are wrapped together by AES-KW
  (RFC 3394), which takes any multiple of eight bytes, needs no nonce and so has no count to keep.
- Wrapping the keys that are left and forgetting the old wrapping erases a text, whatever copies of the ciphertext
  remain: `rewrap`.
- Randomness is given: 16 bytes for each text, in order.

    ciphertexts, wrapped = seal_all([b"disclosure"], wrapping_key, os.urandom)
    open_all(zip(ciphertexts, unwrap(wrapped, wrapping_key))) == [b"disclosure"]

ARCHITECTURE.md 3.8; docs/adr/0009-wrapped-disclosure-keys.md.
"""

from collections.abc import Callable, Iterable, Sequence
from struct import unpack

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from schemas.errors import EvidenceError

KEY_SIZE = 16
WRAPPING_KEY_SIZE = 32
WRAPPING_SIZE = 8
"""By how much wrapped keys are longer than the keys."""
_NONCE = bytes(12)


def seal_all(
    plaintexts: Sequence[bytes], wrapping_key: bytes, random: Callable[[int], bytes]
) -> tuple[list[bytes], bytes]:
    """The ciphertext of each text, 16 bytes longer, and their keys wrapped together in the same order; b"" for none."""
    if not plaintexts:
        return [], b""
    fresh = random(KEY_SIZE * len(plaintexts))
    keys = unpack(f"{KEY_SIZE}s" * len(plaintexts), fresh)
    sealed = [AESGCM(key).encrypt(_NONCE, text, None) for key, text in zip(keys, plaintexts, strict=True)]
    return sealed, aes_key_wrap(wrapping_key, fresh)


def unwrap(wrapped: bytes, wrapping_key: bytes) -> list[bytes]:
    """The keys again; `EvidenceError("disclosure-sealed")` where they were altered or the wrapping key is another."""
    try:
        fresh = aes_key_unwrap(wrapping_key, wrapped)
    except (InvalidUnwrap, ValueError):
        raise EvidenceError("disclosure-sealed") from None
    return [fresh[at : at + KEY_SIZE] for at in range(0, len(fresh), KEY_SIZE)]


def rewrap(wrapped: bytes, kept: Iterable[int], wrapping_key: bytes) -> bytes:
    """Wrapped keys without those that are not `kept` (their positions, from 0); b"" where none is left."""
    keys = unwrap(wrapped, wrapping_key)
    left = b"".join([keys[at] for at in kept])
    return aes_key_wrap(wrapping_key, left) if left else b""


def open_all(sealed: Iterable[tuple[bytes, bytes]]) -> list[bytes]:
    """The text of each (ciphertext, key); `EvidenceError("disclosure-sealed")` where one was altered."""
    try:
        return [AESGCM(key).decrypt(_NONCE, ciphertext, None) for ciphertext, key in sealed]
    except (InvalidTag, ValueError):
        raise EvidenceError("disclosure-sealed") from None
