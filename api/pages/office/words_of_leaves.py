"""What the values of a record are called on pages; a value that has no words of its own goes by its name in EPCIS.

label(leaf, "it")  ->  "Quantità"
"""

from collections.abc import Iterator, Sequence

from api.pages.office.leaves import Leaf
from api.pages.shell.words import table
from schemas.wording import Language

ROOM = "office"


def label(leaf: Leaf, language: Language) -> str:
    """What a value is called."""
    known = table(ROOM)[language]
    return known.get(f"leaf-{leaf.word}") or known.get(f"leaf-{leaf.word.partition('.')[0]}") or leaf.name.lstrip("/")


def rows(listed: Sequence[Leaf]) -> Iterator[list[Leaf]]:
    """The values in the rows that they share."""
    row: list[Leaf] = []
    for leaf in listed:
        if row and row[0].row != leaf.row:
            yield row
            row = []
        row.append(leaf)
    if row:
        yield row
