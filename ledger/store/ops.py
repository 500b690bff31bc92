"""Every operation that publication asks of disk and database, one small method each: the seam for fault tests.

- `step(name, target)` is called before each operation; the real one does nothing, a test makes it raise `OSError`
  (disk full, I/O error) at the n-th call. Names: `folder`, `write`, `fsync`, `rename`, `fsync-folder`, `read`,
  `remove`, and for the databases `begin` and `commit`.
- What fails becomes `UnavailableError("disk-full" | "storage-failed")` at the door, and leaves no half-written file
  under its own name.

    ops.replace([(path, data)])     # temporary file, fsync, rename, fsync of the folder

ARCHITECTURE.md 3.5.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from schemas.errors import UnavailableError

_FULL = {errno.ENOSPC, errno.EDQUOT}


class Ops:
    """The real disk. Subclass and override `step` to make an operation fail."""

    def step(self, name: str, target: str) -> None:
        """Called before every operation; raises `OSError` to make it fail."""

    def replace(self, files: Sequence[tuple[Path, bytes]]) -> None:
        """Write files so that each is wholly there or not at all, and all are durable on return."""
        renames: list[tuple[Path, Path]] = []
        with _reported():
            try:
                for path, data in files:
                    self.make_folder(path.parent)
                    beside = path.with_name(f".{path.name}.new")
                    renames.append((beside, path))
                    self._write(beside, data)
                for beside, path in renames:
                    self.step("rename", str(path))
                    os.replace(beside, path)
                for folder in dict.fromkeys(path.parent for path, _ in files):
                    self.sync_folder(folder)
            except BaseException:
                for beside, _ in renames:
                    with suppress(OSError):
                        beside.unlink(missing_ok=True)
                raise

    def _write(self, path: Path, data: bytes) -> None:
        self.step("write", str(path))
        with open(path, "wb", buffering=0) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]
            self.step("fsync", str(path))
            os.fsync(file.fileno())

    def make_folder(self, folder: Path) -> None:
        """Make a folder and its parents, each durable in its own parent."""
        if folder.is_dir():
            return
        self.make_folder(folder.parent)
        self.step("folder", str(folder))
        folder.mkdir(exist_ok=True)
        self.sync_folder(folder.parent)

    def sync_folder(self, folder: Path) -> None:
        """Make the names in a folder durable."""
        self.step("fsync-folder", str(folder))
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def read(self, path: Path) -> bytes:
        """The bytes of a file; `FileNotFoundError` where there is none."""
        with _reported():
            self.step("read", str(path))
            return path.read_bytes()

    def remove(self, path: Path) -> None:
        """Delete a file; nothing happens where there is none."""
        with _reported():
            self.step("remove", str(path))
            path.unlink(missing_ok=True)

    def database(self, name: str, target: str) -> None:
        """`step` for a database operation (`begin`, `commit`), its failure reported like the disk's."""
        with _reported():
            self.step(name, target)


@contextmanager
def _reported() -> Iterator[None]:
    """An `OSError` other than a missing file becomes `UnavailableError`, without the name of the folder."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        code = "disk-full" if error.errno in _FULL else "storage-failed"
        raise UnavailableError(code, problem=os.strerror(error.errno or errno.EIO)) from error
