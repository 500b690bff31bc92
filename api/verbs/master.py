"""Master data: add versions, list what holds as of a time, show one thing with its history.

- `as_of` is a day or an instant; without it, now. What held then is given as it was said, corrections since included;
  `known` asks what was known when the log had that many entries.
- Shown is what the audience may see: a member its own and what was given to it, the operator all.

    add(node, data, name="sites.json")
    show(node, "https://id.gs1.org/414/9521001000017", audience=full(), as_of="2026-03-01")

ARCHITECTURE.md 3.2; docs/adr/0035-master-data-as-of-a-time.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ledger.audience import Audience
from ledger.capture.master import MasterDocument, read_master
from ledger.lots.master import Version, holding
from ledger.node import Node
from ledger.readside.master import Stated, stated
from ledger.store import master
from ledger.writer.answers import Captured
from schemas.errors import InputError
from schemas.gs1.canonical import canonical_uri
from schemas.gs1.recognise import recognise
from schemas.kde import SCHEMES, lacking
from schemas.master.terms import KINDS
from schemas.master.validity import asked

MOST = 1000


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file: the versions that stand in the log, what was wrong with those left out, and what the
    schemes that were named ask for beyond what the others say."""

    document: str
    kept: tuple[Captured, ...]
    refused: tuple[InputError, ...]
    asked: tuple[InputError, ...] = ()


def add(
    node: Node,
    data: bytes,
    *,
    name: str = "-",
    member: str | None = None,
    key: str | None = None,
    proceed: bool = False,
    allow_repeat: bool = False,
    schemes: Sequence[str] = (),
) -> Added:
    """Log the versions of a file. Without `proceed` one bad version keeps all of them out:
    `ledger.writer.gateway.DocumentRefused`, which holds every error. `schemes`: whose wishes are held against them,
    which keeps nothing out; `InputError("scheme-unknown")`."""
    for scheme in schemes:
        if scheme not in SCHEMES:
            raise InputError("scheme-unknown", value=scheme[:40], allowed=", ".join(SCHEMES))
    document = read_master(data, name=name)
    kept = node.master(document, member=member, key=key, proceed=proceed, allow_repeat=allow_repeat)
    return Added(name, tuple(kept), tuple(document.errors), tuple(_asked_for(document, schemes)))


def _asked_for(document: MasterDocument, schemes: Sequence[str]) -> Iterator[InputError]:
    for item in document.items:
        for ask in lacking(item.content, schemes) if not item.problems else ():
            said = {"document": document.name, "event": item.place, "scheme": SCHEMES[ask.scheme]}
            said["member"] = " | ".join(f"/{path}" for path in ask.members)
            yield InputError("scheme-asks" if ask.strength == "mandatory" else "scheme-recommends", **said)


def show(
    node: Node,
    id: str,
    *,
    audience: Audience,
    type: str | None = None,
    as_of: str | None = None,
    known: int | None = None,
) -> list[Stated]:
    """What holds of a thing, of each member that says something of it: the asker's own first, then the newest.

    `InputError`: `master-kind`, `moment-form`, `master-unknown` where nothing was ever said of it.
    """
    held = holding(_versions(node, id, audience, type, known), _moment(node, as_of))
    return stated(node, sorted(held, key=lambda version: (version.member != audience.member, -version.index)))


def history(
    node: Node, id: str, *, audience: Audience, type: str | None = None, known: int | None = None
) -> list[Stated]:
    """Every version of a thing, corrected and withdrawn ones too, in the log's order. `InputError` as for `show`."""
    return stated(node, _versions(node, id, audience, type, known))


def list_things(
    node: Node,
    *,
    audience: Audience,
    type: str | None = None,
    as_of: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 100,
) -> tuple[list[Stated], tuple[str, str] | None]:
    """What holds of every thing, a page at a time: `limit` things at most, beyond the (id, type) `after`; and the last
    one looked at, None at the end. `InputError`: `master-kind`, `moment-form`."""
    _kind(type)
    moment, limit = _moment(node, as_of), max(1, min(limit, MOST))
    node.settled()
    with node.store.read() as connection:
        found = master.things(connection, type=type, seen_by=audience, after=after, limit=limit)
        versions = master.of_things(connection, found, seen_by=audience)
    held = holding(versions, moment)
    place = {thing: at for at, thing in enumerate(found)}
    held.sort(key=lambda version: (place[version.id, version.type], version.index))
    return stated(node, held), found[-1] if len(found) == limit else None


def thing_id(text: str) -> str:
    """The canonical identifier of a thing named in any form: a URI, or a bracketed element string."""
    text = text.strip()
    return recognise(text).digital_link if text.startswith("(") else canonical_uri(text)


def _versions(node: Node, id: str, audience: Audience, type: str | None, known: int | None) -> list[Version]:
    _kind(type)
    node.settled()
    with node.store.read() as connection:
        found = master.versions(connection, thing_id(id), type=type, seen_by=audience, before=known)
    if not found:
        raise InputError("master-unknown", thing=id[:200])
    return found


def _kind(type: str | None) -> None:
    if type is not None and type not in KINDS:
        raise InputError("master-kind", value=type[:40], allowed=", ".join(KINDS))


def _moment(node: Node, text: str | None) -> datetime:
    if text is None:
        return datetime.fromtimestamp(node.clock(), UTC)
    return asked(text)
