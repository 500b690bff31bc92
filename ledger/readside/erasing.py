"""Carries out what was declared erased: keys and texts, then every copy that was made of them, then the files.

- The declaration comes first (`erasure`, a signed entry); the transaction that logs it notes that it is due. So a crash
  anywhere leaves it due, and every step below may be done again.
- In this order, each durable before the next: the keys of the disclosures (from then on the texts are lost), their
  ciphertexts, the rows that were derived from them and what came of the jobs of their members, and at last both
  databases are written anew (`ledger.store.scrub`), for what is deleted may linger in their pages.
- With a disclosure goes what hangs from it (`ledger.entry.disclose.hanging`); with the digest of a document's file,
  that file.
- The read side must have followed beyond the entries: who follows keeps them in memory until then.
- `phase` is called by name between the steps and does nothing; a test stops the world there.

    carry_out(store, keyring.wrapping_key, gateway)

ARCHITECTURE.md 3.8; docs/adr/0030-erasing-is-finished.md.
"""

from collections.abc import Callable, Mapping

from ledger.entry.disclose import hanging
from ledger.entry.parse import Entry, parse_leaf, with_disclosures
from ledger.readside import refresh
from ledger.readside.derive import Derived
from ledger.readside.follow import derived_or_found
from ledger.registry.bodies import Erasure
from ledger.registry.read_body import read_body
from ledger.store import disclosures, entries, erasures, files, jobs
from ledger.store.connection import Connection
from ledger.store.engine import Store
from ledger.store.lookups import Lookups
from ledger.store.scrub import scrub

Keys = Callable[[str], bytes]
"""iss -> the member's wrapping key."""
Gateway = Callable[[str], bool]
KIND = "erasure"
DOCUMENT = "document"


def no_phase(_: str) -> None:
    """Nothing happens between the steps."""


def carry_out(store: Store, wrapping_key: Keys, gateway: Gateway, phase: Callable[[str], None] = no_phase) -> int:
    """Erase what is due; how many disclosures went now.

    `gateway(kid)`: is it a key of that role? `UnavailableError`: `read-side-behind`, `wal-busy`; whatever is raised,
    what is not done stays due.
    """
    with store.read() as connection:
        due = erasures.due(connection)
        targets = _targets(connection, due)
        leaves = {index: parse_leaf(entries.get(connection, index)) for index in targets}
    if not due:
        return 0
    gone = 0
    for index, named in targets.items():
        key = wrapping_key(leaves[index].claims.iss)
        gone += disclosures.erase(store, index, _hanging(store, index, named, key), key, phase)
        if leaves[index].claims.kind == DOCUMENT and not _names_its_file(store, index, key):
            files.erase(store, index, phase)
    phase("after-texts")
    _copies(store, leaves, wrapping_key, gateway)
    phase("after-copies")
    scrub(store)
    phase("after-scrub")
    with store.begin() as connection:
        erasures.done(connection, due)
    return gone


def _names_its_file(store: Store, index: int, key: bytes) -> bool:
    """Does what is left of a document still say which file it is? Without that nothing could be held against it."""
    with store.read() as connection:
        content = _left(store, connection, index, key).content
    return content is not None and isinstance(content.get("sha256"), str)


def declared(connection: Connection, at: int) -> Erasure:
    """What the `erasure` entry at an index says."""
    body = read_body("erasure", parse_leaf(entries.get(connection, at)).claims.body or {})
    assert isinstance(body, Erasure)
    return body


def _targets(connection: Connection, due: list[int]) -> dict[int, set[bytes]]:
    """What to erase: the index of each entry, and the digests that were named of it."""
    targets: dict[int, set[bytes]] = {}
    lookups = Lookups.open(connection) if due else Lookups()
    for at in due:
        for erased in declared(connection, at).erased:
            index = lookups.find_leaf(connection, erased.entry)
            # Admission knew it (`erasure-unknown`), and entries stay.
            assert index is not None
            targets.setdefault(index, set()).update(erased.digests)
    return dict(sorted(targets.items()))


def _hanging(store: Store, index: int, digests: set[bytes], key: bytes) -> set[bytes]:
    with store.read() as connection:
        entry = _left(store, connection, index, key)
    return digests | hanging(entry, digests)


def _copies(store: Store, leaves: Mapping[int, Entry], wrapping_key: Keys, gateway: Gateway) -> None:
    with store.begin() as connection:

        def again(index: int) -> Derived:
            leaf = leaves.get(index) or parse_leaf(entries.get(connection, index))
            entry = _left(store, connection, index, wrapping_key(leaf.claims.iss))
            return derived_or_found(index, entry, signed=not gateway(leaf.jwt.kid))

        # Of entries of public kinds nothing is derived.
        refresh.replace(connection, [index for index, leaf in leaves.items() if leaf.claims.private], again)
        jobs.forget(connection, {leaf.claims.iss for leaf in leaves.values()})


def _left(store: Store, connection: Connection, index: int, key: bytes) -> Entry:
    """The entry with the disclosures that are left."""
    return with_disclosures(entries.get(connection, index), disclosures.get(store, connection, index, key))


def still_held(connection: Connection) -> tuple[int, int] | None:
    """(index of the entry, index of the erasure) of something declared erased that is still kept, or None."""
    lookups = Lookups.open(connection)
    for at, jwt in entries.public_entries(connection):
        if parse_leaf(jwt).claims.kind != KIND:
            continue
        for erased in declared(connection, at).erased:
            index = lookups.find_leaf(connection, erased.entry)
            if index is not None and not set(erased.digests).isdisjoint(disclosures.digests(connection, index)):
                return index, at
    return None
