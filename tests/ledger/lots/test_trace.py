"""The closure: everything a lot comes from and nothing else; everything it went into and nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.lots.genealogy import MemoryEdges
from ledger.lots.movement import Movement, movement
from ledger.lots.trace import closure, history


class Chain:
    """A small supply chain: each verb records an event and gives its index."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def record(self, kind: str, **members: Any) -> int:
        self.events.append({"type": f"{kind}Event", **members})
        return len(self.events) - 1

    def harvest(self, lot: str) -> int:
        return self.record("Object", action="ADD", bizStep="commissioning", epcList=[lot])

    def move(self, *uris: str, step: str = "shipping") -> int:
        return self.record("Object", action="OBSERVE", bizStep=step, epcList=list(uris))

    def make(self, inputs: list[str], outputs: list[str], **members: Any) -> int:
        return self.record("Transformation", inputEPCList=inputs, outputEPCList=outputs, **members)

    def pack(self, unit: str, *children: str, action: str = "ADD") -> int:
        return self.record("Aggregation", action=action, parentID=unit, childEPCs=list(children))

    @property
    def edges(self) -> MemoryEdges:
        return MemoryEdges((index, movement(event)) for index, event in enumerate(self.events))


def uri(name: str) -> str:
    return f"urn:example:{name}"


def seven_inputs() -> tuple[Chain, list[int], str]:
    """Seven growers' lots packed into one of two packs; the other pack has seven others."""
    chain, expected = Chain(), []
    pack, other = uri("pack"), uri("other")
    mine, theirs = [uri(f"lot{i}") for i in range(7)], [uri(f"not{i}") for i in range(7)]
    for lot, foreign in zip(mine, theirs, strict=True):
        expected += [chain.harvest(lot), chain.move(lot)]
        chain.harvest(foreign)
        chain.move(foreign)
        expected.append(chain.move(lot, step="receiving"))
    expected.append(chain.make(mine, [pack]))
    chain.make(theirs, [other])
    expected.append(chain.move(pack))
    return chain, expected, pack


def test_seven_inputs_come_back_as_seven() -> None:
    chain, expected, pack = seven_inputs()
    assert closure(chain.edges, pack, "back") == sorted(expected)


def test_what_an_input_was_also_used_for_is_not_the_packs_history() -> None:
    chain = Chain()
    harvest = chain.harvest(uri("a"))
    juice = chain.make([uri("a"), uri("sugar")], [uri("juice")])
    jam = chain.make([uri("a")], [uri("jam")])
    assert closure(chain.edges, uri("jam"), "back") == [harvest, jam]
    assert closure(chain.edges, uri("a"), "back") == [harvest, juice, jam]  # its own entries, all of them
    assert closure(chain.edges, uri("a"), "forward") == [harvest, juice, jam]


def test_a_carrier_brings_its_journeys_but_not_its_other_children() -> None:
    chain = Chain()
    mine, other, unit, truck = uri("mine"), uri("other"), uri("unit"), uri("truck")
    expected = [chain.harvest(mine)]
    chain.harvest(other)
    chain.move(other, step="inspecting")
    expected += [chain.pack(unit, mine), chain.pack(truck, unit, uri("unit2")), chain.move(truck)]
    chain.pack(unit, other)  # only another child went in
    expected += [chain.move(truck, step="receiving"), chain.pack(truck, action="DELETE")]
    expected.append(chain.move(unit, step="storing"))
    chain.pack(truck, uri("unit2"), action="DELETE")
    chain.move(uri("unit2"))
    expected.append(chain.pack(unit, mine, action="DELETE"))
    for direction in ("back", "forward", "both"):
        assert closure(chain.edges, mine, direction) == expected  # type: ignore[arg-type]


def test_only_the_objects_of_the_history_are_followed() -> None:
    chain = Chain()
    chain.pack(uri("unit"), uri("a"), uri("other"))
    chain.make([uri("a"), uri("salt")], [uri("jam")])
    chain.make([uri("jam"), uri("flour")], [uri("cake")])
    edges = chain.edges
    assert history(edges, uri("jam"), back=True).followed == {uri("jam"), uri("a"), uri("salt")}
    assert history(edges, uri("jam"), back=False).followed == {uri("jam"), uri("cake")}
    assert history(edges, uri("jam"), back=True).entries == {0, 1, 2}
    assert closure(edges, uri("jam"), "back") == [0, 1, 2]


def test_a_unit_brings_its_contents_and_their_origins() -> None:
    chain = Chain()
    expected = [chain.harvest(uri("a")), chain.make([uri("a")], [uri("case")]), chain.pack(uri("unit"), uri("case"))]
    chain.harvest(uri("b"))
    expected.append(chain.move(uri("unit")))
    assert closure(chain.edges, uri("unit"), "back") == expected


def test_a_unit_used_up_whole_brings_its_contents_back() -> None:
    chain = Chain()
    expected = [chain.harvest(uri("olives")), chain.pack(uri("bin"), uri("olives")), chain.move(uri("bin"))]
    expected.append(chain.make([uri("bin")], [uri("oil")]))
    assert closure(chain.edges, uri("oil"), "back") == expected
    assert closure(chain.edges, uri("olives"), "forward") == expected


def test_forward_leaves_out_what_products_were_also_made_from() -> None:
    chain = Chain()
    a = [chain.harvest(uri("a"))]
    chain.harvest(uri("b"))
    chain.make([uri("b")], [uri("oil")])
    a += [chain.make([uri("a"), uri("c")], [uri("oil")]), chain.move(uri("oil"))]
    assert closure(chain.edges, uri("a"), "forward") == a


def test_events_of_one_run_are_linked_by_its_id() -> None:
    chain = Chain()
    run = "urn:uuid:6f1c3a52-9d4e-4b7a-8c21-5e0f9a7b3d10"
    expected = [chain.harvest(uri("milk1")), chain.harvest(uri("milk2"))]
    expected += [
        chain.make([uri("milk1")], [], transformationID=run),
        chain.make([uri("milk2")], [], transformationID=run),
        chain.make([], [uri("cheese")], transformationID=run),
    ]
    whey = chain.make([], [uri("whey")], transformationID=run)
    assert closure(chain.edges, uri("cheese"), "back") == expected
    assert closure(chain.edges, uri("milk1"), "forward") == [0, 2, 4, whey]


def test_a_destroyed_rest_belongs_to_the_lots_history() -> None:
    chain = Chain()
    made = [chain.harvest(uri("a")), chain.make([uri("a")], [uri("b")])]
    end = chain.record("Object", action="DELETE", bizStep="destroying", epcList=[uri("a")])
    assert closure(chain.edges, uri("b"), "back") == [*made, end]


def test_a_correction_comes_along_and_leads_nowhere() -> None:
    chain = Chain()
    harvest = chain.harvest(uri("a"))
    chain.harvest(uri("wrong"))
    wrong = chain.record(
        "Transformation", inputEPCList=[uri("wrong")], outputEPCList=[uri("a")], errorDeclaration={"reason": "x"}
    )
    assert closure(chain.edges, uri("a"), "back") == [harvest, wrong]


def test_a_cycle_ends() -> None:
    chain = Chain()
    chain.make([uri("a")], [uri("b")])
    chain.make([uri("b")], [uri("a")])
    chain.pack(uri("a"), uri("b"))
    chain.pack(uri("b"), uri("a"))
    for direction in ("back", "forward", "both"):
        assert closure(chain.edges, uri("a"), direction) == [0, 1, 2, 3]  # type: ignore[arg-type]


def test_an_unknown_subject_has_no_history() -> None:
    assert closure(MemoryEdges(), uri("a"), "both") == []


def test_the_same_index_twice_is_a_mistake() -> None:
    edges = MemoryEdges([(3, Movement())])
    with pytest.raises(ValueError, match="already there"):
        edges.add(3, Movement())
    assert (edges.movement(3), edges.movement(4)) == (Movement(), Movement())


@st.composite
def generations(draw: st.DrawFn) -> list[tuple[list[int], int]]:
    """A random pedigree: each lot made from some lots before it (none: harvested)."""
    count = draw(st.integers(1, 14))
    return [(sorted(draw(st.sets(st.integers(0, lot - 1), max_size=4))) if lot else [], lot) for lot in range(count)]


def recorded(pedigree: list[tuple[list[int], int]]) -> Chain:
    chain = Chain()
    for parents, lot in pedigree:
        if parents:
            chain.make([uri(str(parent)) for parent in parents], [uri(str(lot))])
        else:
            chain.harvest(uri(str(lot)))
        chain.move(uri(str(lot)))
    return chain


@given(generations(), st.data())
def test_back_reaches_every_ancestor_and_only_those(pedigree: list[tuple[list[int], int]], data: st.DataObject) -> None:
    subject = data.draw(st.integers(0, len(pedigree) - 1))
    chain = recorded(pedigree)
    ancestors, waiting = {subject}, [subject]
    while waiting:
        for parent in pedigree[waiting.pop()][0]:
            if parent not in ancestors:
                ancestors.add(parent)
                waiting.append(parent)
    # Each lot has two entries, made and moved; the subject's own uses belong to it as well.
    expected = {entry for lot in ancestors for entry in (2 * lot, 2 * lot + 1)}
    expected |= {2 * lot for parents, lot in pedigree if subject in parents}
    assert set(closure(chain.edges, uri(str(subject)), "back")) == expected


@given(generations(), st.data())
def test_forward_reaches_every_descendant_and_only_those(
    pedigree: list[tuple[list[int], int]], data: st.DataObject
) -> None:
    subject = data.draw(st.integers(0, len(pedigree) - 1))
    descendants = {subject}
    for parents, lot in pedigree:
        if descendants & set(parents):
            descendants.add(lot)
    expected = {entry for lot in descendants for entry in (2 * lot, 2 * lot + 1)}
    assert set(closure(recorded(pedigree).edges, uri(str(subject)), "forward")) == expected


@given(generations(), st.data())
def test_whoever_is_back_from_a_lot_has_that_lot_forward(
    pedigree: list[tuple[list[int], int]], data: st.DataObject
) -> None:
    chain = recorded(pedigree)
    old, new = sorted(data.draw(st.tuples(*[st.integers(0, len(pedigree) - 1)] * 2)))
    back = 2 * old + 1 in closure(chain.edges, uri(str(new)), "back")
    forward = 2 * new + 1 in closure(chain.edges, uri(str(old)), "forward")
    assert back == forward


@given(generations(), st.randoms())
def test_the_order_in_which_entries_arrive_does_not_matter(pedigree: list[tuple[list[int], int]], random: Any) -> None:
    chain = recorded(pedigree)
    pairs = [(index, movement(event)) for index, event in enumerate(chain.events)]
    random.shuffle(pairs)
    subject = uri(str(len(pedigree) - 1))
    assert closure(MemoryEdges(pairs), subject, "both") == closure(chain.edges, subject, "both")


@given(st.integers(1, 9), st.integers(0, 9))
def test_of_a_full_pallet_only_the_case_asked_for_comes_back(cases: int, asked: int) -> None:
    chain, asked = Chain(), asked % cases
    expected: list[int] = []
    for case in range(cases):
        made = [chain.harvest(uri(f"field{case}")), chain.make([uri(f"field{case}")], [uri(f"case{case}")])]
        expected += made if case == asked else []
    expected.append(chain.pack(uri("pallet"), *(uri(f"case{case}") for case in range(cases))))
    expected += [chain.move(uri("pallet")), chain.move(uri("pallet"), step="receiving")]
    assert closure(chain.edges, uri(f"case{asked}"), "back") == expected
    assert closure(chain.edges, uri("pallet"), "back") == list(range(len(chain.events)))
