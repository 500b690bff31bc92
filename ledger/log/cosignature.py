"""Cosignatures (c2sp.org/tlog-cosignature, Ed25519, v1): a witness saw this head, and the log only grew.

- The signature is a 64-bit time in seconds and an Ed25519 signature over "cosignature/v1", that time and the whole
  note text, so a cosignature for one head or time says nothing for another.
- The time is the witness's own clock; nothing here trusts it, callers may show it.

    line = cosign(note, "witness.example/w1", signer, timestamp=1679315147)
    cosigned_at(note.adding([line]), vkey)  ->  1679315147
"""

from ledger.keys.signer import Signer
from ledger.log.note import COSIGNATURE_V1, Note, NoteSignature, VerifierKey, check_name, key_id
from schemas.errors import EvidenceError, InputError

_TIME_SIZE = 8
MAX_TIMESTAMP = 2**63 - 1


def message(timestamp: int, text: bytes) -> bytes:
    """What a v1 cosignature signs: two lines of header, then the note text."""
    return b"cosignature/v1\ntime %d\n%b" % (timestamp, text)


def cosign(note: Note, name: str, signer: Signer, timestamp: int) -> NoteSignature:
    """The signature line of the witness `name` at `timestamp` (seconds since 1970)."""
    check_name(name)
    if not 0 <= timestamp <= MAX_TIMESTAMP:
        raise InputError("cosignature-time", timestamp=timestamp)
    signature = signer.sign(message(timestamp, note.text))
    identifier = key_id(name, COSIGNATURE_V1, signer.public.raw)
    return NoteSignature(name, identifier, timestamp.to_bytes(_TIME_SIZE, "big") + signature)


def cosigned_at(note: Note, vkey: VerifierKey) -> int | None:
    """When this witness cosigned the note (its newest time, seconds since 1970), None if it did not.

    `EvidenceError("cosignature-wrong")` where a line bears the witness's name and key ID and does not verify.
    """
    if vkey.type != COSIGNATURE_V1:
        raise InputError("vkey-type", name=vkey.name, type=f"{vkey.type:02x}")
    return max((_verify(note, vkey, line.signature) for line in note.signed_by(vkey)), default=None)


def _verify(note: Note, vkey: VerifierKey, signature: bytes) -> int:
    timestamp = int.from_bytes(signature[:_TIME_SIZE], "big")
    if timestamp > MAX_TIMESTAMP:
        raise EvidenceError("cosignature-wrong", name=vkey.name, problem="time")
    try:
        vkey.key.verify(signature[_TIME_SIZE:], message(timestamp, note.text))
    except EvidenceError as error:
        raise EvidenceError("cosignature-wrong", name=vkey.name, problem=error.code) from None
    return timestamp
