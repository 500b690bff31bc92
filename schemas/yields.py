"""How much of what a process may give: bands by what goes in and what comes out, a dated table with its source.

- A band is the least and the most of the output for one of the input, in the units it names. What is outside is no
  crime but a finding, since plants, years and varieties differ: a table of one's own takes the place of this one.
- Goods are named by the `commodity` of their product, in English or Italian, whole words and without regard to case.
- Where no band fits, matter still does not come from nothing: of one dimension no more may come out than went in.

    band("olives", "olive oil", "KGM", "KGM")  ->  Band("olive-oil", "KGM", "KGM", Decimal("0.08"), Decimal("0.26"))
    read_bands(text)        # the same columns as schemas/lists/yields.tsv

FORMATS 5.1 (mass balance). KNOWN LIMIT: the ranges are general knowledge, not law (docs/limits.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from schemas.errors import InputError
from schemas.lists.table import rows
from schemas.units import unit

_COLUMNS = ("process", "from", "to", "from_unit", "to_unit", "least", "most")


@dataclass(frozen=True, slots=True)
class Band:
    """One process: for one `from_unit` of what goes in at least and at most so many `to_unit` of what comes out."""

    process: str
    from_unit: str
    to_unit: str
    least: Decimal
    most: Decimal
    sources: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()


@cache
def bands() -> tuple[Band, ...]:
    """The bands of the table that comes with the program."""
    return tuple([_band(row, number) for number, row in enumerate(rows("yields"), 3)])


def read_bands(text: str) -> tuple[Band, ...]:
    """The bands of somebody's own table: tab-separated, its first line the columns; `InputError("yields-table")`."""
    numbered = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    if not numbered or tuple(numbered[0][1].split("\t")) != _COLUMNS:
        raise InputError("yields-table", line=numbered[0][0] if numbered else 1, problem=", ".join(_COLUMNS))
    found = []
    for number, line in numbered[1:]:
        cells = line.split("\t")
        if len(cells) != len(_COLUMNS):
            raise InputError("yields-table", line=number, problem=line[:80])
        found.append(_band(dict(zip(_COLUMNS, cells, strict=True)), number))
    return tuple(found)


def _band(row: Mapping[str, str], number: int) -> Band:
    try:
        least, most = Decimal(row["least"]), Decimal(row["most"])
    except InvalidOperation:
        raise InputError("yields-table", line=number, problem=f"{row['least']}, {row['most']}") from None
    if not (least.is_finite() and most.is_finite() and 0 <= least <= most):
        raise InputError("yields-table", line=number, problem=f"{least}, {most}")
    words = [frozenset(_word(word) for word in row[name].split("|")) for name in ("from", "to")]
    return Band(row["process"], row["from_unit"], row["to_unit"], least, most, *words)


def band(source: str, target: str, from_unit: str, to_unit: str, among: Sequence[Band] | None = None) -> Band | None:
    """The first band that fits what goes in, what comes out and their units' dimensions; None where none does."""
    wanted = unit(from_unit).dimension, unit(to_unit).dimension
    for item in bands() if among is None else among:
        if (unit(item.from_unit).dimension, unit(item.to_unit).dimension) != wanted:
            continue
        if _names(source, item.sources) and _names(target, item.targets):
            return item
    return None


def _names(text: str, words: Iterable[str]) -> bool:
    said = f" {_word(text)} "
    return any(f" {word} " in said for word in words)


def _word(text: str) -> str:
    return " ".join(text.replace("-", " ").casefold().split())
