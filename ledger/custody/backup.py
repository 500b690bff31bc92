"""`backup`: a copy of a running store, as of one moment, that `restore` and `audit` take.

- The copy is a folder with `ledger.db` and the tiles, whatever the store is; the writer goes on meanwhile.
- Without `secrets` the copy opens no disclosure: keys that erasure must reach are not scattered over backups. With it
  one copy of them is kept, and overwritten by the next (ARCHITECTURE.md 3.8).
- Key files are not part of it: they are few, encrypted, and kept apart on purpose.

    saved = backup(store, Path("backup-2026-11-22"), secrets=None)
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ledger.store.copy import copy_ledger, copy_secrets
from ledger.store.engine import SECRETS_FILE, Store
from schemas.errors import InputError, UnavailableError


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved: entries under the checkpoint that was copied, and rows of secrets."""

    size: int
    secrets: int


def backup(
    store: Store,
    folder: Path,
    *,
    secrets: Path | None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Saved:
    """Copy `store` into a new folder. `InputError("backup-exists")` where something is already there."""
    if folder.exists():
        raise InputError("backup-exists", folder=str(folder))
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        with Store.create(str(draft)) as target:
            size = copy_ledger(store, target, progress)
            target.truncate_wal()
        (draft / SECRETS_FILE).unlink(missing_ok=True)
        draft.replace(folder)
    except OSError as error:
        raise UnavailableError("backup-failed", folder=str(folder), problem=error.strerror or "unknown") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Saved(size, 0 if secrets is None else _save_secrets(store, secrets))


def _save_secrets(store: Store, file: Path) -> int:
    """One copy of the secrets, replaced whole: an old copy would keep what was erased since."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(parents=True, mode=0o700)
        with Store.create(str(draft)) as target:
            copied = copy_secrets(store, target)
            target.truncate_wal()
        saved = draft / SECRETS_FILE
        saved.chmod(0o600)
        saved.replace(file)
    except OSError as error:
        raise UnavailableError("backup-failed", folder=str(file), problem=error.strerror or "unknown") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return copied
