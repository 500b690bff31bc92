"""Whether something is recalled: by whom, since when, why; itself, what is in it, or its lot."""

from decimal import Decimal
from typing import Any

import pytest

from ledger.lots.genealogy import MemorySteps
from ledger.lots.recalled import RECALL, Recalled, recalled, standing
from ledger.lots.step import Step, step
from schemas.epcis.instant import microseconds

LOT = "https://id.gs1.org/01/09521001002011/10/P-1"
ITEM = "https://id.gs1.org/01/09521001002011/21/W7"
PALLET, CARTON = "https://id.gs1.org/00/095210010000000012", "https://id.gs1.org/00/095210010000000029"
ONE, OTHER = "urn:uuid:00000000-0000-4000-8000-000000000001", "urn:uuid:00000000-0000-4000-8000-000000000002"
CONTEXT = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"filiera": "https://filiera.invalid/voc/"},
]


def time(hour: int) -> str:
    return f"2026-07-01T{hour:02d}:00:00Z"


def at(hour: int) -> int:
    found = microseconds(time(hour))
    assert found is not None
    return found


def said(hour: int, uri: str, change: str, number: str | None = None, member: str = "urn:m", **more: Any) -> Step:
    """An event that says `recalled` of something, or says it no more."""
    content = {
        "@context": CONTEXT, "type": "ObjectEvent", "action": "OBSERVE", "eventTime": time(hour),
        "persistentDisposition": {change: ["recalled"]},
        "bizTransactionList": [{"type": RECALL, "bizTransaction": number}] if number else [],
        **({"quantityList": [{"epcClass": uri}]} if uri == LOT else {"epcList": [uri]}), **more,
    }  # fmt: skip
    return step(hour, member, content)


def packed(hour: int, parent: str, child: str, action: str = "ADD", kilos: int | None = None) -> Step:
    children: dict[str, Any] = {"childEPCs": [child]}
    if kilos is not None:
        children = {"childQuantityList": [{"epcClass": child, "quantity": kilos, "uom": "KGM"}]}
    content = {
        "type": "AggregationEvent", "action": action, "eventTime": time(hour), "parentID": parent, **children,
    }  # fmt: skip
    return step(hour, "urn:m", content)


def on(uri: str, *steps: Step, hour: int | None = None) -> list[tuple[str, int]]:
    found = recalled(MemorySteps(steps), uri, None if hour is None else at(hour))
    return [(item.on, item.standing.index) for item in found]


def test_it_stands_from_its_opening_to_its_end_with_reason_and_subject() -> None:
    told = {"filiera:recallReason": "Listeria", "filiera:recallSubject": "https://dop.example/lot/campo-7"}
    steps = [said(3, LOT, "set", ONE, **told), said(9, LOT, "unset", ONE)]
    assert [on(LOT, *steps, hour=hour) for hour in (2, 3, 8, 9)] == [[], [(LOT, 3)], [(LOT, 3)], []]
    ((first,), _) = recalled(MemorySteps(steps[:1]), LOT), None
    assert isinstance(first, Recalled)
    assert (first.standing.member, first.standing.at, first.standing.number) == ("urn:m", at(3), ONE)
    assert (first.standing.reason, first.standing.subject) == ("Listeria", "https://dop.example/lot/campo-7")


def test_said_again_it_stands_since_it_was_said_first() -> None:
    assert on(LOT, said(3, LOT, "set", ONE), said(5, LOT, "set", ONE)) == [(LOT, 3)]


def test_recalls_of_one_member_end_each_by_itself_and_an_end_without_a_number_ends_all() -> None:
    opened = [said(3, LOT, "set", ONE), said(4, LOT, "set", OTHER)]
    assert on(LOT, *opened, said(5, LOT, "unset", ONE)) == [(LOT, 4)]
    assert on(LOT, *opened, said(5, LOT, "unset")) == []


def test_nobody_ends_anothers_recall() -> None:
    assert on(LOT, said(3, LOT, "set", ONE), said(5, LOT, "unset", ONE, member="urn:other")) == [(LOT, 3)]


@pytest.mark.parametrize(("hour", "found"), [(2, []), (4, [(LOT, 1)]), (6, [])])
def test_a_unit_is_recalled_with_what_is_in_it_then(hour: int, found: list[tuple[str, int]]) -> None:
    steps = [
        said(1, LOT, "set", ONE), packed(2, CARTON, LOT, kilos=8), packed(3, PALLET, CARTON),
        packed(5, PALLET, CARTON, "DELETE"),
    ]  # fmt: skip
    assert on(PALLET, *steps, hour=hour) == found


def test_an_item_is_recalled_with_the_lot_that_its_making_names() -> None:
    making = {
        "type": "ObjectEvent", "action": "ADD", "eventTime": time(1), "epcList": [ITEM],
        "ilmd": {"cbvmda:lotNumber": "P-1"},
    }  # fmt: skip
    steps = [step(1, "urn:m", making), said(3, LOT, "set", ONE)]
    assert on(ITEM, *steps) == [(LOT, 3)]
    assert steps[0].item_lot == "P-1"
    assert on(ITEM, steps[0]) == []


def test_a_pallet_is_read_level_by_level() -> None:
    class Counted(MemorySteps):
        asked = 0

        def steps_of(self, uris: Any) -> dict[str, list[Step]]:
            self.asked += 1
            return super().steps_of(uris)

    cartons = [f"https://id.gs1.org/00/0952100100000{number:04d}0" for number in range(200)]
    steps = [step(number, "urn:m", _loaded(carton)) for number, carton in enumerate(cartons)]
    steps.append(said(9, LOT, "set", ONE))
    source = Counted([*steps[:-1], step(500, "urn:m", _packed(cartons)), *[
        step(600 + number, "urn:m", _filled(carton)) for number, carton in enumerate(cartons)
    ]])  # fmt: skip
    assert recalled(source, PALLET) == ()
    assert source.asked < 6


def _loaded(carton: str) -> dict[str, Any]:
    return {"type": "ObjectEvent", "action": "ADD", "eventTime": time(1), "epcList": [carton]}


def _filled(carton: str) -> dict[str, Any]:
    quantity = {"epcClass": LOT, "quantity": Decimal(1), "uom": "KGM"}
    return {
        "type": "AggregationEvent", "action": "ADD", "eventTime": time(2), "parentID": carton,
        "childQuantityList": [quantity],
    }  # fmt: skip


def _packed(cartons: list[str]) -> dict[str, Any]:
    return {
        "type": "AggregationEvent", "action": "ADD", "eventTime": time(3), "parentID": PALLET, "childEPCs": cartons,
    }  # fmt: skip


def test_what_does_not_stand_recalls_nothing() -> None:
    wrong = said(3, LOT, "set", ONE)
    declared = step(4, "urn:m", {"errorDeclaration": {"declarationTime": time(4)}, "type": "ObjectEvent"})
    assert standing([wrong, declared], LOT)
    from dataclasses import replace

    assert standing([replace(wrong, corrected_by=4), declared], LOT) == ()
