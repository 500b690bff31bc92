"""The `record` of a private entry: when it was written, what it builds on, where it came from, which lots it is about.

- `iat` integer seconds of the signer's clock; `par` leaf hashes of the entries it builds on (may be empty offline).
- `source` {mediaType, sha256}: what the content was read from, when that was not EPCIS JSON-LD.
- `relay`: the original JWT that another key could not log any more. `reattests`: the leaf hash of a suspect entry.
- `lots`: for each tagged object {id, key, n}; the key travels here, never in a leaf.

    Record(iat=1790000000, lots=(Lot("https://id.gs1.org/01/…/10/P-0107", key, 0),))

ARCHITECTURE.md 3.2.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ledger.entry.claims import digest
from ledger.entry.shown import HIDDEN
from ledger.entry.tags import KEY_BYTES, MAX_N
from schemas.errors import InputError
from schemas.gs1.canonical import keepable
from schemas.syntax.base64url import decode, encode

REQUIRED_ORDER = ("iat", "par", "lots")
REQUIRED = frozenset(REQUIRED_ORDER)
"""What a record always has."""


class Lot(NamedTuple):
    """A tagged object: its URI, its 16-byte key, and which entry about it this is (from 0)."""

    id: str
    key: bytes
    n: int


@dataclass(frozen=True, slots=True)
class Record:
    """A record as a value. Read from a partial presentation, what is hidden is None or missing from its tuple."""

    iat: int | None
    par: tuple[bytes, ...] = ()
    source: tuple[str, bytes] | None = None
    relay: str | None = None
    reattests: bytes | None = None
    lots: tuple[Lot, ...] = ()


def record_tree(record: Record) -> dict[str, Any]:
    """The JSON tree of a record that is to be signed: `iat`, `par` and `lots` always, the rest where given."""
    tree: dict[str, Any] = {"iat": record.iat, "par": [encode(leaf) for leaf in record.par]}
    if record.source is not None:
        tree["source"] = {"mediaType": record.source[0], "sha256": encode(record.source[1])}
    if record.relay is not None:
        tree["relay"] = record.relay
    if record.reattests is not None:
        tree["reattests"] = encode(record.reattests)
    tree["lots"] = [{"id": lot.id, "key": encode(lot.key), "n": lot.n} for lot in record.lots]
    for name, value in tree.items():
        check_member(name, value)
    return tree


def record_value(tree: Mapping[str, Any]) -> Record:
    """The record of a tree that `check_member` and `check_element` have passed, hidden elements left out."""
    source = tree.get("source")
    reattests = tree.get("reattests")
    return Record(
        iat=tree.get("iat"),
        par=tuple(decode(leaf) for leaf in tree.get("par", ()) if leaf is not HIDDEN),
        source=(source["mediaType"], decode(source["sha256"])) if source else None,
        relay=tree.get("relay"),
        reattests=decode(reattests) if reattests else None,
        lots=record_lots(tree),
    )


def record_lots(tree: Mapping[str, Any]) -> tuple[Lot, ...]:
    """The lots alone of such a tree."""
    lots = tree.get("lots", ())
    return tuple([Lot(lot["id"], decode(lot["key"]), lot["n"]) for lot in lots if lot is not HIDDEN])


def check_member(name: str, value: Any) -> None:
    """`InputError` (`record-member`, `record-value`) unless the member is one of a record and its value fits."""
    check = _MEMBERS.get(name)
    if check is None:
        raise InputError("record-member", member=name)
    if not check(value):
        raise InputError("record-value", member=name)


def check_element(name: str, value: Any) -> None:
    """The same for one element of `par` or `lots`."""
    if not _ELEMENTS[name](value):
        raise InputError("record-value", member=name)


_LOT = {"id", "key", "n"}


def _iat(value: Any) -> bool:
    return type(value) is int and value >= 0


def _leaf(value: Any) -> bool:
    digest(value, "record")
    return True


def _source(value: Any) -> bool:
    return type(value) is dict and value.keys() == {"mediaType", "sha256"} and (
        type(value["mediaType"]) is str and 0 < len(value["mediaType"]) <= 255 and _leaf(value["sha256"])
    )  # fmt: skip


def _relay(value: Any) -> bool:
    return type(value) is str and value.isascii() and value.count(".") == 2 and len(value) <= 4096


def lot_of(value: Any) -> Lot:
    """The lot that an element of `lots` is; `InputError` as `check_element`."""
    if type(value) is dict and value.keys() == _LOT:
        id, key, n = value["id"], value["key"], value["n"]
        if type(id) is str and keepable(id) and type(key) is str and type(n) is int and 0 <= n <= MAX_N:
            decoded = decode(key, member="key")
            if len(decoded) == KEY_BYTES:
                return Lot(id, decoded, n)
    raise InputError("record-value", member="lots")


def _lot(value: Any) -> bool:
    lot_of(value)
    return True


def _list_of(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: type(value) is list and all(item is HIDDEN or check(item) for item in value)


_ELEMENTS: dict[str, Callable[[Any], bool]] = {"par": _leaf, "lots": _lot}
_MEMBERS: dict[str, Callable[[Any], bool]] = {
    "iat": _iat, "par": _list_of(_leaf), "source": _source, "relay": _relay, "reattests": _leaf, "lots": _list_of(_lot),
}  # fmt: skip
