"""What a series of bundles says, read one bundle after the other: of a period of any length a little is held.

- Each bundle is read once, whole, and what it says is spilled: `FEW` bundles and `KEPT` events are at hand at a time,
  and any other is read again from the disk when it is asked for.
- A series of one is held as it is: most papers are of one lot.
- Who goes through a series goes bundle by bundle; who asks for one event gets that alone.

    series_of(bundles)[7].standing[3].step

docs/adr/0066-a-period-is-read-a-bundle-at-a-time.md.
"""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256

from exporters.facts.history import Event, Facts, named_in, read
from exporters.spill import Lazy, Picked, Spilled
from ledger.lots.said import Masters

FEW = 8
KEPT = 128
_NOBODY = Masters(())


def series_of(bundles: Sequence[bytes]) -> Sequence[Facts]:
    """The facts of each bundle, in their order; `InputError` where one is none."""
    return (read(bundles[0]),) if len(bundles) == 1 else Series(bundles)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a bundle says, but for its events and its master data, which have places of their own."""

    facts: Facts
    named: dict[str, list[int]]
    masters: int
    events: range
    standing: tuple[int, ...]


class Series(Lazy[Facts]):
    """The facts of many bundles."""

    def __init__(self, bundles: Sequence[bytes]) -> None:
        self._kept, self._events, self._masters = Spilled[_Kept](), Spilled[Event](), Spilled[Masters]()
        self._event = lru_cache(KEPT)(self._events.item)
        self._said = lru_cache(FEW)(self._masters.item)
        self._few: dict[int, Facts] = {}
        known: dict[bytes, int] = {}
        for bundle in bundles:
            self._kept.append(self._spilled(read(bundle), known))

    def __len__(self) -> int:
        return len(self._kept)

    def item(self, number: int) -> Facts:
        """What one bundle says; its events are read when they are asked for."""
        found = self._few.pop(number, None) or self._facts(self._kept[number])
        self._few[number] = found
        if len(self._few) > FEW:
            del self._few[next(iter(self._few))]
        return found

    def _facts(self, kept: _Kept) -> Facts:
        events, standing = (Picked(self._event, numbers) for numbers in (kept.events, kept.standing))
        found = replace(kept.facts, events=events, standing=standing, masters=self._said(kept.masters))
        found.named.update(kept.named)
        return found

    def _spilled(self, facts: Facts, known: dict[bytes, int]) -> _Kept:
        first = len(self._events)
        places = {id(event): place for place, event in enumerate(facts.events, first)}
        for event in facts.events:
            self._events.append(event)
        return _Kept(
            replace(facts, events=(), standing=(), masters=_NOBODY),
            named_in(facts.standing),
            self._put(facts.masters, known),
            range(first, len(self._events)),
            tuple(places[id(event)] for event in facts.standing),
        )

    def _put(self, masters: Masters, known: dict[bytes, int]) -> int:
        """Where master data stands: most bundles of a period say the same."""
        digest = sha256(pickle.dumps(masters)).digest()
        if digest not in known:
            known[digest] = len(self._masters)
            self._masters.append(masters)
        return known[digest]
