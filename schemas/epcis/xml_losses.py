"""What XML could not carry, noted while it is written: nothing is dropped in silence.

- A loss has the form of a problem: a code, the event, the member, the values of its sentence.
- `Losses.at` gives the view of one event, so that whoever writes inside it need not know which it is.

    losses = Losses(); losses.at(3).note("xml-loss-value", ("ext:a",)); losses.found[0].event  ->  3
"""

from dataclasses import replace
from typing import Any

from schemas.epcis.event import Problem, pointer

Path = tuple[str | int, ...]


class Losses:
    """The losses of one document, in the order in which they were noticed; each place once for each kind."""

    __slots__ = ("_event", "_seen", "found")

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self._seen: set[tuple[str, int | None, str]] = set()
        self._event: int | None = None

    def at(self, event: int | None) -> "Losses":
        """The same losses, noted from now on for this event."""
        view = Losses()
        view.found, view._seen, view._event = self.found, self._seen, event
        return view

    def note(self, code: str, path: Path = (), *, once: bool = False, **context: Any) -> None:
        """Something at `path` was lost or changed; `once`: it is said only of the first place of the event."""
        member = pointer(*path)
        if not once or self._first(code, ""):
            self.add(Problem(code, None, member, {"member": member or "/", **context}))

    def add(self, loss: Problem) -> None:
        """A loss that was noted elsewhere, of the event that this is the view of."""
        if self._first(loss.code, loss.member):
            self.found.append(replace(loss, event=self._event))

    def _first(self, code: str, member: str) -> bool:
        key = (code, self._event, member)
        fresh = key not in self._seen
        self._seen.add(key)
        return fresh
