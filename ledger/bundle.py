"""The bundle, `*.filiera.json`: entries of a history with the proofs that make them checkable offline.

This module knows the file and nothing of its truth: `parse` refuses every text that is not the one spelling of a
bundle, `write` makes that spelling. Whether it proves anything is decided in `ledger.verify`.

- At most 64 MiB and 10,000 entries; strict JSON, integers only, no member that the format does not know.
- The bytes equal their own RFC 8785 form: no white space, no second spelling, no final newline.
- `self` is the SHA-256 of the RFC 8785 bytes without `self`: it finds damage, it proves nothing.
- Entries rise strictly by (log, index); standing by (log, at, n); disclosures are sorted as ASCII, without repeats.
- Binary values are base64url without padding in their only spelling.

    bundle = parse(data)
    assert write(bundle) == data

Format: docs/spec/bundle.md.
"""

from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Any, Literal, cast

from ledger.fields import Fields
from schemas.errors import InputError
from schemas.syntax import base64url, json_text

FORMAT = "filiera-bundle/1"
MAX_BYTES = 64 * 1024 * 1024
MAX_ENTRIES = 10_000
Direction = Literal["back", "forward", "both"]
DIRECTIONS: tuple[Direction, ...] = ("back", "forward", "both")
Steps = tuple[tuple[int, bytes], ...]
"""A way through the tag tree: pairs of the bit at which a node splits and the digest of the other side."""


@dataclass(frozen=True, slots=True)
class LogPart:
    """One log: its head as a signed note, and the roots of the ranges that hold no entry of the bundle."""

    origin: str
    vkey: str
    checkpoint: str
    size: int
    nodes: tuple[bytes, ...]
    timestamps: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryPart:
    """One leaf as it was logged, and the disclosures that are shown with it."""

    log: int
    index: int
    entry: str
    disclosures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingPart:
    """One key's row in the snapshot at index `at`, with its RFC 6962 path from row number `n`."""

    log: int
    at: int
    n: int
    row: str
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class PresentPart:
    """The n-th tag of the subject is in the tag tree and stands at exactly these indexes."""

    n: int
    indexes: tuple[int, ...]
    path: Steps


@dataclass(frozen=True, slots=True)
class AbsentPart:
    """The leaf that is found where the subject's next tag would be: that tag is in no entry."""

    tag: bytes
    indexes: tuple[int, ...]
    path: Steps


@dataclass(frozen=True, slots=True)
class Completeness:
    """Everything tagged for the subject in the last log, as of the snapshot at index `at`."""

    at: int
    present: tuple[PresentPart, ...]
    absent: AbsentPart


@dataclass(frozen=True, slots=True)
class Bundle:
    """A parsed bundle. `subject` is the canonical URI of what it is about, None where it is about one event."""

    subject: str | None
    direction: Direction
    logs: tuple[LogPart, ...]
    entries: tuple[EntryPart, ...]
    standing: tuple[StandingPart, ...] = ()
    completeness: Completeness | None = None


def looks_like_bundle(data: bytes) -> bool:
    """Whether the bytes claim to be a bundle of any version. A claim, for choosing a reader; never a verdict."""
    return b'"format":"filiera-bundle/' in data


def parse(data: bytes) -> Bundle:
    """The bundle these bytes are; `InputError` with a code of its own for everything that they must not be."""
    if len(data) > MAX_BYTES:
        raise InputError("bundle-too-large", limit=MAX_BYTES)
    tree = json_text.read_integers(data)
    if not isinstance(tree, dict):
        raise InputError("file-member-type", file="bundle", member="", expected="object")
    _check_format(tree)
    bundle = _bundle(Fields(tree, "", "bundle"))
    _check_spelling(data, cast(dict[str, Any], tree))
    _check_order(bundle)
    return bundle


def write(bundle: Bundle) -> bytes:
    """The one spelling of a bundle; parts are put in order, so that equal contents give equal bytes."""
    tree = _tree(bundle)
    tree["self"] = base64url.encode(self_digest(tree))
    return json_text.canonical(tree)


def self_digest(tree: dict[str, Any]) -> bytes:
    """SHA-256 of the RFC 8785 bytes of the object without its member `self`."""
    return sha256(json_text.canonical({name: value for name, value in tree.items() if name != "self"})).digest()


def _check_format(tree: dict[str, Any]) -> None:
    """Asked first: a version we do not know is "cannot tell", while anything else wrong with it would be damage."""
    found = tree.get("format")
    if found != FORMAT:
        raise InputError("bundle-format", expected=FORMAT, found=str(found)[:40])


def _check_spelling(data: bytes, tree: dict[str, Any]) -> None:
    if base64url.decode(tree["self"], member="self") != self_digest(tree):
        raise InputError("bundle-self")
    if json_text.canonical(tree) != data:
        raise InputError("bundle-not-canonical")


def _check_order(bundle: Bundle) -> None:
    if not bundle.logs:
        raise InputError("bundle-without-log")
    if len(bundle.entries) > MAX_ENTRIES:
        raise InputError("bundle-too-many-entries", limit=MAX_ENTRIES, found=len(bundle.entries))
    _rising([(part.log, part.index) for part in bundle.entries], "entries")
    _rising([(part.log, part.at, part.n) for part in bundle.standing], "standing")
    for entry in bundle.entries:
        _rising(list(entry.disclosures), f"disclosures of entry {entry.index}")
        if entry.index >= bundle.logs[entry.log].size:
            raise InputError("bundle-index-beyond-size", index=entry.index, size=bundle.logs[entry.log].size)
    if bundle.completeness:
        _rising([part.n for part in bundle.completeness.present], "completeness")


def _rising(keys: list[Any], member: str) -> None:
    for before, after in pairwise(keys):
        if not before < after:
            raise InputError("bundle-order", member=member)


def _bundle(top: Fields) -> Bundle:
    top.text("format")
    top.binary("self", 32)
    direction = top.text("direction")
    if direction not in DIRECTIONS:
        raise InputError("bundle-direction", found=direction[:40])
    logs = tuple(_log(item) for item in top.objects("logs"))
    bundle = Bundle(
        top.optional_text("subject"),
        direction,
        logs,
        tuple(_entry(item, len(logs)) for item in top.objects("entries")),
        tuple(_standing(item, len(logs)) for item in top.objects("standing")),
        _completeness(top.optional_object("completeness")),
    )
    top.done()
    return bundle


def _log(item: Fields) -> LogPart:
    part = LogPart(
        item.text("origin"),
        item.text("vkey"),
        item.text("checkpoint"),
        item.integer("size"),
        item.binaries("nodes", 32),
        item.binaries("timestamps", None),
    )
    item.done()
    return part


def _entry(item: Fields, logs: int) -> EntryPart:
    part = EntryPart(
        item.below("log", logs), item.integer("index"), item.ascii("entry"), tuple(item.asciis("disclosures"))
    )
    item.done()
    return part


def _standing(item: Fields, logs: int) -> StandingPart:
    part = StandingPart(
        item.below("log", logs),
        item.integer("at"),
        item.integer("n"),
        item.ascii("row"),
        item.binaries("path", 32),
    )
    item.done()
    return part


def _completeness(item: Fields | None) -> Completeness | None:
    if item is None:
        return None
    present = []
    for each in item.objects("present"):
        present.append(PresentPart(each.integer("n"), each.integers("indexes"), each.steps("path")))
        each.done()
    absent = item.object("absent")
    part = AbsentPart(absent.binary("tag", 32), absent.integers("indexes"), absent.steps("path"))
    absent.done()
    found = Completeness(item.integer("at"), tuple(present), part)
    item.done()
    return found


def _tree(bundle: Bundle) -> dict[str, Any]:
    tree: dict[str, Any] = {
        "format": FORMAT,
        "direction": bundle.direction,
        "logs": [_log_tree(part) for part in bundle.logs],
        "entries": [_entry_tree(part) for part in sorted(bundle.entries, key=lambda part: (part.log, part.index))],
        "standing": [
            {"log": part.log, "at": part.at, "n": part.n, "row": part.row, "path": _texts(part.path)}
            for part in sorted(bundle.standing, key=lambda part: (part.log, part.at, part.n))
        ],
    }
    if bundle.subject is not None:
        tree["subject"] = bundle.subject
    if bundle.completeness is not None:
        tree["completeness"] = _completeness_tree(bundle.completeness)
    return tree


def _log_tree(part: LogPart) -> dict[str, Any]:
    return {
        "origin": part.origin,
        "vkey": part.vkey,
        "checkpoint": part.checkpoint,
        "size": part.size,
        "nodes": _texts(part.nodes),
        "timestamps": _texts(part.timestamps),
    }


def _entry_tree(part: EntryPart) -> dict[str, Any]:
    return {
        "log": part.log,
        "index": part.index,
        "entry": part.entry,
        "disclosures": sorted(part.disclosures),
    }


def _completeness_tree(part: Completeness) -> dict[str, Any]:
    return {
        "at": part.at,
        "present": [
            {"n": each.n, "indexes": list(each.indexes), "path": _steps(each.path)}
            for each in sorted(part.present, key=lambda each: each.n)
        ],
        "absent": {
            "tag": base64url.encode(part.absent.tag),
            "indexes": list(part.absent.indexes),
            "path": _steps(part.absent.path),
        },
    }


def _texts(values: tuple[bytes, ...]) -> list[str]:
    return [base64url.encode(value) for value in values]


def _steps(path: Steps) -> list[list[Any]]:
    return [[bit, base64url.encode(digest)] for bit, digest in path]
