"""A log whose key somebody decided to trust: what verification is told from outside, never by the file it checks.

- The key, the genesis leaf and the witness policy come from a policy file (tlog-policy text with a line
  `# filiera-genesis <leaf hash>`), handed in or kept among the user's known logs (ARCHITECTURE.md 3.6).
- `last` is the newest checkpoint of that log seen before: a history that contradicts it was rewritten.
- One policy names one log.

    known = {log.origin: log for log in [known_log(policy)]}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ledger.log.checkpoint import Checkpoint
from ledger.log.note import VerifierKey
from ledger.log.policy import Policy


@dataclass(frozen=True, slots=True)
class KnownLog:
    """One trusted log: origin, key, genesis leaf hash (32 bytes), witness policy, last checkpoint seen if any."""

    origin: str
    vkey: VerifierKey
    genesis: bytes
    policy: Policy
    last: Checkpoint | None = None


KnownLogs: TypeAlias = Mapping[str, KnownLog]
"""Known logs by origin."""
