"""What may be asked of the writer from another process, and what it answers: values, and the bytes they travel as.

- The bytes are JSON that only this program reads, sealed on their way (`ledger.store.inbox`); contents keep their
  order and the text of their numbers, wires every byte.
- Unsigned events travel judged and prepared: whoever took them in did that work, so the writer has only to sign.
- An answer is what the writer would have answered in its own process, or the error it would have raised: its family,
  code and context. Proofs are left out: whoever asked makes them from the tiles.

    pack(Submit((wire,)))      ->  ("submit", b"[…]")
    unpack("submit", b"[…]")   ->  Submit((wire,))

docs/adr/0031-handing-in.md.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ledger.writer.answers import Captured
from ledger.writer.gateway import Prepared
from ledger.writer.master import PreparedVersion
from ledger.writer.membership import Said
from ledger.writer.statement import Spoken
from schemas.errors import EvidenceError, InputError, LedgerError, UnavailableError
from schemas.syntax import base64url
from schemas.syntax.json_text import Json, read, write

# An event of the greatest depth, and what this format puts around it.
_DEPTH = 64
_FAMILIES = {family.__name__: family for family in (EvidenceError, InputError, UnavailableError)}


@dataclass(frozen=True, slots=True)
class Submit:
    """Log signed entries; answered with an index or an error for each."""

    wires: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Capture:
    """Sign and log unsigned events of a member with its gateway key `kid`; answered with `Captured` for each.

    `source`: what `record.source` says; `allow_repeat`, `refuse_reuse`, `refuse_again`: as `Node.capture` says.
    """

    iss: str
    kid: str
    prepared: tuple[Prepared, ...]
    source: tuple[str, bytes] | None
    allow_repeat: bool = False
    refuse_reuse: bool = False
    refuse_again: bool = False


@dataclass(frozen=True, slots=True)
class Master:
    """Sign and log a member's versions of master data with its gateway key `kid`; answered with `Captured` for each."""

    iss: str
    kid: str
    prepared: tuple[PreparedVersion, ...]
    allow_repeat: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Sign and log a document or a drill of a member with its gateway key `kid`; answered with one `Captured`."""

    iss: str
    kid: str
    said: Spoken


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Write a snapshot unless the newest entry is one; answered with its index."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Hold the log against a checkpoint that somebody was shown; answered with None."""

    note: bytes


@dataclass(frozen=True, slots=True)
class Say:
    """A verb of `Membership` with its arguments by name, as JSON; answered with `Said`."""

    verb: str
    arguments: Mapping[str, Any]


Request: TypeAlias = Submit | Capture | Master | State | Snapshot | Hold | Say
Outcome: TypeAlias = Sequence[int | LedgerError] | Sequence[Captured] | Said | int | LedgerError | None


def pack(request: Request) -> tuple[str, bytes]:
    """The kind of a request, and its bytes."""
    match request:
        case Submit(wires):
            return "submit", _write([wire.decode("latin-1") for wire in wires])
        case Capture(iss, kid, prepared, source, allow_repeat, refuse_reuse, refuse_again):
            events: list[Any] = [[item.place, item.content, item.event_id, list(item.objects)] for item in prepared]
            said: Json = None if source is None else [source[0], base64url.encode(source[1])]
            return "capture", write([iss, kid, events, said, allow_repeat, refuse_reuse, refuse_again])
        case Master(iss, kid, versions, allow_repeat):
            return "master", write([iss, kid, [[item.place, item.content] for item in versions], allow_repeat])
        case State(iss, kid, spoken):
            parent: Json = None if spoken.parent is None else base64url.encode(spoken.parent)
            listed: list[Any] = list(spoken.objects)
            return "state", write([iss, kid, spoken.kind, spoken.content, listed, parent, spoken.file])
        case Snapshot():
            return "snapshot", b""
        case Hold(note):
            return "hold", note
        case Say(verb, arguments):
            return "say", _write([verb, dict(arguments)])


def unpack(kind: str, data: bytes) -> Request:
    """The request again; `InputError("hand-in-kind")` for one that this version does not know."""
    if kind == "submit":
        return Submit(tuple(wire.encode("latin-1") for wire in json.loads(data)))
    if kind == "capture":
        return _capture(read(data, depth=_DEPTH))
    if kind == "master":
        return _master(read(data, depth=_DEPTH))
    if kind == "state":
        return _state(read(data, depth=_DEPTH))
    if kind == "snapshot":
        return Snapshot()
    if kind == "hold":
        return Hold(data)
    if kind == "say":
        return Say(*json.loads(data))
    raise InputError("hand-in-kind", kind=kind)


def _capture(tree: Any) -> Capture:
    iss, kid, events, said, *asked = tree
    prepared = tuple(
        Prepared(int(place.text), content, event_id, tuple(objects)) for place, content, event_id, objects in events
    )
    source = None if said is None else (said[0], base64url.decode(said[1]))
    return Capture(iss, kid, prepared, source, *asked)


def _master(tree: Any) -> Master:
    iss, kid, versions, allow_repeat = tree
    prepared = tuple(PreparedVersion(int(place.text), content) for place, content in versions)
    return Master(iss, kid, prepared, allow_repeat)


def _state(tree: Any) -> State:
    iss, kid, kind, content, objects, parent, file = tree
    leaf = None if parent is None else base64url.decode(parent)
    return State(iss, kid, Spoken(kind, content, tuple(objects), leaf, file))


def pack_answer(outcome: Outcome) -> bytes:
    """The bytes of an answer."""
    if isinstance(outcome, LedgerError):
        return _write({"error": _error(outcome)})
    if isinstance(outcome, Said):
        return _write({"said": [outcome.index, base64url.encode(outcome.leaf), outcome.kid]})
    if outcome is None or isinstance(outcome, int):
        return _write({"value": outcome})
    return _write({"list": [_item(item) for item in outcome]})


def unpack_answer(data: bytes) -> Outcome:
    """The answer again, an error as a value."""
    ((kind, value),) = json.loads(data).items()
    if kind == "error":
        return _raised(value)
    if kind == "said":
        return Said(value[0], base64url.decode(value[1]), value[2])
    if kind == "value":
        return value  # type: ignore[no-any-return]
    return [_item_again(item) for item in value]


def covered(outcome: Outcome) -> int:
    """The log size from which on everything that an answer names is in the log."""
    if isinstance(outcome, Said):
        return outcome.index + 1
    if isinstance(outcome, int):
        return outcome + 1
    if outcome is None or isinstance(outcome, LedgerError):
        return 0
    places = (item.index if isinstance(item, Captured) else item for item in outcome)
    return max((place + 1 for place in places if isinstance(place, int)), default=0)


def _item(item: int | LedgerError | Captured) -> Any:
    if isinstance(item, Captured):
        leaf = base64url.encode(item.leaf)
        return [item.event, item.event_id, item.index, leaf, item.duplicate, list(item.findings)]
    return {"error": _error(item)} if isinstance(item, LedgerError) else item


def _item_again(item: Any) -> Any:
    if isinstance(item, list):
        event, event_id, index, leaf, duplicate, findings = item
        return Captured(event, event_id, index, base64url.decode(leaf), duplicate, tuple(findings))
    return _raised(item["error"]) if isinstance(item, dict) else item


def _error(error: LedgerError) -> list[Any]:
    """A subclass travels as its family: what it carries besides is kept by the writer's process."""
    family = next(name for name, kind in _FAMILIES.items() if isinstance(error, kind))
    return [family, error.code, error.context]


def _raised(said: list[Any]) -> LedgerError:
    family, code, context = said
    return _FAMILIES[family](code, **context)


def _write(tree: Any) -> bytes:
    # Escaped, since the context of an error may quote text that has no UTF-8 form.
    return json.dumps(tree, separators=(",", ":"), default=str).encode("ascii")
