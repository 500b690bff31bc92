"""The keys of one store: a folder of encrypted key files, and a list of what is in it.

- `keyring.json` holds only what is public: kid, algorithm, role, member and file name. Losing it loses no key.
- A key is on disk before it is listed, and listed before anybody learns of it; a crash between leaves a file that the
  next `add` of the same key adopts.
- Each member has two secrets of 32 bytes, made once and then only read: the object secret, from which lot keys come
  (ARCHITECTURE.md 3.2), and the wrapping key of its disclosures (3.8).
- Opened keys stay open: a passphrase is stretched once per key.
- Several processes may share the folder: the list is read again when another one changed it.

    keyring = Keyring(store / "keys", passphrase)
    keyring.add(MemorySigner.generate("Ed25519"), role="log", iss="", name="log")
    keyring.log_signer().sign(b"checkpoint")
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ledger.keys import durable, secretfile
from ledger.keys.keyfile import read_key, write_key
from ledger.keys.sealing import Seal
from ledger.keys.signature import Alg
from ledger.keys.signer import MemorySigner
from schemas.errors import InputError
from schemas.syntax import json_text

LIST = "keyring.json"
FORMAT = "filiera-keyring/1"
SECRET_SIZE = 32
_NAME = re.compile(r"[^a-z0-9-]+")
_MEMBERS = ["alg", "file", "iss", "kid", "name", "role"]


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """What the list says of one key; `iss` is empty for keys of no member (the log's)."""

    kid: str
    alg: Alg
    role: str
    iss: str
    name: str
    file: str


class Keyring:
    """The key folder of a store, with the passphrase that opens it (None: only the list can be read)."""

    def __init__(
        self, folder: Path, passphrase: bytes | None, *, random: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        """`InputError("keyring-file")` where the list is not one of ours; an absent folder is an empty keyring."""
        self._folder = folder
        self._passphrase = passphrase
        self._random = random
        self._open: dict[str, MemorySigner] = {}
        self._secrets: dict[str, bytes] = {}
        self._stamp: tuple[int, int, int] | None = None
        self._entries = self._read()

    @property
    def entries(self) -> tuple[KeyEntry, ...]:
        """Every key of the folder, in the order they were added."""
        return tuple(self._listed().values())

    def find(self, *, role: str | None = None, iss: str | None = None) -> list[str]:
        """The kids of a role or member, oldest first."""
        return [
            entry.kid
            for entry in self._listed().values()
            if (role is None or entry.role == role) and (iss is None or entry.iss == iss)
        ]

    def open(self, kid: str) -> MemorySigner:
        """The key itself.

        `InputError`: `key-unknown`, `passphrase-missing`, and those of `read_key`.
        """
        if kid not in self._open:
            entry = self._entry(kid)
            signer = read_key(self._folder / entry.file, self._unlock())
            if signer.public.kid != kid:
                raise InputError("key-file-other", file=entry.file, kid=kid)
            self._open[kid] = signer
        return self._open[kid]

    def add(self, signer: MemorySigner, role: str, iss: str, name: str) -> None:
        """Write a key and list it; adding the same key again only corrects what the list says of it."""
        passphrase = self._unlock()
        kid = signer.public.kid
        file = f"{_NAME.sub('-', role.lower()).strip('-') or 'key'}-{kid}.pem"
        durable.make_folder(self._folder)
        with durable.only_one(self._folder):
            self._entries = self._read()
            file = self._entries[kid].file if kid in self._entries else file
            path = self._folder / file
            if path.exists() and read_key(path, passphrase).public.kid != kid:
                raise InputError("key-file-other", file=file, kid=kid)
            if not path.exists():
                write_key(path, signer, passphrase)
            self._list(KeyEntry(kid, signer.public.alg, role, iss, name, file))
        self._open[kid] = signer

    def assign(self, kid: str, role: str) -> None:
        """Another role for a key: a committed next key that became the admin key. `InputError("key-unknown")`."""
        with durable.only_one(self._folder):
            self._entries = self._read()
            self._list(replace(self._entry(kid), role=role))

    def log_signer(self) -> MemorySigner:
        """The log's key; `InputError("key-missing")`."""
        kids = self.find(role="log")
        if not kids:
            raise InputError("key-missing", role="log")
        return self.open(kids[-1])

    def object_secret(self, iss: str) -> bytes:
        """The member's object secret (32 bytes), made at the first call."""
        return self._member(iss)[:SECRET_SIZE]

    def wrapping_key(self, iss: str) -> bytes:
        """The member's wrapping key for `wrapping.py` (32 bytes), made at the first call."""
        return self._member(iss)[SECRET_SIZE:]

    def seal(self, purpose: str) -> Seal:
        """What closes and opens texts of one purpose with a secret of this folder, so that every process that has the
        folder opens what another closed, and no copy of the store does. `InputError("own-key-missing")`."""
        owner = next((entry.iss for entry in self._listed().values() if entry.role == "operator"), None)
        if owner is None:
            raise InputError("own-key-missing", role="operator")
        return Seal(self.wrapping_key(owner), purpose, self._random)

    def forget(self) -> None:
        """Drop every opened key and the passphrase from this object."""
        self._open.clear()
        self._secrets.clear()
        self._passphrase = None

    def _member(self, iss: str) -> bytes:
        if iss not in self._secrets:
            passphrase = self._unlock()
            path = self._folder / f"secret-{_NAME.sub('-', iss.lower()).strip('-')}.json"
            durable.make_folder(self._folder)
            with durable.only_one(self._folder):
                if not path.exists():
                    fresh = self._random(2 * SECRET_SIZE)
                    durable.create(path, secretfile.seal_secret(fresh, iss, passphrase, self._random))
            self._secrets[iss] = secretfile.open_secret(path.read_bytes(), iss, passphrase)
        return self._secrets[iss]

    def _unlock(self) -> bytes:
        if not self._passphrase:
            raise InputError("passphrase-missing")
        return self._passphrase

    def _entry(self, kid: str) -> KeyEntry:
        if kid not in self._listed():
            raise InputError("key-unknown", kid=kid)
        return self._entries[kid]

    def _listed(self) -> dict[str, KeyEntry]:
        """The list as it stands now: `durable.replace` gives every version of it a file of its own."""
        if self._stamp != self._stamped():
            self._entries = self._read()
        return self._entries

    def _stamped(self) -> tuple[int, int, int] | None:
        try:
            found = (self._folder / LIST).stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _list(self, entry: KeyEntry) -> None:
        self._entries[entry.kid] = entry
        keys = [{name: getattr(each, name) for name in _MEMBERS} for each in self._entries.values()]
        durable.replace(self._folder / LIST, json_text.canonical({"format": FORMAT, "keys": keys}) + b"\n")

    def _read(self) -> dict[str, KeyEntry]:
        # Before the bytes: a list that changes in between is read once more, never once too little.
        self._stamp = self._stamped()
        try:
            tree = json_text.read_integers((self._folder / LIST).read_bytes())
        except FileNotFoundError:
            return {}
        keys = tree.get("keys") if isinstance(tree, dict) and tree.get("format") == FORMAT else None
        if not isinstance(keys, list) or not all(isinstance(key, dict) and sorted(key) == _MEMBERS for key in keys):
            raise InputError("keyring-file", file=LIST)
        entries = [KeyEntry(**key) for key in keys]  # type: ignore[arg-type]
        if any("/" in entry.file or entry.file.startswith(".") for entry in entries):
            raise InputError("keyring-file", file=LIST)
        return {entry.kid: entry for entry in entries}
