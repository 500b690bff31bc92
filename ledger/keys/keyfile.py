"""Private keys on disk: PKCS#8, encrypted with a passphrase (RFC 5958, RFC 8018), one key a file.

- A key is never written in the clear, an existing file never overwritten, and the file is 0600 and durable before
  anything is signed with it.
- Any tool that reads PKCS#8 reads these: `openssl pkey -in admin.pem`.

    write_key(path, signer, b"passphrase")
    read_key(path, b"passphrase").public.kid

KNOWN LIMIT: the library stretches the passphrase with PBKDF2, 2,048 rounds. That slows a thief of the file little: the
passphrase must be long and random, not a word.
"""

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from ledger.keys import durable
from ledger.keys.signer import MemorySigner
from schemas.errors import InputError

_ENCRYPTED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"
MAX_BYTES = 16_384


def write_key(path: Path, signer: MemorySigner, passphrase: bytes) -> None:
    """Write the key to a new file.

    `InputError`: `passphrase-empty`, `file-exists`; `UnavailableError("file-write")`.
    """
    if not passphrase:
        raise InputError("passphrase-empty")
    encryption = BestAvailableEncryption(passphrase)
    durable.create(path, signer.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))


def read_key(path: Path, passphrase: bytes) -> MemorySigner:
    """The key in a file.

    `InputError`: `key-file-missing`, `key-file-not-encrypted`, `wrong-passphrase` (or a damaged file: nobody can
    tell them apart), `key-type`.
    """
    try:
        with path.open("rb") as file:
            pem = file.read(MAX_BYTES)
    except OSError as error:
        raise InputError("key-file-missing", file=path.name, problem=error.strerror or "") from None
    if not pem.lstrip().startswith(_ENCRYPTED):
        raise InputError("key-file-not-encrypted", file=path.name)
    try:
        return MemorySigner.from_private(load_pem_private_key(pem, passphrase))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InputError("wrong-passphrase", file=path.name) from None
