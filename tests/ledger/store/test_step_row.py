"""A step as a row of text, and back."""

import random
from decimal import Decimal

import pytest

from ledger.lots.movement import Movement
from ledger.lots.step import Amount, Flow, Step
from ledger.store.step_row import pack, row_of, step_of, unpack
from tests.simulator.chains import Chain

LOT, PACK, UNIT = "https://id.gs1.org/01/09520001000010/10/A", "https://farm.example/lots/7", "urn:uuid:run"
THREE = Amount(Decimal(3))


@pytest.mark.parametrize("seed", range(20))
def test_what_happens_comes_back_as_it_was_said(seed: int) -> None:
    for step in Chain(random.Random(seed)).steps():
        assert step_of(row_of(step)) == step


def test_a_movement_without_objects_or_with_a_run_comes_back() -> None:
    run = frozenset((UNIT,))
    for moves in (
        Movement(),
        Movement(action="DELETE", parent=LOT, receipt=True),
        Movement((LOT, PACK), made=frozenset((PACK,)), used=run | {LOT}, born=frozenset((PACK,)), correction=True),
        Movement((LOT,), made=run, used=frozenset((LOT,))),
    ):
        assert unpack(pack(moves)) == moves


def test_everything_that_a_step_says_comes_back() -> None:
    said = Step(
        7, "urn:uuid:m", Movement((LOT, PACK), moved=frozenset((LOT, PACK))),
        (Flow(PACK, "child", Amount(Decimal("0.10"), "KGM")), Flow(LOT, "parent"), Flow(PACK, "moved", THREE)),
        -5, "AggregationEvent", "packing", "in_progress", "https://id.gs1.org/414/9520001000019", None,
        (("location", LOT),), (("owning_party", PACK), ("", LOT)), (("po", PACK),), 9, 3,
        (("set", "recalled"),), ("2026-07-01", "2026-07-02"), (LOT,), Decimal("1.50"),
    )  # fmt: skip
    again = step_of(row_of(said))
    assert again == said
    assert [str(flow.amount.quantity) for flow in again.flows if flow.amount] == ["0.10", "3"]
