"""A reader of tiled logs, written from the C2SP texts alone: nothing here comes from `ledger/`.

It knows signed-note, tlog-checkpoint and tlog-tiles, fetches a log over HTTP from wherever its files are served, and
rebuilds the root from the entries. What it finds wrong it says with `Refused`.

    log = read_log("http://127.0.0.1:8000/log", vkey)
    log.size, log.root, log.entries
"""

import base64
import hashlib
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Fetch = Callable[[str], bytes]


class Refused(Exception):
    """The log is not what its checkpoint says."""


@dataclass(frozen=True)
class Log:
    """What was read and agreed with the signed root."""

    origin: str
    size: int
    root: bytes
    entries: tuple[bytes, ...]


def over_http(prefix: str) -> Fetch:
    """Fetch resources below a URL prefix."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def fetch(path: str) -> bytes:
        with opener.open(f"{prefix.rstrip('/')}/{path}", timeout=10) as answer:
            return bytes(answer.read())

    return fetch


def read_log(prefix: str, vkey: str, checkpoint: str = "checkpoint") -> Log:
    """Read a whole log over HTTP."""
    return read(over_http(prefix), vkey, checkpoint)


def read(fetch: Fetch, vkey: str, checkpoint: str = "checkpoint") -> Log:
    """Read a whole log: checkpoint, every tile of hashes, every entry, and the root from the entries."""
    origin, size, root = open_checkpoint(fetch(checkpoint), vkey)
    entries = read_entries(fetch, size)
    level = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries]
    if tree_hash(level) != root:
        raise Refused("the entries lead to another root")
    number = 0
    while level:
        check_level(fetch, number, level)
        whole = range(0, len(level) - len(level) % 256, 256)
        level = [tree_hash(level[start : start + 256]) for start in whole]
        number += 1
    return Log(origin, size, root, tuple(entries))


def open_checkpoint(data: bytes, vkey: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint that the key of `vkey` signed."""
    name, key_id, material = vkey.strip().split("+", 2)
    key = base64.b64decode(material, validate=True)
    if key[:1] != b"\x01" or len(key) != 33:
        raise Refused("not an Ed25519 verifier key")
    if hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() != key_id:
        raise Refused("the key ID is not that of the key")
    text, _, signatures = data.decode("utf-8").rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        dash, signer, encoded = line.split(" ")
        signature = base64.b64decode(encoded, validate=True)
        if dash == "\u2014" and signer == name and signature[:4].hex() == key_id:
            try:
                Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], text.encode())
            except InvalidSignature:
                raise Refused("the log's signature is wrong") from None
            break
    else:
        raise Refused("the log has not signed this checkpoint")
    origin, size, root, *_ = text.split("\n")
    if origin != name or str(int(size)) != size:
        raise Refused("another log, or a size in another spelling")
    return origin, int(size), base64.b64decode(root, validate=True)


def read_entries(fetch: Fetch, size: int) -> list[bytes]:
    """Every entry, from the entry bundles that a log of this size must serve."""
    entries: list[bytes] = []
    for number, width in tile_widths(size):
        data = fetch(f"tile/entries/{encode_index(number)}{suffix(width)}")
        found = 0
        while data:
            length = int.from_bytes(data[:2], "big")
            if len(data) < 2 + length:
                raise Refused("an entry is torn")
            entries.append(data[2 : 2 + length])
            data = data[2 + length :]
            found += 1
        if found != width:
            raise Refused("a bundle of another width")
    return entries


def check_level(fetch: Fetch, number: int, hashes: list[bytes]) -> None:
    """The tiles of one level hold exactly these hashes."""
    for index, width in tile_widths(len(hashes)):
        data = fetch(f"tile/{number}/{encode_index(index)}{suffix(width)}")
        if data != b"".join(hashes[index * 256 : index * 256 + width]):
            raise Refused(f"tile {index} of level {number} differs")


def tile_widths(count: int) -> list[tuple[int, int]]:
    """Index and width of the tiles of a level that holds `count` hashes."""
    return [(start // 256, min(256, count - start)) for start in range(0, count, 256)]


def encode_index(index: int) -> str:
    """The index in groups of three digits, an x before all but the last."""
    text = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        text = f"x{index % 1000:03}/{text}"
    return text


def suffix(width: int) -> str:
    """What a partial tile's path ends with."""
    return "" if width == 256 else f".p/{width}"


def tree_hash(hashes: list[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962 section 2.1 over leaf (or subtree) hashes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    left = 1
    while left * 2 < len(hashes):
        left *= 2
    return hashlib.sha256(b"\x01" + tree_hash(hashes[:left]) + tree_hash(hashes[left:])).digest()
