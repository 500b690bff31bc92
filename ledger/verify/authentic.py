"""`authentic`: every entry is what its key signed, and every disclosure shown belongs to the entry it is shown with.

- Each entry reads under the strict profile; each disclosure is referenced by a digest in it, once.
- Its `log` is the origin it is shown under, its `iss` the member whose key signed, its `alg` the key's own.
- Its signature is valid under the key that an entry here introduces; a bundle always brings that entry.
- An entry that a gateway key signed is marked: the operator spoke for the member. So is one that was relayed, and one
  whose disclosures an `erasure` of the same member names.

ARCHITECTURE.md 3.2, 3.4, 3.7, 3.8.
"""

from ledger.entry.parse import Entry, verify_entry
from ledger.registry.bodies import Erasure
from ledger.verify.account import Opinion
from ledger.verify.opened import Opened, Shown
from schemas.errors import LedgerError


def authentic(opened: Opened) -> Opinion:
    """The verdict over all entries of the bundle."""
    opinion = Opinion("authentic")
    for shown in opened.entries:
        if shown.error is not None:
            opinion.refuse(shown.error, shown.index)
        if shown.entry is not None:
            _entry(opened, shown, shown.entry, opinion)
    _erasures(opened, opinion)
    return opinion


def _entry(opened: Opened, shown: Shown, entry: Entry, opinion: Opinion) -> None:
    origin = opened.bundle.logs[shown.log].origin
    if entry.claims.log != origin:
        opinion.deny("entry-of-another-log", shown.index, expected=origin, found=entry.claims.log)
    introduction = opened.key(shown.log, entry.jwt.kid)
    if introduction is None:
        opinion.deny("key-not-introduced", shown.index, kid=entry.jwt.kid)
        return
    if introduction.iss != entry.claims.iss:
        opinion.deny("entry-of-another-member", shown.index, expected=introduction.iss, found=entry.claims.iss)
    try:
        verify_entry(entry, introduction.key)
    except LedgerError as error:
        opinion.refuse(error, shown.index)
    if introduction.role == "gateway" and entry.claims.private:
        opinion.note("signed-by-gateway", shown.index, member=entry.claims.iss)
    if entry.record is not None and "relay" in entry.record:
        opinion.note("relayed-entry", shown.index, member=entry.claims.iss)


def _erasures(opened: Opened, opinion: Opinion) -> None:
    for shown, entry in opened.readable():
        if not isinstance(shown.body, Erasure):
            continue
        for erased in shown.body.erased:
            target = opened.leaves.get((shown.log, erased.entry))
            if target is not None:
                ground = shown.body.ground
                opinion.note("declared-erased", target.index, member=entry.claims.iss, at=shown.index, ground=ground)
