"""Entries that came signed, put into a turn one by one: each has its own answer, none blocks another.

- The answer of an entry is its index, or the error that refused it.
- An entry that is logged already is answered with the index it has.
- A fork is refused, kept as evidence, and the operator's `evidence` entry says so in the log (3.4, 3.5).

    outcomes = log_signed(turn, candidates, evidence=keep_fork)
"""

from collections.abc import Callable, Sequence

from ledger.writer.admission import Candidate, Fork, Logged, admit
from ledger.writer.turn import Turn
from schemas.errors import LedgerError

Outcome = int | LedgerError


def log_signed(
    turn: Turn, candidates: Sequence[Candidate | LedgerError], keep_fork: Callable[[Turn, Fork], None]
) -> list[Outcome]:
    """Append what may be appended, in the order given; one outcome each."""
    return [
        candidate if isinstance(candidate, LedgerError) else _one(turn, candidate, keep_fork)
        for candidate in candidates
    ]


def _one(turn: Turn, candidate: Candidate, keep_fork: Callable[[Turn, Fork], None]) -> Outcome:
    try:
        tags = admit(candidate, turn)
    except Logged as logged:
        return logged.index
    except Fork as fork:
        keep_fork(turn, fork)
        return fork
    except LedgerError as error:
        return error
    return turn.append(candidate.entry, tags, candidate.derived, (candidate.wire, candidate.digests))
