"""Objects and tags: how an entry names the lots it is about so that only those who know a lot find it.

- An object's key is the first 16 bytes of HMAC-SHA-256(secret of the member that first logs it, its URI in UTF-8).
- The n-th entry about it (n from 0) carries SHA-256("filiera/object\\n" + key + uint32be(n)).
- Who has the key counts up and finds all entries; nobody else can link two of them.

    key = object_key(secret, "https://id.gs1.org/01/09520001000011/10/P-0107")
    tag(key, 0)

ARCHITECTURE.md 3.2, Objects and tags.
"""

import hmac
from hashlib import sha256

from schemas.errors import InputError

KEY_BYTES = 16
SECRET_BYTES = 32
MAX_N = 2**32 - 1
_PREFIX = b"filiera/object\n"


def object_key(secret: bytes, uri: str) -> bytes:
    """The 16-byte key of an object, from its canonical Digital Link, or its URI as written where it is not GS1's."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a member's object secret is {SECRET_BYTES} bytes")
    return hmac.digest(secret, uri.encode("utf-8"), "sha256")[:KEY_BYTES]


def tag(key: bytes, n: int) -> bytes:
    """The 32-byte tag of the n-th entry about the object with this key; `InputError` outside 0..2^32-1."""
    if len(key) != KEY_BYTES or not 0 <= n <= MAX_N:
        raise InputError("lot-number", n=n, limit=MAX_N)
    return sha256(_PREFIX + key + n.to_bytes(4, "big")).digest()
