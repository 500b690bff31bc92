"""The rollback guard: the highest checkpoint of a log, kept where a restored store cannot bring it down.

- A log that signed size n and later shows less, or another root for the same size, has two histories. The store alone
  cannot tell, because a backup of it is perfectly consistent; so the highest signed head is kept outside as well.
- The guard only ever rises. It is written after the checkpoint is signed and before anybody is answered.
- It is replaced atomically but not forced to the disk: a guard that fell back to an older head protects a little less
  and accuses nobody, since a store that is ahead of its guard is the normal state.
- Default place: one file per origin under the user's state folder; `--guard PATH` names another one.
- KNOWN LIMIT: `--guard URL` is refused; the guard has to be a path (a mounted share of another machine will do).

    guard = Guard(guard_path("example.org/log", None, state_home))
    guard.note()       # what `ledger.writer.contradiction.hold` compares with the store at every start

ARCHITECTURE.md 3.5; C2SP tlog-checkpoint.
"""

import contextlib
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import InputError, UnavailableError


def guard_path(origin: str, chosen: str | None, state_home: Path) -> Path:
    """Where the guard of `origin` lies: the path chosen, or the user's state folder; InputError for a URL."""
    if chosen is None:
        return state_home / "filiera" / "guards" / hashlib.sha256(origin.encode()).hexdigest()
    if "://" in chosen:
        raise InputError("guard-url-unsupported", guard=chosen)
    return Path(chosen)


@dataclass(frozen=True, slots=True)
class Guard:
    """The file that holds the highest signed checkpoint of one log (a signed note, C2SP signed-note)."""

    path: Path

    def note(self) -> bytes | None:
        """The signed checkpoint kept here, None when there is none yet."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UnavailableError("guard-unreadable", path=str(self.path), problem=error.strerror) from error

    def raise_to(self, note: bytes) -> None:
        """Keep `note` as the highest checkpoint; the caller has checked that it is."""
        beside = self.path.with_name(f"{self.path.name}.{os.getpid()}.tmp")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(note)
            beside.replace(self.path)
        except OSError as error:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            raise UnavailableError("guard-unwritable", path=str(self.path), problem=error.strerror) from error
