"""`sscc`, as its users type it: taken, carried by an aggregation, printed on its label."""

import json
from pathlib import Path

import pytest

from schemas.syntax.json_text import Number, write
from tests.exporters.labels.seen import opened, scanned
from tests.simulator.command_line import Shop
from tests.simulator.paperwork import CONTEXT, COOP, LOT, event, masters, place


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole", "--gln", COOP, "--company-prefix", "9521001")
    (tmp_path / "masters.json").write_bytes(write(list(masters())))
    shop.works("master", "add", tmp_path / "masters.json")
    return shop


def packed(shop: Shop, *units: str) -> None:
    """Ten cases on each of these pallets."""
    listed = [
        event(
            15, 14, type="AggregationEvent", action="ADD", bizStep="packing", parentID=unit,
            childQuantityList=[{"epcClass": LOT, "quantity": Number("10")}], bizLocation={"id": place(COOP)},
        )
        for unit in units
    ]  # fmt: skip
    document = {
        "@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-07-20T12:00:00Z", "epcisBody": {"eventList": listed},
    }  # fmt: skip
    (shop.folder / "packed.jsonld").write_bytes(write(document))
    shop.works("capture", shop.folder / "packed.jsonld")


def test_a_number_is_taken_carried_and_printed(shop: Shop) -> None:
    (unit,) = shop.works("sscc", "--for", "pallet 1").lines
    assert shop.works("sscc", "--for", "pallet 1").lines == [unit]
    assert unit == "https://id.gs1.org/00/095210010000000017"
    packed(shop, unit)
    shop.works("label", "logistic", unit, "-o", shop.folder / "pallet.png", "--dpi", "203")
    found = scanned(opened((shop.folder / "pallet.png").read_bytes()))
    assert "00095210010000000017" in {each.content for each in found}
    (told,) = [json.loads(line) for line in shop.works("sscc", "--list").lines]
    assert (told["sscc"], told["state"], told["reference"]) == ("095210010000000017", "recorded", "pallet 1")


def test_what_somebody_numbered_by_hand_is_passed_over(shop: Shop) -> None:
    packed(shop, *(f"https://id.gs1.org/00/{sscc}" for sscc in ("095210010000000017", "095210010000000024")))
    taken = [json.loads(line) for line in shop.works("sscc", "--count", "2", "--json").lines]
    assert [each["sscc"] for each in taken] == ["095210010000000031", "095210010000000048"]
    assert shop.works("sscc", "--extension", "5").lines == ["https://id.gs1.org/00/595210010000000012"]


def test_whose_prefix_it_is_must_be_known(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> None:
    foreign = shop("sscc", "--prefix", "9521009", lang="it")
    assert (foreign.code, "[sscc-prefix-foreign]" in foreign.err, "9521001" in foreign.err) == (65, True, True)
    other = Shop(tmp_path_factory.mktemp("other"))
    other.works("init", "--name", "Senza")
    assert "[sscc-prefix-missing]" in other("sscc").err
    both = Shop(tmp_path_factory.mktemp("both"))
    both.works("init", "--name", "Due", "--company-prefix", "9521001", "--company-prefix", "9521002")
    assert "[sscc-prefix-which]" in both("sscc").err
    assert both.works("sscc", "--prefix", "9521002").lines == ["https://id.gs1.org/00/095210020000000016"]
