"""What a bundle shows of the objects it names: their keys, and which entries stand as the n-th about each.

- An entry names an object with its key and n in `record.lots`; that counts only if the tag it makes is among the
  entry's own tags, or those of the `tags` entries that stand just before it in its lane.
- *Shown objects* of an entry: tags that are not there for a shown object belong to hidden ones.

    for sighting in sightings(opened)[subject]:
        sighting.key, sighting.n, sighting.shown.index

ARCHITECTURE.md 3.2, Objects and tags.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ledger.entry.parse import Entry, read_record
from ledger.entry.tags import tag
from ledger.verify.opened import Opened, Shown
from schemas.gs1.canonical import canonical_uri


@dataclass(frozen=True, slots=True)
class Sighting:
    """One entry as the n-th about an object with this key."""

    shown: Shown
    key: bytes
    n: int


def tags_of(opened: Opened, shown: Shown, entry: Entry) -> frozenset[bytes]:
    """The tags that count at an entry's index, as far as the bundle holds them: its own and of its `tags` entries."""
    found = set(entry.claims.tags)
    for back in range(1, entry.claims.more + 1):
        before = opened.lanes.get((shown.log, shown.kid, entry.claims.seq - back))
        if before is not None and before.entry is not None and before.entry.claims.kind == "tags":
            found |= set(before.entry.claims.tags)
    return frozenset(found)


def sightings(opened: Opened) -> Mapping[str, list[Sighting]]:
    """Canonical object URI -> every entry that proves to be about it, in the order of the bundle."""
    found: dict[str, list[Sighting]] = defaultdict(list)
    for shown, entry in opened.readable():
        lots = read_record(entry).lots
        tags = tags_of(opened, shown, entry) if lots else frozenset()
        for lot in lots:
            if tag(lot.key, lot.n) in tags:
                found[canonical_uri(lot.id)].append(Sighting(shown, lot.key, lot.n))
    return found
