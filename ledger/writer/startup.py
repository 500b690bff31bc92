"""Opening a log for writing: read back what is needed to go on, and finish what a crash interrupted.

- The registry comes from its last dump and the public entries after it; lane heads from their own table. Private
  entries are not read, so start-up stays under seconds at 10^6 entries.
- The tiles must give the root of the head that was set last, and the guard must know no higher one: a log that went
  backwards signs nothing more (ARCHITECTURE.md 3.5).
- Entries that were committed but not published get their tiles, head and signature now; the same bytes as then.
- What the read side had not followed is read from the store when its turn comes; start-up does not wait for it.
- Nor for what was declared erased and was not carried out: the first pause does that.

    log = load(store, clock=0.0, wrapping_key=keyring.wrapping_key)
    resume(log, publisher, vkey, guard_note)
"""

from collections.abc import Callable

from ledger.entry.jwt import leaf_hash
from ledger.entry.parse import parse_leaf
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import tree_root
from ledger.log.note import VerifierKey
from ledger.log.tiles import WIDTH, TileNodes
from ledger.registry.replay import Registry
from ledger.store import checkpoints, entries, erasures, read_side
from ledger.store import registry as dumps
from ledger.store.connection import Connection
from ledger.store.engine import Store
from ledger.store.lookups import Lookups
from ledger.writer.contradiction import hold
from ledger.writer.follower import Backlog
from ledger.writer.publish import Publisher
from ledger.writer.snapshots import KIND as SNAPSHOT
from ledger.writer.tree import Tree
from ledger.writer.turn import Log
from schemas.errors import EvidenceError, InputError


def load(store: Store, *, wrapping_key: Callable[[str], bytes]) -> Log:
    """The state of a log as its store holds it, its tree up to the last committed entry."""
    with store.read() as connection:
        size = entries.size(connection)
        if size == 0:
            raise InputError("log-missing")
        head = checkpoints.head(connection)
        published = checkpoints.published(connection)
        registry = replay(connection)
        tree = _tree(store, connection, head, size)
        lookups = Lookups.open(connection)
        kept = checkpoints.kept_sizes(connection)
        backlog = Backlog.of(read_side.size(connection), size)
        erasing = bool(erasures.due(connection))
    note = published[1] if published is not None and head is not None and published[0] == head[0] else b""
    snapshot = kept[-1] - 1 if kept else None
    return Log(registry, tree, lookups, head, note, snapshot, 0.0, wrapping_key, backlog, erasing=erasing)


def log_origin(store: Store) -> str:
    """The origin of a store's log, from its entry 0 alone; `InputError("log-missing")`."""
    with store.read() as connection:
        if entries.size(connection) == 0:
            raise InputError("log-missing")
        return parse_leaf(entries.get(connection, 0)).claims.log


def replay(connection: Connection, earlier: Registry | None = None) -> Registry:
    """The registry after the last committed entry: `earlier` brought forward, else from what the store keeps."""
    dump = dumps.get(connection) if earlier is None else None
    start, registry = (dump[0], Registry.load(dump[1])) if dump is not None else (0, None)
    if earlier is not None:
        start, registry = earlier.size, earlier
    for index, jwt in entries.public_entries(connection, start):
        entry = parse_leaf(jwt)
        if registry is None:
            registry = Registry.genesis(entry)
        else:
            registry.resume(index, entry)
    if registry is None:
        raise InputError("log-missing")
    registry.resume_lanes(entries.lanes(connection), entries.size(connection))
    return registry


def _tree(store: Store, connection: Connection, head: tuple[int, bytes] | None, size: int) -> Tree:
    """The tree of the head, from tiles, grown by the entries that were committed after it."""
    done, root = head if head is not None else (0, b"")
    nodes = TileNodes(store.tiles.read, done)
    if done and tree_root(nodes, done) != root:
        raise EvidenceError("tiles-root", size=done)
    opened = done - done % WIDTH
    jwts = list(entries.span(connection, opened, done))
    tree = Tree(done, nodes, jwts)
    for jwt in entries.span(connection, done, size):
        tree.append(leaf_hash(jwt), jwt)
    return tree


def resume(log: Log, publisher: Publisher, vkey: VerifierKey, kept: bytes | None) -> None:
    """Hold the log against its guard as it was before the log was read (`kept`), then publish what a crash left
    unpublished."""
    head = log.checkpoint
    known = Checkpoint(log.registry.origin, head[0], head[1]) if head else None
    if kept is not None:
        hold(publisher.store, known, kept, vkey, source=str(publisher.guard.path))
    if head is None or head[0] < log.tree.size or not log.note:
        with publisher.store.read() as connection:
            last = parse_leaf(entries.get(connection, log.tree.size - 1))
        ends_with_snapshot = last.claims.kind == SNAPSHOT
        publisher.head(log)
        publisher.publish(log, keep=ends_with_snapshot)
    else:
        # A crash may have come between the database and the file that a plain server gives out.
        publisher.serve(log.note)
