"""Where lots come from and went, along time: what belongs to a trace, and what does not."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from ledger.lots.genealogy import MemorySteps
from ledger.lots.step import Amount, Step, step
from ledger.lots.traced import Link, Traced, trace

LOT = "https://id.gs1.org/01/09520001000010/10/"
CRATE, PALLET, TRUCK = (f"https://id.gs1.org/{rest}" for rest in (
    "8003/09520001000010A1", "00/095200010000000010", "00/095200010000000027"))  # fmt: skip
ME = "urn:example:member"


def lot(name: str) -> str:
    return name if name.startswith("https:") else LOT + name


def amounts(*names: str) -> list[dict[str, Any]]:
    """`A` or `A=40`: quantity elements in kilograms."""
    return [
        {"epcClass": lot(name.partition("=")[0]), "quantity": int(name.partition("=")[2] or 10), "uom": "KGM"}
        for name in names
    ]


class Story:
    """Events told one after the other; each call gives the index of its event."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def tell(self, kind: str, day: int, **members: Any) -> int:
        content = {"type": kind, "eventTime": f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}T08:00:00Z", **members}
        self.steps.append(step(len(self.steps), ME, content))
        return len(self.steps) - 1

    def begin(self, day: int, *names: str) -> int:
        return self.tell("ObjectEvent", day, action="ADD", quantityList=amounts(*names))

    def make(self, day: int, inputs: list[str], outputs: list[str]) -> int:
        return self.tell(
            "TransformationEvent", day, inputQuantityList=amounts(*inputs), outputQuantityList=amounts(*outputs)
        )

    def pack(self, day: int, parent: str, *children: str, action: str = "ADD") -> int:
        units = [child for child in children if child.startswith("https:")]
        lots = [child for child in children if not child.startswith("https:")]
        return self.tell(
            "AggregationEvent", day, action=action, parentID=parent, childEPCs=units, childQuantityList=amounts(*lots)
        )

    def move(self, day: int, name: str, word: str = "shipping") -> int:
        what = {"epcList": [name]} if name.startswith("https:") else {"quantityList": amounts(name)}
        return self.tell("ObjectEvent", day, action="OBSERVE", bizStep=word, **what)

    def wrong(self, index: int) -> int:
        """Declare an event wrong."""
        said = {"type": "ObjectEvent", "errorDeclaration": {"declarationTime": "2026-06-01T00:00:00Z"}}
        uris = list(self.steps[index].moves.objects)
        self.steps.append(step(len(self.steps), ME, {**said, "action": "OBSERVE", "epcList": uris}))
        self.steps[index] = replace(self.steps[index], corrected_by=len(self.steps) - 1)
        return len(self.steps) - 1

    def back(self, name: str, **more: Any) -> Traced:
        return trace(MemorySteps(self.steps), lot(name), forward=False, **more)

    def forward(self, name: str, **more: Any) -> Traced:
        return trace(MemorySteps(self.steps), lot(name), forward=True, **more)


def names(found: Traced) -> list[str]:
    return [uri.rpartition("/")[2] for uri in found.lots]


def indexes(found: Traced) -> list[int]:
    return [step.index for step in found.steps]


def kilograms(quantity: int) -> Amount:
    return Amount(Decimal(quantity), "KGM")


def test_seven_members_in_one_packing_lot_come_back_as_seven_and_only_those() -> None:
    story = Story()
    for member in range(9):
        story.begin(0, f"M{member}={100 + member}")
    story.make(1, [f"M{member}={100 + member}" for member in range(7)], ["P=700"])
    story.make(1, ["M7", "M8"], ["Q"])
    found = story.back("P")
    assert names(found) == [*(f"M{member}" for member in range(7)), "P"]
    into = [link for link in found.links if link.kind == "transformed"]
    assert [(link.source, link.used) for link in into] == [
        (lot(f"M{member}"), kilograms(100 + member)) for member in range(7)
    ]
    assert {link.made for link in into} == {kilograms(700)}


def test_forward_goes_to_every_product_and_only_those() -> None:
    story = Story()
    story.begin(0, "A", "B")
    story.make(1, ["A"], ["C"])
    story.make(1, ["B"], ["D"])
    story.make(2, ["C", "D"], ["E"])
    shipped = story.move(3, "E")
    assert names(story.forward("A")) == ["A", "C", "E"]
    assert shipped in indexes(story.forward("A"))


def test_a_crate_used_again_brings_the_journey_of_one_load_only() -> None:
    story = Story()
    story.begin(0, "A", "B")
    first = [story.pack(1, CRATE, "A"), story.move(2, CRATE), story.pack(3, CRATE, "A", action="DELETE")]
    empty = story.move(4, CRATE, "transporting")
    second = [story.pack(5, CRATE, "B"), story.move(6, CRATE), story.pack(7, CRATE, action="DELETE")]
    for found in (story.back("A"), story.forward("A")):
        assert set(first) < set(indexes(found))
        assert not {empty, *second} & set(indexes(found))
    assert set(second) <= set(indexes(story.back("B")))
    assert set(indexes(story.back(CRATE))) == {0, *first, empty, *second}


def test_a_crate_that_left_and_is_packed_again_without_a_word_is_another_one() -> None:
    story = Story()
    story.begin(0, "A", "B")
    first = [story.pack(1, CRATE, "A"), story.move(2, CRATE)]
    second = [story.pack(5, CRATE, "B"), story.move(6, CRATE)]
    assert set(indexes(story.forward("A"))) == {0, *first}
    assert set(indexes(story.back("B"))) == {0, *second}
    story.make(7, [CRATE], ["P"])
    assert names(story.back("P")) == ["B", "P"]
    assert names(story.forward("A")) == ["A"]


def test_so_is_one_that_left_on_a_pallet() -> None:
    story = Story()
    story.begin(0, "A", "B")
    first = [story.pack(1, CRATE, "A"), story.pack(2, PALLET, CRATE), story.move(3, PALLET)]
    second = [story.pack(5, CRATE, "B"), story.pack(6, TRUCK, CRATE), story.move(7, TRUCK)]
    assert set(indexes(story.forward("A"))) == {0, *first}
    assert set(indexes(story.back("B"))) == {0, *second}


def test_a_crate_that_came_back_to_its_packer_full_is_still_the_same() -> None:
    story = Story()
    story.begin(0, "A", "B")
    story.pack(1, CRATE, "A")
    story.move(2, CRATE)
    story.move(3, CRATE, "receiving")
    story.pack(5, CRATE, "B")
    story.make(7, [CRATE], ["P"])
    assert names(story.back("P")) == ["A", "B", "P"]


def test_what_is_made_from_a_crate_comes_from_what_was_in_it_then() -> None:
    story = Story()
    story.begin(0, "A", "B")
    story.pack(1, CRATE, "A")
    story.pack(2, CRATE, "A", action="DELETE")
    story.pack(3, CRATE, "B")
    story.make(4, [CRATE], ["P"])
    assert names(story.back("P")) == ["B", "P"]
    assert names(story.forward("A")) == ["A"]
    assert names(story.forward("B")) == ["B", "P"]


def make_of_unit(story: Story, day: int, unit: str, output: str) -> int:
    return story.tell("TransformationEvent", day, inputEPCList=[unit], outputQuantityList=amounts(output))


def test_units_in_units_carry_what_is_in_them() -> None:
    story = Story()
    story.begin(0, "A", "B")
    packing = [story.pack(1, CRATE, "A"), story.pack(2, PALLET, CRATE), story.move(3, PALLET)]
    unpacking = [story.pack(4, PALLET, action="DELETE")]
    after = story.move(5, PALLET)
    assert set(packing + unpacking) <= set(indexes(story.forward("A")))
    assert after not in indexes(story.forward("A"))
    assert story.forward("A").units == tuple(sorted((CRATE, PALLET)))
    assert names(story.back(PALLET)) == ["A"]


def test_a_part_of_a_lot_taken_out_leaves_the_rest_in() -> None:
    story = Story()
    story.begin(0, "A=100")
    story.pack(1, CRATE, "A=100")
    story.pack(2, CRATE, "A=40", action="DELETE")
    moved = story.move(3, CRATE)
    story.pack(4, CRATE, "A=60", action="DELETE")
    gone = story.move(5, CRATE)
    found = indexes(story.forward("A"))
    assert moved in found
    assert gone not in found


def test_what_was_made_after_a_use_is_no_origin_of_it() -> None:
    story = Story()
    story.begin(0, "A", "B")
    story.make(1, ["A"], ["L"])
    story.make(2, ["L"], ["P"])
    story.make(3, ["B"], ["L"])
    story.make(4, ["L"], ["Q"])
    assert names(story.back("P")) == ["A", "L", "P"]
    assert names(story.back("Q")) == ["A", "B", "L", "Q"]
    assert names(story.forward("B")) == ["B", "L", "Q"]


def test_a_use_before_its_only_making_keeps_its_origin() -> None:
    story = Story()
    story.begin(5, "A")
    story.make(2, ["A"], ["P"])
    assert indexes(story.back("P")) == [1, 0]
    assert names(story.forward("A")) == ["A", "P"]


def test_a_step_declared_wrong_leads_nowhere_and_stays_visible() -> None:
    story = Story()
    story.begin(0, "A", "B")
    wrong = story.make(1, ["A"], ["P"])
    right = story.make(1, ["B"], ["P"])
    declaration = story.wrong(wrong)
    found = story.back("P")
    assert names(found) == ["B", "P"]
    assert right in indexes(found)
    assert {step.index for step in found.corrected} == {wrong, declaration}


def test_a_new_label_is_an_edge_of_its_own_kind() -> None:
    story = Story()
    story.begin(0, "A=5")
    index = story.make(1, ["A=5"], ["B=5"])
    assert Link(index, lot("A"), lot("B"), "relabelled", kilograms(5), kilograms(5)) in story.back("B").links


def test_a_cycle_ends_and_is_named() -> None:
    story = Story()
    story.begin(0, "A")
    story.make(1, ["A"], ["B"])
    story.make(2, ["B"], ["A"])
    for found in (story.back("A"), story.forward("A")):
        assert names(found) == ["A", "B"]
        assert found.cycles == ((lot("A"), lot("B")),)
    assert story.back("A").more is False


@pytest.mark.long
def test_ten_thousand_direct_parents_and_a_depth_of_five_hundred() -> None:
    story = Story()
    story.make(1, [f"M{member}" for member in range(10_000)], ["D0"])
    for depth in range(500):
        story.make(2, [f"D{depth}"], [f"D{depth + 1}"])
    assert len(story.back("D500").lots) == 10_501
    assert len(story.forward("M77").lots) == 502


def test_a_limit_ends_the_walk_and_says_so() -> None:
    story = Story()
    for depth in range(50):
        story.make(depth, [f"D{depth}"], [f"D{depth + 1}"])
    found = story.back("D50", limit=20)
    assert found.more
    assert 0 < len(found.steps) < 50


def test_an_unknown_lot_gives_an_empty_trace() -> None:
    assert Story().back("A") == Traced(lot("A"), forward=False)
