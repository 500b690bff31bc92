"""Recompute a whole log: of a store at hand, of a folder of tiles, or of a remote log."""

from collections.abc import Callable
from pathlib import Path

from ledger.custody.audit import Account, audit
from ledger.custody.audit_heads import check_erased, check_heads
from ledger.custody.audit_store import StoreCustody, forget
from ledger.custody.documents import check as check_document
from ledger.log.checkpoint import parse
from ledger.log.policy import KnownLog
from ledger.node import Node
from ledger.outbound import reader
from ledger.trust import KnownLogs, read_policy
from schemas.errors import EvidenceError, InputError, LedgerError

Read = Callable[[str], bytes]
Progress = Callable[[int, int], None]


def audit_remote(place: str, known: KnownLogs, *, policy: bytes | None, workers: int, progress: Progress) -> Account:
    """Audit the log whose tiles are at a URL or in a folder. A person typed the address: it may be private."""
    read = reader(place, private=True) if place.startswith(("http://", "https://")) else _folder(Path(place))
    return audit(read, known=_known(read, known, policy), workers=workers, progress=progress)


def audit_store(
    node: Node,
    location: str,
    secrets: str | None,
    known: KnownLogs,
    *,
    policy: bytes | None,
    disclosures: bool,
    workers: int,
    progress: Progress,
) -> Account:
    """Audit the log of a store, its rows and kept checkpoints too; with `disclosures` every disclosure and
    every document's file as well."""
    members = node.registry.members() if disclosures else ()
    keys = {member.iss: node.keyring.wrapping_key(member.iss) for member in members}
    custody = StoreCustody(location, secrets, keys if disclosures else None)
    try:
        trusted = _known(custody.read, known, policy)
        found = audit(custody.read, known=trusted, custody=custody, workers=workers, progress=progress)
    finally:
        forget()
    check_heads(node.store, found.size, found.root, found.vkey)
    check_erased(node.store)
    for index in found.documents if disclosures else ():
        check_document(node, index)
    return found


def _folder(folder: Path) -> Read:
    if not folder.is_dir():
        raise InputError("audit-place", place=str(folder))

    def read(path: str) -> bytes:
        return (folder / path).read_bytes()

    return read


def _known(read: Read, known: KnownLogs, policy: bytes | None) -> KnownLog | None:
    """The trusted log of this origin: the policy given, else one of the user's known logs, else none."""
    if policy is not None:
        return read_policy(policy)
    try:
        origin = parse(read("checkpoint"))[0].origin
    except (OSError, LookupError):
        raise EvidenceError("audit-no-checkpoint") from None
    except LedgerError as error:
        if error.code == "tile-missing":
            raise EvidenceError("audit-no-checkpoint") from None
        raise
    return known.load().get(origin)
