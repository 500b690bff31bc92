"""What a retailer's QA manager checks first: her words are the names of the tests. Others stand with their parts."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from api.verbs.attach import attach, list_documents
from api.verbs.recall import drill, recall
from api.verbs.recall_notice import notices
from exporters.formats.recall_notice import FIELDS, html, tree
from ledger.audience import full
from ledger.lots.traced import trace
from ledger.node import Node
from ledger.readside.recall_tree import summed
from ledger.readside.recall_tree import tree as report_tree
from ledger.store.edges import StoreEdges
from schemas.syntax import base64url, json_text
from tests.simulator.files import scan
from tests.simulator.phones import made
from tests.simulator.recalled import OTHER, SHOP, Story


@pytest.fixture(params=["sqlite", "postgresql"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    sqlite = request.param == "sqlite"
    location = str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))
    with made(location, tmp_path, gln="9521001000017", prefixes=("9521001",)) as node:
        yield node


def test_01_give_me_lot_x_printed_on_this_pack_full_back_trace_to_fields_and_forward_to_every_customer_with_quantities(
    node: Node,
) -> None:
    story = Story.told(node)
    node.settled()
    with node.store.read() as connection:
        back = trace(StoreEdges(connection), story.packing, forward=False)
    flows = {
        (link.source, link.target): str(link.used.quantity)
        for link in back.links
        if link.kind == "transformed" and link.used
    }  # fmt: skip
    assert flows == {(story.field, story.packing): "600", (story.neighbour, story.packing): "400"}
    printed = "(01)09521001002011(10)P-1"
    forward = recall(node, printed, audience=full())
    shipped = {customer.uri: summed(customer.shipped) for customer in forward.recall.customers}
    assert shipped == {SHOP: {"KGM": 550}, OTHER: {"KGM": 150}}
    assert {unit for customer in forward.recall.customers for unit in customer.units} == set(story.pallets[:3])


def test_15_recall_drill_report_with_clock_contact_list_notice_sheet_in_the_ministry_layout_and_evidence_that_buyers_were_notified(  # noqa: E501
    node: Node,
) -> None:
    story = Story.told(node)
    found, logged = drill(node, story.packing, audience=full())
    told = report_tree(found)
    # The clock: from the question to the answer, and signed with the report.
    assert told["asked"] <= told["answered"]
    assert told["milliseconds"] >= 0
    signed = dict(node.entry(logged.index).content or {})
    assert base64url.decode(str(signed["report"])) == sha256(json_text.canonical(json.loads(json.dumps(told)))).digest()
    assert (signed["asked"], signed["answered"]) == (told["asked"], told["answered"])
    # The contact list, and who is not on it.
    called = {item["party"]: [contact["phone"] for contact in item["contacts"]] for item in told["customers"]}
    assert called == {SHOP: ["+39 02 5550102", "+39 02 5550101"], OTHER: []}
    assert [gap["about"] for gap in told["gaps"] if gap["code"] == "recall-contact-missing"] == [OTHER]
    # The notice, in the Ministry's layout.
    (notice,) = notices(node, story.packing, reason="Listeria", warnings="Non consumare.", audience=full())
    fields = [item["field"] for item in tree(notice, "it")["fields"]]  # type: ignore[attr-defined]
    assert fields == [name for name in FIELDS if name in fields]
    assert {name for name, needed in FIELDS.items() if needed} <= set(fields)
    assert "Richiamo di prodotto alimentare" in html(notice, "it")
    # The evidence that buyers were notified: a delivery receipt, attached to the drill itself.
    receipt = attach(node, scan("ricevuta di consegna"), name="ricevuta.pdf", to=str(logged.index), audience=full())
    (kept,) = list_documents(node, str(logged.index), audience=full())
    assert (kept.index, kept.name, kept.held) == (receipt.index, "ricevuta.pdf", True)
