"""A secret of a member on disk, encrypted with the passphrase: JSON, scrypt (RFC 7914) and AES-256-GCM.

    {"ciphertext":…,"format":"filiera-secret/1","iss":…,"kdf":"scrypt-16384-8-1","nonce":…,"salt":…}

- Binary values are base64url. The key is scrypt(passphrase, salt, N=16384, r=8, p=1), 32 bytes; the additional data of
  AES-GCM is "filiera-secret/1", a newline and `iss`, so that one member's file cannot stand for another's.
- The cost is part of the format and not read from the file: nobody can lower it, or raise it to stop a reader.

    durable.create(path, seal_secret(secret, iss, b"passphrase", os.urandom))
    open_secret(path.read_bytes(), iss, b"passphrase") == secret
"""

from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from schemas.errors import InputError
from schemas.syntax import base64url, json_text

FORMAT = "filiera-secret/1"
KDF = "scrypt-16384-8-1"
_MEMBERS = ["ciphertext", "format", "iss", "kdf", "nonce", "salt"]


@lru_cache(maxsize=64)
def _key(passphrase: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=16384, r=8, p=1).derive(passphrase)


def _context(iss: str) -> bytes:
    return f"{FORMAT}\n{iss}".encode()


def seal_secret(secret: bytes, iss: str, passphrase: bytes, random: Callable[[int], bytes]) -> bytes:
    """The file's bytes; `InputError("passphrase-empty")`."""
    if not passphrase:
        raise InputError("passphrase-empty")
    salt, nonce = random(16), random(12)
    ciphertext = AESGCM(_key(passphrase, salt)).encrypt(nonce, secret, _context(iss))
    values = {"ciphertext": ciphertext, "nonce": nonce, "salt": salt}
    members = {name: base64url.encode(value) for name, value in values.items()}
    return json_text.canonical({"format": FORMAT, "iss": iss, "kdf": KDF, **members})


def open_secret(data: bytes, iss: str, passphrase: bytes) -> bytes:
    """The secret of member `iss`; `InputError`: `secret-file` (not this format), `wrong-passphrase` (or damaged)."""
    tree = json_text.read_integers(data)
    if not isinstance(tree, dict) or sorted(tree) != _MEMBERS or tree["format"] != FORMAT or tree["kdf"] != KDF:
        raise InputError("secret-file", iss=iss)
    salt, nonce, ciphertext = (
        base64url.decode(str(tree[name]), member=name) for name in ("salt", "nonce", "ciphertext")
    )
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, ciphertext, _context(iss))
    except (InvalidTag, ValueError):
        raise InputError("wrong-passphrase", file=iss) from None
