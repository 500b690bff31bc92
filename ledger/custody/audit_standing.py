"""The registry of a log and its snapshots, replayed entry by entry from what an audit has read.

- Every entry is judged as admission judges it: its log, its lane, its key's standing and role, and what a public kind
  says. An audit trusts no table: what a start takes from a dump is computed here from entry 0.
- Entries of private kinds come as runs: what holds for the first holds for the others, since nothing that changes
  standing stands between them.
- Every snapshot must say what the log held before it: the rows of all keys, and the root of the tag tree.
- Tags of `tags` entries count at the index of the entry they precede (ARCHITECTURE.md 3.2).

    standing = StandingAudit(); standing.take(judged)
"""

from collections import defaultdict
from collections.abc import Sequence

from ledger.custody.audit_entries import Judged, Public
from ledger.custody.audit_runs import INDEX_BYTES, Run
from ledger.entry.jwt import parse_jwt
from ledger.entry.parse import Entry, parse_leaf, verify_jwt
from ledger.registry.bodies import Erasure, Snapshot
from ledger.registry.read_body import read_body
from ledger.registry.replay import Registry
from ledger.registry.rules import MAY_SIGN, check_speaker
from ledger.registry.snapshot import check_body
from ledger.registry.state import Lane
from ledger.registry.tag_buckets import BucketedTree, bucket_of
from ledger.registry.tag_tree import Item
from schemas.errors import EvidenceError, InputError, LedgerError

_BITS = 16
_TAG = 32
_RECORD = _TAG + INDEX_BYTES
_RECORD = _TAG + INDEX_BYTES


class TagRecords:
    """All tags seen so far, 40 bytes each, by bucket; and the tree over them."""

    def __init__(self) -> None:
        self._buckets: defaultdict[int, bytearray] = defaultdict(bytearray)
        self._tree = BucketedTree(_BITS, self._items)

    def add(self, records: Sequence[bytes]) -> None:
        """Tags, each with the index at which it counts behind it (8 bytes, big-endian)."""
        touched = [bucket_of(record, _BITS) for record in records]
        for bucket, record in zip(touched, records, strict=True):
            self._buckets[bucket] += record
        self._tree.touch_buckets(touched)

    def root(self) -> bytes:
        """The root of the tag tree over everything added."""
        return self._tree.root()

    def _items(self, bucket: int) -> list[Item]:
        data = bytes(self._buckets[bucket])
        if len(data) == _RECORD:
            return [(data[:_TAG], (int.from_bytes(data[_TAG:], "big"),))]
        found: dict[bytes, list[int]] = {}
        for at in range(0, len(data), _RECORD):
            tag, index = data[at : at + _TAG], int.from_bytes(data[at + _TAG : at + _RECORD], "big")
            found.setdefault(tag, []).append(index)
        return sorted([(tag, tuple(indexes)) for tag, indexes in found.items()])


class StandingAudit:
    """The replay. `erased`: the digests each member declared erased, by (member, leaf hash of the entry)."""

    def __init__(self) -> None:
        self.registry: Registry | None = None
        self.snapshots = 0
        self.erased: dict[tuple[str, bytes], set[bytes]] = {}
        self._tags = TagRecords()
        # Of each lane the `tags` entries at its end, not yet claimed by the entry they precede.
        self._waiting: dict[str, list[tuple[bytes, ...]]] = {}

    def jwks(self) -> tuple[dict[str, str], ...]:
        """Every key admitted so far as a JWK, in order of admission."""
        known = () if self.registry is None else self.registry.keys()
        return tuple(key.public.jwk for key in known)

    def take(self, judged: Judged) -> None:
        """The next stretch of entries, in order; errors name the entry."""
        for item in judged.items:
            index = item.first if isinstance(item, Run) else item.index
            try:
                if isinstance(item, Run):
                    self._run(item)
                else:
                    self._public(item)
            except LedgerError as error:
                raise error.within(entry=index) from None
        if self.registry is not None:
            self.registry.state.size = judged.stop

    def _public(self, public: Public) -> None:
        index, entry = public.index, parse_leaf(public.jwt)
        if self.registry is None:
            self.registry = Registry.genesis(entry)
            return
        # The runs before it were taken lane by lane, and the last of them need not be the one that reaches farthest.
        self.registry.state.size = index
        if entry.claims.kind == "snapshot":
            self._snapshot(index, entry)
        self.registry.apply(index, entry, verify=not public.checked)
        if entry.claims.kind == "erasure":
            body = read_body("erasure", entry.claims.body)
            assert isinstance(body, Erasure)
            for item in body.erased:
                self.erased.setdefault((entry.claims.iss, item.entry), set()).update(item.digests)
        if entry.claims.kind == "tags":
            self._waiting.setdefault(entry.jwt.kid, []).append(entry.claims.tags)
        else:
            self._waiting.pop(entry.jwt.kid, None)

    def _run(self, run: Run) -> None:
        if self.registry is None:
            raise EvidenceError("genesis-missing")
        registry, state = self.registry, self.registry.state
        if run.log != registry.origin:
            raise InputError("other-log", log=run.log, origin=registry.origin)
        if run.kind not in MAY_SIGN:
            raise InputError("unknown-kind", kind=run.kind, known=", ".join(sorted(MAY_SIGN)))
        registry.check_lane(run.kid, run.seq, run.prev)
        key = check_speaker(state, run.first, kid=run.kid, alg=run.alg, iss=run.iss, kind=run.kind)
        for index, raw in run.unchecked:
            try:
                verify_jwt(parse_jwt(raw), key.public)
            except LedgerError as error:
                raise error.within(entry=index) from None
        state.note(run.kid, Lane(run.last_seq, run.leaf, run.last))
        self._count_tags(run)

    def _count_tags(self, run: Run) -> None:
        before = self._waiting.pop(run.kid, [])
        if run.more > len(before):
            raise EvidenceError("tags-missing", more=run.more)
        counted = set(run.tags).union(*before[len(before) - run.more :])
        place = run.first.to_bytes(INDEX_BYTES, "big")
        self._tags.add([tag + place for tag in counted])
        self._tags.add(run.records)

    def _snapshot(self, index: int, entry: Entry) -> None:
        if self.registry is None or entry.claims.body is None:
            raise EvidenceError("genesis-missing")
        said = read_body("snapshot", entry.claims.body)
        assert isinstance(said, Snapshot)
        check_body(said, index, self.registry.rows(), self._tags.root())
        self.snapshots += 1
