"""Who came from whom: the question every trace asks, put so that a database and a bundle can both answer it.

- `Edges` has two questions: the entries about an object, and what an entry does. `Steps` asks the same of many at once,
  with quantities, times and places, and with what was declared wrong. Nothing else about storage is known to `trace`,
  `balance`, the findings and the verifier (ARCHITECTURE.md 2, rule 6).
- `MemoryEdges` and `MemorySteps` answer from memory: a bundle's entries, a test's, a small log's.

    edges = MemoryEdges()
    edges.add(7, movement(content))
    edges.entries_of("https://id.gs1.org/01/09520001000011/10/P-0107")
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from ledger.lots.movement import Movement
from ledger.lots.step import Step

NO_MOVEMENT = Movement()


class Edges(Protocol):
    """The event graph of one log: indexes are log indexes, objects are canonical URIs."""

    def entries_of(self, uri: str) -> Sequence[tuple[int, Movement]]:
        """The entries about an object in rising index, corrections included (their movement is empty)."""
        ...

    def movement(self, index: int) -> Movement:
        """What the entry at this index does; an empty movement where it moves nothing or is not there."""
        ...


class Steps(Protocol):
    """The event graph with figures, as of one size of the log. Who counts asks `Step.stands` first."""

    def steps_of(self, uris: Collection[str]) -> Mapping[str, Sequence[Step]]:
        """The steps about each object in rising index, corrections included; unknown objects are left out."""
        ...

    def steps(self, indexes: Collection[int]) -> Mapping[int, Step]:
        """The steps of entries; those that move nothing are left out."""
        ...


class MemorySteps:
    """Steps in memory."""

    def __init__(self, steps: Iterable[Step] = ()) -> None:
        self._steps = {step.index: step for step in sorted(steps, key=lambda step: step.index)}
        self._about: dict[str, list[Step]] = {}
        for step in self._steps.values():
            for uri in step.moves.touched:
                self._about.setdefault(uri, []).append(step)

    def steps_of(self, uris: Collection[str]) -> dict[str, list[Step]]:
        """The steps about each object in rising index."""
        return {uri: self._about[uri] for uri in uris if uri in self._about}

    def steps(self, indexes: Collection[int]) -> dict[int, Step]:
        """The steps of entries."""
        return {index: self._steps[index] for index in indexes if index in self._steps}


class MemoryEdges:
    """Edges in memory; add entries in any order."""

    def __init__(self, entries: Iterable[tuple[int, Movement]] = ()) -> None:
        self._movements: dict[int, Movement] = {}
        self._entries: dict[str, list[tuple[int, Movement]]] = {}
        for index, moves in entries:
            self.add(index, moves)

    def add(self, index: int, moves: Movement) -> None:
        """Add one entry; the same index again is a programmer's mistake (`ValueError`)."""
        if index in self._movements:
            raise ValueError(f"entry {index} is already there")
        self._movements[index] = moves
        for uri in moves.touched:
            found = self._entries.setdefault(uri, [])
            found.append((index, moves))
            if len(found) > 1 and found[-2][0] > index:
                found.sort(key=lambda pair: pair[0])

    def entries_of(self, uri: str) -> Sequence[tuple[int, Movement]]:
        """The entries about an object in rising index."""
        return self._entries.get(uri, ())

    def movement(self, index: int) -> Movement:
        """What the entry at this index does."""
        return self._movements.get(index, NO_MOVEMENT)
