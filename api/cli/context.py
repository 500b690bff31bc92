"""What every command shares: the language, the store, the passphrase and the exit status of an error.

Environment and terminal are read here and passed down; no room below asks for them.
"""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import click

from schemas.errors import InputError, LedgerError, UnavailableError
from schemas.wording import Language, sentence

_USAGE = frozenset(
    (
        "passphrase-missing", "password-missing", "store-missing", "usage", "bundle-of-what", "keys-folder-missing",
        "member-or-operator", "publish-what", "give-public", "parameter-form", "erase-what", "erase-unconfirmed",
        "master-history", "device-fingerprint-missing", "tls-or-lan", "recall-what", "recall-which",
    )
)  # fmt: skip
_UNREADABLE: dict[type[OSError], str] = {
    FileNotFoundError: "file-absent",
    PermissionError: "file-no-access",
    IsADirectoryError: "file-is-folder",
}
EXIT_USAGE, EXIT_INPUT, EXIT_UNAVAILABLE = 64, 65, 69
EXIT_PIPE = 128 + 13
DEFAULT_STORE = "filiera-data"
YES = frozenset({"y", "yes", "s", "si", "sì"})

MOST_ENTRY = 2**53
ENTRY = click.IntRange(0, MOST_ENTRY)
"""The index of an entry, as HTTP takes it too; no database has to count further."""

Command = TypeVar("Command", bound=Callable[..., Any])


def exit_code(error: LedgerError) -> int:
    """The exit status of sysexits for an error: 64 usage, 69 unavailable, 65 everything that was sent wrong."""
    if error.code in _USAGE:
        return EXIT_USAGE
    return EXIT_UNAVAILABLE if isinstance(error, UnavailableError) else EXIT_INPUT


def current_language(context: Mapping[str, Any] | None = None) -> Language:
    """The language of messages: `--lang`, then `FILIERA_LANG`, then `LC_ALL`/`LC_MESSAGES`/`LANG`; Italian by `it*`."""
    if context is None:
        found = click.get_current_context(silent=True)
        context = found.find_root().obj if found is not None and found.find_root().obj else {}
    chosen = context.get("lang") or os.environ.get("FILIERA_LANG")
    if not chosen:
        variables = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        chosen = next((value for value in variables if value), "en")
    return "it" if chosen.lower().startswith("it") else "en"


def store_option(command: Command) -> Command:
    """`--store PATH-or-URL`, `--secrets URL` and `--keys DIR`, as every command that opens a ledger takes them."""
    command = click.option(
        "--store",
        default=lambda: os.environ.get("FILIERA_STORE", DEFAULT_STORE),
        show_default="FILIERA_STORE, ./filiera-data",
        help="Folder of the store, or the URL of a PostgreSQL database.",
    )(command)
    command = click.option(
        "--secrets",
        default=lambda: os.environ.get("FILIERA_SECRETS"),
        help="URL of the database of erasable keys (PostgreSQL only).",
    )(command)
    return click.option(
        "--keys",
        type=click.Path(file_okay=False, path_type=Path),
        default=lambda: os.environ.get("FILIERA_KEYS"),
        help="Folder of the key files (default STORE/keys; to be given with PostgreSQL).",
    )(command)


def passphrase_option(command: Command) -> Command:
    """`--passphrase-file FILE`; without it `FILIERA_PASSPHRASE`, else a question on the terminal."""
    return click.option(
        "--passphrase-file",
        type=click.Path(dir_okay=False, path_type=Path),
        default=None,
        help="File whose first line unlocks the key files (else FILIERA_PASSPHRASE, else you are asked).",
    )(command)


def read_passphrase(file: Path | None, *, confirm: bool = False) -> bytes:
    """The passphrase from file, variable or terminal; `InputError("passphrase-missing")` (exit 64) without any."""
    if file is not None:
        try:
            lines = file.read_bytes().splitlines()
        except OSError as error:
            raise InputError("passphrase-file", file=str(file), problem=error.strerror or "unreadable") from None
        if not lines or not lines[0]:
            raise InputError("passphrase-missing")
        return lines[0]
    variable = os.environ.get("FILIERA_PASSPHRASE")
    if variable:
        return variable.encode("utf-8")
    if not sys.stdin.isatty():
        raise InputError("passphrase-missing")
    asked, again = (sentence(code, {}, current_language()) for code in ("ask-passphrase", "ask-passphrase-again"))
    typed: str = click.prompt(asked, hide_input=True, confirmation_prompt=again if confirm else False, err=True)
    return typed.encode("utf-8")


def confirm(code: str) -> None:
    """Ask the question `code` on the terminal; anything but a yes, in either language, ends the command."""
    language = current_language()
    question = f"{sentence(code, {}, language)} {sentence('ask-yes-or-no', {}, language)}"
    answer: str = click.prompt(question, default="", show_default=False, err=True)
    if answer.strip().lower() not in YES:
        raise click.Abort


def policies_folder() -> Path:
    """The folder of the user's known logs (ARCHITECTURE.md 3.6)."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "filiera" / "policies"


def read_input(name: str) -> bytes:
    """The bytes of a file, or of standard input for `-`; `InputError("file-unreadable")` names what failed."""
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        code = _UNREADABLE.get(type(error), "file-unreadable")
        raise InputError(code, file=name or '""', problem=error.strerror or "unreadable") from None


def write_output(name: str | None, data: bytes | Iterable[bytes]) -> None:
    """Write bytes, whole or a piece at a time, to a file, or to standard output for `-` and None; a file is replaced
    whole or not at all."""
    pieces = (data,) if isinstance(data, bytes) else data
    if name is None or name == "-":
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
        return
    target = Path(name)
    if not target.name:
        raise UnavailableError("file-unwritable", file=name or '""', problem="Is a directory")
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as out:
            out.writelines(pieces)
        draft.replace(target)
    except OSError as error:
        raise UnavailableError("file-unwritable", file=name, problem=error.strerror or "unwritable") from None
    finally:
        # Whatever stopped it: an error of the disk, of who makes the pieces, or Ctrl-C.
        with suppress(OSError):
            draft.unlink()
