"""A step as a row of the table `movement`: two JSON texts, written once and read often.

- `packed` is what it does: [action, receipt, correction, parent, [uri, flags]…], objects first and in their order.
- `told` is what it says besides; flows name their objects by their place among the objects.
- Traces and recalls read thousands of rows a question, so reading makes as few objects as it can: what is alike in an
  event is one set, not one for each part of the event.

    step_of(row_of(step)) == step

ARCHITECTURE.md 2, rule 6.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from json import JSONDecoder
from typing import Any, cast

from ledger.lots.movement import Movement
from ledger.lots.step import Amount, Flow, Related, Role, Step
from ledger.store.row_json import writer

Kept = tuple[int, str, str, int | None, int | None]
"""A row: index, `packed`, `told`, the entry that declared it wrong, the entry that it repeats."""
_write = writer()
# Without the searching for white space that `json.loads` does around a text.
_read = JSONDecoder().raw_decode
_MADE, _USED, _MOVED, _CHILD, _BORN, _NAMED = 1, 2, 4, 8, 16, 32
_ROLES: tuple[Role, ...] = ("used", "made", "moved", "parent", "child")
_ROLE = {role: place for place, role in enumerate(_ROLES)}
_NOTHING: frozenset[str] = frozenset()


def row_of(step: Step) -> Kept:
    """The row that keeps a step."""
    return step.index, pack(step.moves), tell(step), step.corrected_by, step.repeats


def pack(moves: Movement) -> str:
    """A movement as JSON."""
    flags: dict[str, int] = dict.fromkeys(moves.objects, _NAMED)
    for bit, uris in _sets(moves):
        for uri in sorted(uris) if len(uris) > 1 else uris:
            flags[uri] = flags.get(uri, 0) | bit
    head = [moves.action, int(moves.receipt), int(moves.correction), moves.parent]
    return _write([*head, *flags.items()])


def _sets(moves: Movement) -> tuple[tuple[int, frozenset[str]], ...]:
    return (
        (_MADE, moves.made),
        (_USED, moves.used),
        (_MOVED, moves.moved),
        (_CHILD, moves.children),
        (_BORN, moves.born),
    )


def unpack(packed: str) -> Movement:
    """The movement again."""
    action, receipt, correction, parent, *flags = _read(packed)[0]
    # Most objects of an event do the same: a set for each combination, shared by all the parts that it stands in.
    alike: dict[int, list[str]] = {}
    for uri, bits in flags:
        if bits in alike:
            alike[bits].append(uri)
        else:
            alike[bits] = [uri]
    sets = [(bits, frozenset(uris)) for bits, uris in alike.items()]
    return Movement(
        tuple([uri for uri, bits in flags if bits & _NAMED]),
        _having(_MADE, sets),
        _having(_USED, sets),
        _having(_MOVED, sets),
        parent,
        _having(_CHILD, sets),
        _having(_BORN, sets),
        bool(receipt),
        action,
        bool(correction),
    )


def _having(bit: int, sets: Sequence[tuple[int, frozenset[str]]]) -> frozenset[str]:
    found = _NOTHING
    for bits, uris in sets:
        if bits & bit:
            found = found | uris if found else uris
    return found


def tell(step: Step) -> str:
    """What a step says besides its movement, as JSON."""
    place = {uri: at for at, uri in enumerate(step.moves.objects)}
    flows = [
        [place[flow.uri], _ROLE[flow.role], *([str(flow.amount.quantity), flow.amount.uom] if flow.amount else [])]
        for flow in step.flows
    ]
    related = step.sources, step.destinations, step.transactions
    where = step.read_point, step.biz_location
    said = step.persistent, step.harvested, step.claims, None if step.wasted is None else str(step.wasted)
    # Few events say it: what is not said takes no room.
    seldom = [step.item_lot, step.recall_subject, step.recall_reason]
    seldom = seldom if any(seldom) else []
    return _write(
        [step.member, step.at, step.type, step.biz_step, step.disposition, *where, *related, flows, *said, *seldom]
    )


def step_of(row: Sequence[Any]) -> Step:
    """The step again."""
    index, packed, told, corrected_by, repeats = cast(Kept, row)
    moves = unpack(packed)
    (
        member, at, type, biz_step, disposition, read_point, biz_location, sources, destinations, transactions, flows,
        persistent, harvested, claims, wasted, *seldom,
    ) = _read(told)[0]  # fmt: skip
    return Step(
        index, member, moves, tuple([_flow(moves.objects, flow) for flow in flows]), at, type, biz_step, disposition,
        read_point, biz_location, _pairs(sources), _pairs(destinations), _pairs(transactions), corrected_by, repeats,
        _pairs(persistent), tuple(harvested), tuple(claims), None if wasted is None else Decimal(wasted), *seldom,
    )  # fmt: skip


def _pairs(kept: Iterable[Any]) -> Related:
    return tuple([(kind, said) for kind, said in kept]) if kept else ()


def _flow(objects: Sequence[str], kept: Sequence[Any]) -> Flow:
    return Flow(objects[kept[0]], _ROLES[kept[1]], _amount(kept[2], kept[3]) if len(kept) > 2 else None)


# Crates of one lot weigh the same: ten thousand of them share one amount.
@lru_cache(maxsize=4096)
def _amount(quantity: str, uom: str | None) -> Amount:
    return Amount(Decimal(quantity), uom)
