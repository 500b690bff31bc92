"""Findings: what is odd about an entry, by code, with the values that explain it. Derived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about the entry at `index`."""

    index: int
    code: str
    context: Mapping[str, Any]


def put(connection: Connection, findings: Sequence[Finding]) -> None:
    """Keep findings."""
    raise NotImplementedError


def of(connection: Connection, index: int) -> list[Finding]:
    """The findings about one entry."""
    raise NotImplementedError


def listing(connection: Connection, *, after: int = -1, limit: int = 100, code: str | None = None) -> list[Finding]:
    """A page of findings by index."""
    raise NotImplementedError
