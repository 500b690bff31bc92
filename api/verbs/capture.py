"""Capture documents: read, judge, sign with the member's gateway key, log."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ledger.capture.document import read_document
from ledger.node import Node
from ledger.store.connection import Connection
from ledger.writer.answers import Captured
from ledger.writer.gateway import problems_of, warnings_of
from schemas.errors import InputError


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one document: the events that stand in the log, what was wrong with those left out, and what is
    odd about those that were taken."""

    document: str
    captured: tuple[Captured, ...]
    refused: tuple[InputError, ...]
    warnings: tuple[InputError, ...] = ()


def capture(
    node: Node,
    data: bytes,
    *,
    name: str = "-",
    media_type: str | None = None,
    member: str | None = None,
    key: str | None = None,
    proceed: bool = False,
    allow_repeat: bool = False,
    strict: bool = False,
    refuse_reuse: bool = False,
    beside: Callable[[Kept, Connection], None] | None = None,
) -> Kept:
    """Capture one document; without `media_type` it is recognised by its content.

    Without `proceed` a document with one bad event captures nothing: `ledger.writer.gateway.DocumentRefused`, which
    holds every error. `refuse_reuse`: an `eventID` that stands for other content already is refused
    (`InputError("event-id-reused")`), not only found odd. `beside`: writes about what was kept, in the transaction
    that makes it durable; not called where nothing new was.
    """
    document = read_document(data, media_type=media_type, name=name)
    refused = tuple(problems_of(document, strict=strict))
    warnings = () if strict else tuple(warnings_of(document))

    def told(captured: Sequence[Captured], connection: Connection) -> None:
        assert beside is not None
        beside(Kept(name, tuple(captured), refused, warnings), connection)

    captured = node.capture(
        document,
        member=member,
        key=key,
        proceed=proceed,
        allow_repeat=allow_repeat,
        strict=strict,
        refuse_reuse=refuse_reuse,
        beside=told if beside is not None else None,
    )
    return Kept(name, tuple(captured), refused, warnings)
