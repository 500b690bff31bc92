"""`complete`: nothing else in the log is tagged for the subject, as of the bundle's snapshot.

- The subject's key is disclosed by an entry whose leaf carries the tag it makes, and it is one key. An entry that
  names the subject and does not prove its key could stand under another: then the verdict is not shown.
- For n = 0, 1, … m-1 the tag is in the snapshot's tag tree, with all indexes that carry it, each in the bundle and
  each an entry that carries it; the tag for n = m is in none.
- The snapshot is the operator's, and the bundle's checkpoint is the one that ends with it (size `at` + 1).
- KNOWN LIMIT: of logs that follow one another only the last one's tags are proved, so the verdict is not shown.

ARCHITECTURE.md 3.2, 3.3, 3.7.
"""

from collections.abc import Iterable, Mapping

from ledger.bundle import Completeness
from ledger.entry.parse import Entry, read_record
from ledger.entry.tags import tag
from ledger.lots.movement import movement
from ledger.registry.bodies import Snapshot
from ledger.registry.tag_tree import Present, verify_absent, verify_present
from ledger.verify.account import Opinion
from ledger.verify.opened import Opened
from ledger.verify.snapshots import snapshot_at
from ledger.verify.subject import Sighting, tags_of
from schemas.errors import LedgerError
from schemas.gs1.canonical import canonical_uri


def complete(opened: Opened, seen: Mapping[str, list[Sighting]]) -> Opinion:
    """The verdict for the bundle's subject; `seen` from `ledger.verify.subject.sightings`."""
    opinion = Opinion("complete")
    subject, proofs = opened.bundle.subject, opened.bundle.completeness
    if subject is None:
        opinion.miss("no-subject")
        return opinion
    keys = sorted({sighting.key for sighting in seen.get(subject, ())})
    if not keys:
        opinion.deny("subject-not-proved", subject=subject)
    if len(keys) > 1:
        opinion.deny("two-keys-for-one-object", subject=subject, keys=len(keys))
    if proofs is None:
        opinion.miss("completeness-not-given")
    elif len(opened.bundle.logs) > 1:
        opinion.miss("completeness-of-one-log-only")
    elif len(keys) == 1:
        _prove(opened, proofs, keys[0], opinion)
    _all_proved(opened, subject, seen.get(subject, ()), opinion)
    return opinion


def _all_proved(opened: Opened, subject: str, proved: Iterable[Sighting], opinion: Opinion) -> None:
    """An entry that names the subject without proving its key may hide that it stands under another one."""
    shown_there = {(sighting.shown.log, sighting.shown.index) for sighting in proved}
    for shown, entry in opened.readable():
        if entry.content is None or (shown.log, shown.index) in shown_there:
            continue
        if subject in _named(entry):
            opinion.miss("subject-key-not-shown", shown.index, subject=subject)


def _named(entry: Entry) -> set[str]:
    """The objects that an event names, in its content and in its record."""
    return {*movement(entry.content or {}).objects, *(canonical_uri(lot.id) for lot in read_record(entry).lots)}


def _prove(opened: Opened, proofs: Completeness, key: bytes, opinion: Opinion) -> None:
    snapshot = snapshot_at(opened, 0, proofs.at, opinion)
    if snapshot is None:
        return
    counted = [part.n for part in proofs.present]
    if counted != list(range(len(counted))):
        opinion.deny("tags-not-counted-from-zero", found=", ".join(map(str, counted[:20])))
        return
    try:
        _check_tree(proofs, key, snapshot, opened.bundle.logs[0].size)
    except LedgerError as error:
        opinion.refuse(error, proofs.at)
        return
    for part in proofs.present:
        for index in part.indexes:
            _check_entry(opened, index, tag(key, part.n), part.n, opinion)


def _check_tree(proofs: Completeness, key: bytes, snapshot: Snapshot, size: int) -> None:
    for part in proofs.present:
        verify_present(tag(key, part.n), part.indexes, part.path, snapshot.tags, size=size)
    absent = Present(proofs.absent.tag, proofs.absent.indexes, proofs.absent.path)
    verify_absent(tag(key, len(proofs.present)), absent, snapshot.tags, size=size)


def _check_entry(opened: Opened, index: int, wanted: bytes, n: int, opinion: Opinion) -> None:
    shown = opened.at(0, index)
    if shown is None:
        opinion.deny("tagged-entry-left-out", index, n=n)
    elif shown.entry is None or wanted not in tags_of(opened, shown, shown.entry):
        opinion.deny("tag-not-in-entry", index, n=n)
