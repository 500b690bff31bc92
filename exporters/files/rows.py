"""Rows that should be there against rows that are, one after the other, without holding the latter.

- A row that was left out or put in is named as one, and what follows it is compared in its new place: one change is one
  difference. Where rows differ otherwise they are compared cell by cell.
- Rows are counted from 1. A row of nothing is no row.

    list(row_differences(expected, found, same, whole, cells))
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from exporters.compare import Difference

E = TypeVar("E")
F = TypeVar("F")


def row_differences(
    expected: Sequence[E],
    found: Iterable[tuple[int, F]],
    same: Callable[[E, F], bool],
    whole: Callable[[int, E | None, F | None], Difference],
    cells: Callable[[int, E, F], Iterator[Difference]],
) -> Iterator[Difference]:
    """`whole`: the difference that a row is missing (no F) or too many (no E), at a number of the file's;
    `cells`: how two rows that should be the same differ."""
    rest, position, shift = iter(found), 0, 0
    here = next(rest, None)
    while here is not None:
        number, row = here
        ahead = next(rest, None)
        while position < len(expected) and position + 1 + shift < number:
            yield whole(position + 1 + shift, expected[position], None)
            position += 1
        if position >= len(expected):
            yield whole(number, None, row)
        elif same(expected[position], row):
            position += 1
        elif position + 1 < len(expected) and same(expected[position + 1], row):
            yield whole(number, expected[position], None)
            position, shift = position + 2, shift - 1
        elif ahead is not None and same(expected[position], ahead[1]):
            yield whole(number, None, row)
            shift += 1
        else:
            yield from cells(number, expected[position], row)
            position += 1
        here = ahead
    for left in range(position, len(expected)):
        yield whole(left + 1 + shift, expected[left], None)
