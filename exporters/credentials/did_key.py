"""A public key as a DID that is nothing but the key (`did:key`): anybody's verifier has it without asking anybody.

- Ed25519 and P-256, the two that logs know. The one spelling of a key is its own: a compressed point, base58.
- The key says nothing of whose it is: that is for the log's standing to say, by the key's thumbprint.

    method(key)  ->  "did:key:zDn…#zDn…";  public_key(method(key)) == key

W3C CCG did:key; W3C Controlled Identifiers 1.0 section 2.2.2 (Multikey).
"""

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from ledger.keys.signature import Alg, PublicKey
from schemas.errors import InputError
from schemas.syntax import base58, base64url

_CODES: Mapping[Alg, bytes] = {"Ed25519": b"\xed\x01", "ES256": b"\x80\x24"}
_SIZES: Mapping[Alg, int] = {"Ed25519": 32, "ES256": 33}
_DID = "did:key:z"


def method(key: PublicKey) -> str:
    """The verification method: the DID and, as its fragment, the key again."""
    name = "z" + base58.encode(_CODES[key.alg] + _point(key))
    return f"did:key:{name}#{name}"


def public_key(method: str) -> PublicKey:
    """The key of a verification method.

    `InputError("did-key")` for anything but a key of such a kind, in its one spelling."""
    did, _, fragment = method.partition("#")
    if not did.startswith(_DID) or fragment != did.removeprefix("did:key:"):
        raise InputError("did-key", value=method[:120])
    raw = base58.decode(did.removeprefix(_DID))
    for alg, code in _CODES.items():
        if raw.startswith(code) and len(raw) == len(code) + _SIZES[alg]:
            return _key(alg, raw[len(code) :], method)
    raise InputError("did-key", value=method[:120])


def _point(key: PublicKey) -> bytes:
    """The key in the form that Multikey has: x with the sign of y before it, for P-256."""
    jwk = key.jwk
    x = base64url.decode(jwk["x"])
    return x if key.alg == "Ed25519" else bytes([2 + (base64url.decode(jwk["y"])[-1] & 1)]) + x


def _key(alg: Alg, raw: bytes, method: str) -> PublicKey:
    if alg == "Ed25519":
        return PublicKey.from_ed25519(raw)
    try:
        numbers = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw).public_numbers()
    except ValueError:
        raise InputError("did-key", value=method[:120]) from None
    x, y = (base64url.encode(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    return PublicKey.from_jwk({"kty": "EC", "crv": "P-256", "x": x, "y": y})
