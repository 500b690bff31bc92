"""`restore`: a store brought back from a backup, and the question whether its log may go on.

- The backup is audited first: what is altered is not restored.
- The guard outside the store knows the highest checkpoint that was signed. Where it says that nothing is missing the
  same log goes on. Where it knows a higher one, or is gone, entries above the backup may exist in other hands: a log
  that signed again from there would have two histories.
- `accept_rollback` then founds a *successor*: the restored log stays readable in `predecessor`, signs nothing more, and
  the new genesis names the highest checkpoint known of it. The founder keeps its id; its keys are new.

    restored = restore(Path("backup"), "filiera-data", guard=guard, accept_rollback=None)

ARCHITECTURE.md 3.3 (predecessor), 3.5.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ledger.custody.audit import Account, audit
from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.registry.bodies import Predecessor
from ledger.store.copy import copy_ledger, copy_secrets
from ledger.store.engine import LEDGER_FILE, LOG_FOLDER, SECRETS_FILE, Store, shown
from ledger.writer.contradiction import hold
from ledger.writer.guard import Guard
from schemas.errors import EvidenceError, InputError, UnavailableError

PREDECESSOR = "predecessor"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back. `location`: where the old log stands now, `shown` without a password; `predecessor`: set where
    it may not go on, what the genesis of its successor has to name."""

    origin: str
    size: int
    location: str
    shown: str
    predecessor: Predecessor | None


def restore(
    backup: Path,
    location: str,
    *,
    guard: Callable[[str], Guard],
    accept_rollback: bool,
    secrets: Path | None = None,
    beside: str | None = None,
    progress: Progress = lambda done, total: None,
) -> Restored:
    """Bring `backup` back into the empty store `location` (`beside`: the URL of its secrets on PostgreSQL).

    `guard(origin)` is the guard of a log; `secrets` the copy of the disclosures' keys. `InputError`: `restore-source`,
    `restore-no-guard`, `restore-needs-folder`, `store-exists`; `EvidenceError`: `log-rolled-back`, `log-forked`, and
    whatever an audit finds.
    """
    if not (backup / LEDGER_FILE).exists():
        raise InputError("restore-source", folder=str(backup))
    account = audit(lambda path: _tile(backup, path), known=None, progress=progress)
    predecessor = _standing(backup, account, guard(account.origin), accept_rollback=accept_rollback)
    target = location
    if predecessor is not None:
        if "://" in location:
            raise InputError("restore-needs-folder")
        target = str(Path(location) / PREDECESSOR)
    _copy(backup, target, beside, secrets)
    return Restored(account.origin, account.size, target, shown(target), predecessor)


def _tile(backup: Path, path: str) -> bytes:
    return (backup / LOG_FOLDER / path).read_bytes()


def _standing(backup: Path, account: Account, guard: Guard, *, accept_rollback: bool) -> Predecessor | None:
    """None where the guard says that nothing is missing; else what is known of the log, if that was accepted."""
    head = Checkpoint(account.origin, account.size, account.root)
    kept = guard.note()
    if kept is None:
        if not accept_rollback:
            raise InputError("restore-no-guard", origin=account.origin, size=account.size)
        return Predecessor(account.origin, account.size, account.root)
    try:
        with Store.open(str(backup)) as store:
            hold(store, head, kept, account.vkey, source=str(guard.path))
    except EvidenceError as error:
        if error.code != "log-rolled-back" or not accept_rollback:
            raise
        highest = open_checkpoint(kept, account.vkey)
        return Predecessor(highest.origin, highest.size, highest.root)
    return None


def _copy(backup: Path, target: str, beside: str | None, secrets: Path | None) -> None:
    try:
        with Store.open(str(backup)) as source, Store.create(target, secrets=beside) as store:
            copy_ledger(source, store)
            if secrets is not None:
                _copy_secrets(secrets, store)
    except OSError as error:
        raise UnavailableError("restore-failed", store=shown(target), problem=error.strerror or "unknown") from None
    (backup / SECRETS_FILE).unlink(missing_ok=True)


def _copy_secrets(file: Path, store: Store) -> None:
    """The copy of the secrets is opened as the store that `backup --secrets` made it in."""
    if not file.is_file():
        raise InputError("restore-secrets", file=str(file))
    draft = file.with_name(f".{file.name}.restore")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        with Store.create(str(draft)):
            pass
        shutil.copyfile(file, draft / SECRETS_FILE)
        with Store.open(str(draft)) as saved:
            copy_secrets(saved, store)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
