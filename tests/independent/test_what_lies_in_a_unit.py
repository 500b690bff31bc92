"""What lies in a unit when, read from the specification, is what the ledger says: for chains made by chance."""

import random
from collections import defaultdict
from fractions import Fraction
from typing import Any

import pytest

from ledger.lots.contents import Units
from ledger.lots.timeline import order
from tests.independent.verifier.balance import Balance, Counting, _inside, _parts
from tests.independent.verifier.history import movement
from tests.independent.verifier.text import Number
from tests.simulator.chains import CRATES, PALLETS, Chain


def written(value: Any) -> Any:
    """Content as the other verifier reads it: numbers as they were written."""
    if isinstance(value, dict):
        return {name: written(item) for name, item in value.items()}
    if isinstance(value, list):
        return [written(item) for item in value]
    return Number(value) if type(value) is int else value


class Told(Balance):
    """The other verifier's balance over events at hand."""

    def __init__(self, chain: Chain) -> None:
        self.about: dict[str, list[Counting]] = defaultdict(list)
        self.counted = []
        wrong = {at for _, at in chain.told if at is not None}
        for place, (event, declares) in enumerate(chain.told):
            if declares is None and place not in wrong:
                content = written(event)
                moves, parts = movement(content), tuple(_parts(content))
                one = Counting(place, place, "urn:m", content, moves, parts, place, None, Fraction(0))
                self.counted.append(one)
                for uri in moves.touched:
                    self.about[uri].append(one)

    def held(self, unit: str, event: Counting) -> dict[str, Any]:
        before = [other for other in self.about[unit] if other.when < event.when]
        told = [other for other in self.along(unit, before) if other.when < event.when]
        inside = _inside(unit, told)
        return {uri: said and said[0] for uri, said in inside.items() if not self.left(uri, unit, event)}


@pytest.mark.parametrize("seed", range(25))
def test_both_say_what_lies_in_a_unit_at_every_moment(seed: int) -> None:
    chain = Chain(random.Random(seed), length=60)
    steps = sorted((each for each in chain.steps() if each.stands), key=order)
    units = Units(lambda uri: [each for each in steps if each.moves.touches(uri)])
    theirs = Told(chain)
    assert [each.index for each in theirs.counted] == [each.index for each in steps]
    for event, each in zip(theirs.counted, steps, strict=True):
        for unit in (*CRATES, *PALLETS):
            ours = {uri: amount and amount.quantity for uri, amount in units.directly(unit, order(each)).items()}
            assert theirs.held(unit, event) == ours, (unit, each.index)
