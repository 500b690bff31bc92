"""GS1-128 symbols one above the other at the foot of a label, each with its text for people below.

- Elements stay in order: those of predefined length first, so that no separator is needed behind them. A symbol takes
  as many as the width of the label holds; what does not fit goes into the next.
- All bars stand upright, as on a picket fence. The first of the list is the lowest: on a pallet that is the SSCC.

    top = stack(sheet, [*symbols(elements, LOGISTIC, sheet), gs1_128(sscc)], LOGISTIC)

GS1 General Specifications, sections 4.14 and 6.6.4.1; GS1 Logistic Label Guideline.
"""

from collections.abc import Sequence

from exporters.labels.label import Sheet
from exporters.labels.sizes import Use
from exporters.labels.symbols import Symbol, gs1_128
from schemas.errors import InputError
from schemas.gs1.application_identifiers import find
from schemas.gs1.keys import Elements

HRI, GAP, BETWEEN = 3.0, 1.0, 2.0
"""Millimetres: capitals of the text below bars, its distance from them, and from the next bars."""


def in_order(elements: Elements) -> Elements:
    """Those of predefined length first, otherwise as given."""
    return tuple(sorted(elements, key=lambda element: not find(element[0]).predefined))


def symbols(elements: Elements, use: Use, sheet: Sheet) -> list[Symbol]:
    """The symbols of these elements, from the top down; `InputError("label-too-small")` where one alone is too wide."""
    made: list[Symbol] = []
    row: Elements = ()
    for element in in_order(elements):
        longer = _fitting((*row, element), use, sheet)
        if longer is None and row:
            made.append(gs1_128(row))
            row, longer = (), _fitting((element,), use, sheet)
        if longer is None:
            raise sheet.too_small(f"({element[0]}){element[1]}")
        row = (*row, element)
    return [*made, gs1_128(row)] if row else made


def stack(sheet: Sheet, upward: Sequence[Symbol], use: Use) -> float:
    """Draw symbols from the foot of the label upward; how far down what stands above may reach, in millimetres."""
    grid, foot = sheet.grid, sheet.height - sheet.margin
    for symbol in upward:
        dots = module(symbol, use, sheet)
        tall = use.bars(grid)
        top = foot - HRI - GAP - grid.mm(tall)
        left = (grid.dots(sheet.width) - symbol.across * dots) // 2
        sheet.ink(symbol, left, grid.dots(top), dots, tall)
        sheet.text(symbol.text, sheet.margin, foot - HRI, sheet.room, HRI, align="center", whole=True)
        foot = top - BETWEEN
    return foot


def module(symbol: Symbol, use: Use, sheet: Sheet) -> int:
    """Dots a module: the wanted X-dimension, or the largest that is allowed and fits; `label-too-small` without one."""
    room = sheet.grid.dots(sheet.width)
    wanted = use.dots(sheet.grid)
    if symbol.across * wanted <= room:
        return wanted
    found = use.widest(sheet.grid, symbol.across, room)
    if found is None:
        raise sheet.too_small(symbol.text)
    return found


def _fitting(elements: Elements, use: Use, sheet: Sheet) -> Symbol | None:
    try:
        symbol = gs1_128(elements)
        module(symbol, use, sheet)
    except InputError as error:
        if error.code in ("symbol-too-long", "label-too-small"):
            return None
        raise
    return symbol
