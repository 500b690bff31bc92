"""How the disclosures of one entry stand in two databases: packed and encrypted here, their secret there.

- One key an entry encrypts all its disclosures as one stream; the secret is that key, wrapped by the member's.
- Each is erasable by itself: a disclosure is encrypted with its own part of the stream, its *pad*, and nothing else.
  When one is erased, the pads of the others take the place of the key, which is forgotten: what is left opens as
  before, also from an older copy of the ledger, and the pad that is gone cannot be made again.
- A text opens only if it has the SHA-256 that stands beside it (and in the entry, signed).
- Stores from before have a second form: each disclosure under its own AES-GCM key, these wrapped together. It is read
  and erased from, never written (docs/adr/0008, 0009).

    packed, secret = seal([b"WyJ…"], digest, wrapping_key, key)
    opened(Sealed(STREAM, packed, secret), wrapping_key)  ->  (digest,), (b"WyJ…",)

Packed: count, (position, offset, length)*, digests, ciphertexts. Secret: a byte 0 and the wrapped key; or a byte 1,
count, (position, length)*, and the pads in this order, sealed under a key of their own. Numbers are uint32, big-endian.

docs/adr/0034-one-stream-an-entry.md.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate, pairwise
from struct import Struct, error, pack, unpack_from
from typing import NamedTuple

from ledger.keys.wrapping import (
    KEY_SIZE,
    WRAPPING_SIZE,
    open_each,
    open_one,
    seal_one,
    stream,
    unwrap,
    wrap,
    xor,
)
from schemas.errors import EvidenceError, UnavailableError

GCM, STREAM = 0, 1
"""The form from before, and that of now."""
_DIGEST = 32
_WHOLE, _PADS = b"\x00", b"\x01"
_COUNT = Struct(">I")
_PLACE = Struct(">III")
_PAD = Struct(">II")
_ITEM = Struct(">H32sI")


class Sealed(NamedTuple):
    """The disclosures of an entry as both databases hold them; `secret` is b"" where there is none any more."""

    form: int
    packed: bytes
    secret: bytes


Opened = tuple[Sequence[bytes], Sequence[bytes]]
"""SHA-256 digests, and the texts that have them."""


class Item(NamedTuple):
    """One disclosure, still encrypted: its place on the wire, in the stream, its SHA-256 and its ciphertext."""

    position: int
    offset: int
    digest: bytes
    ciphertext: bytes


def seal(texts: Sequence[bytes], digests: bytes, wrapping_key: bytes, key: bytes) -> tuple[bytes, bytes]:
    """Packed row and secret of texts in wire order, with their SHA-256 digests joined, under a fresh key."""
    lengths = tuple(map(len, texts))
    table = _usual(lengths) if len(lengths) <= _FEW else _table(lengths)
    return table + digests + stream(key, b"".join(texts)), _WHOLE + wrap(key, wrapping_key)


def _table(lengths: tuple[int, ...]) -> bytes:
    """Count, positions, offsets and lengths of an entry from which nothing was erased."""
    offsets = accumulate(lengths, initial=0)
    placed = enumerate(zip(offsets, lengths, strict=False))
    places = [_PLACE.pack(at, offset, length) for at, (offset, length) in placed]
    return _COUNT.pack(len(lengths)) + b"".join(places)


# Events of one kind have disclosures of the same lengths; a table is a few hundred bytes.
_FEW = 64
_usual = lru_cache(maxsize=4096)(_table)


def items(form: int, packed: bytes) -> list[Item]:
    """What a row holds, in wire order; `UnavailableError("disclosure-damaged")` where it was cut short."""
    return _gcm_items(packed) if form == GCM else _stream_items(packed) if packed else []


def _stream_items(packed: bytes) -> list[Item]:
    try:
        (count,) = _COUNT.unpack_from(packed)
        digests = _COUNT.size + count * _PLACE.size
        places = list(_PLACE.iter_unpack(packed[_COUNT.size : digests]))
    except error:
        raise UnavailableError("disclosure-damaged") from None
    at = digests + count * _DIGEST
    found = []
    for place, (position, offset, length) in enumerate(places):
        start = digests + place * _DIGEST
        found.append(Item(position, offset, packed[start : start + _DIGEST], packed[at : at + length]))
        at += length
    if len(places) != count or at != len(packed):
        raise UnavailableError("disclosure-damaged")
    return found


def _gcm_items(packed: bytes) -> list[Item]:
    found: list[Item] = []
    at, size = 0, len(packed)
    while at < size:
        end = at + _ITEM.size
        if end > size:
            raise UnavailableError("disclosure-damaged")
        position, digest, length = _ITEM.unpack_from(packed, at)
        at = end + length
        if at > size:
            raise UnavailableError("disclosure-damaged")
        found.append(Item(position, 0, digest, packed[end:at]))
    return found


def repacked(form: int, kept: Sequence[Item]) -> bytes:
    """A row of these items alone; b"" of none."""
    if not kept:
        return b""
    if form == GCM:
        return b"".join([_ITEM.pack(at, digest, len(text)) + text for at, _, digest, text in kept])
    table = [_PLACE.pack(item.position, item.offset, len(item.ciphertext)) for item in kept]
    columns = [item.digest for item in kept], [item.ciphertext for item in kept]
    return b"".join((_COUNT.pack(len(kept)), *table, *columns[0], *columns[1]))


def opened(sealed: Sealed, wrapping_key: bytes) -> Opened:
    """Digests and texts of the disclosures whose secret is there, in wire order.

    `EvidenceError("disclosure-sealed")` where one was altered or the wrapping key is another;
    `UnavailableError("disclosure-damaged")`.
    """
    if not sealed.secret:
        return (), ()
    if sealed.form == GCM:
        found, texts = _from_keys(items(GCM, sealed.packed), _gcm_keys(sealed.secret, wrapping_key))
    elif sealed.secret[:1] == _WHOLE:
        key = _stream_key(sealed.secret, wrapping_key)
        whole = _untouched(sealed.packed, key)
        if whole is not None:
            return whole
        found = items(STREAM, sealed.packed)
        found, texts = _from_pads(found, _pads_of(key, found))
    else:
        found, texts = _from_pads(items(STREAM, sealed.packed), _pads(sealed.secret, wrapping_key))
    return _checked(b"".join([item.digest for item in found]), texts)


def _checked(digests: bytes, texts: Sequence[bytes]) -> Opened:
    """The texts and the digests that they have, once these are the ones that are kept, joined."""
    found = [sha256(text).digest() for text in texts]
    if b"".join(found) != digests:
        raise EvidenceError("disclosure-sealed")
    return found, texts


def _untouched(packed: bytes, key: bytes) -> Opened | None:
    """Digests and texts of a row from which nothing was erased, in a few steps for all; None of any other."""
    (count,) = _COUNT.unpack_from(packed) if len(packed) >= _COUNT.size else (0,)
    table = _COUNT.size + count * _PLACE.size
    layout = _layout(packed[:table]) if 0 < count <= _FEW else None
    start = table + count * _DIGEST
    if layout is None or len(packed) != start + layout.size:
        return None
    return _checked(packed[table:start], layout.unpack(stream(key, packed[start:])))


@lru_cache(maxsize=4096)
def _layout(table: bytes) -> Struct | None:
    """What cuts the texts of a row apart, where this is the table of one from which nothing was erased."""
    count = len(table) // _PLACE.size
    lengths = unpack_from(f">{3 * count}I", table, _COUNT.size)[2::3] if len(table) % _PLACE.size == _COUNT.size else ()
    return Struct("".join([f"{length}s" for length in lengths])) if table == _table(lengths) else None


def _from_keys(found: Sequence[Item], keys: Mapping[int, bytes]) -> tuple[list[Item], list[bytes]]:
    """The items that have a key, and their texts."""
    there = [item for item in found if item.position in keys]
    return there, open_each([(item.ciphertext, keys[item.position]) for item in there])


def _from_pads(found: Sequence[Item], pads: Mapping[int, bytes]) -> tuple[list[Item], list[bytes]]:
    """The items that have a pad, and their texts."""
    there = [item for item in found if item.position in pads]
    if any(len(pads[item.position]) != len(item.ciphertext) for item in there):
        raise UnavailableError("disclosure-damaged")
    return there, [xor(item.ciphertext, pads[item.position]) for item in there]


def _stream_key(secret: bytes, wrapping_key: bytes) -> bytes:
    """The key of a whole stream."""
    if len(secret) != 1 + KEY_SIZE + WRAPPING_SIZE:
        raise UnavailableError("disclosure-damaged")
    return unwrap(secret[1:], wrapping_key)


def _pads_of(key: bytes, found: Sequence[Item]) -> dict[int, bytes]:
    """The pads of items, from the key of their stream."""
    whole = stream(key, bytes(max([item.offset + len(item.ciphertext) for item in found], default=0)))
    return {item.position: whole[item.offset : item.offset + len(item.ciphertext)] for item in found}


def _pads(secret: bytes, wrapping_key: bytes) -> dict[int, bytes]:
    """The pads that a secret holds one by one."""
    try:
        (count,) = _COUNT.unpack_from(secret, 1)
        start = 1 + _COUNT.size
        end = start + count * _PAD.size
        places = list(_PAD.iter_unpack(secret[start:end]))
    except error:
        raise UnavailableError("disclosure-damaged") from None
    joined = open_one(secret[end:], wrapping_key)
    ends = list(accumulate([length for _, length in places], initial=0))
    if secret[:1] != _PADS or len(places) != count or ends[-1] != len(joined):
        raise UnavailableError("disclosure-damaged")
    return {at: joined[low:high] for (at, _), (low, high) in zip(places, pairwise(ends), strict=True)}


def without(
    sealed: Sealed, gone: Collection[int], wrapping_key: bytes, random: Callable[[int], bytes]
) -> tuple[set[int], bytes]:
    """Which positions can still be opened once those that are `gone` cannot, and the secret for them, b"" for none."""
    if not sealed.secret:
        return set(), b""
    join: Callable[[Mapping[int, bytes], bytes, bytes], bytes]
    if sealed.form == GCM:
        secrets, join = _gcm_keys(sealed.secret, wrapping_key), _joined_keys
    elif sealed.secret[:1] == _WHOLE:
        secrets, join = _pads_of(_stream_key(sealed.secret, wrapping_key), items(STREAM, sealed.packed)), _joined_pads
    else:
        secrets, join = _pads(sealed.secret, wrapping_key), _joined_pads
    kept = {at: secret for at, secret in secrets.items() if at not in gone}
    if len(kept) == len(secrets):
        return set(kept), sealed.secret
    return set(kept), join(kept, wrapping_key, random(KEY_SIZE)) if kept else b""


def _joined_pads(pads: Mapping[int, bytes], wrapping_key: bytes, key: bytes) -> bytes:
    table = b"".join([_PAD.pack(at, len(pad)) for at, pad in pads.items()])
    return _PADS + _COUNT.pack(len(pads)) + table + seal_one(b"".join(pads.values()), wrapping_key, key)


def _joined_keys(keys: Mapping[int, bytes], wrapping_key: bytes, _: bytes) -> bytes:
    return pack(f">{len(keys)}H", *keys) + wrap(b"".join(keys.values()), wrapping_key)


def _gcm_keys(secret: bytes, wrapping_key: bytes) -> dict[int, bytes]:
    """The keys of a secret of the form from before, by position."""
    count, rest = divmod(len(secret) - WRAPPING_SIZE, 2 + KEY_SIZE)
    if rest or count < 1:
        raise UnavailableError("disclosure-damaged")
    fresh = unwrap(secret[2 * count :], wrapping_key)
    positions = unpack_from(f">{count}H", secret)
    return {at: fresh[place * KEY_SIZE : (place + 1) * KEY_SIZE] for place, at in enumerate(positions)}
