"""Every operation that publication asks of disk and database, one small method each: the seam for fault tests.

- `step(name, target)` is called before each operation; the real one does nothing, a test makes it raise `OSError`
  (disk full, I/O error) at the n-th call. Names: `write`, `fsync`, `rename`, `fsync-folder`, `read`, `remove`, `folder`,
  and for databases `begin`, `commit`.
- What fails below becomes `UnavailableError("disk-full" | "storage-failed")` at the door, never a half-written file.

    ops.replace(path, data)     # temp file, fsync, rename, fsync of the folder

ARCHITECTURE.md 3.5.
"""

from collections.abc import Sequence
from pathlib import Path


class Ops:
    """The real disk. Subclass and override `step` to make an operation fail."""

    def step(self, name: str, target: str) -> None:
        """Called before every operation; raises to make it fail."""

    def replace(self, files: Sequence[tuple[Path, bytes]]) -> None:
        """Write files so that each is wholly there or not at all, and all are durable on return."""
        raise NotImplementedError

    def read(self, path: Path) -> bytes:
        """The bytes of a file; FileNotFoundError where there is none."""
        raise NotImplementedError

    def remove(self, path: Path) -> None:
        """Delete a file; nothing happens where there is none."""
        raise NotImplementedError
