"""Examining signed entries: in the caller's own thread, or in processes beside the writer.

- Examining is pure: bytes and the registry's public keys in, a candidate or its refusal out. So it may run anywhere,
  outside the ordering lock, any number at a time (ARCHITECTURE.md 4).
- Threads do not help: `cryptography` holds the interpreter's lock while it checks a signature, and reading is Python's
  own work (docs/adr/0016). `Beside` therefore has processes, whose number is the caller's to choose; `Here` has none.
- What comes back from a process is small and plain: the lots of the record and what the read side will say. The leaf
  is read again here, which costs less than carrying its trees across.

    examiners = Beside(2); examiners.examine(wires, registry.key); examiners.close()
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Protocol

from ledger.collector import collect_rarely
from ledger.entry.jwt import DIGEST_BYTES, parse_jwt
from ledger.entry.parse import Entry, parse_leaf
from ledger.entry.record import Lot
from ledger.keys.signature import PublicKey
from ledger.readside.derive import Derived
from ledger.readside.follow import derived_or_found
from ledger.writer.admission import Candidate, examine
from ledger.writer.turns import Turns
from schemas.errors import LedgerError, UnavailableError

Key = Callable[[str], PublicKey | None]
Examined = Candidate | LedgerError
# What a process gives back for one wire: was the key known, the record's lots, what the read side will say, and the
# digests of the disclosures, joined.
Found = tuple[bool, tuple[Lot, ...], Derived | None, bytes] | LedgerError
# What a process is given at a time, and how much a thread does in one turn.
_CHUNK = 64
_SLICE = 64


class Examiners(Protocol):
    """Who examines. One candidate or refusal for each wire, in order."""

    def examine(self, wires: Sequence[bytes], key: Key) -> list[Examined]:
        """Parse strictly and check signatures where the key is known; processes judge for the read side as well."""
        ...

    def close(self) -> None:
        """Let go of what the examiners hold."""
        ...


class Here:
    """In the caller's thread, one thread at a time: several would only hand the interpreter's lock around.

    Threads take turns, a slice each, so that requests that came together are ready together and make one group.
    """

    def __init__(self) -> None:
        self._turns = Turns()

    def examine(self, wires: Sequence[bytes], key: Key) -> list[Examined]:
        """One candidate or refusal for each wire, in order."""
        found: list[Examined] = []
        for at in range(0, len(wires), _SLICE):
            with self._turns.mine():
                found += examine(wires[at : at + _SLICE], key)
        return found

    def close(self) -> None:
        """Nothing to let go of."""


class Beside:
    """In `count` processes; started at the first request, and again after one died; stopped by `close`."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool = self._started()

    def _started(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._count, mp_context=get_context("spawn"), initializer=collect_rarely)

    def examine(self, wires: Sequence[bytes], key: Key) -> list[Examined]:
        """One candidate or refusal for each wire, in order; `UnavailableError("examiner-died")`."""
        chunks = [wires[at : at + _CHUNK] for at in range(0, len(wires), _CHUNK)]
        keys = _keys_of(wires, key)
        jwks = {kid: known.jwk for kid, known in keys.items()}
        try:
            waiting = [self._pool.submit(_examine_chunk, chunk, jwks) for chunk in chunks]
            found = [item for future in waiting for item in future.result()]
        except BrokenProcessPool:
            self._pool = self._started()
            raise UnavailableError("examiner-died") from None
        return [_candidate(wire, item, keys) for wire, item in zip(wires, found, strict=True)]

    def close(self) -> None:
        """Stop the processes."""
        self._pool.shutdown()


def _examine_chunk(wires: Sequence[bytes], jwks: Mapping[str, Mapping[str, str]]) -> list[Found]:
    """The work of a process."""

    def key(kid: str) -> PublicKey | None:
        jwk = jwks.get(kid)
        return None if jwk is None else PublicKey.from_jwk(jwk)

    return [
        item
        if isinstance(item, LedgerError)
        else (item.key is not None, item.lots, _derived(item.entry), b"".join(item.digests))
        for item in examine(wires, key)
    ]


def _derived(entry: Entry) -> Derived | None:
    """What the read side will say, judged here where there is time for it."""
    return derived_or_found(0, entry, signed=True) if entry.claims.private else None


def _keys_of(wires: Sequence[bytes], key: Key) -> dict[str, PublicKey]:
    """The known keys that these wires name; a wire that cannot be read names none and is refused where it is read."""
    keys: dict[str, PublicKey] = {}
    # A key writes the same header on every entry, so one wire of each header says which keys are needed.
    for wire in {wire.partition(b".")[0]: wire for wire in wires}.values():
        kid = _kid(wire)
        known = None if kid is None else key(kid)
        if kid is not None and known is not None:
            keys[kid] = known
    return keys


def _kid(wire: bytes) -> str | None:
    try:
        return parse_jwt(wire.partition(b"~")[0]).kid
    except LedgerError:
        return None


def _candidate(wire: bytes, found: Found, keys: Mapping[str, PublicKey]) -> Examined:
    if isinstance(found, LedgerError):
        return found
    known, lots, derived, joined = found
    entry = parse_leaf(wire.partition(b"~")[0])
    key = keys.get(entry.jwt.kid) if known else None
    digests = [joined[at : at + DIGEST_BYTES] for at in range(0, len(joined), DIGEST_BYTES)]
    return Candidate(entry, key, lots, derived, wire, digests)
