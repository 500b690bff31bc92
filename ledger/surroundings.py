"""What a ledger takes from the machine it runs on: folders, environment and the name of this process.

- Asked by `ledger.node` and `restore` alone, when a ledger is opened; nothing below takes them by itself
  (ARCHITECTURE.md 2, rule 10).

    key_folder("filiera-data", None)  ->  Path("filiera-data/keys")

ARCHITECTURE.md 3.5 (guard), 3.6 (known logs), 3.9 (keys).
"""

import os
import socket
from pathlib import Path

from ledger.writer.guard import Guard, guard_path
from schemas.errors import InputError


def guard_of(origin: str, chosen: str | None) -> Guard:
    """The guard of a log: the file chosen, or the one below the user's state folder."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return Guard(guard_path(origin, chosen, state))


def key_folder(store: str, keys: Path | None) -> Path:
    """`--keys`, else `STORE/keys`; `InputError("keys-folder-missing")` on PostgreSQL, which has no such folder."""
    if keys is not None:
        return Path(keys)
    if "://" in store:
        raise InputError("keys-folder-missing")
    return Path(store) / "keys"


def policies_folder() -> Path:
    """The folder of the user's known logs."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "filiera" / "policies"


def this_process() -> str:
    """Machine and number of this process."""
    return f"{socket.gethostname()}:{os.getpid()}"
