"""Recalls on a real ledger: reported without writing, drilled and signed, opened and ended on everything they touch."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from pathlib import Path

import pytest

from api.verbs.erase import erase
from api.verbs.master import add
from api.verbs.recall import close_recall, drill, open_recall, recall
from api.verbs.recall_notice import notices
from exporters.format import Missing, MissingData
from exporters.formats.recall_notice import html, tree
from ledger.audience import full, member, parties
from ledger.entry.parse import read_record
from ledger.node import Node
from ledger.readside import recall_tree
from ledger.readside.answer import answers
from ledger.readside.rebuild import rebuild
from ledger.store import tables
from schemas.syntax import base64url, json_text
from tests.simulator.cooperatives import document, joined, lot
from tests.simulator.master import CASE, SITE, party, product, site, written
from tests.simulator.phones import made, opened
from tests.simulator.recalled import OTHER, SHOP, Story, happened, kilos, loaded, packed, pallet, papers, sent
from tests.simulator.refusal import refused

DAY = 86_400
WARNINGS = "Non consumare il prodotto e riportarlo al punto vendita."


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    sqlite = request.param == "sqlite"
    return str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def node(location: str, tmp_path: Path) -> Iterator[Node]:
    with made(location, tmp_path, gln="9521001000017", prefixes=("9521001",)) as node:
        yield node


@pytest.fixture
def story(node: Node) -> Story:
    return Story.told(node)


def test_a_recall_reports_every_lot_unit_customer_and_kilogram(node: Node, story: Story) -> None:
    found = recall(node, story.field, audience=full())
    assert found.recall.lots == (story.field, story.packing)
    assert found.recall.units == tuple(sorted(story.pallets[:3]))
    total = found.recall.totals["KGM"]
    assert (total.born, total.used, total.shipped) == (1500, 600, 700)
    assert (total.in_stock, total.destroyed, total.unaccounted) == (180, 15, 5)
    assert str(found.recall.percent) == "99.44"
    shipped = {customer.uri: sum(customer.shipped.values()) for customer in found.recall.customers}
    assert shipped == {SHOP: 550, OTHER: 150}


def test_it_says_whom_to_call_and_what_is_not_known(node: Node, story: Story) -> None:
    found = recall(node, story.field, audience=full())
    shop = next(customer for customer in found.recall.customers if customer.uri == SHOP)
    assert [contact["phone"] for contact in found.contacts(shop)] == ["+39 02 5550102", "+39 02 5550101"]
    assert found.name(SHOP) == "Bottega"
    assert {(gap.code, gap.uri) for gap in found.gaps} == {
        ("recall-unaccounted", story.packing), ("recall-contact-missing", OTHER),
    }  # fmt: skip


def test_reporting_writes_nothing(node: Node, story: Story) -> None:
    before = node.registry.size
    recall(node, story.field, audience=full())
    assert node.registry.size == before


def test_the_neighbours_other_lot_is_not_recalled(node: Node, story: Story) -> None:
    found = recall(node, story.field, audience=full())
    assert story.other not in found.recall.lots
    assert story.pallets[3] not in found.recall.units


def test_an_unknown_lot_is_not_in_this_ledger(node: Node, story: Story) -> None:
    with refused("lot-not-here"):
        recall(node, "https://dop.example/lot/altrove", audience=full())
    with refused("lot-not-here-near"):
        recall(node, lot("P-7"), audience=full())
    with refused("wrong-check-digit"):
        recall(node, "(01)09521001002012(10)P-1", audience=full())


def test_a_drill_signs_the_digest_of_its_report(node: Node, story: Story) -> None:
    found, logged = drill(node, story.field, audience=full())
    entry = node.entry(logged.index)
    said = dict(entry.content or {})
    told = recall_tree.tree(found)
    assert (entry.claims.kind, said["type"], said["subject"]) == ("drill", "drill", story.field)
    assert (said["asked"], said["answered"]) == (told["asked"], told["answered"])
    assert base64url.decode(str(said["report"])) == sha256(json_text.canonical(told)).digest() == logged.digest
    assert node.registry.key_state(entry.jwt.kid).role == "gateway"  # type: ignore[union-attr]
    assert [item.id for item in read_record(entry).lots] == [story.field]


def test_an_open_recall_stands_on_everything_and_ends_everywhere(node: Node, story: Story) -> None:
    _, opened_ = open_recall(node, story.field, "Listeria monocytogenes", audience=full())
    assert opened_.lots == (story.field, story.packing)
    assert opened_.units == tuple(sorted(story.pallets[:3]))
    iss = node.own_member()
    found = recall(node, story.field, audience=full())
    assert {uri: {item.member for item in by} for uri, by in found.open.items()} == {
        uri: {iss} for uri in (*opened_.lots, *opened_.units)
    }  # fmt: skip
    event = dict(node.entry(opened_.entries[0]).content or {})
    assert (event["action"], event["disposition"]) == ("OBSERVE", "recalled")
    assert event["filiera:recallReason"] == "Listeria monocytogenes"
    _, closed = close_recall(node, story.field, audience=full())
    assert (closed.number, closed.lots, closed.units) == (opened_.number, opened_.lots, opened_.units)
    assert recall(node, story.field, audience=full()).open == {}
    with refused("recall-not-open"):
        close_recall(node, story.field, audience=full())


def test_opened_twice_it_says_so_and_records_nothing(node: Node, story: Story) -> None:
    _, first = open_recall(node, story.field, "Listeria", audience=full())
    size = node.registry.size
    _, again = open_recall(node, story.field, "Listeria", audience=full())
    assert (again.number, again.entries, again.already) == (first.number, (), 5)
    assert node.registry.size == size


def test_what_is_packed_after_the_opening_is_added_and_ends_with_it(node: Node, story: Story) -> None:
    _, first = open_recall(node, story.field, "Listeria", audience=full())
    node.capture(document(loaded(pallet(9), story.packing, 20, 30), sent(pallet(9), to=SHOP, day=8)))
    _, more = open_recall(node, story.field, "Listeria", audience=full())
    assert (more.number, more.units, more.already) == (first.number, (pallet(9),), 5)
    _, closed = close_recall(node, story.field, audience=full())
    assert len(closed.units) == 4


def test_a_recall_opened_again_has_a_number_of_its_own(node: Node, story: Story) -> None:
    _, first = open_recall(node, story.field, "Listeria", audience=full())
    close_recall(node, story.field, audience=full())
    _, second = open_recall(node, story.field, "Salmonella", audience=full())
    assert second.number != first.number
    assert len(second.lots) == 2


def test_a_correction_of_the_opening_ends_it(node: Node, story: Story) -> None:
    _, first = open_recall(node, story.field, "Listeria", audience=full())
    for index in first.entries:
        event = {**recall_event(node, index)}
        event["errorDeclaration"] = {"declarationTime": "2026-11-01T00:00:00Z", "reason": "incorrect_data"}
        node.capture(document(event))
    assert recall(node, story.field, audience=full()).open == {}


def recall_event(node: Node, index: int) -> dict[str, object]:
    node.settled()
    return answers(node, [index], seen_by=full())[0].event


def test_the_recall_survives_a_rebuild(node: Node, story: Story, location: str, tmp_path: Path) -> None:
    open_recall(node, story.field, "Listeria", audience=full())
    node.settled()
    with node.store.read() as connection:
        before = connection.execute(tables.movement.select().order_by(tables.movement.c.idx)).all()
    node.close()
    with opened(location, tmp_path, write=False) as reader:
        rebuild(reader.store, reader.keyring.wrapping_key)
        with reader.store.read() as connection:
            assert connection.execute(tables.movement.select().order_by(tables.movement.c.idx)).all() == before
        assert len(recall(reader, story.field, audience=full()).open) == 5


def test_a_reason_that_is_none_is_refused(node: Node, story: Story) -> None:
    for reason in (" ", "a" * 1001, "a\x00b"):
        with refused("recall-reason"):
            open_recall(node, story.field, reason, audience=full())


def test_each_member_recalls_its_own_and_sees_its_own(node: Node) -> None:
    sole = node.registry.members()[0].iss
    luna = joined(node, "Cooperativa Luna", gln="9521002000016", prefixes=("9521002",))
    story = Story.told(node, sole)
    nobody = member(luna, parties(luna, "9521002000016"), given=lambda _: False, published=lambda _: False)
    with refused("lot-not-here"):
        recall(node, story.field, audience=nobody)
    with refused("recall-not-yours"):
        open_recall(node, story.field, "Listeria", audience=full(), member=luna)
    own = member(sole, parties(sole), given=lambda _: False, published=lambda _: False)
    assert recall(node, story.field, audience=own).hidden == 0


def test_steps_of_others_are_hidden_and_counted(node: Node) -> None:
    sole = node.registry.members()[0].iss
    luna = joined(node, "Cooperativa Luna", gln="9521002000016", prefixes=("9521002",))
    story = Story.told(node, sole)
    node.capture(
        document(happened("ObjectEvent", 8, "inspecting", action="OBSERVE", quantityList=[kilos(story.packing, 3)])),
        member=luna,
    )
    own = member(sole, parties(sole), given=lambda _: False, published=lambda _: False)
    found = recall(node, story.field, audience=own)
    assert found.hidden == 1
    assert "recall-hidden" in {gap.code for gap in found.gaps}


def test_the_notice_has_every_field_of_the_ministrys_sheet(node: Node, story: Story) -> None:
    (notice,) = notices(node, story.packing, reason="Listeria", warnings=WARNINGS, audience=full())
    assert (notice.designation, notice.brand, notice.lots) == ("Pesche gialle 1 kg", "Sole", ("P-1",))
    assert notice.operator == "Cooperativa Sole, Via Uno 1, 39040 Termeno, IT"
    assert (notice.producer, notice.plant) == ("Cooperativa Sole", "Magazzino di Termeno, Termeno, IT")
    assert (notice.expiry, notice.pack, notice.mark) == (("2026-07-20",), "1 kg, basket", "IT 08 123 CE")
    assert notice.contact == "Ufficio qualità, +39 0471 123456, q@sole.example"
    page, told = html(notice, "it"), tree(notice, "it")
    for item in told["fields"]:  # type: ignore[attr-defined]
        assert escape(item["label"]) in page
        assert escape(item["value"]) in page


def test_a_notice_that_lacks_a_field_is_not_written(node: Node) -> None:
    story = Story()
    node.capture(document(*story.events()))
    with pytest.raises(MissingData) as refusal:
        notices(node, story.packing, reason="Listeria", warnings=WARNINGS, audience=full())
    of = story.packing.rpartition("/10/")[0]
    assert [(item.element, item.about, item.who) for item in refusal.value.missing] == [
        ("notice-designation", of, "master"), ("notice-brand", of, "master"),
        ("notice-plant", SITE, "master"), ("notice-pack", of, "master"),
    ]  # fmt: skip


def test_an_expiry_date_is_asked_of_who_recorded_the_lot(node: Node) -> None:
    add(node, papers())
    made_then = {**packed(lot("P-1"), (lot("F-1"), 600), amount=600), "ilmd": {}}
    (entry,) = node.capture(document(made_then))
    with pytest.raises(MissingData) as refusal:
        notices(node, lot("P-1"), reason="Listeria", warnings=WARNINGS, audience=full())
    assert refusal.value.missing == (Missing("notice-expiry", lot("P-1"), "recorder", entry.index),)


def test_food_of_animal_origin_needs_the_mark_of_its_establishment(node: Node) -> None:
    add(node, written(product(legalCategory="dairy"), party(approvalNumbers=None), site()))
    node.capture(document(packed(lot("P-1"), (lot("F-1"), 600), amount=600)))
    with pytest.raises(MissingData) as refusal:
        notices(node, lot("P-1"), reason="Listeria", warnings=WARNINGS, audience=full())
    assert refusal.value.missing == (Missing("notice-mark", SITE, "master"),)


def test_lots_without_a_gtin_make_no_notice_but_are_recalled(node: Node) -> None:
    field = "https://dop.example/lot/campo-7"
    node.capture(document(packed(field, (lot("S-1"), 5), amount=5)))
    assert recall(node, field, audience=full()).recall.lots == (field,)
    _, changed = open_recall(node, field, "Pesticidi", audience=full())
    assert changed.lots == (field,)
    with refused("recall-notice-none"):
        notices(node, field, reason="Pesticidi", warnings=WARNINGS, audience=full())


def test_a_drill_can_be_erased_like_anything_private(node: Node, story: Story) -> None:
    _, logged = drill(node, story.field, audience=full())
    erase(node, [logged.index], ground="GDPR art. 17")
    assert node.entry(logged.index).content is None


def test_pieces_become_kilograms_by_the_net_content_of_their_product(node: Node) -> None:
    add(node, papers())
    pieces = happened("ObjectEvent", 9, "commissioning", action="ADD")
    pieces["quantityList"] = [{"epcClass": lot("C-1"), "quantity": 120}]
    node.capture(document(pieces))
    assert recall(node, lot("C-1"), audience=full()).recall.totals["KGM"].in_stock == 120


def test_as_of_a_moment_it_shows_what_a_drill_would_have_shown_then(node: Node, story: Story) -> None:
    now = node.clock()
    then = datetime.fromtimestamp(now, UTC).isoformat()
    shown = recall_tree.tree(recall(node, story.field, audience=full()))
    node.clock = lambda: now + DAY  # type: ignore[method-assign,misc]
    today = datetime.fromtimestamp(now, UTC).date().isoformat()
    shop = {"type": "party", "id": SHOP, "name": "Bottega nuova", "validFrom": today}
    contact = {"role": "recall", "name": "Altri", "phone": "+39 02 5550199"}
    add(node, written({**shop, "gln": "9521003000015", "contacts": [contact]}))
    node.capture(document(loaded(story.pallets[3], story.packing, 20, 40)))
    open_recall(node, story.field, "Listeria", audience=full())
    told = recall_tree.tree(recall(node, story.field, audience=full()))
    assert told["customers"][0]["name"] == "Bottega nuova"
    assert [item["unit"] for item in told["units"]] == sorted(story.pallets)
    past = recall_tree.tree(recall(node, story.field, audience=full(), as_of=then))
    assert past["asOf"] == then[:23] + "Z"
    clock = ("asked", "answered", "milliseconds", "asOf")
    assert {name: value for name, value in past.items() if name not in clock} == {
        name: value for name, value in shown.items() if name not in clock
    }
    assert past["asked"] > shown["asked"]
    with refused("lot-not-here-near"):
        recall(node, story.field, audience=full(), as_of="2001-01-01")
    with refused("moment-form"):
        recall(node, story.field, audience=full(), as_of="yesterday")


def test_a_lot_is_called_what_its_product_was_when_it_was_made_and_by_the_gtin_of_its_case(node: Node) -> None:
    case = f"https://id.gs1.org/01/{CASE}/10/K-1"
    later = product(validFrom="2026-07-10", name="Pesche nuove", functionalName="Pesche nuove")
    moved = site(validFrom="2026-07-10", name="Magazzino nuovo")
    add(node, written(product(functionalName="Pesche gialle"), later, party(), site(), moved))
    made_then = packed(case, (lot("F-1"), 600), amount=600)
    node.capture(document(made_then))
    found = recall(node, case, audience=full())
    assert [item["product"] for item in recall_tree.tree(found)["lots"]] == ["Pesche gialle 1 kg"]
    (notice,) = notices(node, case, reason="Listeria", warnings=WARNINGS, audience=full())
    assert (notice.product, notice.designation) == (CASE, "Pesche gialle")
    assert notice.plant.startswith("Magazzino di Termeno")


def test_two_recalls_that_touch_one_lot_end_each_by_itself(node: Node, story: Story) -> None:
    _, first = open_recall(node, story.field, "Listeria", audience=full())
    _, second = open_recall(node, story.neighbour, "Salmonella", audience=full())
    assert (first.number != second.number, story.packing in second.lots, second.already) == (True, True, 0)
    close_recall(node, story.field, audience=full())
    stands = recall(node, story.packing, audience=full()).open
    assert {(item.number, item.subject, item.reason) for by in stands.values() for item in by} == {
        (second.number, story.neighbour, "Salmonella")
    }
    assert story.packing in stands
    # Who reads the last word only, without numbers, reads that it is recalled.
    assert recall_event(node, node.registry.size - 1)["persistentDisposition"] == {"set": ["recalled"]}
    close_recall(node, story.neighbour, audience=full())
    assert recall(node, story.packing, audience=full()).open == {}
    with refused("recall-not-open"):
        close_recall(node, story.field, audience=full())
