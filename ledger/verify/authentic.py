"""`authentic`: every entry is what its key signed, and every disclosure shown belongs to the entry it is shown with.

- Each entry reads under the strict profile; each disclosure is referenced by a digest in it, once.
- Its `log` is the origin it is shown under, its `iss` the member whose key signed, its `alg` the key's own.
- Its signature is valid under the key that an entry here introduces; a bundle always brings that entry.
- An entry that a gateway key signed is marked: the operator spoke for the member. So is one that was relayed, and one
  whose disclosures an `erasure` of the same member names; one that another member names is a lie.
- A relayed entry repeats the content digest of an entry of the same member, whose signature is checked where its key is
  here.

ARCHITECTURE.md 3.2, 3.4, 3.7, 3.8.
"""

from ledger.entry.parse import Entry, parse_leaf, verify_entry
from ledger.registry.bodies import Erasure
from ledger.verify.account import Opinion
from ledger.verify.opened import Opened, Shown
from schemas.errors import LedgerError
from schemas.syntax.base64url import encode


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
        _relayed(opened, shown, entry, opinion)


def _relayed(opened: Opened, shown: Shown, entry: Entry, opinion: Opinion) -> None:
    """The entry in `record.relay` says the same of the same log and member; its signature, where its key is here."""
    assert entry.record is not None
    try:
        original = parse_leaf(str(entry.record["relay"]).encode("ascii"))
        introduction = opened.key(shown.log, original.jwt.kid)
        if introduction is not None:
            verify_entry(original, introduction.key)
    except LedgerError as error:
        opinion.refuse(error, shown.index)
        return
    theirs, ours = original.claims, entry.claims
    if (theirs.log, theirs.iss, theirs.kind) != (ours.log, ours.iss, ours.kind) or not set(theirs.sd) & set(ours.sd):
        opinion.deny("relay-differs", shown.index, member=ours.iss)
    elif introduction is None or introduction.iss != ours.iss:
        opinion.note("relay-not-checked", shown.index, member=ours.iss, kid=original.jwt.kid)
    else:
        opinion.note("relayed-entry", shown.index, member=ours.iss)


def _erasures(opened: Opened, opinion: Opinion) -> None:
    for shown, entry in opened.readable():
        if not isinstance(shown.body, Erasure):
            continue
        for erased in shown.body.erased:
            target = opened.leaves.get((shown.log, erased.entry))
            if target is None or target.entry is None:
                continue
            owner, ground = target.entry.claims.iss, shown.body.ground
            if owner != entry.claims.iss:
                # Nobody declares another's data erased: admission refuses it, and here it explains nothing away.
                opinion.deny("erasure-of-another-member", shown.index, leaf=encode(erased.entry), member=owner)
                continue
            opinion.note("declared-erased", target.index, member=owner, at=shown.index, ground=ground)
