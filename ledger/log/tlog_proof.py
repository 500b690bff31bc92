"""Proofs of one entry (c2sp.org/tlog-proof): index, audit path and checkpoint in one text file.

- `extra` is the entry itself, our JWT; the format leaves it unauthenticated, so the caller hashes it and checks that
  hash with `verify`, or it means nothing.
- One spelling: base64 as written back, decimal without leading zeroes, nothing after the checkpoint.

    proof = parse(data)
    checkpoint = verify(proof, leaf_hash(proof.extra), vkey)
"""

from base64 import b64encode
from dataclasses import dataclass

from ledger.log.checkpoint import MAX_SIZE, Checkpoint, open_checkpoint
from ledger.log.merkle import HASH_SIZE, verify_inclusion
from ledger.log.note import VerifierKey, read_base64
from schemas.errors import InputError

MEDIA_EXTENSION = ".tlog-proof"
_FIRST = b"c2sp.org/tlog-proof@v1"
_MAX_PATH = 63


@dataclass(frozen=True, slots=True)
class TlogProof:
    """An entry's index, its path (32-byte hashes, leaf's sibling first) and the checkpoint note it leads to."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def write(self) -> bytes:
        """The proof as text."""
        extra = [b"extra " + b64encode(self.extra)] if self.extra is not None else []
        lines = [_FIRST, *extra, b"index %d" % self.index, *map(b64encode, self.path), b"", b""]
        return b"\n".join(lines) + self.checkpoint


def parse(data: bytes) -> TlogProof:
    """The proof in `data`, nothing verified; `InputError("tlog-proof")` with what is wrong."""
    head, found, checkpoint = data.partition(b"\n\n")
    lines = head.split(b"\n")
    if not found or lines.pop(0) != _FIRST:
        raise InputError("tlog-proof", problem="first line")
    extra = None
    if lines and lines[0].startswith(b"extra "):
        extra = _base64(lines.pop(0)[6:])
    if not lines or not lines[0].startswith(b"index "):
        raise InputError("tlog-proof", problem="index")
    index = _index(lines.pop(0)[6:])
    path = tuple(map(_base64, lines))
    if len(path) > _MAX_PATH or any(len(node) != HASH_SIZE for node in path):
        raise InputError("tlog-proof", problem="path")
    return TlogProof(index, path, checkpoint, extra)


def verify(proof: TlogProof, leaf: bytes, vkey: VerifierKey) -> Checkpoint:
    """The checkpoint that holds the leaf hash `leaf` at the proof's index.

    Raises what `open_checkpoint` and `verify_inclusion` raise.
    """
    checkpoint = open_checkpoint(proof.checkpoint, vkey)
    verify_inclusion(proof.index, checkpoint.size, leaf, proof.path, checkpoint.root)
    return checkpoint


def _index(text: bytes) -> int:
    if not text.isdigit() or len(text) > 19 or (text[:1] == b"0" and text != b"0") or int(text) > MAX_SIZE:
        raise InputError("tlog-proof", problem="index")
    return int(text)


def _base64(text: bytes) -> bytes:
    return read_base64(text.decode("utf-8", "replace"), "tlog-proof")
