"""A store as an audit of its log sees it: its tiles, and entry by entry its rows and their disclosures.

- `StoreCustody` travels to other processes and opens the store there, read only in effect: it begins no transaction
  that writes. It carries wrapping keys in memory, never on disk.
- This module is loaded by every such process before it can begin, so it asks for little: what is held against the
  store as a whole is in `audit_heads`.

    custody = StoreCustody(location, secrets, wrapping_keys)
    account = audit(custody.read, known=known, custody=custody)

ARCHITECTURE.md 3.5, 3.8.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from ledger.custody.audit_entries import Disclosed, Held
from ledger.store import checkpoints, disclosures, entries
from ledger.store.engine import Store
from schemas.errors import EvidenceError, InputError

_AUDITS = count()


_OPEN: dict[tuple[str, str | None, int], Store] = {}


def _opened(location: str, secrets: str | None, audit: int) -> Store:
    """The store of this process, opened once an audit: the same place may hold another store at the next one."""
    asked = location, secrets, audit
    if asked not in _OPEN:
        forget()
        _OPEN[asked] = Store.open(location, secrets=secrets)
    return _OPEN[asked]


def forget() -> None:
    """Close what the last audit of this process opened."""
    while _OPEN:
        _OPEN.popitem()[1].close()


@dataclass(frozen=True, slots=True)
class StoreCustody:
    """Tiles, rows and disclosures of a store; `wrapping_keys`: member -> key that opens what belongs to it, None where
    disclosures are not to be opened."""

    location: str
    secrets: str | None
    wrapping_keys: Mapping[str, bytes] | None
    audit: int = field(default_factory=lambda: next(_AUDITS))

    def read(self, path: str) -> bytes:
        """The log as it is served: a tile of the store by its path, or the published checkpoint, which is in the
        database on every kind of store. `UnavailableError("tile-missing")`, `InputError("no-checkpoint")`."""
        store = _opened(self.location, self.secrets, self.audit)
        if path != "checkpoint":
            return store.tiles.read(path)
        with store.read() as connection:
            published = checkpoints.published(connection)
        if published is None:
            raise InputError("no-checkpoint", size=0)
        return published[1]

    def check_rows(self, start: int, jwts: list[bytes]) -> None:
        """`EvidenceError("audit-row")` unless the store's rows from index `start` are these entries."""
        with _opened(self.location, self.secrets, self.audit).read() as connection:
            rows = list(entries.span(connection, start, start + len(jwts)))
        if rows == jwts:
            return
        place = next(at for at, jwt in enumerate(jwts) if at >= len(rows) or rows[at] != jwt)
        raise EvidenceError("audit-row", entry=start + place)

    def disclosures(self, start: int, stop: int) -> Held | None:
        """What opens the disclosures held of the entries [start, stop), one entry at a time: by index and member;
        `InputError("audit-member-key")` where the member's key is not here."""
        wrapping_keys = self.wrapping_keys
        if wrapping_keys is None:
            return None
        store = _opened(self.location, self.secrets, self.audit)
        with store.read() as connection:
            sealed = disclosures.sealed_span(store, connection, start, stop)

        def held(index: int, member: str) -> Disclosed:
            if member not in wrapping_keys:
                raise InputError("audit-member-key", entry=index, member=member)
            return disclosures.opened(index, sealed[index], wrapping_keys[member]) if index in sealed else ((), ())

        return held
