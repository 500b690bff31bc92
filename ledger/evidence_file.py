"""Evidence of misconduct, `*.filiera-evidence.json`: two signed artefacts that cannot both be honest.

- `log-fork`: two checkpoints of one origin and size with two roots, both signed by the log's key.
- `lane-fork`: two entries (JWTs) of one key at one seq with two identities; `jwk` is the key, its thumbprint the kid.
- `refused-inclusion`: two tlog-proofs of the log that put different leaves at one index: what was promised, what is.
- RFC 8785 canonical; artefacts sorted as bytes, so the same evidence is the same file, whoever finds it.
- Like a bundle it names a key for display only: for the log's, a verifier believes its own list of known logs.

    data = log_fork(origin, vkey, one_note, other_note)
    parse(data).kind                       # "log-fork"

Format: docs/spec/bundle.md. Whether it proves anything is decided in `ledger.verify.evidence`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from ledger.fields import Fields
from schemas.errors import InputError
from schemas.syntax import json_text

FORMAT = "filiera-evidence/1"
MAX_BYTES = 1024 * 1024
Kind = Literal["log-fork", "lane-fork", "refused-inclusion"]
KINDS: tuple[Kind, ...] = ("log-fork", "lane-fork", "refused-inclusion")


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A parsed evidence file; `vkey` for what a log signed, `jwk` for what a member's key signed."""

    kind: Kind
    origin: str
    artefacts: tuple[str, str]
    vkey: str | None = None
    jwk: Mapping[str, str] | None = None


def looks_like_evidence(data: bytes) -> bool:
    """Whether the bytes claim to be an evidence file. A claim, for choosing a reader; never a verdict."""
    return b'"format":"filiera-evidence/' in data


def log_fork(origin: str, vkey: str, one: bytes, other: bytes) -> bytes:
    """The file for two signed checkpoints (UTF-8 notes) of one log."""
    return _write("log-fork", origin, one, other, {"vkey": vkey})


def lane_fork(origin: str, jwk: Mapping[str, str], one: bytes, other: bytes) -> bytes:
    """The file for two JWTs (ASCII) of one key at one seq."""
    return _write("lane-fork", origin, one, other, {"jwk": dict(jwk)})


def refused_inclusion(origin: str, vkey: str, one: bytes, other: bytes) -> bytes:
    """The file for two tlog-proofs (UTF-8) of different leaves at one index."""
    return _write("refused-inclusion", origin, one, other, {"vkey": vkey})


def digest(data: bytes) -> bytes:
    """SHA-256 of the file: what the log's `evidence` entry holds."""
    return sha256(data).digest()


def parse(data: bytes) -> EvidenceFile:
    """The evidence file these bytes are; `InputError` with a code of its own for everything that they must not be."""
    if len(data) > MAX_BYTES:
        raise InputError("evidence-too-large", limit=MAX_BYTES)
    tree = json_text.read_integers(data)
    item = Fields(tree, "", "evidence")
    if (found := item.text("format")) != FORMAT:
        raise InputError("evidence-format", expected=FORMAT, found=found[:40])
    kind = item.text("type")
    if kind not in KINDS:
        raise InputError("evidence-type", found=kind[:40])
    origin, artefacts = item.text("origin"), item.texts("artefacts")
    if len(artefacts) != 2 or not artefacts[0].encode() < artefacts[1].encode():
        raise InputError("evidence-artefacts")
    jwk = item.strings("jwk") if kind == "lane-fork" else None
    vkey = None if kind == "lane-fork" else item.text("vkey")
    item.done()
    if json_text.canonical(tree) != data:
        raise InputError("evidence-not-canonical")
    return EvidenceFile(kind, origin, (artefacts[0], artefacts[1]), vkey, jwk)


def _write(kind: Kind, origin: str, one: bytes, other: bytes, key: Mapping[str, Any]) -> bytes:
    artefacts = [text.decode("utf-8") for text in sorted((one, other))]
    return json_text.canonical({"format": FORMAT, "type": kind, "origin": origin, "artefacts": artefacts, **key})
