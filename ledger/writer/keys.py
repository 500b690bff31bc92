"""Keys that we make, and what is said of them: fresh keys in the keyring, member ids, profiles, the body of `key add`.

    signer = new_key(keyring, "device", iss)
    body = add_body(signer, origin, iss, "device")

ARCHITECTURE.md 3.3, 3.9.
"""

import uuid
from collections.abc import Callable
from typing import Any

from ledger.keys.keyring import Keyring
from ledger.keys.signature import Alg
from ledger.keys.signer import MemorySigner
from ledger.writer.offers import make_offer
from schemas.errors import InputError
from schemas.gs1.check_digit import is_digits, verify_check_digit

Random = Callable[[int], bytes]


def check_gln(gln: str | None) -> None:
    """`InputError` (`gln-wrong`, `wrong-check-digit`) unless 13 digits with a right check digit  (GS1 7.9)."""
    if gln is None:
        return
    if not is_digits(gln) or len(gln) != 13:
        raise InputError("gln-wrong", value=gln[:40])
    verify_check_digit(gln)


def profile(name: str, gln: str | None, prefixes: tuple[str, ...] = ()) -> dict[str, Any]:
    """A member's profile: name, and GLN and company prefixes where it has them."""
    said: dict[str, Any] = {"name": name}
    if gln is not None:
        said["gln"] = gln
    if prefixes:
        said["companyPrefixes"] = list(prefixes)
    return said


def new_member(random: Random) -> str:
    """A member's id for life, the same on every log: a version 4 UUID."""
    return uuid.UUID(bytes=random(16), version=4).urn


def new_key(keyring: Keyring, role: str, iss: str, *, alg: Alg = "ES256", name: str = "") -> MemorySigner:
    """A fresh key, already in the keyring."""
    signer = MemorySigner.generate(alg)
    keyring.add(signer, role, iss, name or role)
    return signer


def add_body(signer: MemorySigner, origin: str, iss: str, role: str, next_kid: str | None = None) -> dict[str, Any]:
    """The body of `key` op `add` for a key of ours."""
    offer = make_offer(signer, origin=origin, iss=iss, role=role, next_kid=next_kid).body()
    del offer["iss"]
    return {"op": "add", "kid": signer.public.kid, "role": role, **offer}
