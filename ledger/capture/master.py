"""A file of master data as it comes in: one version of a thing or a list of them, each with what is wrong with it.

- What cannot be read as JSON is raised; what is wrong with a version stays with that version, and names the member.

    read_master(data, name="site.json").items[0].problems  ->  ()
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ledger.capture.document import as_error
from schemas.epcis.event import Problem
from schemas.errors import InputError
from schemas.master.judge import problems
from schemas.syntax.json_text import read

MOST_ITEMS = 10_000


@dataclass(frozen=True, slots=True)
class SentVersion:
    """One version: its position in the file, from 0, its content as it was sent, and what is wrong with it."""

    place: int
    content: dict[str, Any]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class MasterDocument:
    """A file of master data."""

    name: str
    items: tuple[SentVersion, ...]

    @property
    def errors(self) -> list[InputError]:
        """Everything wrong with it, naming file, version and member."""
        return [
            as_error(Problem(problem.code, item.place, problem.member, problem.context), self.name)
            for item in self.items
            for problem in item.problems
        ]


def read_master(data: bytes, *, name: str = "-") -> MasterDocument:
    """The versions in `data`, judged; `InputError` (`json-…`, `master-empty`, `master-too-many`)."""
    try:
        tree = read(data)
        sent: Sequence[Any] = tree if isinstance(tree, list) else [tree]
        if not sent:
            raise InputError("master-empty")
        if len(sent) > MOST_ITEMS:
            raise InputError("master-too-many", count=len(sent), limit=MOST_ITEMS)
    except InputError as error:
        raise error.within(document=name) from None
    return MasterDocument(name, tuple(_judged(place, item) for place, item in enumerate(sent)))


def _judged(place: int, item: Any) -> SentVersion:
    return SentVersion(place, item if isinstance(item, dict) else {}, tuple(problems(item)))
