"""What of an entry is held, what of it is to be erased, and the declaration that says so (ARCHITECTURE.md 3.8).

- A disclosure is named by where it stands, as a JSON pointer: `/content/destinationList/0`, `/record/source`.
- Named are the outermost disclosures only: with each goes what hangs from it, and without it nobody learns the digests
  of that.
- `type` and `@context` go with the whole content: without them no member has a meaning, and no reader takes one.
- The declaration is an `erasure` entry of the member's admin key, several where one would be too large. It is public
  and stays for ever: its ground names a law or a request, never a person.
- To declare is to erase: the writer carries out what it logged (`ledger.readside.erasing`), whoever signed it.

    targets = [choose(7, entry, ["/content/ilmd/farmer"])]
    declare(node.membership, targets, "GDPR art. 17"); node.erased()
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ledger.entry.disclose import Path, paths
from ledger.entry.parse import Entry
from ledger.store import erasures
from ledger.store.engine import Store
from ledger.writer.membership import Membership, Said
from schemas.errors import InputError, UnavailableError
from schemas.syntax import base64url, json_text

MOST_GROUND = 500
PATIENCE = 30.0
_STEP = 0.05
_CONTEXT = ("type", "@context")
# An entry holds 4,096 bytes, its body in base64: this is left for what is erased, beside the longest origin.
_ROOM = 2500
_PER_ENTRY, _PER_DIGEST = 75, 46


@dataclass(frozen=True, slots=True)
class Held:
    """A disclosure that is held: the JSON pointer of what it shows, and its digest."""

    pointer: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be erased of one entry: its index, member and leaf hash, and the digests to be named."""

    index: int
    iss: str
    leaf: bytes
    digests: tuple[bytes, ...]


def held(entry: Entry) -> list[Held]:
    """Every disclosure of an entry, each after the one it hangs from."""
    return [Held(pointer(path), item.digest) for path, item in paths(entry).items()]


def pointer(path: Path) -> str:
    """A path as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def choose(index: int, entry: Entry, pointers: Sequence[str] = ()) -> Target:
    """What has to be named so that these places go, or everything that is held where none is given.

    `InputError`: `erase-nothing` where nothing is held, `erase-not-held` for a place of which nothing is,
    `erase-context` for the `type` of a content that stays.
    """
    found = {pointer(path): path for path in paths(entry)}
    if not found:
        raise InputError("erase-nothing", entry=index)
    for wanted in pointers:
        if wanted not in found:
            raise InputError("erase-not-held", entry=index, pointer=wanted[:200])
        if found[wanted][0] == "content" and found[wanted][1:] in {(name,) for name in _CONTEXT}:
            raise InputError("erase-context", entry=index, pointer=wanted)
    chosen = [found[wanted] for wanted in pointers] or [path for path in found.values() if len(path) == 1]
    outermost = [path for path in chosen if not any(path[:length] in chosen for length in range(1, len(path)))]
    disclosures = paths(entry)
    digests = sorted({disclosures[path].digest for path in outermost}, key=base64url.encode)
    return Target(index, entry.claims.iss, entry.jwt.leaf, tuple(digests))


def declare(membership: Membership, targets: Sequence[Target], ground: str) -> list[Said]:
    """Declare the erasure of targets, each member's by its own admin key; the entries that say so.

    `InputError`: `erase-ground` for a ground that is none, and those of the registry (`admin-key-missing`, …).
    """
    if not 0 < len(ground) <= MOST_GROUND or not ground.isprintable() or not ground.strip():
        raise InputError("erase-ground", limit=MOST_GROUND)
    room = _ROOM - len(json_text.write_text(ground).encode("utf-8", "replace"))
    said = []
    for iss in sorted({target.iss for target in targets}):
        for some in _fitting([target for target in targets if target.iss == iss], room):
            erased = [
                {"entry": base64url.encode(item.leaf), "digests": [base64url.encode(digest) for digest in item.digests]}
                for item in some
            ]
            said.append(membership.erasure(iss, erased, ground))
    return said


def wait_until_erased(store: Store, sleep: Callable[[float], None]) -> None:
    """Return when the writer, another process, has carried out what is due now; `UnavailableError` when it has not in
    `PATIENCE` seconds ("erasure-unfinished")."""
    with store.read() as connection:
        waited_for = set(erasures.due(connection))
    for _ in range(round(PATIENCE / _STEP)):
        with store.read() as connection:
            if waited_for.isdisjoint(erasures.due(connection)):
                return
        sleep(_STEP)
    raise UnavailableError("erasure-unfinished")


def _fitting(targets: Sequence[Target], room: int) -> Iterator[list[Target]]:
    """The targets in groups of which each fits into one entry; a target with many digests is divided."""
    group: list[Target] = []
    left = room
    for target in targets:
        digests = target.digests
        while digests:
            if group and left < _PER_ENTRY + _PER_DIGEST:
                yield group
                group, left = [], room
            count = max((left - _PER_ENTRY) // _PER_DIGEST, 1)
            group.append(Target(target.index, target.iss, target.leaf, digests[:count]))
            left -= _PER_ENTRY + _PER_DIGEST * len(digests[:count])
            digests = digests[count:]
    if group:
        yield group
