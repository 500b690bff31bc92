"""Trace a lot, item or unit: back to every origin or forward to every customer, with quantities, as of a time.

- A lot is named in any form; a malformed one is refused with the digit that is wrong, an unknown one is "not in this
  ledger" with those that are like it.
- `as_of` is a day (its end) or an instant: what the ledger knew then. Without it, now.
- The steps come in pages along time; a page names the next, which is of the same log as the first.

    trace(node, "(01)09520001000011(10)P-7", audience=full()).traced.lots

ARCHITECTURE.md 7; docs/adr/0036-a-trace-is-read-level-by-level.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.verbs.export_bundle import object_uri
from ledger.audience import Audience
from ledger.lots.bulk import RULES, Rule
from ledger.lots.links import Link
from ledger.lots.traced import MOST_STEPS, Traced
from ledger.lots.traced import trace as traced
from ledger.node import Node
from ledger.readside.traced import Told, like, told
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
    the next page, None behind the last. `whole`: False where the trace reached its limit. `mixing`: the rule by which
    each tank or silo that was met was followed.
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
    mixing: tuple[tuple[str, str], ...] = ()


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
    """A page of the trace of a lot: `limit` steps at most, beyond the token `after`. `mixing`: the declared rule of
    each tank or silo, as `URI=cycle` or `URI=fifo`.

    `InputError`: `trace-mixing`, `moment-form`, `trace-after`, `lot-not-here`, `lot-not-here-near`,
    `lot-expected`, and those of `schemas.gs1.recognise`.
    """
    subject = object_uri(lot)
    rules = _rules(mixing)
    at, (size, start) = None if as_of is None else since(asked(as_of)), _place(after)
    node.settled()
    with node.store.read() as connection:
        if size is None and at is not None:
            size = logged.size_at(connection, at)
        size = entries.size(connection) if size is None else size
        found = traced(StoreEdges(connection, size), subject, forward=forward, limit=MOST_STEPS, mixing=rules)
        if not (found.steps or found.corrected) or not visibility.knows_lot(connection, audience, subject):
            raise _not_here(connection, lot, subject, audience)
        return _page(node, connection, found, audience, size, start, max(1, min(limit, MOST)))


def _page(
    node: Node, connection: Connection, found: Traced, audience: Audience, size: int, start: int, limit: int
) -> Answer:
    seen = visibility.seen(connection, audience, [step.index for step in (*found.steps, *found.corrected)])
    shown = found if audience.whole else _as_seen(found, seen)
    steps = found.steps[start : start + limit]
    indexes = {step.index for step in steps}
    end = start + limit
    return Answer(
        found.subject,
        found.forward,
        size,
        tuple(told(node, connection, steps, seen_by=audience)),
        tuple([link for link in shown.links if link.index in indexes]),
        *((shown.lots, shown.items, shown.units) if start == 0 else ((), (), ())),
        tuple(told(node, connection, found.corrected, seen_by=audience)) if start == 0 else (),
        shown.cycles,
        sum(step.index not in seen for step in (*found.steps, *found.corrected)),
        f"{size}.{end}" if end < len(found.steps) else None,
        not found.more,
        shown.mixing,
    )


def _as_seen(found: Traced, seen: set[int]) -> Traced:
    """What the steps that may be seen say by themselves."""
    named = {uri for step in found.steps if step.index in seen for uri in step.moves.objects} | {found.subject}
    return replace(
        found,
        links=tuple([link for link in found.links if link.index in seen]),
        lots=tuple([uri for uri in found.lots if uri in named]),
        items=tuple([uri for uri in found.items if uri in named]),
        units=tuple([uri for uri in found.units if uri in named]),
        mixing=tuple([(uri, rule) for uri, rule in found.mixing if uri in named]),
        cycles=tuple([cycle for cycle in found.cycles if named.issuperset(cycle)]),
    )


def _not_here(connection: Connection, lot: str, subject: str, audience: Audience) -> InputError:
    """What is said of a lot that the log does not hold; a malformed one says first what is wrong with it."""
    check(lot.strip())
    near = like(connection, subject, seen_by=audience)
    if not near:
        return InputError("lot-not-here", lot=subject)
    return InputError("lot-not-here-near", lot=subject, near=", ".join(near))


def _rules(texts: Sequence[str]) -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for text in texts:
        uri, equals, said = text.rpartition("=")
        rule = next((rule for rule in RULES if rule == said), None)
        if not equals or rule is None:
            raise InputError("trace-mixing", value=text[:200], allowed=", ".join(RULES))
        found[object_uri(uri)] = rule
    return found


def _place(text: str | None) -> tuple[int | None, int]:
    """The size and the first step that a token names; those of the first page for none."""
    if text is None:
        return None, 0
    found = _TOKEN.fullmatch(text)
    if found is None:
        raise InputError("trace-after", value=text[:60])
    return int(found[1]), int(found[2])


_TOKEN = re.compile(r"([0-9]{1,15})\.([0-9]{1,15})", re.ASCII)
