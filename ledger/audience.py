"""Who looks: which entries of a bundle are opened, and which members of each.

- There is no default: whoever makes a bundle says for whom (ARCHITECTURE.md rule 8).
- `full` sees every disclosure that is held. `public` sees what happened to lots and when: types, steps, times, the
  what-dimension, the parents, and the object key of the subject alone. Never places, parties, transactions, sensors
  or extensions, which can be personal data, and never the keys of other lots, which would let anybody follow them.
- An event hash confirms guesses about what is hidden, so outside full disclosure hash-form event IDs are withheld
  (ARCHITECTURE.md 3.1).
- What a predicate keeps is shown together with what it stands in, `@context` and `type`; `ledger.entry.disclose` sees
  to that.

*Path*: where a value stands in an entry, `("content", "quantityList", 0)`, `("record", "par", 1)`.

    texts = public().disclosures(entry, subject)
    buyer = Audience("buyer", lambda entry, path, subject: path[0] == "content")
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ledger.entry.disclose import disclose
from ledger.entry.parse import Entry

Path: TypeAlias = tuple[str | int, ...]
Predicate: TypeAlias = Callable[[Entry, Path, str | None], bool]
"""(entry, path, canonical URI of the bundle's subject or None) -> whether the value there may be shown."""

PUBLIC_EVENT = frozenset(
    (
        "type", "action", "eventTime", "eventTimeZoneOffset", "eventID", "bizStep", "disposition",
        "parentID", "epcList", "quantityList", "childEPCs", "childQuantityList", "transformationID",
        "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList",
    )
)  # fmt: skip
PUBLIC_ILMD = frozenset(
    (
        "lotNumber", "itemExpirationDate", "bestBeforeDate", "sellByDate", "productionDate", "packagingDate",
        "harvestStartDate", "harvestEndDate", "countryOfOrigin",
    )
)  # fmt: skip
PUBLIC_ERROR = frozenset(("declarationTime", "reason", "correctiveEventIDs"))
_HASH_FORM = "ni:///sha-256;"


@dataclass(frozen=True, slots=True)
class Audience:
    """One who looks. `whole`: full disclosure, which alone may show hash-form event IDs."""

    name: str
    predicate: Predicate
    whole: bool = False

    def disclosures(self, entry: Entry, subject: str | None) -> list[str]:
        """The disclosures of `entry` that this audience may see in a bundle about `subject`, sorted as ASCII."""
        if self.whole:
            return sorted(disclosure.text for disclosure in entry.disclosures)
        return sorted(disclose(entry, lambda path: self.sees(entry, path, subject)))

    def sees(self, entry: Entry, path: Path, subject: str | None) -> bool:
        """Whether the value at `path` may be shown."""
        if self.whole:
            return True
        return not _confirms_guesses(entry, path) and self.predicate(entry, path, subject)


def full() -> Audience:
    """Everything that is held: the member itself, an auditor."""
    return Audience("full", lambda entry, path, subject: True, whole=True)


def public() -> Audience:
    """What anybody may see of a lot: its consumer page."""
    return Audience("public", _public)


AUDIENCES: Mapping[str, Callable[[], Audience]] = {"full": full, "public": public}
"""The audiences that can be asked for by name."""


def _public(entry: Entry, path: Path, subject: str | None) -> bool:
    part, *rest = path
    if part == "profile":
        return rest[:1] in (["name"], [])
    if not rest:
        return entry.claims.kind in ("event", "correction")
    if part == "record":
        return rest[0] == "par" or (rest[0] == "lots" and _is_lot(entry, rest[1:], subject))
    return entry.claims.kind in ("event", "correction") and _public_event([str(name) for name in rest])


def _public_event(names: list[str]) -> bool:
    if names[0] in PUBLIC_EVENT:
        return True
    inner = {"ilmd": PUBLIC_ILMD, "errorDeclaration": PUBLIC_ERROR}.get(names[0])
    # Only the bare word and CBV's own prefix are the standard's; whatever else is there is somebody's extension.
    return inner is not None and (len(names) == 1 or names[1].removeprefix("cbvmda:") in inner)


def _is_lot(entry: Entry, rest: list[str | int], subject: str | None) -> bool:
    """The list itself, or its element that speaks of the subject."""
    if not rest:
        return True
    lots = _member(entry.record, "lots")
    position = rest[0]
    if subject is None or not isinstance(lots, list) or not isinstance(position, int):
        return False
    lot = lots[position]
    return bool(_member(lot, "id") == subject)


def _confirms_guesses(entry: Entry, path: Path) -> bool:
    if path[:2] == ("content", "eventID"):
        return _hash_form(_member(entry.content, "eventID"))
    if path[:3] == ("content", "errorDeclaration", "correctiveEventIDs"):
        named = _member(_member(entry.content, "errorDeclaration"), "correctiveEventIDs")
        return isinstance(named, list) and any(_hash_form(each) for each in named)
    return False


def _member(tree: Any, name: str) -> Any:
    return tree.get(name) if isinstance(tree, Mapping) else None


def _hash_form(value: Any) -> bool:
    return isinstance(value, str) and value.lower().startswith(_HASH_FORM)
