"""`audit`: everything about a log recomputed from its stored bytes, trusting no table and no answer.

1. The checkpoint carries the log's own signature, by the key the caller trusts where there is one.
2. Entry bundles hash to the tiles of level 0, these to the tiles above, all of them to the signed root.
3. Every entry keeps the profile, and its signature is that of the key it names.
4. Lanes, keys, roles, votes and policy are replayed from entry 0; every snapshot says what was true before it.
5. With a store at hand its rows are the entries of the log, every checkpoint it keeps is a prefix of the tree, every
   disclosure is referenced by its entry, what is missing was declared erased by its member, and what was is not kept;
   the files of documents have the digests that their entries sign.

The first thing that is wrong is named, as a `LedgerError` with `entry`, `tile` or `file`; else an `Account` says how
much was checked. A remote log needs nothing but a reader of its paths.

    account = audit(lambda path: (folder / path).read_bytes(), known=None)

ARCHITECTURE.md 3.5, 7; C2SP tlog-tiles.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from ledger.custody.audit_ahead import in_order, in_processes
from ledger.custody.audit_entries import Custody, Hidden
from ledger.custody.audit_standing import StandingAudit
from ledger.custody.audit_tree import Read, TreeAudit
from ledger.entry.parse import parse_leaf
from ledger.log import checkpoint as checkpoints
from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.note import VerifierKey
from ledger.log.policy import KnownLog
from ledger.log.tiles import WIDTH, decode_bundle, entries_path, tile_of
from ledger.registry.replay import Registry
from schemas.errors import EvidenceError, LedgerError

# Below this many entries starting processes costs more than it saves.
PARALLEL_FROM = 4 * WIDTH
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Account:
    """What was checked. `trusted`: the log's key came from the caller, not from the log itself.

    `documents`: the entries of that kind, whose files stand beside the ledger (`ledger.custody.documents.check`).
    """

    origin: str
    size: int
    root: bytes
    vkey: VerifierKey
    trusted: bool
    tiles: int
    keys: int
    members: int
    snapshots: int
    disclosures: int
    erased: int
    documents: tuple[int, ...] = ()


def audit(
    read: Read,
    *,
    known: KnownLog | None,
    custody: Custody | None = None,
    workers: int = 1,
    progress: Progress = lambda done, total: None,
) -> Account:
    """Audit the log behind `read` (paths below `/log/`); see the module for what is checked and what is raised.

    Where that is `custody.read`, every process reads for itself.
    """
    head, vkey = _head(read, known)
    tree, standing = TreeAudit(read, head.size), StandingAudit()
    disclosed = 0
    hidden: list[Hidden] = []
    documents: list[int] = []
    if workers > 1 and head.size >= PARALLEL_FROM:
        judgements = in_processes(tree, standing.jwks, custody, workers)
    else:
        judgements = in_order(tree, standing.jwks, custody)
    with closing(judgements):
        for judged in judgements:
            tree.take(judged.edge, judged.root)
            standing.take(judged)
            disclosed += judged.disclosures
            hidden += judged.hidden
            documents += judged.documents
            progress(judged.stop, head.size)
    tree.finish(head.root)
    erased = _declared(hidden, standing)
    registry = standing.registry
    if registry is None or registry.origin != head.origin:
        raise EvidenceError("audit-origin", origin=head.origin)
    if registry.log_key != vkey.key.raw:
        raise EvidenceError("audit-log-key", origin=head.origin)
    if known is not None and registry.genesis_leaf != known.genesis:
        raise EvidenceError("audit-genesis", origin=head.origin)
    return Account(
        origin=head.origin,
        size=head.size,
        root=head.root,
        vkey=vkey,
        trusted=known is not None,
        tiles=tree.tiles,
        keys=len(registry.keys()),
        members=len(registry.members()),
        snapshots=standing.snapshots,
        disclosures=disclosed,
        erased=erased,
        documents=tuple(documents),
    )


def _head(read: Read, known: KnownLog | None) -> tuple[Checkpoint, VerifierKey]:
    """The published checkpoint, opened with the known key, or with the key that the log's own genesis names."""
    try:
        note = read("checkpoint")
    except (OSError, LookupError):
        raise EvidenceError("audit-no-checkpoint") from None
    if known is not None:
        return open_checkpoint(note, known.vkey), known.vkey
    claimed, _ = checkpoints.parse(note)
    if claimed.size == 0:
        raise EvidenceError("audit-no-checkpoint")
    bundle = tile_of(None, 0, claimed.size)
    try:
        data = read(bundle.path)
        width = bundle.width
    except (LedgerError, OSError, LookupError):
        data, width = _full_bundle(read, bundle.path), WIDTH
    genesis = Registry.genesis(parse_leaf(decode_bundle(data, width)[0]))
    vkey = VerifierKey.of_log(genesis.origin, genesis.log_key)
    return open_checkpoint(note, vkey), vkey


def _full_bundle(read: Read, wanted: str) -> bytes:
    try:
        return read(entries_path(0))
    except (LedgerError, OSError, LookupError):
        raise EvidenceError("audit-tile-missing", tile=wanted) from None


def _declared(hidden: Sequence[Hidden], standing: StandingAudit) -> int:
    """How many digests are missing, all of them declared erased by the member of their entry."""
    for entry in hidden:
        if entry.digests - standing.erased.get((entry.iss, entry.leaf), set()):
            raise EvidenceError("audit-disclosure-missing", entry=entry.index)
    return sum(len(entry.digests) for entry in hidden)
