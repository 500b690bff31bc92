"""`witnessed`: enough independent witnesses saw each checkpoint, by the known log's own policy.

- Witnesses and quorum come from the policy, never from the bundle; cosignatures of others are ignored.
- A cosignature that bears a known witness's name and key and does not verify makes the verdict `no`.
- Too few cosignatures, a policy without a quorum, or an unknown log: not shown. A policy with a quorum demands the
  verdict, so that a bundle without it is not valid by silence.

c2sp.org/tlog-cosignature, c2sp.org/tlog-policy.
"""

from collections.abc import Mapping

from ledger.bundle import LogPart
from ledger.log import note as notes
from ledger.log.policy import KnownLog
from ledger.verify.account import Opinion
from ledger.verify.opened import Opened
from schemas.errors import EvidenceError, LedgerError


def witnessed(opened: Opened, known: Mapping[str, KnownLog]) -> Opinion:
    """The verdict over the checkpoints of all logs of the bundle."""
    opinion = Opinion("witnessed")
    for part in opened.bundle.logs:
        trusted = known.get(part.origin)
        if trusted is None:
            opinion.miss("witnesses-unknown", origin=part.origin)
        elif trusted.policy.quorum is None:
            opinion.miss("no-quorum", origin=part.origin)
        else:
            _quorum(part, trusted, opinion)
    return opinion


def demands_witnesses(opened: Opened, known: Mapping[str, KnownLog]) -> bool:
    """Whether the policy of a log of the bundle sets a quorum."""
    logs = [known.get(part.origin) for part in opened.bundle.logs]
    return any(log is not None and log.policy.quorum is not None for log in logs)


def _quorum(part: LogPart, trusted: KnownLog, opinion: Opinion) -> None:
    try:
        note = notes.parse(part.checkpoint.encode("utf-8"))
        cosigned = trusted.policy.cosigned(note)
    except LedgerError as error:
        opinion.refuse(error)
        return
    try:
        trusted.policy.verify_quorum(note)
    except EvidenceError as error:
        opinion.miss(error.code, **error.context)
        return
    for name, time in sorted(cosigned.items()):
        opinion.note("cosigned", witness=name, time=time)
