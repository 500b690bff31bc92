"""The history of a lot or unit: the plain closure of the event graph, back to its origins or forward to its ends.

From the subject, back:
- every entry about the subject itself;
- what the subject was made from, and about each input every entry but those that use it up for something else;
- the unit an object travelled in (its *carrier*): where that unit went, and the units that one stood in, but neither
  its other children nor the entries that packed or unpacked only them;
- the contents of a unit that is itself the subject, an input, or content of one.
Forward is the mirror: what is made from the subject, and about each product every entry but those that make it from
something else; a carrier that is used up whole brings what was made from it.

Corrections of any entry about these objects come along, and lead nowhere by themselves.

    closure(edges, "https://id.gs1.org/01/09520001000011/10/P-0107", "back")  ->  [3, 4, 9]

KNOWN LIMIT: a unit used again (a crate with a GRAI) brings the journeys of all its loads, since the closure does not
look at times; docs/limits.md. `ledger.lots.traced` does, and is what people ask.
"""

from collections import deque
from dataclasses import dataclass
from typing import Literal

from ledger.lots.genealogy import Edges
from ledger.lots.movement import Movement

Direction = Literal["back", "forward", "both"]


def closure(edges: Edges, subject: str, direction: Direction) -> list[int]:
    """The indexes of all entries of the subject's history, rising; none for a canonical URI that no entry names."""
    if direction == "both":
        return sorted(_Walk(edges, subject, back=True).run() | _Walk(edges, subject, back=False).run())
    return sorted(_Walk(edges, subject, back=direction == "back").run())


@dataclass(frozen=True, slots=True)
class History:
    """A closure in one direction. `followed`: the objects whose own history it is, carriers for a child's sake not."""

    entries: frozenset[int]
    followed: frozenset[str]


def history(edges: Edges, subject: str, *, back: bool) -> History:
    """The entries of `closure` in one direction, with the objects that were followed whole."""
    walk = _Walk(edges, subject, back=back)
    found = walk.run()
    return History(frozenset(found), frozenset(walk.whole))


class _Walk:
    """One closure in one direction.

    `whole`: objects followed with their contents; `carried`: (carrier, child) pairs, the carrier followed for that
    child's sake only. Each is visited once.
    """

    __slots__ = ("back", "carried", "edges", "found", "subject", "waiting", "whole")

    def __init__(self, edges: Edges, subject: str, *, back: bool) -> None:
        self.edges, self.subject, self.back = edges, subject, back
        self.found: set[int] = set()
        self.whole: set[str] = set()
        self.carried: set[tuple[str, str]] = set()
        self.waiting: deque[tuple[str, str | None]] = deque([(subject, None)])

    def run(self) -> set[int]:
        """Visit until nothing new is reached."""
        while self.waiting:
            uri, child = self.waiting.popleft()
            # A carrier followed whole has brought more than following it for one child would.
            if uri in self.whole or (child is not None and (uri, child) in self.carried):
                continue
            if child is None:
                self.whole.add(uri)
            else:
                self.carried.add((uri, child))
            for index, moves in self.edges.entries_of(uri):
                self.visit(index, moves, uri, child)
        return self.found

    def visit(self, index: int, moves: Movement, uri: str, child: str | None) -> None:
        """One entry about `uri`: whether it belongs, and where it leads."""
        sources, products = (moves.used, moves.made) if self.back else (moves.made, moves.used)
        if uri in products:
            # What made a carrier says nothing of the child; what a carrier was used up in, the child went into.
            if child is None or not sources or not self.back:
                self.found.add(index)
                self.follow(sources)
            return
        if uri in sources:
            self.visit_other_end(index, products, uri)
            return
        if moves.parent == uri:
            if child is None:
                self.found.add(index)
                self.follow(moves.children)
            elif not moves.children or child in moves.children:
                self.found.add(index)
            return
        self.found.add(index)
        if moves.parent is not None and uri in moves.children:
            self.waiting.append((moves.parent, uri))

    def visit_other_end(self, index: int, products: frozenset[str], uri: str) -> None:
        """An entry on the far side of the direction: the subject's own, or one that leads to nothing else, or out.

        Going back, that is an entry that uses `uri`: reached from its product, where it matters, not from here.
        """
        if uri == self.subject or not products:
            self.found.add(index)

    def follow(self, objects: frozenset[str]) -> None:
        """Follow these objects whole."""
        self.waiting.extend((uri, None) for uri in objects if uri not in self.whole)
