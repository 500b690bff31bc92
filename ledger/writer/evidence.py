"""What the writer does when it is shown two things that cannot both be honest: keep both, and say so in the log.

- The file (`ledger.evidence_file`) is durable before anything is said about it; the same evidence is kept once,
  and of one key one fork.
- The log's `evidence` entry, signed by the operator, holds its type and SHA-256 (ARCHITECTURE.md 3.3, 3.5): whoever
  later meets the file knows that the operator had it, and when.

    digest = keep_lane_fork(store, origin, jwk, earlier, later)
    body = evidence_body("lane-fork", digest)
"""

from collections.abc import Mapping

from ledger import evidence_file
from ledger.keys.signature import PublicKey
from ledger.store import evidence
from ledger.store.connection import Connection
from ledger.store.engine import Store
from schemas.syntax import base64url

LANE_FORK = "lane-fork"


def keep_lane_fork(store: Store, origin: str, jwk: Mapping[str, str], earlier: bytes, later: bytes) -> bytes:
    """Keep two JWTs of one key at one seq; the SHA-256 of the evidence file."""
    return evidence.keep(store, LANE_FORK, evidence_file.lane_fork(origin, jwk, earlier, later))


def fork_kept(connection: Connection, kid: str) -> bool:
    """Whether a fork of this key is kept already: one proves that it signs two things at one place."""
    documents = (evidence.get(connection, digest) for digest, kind in evidence.listing(connection) if kind == LANE_FORK)
    return any(PublicKey.from_jwk(evidence_file.parse(found).jwk or {}).kid == kid for found in documents if found)


def keep_log_fork(store: Store, origin: str, vkey: str, one: bytes, other: bytes) -> bytes:
    """Keep two signed checkpoints of one log, one size and two roots; the SHA-256 of the evidence file."""
    return evidence.keep(store, "log-fork", evidence_file.log_fork(origin, vkey, one, other))


def evidence_body(kind: str, digest: bytes) -> dict[str, str]:
    """The body of the `evidence` entry."""
    return {"type": kind, "sha256": base64url.encode(digest)}
