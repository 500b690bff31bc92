"""What one process of an audit does with a stretch of entries: parse, check signatures, open disclosures.

- `judge` is given the keys that are known so far; an entry of another key comes back as `unchecked`, and the process
  that replays the registry checks it there. A kid is a thumbprint, so a key once known never changes.
- With disclosures at hand every one must be referenced by its entry; what is missing comes back as `hidden`, to be
  held against the erasures of the log.
- Only public kinds travel back whole: the registry needs them; of the others it needs the lane and the tags.

    judged = judge(Stretch(0, jwts), keys, disclosures=None)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ledger.entry.parse import Entry, parse_leaf, verify_entry, with_disclosures
from ledger.keys.signature import PublicKey
from schemas.errors import LedgerError


@dataclass(frozen=True, slots=True)
class Place:
    """One entry as the registry replay needs it. `raw` is None where the kind is private or unknown."""

    kid: str
    alg: str
    seq: int
    prev: bytes | None
    leaf: bytes
    kind: str
    log: str
    iss: str
    tags: tuple[bytes, ...]
    more: int
    raw: bytes | None


@dataclass(slots=True)
class Judged:
    """What became of a stretch: a place for each entry, indexes whose key was not known, digests not disclosed."""

    start: int
    places: list[Place] = field(default_factory=list)
    unchecked: dict[int, bytes] = field(default_factory=dict)
    hidden: dict[int, frozenset[bytes]] = field(default_factory=dict)
    disclosures: int = 0


def judge(
    start: int,
    jwts: Sequence[bytes],
    keys: Mapping[str, PublicKey],
    disclosures: Mapping[int, Sequence[str]] | None,
) -> Judged:
    """Judge the entries from index `start`; any `LedgerError` names the entry it is about."""
    judged = Judged(start)
    for index, jwt in enumerate(jwts, start):
        try:
            _one(judged, index, jwt, keys, disclosures)
        except LedgerError as error:
            raise error.within(entry=index) from None
    return judged


def _one(
    judged: Judged,
    index: int,
    jwt: bytes,
    keys: Mapping[str, PublicKey],
    disclosures: Mapping[int, Sequence[str]] | None,
) -> None:
    entry = _opened(index, jwt, disclosures)
    claims = entry.claims
    key = keys.get(entry.jwt.kid)
    if key is None:
        judged.unchecked[index] = jwt
    else:
        verify_entry(entry, key)
    if disclosures is not None and entry.hidden:
        judged.hidden[index] = frozenset(entry.hidden)
    judged.disclosures += len(entry.disclosures)
    public = claims.known and not claims.private
    judged.places.append(
        Place(
            kid=entry.jwt.kid,
            alg=entry.jwt.alg,
            seq=claims.seq,
            prev=claims.prev,
            leaf=entry.jwt.leaf,
            kind=claims.kind,
            log=claims.log,
            iss=claims.iss,
            tags=claims.tags,
            more=claims.more,
            raw=jwt if public else None,
        )
    )


def _opened(index: int, jwt: bytes, disclosures: Mapping[int, Sequence[str]] | None) -> Entry:
    texts = disclosures.get(index) if disclosures else None
    return with_disclosures(jwt, texts) if texts else parse_leaf(jwt)
