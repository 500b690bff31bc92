"""A parsed bundle with its entries opened: read once here, judged by every verdict.

- An entry that cannot be read is kept with its error: one verdict says so, the others go on with the rest.
- Keys are known only from the entries that introduce them: genesis, `member`, and `key` with `add`, `rotate` or
  `recover` (ARCHITECTURE.md 3.3). The kid is the thumbprint of the key, so an introduction cannot name another's.
- Nothing here is believed: signatures are `authentic`'s, places in the log `included`'s, standing `keys_valid`'s.

    opened = open_bundle(parse(data))
    opened.at(0, 12), opened.key(0, kid)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ledger.bundle import Bundle, EntryPart
from ledger.entry.parse import Entry, with_disclosures
from ledger.keys.signature import PublicKey
from ledger.log.merkle import leaf_hash
from ledger.registry.bodies import Add, Body, Genesis, MemberProposal, Recover, Rotate
from ledger.registry.read_body import read_body
from schemas.errors import LedgerError


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry of the bundle: its place, its RFC 6962 leaf hash, and what it says or why it could not be read.

    `body` is the value of a public kind's clear body; an entry whose body cannot be read has an `error` all the same.
    """

    log: int
    index: int
    leaf: bytes
    entry: Entry | None
    body: Body | None
    error: LedgerError | None = None

    @property
    def kid(self) -> str:
        """The key that signed it, empty where it could not be read."""
        return self.entry.jwt.kid if self.entry else ""


@dataclass(frozen=True, slots=True)
class Introduction:
    """A key as the entry at `index` introduces it. `index` is where it is introduced, not where it takes effect."""

    index: int
    iss: str
    role: str
    key: PublicKey


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle, its entries in order, where each leaf stands, and the keys that they introduce."""

    bundle: Bundle
    entries: tuple[Shown, ...]
    places: Mapping[tuple[int, int], Shown]
    leaves: Mapping[tuple[int, bytes], Shown]
    lanes: Mapping[tuple[int, str, int], Shown]
    keys: Mapping[tuple[int, str], Introduction]

    def at(self, log: int, index: int) -> Shown | None:
        """The entry at one place of a log, None where the bundle does not hold it."""
        return self.places.get((log, index))

    def key(self, log: int, kid: str) -> Introduction | None:
        """The key of that kid, None where no entry of the bundle introduces it."""
        return self.keys.get((log, kid))

    def readable(self) -> Iterator[tuple[Shown, Entry]]:
        """The entries that could be read."""
        for shown in self.entries:
            if shown.entry is not None:
                yield shown, shown.entry


def open_bundle(bundle: Bundle) -> Opened:
    """Read every entry of a bundle; nothing is raised, what cannot be read keeps its error."""
    entries = tuple(_open(part) for part in bundle.entries)
    keys: dict[tuple[int, str], Introduction] = {}
    for shown in entries:
        for introduction in _introduced(shown):
            keys.setdefault((shown.log, introduction.key.kid), introduction)
    lanes: dict[tuple[int, str, int], Shown] = {}
    for shown in entries:
        if shown.entry:
            lanes.setdefault((shown.log, shown.kid, shown.entry.claims.seq), shown)
    return Opened(
        bundle,
        entries,
        {(shown.log, shown.index): shown for shown in entries},
        {(shown.log, shown.leaf): shown for shown in entries},
        lanes,
        keys,
    )


def _open(part: EntryPart) -> Shown:
    raw = part.entry.encode("ascii")
    leaf = leaf_hash(raw)
    try:
        entry = with_disclosures(raw, part.disclosures)
    except LedgerError as error:
        return Shown(part.log, part.index, leaf, None, None, error)
    if entry.claims.private or not entry.claims.known:
        return Shown(part.log, part.index, leaf, entry, None)
    try:
        return Shown(part.log, part.index, leaf, entry, read_body(entry.claims.kind, entry.claims.body))
    except LedgerError as error:
        return Shown(part.log, part.index, leaf, entry, None, error)


def _introduced(shown: Shown) -> Iterator[Introduction]:
    """The keys that one entry introduces."""
    body, iss = shown.body, shown.entry.claims.iss if shown.entry else ""
    match body:
        case Genesis():
            for founder in body.members:
                yield Introduction(shown.index, founder.iss, "admin", founder.key)
            yield Introduction(shown.index, body.operator.iss, "operator", body.operator.key)
        case MemberProposal(founding) | Recover(founding):
            yield Introduction(shown.index, founding.iss, "admin", founding.key)
        case Add(role, key):
            yield Introduction(shown.index, iss, role, key)
        case Rotate():
            yield Introduction(shown.index, iss, "admin", body.key)
