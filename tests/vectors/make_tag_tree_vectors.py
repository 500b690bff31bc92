"""Write `tests/vectors/tag_tree/*.json`: sets of tags with their root, proofs of presence and of absence.

The roots and paths come from the definition read aloud (`reference_…` below), not from `ledger.registry.tag_tree`.
Every refused proof is the valid one with one thing changed.

    python tests/vectors/make_tag_tree_vectors.py
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from schemas.syntax.base64url import encode

FOLDER = Path(__file__).parent / "tag_tree"

Items = list[tuple[bytes, tuple[int, ...]]]


def tag_of(number: int) -> bytes:
    """A tag that anybody can make again: SHA-256 of the decimal number."""
    return sha256(str(number).encode("ascii")).digest()


def reference_root(items: Items) -> bytes:
    """The root, by recursion over the definition."""
    if not items:
        return sha256(b"").digest()
    if len(items) == 1:
        tag, indexes = items[0]
        return sha256(b"\x00" + tag + b"".join(index.to_bytes(8, "big") for index in indexes)).digest()
    bit, left, right = reference_split(items)
    return sha256(b"\x01" + bytes([bit]) + reference_root(left) + reference_root(right)).digest()


def reference_split(items: Items) -> tuple[int, Items, Items]:
    """The first bit at which the tags differ, and the items on either side."""
    bits = [f"{int.from_bytes(tag, 'big'):0256b}" for tag, _ in items]
    bit = next(d for d in range(256) if len({text[d] for text in bits}) > 1)
    sides: tuple[Items, Items] = ([], [])
    for item, text in zip(items, bits, strict=True):
        sides[int(text[bit])].append(item)
    return bit, *sides


def reference_walk(items: Items, tag: bytes) -> tuple[bytes, tuple[int, ...], list[list[Any]]]:
    """Where a walk by the bits of `tag` ends, and the path back up."""
    if len(items) == 1:
        return (*items[0], [])
    bit, left, right = reference_split(items)
    one = f"{int.from_bytes(tag, 'big'):0256b}"[bit] == "1"
    near, far = (right, left) if one else (left, right)
    found, indexes, path = reference_walk(near, tag)
    return found, indexes, [*path, [bit, encode(reference_root(far))]]


def trees() -> Iterator[tuple[str, dict[str, Any]]]:
    """Roots of several sets of tags; the buckets of a divided tree have the same."""
    near = [bytes(31) + bytes([last]) for last in (0, 1, 2, 3, 128, 255)]
    sets: dict[str, Items] = {
        "empty": [],
        "one": [(tag_of(0), (4,))],
        "worked-example": worked_example(),
        "two-indexes": [(tag_of(0), (4, 9))],
        "largest-index": [(tag_of(0), (0, 2**53))],
        "close-together": [(tag, (number,)) for number, tag in enumerate(near)],
        "hundred": sorted((tag_of(number), (number, number + 100)) for number in range(100)),
    }
    for name, items in sets.items():
        shown = [{"tag": encode(tag), "indexes": list(indexes)} for tag, indexes in items]
        yield f"root-{name}", {"items": shown, "root": encode(reference_root(items))}


def worked_example() -> Items:
    """The three tags of docs/spec/registry.md."""
    return sorted([(tag_of(0), (4,)), (tag_of(1), (5, 9)), (tag_of(2), (7,))])


def proofs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Proofs in a tree of a hundred tags, and forged ones."""
    items: Items = sorted((tag_of(number), (number, number + 100)) for number in range(100))
    root, size = encode(reference_root(items)), 200
    tag, indexes, path = reference_walk(items, tag_of(7))
    good = {"tag": encode(tag), "indexes": list(indexes), "path": path, "root": root, "size": size}
    yield "present-valid", {"valid": True, "code": None, **good}
    (low, one), (high, two), *rest = path
    forged: dict[str, tuple[str, dict[str, Any]]] = {
        "index-left-out": ("tag-root-mismatch", {"indexes": [7]}),
        "index-added": ("tag-root-mismatch", {"indexes": [7, 107, 108]}),
        "indexes-not-rising": ("tag-indexes-order", {"indexes": [107, 7]}),
        "index-twice": ("tag-indexes-order", {"indexes": [7, 7]}),
        "no-index": ("tag-without-index", {"indexes": []}),
        "index-beyond-the-snapshot": ("tag-index-beyond", {"size": 107}),
        "siblings-swapped": ("tag-root-mismatch", {"path": [[low, two], [high, one], *rest]}),
        "steps-swapped": ("tag-path-order", {"path": [[high, two], [low, one], *rest]}),
        "wrong-d": ("tag-root-mismatch", {"path": [[low + 1, one], [high, two], *rest]}),
        "d-repeated": ("tag-path-order", {"path": [[high, one], [high, two], *rest]}),
        "d-256": ("tag-path-order", {"path": [[256, one], [high, two], *rest]}),
        "path-truncated": ("tag-root-mismatch", {"path": path[1:]}),
        "sibling-short": ("tag-path-hash", {"path": [[low, "AAAA"], [high, two], *rest]}),
        "tag-short": ("tag-length", {"tag": encode(tag[:-1])}),
    }
    for name, (code, change) in forged.items():
        yield f"present-refused-{name}", {"valid": False, "code": code, **good, **change}
    yield from absences(items, root, size)


def absences(items: Items, root: str, size: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """`absent` is the tag that is not there; `tag`, `indexes`, `path` are those of the leaf in its place."""
    absent = tag_of(1000)

    def at(tag: bytes) -> dict[str, Any]:
        found, indexes, path = reference_walk(items, tag)
        return {"tag": encode(found), "indexes": list(indexes), "path": path}

    good = {"absent": encode(absent), **at(absent), "root": root, "size": size}
    other = next(tag for tag, _ in items if encode(tag) != good["tag"])
    forged: dict[str, tuple[str, dict[str, Any]]] = {
        "it-is-present": ("tag-is-present", {"absent": encode(tag_of(7)), **at(tag_of(7))}),
        "shown-elsewhere": ("tag-path-elsewhere", at(other)),
        "present-shown-elsewhere": ("tag-path-elsewhere", {"absent": encode(tag_of(7)), **at(other)}),
        "another-tree": ("tag-root-mismatch", {"root": encode(reference_root(items[1:]))}),
    }
    yield "absent-valid", {"valid": True, "code": None, **good}
    for name, (code, change) in forged.items():
        yield f"absent-refused-{name}", {"valid": False, "code": code, **good, **change}


def written(folder: Path, named: Iterable[tuple[str, dict[str, Any]]]) -> dict[Path, bytes]:
    """The files of some vectors."""
    return {
        folder / f"{name}.json": json.dumps(vector, indent=1, ensure_ascii=False).encode("utf-8") + b"\n"
        for name, vector in named
    }


def vectors() -> dict[Path, bytes]:
    """Every vector file and its bytes."""
    return written(FOLDER, (*trees(), *proofs()))


def write(folder: Path, files: Mapping[Path, bytes]) -> None:
    """Write them, and remove those that are no longer made."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in set(folder.glob("*.json")) - files.keys():
        stale.unlink()
    for path, data in files.items():
        path.write_bytes(data)


if __name__ == "__main__":
    write(FOLDER, vectors())
