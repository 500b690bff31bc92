"""What of a despatch is in which unit, and what goes loose: every quantity once.

- A unit has of a line what the books say is in it, where that is in the line's unit of measure and no more than is left
  of it. What no unit can be said to hold goes loose.
- A unit of which something cannot be placed so is *unsure*: it goes, and what is in it is told loose.

    load = loads(despatch);  [(unit.sscc, parts) for unit, parts in load.packed], load.loose

FORMATS section 4 (CTE 5 and 6): quantities come from lots, never summed with the SSCC.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from exporters.facts.shipping import Despatch, Line, Unit
from ledger.lots.step import Amount


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a line. `amount`: None where the line's is not known."""

    line: Line
    amount: Amount | None


@dataclass(frozen=True, slots=True)
class Load:
    """A despatch as it is loaded: each unit with its parts, what goes loose, and which units are unsure."""

    packed: tuple[tuple[Unit, tuple[Part, ...]], ...]
    loose: tuple[Part, ...]
    unsure: tuple[Unit, ...]


def loads(note: Despatch) -> Load:
    """The load of a despatch."""
    left = {number: line.amount.quantity for number, line in enumerate(note.lines) if line.amount is not None}
    packed, unsure = [], []
    for unit in {unit.uri: unit for unit in note.units}.values():
        placed = _placed(note.lines, left, unit)
        if placed is None or not placed:
            unsure.append(unit)
        for number, part in (placed or {}).items():
            left[number] -= part.amount.quantity if part.amount else Decimal(0)
        packed.append((unit, tuple((placed or {}).values())))
    loose = (
        Part(line, replace(line.amount, quantity=left[number]) if line.amount else None)
        for number, line in enumerate(note.lines)
        if left.get(number) != 0
    )
    return Load(tuple(packed), tuple(loose), tuple(unsure))


def _placed(lines: Sequence[Line], left: dict[int, Decimal], unit: Unit) -> dict[int, Part] | None:
    """What a unit holds of each line; None where something in it cannot be placed."""
    found: dict[int, Part] = {}
    for uri, held in unit.holds.items():
        number = next((at for at, line in enumerate(lines) if line.uri == uri and _of(line.amount, held)), None)
        if number is None or held is None or held.quantity > left[number]:
            return None
        found[number] = Part(lines[number], held)
    return found


def _of(whole: Amount | None, held: Amount | None) -> bool:
    return whole is not None and held is not None and whole.uom == held.uom
