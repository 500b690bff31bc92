"""The snapshot that standing and completeness lean on: which one a bundle may use.

- It stands at index `at` of the log, its own body says size `at`, and the checkpoint ends with it (size `at` + 1):
  an older one would hide what the log says since, so with another nothing is shown (ARCHITECTURE.md 3.7).
- It is signed by a key introduced for the operator's role, by genesis or by the member that genesis makes operator.
"""

from ledger.registry.bodies import Genesis, Snapshot
from ledger.verify.account import Opinion
from ledger.verify.opened import Opened


def snapshot_at(opened: Opened, log: int, at: int, opinion: Opinion) -> Snapshot | None:
    """The snapshot at index `at`, or None with the opinion saying why it cannot be used."""
    size = opened.bundle.logs[log].size
    if at + 1 != size:
        opinion.miss("snapshot-not-at-checkpoint", at, at=at, size=size)
        return None
    shown = opened.at(log, at)
    if shown is None or not isinstance(shown.body, Snapshot):
        opinion.deny("snapshot-missing", at, at=at)
        return None
    introduction = opened.key(log, shown.kid)
    if introduction is None or introduction.role != "operator" or introduction.iss != _operator(opened, log):
        opinion.deny("snapshot-not-by-operator", at, role=introduction.role if introduction else "-")
        return None
    if shown.body.size != at:
        opinion.deny("snapshot-of-another-size", at, expected=at, found=shown.body.size)
        return None
    return shown.body


def _operator(opened: Opened, log: int) -> str | None:
    """The member that genesis makes operator."""
    first = opened.at(log, 0)
    return first.body.operator.iss if first is not None and isinstance(first.body, Genesis) else None
