"""Which events of a bundle count in its balance, and which of them hide something that would.

- An event that its own member declares wrong here counts no more. Whose `eventID` such a declaration means is compared
  as text; one that means nothing here leaves open what it means.
- What a member says twice in the same words counts once. Where either of the two hides something, that may be what
  tells them apart.

    counted(opened, movements(opened), opinion)  ->  {3: Step(…), 5: Step(…)}

ARCHITECTURE.md 3.4 (`correction`); docs/spec/bundle.md, section 6.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ledger.entry.parse import Entry
from ledger.entry.shown import HIDDEN
from ledger.lots.movement import Movement
from ledger.lots.step import Step, step
from ledger.verify.account import Opinion
from ledger.verify.opened import Opened
from ledger.verify.told import hidden_objects, tags_left_out

_LISTS = (
    "quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList",
    "epcList", "childEPCs", "inputEPCList", "outputEPCList",
)  # fmt: skip


def counted(opened: Opened, moves: Mapping[int, Movement], opinion: Opinion) -> dict[int, Step]:
    """The steps that count, by position in the bundle."""
    entries = {position: _entry(opened, position) for position in moves}
    wrong = _declared_wrong(opened, moves, entries, opinion)
    said: dict[tuple[str, Any], Entry] = {}
    found = {}
    for position, entry in entries.items():
        if moves[position].correction:
            continue
        before = said.setdefault((entry.claims.iss, _frozen(entry.content)), entry)
        if before is not entry:
            if entry.hidden or before.hidden:
                opinion.miss("quantities-hidden", opened.entries[position].index)
        elif position not in wrong:
            found[position] = step(position, entry.claims.iss, entry.content or {}, moves[position])
    return found


def hides(opened: Opened, position: int, moves: Movement) -> bool:
    """Whether an event hides objects, or elements of the lists that state them."""
    shown, entry = opened.entries[position], _entry(opened, position)
    if not entry.hidden:
        return False
    if tags_left_out(opened, shown, entry) or hidden_objects(opened, shown, entry, moves):
        return True
    content: Mapping[str, Any] = entry.content or {}
    return any(item is HIDDEN for name in _LISTS if isinstance(value := content.get(name), list) for item in value)


def _declared_wrong(
    opened: Opened, moves: Mapping[int, Movement], entries: Mapping[int, Entry], opinion: Opinion
) -> set[int]:
    """The positions of events that their own member declares wrong here."""
    named: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, entry in entries.items():
        if not moves[position].correction and (name := _event_id(entry)) is not None:
            named[entry.claims.iss, name].append(position)
    wrong: set[int] = set()
    for position, entry in entries.items():
        if moves[position].correction:
            meant = (entry.claims.iss, _event_id(entry) or "")
            wrong.update(named.get(meant, []))
            if meant not in named:
                opinion.miss("correction-not-read", opened.entries[position].index)
    return wrong


def _entry(opened: Opened, position: int) -> Entry:
    entry = opened.entries[position].entry
    assert entry is not None
    return entry


def _event_id(entry: Entry) -> str | None:
    value = None if entry.content is None else entry.content.get("eventID")
    return value if isinstance(value, str) and value else None


def _frozen(value: Any) -> Any:
    """A value that can be looked up: equal for equal contents, whatever the order of their members."""
    if isinstance(value, dict):
        return frozenset([(name, _frozen(item)) for name, item in value.items()])
    return tuple([_frozen(item) for item in value]) if isinstance(value, list) else value
