"""Entries of private kinds, put together for the replay: of each lane one *run* instead of its entries one by one.

- A run is a row of entries of one key that follow each other in their lane, of one kind, member and log, with no entry
  of a public kind in between, so that nothing can change who may sign from its first entry to its last.
- What does not follow begins a run of its own, and the replay objects to it there, under its own index.
- Only the first entry of a run may have `tags` entries before it (`more`); of the others the tags count as they are.
- Runs come in the order of their first entries, which is the order in which a replay would find what is wrong.

    runs = Runs(); runs.add(7, leaf, checked=True); runs.closed()

ARCHITECTURE.md 3.2, 3.3.
"""

from dataclasses import dataclass, field

from ledger.entry.leaf import Leaf

INDEX_BYTES = 8


@dataclass(slots=True)
class Run:
    """Entries `first` to `last` (log indexes) of one lane; `seq`, `prev`, `more` and `tags` are those of the first.

    `leaf` and `last_seq` are those of the last. `records`: a tag and its index, 40 bytes, for each tag of all but the
    first. `unchecked`: index and leaf of every entry whose signature was not checked, its key not being known yet.
    """

    kid: str
    alg: str
    log: str
    iss: str
    kind: str
    first: int
    seq: int
    prev: bytes | None
    more: int
    tags: tuple[bytes, ...]
    last: int
    last_seq: int
    leaf: bytes
    records: list[bytes] = field(default_factory=list)
    unchecked: list[tuple[int, bytes]] = field(default_factory=list)

    def goes_on(self, leaf: Leaf) -> bool:
        """Is this the entry that follows, in everything that a run has in common?"""
        claims = leaf.claims
        return (
            claims.seq == self.last_seq + 1
            and claims.prev == self.leaf
            and claims.more == 0
            and claims.kind == self.kind
            and claims.iss == self.iss
            and claims.log == self.log
            and leaf.alg == self.alg
        )


class Runs:
    """The runs since the last entry of a public kind."""

    def __init__(self) -> None:
        self._all: list[Run] = []
        self._open: dict[str, Run] = {}

    def add(self, index: int, leaf: Leaf, *, checked: bool) -> None:
        """The next entry of a private or unknown kind."""
        claims = leaf.claims
        run = self._open.get(leaf.kid)
        if run is not None and run.goes_on(leaf):
            run.last, run.last_seq, run.leaf = index, claims.seq, leaf.leaf
            place = index.to_bytes(INDEX_BYTES, "big")
            for tag in claims.tags:
                run.records.append(tag + place)
        else:
            run = self._open[leaf.kid] = Run(
                kid=leaf.kid,
                alg=leaf.alg,
                log=claims.log,
                iss=claims.iss,
                kind=claims.kind,
                first=index,
                seq=claims.seq,
                prev=claims.prev,
                more=claims.more,
                tags=claims.tags,
                last=index,
                last_seq=claims.seq,
                leaf=leaf.leaf,
            )
            self._all.append(run)
        if not checked:
            run.unchecked.append((index, leaf.raw))

    def closed(self) -> list[Run]:
        """The runs so far, in the order of their first entries; what comes next begins new ones."""
        runs, self._all, self._open = self._all, [], {}
        return runs
