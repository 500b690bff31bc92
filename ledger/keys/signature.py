"""What a signature must be to count: ES256 and Ed25519, one spelling per signature (ARCHITECTURE.md 3.2).

A signature that somebody else can respell makes a twin of an entry: the same statement with another leaf hash. So:

- ES256 (RFC 7518 section 3.4) is the 64 bytes r || s with 1 <= r < n and 1 <= s <= n/2: signers normalise, we refuse.
- Ed25519 (RFC 8032 section 5.1.7) needs S < L, and A and R canonical and not of small order.
- `kid` is the RFC 7638 SHA-256 thumbprint of the public key, so a name cannot point to two keys.
- A check returns nothing or raises `EvidenceError`.

    key = PublicKey.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": "…"})
    key.verify(signature, message)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from schemas.errors import EvidenceError, InputError
from schemas.syntax import base64url

Alg = Literal["ES256", "Ed25519"]
SIGNATURE_SIZE = 64

# SEC 2 section 2.4.2 (order and field of P-256); RFC 8032 section 5.1 (field and order of edwards25519).
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_P256_FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1
_N = P256_ORDER.to_bytes(32, "big")
_HALF_N = (P256_ORDER // 2).to_bytes(32, "big")
_ZERO = bytes(32)
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_Y_MASK = 2**255 - 1
_D = -121665 * pow(121666, -1, _P) % _P
# The y coordinates of the eight points of small order: of orders 4, 1, 2 and 8; the last solve d y^4 + 2 y^2 = 1.
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER_Y = frozenset({0, 1, _P - 1, _ORDER_8, _P - _ORDER_8})
_ECDSA = ECDSA(SHA256())
# SEQUENCE and INTEGER before an r of 32 bytes, and of 33 where its first bit would make it negative; the same of s.
_DER, _DER_LONG, _DER_S = b"\x30\x44\x02\x20", b"\x30\x45\x02\x21\x00", b"\x02\x20"

_MEMBERS = {"EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x")}
_CURVES = {"EC": "P-256", "OKP": "Ed25519"}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that may check entries; made by `from_jwk` or `from_ed25519`, never field by field."""

    alg: Alg
    kid: str
    jwk: dict[str, str] = field(hash=False)
    _verify: Callable[[bytes, bytes], None] = field(compare=False, hash=False, repr=False)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, object]) -> "PublicKey":
        """The key of a JWK that holds exactly the required members (RFC 7638 section 3.2).

        `InputError`: `key-members`, `key-type`, `base64url`, `key-not-on-curve`, `key-small-order`.
        """
        kty = jwk.get("kty")
        members = _MEMBERS.get(kty) if isinstance(kty, str) else None
        if members is None or jwk.get("crv") != _CURVES[str(kty)]:
            raise InputError("key-type", kty=str(kty)[:40], crv=str(jwk.get("crv"))[:40])
        if sorted(jwk) != list(members) or not all(isinstance(value, str) for value in jwk.values()):
            raise InputError("key-members", expected=", ".join(members))
        return _load(str(kty), str(jwk["x"]), str(jwk.get("y", "")))

    @classmethod
    def from_ed25519(cls, raw: bytes) -> "PublicKey":
        """The Ed25519 key of 32 raw bytes, as log keys and witnesses write it."""
        return _load("OKP", base64url.encode(raw), "")

    @property
    def raw(self) -> bytes:
        """The public key's bytes: 32 for Ed25519; x || y, 64, for ES256."""
        return base64url.decode(self.jwk["x"]) + base64url.decode(self.jwk.get("y", ""))

    def verify(self, signature: bytes, message: bytes) -> None:
        """`EvidenceError` unless `signature` is the admissible signature of this key over `message`.

        Codes: `signature-length`, `signature-range`, `signature-high-s`, `signature-small-order`, `signature-wrong`.
        """
        self._verify(signature, message)


@lru_cache(maxsize=4096)
def _load(kty: str, x: str, y: str) -> PublicKey:
    x_bytes = _coordinate(x, "x")
    if kty == "OKP":
        jwk = {"crv": "Ed25519", "kty": "OKP", "x": x}
        return PublicKey("Ed25519", _thumbprint(jwk), jwk, _ed25519(x_bytes))
    jwk = {"crv": "P-256", "kty": "EC", "x": x, "y": y}
    return PublicKey("ES256", _thumbprint(jwk), jwk, _es256(x_bytes, _coordinate(y, "y")))


def _coordinate(text: str, member: str) -> bytes:
    value = base64url.decode(text, member=member)
    if len(value) != 32:
        raise InputError("key-length", member=member, length=len(value))
    return value


def _thumbprint(jwk: Mapping[str, str]) -> str:
    # RFC 7638 section 3.3: members in order, no white space; base64url needs no escape.
    text = ",".join(f'"{name}":"{jwk[name]}"' for name in sorted(jwk))
    return base64url.encode(sha256(f"{{{text}}}".encode("ascii")).digest())


def _es256(x: bytes, y: bytes) -> Callable[[bytes, bytes], None]:
    point = int.from_bytes(x, "big"), int.from_bytes(y, "big")
    # The library takes coordinates modulo the field, which would give one key two names.
    if max(point) >= _P256_FIELD:
        raise InputError("key-not-on-curve", curve="P-256")
    numbers = EllipticCurvePublicNumbers(*point, SECP256R1())
    try:
        key = numbers.public_key()
    except ValueError:
        raise InputError("key-not-on-curve", curve="P-256") from None
    return lambda signature, message: _verify_es256(key, signature, message)


def _verify_es256(key: EllipticCurvePublicKey, signature: bytes, message: bytes) -> None:
    try:
        key.verify(es256_der(signature), message, _ECDSA)
    except InvalidSignature:
        raise EvidenceError("signature-wrong", alg="ES256") from None


def es256_der(signature: bytes) -> bytes:
    """The DER form of an admissible r || s, which `cryptography` asks for; `EvidenceError` where it is not.

    Both halves are compared as bytes: of equal length, they order as the numbers do.
    """
    if len(signature) != SIGNATURE_SIZE:
        raise EvidenceError("signature-length", alg="ES256", length=len(signature))
    r, s = signature[:32], signature[32:]
    if not _ZERO < r < _N or not _ZERO < s < _N:
        raise EvidenceError("signature-range", alg="ES256")
    if s > _HALF_N:
        raise EvidenceError("signature-high-s", alg="ES256")
    if r[0] and s[0]:  # s is at most half of the order, so its first bit is never set: nearly always.
        return (_DER_LONG if r[0] > 127 else _DER) + r + _DER_S + s
    r, s = r.lstrip(b"\0"), s.lstrip(b"\0")
    if r[0] > 127:
        r = b"\0" + r
    if s[0] > 127:
        s = b"\0" + s
    return b"\x30%c\x02%c%b\x02%c%b" % (4 + len(r) + len(s), len(r), r, len(s), s)


def _ed25519(raw: bytes) -> Callable[[bytes, bytes], None]:
    _check_point(raw)
    key = Ed25519PublicKey.from_public_bytes(raw)
    return lambda signature, message: _verify_ed25519(key, signature, message)


def _check_point(raw: bytes) -> None:
    """A is the canonical encoding of a point of the curve, not of small order (RFC 8032 section 5.1.3)."""
    y = int.from_bytes(raw, "little") & _Y_MASK
    if y >= _P or not _on_curve(y):
        raise InputError("key-not-on-curve", curve="Ed25519")
    if y in _SMALL_ORDER_Y:
        raise InputError("key-small-order")


def _on_curve(y: int) -> bool:
    # x^2 = (y^2 - 1) / (d y^2 + 1) must be a square; Euler's criterion tells.
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    return pow(u * v % _P, (_P - 1) // 2, _P) in (0, 1)


def _verify_ed25519(key: Ed25519PublicKey, signature: bytes, message: bytes) -> None:
    if len(signature) != SIGNATURE_SIZE:
        raise EvidenceError("signature-length", alg="Ed25519", length=len(signature))
    y = int.from_bytes(signature[:32], "little") & _Y_MASK
    if y >= _P or int.from_bytes(signature[32:], "little") >= _L:
        raise EvidenceError("signature-range", alg="Ed25519")
    if y in _SMALL_ORDER_Y:
        raise EvidenceError("signature-small-order")
    try:
        key.verify(signature, message)
    except InvalidSignature:
        raise EvidenceError("signature-wrong", alg="Ed25519") from None


def pop_message(origin: str, iss: str, kid: str, role: str, next_: str | None) -> bytes:
    """What a key signs to prove that its holder asks for this place (ARCHITECTURE.md 3.3).

    `InputError("pop-line")` where a part holds a line end, which would let one text be read as another.
    """
    parts = ("filiera/pop", origin, iss, kid, role, next_ or "-")
    if any("\n" in part for part in parts):
        raise InputError("pop-line")
    return ("\n".join(parts) + "\n").encode("utf-8")


def verify_pop(key: PublicKey, pop: bytes, *, origin: str, iss: str, role: str, next_: str | None) -> None:
    """`EvidenceError("pop-wrong")` unless `pop` is this key's proof of possession for the place named."""
    try:
        key.verify(pop, pop_message(origin, iss, key.kid, role, next_))
    except EvidenceError as error:
        raise EvidenceError("pop-wrong", kid=key.kid, role=role, problem=error.code) from None
