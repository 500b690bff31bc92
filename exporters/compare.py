"""What a file says against what it should say, place by place; the first difference is named.

- A *place* is named as who opens the file would name it: a cell, a JSON pointer, the path of an element, a page.
- What should be there is gone through in its own order; then what is there besides.

    list(differences({"Shipping!B4": "800"}, {"Shipping!B4": "900"}))
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SHOWN = 120


@dataclass(frozen=True, slots=True)
class Difference:
    """One place: what its bundle says should stand there and what stands there. None: nothing. `code`: the sentence
    that says it, where it is not simply another value."""

    place: str
    expected: str | None
    found: str | None
    code: str = "paper-differs"


def differences(expected: Mapping[str, str], found: Mapping[str, str]) -> Iterator[Difference]:
    """Every place where the two are not the same."""
    for place, text in expected.items():
        if found.get(place) != text:
            yield Difference(place, text, found.get(place))
    for place, text in found.items():
        if place not in expected:
            yield Difference(place, None, text)


def shown(text: str | None) -> str:
    """A value as it stands in a sentence: short, on one line; – for nothing."""
    if text is None:
        return "–"
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
