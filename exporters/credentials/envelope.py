"""A credential in an envelope: a JWT of type `vc+jwt`, whose claims are the credential itself.

- The header says algorithm, type, content and key, and nothing else; the key is a `did:key`.
- Read strictly: three parts, one spelling each, no member twice.

    text = seal({"@context": […], …}, signer);  opened(text).key.kid

W3C Securing Verifiable Credentials using JOSE and COSE section 3.1; RFC 7515; RFC 9864 (`Ed25519`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exporters.credentials.did_key import method, public_key
from ledger.keys.signature import PublicKey
from ledger.keys.signer import Signer
from schemas.errors import InputError
from schemas.syntax import base64url, json_text

TYPE = "vc+jwt"
_MEMBERS = frozenset({"alg", "cty", "kid", "typ"})


@dataclass(frozen=True, slots=True)
class Opened:
    """An envelope taken apart: the key it names, its claims, what is signed, and the signature. Not checked yet."""

    key: PublicKey
    claims: Mapping[str, Any]
    message: bytes
    signature: bytes

    def check(self) -> PublicKey:
        """The key; `EvidenceError` unless the signature is this key's over these claims."""
        self.key.verify(self.signature, self.message)
        return self.key


def seal(claims: Mapping[str, Any], signer: Signer) -> bytes:
    """The compact form, in ASCII."""
    header = {"alg": signer.public.alg, "cty": "vc", "kid": method(signer.public), "typ": TYPE}
    parts = (base64url.encode(json_text.write(dict(part))) for part in (header, claims))
    message = ".".join(parts).encode("ascii")
    return message + b"." + base64url.encode(signer.sign(message)).encode("ascii")


def is_envelope(data: bytes) -> bool:
    """Whether the bytes begin as the header of such a JWT does, and have its three parts."""
    try:
        return bool(_header(data)["typ"] == TYPE)
    except (InputError, KeyError):
        return False


def opened(data: bytes) -> Opened:
    """The envelope; `InputError` (`credential-envelope`, `did-key`, and what strict JSON refuses)."""
    header = _header(data)
    if set(header) != _MEMBERS or (header["typ"], header["cty"]) != (TYPE, "vc") or not isinstance(header["kid"], str):
        raise InputError("credential-envelope", part="header")
    key = public_key(header["kid"])
    if header["alg"] != key.alg:
        raise InputError("credential-envelope", part="alg")
    message, _, signature = data.strip().rpartition(b".")
    claims = json_text.read(_part(message.partition(b".")[2]))
    if not isinstance(claims, dict):
        raise InputError("credential-envelope", part="claims")
    return Opened(key, claims, message, _part(signature))


def _header(data: bytes) -> dict[str, Any]:
    text = data.strip()
    if text.count(b".") != 2:
        raise InputError("credential-envelope", part="parts")
    header = json_text.read(_part(text.partition(b".")[0]))
    if not isinstance(header, dict):
        raise InputError("credential-envelope", part="header")
    return header


def _part(text: bytes) -> bytes:
    try:
        return base64url.decode(text.decode("ascii"))
    except UnicodeDecodeError:
        raise InputError("credential-envelope", part="base64url") from None
