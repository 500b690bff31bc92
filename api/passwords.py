"""Passwords of persons: scrypt (RFC 7914), its parameters kept with each, compared without a clue in the time it takes.

- Kept is `$scrypt$ln=15,r=8,p=3$salt$hash`, base64 without padding: parameters can grow, and a login with older ones
  says so (`outdated`), so that the hash is made anew.
- A password has 12 to 256 characters and is brought to one spelling first (NFKC, NIST SP 800-63B 5.1.1.2), since
  keyboards write accents differently.
- An unknown name costs as much as a wrong password (`waste`).

    kept = hashed("una frase lunga", random);  matches("una frase lunga", kept)

docs/adr/0023-who-may-ask.md.
"""

import hmac
import re
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import scrypt

from schemas.errors import InputError

LEAST, MOST = 12, 256
# 32 MiB and three rounds: what OWASP gives as equal to N = 2^17 with one, at a quarter of the memory per login.
_LN, _R, _P = 15, 8, 3
_SALT, _HASH = 16, 32
_FORM = re.compile(r"\$scrypt\$ln=([0-9]{1,2}),r=([0-9]{1,2}),p=([0-9]{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)")


def check(password: str) -> None:
    """`InputError("password-length")` unless it may be somebody's password."""
    if not LEAST <= len(_spelled(password)) <= MOST:
        raise InputError("password-length", least=LEAST, most=MOST)


def hashed(password: str, random: Callable[[int], bytes]) -> str:
    """What is kept of a password; `InputError("password-length")`."""
    check(password)
    salt = random(_SALT)
    return f"$scrypt$ln={_LN},r={_R},p={_P}${_text(salt)}${_text(_scrypt(password, salt, _LN, _R, _P))}"


def matches(password: str, kept: str) -> bool:
    """Is this the password that was kept? One of a length that none has is not even hashed."""
    found = _FORM.fullmatch(kept)
    if found is None or len(password) > 4 * MOST:
        return False
    ln, r, p = (int(found[place]) for place in (1, 2, 3))
    return hmac.compare_digest(_scrypt(password, _bytes(found[4]), ln, r, p), _bytes(found[5]))


def outdated(kept: str) -> bool:
    """Was it hashed with other parameters than those of today?"""
    return not kept.startswith(f"$scrypt$ln={_LN},r={_R},p={_P}$")


def waste(password: str) -> None:
    """Take as long as `matches` does."""
    if len(password) <= 4 * MOST:
        _scrypt(password, bytes(_SALT), _LN, _R, _P)


def _scrypt(password: str, salt: bytes, ln: int, r: int, p: int) -> bytes:
    memory = 128 * r * (1 << ln) + 128 * r * p + (1 << 20)
    data = _spelled(password).encode("utf-8", "surrogatepass")
    return scrypt(data, salt=salt, n=1 << ln, r=r, p=p, maxmem=memory, dklen=_HASH)


def _spelled(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    return b64decode(text + "=" * (-len(text) % 4))
