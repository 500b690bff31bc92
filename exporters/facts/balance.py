"""A lot's balance as a paper says it: what each process used, gave and lost, and what became of the lot, exactly.

- The rules are `ledger.lots.yielded`, `balance` and `books`, the same that the ledger and the verifier go by.
- What is not shown is None and never zero; amounts are in kilograms, litres or pieces, as far as master data goes.

    processes(facts), stock(facts)

FORMATS 5.1 (mass balance).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from exporters.facts.history import Event, Facts
from ledger.lots.balance import Account, Posted, balance, dimension_of
from ledger.lots.books import Books
from ledger.lots.stock import is_unit
from ledger.lots.yielded import Yielded, yielded
from schemas.units import EXACT


@dataclass(frozen=True, slots=True)
class Process:
    """One process: its last event, and what went in, came out and was lost (kilograms; None: not said)."""

    event: Event
    found: Yielded
    lost: Decimal


def processes(facts: Facts) -> list[Process]:
    """Every process of the bundle, in the order of time."""
    runs: dict[object, list[Event]] = defaultdict(list)
    for event in facts.standing:
        if event.step.type == "TransformationEvent":
            runs[_run(event)].append(event)
    return [_process(facts, events) for events in runs.values()]


def _process(facts: Facts, events: Sequence[Event]) -> Process:
    lost = Decimal(0)
    for event in events:
        lost = EXACT.add(lost, event.step.wasted or Decimal(0))
    last = events[-1]
    return Process(last, yielded([event.step for event in events], facts.masters.products(last.member), among=()), lost)


def _run(event: Event) -> object:
    """The transformation that an event is a part of: itself, where it names none."""
    moves = event.step.moves
    return next(iter(moves.touched.difference(moves.objects)), event.leaf)


def stock(facts: Facts) -> dict[str, Account]:
    """What each member had of the bundle's subject and what became of it, by iss."""
    posted: dict[str, list[Posted]] = defaultdict(list)
    books = Books(event.step for event in facts.standing)
    for event in facts.standing:
        for line in books.lines(event.step):
            if line.uri == facts.subject and not is_unit(line.uri):
                dimension, quantity = ("", None) if line.amount is None else dimension_of(line.amount)
                at = event.at or 0
                posted[event.member].append(Posted(line.uri, line.kind, dimension, quantity, at, event.index))
    return dict(_accounts(facts, posted))


def _accounts(facts: Facts, posted: dict[str, list[Posted]]) -> Iterator[tuple[str, Account]]:
    for member in sorted(posted):
        products = facts.masters.products(member)
        (account,) = balance(posted[member], start=None, stop=None, key=lambda uri: uri, products=products)
        yield member, account
