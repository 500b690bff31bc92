"""Whether a lot is recalled, asked of a ledger: as of a time, by several eyes, one and all, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.recalls_json import tree
from api.verbs.recall import close_recall, open_recall
from api.verbs.recalls import list_recalls, recall_status
from ledger.audience import full, member, nothing, parties
from ledger.node import Node
from tests.simulator.cooperatives import document, joined
from tests.simulator.phones import made
from tests.simulator.recalled import SHOP, Story, loaded, pallet
from tests.simulator.refusal import refused

DAY = 86_400
SHOP_GLN = SHOP.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    sqlite = request.param == "sqlite"
    location = str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))
    with made(location, tmp_path, gln="9521001000017", prefixes=("9521001",)) as node:
        yield node


def test_one_lot_is_answered_for_lot_and_unit_and_as_of_then(node: Node) -> None:
    story, iss = Story.told(node), node.registry.members()[0].iss
    now = node.clock()
    then = datetime.fromtimestamp(now, UTC).isoformat()
    node.clock = lambda: now + DAY  # type: ignore[method-assign,misc]
    _, opened = open_recall(node, story.packing, "Listeria", audience=full(), member=iss)
    (found,) = tree(recall_status(node, "(01)09521001002011(10)P-1", audience=full()))["recalls"]
    since = datetime.fromtimestamp(now + DAY, UTC).replace(tzinfo=None).isoformat("T", "milliseconds") + "Z"
    assert found == {
        "on": [story.packing], "member": iss, "name": "Cooperativa Sole", "entry": opened.entries[0],
        "number": opened.number, "subject": story.packing, "since": since, "reason": "Listeria",
    }  # fmt: skip
    # A pallet that was loaded later has the lot in it.
    node.capture(document(loaded(pallet(9), story.packing, 20, 30)), member=iss)
    late = tree(recall_status(node, pallet(9), audience=full()))
    assert (late["recalled"], late["recalls"][0]["on"]) == (True, [story.packing])
    assert tree(recall_status(node, story.neighbour, audience=full()))["recalled"] is False
    assert tree(recall_status(node, story.packing, audience=full(), as_of=then))["recalled"] is False
    close_recall(node, story.packing, audience=full(), member=iss)
    assert tree(recall_status(node, story.packing, audience=full()))["recalled"] is False
    with refused("lot-not-here-near"):
        recall_status(node, "(01)09521001002011(10)P-9", audience=full())
    with refused("moment-form"):
        recall_status(node, story.packing, audience=full(), as_of="then")


def test_who_has_the_goods_is_told_and_nobody_else(node: Node) -> None:
    sole = node.registry.members()[0].iss
    shop, luna = joined(node, "Bottega", gln=SHOP_GLN), joined(node, "Luna", gln="9521002000016")
    story = Story.told(node, sole)
    open_recall(node, story.packing, "Listeria", audience=full(), member=sole)
    buyer = member(shop, parties(shop, SHOP_GLN), given=nothing, published=nothing)
    stranger = member(luna, parties(luna, "9521002000016"), given=nothing, published=nothing)
    # The shop was sent two pallets, and nobody told it of the lot by name.
    assert tree(recall_status(node, story.pallets[0], audience=buyer))["recalls"][0]["reason"] == "Listeria"
    rows = list_recalls(node, audience=buyer).recalls
    assert [item.objects for item in rows] == [tuple(sorted(story.pallets[:2]))]
    assert list_recalls(node, audience=stranger).recalls == []
    with refused("lot-not-here"):
        recall_status(node, story.packing, audience=stranger)


def test_all_that_stand_are_listed_by_pages_as_of_then_too(node: Node) -> None:
    story = Story.told(node)
    open_recall(node, story.packing, "Listeria", audience=full())
    now = node.clock()
    then = datetime.fromtimestamp(now, UTC).isoformat()
    node.clock = lambda: now + DAY  # type: ignore[method-assign,misc]
    open_recall(node, story.neighbour, "Salmonella", audience=full())
    first = list_recalls(node, audience=full(), limit=2)
    second = list_recalls(node, audience=full(), limit=2, after=first.next)
    rows = [*first.recalls, *second.recalls]
    assert [item.standing.reason for item in rows] == ["Listeria", "Listeria", "Salmonella", "Salmonella"]
    assert rows[0].objects == (story.packing,)
    assert rows[2].objects == tuple(sorted((story.neighbour, story.packing, story.other)))
    assert [item.standing.reason for item in list_recalls(node, audience=full(), as_of=then).recalls] == 2 * [
        "Listeria"
    ]
    close_recall(node, story.packing, audience=full())
    assert {item.standing.reason for item in list_recalls(node, audience=full()).recalls} == {"Salmonella"}
    with refused("parameter-value"):
        list_recalls(node, audience=full(), after="x")
