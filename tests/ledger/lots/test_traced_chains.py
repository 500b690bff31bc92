"""Chains made by chance: every trace equals what playing the events again gives, whatever the order of arrival.

A hundred of them; `make long` makes eleven hundred more.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

import pytest

from ledger.lots.genealogy import MemorySteps
from ledger.lots.step import Step, as_known
from ledger.lots.traced import trace
from tests.simulator.chains import Chain, naive_ancestors

SEEDS = [*range(100), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(100, 1200))]
every_chain = pytest.mark.parametrize("seed", SEEDS)


def shuffled(chain: Chain) -> list[int]:
    order = list(range(len(chain.told)))
    chain.chance.shuffle(order)
    return order


def back(steps: Sequence[Step], lot: str) -> set[str]:
    return set(trace(MemorySteps(steps), lot, forward=False).lots) - {lot}


@every_chain
def test_back_is_the_closure_and_forward_its_inverse_in_any_order_of_arrival(seed: int) -> None:
    chain = Chain(random.Random(seed))
    steps = chain.steps(shuffled(chain))
    origins = naive_ancestors(steps)
    for lot, expected in origins.items():
        assert back(steps, lot) - {lot} == expected - {lot}, lot
    for lot in origins:
        onward = {other for other, expected in origins.items() if lot in expected}
        assert set(trace(MemorySteps(steps), lot, forward=True).lots) - {lot} == onward - {lot}, lot


@every_chain
def test_as_of_a_past_time_a_trace_is_of_what_was_known_then(seed: int) -> None:
    chain = Chain(random.Random(seed))
    declared = [position for position, (_, wrong) in enumerate(chain.told) if wrong is not None]
    order = [position for position in range(len(chain.told)) if position not in declared]
    steps = chain.steps(order + declared)
    size = chain.chance.randint(1, len(steps))
    known = [as_known(step, size) for step in steps if step.index < size]
    for lot, expected in naive_ancestors(known).items():
        assert back(known, lot) == expected - {lot}, lot


@every_chain
def test_forward_is_the_inverse_of_back_even_where_half_of_the_events_are_missing(seed: int) -> None:
    chain = Chain(random.Random(seed))
    steps = chain.steps(shuffled(chain))
    known = [as_known(step, len(steps) // 2) for step in steps if step.index < len(steps) // 2]
    lots = sorted({uri for step in known for uri in step.moves.objects if "/10/" in uri})
    behind = {lot: back(known, lot) for lot in lots}
    for lot in lots:
        onward = set(trace(MemorySteps(known), lot, forward=True).lots) - {lot}
        assert onward == {other for other in lots if lot in behind[other]} - {lot}, lot


@every_chain
def test_mass_is_kept_along_the_edges(seed: int) -> None:
    chain = Chain(random.Random(seed))
    steps = chain.steps(shuffled(chain))
    into, out = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    counted = set()
    for lot in chain.stock:
        for forward in (False, True):
            for link in trace(MemorySteps(steps), lot, forward=forward).links:
                source, target = (link.index, "-", link.source), (link.index, "+", link.target)
                if link.made is not None and link.kind != "unpacked" and target not in counted:
                    into[link.target] += link.made.quantity
                if link.kind == "unpacked" and link.made is not None and target not in counted:
                    out[link.target] -= link.made.quantity
                if link.used is not None and source not in counted:
                    out[link.source] += link.used.quantity
                counted |= {source, target}
    assert {lot: into[lot] - out[lot] for lot in chain.stock} == chain.stock
