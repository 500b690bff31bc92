"""Trace a lot, item or unit: back to every origin or forward to every customer, with quantities, as of a time.

- A lot is named in any form; a malformed one is refused with the digit that is wrong, an unknown one is "not in this
  ledger" with those that are like it.
- `as_of` is a day (its end) or an instant: what the ledger knew then. Without it, now.
- The steps come in pages along time; a page names the next, which is of the same log as the first.

    trace(node, "(01)09520001000011(10)P-7", audience=full()).traced.lots

ARCHITECTURE.md 7; docs/adr/0036-a-trace-is-read-level-by-level.md.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from api.verbs.export_bundle import object_uri
from api.verbs.mixing import mixing_of, read_mixing
from ledger.audience import Audience
from ledger.lots.links import Link
from ledger.lots.mixing import Followed
from ledger.lots.said import Masters
from ledger.lots.step import Step
from ledger.lots.traced import MOST_STEPS, Traced
from ledger.lots.traced import trace as traced
from ledger.node import Node
from ledger.readside.mixing import as_seen
from ledger.readside.traced import Told, like, masters_of, told
from ledger.store import entries, logged, visibility
from ledger.store.connection import Connection
from ledger.store.edges import StoreEdges
from schemas.epcis.instant import since
from schemas.errors import InputError
from schemas.gs1.canonical import check
from schemas.master.validity import asked

MOST = 10_000
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of a trace. `steps` and `corrected` as far as who asks may see them, `links` those of these steps.

    `lots`, `items` and `units` are whole on the first page, and empty on the others. `size`: how many entries the log
    had. `not_shown`: how many steps of the whole trace who asks may not see. `next`: the token of
    the next page, None behind the last. `whole`: False where the trace reached its limit. `mixing`: the rules by which
    each tank or silo that was met was followed, and who declared them. `names`: the products of `lots` and `items`, as
    they were called when these were made.
    """

    subject: str
    forward: bool
    size: int
    steps: tuple[Told, ...]
    links: tuple[Link, ...]
    lots: tuple[str, ...]
    items: tuple[str, ...]
    units: tuple[str, ...]
    corrected: tuple[Told, ...]
    cycles: tuple[tuple[str, ...], ...]
    not_shown: int
    next: str | None
    whole: bool
    mixing: tuple[Followed, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def trace(
    node: Node,
    lot: str,
    *,
    audience: Audience,
    forward: bool = False,
    as_of: str | None = None,
    after: str | None = None,
    limit: int = PAGE,
    mixing: Sequence[str] = (),
) -> Answer:
    """A page of the trace of a lot: `limit` steps at most, beyond the token `after`. `mixing`: rules of tanks or
    silos that count before those of master data, as `URI=cycle` or `URI=fifo`.

    `InputError`: `trace-mixing`, `moment-form`, `trace-after`, `lot-not-here`, `lot-not-here-near`,
    `lot-expected`, and those of `schemas.gs1.recognise`.
    """
    subject = object_uri(lot)
    rules = read_mixing(mixing)
    at, (size, start) = None if as_of is None else since(asked(as_of)), _place(after)
    node.settled()
    with node.store.read() as connection:
        if size is None and at is not None:
            size = logged.size_at(connection, at)
        size = entries.size(connection) if size is None else size
        declared = mixing_of(connection, rules, size)
        found = traced(StoreEdges(connection, size), subject, forward=forward, limit=MOST_STEPS, mixing=declared)
        if not (found.steps or found.corrected) or not visibility.knows_lot(connection, audience, subject):
            raise _not_here(connection, lot, subject, audience)
        return _page(node, connection, found, audience, size, start, max(1, min(limit, MOST)))


def _page(
    node: Node, connection: Connection, found: Traced, audience: Audience, size: int, start: int, limit: int
) -> Answer:
    seen = visibility.seen(connection, audience, [step.index for step in (*found.steps, *found.corrected)])
    shown = found if audience.whole else _as_seen(connection, found, seen, audience)
    steps = found.steps[start : start + limit]
    corrected = found.corrected if start == 0 else ()
    born = _births(found.steps, seen) if start == 0 else {}
    about = {step.index: step for step in (*steps, *corrected, *born.values()) if step.index in seen}
    masters = masters_of(node, connection, about.values(), seen_by=audience, size=size)
    indexes = {step.index for step in steps}
    end = start + limit
    return Answer(
        found.subject,
        found.forward,
        size,
        tuple(told(node, connection, steps, seen_by=audience, masters=masters)),
        tuple([link for link in shown.links if link.index in indexes]),
        *((shown.lots, shown.items, shown.units) if start == 0 else ((), (), ())),
        tuple(told(node, connection, corrected, seen_by=audience, masters=masters)),
        shown.cycles,
        sum(step.index not in seen for step in (*found.steps, *found.corrected)),
        f"{size}.{end}" if end < len(found.steps) else None,
        not found.more,
        shown.mixing,
        _products((*shown.lots, *shown.items), born, masters),
    )


def _births(steps: Sequence[Step], seen: set[int]) -> dict[str, Step]:
    """The first of these steps, along time, that makes each object."""
    born: dict[str, Step] = {}
    for step in steps:
        for uri in step.moves.made if step.index in seen else ():
            born.setdefault(uri, step)
    return born


def _products(uris: Sequence[str], born: Mapping[str, Step], masters: Masters) -> dict[str, str]:
    made = [(uri, born[uri]) for uri in uris if uri in born]
    names = [(uri, masters.called(uri, step.at, step.member)) for uri, step in made]
    return {uri: name for uri, name in names if name is not None}


def _as_seen(connection: Connection, found: Traced, seen: set[int], audience: Audience) -> Traced:
    """What the steps that may be seen say by themselves."""
    named = {uri for step in found.steps if step.index in seen for uri in step.moves.objects} | {found.subject}
    return replace(
        found,
        links=tuple([link for link in found.links if link.index in seen]),
        lots=tuple([uri for uri in found.lots if uri in named]),
        items=tuple([uri for uri in found.items if uri in named]),
        units=tuple([uri for uri in found.units if uri in named]),
        mixing=as_seen(connection, [one for one in found.mixing if one.uri in named], audience),
        cycles=tuple([cycle for cycle in found.cycles if named.issuperset(cycle)]),
    )


def _not_here(connection: Connection, lot: str, subject: str, audience: Audience) -> InputError:
    """What is said of a lot that the log does not hold; a malformed one says first what is wrong with it."""
    check(lot.strip())
    near = like(connection, subject, seen_by=audience)
    if not near:
        return InputError("lot-not-here", lot=subject)
    return InputError("lot-not-here-near", lot=subject, near=", ".join(near))


def _place(text: str | None) -> tuple[int | None, int]:
    """The size and the first step that a token names; those of the first page for none."""
    if text is None:
        return None, 0
    found = _TOKEN.fullmatch(text)
    if found is None:
        raise InputError("trace-after", value=text[:60])
    return int(found[1]), int(found[2])


_TOKEN = re.compile(r"([0-9]{1,15})\.([0-9]{1,15})", re.ASCII)
