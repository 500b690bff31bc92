"""Keys that encrypt one thing only, wrapped by a member's key (ARCHITECTURE.md 3.8).

- `stream` XORs a text with the key stream of a key that is used for this one text: AES-128 in the counter mode that
  GCM has (NIST SP 800-38D section 6.5), with a fixed nonce. No tag is kept: what is sealed here has its SHA-256
  beside it, and inside a signature. The same call opens it, and of zeros gives the key stream itself.
- `seal_one` encrypts and authenticates a text under such a key of its own, which it brings along, wrapped.
- Keys are wrapped by AES-KW (RFC 3394), which needs no nonce, so a member's key has no count to keep.
- Randomness is given.

    wrapped = wrap(key, wrapping_key);  stream(unwrap(wrapped, wrapping_key), stream(key, text)) == text

docs/adr/0009-wrapped-disclosure-keys.md, 0034-one-stream-an-entry.md.
"""

from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from schemas.errors import EvidenceError

KEY_SIZE = 16
WRAPPING_KEY_SIZE = 32
WRAPPING_SIZE = 8
"""By how much wrapped keys are longer than the keys."""
TAG_SIZE = 16
_NONCE = bytes(12)


def stream(key: bytes, text: bytes) -> bytes:
    """The text XORed with the stream of a key that serves for nothing else."""
    # The library sets up its GCM in less than half the time of its counter mode, and the stream is the same.
    return AESGCM(key).encrypt(_NONCE, text, None)[:-TAG_SIZE]


def xor(one: bytes, other: bytes) -> bytes:
    """Two texts of equal length, bit by bit."""
    return (int.from_bytes(one, "little") ^ int.from_bytes(other, "little")).to_bytes(len(one), "little")


def wrap(keys: bytes, wrapping_key: bytes) -> bytes:
    """One or more keys, wrapped together."""
    return aes_key_wrap(wrapping_key, keys)


def unwrap(wrapped: bytes, wrapping_key: bytes) -> bytes:
    """The keys again; `EvidenceError("disclosure-sealed")` where they were altered or the wrapping key is another."""
    try:
        return aes_key_unwrap(wrapping_key, wrapped)
    except (InvalidUnwrap, ValueError):
        raise EvidenceError("disclosure-sealed") from None


def seal_one(text: bytes, wrapping_key: bytes, key: bytes) -> bytes:
    """A text under a fresh key, and that key, wrapped, before it: 40 bytes longer."""
    return wrap(key, wrapping_key) + AESGCM(key).encrypt(_NONCE, text, None)


def seal_file(data: bytes, key: bytes) -> bytes:
    """A file under a key that serves for nothing else; `open_each` opens it."""
    return AESGCM(key).encrypt(_NONCE, data, None)


def open_one(sealed: bytes, wrapping_key: bytes) -> bytes:
    """The text again; `EvidenceError("disclosure-sealed")`."""
    end = KEY_SIZE + WRAPPING_SIZE
    return open_each([(sealed[end:], unwrap(sealed[:end], wrapping_key))])[0]


def open_each(sealed: Iterable[tuple[bytes, bytes]]) -> list[bytes]:
    """The texts of (ciphertext with tag, key); `EvidenceError("disclosure-sealed")` where one was altered."""
    try:
        return [AESGCM(key).decrypt(_NONCE, ciphertext, None) for ciphertext, key in sealed]
    except (InvalidTag, ValueError):
        raise EvidenceError("disclosure-sealed") from None
