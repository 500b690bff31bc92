"""The registry of a log and its snapshots, replayed entry by entry from what an audit has read.

- Every entry is judged as admission judges it: its log, its lane, its key's standing and role, and what a public kind
  says. An audit trusts no table: what a start takes from a dump is computed here from entry 0.
- Every snapshot must say what the log held before it: the rows of all keys, and the root of the tag tree.
- Tags of `tags` entries count at the index of the entry they precede (ARCHITECTURE.md 3.2).

    standing = StandingAudit(); standing.take(judged)
"""

from collections.abc import Mapping

from ledger.custody.audit_entries import Judged, Place
from ledger.entry.parse import parse_leaf, verify_entry
from ledger.registry.bodies import Erasure, Snapshot
from ledger.registry.read_body import read_body
from ledger.registry.replay import Registry
from ledger.registry.rules import MAY_SIGN, check_speaker
from ledger.registry.snapshot import check_body
from ledger.registry.state import Lane
from ledger.registry.tag_buckets import BucketedTree, bucket_of
from ledger.registry.tag_tree import Item
from schemas.errors import EvidenceError, InputError, LedgerError

_BITS = 12
_RECORD = 40


class TagRecords:
    """All tags seen so far, 40 bytes each, by bucket; and the tree over them."""

    def __init__(self) -> None:
        self._buckets: list[bytearray] = [bytearray() for _ in range(1 << _BITS)]
        self._tree = BucketedTree(_BITS, self._items)

    def add(self, tags: tuple[bytes, ...], index: int) -> None:
        """Tags that count at an index."""
        for tag in tags:
            self._buckets[bucket_of(tag, _BITS)] += tag + index.to_bytes(8, "big")
        self._tree.touch(tags)

    def root(self) -> bytes:
        """The root of the tag tree over everything added."""
        return self._tree.root()

    def _items(self, bucket: int) -> list[Item]:
        data = self._buckets[bucket]
        found: dict[bytes, list[int]] = {}
        for at in range(0, len(data), _RECORD):
            record = bytes(data[at : at + _RECORD])
            found.setdefault(record[:32], []).append(int.from_bytes(record[32:], "big"))
        return sorted((tag, tuple(indexes)) for tag, indexes in found.items())


class StandingAudit:
    """The replay. `erased`: the digests each member declared erased, by (member, leaf hash of the entry)."""

    def __init__(self) -> None:
        self.registry: Registry | None = None
        self.snapshots = 0
        self.erased: dict[tuple[str, bytes], set[bytes]] = {}
        self._tags = TagRecords()
        # Of each lane the `tags` entries at its end, not yet claimed by the entry they precede.
        self._waiting: dict[str, list[tuple[bytes, ...]]] = {}

    def jwks(self) -> dict[str, dict[str, str]]:
        """Every key admitted so far as a JWK, by kid."""
        known = () if self.registry is None else self.registry.keys()
        return {key.kid: key.public.jwk for key in known}

    def take(self, judged: Judged) -> None:
        """The next stretch of entries, in order; errors name the entry."""
        for index, place in enumerate(judged.places, judged.start):
            try:
                self._one(index, place, judged.unchecked)
            except LedgerError as error:
                raise error.within(entry=index) from None

    def _one(self, index: int, place: Place, unchecked: Mapping[int, bytes]) -> None:
        if place.kind == "snapshot" and place.raw is not None:
            self._snapshot(index, place.raw)
        if self.registry is None:
            if place.raw is None:
                raise EvidenceError("genesis-missing")
            self.registry = Registry.genesis(parse_leaf(place.raw))
        elif place.raw is not None:
            self._public(self.registry, index, place.raw, checked=index not in unchecked)
        else:
            self._private(self.registry, index, place, unchecked.get(index))
        self._count_tags(index, place)

    def _public(self, registry: Registry, index: int, raw: bytes, *, checked: bool) -> None:
        entry = parse_leaf(raw)
        registry.apply(index, entry, verify=not checked)
        if entry.claims.kind == "erasure":
            body = read_body("erasure", entry.claims.body)
            assert isinstance(body, Erasure)
            for item in body.erased:
                self.erased.setdefault((entry.claims.iss, item.entry), set()).update(item.digests)

    def _private(self, registry: Registry, index: int, place: Place, raw: bytes | None) -> None:
        if place.log != registry.origin:
            raise InputError("other-log", log=place.log, origin=registry.origin)
        if place.kind not in MAY_SIGN:
            raise InputError("unknown-kind", kind=place.kind, known=", ".join(sorted(MAY_SIGN)))
        registry.check_lane(place.kid, place.seq, place.prev)
        key = check_speaker(registry.state, index, kid=place.kid, alg=place.alg, iss=place.iss, kind=place.kind)
        if raw is not None:
            verify_entry(parse_leaf(raw), key.public)
        registry.state.note(place.kid, Lane(place.seq, place.leaf, index))

    def _count_tags(self, index: int, place: Place) -> None:
        if place.kind == "tags":
            self._waiting.setdefault(place.kid, []).append(place.tags)
            return
        before = self._waiting.pop(place.kid, [])
        if place.more > len(before):
            raise EvidenceError("tags-missing", more=place.more)
        counted = set(place.tags).union(*before[len(before) - place.more :])
        self._tags.add(tuple(counted), index)

    def _snapshot(self, index: int, raw: bytes) -> None:
        body = parse_leaf(raw).claims.body
        if self.registry is None or body is None:
            raise EvidenceError("genesis-missing")
        said = read_body("snapshot", body)
        assert isinstance(said, Snapshot)
        check_body(said, index, self.registry.rows(), self._tags.root())
        self.snapshots += 1
