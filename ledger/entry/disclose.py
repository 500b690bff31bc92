"""Show a part of an entry: choose paths, get the disclosures that show them and no others.

- A path names a disclosure: ("content",), ("content", "epcList"), ("content", "epcList", 0),
  ("content", "ilmd", "lotNumber"), ("record", "lots", 2), ("profile", "name").
- A chosen path brings what it hangs from; it does not bring what hangs from it: `epcList` alone shows how many
  elements there are, and none of them.
- `type` and `@context` come with any member of a content: without them no member has a meaning.

    disclose(entry, lambda path: path[:2] in {("content", "bizStep"), ("content", "epcList")})

`hanging` is the reverse question: what goes with a disclosure that goes.

ARCHITECTURE.md 3.2; which paths a reader may see is `ledger.audience`'s to say.
"""

from collections.abc import Callable, Collection, Iterator, Mapping

from ledger.entry.disclosure import Disclosure
from ledger.entry.parse import Entry
from schemas.syntax.base64url import encode
from schemas.syntax.json_text import Json

Path = tuple[str | int, ...]
_ALWAYS = ("type", "@context")


def paths(entry: Entry) -> dict[Path, Disclosure]:
    """Every disclosure of the entry by its path, each after the one it hangs from."""
    given = {encode(item.digest): item for item in entry.disclosures}
    return dict(_below((), entry.jwt.payload.get("_sd", ()), given)) if given else {}


def disclose(entry: Entry, keep: Callable[[Path], bool]) -> list[str]:
    """The disclosures that show exactly the paths for which `keep` is true, in the order the entry has them."""
    found = paths(entry)
    chosen: set[Path] = set()
    for path in found:
        if keep(path):
            chosen.update(path[:length] for length in range(1, len(path) + 1))
    if any(path[0] == "content" and len(path) > 1 for path in chosen):
        for name in _ALWAYS:
            chosen.update(path for path in found if path[:2] == ("content", name))
    digests = {found[path].digest for path in chosen if path in found}
    return [item.text for item in entry.disclosures if item.digest in digests]


def hanging(entry: Entry, digests: Collection[bytes]) -> frozenset[bytes]:
    """The digests of what cannot be shown any more without the disclosures of these digests, themselves included.

    That is what hangs from them, and below a content whose `type` or `@context` is among them, every member.
    """
    found = paths(entry)
    roots = {path for path, item in found.items() if item.digest in digests}
    if any(path[0] == "content" and path[1:] in {(name,) for name in _ALWAYS} for path in roots):
        roots |= {path for path in found if path[0] == "content" and len(path) == 2}
    return frozenset(
        item.digest for path, item in found.items() if any(path[:length] in roots for length in range(1, len(path) + 1))
    )


def _below(path: Path, references: Json, given: Mapping[str, Disclosure]) -> Iterator[tuple[Path, Disclosure]]:
    """The disclosures of an `_sd` array and all below them; the entry was read, so the forms are right."""
    for reference in references:  # type: ignore[union-attr]
        found = given.get(reference)  # type: ignore[arg-type]
        if found is None:
            continue
        here = (*path, str(found.name))
        yield here, found
        yield from _inside(here, found.value, given)


def _inside(path: Path, value: Json, given: Mapping[str, Disclosure]) -> Iterator[tuple[Path, Disclosure]]:
    if isinstance(value, dict) and "_sd" in value:
        yield from _below(path, value["_sd"], given)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            found = given.get(str(item["..."])) if isinstance(item, dict) and "..." in item else None
            if found is not None:
                yield (*path, place), found
