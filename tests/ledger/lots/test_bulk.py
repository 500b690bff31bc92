"""Tanks and silos: what flowed from which pouring to which drawing, under each rule."""

from decimal import Decimal
from typing import Any

import pytest

from ledger.lots.bulk import drawn
from ledger.lots.genealogy import MemorySteps
from ledger.lots.mixing import RULES, AskedMixing, Declared, Followed, Rule, RuleOf
from ledger.lots.recall import recall
from ledger.lots.step import Amount, Step, step
from ledger.lots.traced import trace

TANK = "https://coop.example/tank/7"
LOT = "https://id.gs1.org/01/09520001000010/10/"


def litres(uri: str, quantity: int | None) -> dict[str, Any]:
    return {"epcClass": uri} if quantity is None else {"epcClass": uri, "quantity": quantity, "uom": "LTR"}


def told(*said: tuple[str, int | None]) -> list[Step]:
    """`("+A", 100)`: A is poured in; `("-P", 30)`: P is drawn off; one after the other."""
    steps = []
    for minute, (name, quantity) in enumerate(said):
        ends = [(LOT + name[1:], quantity), (TANK, quantity)]
        into, out = ends if name[0] == "+" else ends[::-1]
        content = {
            "type": "TransformationEvent", "eventTime": f"2026-07-01T08:{minute:02d}:00Z",
            "inputQuantityList": [litres(*into)], "outputQuantityList": [litres(*out)],
        }  # fmt: skip
        steps.append(step(minute, "urn:m", content))
    return steps


def by(rule: Rule | None) -> RuleOf:
    return lambda _: None if rule is None else Declared(rule)


def portions(steps: list[Step], rule: Rule | RuleOf) -> dict[int, list[tuple[int, int | None]]]:
    pourings = [one for one in steps if TANK in one.moves.made]
    drawings = [one for one in steps if TANK in one.moves.used]
    return {
        index: [
            (portion.pouring.index, None if portion.amount is None else int(portion.amount.quantity))
            for portion in found
        ]
        for index, found in drawn(TANK, pourings, drawings, rule if callable(rule) else by(rule)).portions.items()
    }


def test_by_cycle_everything_since_the_vessel_was_empty_is_in_a_drawing() -> None:
    steps = told(("+A", 100), ("+B", 50), ("-P", 60), ("-Q", 90), ("+C", 40), ("-R", 10))
    assert portions(steps, "cycle") == {2: [(0, None), (1, None)], 3: [(0, None), (1, None)], 5: [(4, None)]}


def test_first_in_first_out_gives_each_drawing_its_litres() -> None:
    steps = told(("+A", 100), ("+B", 50), ("-P", 60), ("-Q", 70), ("+C", 40), ("-R", 60))
    assert portions(steps, "fifo") == {2: [(0, 60)], 3: [(0, 40), (1, 30)], 5: [(1, 20), (4, 40)]}


@pytest.mark.parametrize("rule", RULES)
def test_without_an_amount_everything_since_it_was_last_empty_counts(rule: Rule) -> None:
    steps = told(("+A", 100), ("-O", 100), ("+B", None), ("+C", 50), ("-P", 60), ("-Q", 60))
    assert portions(steps, rule)[4] == portions(steps, rule)[5] == [(2, None), (3, None)]


@pytest.mark.parametrize("rule", RULES)
def test_a_vessel_that_is_empty_by_the_figures_gives_what_was_in_it_last(rule: Rule) -> None:
    steps = told(("+A", 100), ("-P", 100), ("-Q", 5))
    assert portions(steps, rule)[2] == [(0, None)]


def changing(**until: Rule | None) -> RuleOf:
    """The rule up to the n-th step, as `_3="fifo"`; the last goes on."""

    def rule(drawing: Step) -> Declared | None:
        found = next((rule for end, rule in until.items() if drawing.index <= int(end[1:])), [*until.values()][-1])
        return None if found is None else Declared(found)

    return rule


def test_a_rule_that_changes_is_followed_from_the_drawings_after_it() -> None:
    steps = told(("+A", 100), ("-O", 20), ("+B", 50), ("-P", 60), ("-Q", 70), ("+C", 40), ("-R", 30))
    found = portions(steps, changing(_1="cycle", _99="fifo"))
    # Nobody knows what is left of A after a drawing from the middle, until the vessel is empty.
    assert found == {1: [(0, None)], 3: [(0, None), (2, None)], 4: [(0, None), (2, None)], 6: [(5, 30)]}


def test_where_no_rule_was_declared_yet_everything_ever_poured_in_is_in_a_drawing() -> None:
    steps = told(("+A", 100), ("-O", 100), ("+B", 50), ("-P", 50), ("+C", 50), ("-Q", 50))
    assert portions(steps, changing(_3=None, _99="fifo")) == {1: [(0, None)], 3: [(0, None), (2, None)], 5: [(4, 50)]}


@pytest.mark.parametrize("rule", [None, *RULES])
def test_a_drawing_before_anything_was_poured_in_holds_what_ever_was(rule: Rule | None) -> None:
    assert portions(told(("-O", 10), ("+A", 100)), by(rule)) == {0: [(1, None)]}


def test_a_fill_goes_from_the_first_pouring_to_the_last_drawing() -> None:
    steps = told(("+A", 100), ("-P", 60), ("-Q", 40), ("-Q", 1), ("+B", 50), ("-R", 10))
    pourings, drawings = ([one for one in steps if TANK in getattr(one.moves, end)] for end in ("made", "used"))
    fills = drawn(TANK, pourings, drawings, by("fifo")).fills
    assert [[step.index for step in fill] for fill in fills] == [[0, 1, 2, 3], [4, 5]]


def test_first_in_first_out_keeps_every_litre() -> None:
    steps = told(("+A", 70), ("-P", 20), ("+B", 30), ("-Q", 60), ("+C", 10), ("-R", 30))
    found = portions(steps, "fifo")
    poured: dict[int, int] = {}
    for index, parts in found.items():
        drawing = steps[index].amounts(TANK, "used")[0]
        assert drawing is not None
        assert sum(part or 0 for _, part in parts) == drawing.quantity
        for pouring, part in parts:
            poured[pouring] = poured.get(pouring, 0) + (part or 0)
    assert poured == {0: 70, 2: 30, 4: 10}


def lots(steps: list[Step], name: str, rule: Rule | None, *, forward: bool = False) -> list[str]:
    mixing = AskedMixing({} if rule is None else {TANK: rule})
    found = trace(MemorySteps(steps), LOT + name, forward=forward, mixing=mixing)
    assert found.mixing == ((Followed(TANK, Declared(rule)),) if rule is not None and TANK in found.lots else ())
    return [uri.removeprefix(LOT) for uri in found.lots if uri != TANK]


def test_a_trace_follows_the_declared_rule_and_says_which() -> None:
    steps = told(("+A", 100), ("-P", 100), ("+B", 50), ("+C", 50), ("-Q", 50))
    assert lots(steps, "Q", None) == ["A", "B", "C", "Q"]
    assert lots(steps, "Q", "cycle") == ["B", "C", "Q"]
    assert lots(steps, "Q", "fifo") == ["B", "Q"]
    assert lots(steps, "A", "cycle", forward=True) == ["A", "P"]
    assert lots(steps, "C", "cycle", forward=True) == ["C", "Q"]


def test_the_edges_say_how_much_of_a_pouring_a_drawing_holds() -> None:
    steps = told(("+A", 100), ("+B", 50), ("-P", 120))
    found = trace(MemorySteps(steps), LOT + "P", forward=False, mixing=AskedMixing({TANK: "fifo"}))
    mixed = {(link.source, link.target): link.used for link in found.links if link.kind == "mixed"}
    assert mixed == {
        (LOT + "A", TANK): Amount(Decimal(100), "LTR"),
        (LOT + "B", TANK): Amount(Decimal(20), "LTR"),
    }


@pytest.mark.parametrize("rule", [None, *RULES])
def test_forward_is_the_inverse_of_back_through_a_vessel(rule: Rule | None) -> None:
    said = (("+A", 70), ("-P", 20), ("+B", 30), ("-Q", 60), ("-S", 20), ("+C", 10), ("-R", 30))
    steps = told(*said)
    names = [name[1:] for name, _ in said]
    for one in names:
        behind = [name for name in lots(steps, one, rule) if name != one]
        assert behind == [
            name for name in sorted(names) if name != one and one in lots(steps, name, rule, forward=True)
        ]


def nothing_weighed(amount: Amount, uri: str, at: int | None) -> Decimal | None:
    return None


def test_a_recall_counts_the_fills_of_a_vessel_that_held_some_of_it() -> None:
    steps = told(("+A", 100), ("-P", 100), ("+B", 50), ("+C", 50), ("-Q", 70), ("-P", 30))
    found = recall(MemorySteps(steps), LOT + "B", nothing_weighed, mixing=AskedMixing({TANK: "fifo"}))
    assert found.mixing == (Followed(TANK, Declared("fifo")),)
    assert (found.figures[TANK]["LTR"].born, found.figures[TANK]["LTR"].used) == (100, 100)
    assert LOT + "P" not in found.lots
    found = recall(MemorySteps(steps), LOT + "A", nothing_weighed, mixing=AskedMixing({TANK: "cycle"}))
    # P is affected, all of it, with what was drawn into it from a fill that held nothing of A: that fill is not.
    assert found.figures[LOT + "P"]["LTR"].born == 130
    assert (found.figures[TANK]["LTR"].born, found.figures[TANK]["LTR"].used) == (100, 100)
    assert LOT + "Q" not in found.lots
