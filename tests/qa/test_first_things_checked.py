"""What a retailer's QA manager checks first: her words are the names of the tests. Others stand with their parts."""

import json
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from api.verbs.attach import attach, list_documents
from api.verbs.balance import balance
from api.verbs.findings import list_findings
from api.verbs.master import add
from api.verbs.recall import drill, recall
from api.verbs.recall_notice import notices
from api.verbs.trace import trace as traced
from exporters.formats.recall_notice import FIELDS, html, tree
from ledger.audience import full
from ledger.lots.step import Amount
from ledger.lots.traced import trace
from ledger.node import Node
from ledger.readside.recall_tree import summed
from ledger.readside.recall_tree import tree as report_tree
from ledger.store.edges import StoreEdges
from schemas.syntax import base64url, json_text
from tests.simulator.cooperatives import CONTEXT, document, harvested, joined, lot
from tests.simulator.files import scan
from tests.simulator.master import certificate, party, product, site, written
from tests.simulator.phones import made
from tests.simulator.recalled import OTHER, SHOP, Story, loaded, packed, pallet, sent

EVENT = "urn:uuid:9f1e9aa2-6bd4-4d4c-8f1c-6d1d3d7f8e0"


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


def test_02_mass_balance_closes_try_it_with_a_lot_where_i_know_the_waste_if_1000_kg_in_and_1050_kg_out_is_accepted_stop(
    node: Node,
) -> None:
    known, wonder = lot("P-1"), lot("P-2")
    node.capture(document(harvested("F-1", kilos=1000), harvested("F-2", kilos=1000)))
    waste = {"@context": [*CONTEXT, {"filiera": "https://filiera.invalid/voc/"}], "filiera:wasteKg": 60}
    node.capture(document({**packed(known, (lot("F-1"), 1000), amount=940), **waste}))
    node.capture(document(packed(wonder, (lot("F-2"), 1000), amount=1050)))
    closed = balance(node, audience=full(), lot=lot("F-1"))
    ((account,), (process,)) = closed.accounts, closed.processes
    assert (account.figures["closing"], process.verdict, process.lost) == (0, "within", 60)
    (process,) = balance(node, audience=full(), lot=wonder).processes
    assert (process.verdict, process.used, process.made) == ("over", 1000, 1050)
    (found,) = list_findings(node, audience=full())[0]
    assert (found.code, found.context["lot"], found.context["most"]) == ("yield-above-band", wonder, "1000 KGM")


def test_03_merge_split_7_members_in_one_packing_lot_does_the_trace_return_all_7_and_only_those(node: Node) -> None:
    members = [node.registry.members()[0].iss, *(joined(node, f"Socio {number}") for number in range(1, 8))]
    for number, iss in enumerate(members):
        node.capture(document(harvested(f"M-{number}", kilos=100 + number)), member=iss)
    fields = [lot(f"M-{number}") for number in range(8)]
    together, apart = [(uri, 100 + number) for number, uri in enumerate(fields[:7])], [(fields[7], 107)]
    node.capture(document(
        packed(lot("P-1"), *together, amount=700), packed(lot("P-2"), *apart, amount=100),
        loaded(pallet(1), lot("P-1"), 400), loaded(pallet(2), lot("P-1"), 300, 1),
        loaded(pallet(3), lot("P-2"), 100, 2),
        sent(pallet(1), to=SHOP), sent(pallet(2), to=OTHER, minute=5), sent(pallet(3), to=OTHER, minute=6),
    ), member=members[0])  # fmt: skip
    # Merged: the lot, and whatever it was split into, comes back to all seven with what each gave, and to nobody else.
    for printed in (lot("P-1"), pallet(1), pallet(2)):
        back = traced(node, printed, audience=full())
        into = {link.source: link.used.quantity for link in back.links if link.kind == "transformed" and link.used}
        assert into == dict(together), printed
        assert {one.step.member for one in back.steps if one.step is not None} == set(members[:7])
    assert set(traced(node, pallet(3), audience=full()).lots) == {lot("P-2"), fields[7]}
    # Split: each of them goes forward to both customers, and not to who got the other lot alone.
    forward = traced(node, fields[3], audience=full(), forward=True)
    assert (set(forward.lots), set(forward.units)) == ({fields[3], lot("P-1")}, {pallet(1), pallet(2)})


def test_06_can_the_operator_delete_or_edit_show_a_correction_original_still_visible_reason_author(node: Node) -> None:
    packer = joined(node, "Cooperativa Luna")
    node.capture(document(harvested("F-1", kilos=100)), member=node.registry.members()[0].iss)
    wrong = {**packed(lot("P-1"), (lot("F-1"), 100), amount=190), "eventID": f"{EVENT}1"}
    (first,) = node.capture(document(wrong), member=packer)
    assert [item.code for item in list_findings(node, audience=full())[0]] == ["yield-above-band"]
    error = {"declarationTime": "2026-07-04T08:00:00Z", "reason": "incorrect_data"}
    (second,) = node.capture(document({**wrong, "errorDeclaration": error}), member=packer)
    right = {**packed(lot("P-1"), (lot("F-1"), 100), amount=90), "eventID": f"{EVENT}2"}
    node.capture(document(right), member=packer)
    # Figures follow the correction; the original stays beside it, with who declared it wrong, when, and why.
    assert list_findings(node, audience=full())[0] == []
    answer = traced(node, lot("P-1"), audience=full())
    (original,) = [one for one in answer.corrected if one.index == first.index]
    assert original.step is not None
    assert original.step.amounts(lot("P-1"), "made")[0] == Amount(Decimal(190), "KGM")
    assert original.correction is not None
    assert (original.correction.index, original.correction.author) == (second.index, packer)
    assert original.correction.reason == "incorrect_data"
    kept = node.entry(first.index)
    assert kept.content is not None
    assert kept.content["outputQuantityList"][0]["quantity"].text == "190"


@pytest.mark.parametrize(("picked", "codes"), [("2026-06-30", []), ("2026-07-01", ["certificate-not-valid"])])
def test_11_certificates_expired_organic_certificate_is_the_lot_still_sold_as_bio_flag_on_the_harvest_date_not_todays_date(  # noqa: E501
    node: Node, picked: str, codes: list[str]
) -> None:
    add(node, written(product(), party(), site(), certificate(validTo="2026-06-30")))
    # Picked while it was valid, or a day later; recorded in July, and asked about today: only the picking counts.
    node.capture(document(harvested("F-1", ilmd={"cbvmda:harvestStartDate": picked})))
    assert [item.code for item in list_findings(node, audience=full())[0]] == codes


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
