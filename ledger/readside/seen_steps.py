"""The event graph as far as an audience may see it: who counts what it may not see counts nothing, and is told so.

    steps = SeenSteps(connection, audience, size);  recall(steps, uri, weigh);  steps.hidden

ARCHITECTURE.md rule 8.
"""

from collections.abc import Collection, Mapping

from ledger.audience import Audience
from ledger.lots.step import Step
from ledger.store.connection import Connection
from ledger.store.edges import StoreEdges
from ledger.store.visibility import seen_events


class SeenSteps:
    """`ledger.lots.genealogy.Steps` as far as an audience may see them; `hidden` are the others it came upon."""

    def __init__(self, connection: Connection, audience: Audience, size: int | None = None) -> None:
        self._connection = connection
        self._edges = StoreEdges(connection, size)
        self._audience = audience
        self._known: dict[int, bool] = {}

    @property
    def hidden(self) -> int:
        """How many steps were not shown."""
        return sum(not seen for seen in self._known.values())

    def steps_of(self, uris: Collection[str]) -> dict[str, list[Step]]:
        """The steps about each object that may be seen."""
        found = self._edges.steps_of(uris)
        seen = self._seen({step.index for steps in found.values() for step in steps})
        shown = {uri: [step for step in steps if seen[step.index]] for uri, steps in found.items()}
        return {uri: steps for uri, steps in shown.items() if steps}

    def steps(self, indexes: Collection[int]) -> dict[int, Step]:
        """The steps of entries that may be seen."""
        seen = self._seen(indexes)
        return self._edges.steps([index for index in indexes if seen[index]])

    def _seen(self, indexes: Collection[int]) -> Mapping[int, bool]:
        new = [index for index in indexes if index not in self._known]
        if self._audience.whole:
            self._known.update(dict.fromkeys(new, True))
        elif new:
            shown = seen_events(self._connection, new, self._audience)
            self._known.update((index, index in shown) for index in new)
        return self._known
