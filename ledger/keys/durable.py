"""Small files that survive a crash: written whole beside their place, synced, then put there in one step.

- A reader sees the old file or the new one, never a part; after a return, a power cut changes nothing.
- Mode 0600 from the first byte: there is no moment at which somebody else could open the file.
- `create` never overwrites.

    create(folder / "admin.pem", pem)
"""

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from schemas.errors import InputError, UnavailableError

_FULL = (errno.ENOSPC, errno.EDQUOT)


def create(path: Path, data: bytes) -> None:
    """A new file; `InputError("file-exists")` if there is one, `UnavailableError("file-write")`."""
    with _temporary(path, data) as temporary:
        try:
            # A link, unlike a rename, fails where something stands already.
            os.link(temporary, path)
        except FileExistsError:
            raise InputError("file-exists", file=path.name) from None
    sync_folder(path.parent)


def replace(path: Path, data: bytes) -> None:
    """A file's new content, whole or not at all; `UnavailableError("file-write")`."""
    with _temporary(path, data) as temporary:
        os.replace(temporary, path)
    sync_folder(path.parent)


@contextlib.contextmanager
def _temporary(path: Path, data: bytes) -> Iterator[Path]:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    except OSError as error:
        raise UnavailableError("file-write", file=path.name, problem=_problem(error)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _problem(error: OSError) -> str:
    return "no space left" if error.errno in _FULL else os.strerror(error.errno or 0)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable, as POSIX asks after a link or rename."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """A private folder (0700), with its parents; one that is there stays as it is."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnavailableError("file-write", file=folder.name, problem=_problem(error)) from error


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder against other processes that change it too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
