"""The edges of a trace: what became what, what was put into what, with the amounts that were stated.

- `transformed`: what one event used and what it made; the amounts are of source and target in that event, so where an
  event has several of each its amounts stand on several edges, and who adds them up counts each source and target once.
- `relabelled`: one thing became one other in the same amount, and nothing else had a part in it.
- `commissioned`: what begins without a source, from itself.
- `packed`: a child into its parent; `unpacked`: out of it.
- `mixed`: what a declared rule says flowed from one pouring into a tank to one drawing.

    Link(7, "https://id.gs1.org/01/…/10/A", "https://id.gs1.org/01/…/10/B", "transformed", Amount(…), Amount(…))

ARCHITECTURE.md 5.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ledger.lots.step import Amount, Step

LinkKind = Literal["transformed", "commissioned", "packed", "unpacked", "relabelled", "mixed"]


@dataclass(frozen=True, slots=True)
class Link:
    """One edge, at the step `index`. `used` and `made` are what it states of source and target, None where nothing."""

    index: int
    source: str
    target: str
    kind: LinkKind
    used: Amount | None = None
    made: Amount | None = None


def kind_of_making(step: Step, used: Amount | None, made: Amount | None) -> LinkKind:
    """How one thing became another: a new label only, or something new."""
    alone = len(step.moves.used) == len(step.moves.made) == 1
    return "relabelled" if alone and used is not None and used == made else "transformed"


def cycles(edges: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """The sets of objects that came from each other, each sorted, and sorted among themselves (Tarjan's components,
    without recursion: a chain may be deep)."""
    after: dict[str, list[str]] = {}
    for source, target in edges:
        after.setdefault(source, []).append(target)
        after.setdefault(target, [])
    found = [sorted(part) for part in _components(after) if len(part) > 1 or part[0] in after[part[0]]]
    return tuple(tuple(part) for part in sorted(found))


def _components(after: dict[str, list[str]]) -> Iterator[list[str]]:
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: dict[str, None] = {}
    for root in after:
        if root in number:
            continue
        number[root] = low[root] = len(number)
        stack[root] = None
        path: list[tuple[str, Iterator[str]]] = [(root, iter(after[root]))]
        while path:
            node, targets = path[-1]
            target = next(targets, None)
            if target is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == number[node]:
                    yield _cut(stack, node)
            elif target not in number:
                number[target] = low[target] = len(number)
                stack[target] = None
                path.append((target, iter(after[target])))
            elif target in stack:
                low[node] = min(low[node], number[target])


def _cut(stack: dict[str, None], node: str) -> list[str]:
    part = []
    while True:
        top, _ = stack.popitem()
        part.append(top)
        if top == node:
            return part
