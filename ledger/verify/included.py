"""`included`: every entry stands at its index in a log whose key was known before, under one signed head.

- The walk's nodes and the leaves shown give the root of the checkpoint; all nodes are used, in order, none is left.
- The checkpoint is of the origin and size the bundle names, and signed by the log's key.
- Entry 0 is the log's genesis: it names this origin and this key, and it is the leaf that the policy names.
- The last head seen of a log is kept to: where the walk gives the root at its size, it is that head's root. Where it
  does not, or the bundle is older, that is said, and no verdict changes.
- Of logs that follow one another each genesis names the one before, and the old head does not exceed what it names.
- For a log nobody made known all this is checked against the key the file itself names: then the bundle agrees with
  itself, and `included` is not shown.

RFC 6962 section 2.1, c2sp.org/tlog-checkpoint, ARCHITECTURE.md 3.6 and 3.7.
"""

from collections.abc import Mapping
from itertools import pairwise

from ledger.bundle import LogPart
from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.merkle import root_from_walk
from ledger.log.note import VerifierKey
from ledger.log.policy import KnownLog
from ledger.registry.bodies import Genesis
from ledger.verify.account import Opinion
from ledger.verify.heads import earlier_root
from ledger.verify.opened import Opened
from schemas.errors import EvidenceError, LedgerError

TRUST_COMMAND = "filiera trust add POLICY-FILE --fingerprint HEX"


def included(opened: Opened, known: Mapping[str, KnownLog]) -> Opinion:
    """The verdict over all logs of the bundle."""
    opinion = Opinion("included")
    heads = [_log(opened, number, known, opinion) for number in range(len(opened.bundle.logs))]
    for (older, newer), number in zip(pairwise(heads), range(1, len(heads)), strict=True):
        _chain(opened, older, newer, number, opinion)
    return opinion


def _log(opened: Opened, number: int, known: Mapping[str, KnownLog], opinion: Opinion) -> Checkpoint | None:
    part = opened.bundle.logs[number]
    trusted = known.get(part.origin)
    try:
        vkey = VerifierKey.parse(part.vkey)
        if trusted is not None and vkey != trusted.vkey:
            expected, found = trusted.vkey.fingerprint, vkey.fingerprint
            raise EvidenceError("other-log-key", origin=part.origin, expected=expected, found=found)
        head = _head(part, vkey)
        leaves = {shown.index: shown.leaf for shown in opened.entries if shown.log == number}
        _check_root(part, root_from_walk(part.size, leaves, part.nodes), head)
    except LedgerError as error:
        opinion.refuse(error)
        return None
    _genesis(opened, number, trusted, vkey, opinion)
    if trusted is None:
        opinion.miss("unknown-log", origin=part.origin, fingerprint=vkey.fingerprint, command=TRUST_COMMAND)
    else:
        _against_last(part, leaves, head, trusted.last, opinion)
    return head


def _head(part: LogPart, vkey: VerifierKey) -> Checkpoint:
    head = open_checkpoint(part.checkpoint.encode("utf-8"), vkey)
    if head.origin != part.origin:
        raise EvidenceError("checkpoint-origin", origin=head.origin)
    if head.size != part.size:
        raise EvidenceError("checkpoint-size", expected=part.size, found=head.size)
    return head


def _check_root(part: LogPart, found: bytes, head: Checkpoint) -> None:
    if found != head.root:
        raise EvidenceError("bundle-root", origin=part.origin, size=part.size)


def _genesis(opened: Opened, number: int, trusted: KnownLog | None, vkey: VerifierKey, opinion: Opinion) -> None:
    first = opened.at(number, 0)
    origin = opened.bundle.logs[number].origin
    if first is None or not isinstance(first.body, Genesis):
        opinion.deny("genesis-not-shown", 0, origin=origin)
        return
    if first.body.origin != origin or first.body.log_key != vkey.key.raw:
        opinion.deny("genesis-of-another-log", 0, origin=origin)
    if trusted is not None and first.leaf != trusted.genesis:
        opinion.deny("other-genesis", 0, origin=origin)


def _against_last(
    part: LogPart, leaves: Mapping[int, bytes], head: Checkpoint, last: Checkpoint | None, opinion: Opinion
) -> None:
    if last is None or last.size == 0:
        return
    if head.size < last.size:
        opinion.note("older-than-known", size=head.size, known=last.size)
        return
    before = earlier_root(part.size, leaves, part.nodes, last.size)
    if before is None:
        opinion.note("newer-than-known", size=head.size, known=last.size)
    elif before != last.root:
        code = "two-roots" if head.size == last.size else "history-rewritten"
        opinion.deny(code, origin=head.origin, size=last.size)


def _chain(opened: Opened, older: Checkpoint | None, newer: Checkpoint | None, number: int, opinion: Opinion) -> None:
    first = opened.at(number, 0)
    if older is None or newer is None or first is None or not isinstance(first.body, Genesis):
        return
    named = first.body.predecessor
    if named is None or named.origin != older.origin:
        opinion.deny("not-the-predecessor", 0, origin=newer.origin, predecessor=older.origin)
    elif older.size > named.size or (older.size == named.size and older.root != named.root):
        opinion.deny("predecessor-differs", 0, origin=newer.origin, predecessor=older.origin)
