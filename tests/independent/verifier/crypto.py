"""Keys, and signatures of one spelling. From docs/spec/entry.md, section 1, and RFC 7518, 7638 and 8032."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.hashes import SHA256

from tests.independent.verifier.text import Refused, b64, canonical, need, unb64

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


@dataclass(frozen=True)
class Key:
    """A public key with its algorithm and its thumbprint."""

    alg: str
    kid: str
    raw: bytes
    public: Any

    def verify(self, signature: bytes, message: bytes) -> None:
        need(len(signature) == 64, "signature-length")
        try:
            if self.alg == "ES256":
                r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
                need(0 < r < ORDER and 0 < s < ORDER, "signature-range")
                need(s <= ORDER // 2, "signature-high-s")
                self.public.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
            else:
                y = _y(signature[:32])
                need(y < P and int.from_bytes(signature[32:], "little") < L, "signature-range")
                need(not _small(y), "signature-small-order")
                self.public.verify(signature, message)
        except InvalidSignature:
            raise Refused("signature-wrong") from None


def from_jwk(jwk: Any) -> Key:
    """The key of a JWK that holds exactly what RFC 7638 hashes."""
    need(isinstance(jwk, dict), "body-value")
    kind = (jwk.get("kty"), jwk.get("crv"))
    need(kind in (("EC", "P-256"), ("OKP", "Ed25519")), "key-type")
    names = {"crv", "kty", "x", "y"} if kind[0] == "EC" else {"crv", "kty", "x"}
    need(jwk.keys() == names and all(isinstance(value, str) for value in jwk.values()), "key-members")
    raw = b"".join(unb64(jwk[name], 32, "key-length") for name in ("x", "y") if name in names)
    return from_raw(raw, b64(sha256(canonical(jwk)).digest()))


def from_raw(raw: bytes, kid: str = "") -> Key:
    """The key of 32 bytes of Ed25519, or of the 64 of both P-256 coordinates."""
    if len(raw) == 32:
        y = _y(raw)
        need(y < P and _square((y * y - 1) * (D * y * y + 1)), "key-not-on-curve")
        need(not _small(y), "key-small-order")
        return Key("Ed25519", kid, raw, ed25519.Ed25519PublicKey.from_public_bytes(raw))
    point = (int.from_bytes(half, "big") for half in (raw[:32], raw[32:]))
    x, y = point
    need(x < FIELD and y < FIELD, "key-not-on-curve")
    try:
        return Key("ES256", kid, raw, ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key())
    except ValueError:
        raise Refused("key-not-on-curve") from None


def _y(raw: bytes) -> int:
    return int.from_bytes(raw, "little") % 2**255


def _square(value: int) -> bool:
    return pow(value, (P - 1) // 2, P) in (0, 1)


def _small(y: int) -> bool:
    """Of order 1, 2, 4 or 8: 8 is where d y^4 + 2 y^2 = 1."""
    return y % P in (0, 1, P - 1) or (D * pow(y, 4, P) + 2 * y * y - 1) % P == 0
