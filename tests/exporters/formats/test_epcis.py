"""EPCIS in its three forms: valid by the official schemas, each saying the same, and not to be forged."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from lxml import etree

from api.verbs.export import export
from api.verbs.master import add
from api.verbs.verify import verify
from exporters import catalogue
from exporters.facts.history import read
from exporters.format import MissingData, Paper
from exporters.formats import epcis_document
from exporters.verify_file import bundles_of
from exporters.write import Written
from ledger.audience import AUDIENCES, full
from ledger.capture.document import read_document
from ledger.node import Node
from ledger.trust import KnownLogs
from schemas.epcis import xml_read
from schemas.epcis.xml_binding import EPCIS
from schemas.gs1.canonical import canonical_uri
from schemas.syntax import json_text
from tests.official import official
from tests.simulator.official_chains import mended
from tests.simulator.paperwork import BUYER, COOP, FOREIGN, HARVESTED, LOT, Season, capture, event, paperwork, place
from tests.simulator.phones import made

FORMATS = ("epcis-json", "epcis-xml", "epcis12-xml")
XMLS = FORMATS[1:]
XSDS = {"epcis-xml": "2_0_0/EPCglobal-epcis-2_0.xsd", "epcis12-xml": "1_2_0/EPCglobal-epcis-1_2.xsd"}
SCHEMAS = "gs1/epcis-schemas-2.0.1"


@cache
def official_schema(format: str) -> Any:
    if format == "epcis-json":
        text = official(f"{SCHEMAS}/json-schema/epcis-json-schema.json").read_text("utf-8")
        return jsonschema_rs.Draft7Validator(json.loads(text), validate_formats=True)
    return etree.XMLSchema(etree.parse(str(official(f"{SCHEMAS}/xsd/{XSDS[format]}"))))


def schema_errors(format: str, data: bytes) -> list[str]:
    """What the official schema of the format says of a file, our claim in it."""
    schema = official_schema(format)
    if format == "epcis-json":
        return [error.message for error in schema.iter_errors(json.loads(data))]
    schema.validate(etree.fromstring(data, etree.XMLParser(huge_tree=True)))
    return [str(error) for error in schema.error_log]


def exported(node: Node, format: str, *lots: str, to: str = "full", **more: Any) -> Written:
    return export(node, format, lots, audience=full(), to=AUDIENCES[to](), language="it", **more)


@pytest.fixture(scope="module")
def written(season: Season) -> dict[str, bytes]:
    return {format: exported(season.node, format, LOT).data for format in FORMATS}


def known(season: Season) -> Any:
    return KnownLogs(Path(season.node.store.folder).parent / "policies").load()


@pytest.mark.parametrize("to", AUDIENCES)
@pytest.mark.parametrize("format", FORMATS)
def test_the_season_is_valid_by_the_official_schema_whoever_it_is_for(season: Season, format: str, to: str) -> None:
    data = exported(season.node, format, LOT, to=to).data
    assert schema_errors(format, data) == []
    account = verify(data, known=known(season))
    assert (account.exit_code, account.verdicts["faithful"]) == (0, "yes")


@pytest.mark.parametrize("format", FORMATS)
def test_several_lots_make_one_document_with_each_event_once(season: Season, format: str) -> None:
    data = exported(season.node, format, *HARVESTED, LOT).data
    assert schema_errors(format, data) == []
    assert verify(data, known=known(season)).exit_code == 0
    assert len(bundles_of(data)) == 3
    assert data.count(b"LAV-196") == 1


CHAIN = "gs1/chains/wholechain-events.jsonld"
CHAIN_LOTS = (
    canonical_uri("urn:epc:id:sscc:0614141.1234567890"),
    "urn:gdst:wholechain.com:product:lot:class:processingcompany.tunafilet.34e5e863",
    "urn:gdst:example.org:product:lot:class:processor.2.v1-0122-2022",
)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """The official chain of fish and beef, captured."""
    folder = tmp_path_factory.mktemp("chain")
    with made(str(folder / "store"), folder) as node:
        node.capture(read_document(mended(official(CHAIN)), name="chain.jsonld"), member=node.own_member())
        yield node


@pytest.mark.parametrize("format", FORMATS)
def test_the_official_chain_is_valid_by_the_official_schema(chain: Node, format: str) -> None:
    for lot in CHAIN_LOTS:
        assert schema_errors(format, exported(chain, format, lot).data) == []


def the_events(data: bytes) -> list[dict[str, Any]]:
    tree = json.loads(data) if data[:1] == b"{" else xml_read.read_document(without_claim(data)).tree
    return tree["epcisBody"]["eventList"]  # type: ignore[no-any-return, index, call-overload]


def without_claim(data: bytes) -> bytes:
    root = etree.fromstring(data, etree.XMLParser(huge_tree=True))
    root.remove(root[-1])
    return etree.tostring(root)


def said(value: Any) -> Any:
    """What an event says, however spelled: canonical identifiers, bare words, numbers as texts."""
    if isinstance(value, dict):
        return {name: said(item) for name, item in value.items() if name != "@context" and item != []}
    if isinstance(value, list):
        return [said(item) for item in value]
    if isinstance(value, str):
        word = value.rpartition(":")[2] if value.startswith(("urn:epcglobal:cbv:", "https://ref.gs1.org/cbv/")) else ""
        return word if word and ":bt:" not in value else canonical_uri(value)
    return value.text if isinstance(value, json_text.Number) else str(value)


@pytest.mark.parametrize("format", XMLS)
def test_each_form_says_the_same_events_in_the_order_of_time(written: dict[str, bytes], format: str) -> None:
    plain, other = the_events(written["epcis-json"]), the_events(written[format])
    assert len(plain) == 10
    assert said(other) == said(plain)
    assert [each["eventTime"] for each in plain] == sorted(each["eventTime"] for each in plain)


def test_members_stand_in_the_order_of_epcis_and_a_context_is_said_once(written: dict[str, bytes]) -> None:
    first = the_events(written["epcis-json"])[0]
    assert list(first) == [
        "type", "eventTime", "eventTimeZoneOffset", "action", "bizStep", "disposition", "readPoint", "bizLocation",
        "bizTransactionList", "quantityList", "sourceList", "destinationList", "ilmd",
    ]  # fmt: skip
    assert list(first["quantityList"][0]) == ["epcClass", "quantity", "uom"]
    assert not any("@context" in each for each in the_events(written["epcis-json"]))


def vocabularies(data: bytes) -> dict[str, dict[str, Any]]:
    tree: Any = json.loads(data) if data[:1] == b"{" else xml_read.read_document(without_claim(data)).tree
    return {
        each["type"].rpartition(":")[2]: {item["id"]: item for item in each["vocabularyElementList"]}
        for each in tree["epcisHeader"]["epcisMasterData"]["vocabularyList"]
    }


def attributes(element: dict[str, Any]) -> dict[str, str]:
    return {each["id"].rpartition("#")[2]: each["attribute"] for each in element["attributes"]}


def test_master_data_names_what_the_events_name(written: dict[str, bytes]) -> None:
    found = vocabularies(written["epcis-json"])
    assert {field: len(listed) for field, listed in found.items()} == {
        "EPCClass": 2, "ReadPoint": 6, "BusinessLocation": 4, "SourceDest": 7,
    }  # fmt: skip
    lot = attributes(found["EPCClass"][LOT.partition("/10/")[0]])
    assert (lot["descriptionShort"], lot["netContentDescription"]) == ("Pomodori San Marzano 500 g", "10 x 500 g")
    assert "speciesForFisheryStatisticsPurposesName" not in lot
    buyer = attributes(found["SourceDest"][f"https://id.gs1.org/417/{BUYER}"])
    assert (buyer["name"], buyer["city"], buyer["countryCode"]) == ("Esperia Distribuzione", "Ravenna", "IT")
    assert buyer["telephone"] == "+39 0546 555 0101"
    assert attributes(found["SourceDest"][place(FOREIGN)])["name"] == "Elizabeth DC"


def test_a_place_says_which_places_lie_in_it(written: dict[str, bytes]) -> None:
    points = vocabularies(written["epcis-json"])["ReadPoint"]
    fields = [id for id in points if "/254/" in id]
    assert len(fields) == 2
    assert all(points[field.partition("/254/")[0]]["children"] == [field] for field in fields)


def test_master_data_is_that_of_the_time_of_the_newest_event(tmp_path: Path) -> None:
    with paperwork(tmp_path) as changing:
        later = {"type": "party", "id": f"https://id.gs1.org/417/{COOP}", "validFrom": "2026-07-18", "name": "Sole Due"}
        add(changing.node, json_text.write(later), name="later.json", member=changing.members[0])
        names = vocabularies(exported(changing.node, "epcis-json", LOT).data)["SourceDest"]
        assert attributes(names[f"https://id.gs1.org/417/{COOP}"])["name"] == "Cooperativa Sole"


def test_who_may_not_see_where_plots_lie_is_not_told_in_master_data(season: Season) -> None:
    for format in FORMATS:
        data = exported(season.node, format, LOT, to="buyer").data
        assert b"Campo 11" in data
        assert b"44.23" not in data


def test_1_2_names_everything_by_urn_and_says_who_sent_it_to_whom(written: dict[str, bytes], season: Season) -> None:
    root = etree.fromstring(written["epcis12-xml"], etree.XMLParser(huge_tree=True))
    root.remove(root[-1])
    assert root.tag == f"{{{EPCIS['1.2']}}}EPCISDocument"
    links = [each.tag for each in root.iter() if (each.text or "").startswith("https://id.gs1.org/")]
    assert {tag.rpartition("}")[2] for tag in links} <= {"tlcSource", "harvestLocation", "carrier"}
    names = root.xpath("//VocabularyElement/@id | //children/id/text()")
    assert len(names) > 15
    assert all(name.startswith("urn:epc:") for name in names)
    parties = root.xpath("//*[local-name()='Identifier']/text()")
    # Shipped to two, so to nobody in particular.
    assert parties == ["urn:epc:id:pgln:9521001.00001"] * 2
    pallet = exported(season.node, "epcis12-xml", season.pallets[0]).data
    assert b"<sbdh:Identifier>urn:epc:id:pgln:9521009.00001</sbdh:Identifier>" in pallet
    assert schema_errors("epcis12-xml", pallet) == []


def test_what_has_no_urn_is_a_loss_with_its_entry(season: Season) -> None:
    known_prefixes = exported(season.node, "epcis12-xml", LOT)
    assert {loss.code for loss in known_prefixes.losses} == {"xml-loss-kind"}
    # The public sees no licence of a company prefix.
    losses = exported(season.node, "epcis12-xml", LOT, to="public").losses
    assert {loss.code for loss in losses} == {"epcis-prefix-unknown"}
    assert all(season.node.entry(loss.index).claims.kind == "event" for loss in losses if loss.index is not None)
    assert len([loss for loss in losses if loss.index is not None]) == 17


def test_an_event_without_what_every_event_says_is_missing_not_written(season: Season) -> None:
    data = exported(season.node, "epcis-json", LOT).data
    facts = read(bundles_of(data)[0])
    bare = facts.events[0]
    del bare.content["eventTime"], bare.content["quantityList"][0]["epcClass"]  # type: ignore[attr-defined]
    del bare.content["readPoint"]["id"]
    paper = Paper((facts,), catalogue.profile_of("standard", "epcis-json"), "it")
    for format in FORMATS:
        with pytest.raises(MissingData) as caught:
            catalogue.format_of(format).check(paper)
        found = [(item.element, item.who, item.index) for item in caught.value.missing]
        lacked = ("eventTime", "readPoint/id", "quantityList/0/epcClass")
        assert found == [(name, "holder", bare.index) for name in lacked]


def test_events_in_another_order_are_another_document(season: Season, written: dict[str, bytes]) -> None:
    root = etree.fromstring(written["epcis-xml"], etree.XMLParser(huge_tree=True))
    listed = root.find("EPCISBody/EventList")
    assert listed is not None
    listed.insert(0, listed[4])
    assert verify(etree.tostring(root), known=known(season)).verdicts["faithful"] == "no"


def test_an_event_of_its_own_words_keeps_its_own_context(tmp_path: Path) -> None:
    own = event(18, 9, action="OBSERVE", bizStep="inspecting", epcList=[], quantityList=[{"epcClass": LOT}])
    with paperwork(tmp_path, more=[{"@context": [{"ext": "http://ext.example/"}], **own, "ext:grade": "A"}]) as more:
        for format in FORMATS:
            data = exported(more.node, format, LOT).data
            assert schema_errors(format, data) == []
            assert the_events(data)[-1]["ext:grade"] == "A"
        assert the_events(exported(more.node, "epcis-json", LOT).data)[-1]["@context"] == [
            {"ext": "http://ext.example/"}
        ]
        assert epcis_document.CONTEXT[0] in json.loads(exported(more.node, "epcis-json", LOT).data)["@context"]


def test_the_prefix_of_a_buyer_who_is_no_member_is_in_its_master_data(tmp_path: Path) -> None:
    with paperwork(tmp_path) as made:
        shop = place("9525000000016")
        sold = event(
            18, 9, action="OBSERVE", bizStep="shipping", disposition="in_transit", quantityList=[{"epcClass": LOT}],
            destinationList=[{"type": "location", "destination": shop}],
        )  # fmt: skip
        capture(made.node, [sold], made.members[0])
        losses = exported(made.node, "epcis12-xml", LOT).losses
        assert [(loss.code, loss.context["value"]) for loss in losses if loss.code != "xml-loss-kind"] == [
            ("epcis-prefix-unknown", shop)
        ]
        told = {
            "type": "party", "id": "https://id.gs1.org/417/9525000000016", "validFrom": "2026-01-01", "name": "Bottega",
            "companyPrefixes": ["952500000"],
        }  # fmt: skip
        add(made.node, json_text.write(told), name="party.json", member=made.members[0])
        written = exported(made.node, "epcis12-xml", LOT)
        assert {loss.code for loss in written.losses} == {"xml-loss-kind"}
        assert b"urn:epc:id:sgln:952500000.001.0" in written.data
