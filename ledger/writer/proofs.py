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
    size = checkpoint.parse(note)[0].size
    nodes = TileNodes(store.tiles.read, size)
    proofs = Proofs(nodes, size)
    return {index: Receipt(index, nodes.node(0, index), proofs.path(index), note) for index in indexes}


class Proofs:
    """Audit paths in the tree of `size` leaves, whose complete nodes `nodes` gives."""

    def __init__(self, nodes: Nodes, size: int) -> None:
        self._nodes = nodes
        self._size = size
        self._seen: dict[tuple[int, int], bytes] = {}
        self._edges: list[bytes | None] = [None]
        for level in range(max(size - 1, 0).bit_length()):
            self._edges.append(self._edge_above(level))

    def _edge_above(self, level: int) -> bytes | None:
        """The root of the incomplete subtree that ends the level above `level`, None where that level has none."""
        edge = self._edges[level]
        complete = self._size >> level
        if complete & 1 == 0:
            return edge
        last = self._node(level, complete - 1)
        return last if edge is None else node_hash(last, edge)

    def _node(self, level: int, index: int) -> bytes:
        found = self._seen.get((level, index))
        if found is None:
            found = self._seen[level, index] = self._nodes.node(level, index)
        return found

    def path(self, index: int) -> tuple[bytes, ...]:
        """The audit path of leaf `index`, from the leaf up."""
        if not 0 <= index < self._size:
            raise IndexError(index)
        path: list[bytes] = []
        for level in range(len(self._edges) - 1):
            sibling = (index >> level) ^ 1
            complete = self._size >> level
            if sibling < complete:
                path.append(self._node(level, sibling))
            elif sibling == complete and (edge := self._edges[level]) is not None:
                path.append(edge)
        return tuple(path)
