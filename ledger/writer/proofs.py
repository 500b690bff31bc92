"""Inclusion proofs of many entries against one tree size, each in about log2(size) look-ups.

A tree whose size is no power of two has, on every level, at most one node that is not complete: the one on the right
edge. With these computed once per checkpoint, a path is the siblings going up (RFC 6962 section 2.1.1): the complete
neighbour, or the edge, or nothing where the node stands alone and moves up unchanged.

    proofs = Proofs(nodes, size)
    proofs.path(5)          # the audit path of leaf 5 in the tree of `size` leaves
"""

from collections.abc import Iterable

from ledger.log import checkpoint
from ledger.log.merkle import Nodes, node_hash
from ledger.log.tiles import TileNodes
from ledger.store.engine import Store
from ledger.writer.answers import Receipt


def receipts(store: Store, indexes: Iterable[int], note: bytes) -> dict[int, Receipt]:
    """Receipts of entries against one signed checkpoint of this log, from its tiles."""
    return Receipts(store).of(indexes, note)


class Receipts:
    """The same for one checkpoint after the other: what was read for the last one serves all who ask for it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: tuple[bytes, Nodes, Proofs] | None = None

    def of(self, indexes: Iterable[int], note: bytes) -> dict[int, Receipt]:
        """Receipts of entries against one signed checkpoint of this log."""
        last = self._last
        if last is None or last[0] != note:
            size = checkpoint.parse(note)[0].size
            nodes: Nodes = TileNodes(self._store.tiles.read, size)
            # Whole, so that threads which ask at the same time never see a part of it; each finds the same.
            last = self._last = note, nodes, Proofs(nodes, size)
        _, nodes, proofs = last
        return {index: Receipt(index, nodes.node(0, index), proofs.path(index), note) for index in indexes}


class Proofs:
    """Audit paths in the tree of `size` leaves, whose complete nodes `nodes` gives."""

    def __init__(self, nodes: Nodes, size: int) -> None:
        self._nodes = nodes
        self._size = size
        self._paths: dict[tuple[int, int], tuple[bytes, ...]] = {}
        self._edges: list[bytes | None] = [None]
        for level in range(max(size - 1, 0).bit_length()):
            self._edges.append(self._edge_above(level))

    def _edge_above(self, level: int) -> bytes | None:
        """The root of the incomplete subtree that ends the level above `level`, None where that level has none."""
        edge = self._edges[level]
        complete = self._size >> level
        if complete & 1 == 0:
            return edge
        last = self._nodes.node(level, complete - 1)
        return last if edge is None else node_hash(last, edge)

    def path(self, index: int) -> tuple[bytes, ...]:
        """The audit path of leaf `index`, from the leaf up."""
        if not 0 <= index < self._size:
            raise IndexError(index)
        return self._path(0, index)

    def _path(self, level: int, index: int) -> tuple[bytes, ...]:
        """The path from a node up: its sibling, then that of its parent, which both have in common."""
        if level == len(self._edges) - 1:
            return ()
        found = self._paths.get((level, index))
        if found is None:
            above = self._path(level + 1, index >> 1)
            sibling, complete = index ^ 1, self._size >> level
            beside = self._nodes.node(level, sibling) if sibling < complete else None
            if sibling == complete:
                beside = self._edges[level]
            found = self._paths[level, index] = above if beside is None else (beside, *above)
        return found
