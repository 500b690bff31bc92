"""Whether the disclosures of an entry are all of them and nothing else: the digests alone tell.

- Every digest that the entry signed, or that a disclosure of it holds, has its disclosure; every disclosure has its
  digest; none stands twice. A disclosure hangs below the signature by SHA-256, and a chain of digests has no circle,
  so a set of disclosures that is the set of digests is the whole tree.
- Values are not read again, except where digests stand in them. A disclosure that has its digest is the one that was
  admitted, byte for byte, and admission read it strictly; to read it once more says nothing about its custody. So
  this does not find a value which the writer admitted against the profile: every reader of the entry refuses that one.
- No is not a judgement: whatever is not plain (an erased disclosure, an escaped name, a digest in an odd place) is for
  the strict reader, `ledger.entry.parse`, which says what is wrong.

    complete(payload["_sd"], texts) or with_disclosures(leaf, texts)

RFC 9901 section 7.1; ARCHITECTURE.md 3.2, 3.5.
"""

from binascii import Error, a2b_base64, b2a_base64
from collections.abc import Sequence
from hashlib import sha256

from schemas.errors import InputError
from schemas.syntax.json_text import Json, read

_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_TO_URL = bytes.maketrans(b"+/", b"-_")
# 32 bytes and a zero are 44 characters of base64; the first 43 are those of the 32 bytes alone.
_STEP, _DIGEST = 44, 43
_MEMBERS, _ELEMENT, _ESCAPE = b'"_sd"', b'"..."', b"\\u"


def complete(signed: Sequence[str], texts: Sequence[bytes]) -> bool:
    """Do these disclosures (ASCII as sent) cover the signed digests (base64url) and all below, each exactly once?"""
    wanted = list(signed)
    for text in texts:
        try:
            body = a2b_base64(text.translate(_TO_STANDARD) + b"==")
        except (Error, ValueError):
            return False
        if _ESCAPE in body:
            return False
        if _MEMBERS in body or _ELEMENT in body:
            below = _digests(body)
            if below is None:
                return False
            wanted += below
    if len(wanted) != len(texts):
        return False
    expected = set(wanted)
    return len(expected) == len(wanted) and expected == set(_named(texts))


def _named(texts: Sequence[bytes]) -> list[str]:
    """The digest of each text as `_sd` names it."""
    digests = b"\0".join([sha256(text).digest() for text in texts]) + b"\0"
    line = b2a_base64(digests, newline=False).translate(_TO_URL).decode("ascii")
    return [line[at : at + _DIGEST] for at in range(0, len(line), _STEP)]


def _digests(body: bytes) -> list[str] | None:
    """The digests that stand in the value of one disclosure; None where they do not stand as the profile has them."""
    try:
        parts = read(body)
    except InputError:
        return None
    value = parts[-1] if type(parts) is list and parts else None
    if type(value) is dict and value.keys() == {"_sd"}:
        value = value["_sd"]
    elif type(value) is list and value:
        value = [_element(item) for item in value]
    else:
        return None
    if type(value) is not list:
        return None
    digests = [item for item in value if type(item) is str]
    return digests if len(digests) == len(value) else None


def _element(item: Json) -> Json:
    """The digest of one hidden element, or None."""
    return item["..."] if type(item) is dict and item.keys() == {"..."} else None
