"""Tanks followed by the rule that master data holds, on both databases: whose word counts, since when, who sees it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.traced_json import tree
from api.verbs.master import add
from api.verbs.recall import recall
from api.verbs.trace import Answer, trace
from ledger.audience import full, member, nothing, parties
from ledger.node import Node
from ledger.readside.rebuild import rebuild
from tests.simulator.cooperatives import document, joined, lot
from tests.simulator.master import site, written
from tests.simulator.phones import made

TANK = "https://dop.example/tank/7"
SITE = "https://dop.example/site/tank-7"


@pytest.fixture(params=["sqlite", "postgresql"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    sqlite = request.param == "sqlite"
    location = str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))
    with made(location, tmp_path) as node:
        yield node


def tank(**more: Any) -> dict[str, Any]:
    """A tank as a site of its own."""
    said = {"id": SITE, "kind": "tank", "gln": None, "name": "Cisterna 7", "mixing": mixed("fifo")}
    return site(**{**said, **more})


def mixed(rule: str, *vessels: str) -> dict[str, Any]:
    return {"rule": rule, "vessels": list(vessels or (TANK,))}


def milk(into: str, out: str, litres: int, hour: int, day: int = 1) -> dict[str, Any]:
    return {
        "type": "TransformationEvent", "eventTime": f"2026-07-{day:02d}T{hour:02d}:00:00Z",
        "eventTimeZoneOffset": "+02:00",
        "inputQuantityList": [{"epcClass": into, "quantity": litres, "uom": "LTR"}],
        "outputQuantityList": [{"epcClass": out, "quantity": litres, "uom": "LTR"}],
    }  # fmt: skip


def poured(node: Node, **how: Any) -> None:
    """A and B into the tank, P out of it; then Q."""
    told = (
        milk(lot("A"), TANK, 100, 6), milk(lot("B"), TANK, 100, 7), milk(TANK, lot("P"), 100, 8),
        milk(TANK, lot("Q"), 100, 9),
    )  # fmt: skip
    node.capture(document(*told), **how)


def back(node: Node, code: str, **how: Any) -> Answer:
    return trace(node, lot(code), **{"audience": full(), **how})


def lots(answer: Answer) -> list[str]:
    return [uri.rpartition("/")[2] for uri in answer.lots if uri != TANK]


def test_whoever_asks_need_not_give_the_rule_that_the_site_holds(node: Node) -> None:
    poured(node)
    assert lots(back(node, "Q")) == ["A", "B", "Q"]
    assert tree(back(node, "Q"))["mixing"] == []
    (kept,) = add(node, written(tank())).kept
    answer = back(node, "Q")
    assert lots(answer) == ["B", "Q"]
    said = {"id": TANK, "rule": "fifo", "source": "master", "site": SITE, "entry": kept.index}
    assert tree(answer)["mixing"] == [said]
    # The rule follows the log as everything does, and a rebuild finds it again.
    rebuild(node.store, node.keyring.wrapping_key)
    assert lots(back(node, "Q")) == ["B", "Q"]


def test_who_asks_may_declare_another_and_the_answer_says_so(node: Node) -> None:
    add(node, written(tank()))
    poured(node)
    answer = back(node, "Q", mixing=[f"{TANK}=cycle"])
    assert lots(answer) == ["A", "B", "Q"]
    assert tree(answer)["mixing"] == [{"id": TANK, "rule": "cycle", "source": "asked", "site": None, "entry": None}]


def test_a_rule_holds_from_then_on_and_as_the_ledger_knew_it(node: Node) -> None:
    add(node, written(tank(mixing=None), tank(validFrom="2026-07-02")))
    poured(node)
    before = max(one.record_time for one in back(node, "P").steps if one.record_time).isoformat()
    node.capture(document(milk(lot("C"), TANK, 50, 6, day=3), milk(TANK, lot("R"), 50, 7, day=3)))
    # Of 1 July nobody said a rule, and everything ever poured in before is in a drawing; of 3 July there is one.
    assert lots(back(node, "Q")) == ["A", "B", "Q"]
    assert lots(back(node, "R")) == ["C", "R"]
    assert [one["rule"] for one in tree(back(node, "R"))["mixing"]] == ["all", "fifo"]
    add(node, written(tank(validFrom="2026-07-01")))
    assert lots(back(node, "Q")) == ["B", "Q"]
    assert lots(back(node, "Q", as_of=before)) == ["A", "B", "Q"]


def test_a_site_that_is_a_vessel_by_itself_needs_no_list(node: Node) -> None:
    add(node, written(tank(id=TANK, mixing={"rule": "fifo"})))
    poured(node)
    assert lots(back(node, "P")) == ["A", "P"]


def test_nobody_declares_how_another_members_tank_is_followed(node: Node) -> None:
    other = joined(node, "Cooperativa Luna")
    poured(node, member=node.registry.members()[0].iss)
    add(node, written(tank()), member=other)
    assert lots(back(node, "Q")) == ["A", "B", "Q"]


def test_who_may_not_see_the_site_sees_the_rule_and_not_where_it_comes_from(node: Node) -> None:
    owner, other = node.registry.members()[0].iss, joined(node, "Cooperativa Luna", gln="9521002000016")
    add(node, written(tank()), member=owner)
    poured(node, member=owner)
    sold = {
        "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping", "eventTime": "2026-07-04T08:00:00Z",
        "eventTimeZoneOffset": "+02:00", "quantityList": [{"epcClass": TANK, "quantity": 1, "uom": "LTR"}],
        "destinationList": [{"type": "owning_party", "destination": "https://id.gs1.org/417/9521002000016"}],
    }  # fmt: skip
    node.capture(document(sold), member=owner)
    seen_by = member(other, parties(other, "9521002000016"), given=nothing, published=nothing)
    answer = trace(node, TANK, audience=seen_by)
    assert tree(answer)["mixing"] == [{"id": TANK, "rule": "fifo", "source": "master", "site": None, "entry": None}]


def test_a_recall_follows_the_rule_and_counts_the_fill(node: Node) -> None:
    add(node, written(tank()))
    poured(node)
    node.capture(document(milk(lot("C"), TANK, 50, 6, day=3), milk(TANK, lot("R"), 50, 7, day=3)))
    found = recall(node, lot("B"), audience=full()).recall
    assert set(found.lots) == {lot("B"), TANK, lot("Q")}
    assert (found.figures[TANK]["LTR"].born, found.figures[TANK]["LTR"].used) == (200, 200)
    wider = recall(node, lot("B"), audience=full(), mixing=[f"{TANK}=cycle"]).recall
    assert set(wider.lots) == {lot("B"), TANK, lot("P"), lot("Q")}
    assert [item.declared and item.declared.source for item in wider.mixing] == ["asked"]
