"""Checkpoints (c2sp.org/tlog-checkpoint): a log's size and root, signed as a note.

- Origin, size in decimal without leading zeroes, root in base64: three lines. We write no extension lines; those of
  other logs are kept and mean nothing to us.
- A checkpoint counts only under a key that was known before, and the origin must be that key's name.

    opened = open_checkpoint(data, vkey)
    opened.size, opened.root
"""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from ledger.keys.signer import Signer
from ledger.log import note as notes
from ledger.log.merkle import HASH_SIZE
from ledger.log.note import Note, VerifierKey
from schemas.errors import EvidenceError, InputError

MAX_SIZE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: `size` leaves with `root` (32 bytes) in the log named `origin`."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> bytes:
        """The note text, its last newline included: what the log signs."""
        root = b64encode(self.root).decode("ascii")
        lines = (self.origin, str(self.size), root, *self.extensions)
        return "".join(line + "\n" for line in lines).encode("utf-8")


def parse_text(text: bytes) -> Checkpoint:
    """The checkpoint in a note text; `InputError("checkpoint")` with what is wrong."""
    try:
        lines = text.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise InputError("checkpoint", problem="not UTF-8") from None
    if lines.pop() or len(lines) < 3 or not all(lines):
        raise InputError("checkpoint", problem="lines")
    origin, size, encoded, *extensions = lines
    root = notes.read_base64(encoded, "checkpoint")
    if len(root) != HASH_SIZE:
        raise InputError("checkpoint", problem="root")
    return Checkpoint(origin, _size(size), root, tuple(extensions))


def _size(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or (text[0] == "0" and text != "0"):
        raise InputError("checkpoint", problem="size")
    if int(text) > MAX_SIZE:
        raise InputError("checkpoint", problem="size")
    return int(text)


def parse(data: bytes) -> tuple[Checkpoint, Note]:
    """Checkpoint and note as they are written, nothing verified: for display, and to find out which log it is."""
    note = notes.parse(data)
    return parse_text(note.text), note


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """The note of a checkpoint signed by its log's Ed25519 key, named by the origin."""
    text = checkpoint.text()
    return Note(text, (notes.sign(text, checkpoint.origin, signer),)).write()


def open_checkpoint(data: bytes, vkey: VerifierKey) -> Checkpoint:
    """The checkpoint in `data`, signed by the log with this key.

    `InputError` where it is no checkpoint; `EvidenceError`: `checkpoint-origin`, `note-unsigned`, `note-signature`.
    """
    return open_any(data, (vkey,))


def open_any(data: bytes, vkeys: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint in `data`, signed by the one of these logs whose name is its origin; raises the same."""
    checkpoint, note = parse(data)
    keys = [vkey for vkey in vkeys if vkey.name == checkpoint.origin]
    if not keys:
        raise EvidenceError("checkpoint-origin", origin=checkpoint.origin)
    notes.verify(note, keys)
    return checkpoint
