"""`ledger.source.Source` over a `Consortium`: the simplest thing a bundle can be proved from."""

from collections.abc import Sequence

from ledger.entry.parse import Entry
from ledger.log.merkle import LeafNodes, Nodes
from ledger.lots.genealogy import MemoryEdges
from ledger.lots.movement import Movement, movement
from ledger.registry.bodies import Erasure
from ledger.registry.read_body import read_body
from ledger.registry.tag_tree import Present
from schemas.errors import InputError
from tests.simulator.consortium import Consortium


class ConsortiumSource:
    """A consortium as a source. It takes a snapshot when one is needed, like a node that may write."""

    def __init__(self, consortium: Consortium) -> None:
        self.consortium = consortium

    @property
    def origin(self) -> str:
        return self.consortium.origin

    @property
    def vkey(self) -> str:
        return str(self.consortium.vkey)

    def snapshot(self) -> int:
        newest = max(self.consortium.snapshots, default=-1)
        return newest if newest == self.consortium.size - 1 else self.consortium.snapshot()

    def checkpoint(self, size: int) -> str:
        return self.consortium.checkpoint(size).decode("utf-8")

    def nodes(self, size: int) -> Nodes:
        return LeafNodes(self.consortium.leaf_hashes[:size])

    def entry(self, index: int) -> Entry:
        if not 0 <= index < self.consortium.size:
            raise InputError("no-entry", index=index, size=self.consortium.size)
        return self.consortium.entries[index]

    def edges(self) -> MemoryEdges:
        return MemoryEdges(
            (index, movement(entry.content))
            for index, entry in enumerate(self.consortium.entries)
            if entry.claims.kind in ("event", "correction") and entry.content is not None
        )

    def entries_of(self, uri: str) -> Sequence[int]:
        return [index for index, _ in self.edges().entries_of(uri)]

    def movement(self, index: int) -> Movement:
        return self.edges().movement(index)

    def index_of(self, leaf: bytes) -> int | None:
        hashes = self.consortium.leaf_hashes
        return hashes.index(leaf) if leaf in hashes else None

    def lane_index(self, kid: str, seq: int) -> int:
        entries = enumerate(self.consortium.entries)
        return next(index for index, entry in entries if (entry.jwt.kid, entry.claims.seq) == (kid, seq))

    def introduction(self, kid: str) -> int:
        state = self.consortium.registry.key_state(kid)
        assert state is not None
        return state.by

    def erasures(self, index: int) -> Sequence[int]:
        leaf = self.consortium.leaf_hashes[index]
        return [other for other, entry in enumerate(self.consortium.entries) if erases(entry, leaf)]

    def standing(self, at: int) -> Sequence[str]:
        return [row.text() for row in self.consortium.snapshots[at]]

    def tag_present(self, at: int, tag: bytes) -> Present:
        return self.consortium.tag_tree(at).prove_present(tag)

    def tag_absent(self, at: int, tag: bytes) -> Present | None:
        return self.consortium.tag_tree(at).prove_absent(tag)


def erases(entry: Entry, leaf: bytes) -> bool:
    body = read_body("erasure", entry.claims.body) if entry.claims.kind == "erasure" else None
    return isinstance(body, Erasure) and any(erased.entry == leaf for erased in body.erased)
