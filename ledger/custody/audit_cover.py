"""Whether the disclosures of an entry are all of them and nothing else: the digests alone tell.

- Every digest that the entry signed, or that a disclosure of it holds, has its disclosure; every disclosure has its
  digest; none stands twice. A disclosure hangs below the signature by SHA-256, and a chain of digests has no circle,
  so a set of disclosures that is the set of digests is the whole tree.
- Digests are found by their form: `{"_sd":["…","…"]}` and `{"...":"…"}`, as compact JSON has them. Every time that one
  of the two names stands in quotes it must be such a form; within a string the quotes would be escaped.
- A disclosure that is shorter than such a form is not searched for one; its own digest counts as that of any other.
- Values are not read again. A disclosure that has its digest is the one that was admitted, byte for byte, and admission
  read it strictly; to read it once more says nothing about its custody. KNOWN LIMIT: so an audit does not find a value
  that a writer admitted against the profile; every reader of the entry does, and refuses that one.
- No is not a judgement: whatever is not plain (an erased disclosure, an escape, white space) is for the strict reader,
  `ledger.entry.parse`, which says what is wrong, if anything is.

    complete(leaf.references, texts) or with_disclosures(leaf.raw, texts)

RFC 9901 section 7.1; ARCHITECTURE.md 3.2, 3.5.
"""

import re
from binascii import Error, a2b_base64, b2a_base64
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from struct import Struct

_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_URL = bytes.maketrans(b"+/", b"-_")
# By what is left of a length divided by four: what makes it whole and puts one to three zero bytes behind the value.
_FILL = (b"AAAA", b"AAA", b"AA", b"A")
# What stands between the quotes need be no digest: it is compared with those that are.
_DIGESTS = re.compile(rb'\{"(?:_sd":\["([^\]]*)"\]|\.\.\.":"([^"]*)")\}').findall
# The shortest form, of 53 bytes, in base64url.
_REFERRING = 71
_FEW = 64


def complete(references: Sequence[bytes], texts: Sequence[bytes], digests: Sequence[bytes] | None = None) -> bool:
    """Do these disclosures (ASCII as sent) cover the signed digests (base64url) and all below, each exactly once?

    `digests`: their SHA-256, where somebody has just made them.
    """
    below = _below([text for text in texts if len(text) >= _REFERRING])
    if below is None or len(below) + len(references) != len(texts):
        return False
    expected = {*references, *below}
    if digests is None:
        digests = [sha256(text).digest() for text in texts]
    return len(expected) == len(texts) and expected == set(_written(digests))


def _below(texts: Sequence[bytes]) -> list[bytes] | None:
    """The digests that stand in disclosures; None where that cannot be told by form alone."""
    # All are decoded in one step, a zero byte behind each, so that no form reaches from one into the next.
    filled = b"".join([text + _FILL[len(text) & 3] for text in texts])
    try:
        # These two spell other alphabets and a few signs: mostly they are not there, and to look takes no time.
        decoded = a2b_base64(filled.translate(_TO_STANDARD) if b"_" in filled or b"-" in filled else filled)
    except Error:
        return None
    # A shorter value means that the decoder left characters out; an escape could spell a name in another way.
    if 4 * len(decoded) != 3 * len(filled) or (b"\\" in decoded and b"\\u" in decoded):
        return None
    digests: list[bytes] = []
    elements = 0
    found = _DIGESTS(decoded)
    for members, element in found:
        if element:
            elements += 1
            digests.append(element)
        else:
            digests += members.split(b'","')
    if decoded.count(b'"..."') != elements or decoded.count(b'"_sd"') != len(found) - elements:
        return None
    return digests


def _written(digests: Sequence[bytes]) -> Sequence[bytes]:
    """Digests as they stand in `_sd`. A byte between them makes 33 of each, so that each begins its own 44 characters,
    of which the last is not the digest's."""
    text = b2a_base64(b"\x00".join(digests), newline=False).translate(_URL)
    if len(digests) <= _FEW:
        return _columns(len(digests)).unpack(text)
    return [text[start : start + 43] for start in range(0, len(text), 44)]


@cache
def _columns(count: int) -> Struct:
    return Struct("43sx" * count)
