"""One thing of a paper told otherwise."""

from dataclasses import dataclass

MORE = "9"


@dataclass(frozen=True, slots=True)
class Forgery:
    """What was done; how the place begins that must be named; the file."""

    what: str
    place: str
    data: bytes
