"""Who signs: the protocol every kind of key keeps, and a key held in memory.

- A signer makes only signatures that `signature.py` admits: ES256 comes out as r || s with s <= n/2.
- ES256 nonces are those of RFC 6979, so a signature never depends on the randomness of the moment, and the same key
  and message always give the same entry.
- `from_seed` makes the keys of published vectors and of the demo. Whoever knows the seed has the key.

    signer = MemorySigner.generate("ES256")
    signer.public.verify(signer.sign(b"entry"), b"entry")
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.keys.signature import P256_ORDER, Alg, PublicKey
from schemas.errors import InputError
from schemas.syntax import base64url

PrivateKey = EllipticCurvePrivateKey | Ed25519PrivateKey


@cache
def _ecdsa() -> ECDSA:
    # Made when first signed with: who only verifies needs no library that can do this.
    return ECDSA(SHA256(), deterministic_signing=True)


class Signer(Protocol):
    """Anything that holds one private key: memory, a token, a phone's keystore."""

    @property
    def public(self) -> PublicKey:
        """The public half, with its kid."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature over `message`, admissible as `signature.py` says."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class MemorySigner:
    """A private key in this process's memory."""

    public: PublicKey
    private: PrivateKey

    def __repr__(self) -> str:
        """Only what is public: a private key must never reach a log by way of an error."""
        return f"MemorySigner({self.public.alg}, {self.public.kid})"

    @classmethod
    def generate(cls, alg: Alg = "ES256") -> "MemorySigner":
        """A new key from the operating system's randomness."""
        return cls.from_private(Ed25519PrivateKey.generate() if alg == "Ed25519" else generate_private_key(SECP256R1()))

    @classmethod
    def from_private(cls, private: object) -> "MemorySigner":
        """A key that `cryptography` already holds; `InputError("key-type")` unless P-256 or Ed25519."""
        if isinstance(private, Ed25519PrivateKey):
            raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            return cls(PublicKey.from_ed25519(raw), private)
        if isinstance(private, EllipticCurvePrivateKey) and isinstance(private.curve, SECP256R1):
            numbers = private.public_key().public_numbers()
            x, y = (base64url.encode(value.to_bytes(32, "big")) for value in (numbers.x, numbers.y))
            return cls(PublicKey.from_jwk({"kty": "EC", "crv": "P-256", "x": x, "y": y}), private)
        raise InputError("key-type", kty=type(private).__name__, crv="-")

    @classmethod
    def from_seed(cls, alg: Alg, seed: bytes) -> "MemorySigner":
        """The key of a seed, for vectors and the demo: SHA-256 of the seed is the private key (P-256: reduced)."""
        digest = sha256(b"filiera/seed\n" + alg.encode("ascii") + b"\n" + seed).digest()
        if alg == "Ed25519":
            return cls.from_private(Ed25519PrivateKey.from_private_bytes(digest))
        scalar = int.from_bytes(digest, "big") % (P256_ORDER - 1) + 1
        return cls.from_private(derive_private_key(scalar, SECP256R1()))

    def sign(self, message: bytes) -> bytes:
        """The admissible signature over `message`, always the same for the same message."""
        if isinstance(self.private, Ed25519PrivateKey):
            return self.private.sign(message)
        r, s = decode_dss_signature(self.private.sign(message, _ecdsa()))
        # (r, s) and (r, n - s) are signatures of one message: the smaller s is the one that counts.
        return r.to_bytes(32, "big") + min(s, P256_ORDER - s).to_bytes(32, "big")
