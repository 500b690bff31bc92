"""Capture documents: read, judge, sign with the member's gateway key, log."""

from dataclasses import dataclass

from ledger.capture.document import read_document
from ledger.node import Node
from ledger.writer.answers import Captured
from ledger.writer.gateway import problems_of
from schemas.errors import InputError


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one document: the events that stand in the log, and what was wrong with those left out."""

    document: str
    captured: tuple[Captured, ...]
    refused: tuple[InputError, ...]


def capture(
    node: Node,
    data: bytes,
    *,
    name: str = "-",
    media_type: str | None = None,
    member: str | None = None,
    proceed: bool = False,
    allow_repeat: bool = False,
    strict: bool = False,
) -> Kept:
    """Capture one document; without `media_type` it is recognised by its content.

    Without `proceed` a document with one bad event captures nothing: `ledger.writer.gateway.DocumentRefused`, which
    holds every error.
    """
    document = read_document(data, media_type=media_type, name=name)
    captured = node.capture(document, member=member, proceed=proceed, allow_repeat=allow_repeat, strict=strict)
    return Kept(name, tuple(captured), tuple(problems_of(document)))
