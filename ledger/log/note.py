"""Signed notes (c2sp.org/signed-note): a text, and signature lines of named keys under it.

- A note is UTF-8 without control characters but newline; its text ends in a newline and is cut from the signatures
  at the last empty line; at least one signature, at most 100.
- A key is known by name and key ID together. Signatures of unknown keys are ignored; one of a known key that does
  not verify spoils the whole note; a note without any known key proves nothing.
- Base64 has one spelling, so that a note has one too. We read the types 0x01 (Ed25519) and 0x04 (cosignature).

    key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    verify(parse(data), [key])
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from ledger.keys.signature import PublicKey
from ledger.keys.signer import Signer
from schemas.errors import EvidenceError, InputError

ED25519 = 0x01
COSIGNATURE_V1 = 0x04
MAX_SIGNATURES = 100
MAX_BYTES = 1 << 20
_DASH = "\N{EM DASH} "


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A vkey: a public key with the name and the signature type it is good for."""

    name: str
    type: int
    key: PublicKey

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """`name+hash+base64`, hash and material agreeing; `InputError("vkey")` says what is wrong, `vkey-type`."""
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise InputError("vkey", problem="parts")
        name, identifier, material = parts
        check_name(name)
        raw = read_base64(material, "vkey")
        if raw[:1] not in (b"\x01", b"\x04"):
            raise InputError("vkey-type", name=name, type=raw[:1].hex())
        if len(raw) != 33:
            raise InputError("vkey", problem="length")
        vkey = cls(name, raw[0], PublicKey.from_ed25519(raw[1:]))
        if vkey.id.hex() != identifier:
            raise InputError("vkey", problem="id")
        return vkey

    @classmethod
    def of_log(cls, origin: str, raw: bytes) -> "VerifierKey":
        """The vkey of a log: its origin and its 32 raw Ed25519 bytes."""
        check_name(origin)
        return cls(origin, ED25519, PublicKey.from_ed25519(raw))

    @property
    def id(self) -> bytes:
        """The key ID, 4 bytes: SHA-256(name, newline, type, key), its beginning."""
        return key_id(self.name, self.type, self.key.raw)

    @property
    def fingerprint(self) -> str:
        """Hex SHA-256 of the raw key: what people compare (ARCHITECTURE.md 3.6)."""
        return sha256(self.key.raw).hexdigest()

    def __str__(self) -> str:
        """The vkey as text."""
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.type]) + self.key.raw).decode('ascii')}"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: who, with which key, and the signature's bytes after the key ID."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """The line as it stands in the note, without its newline."""
        return f"{_DASH}{self.name} {b64encode(self.key_id + self.signature).decode('ascii')}"


@dataclass(frozen=True, slots=True)
class Note:
    """A parsed note. `text` ends in a newline and is what most types of signature sign."""

    text: bytes
    signatures: tuple[NoteSignature, ...]

    def write(self) -> bytes:
        """The note's bytes; what was parsed comes back unchanged."""
        lines = "".join(signature.line() + "\n" for signature in self.signatures)
        return self.text + b"\n" + lines.encode("utf-8")

    def signed_by(self, vkey: VerifierKey) -> tuple[NoteSignature, ...]:
        """The signatures whose name and key ID are those of `vkey`: claimed, not yet checked."""
        return tuple(s for s in self.signatures if s.name == vkey.name and s.key_id == vkey.id)

    def adding(self, signatures: Iterable[NoteSignature]) -> "Note":
        """The note with more signatures after its own; one already there is not repeated."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *signatures))))


def key_id(name: str, type_: int, raw: bytes) -> bytes:
    """The 4 bytes that name a key together with its name."""
    return sha256(name.encode("utf-8") + b"\n" + bytes([type_]) + raw).digest()[:4]


def check_name(name: str) -> None:
    """`InputError("key-name")` unless `name` is non-empty, without Unicode spaces, plus or control characters."""
    if not name or any(c.isspace() or c == "+" or c < " " or "\ud800" <= c <= "\udfff" for c in name):
        raise InputError("key-name", name=name[:80])


def parse(data: bytes) -> Note:
    """The note in `data`; `InputError("note")` with what is wrong."""
    if len(data) > MAX_BYTES:
        raise InputError("note", problem="too long")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("note", problem="not UTF-8") from None
    if any(byte < 0x20 and byte != 0x0A for byte in set(data)):
        raise InputError("note", problem="control character")
    text, found, lines = whole.rpartition("\n\n")
    if not found or not lines.endswith("\n"):
        raise InputError("note", problem="no signatures")
    signatures = lines[:-1].split("\n")
    if len(signatures) > MAX_SIGNATURES:
        raise InputError("note", problem="too many signatures")
    return Note((text + "\n").encode("utf-8"), tuple(map(_signature, signatures)))


def _signature(line: str) -> NoteSignature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise InputError("note", problem="signature line")
    check_name(name)
    raw = read_base64(encoded, "note")
    if len(raw) < 5:
        raise InputError("note", problem="signature too short")
    return NoteSignature(name, raw[:4], raw[4:])


def read_base64(text: str, code: str) -> bytes:
    """Standard base64 with padding in its one spelling; `InputError(code)` otherwise."""
    try:
        raw = b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise InputError(code, problem="base64") from None
    if b64encode(raw).decode("ascii") != text:
        raise InputError(code, problem="base64")
    return raw


def sign(text: bytes, name: str, signer: Signer) -> NoteSignature:
    """The Ed25519 (0x01) signature line of `name` under `text`."""
    check_name(name)
    return NoteSignature(name, key_id(name, ED25519, signer.public.raw), signer.sign(text))


def verify(note: Note, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
    """The keys (type 0x01) that signed the note, at least one.

    `EvidenceError`: `note-signature` where a known key's signature is wrong, `note-unsigned` where there is none.
    """
    signed = []
    for vkey in keys:
        claimed = note.signed_by(vkey) if vkey.type == ED25519 else ()
        for signature in claimed:
            _verify_one(vkey, signature, note.text)
        if claimed:
            signed.append(vkey)
    if not signed:
        raise EvidenceError("note-unsigned")
    return tuple(signed)


def _verify_one(vkey: VerifierKey, signature: NoteSignature, message: bytes) -> None:
    try:
        vkey.key.verify(signature.signature, message)
    except EvidenceError as error:
        raise EvidenceError("note-signature", name=vkey.name, problem=error.code) from None
