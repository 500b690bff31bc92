"""Disclosures as stores held them before they had a form: each under an AES-GCM key of its own, these wrapped together.

rows, secret = sealed([b"WyJ…"], wrapping_key)
"""

import os
from collections.abc import Sequence
from hashlib import sha256
from struct import pack

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_wrap


def sealed(texts: Sequence[bytes], wrapping_key: bytes) -> tuple[bytes, bytes]:
    """The packed row and the secret of an entry's disclosures."""
    keys = [os.urandom(16) for _ in texts]
    packed = b""
    for position, (text, key) in enumerate(zip(texts, keys, strict=True)):
        ciphertext = AESGCM(key).encrypt(bytes(12), text, None)
        packed += pack(">H32sI", position, sha256(text).digest(), len(ciphertext)) + ciphertext
    return packed, pack(f">{len(texts)}H", *range(len(texts))) + aes_key_wrap(wrapping_key, b"".join(keys))
