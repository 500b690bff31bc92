"""Transformations as processes: those that share a run (`transformationID`) are one.

runs(edges, steps, shows)  ->  [[Step(7, …)], [Step(9, …), Step(12, …)]]

ARCHITECTURE.md 5; EPCIS 2.0 section 7.4.6.
"""

from collections.abc import Callable, Iterable

from ledger.lots.step import Step
from ledger.store.edges import StoreEdges


def runs_of(step: Step) -> frozenset[str]:
    """The runs that a transformation names."""
    return frozenset((step.moves.made | step.moves.used).difference(step.moves.objects))


def runs(edges: StoreEdges, steps: Iterable[Step], shows: Callable[[Step], bool]) -> list[list[Step]]:
    """The processes of these transformations, each with all of its steps that stand and are shown."""
    through = {step.index: (step, runs_of(step)) for step in steps}
    shared = edges.steps_of(set[str]().union(*[named for _, named in through.values()]))
    found: dict[object, list[Step]] = {}
    for step, named in through.values():
        for run in named:
            found.setdefault(run, [item for item in shared.get(run, ()) if item.stands and shows(item)])
        if not named:
            found.setdefault(step.index, [step])
    return list(found.values())
