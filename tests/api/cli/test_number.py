"""`number`, as its users type it: taken first, recorded by the shipping event, and each accounted for."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.command_line import Shop

GLN = "9521001000017"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole", "--gln", GLN, "--company-prefix", "9521001")
    return shop


def shipping(shop: Shop, *notes: str) -> Path:
    event = {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": "shipping",
        "eventTime": "2026-07-16T05:00:00.000+02:00",
        "eventTimeZoneOffset": "+02:00",
        "quantityList": [{"epcClass": "https://id.gs1.org/01/09521001002011/10/P-1", "quantity": 4, "uom": "KGM"}],
        "bizTransactionList": [{"type": "desadv", "bizTransaction": note} for note in notes],
    }
    document = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-07-20T12:00:00Z",
        "epcisBody": {"eventList": [event]},
    }
    made = shop.folder / "shipping.jsonld"
    made.write_text(json.dumps(document), "utf-8")
    return made


def listed(shop: Shop, *more: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in shop.works("number", "--list", *more).lines]


def test_a_number_is_taken_recorded_and_accounted_for(shop: Shop) -> None:
    (uri,) = shop.works("number", "--for", "ordine 4711", "--year", "2026").lines
    assert uri == f"urn:epcglobal:cbv:bt:{GLN}:2026-1"
    assert shop.works("number", "--for", "ordine 4711", "--year", "2026").lines == [uri]
    assert [each["state"] for each in listed(shop)] == ["open"]
    shop.works("capture", shipping(shop, uri))
    (number,) = listed(shop)
    assert (number["number"], number["state"], len(number["entries"])) == ("2026-1", "recorded", 1)
    refused = shop("number", "--give-up", "2026-1", "--reason", "x", lang="it")
    assert (refused.code, "[number-recorded]" in refused.err) == (65, True)


def test_a_number_that_somebody_recorded_by_hand_is_passed_over(shop: Shop) -> None:
    shop.works("capture", shipping(shop, *(f"urn:epcglobal:cbv:bt:{GLN}:2026-{n}" for n in (1, 2))))
    (taken,) = shop.works("number", "--year", "2026", "--json").lines
    assert json.loads(taken)["number"] == "2026-3"
    assert [each["state"] for each in listed(shop)] == ["recorded", "recorded", "open"]


def test_a_number_is_given_up_with_its_reason(shop: Shop) -> None:
    shop.works("number", "--year", "2026", "--section", "A")
    shop.works("number", "--give-up", "A-2026-1", "--reason", "camion rotto")
    (number,) = listed(shop, "--year", "2026")
    assert (number["number"], number["state"], number["reason"]) == ("A-2026-1", "given-up", "camion rotto")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--give-up", "2026-1"), "number-what"),
        (("--reason", "x"), "number-what"),
        (("--list", "--give-up", "2026-1", "--reason", "x"), "number-what"),
        (("--issuer", "9521009000019"), "number-issuer-foreign"),
        (("--year", "26"), "number-year"),
        (("--section", "a/b"), "number-section"),
        (("--for", ""), "number-text"),
        (("--give-up", "7", "--reason", "x"), "number-form"),
        (("--give-up", "2026-7", "--reason", "x"), "number-not-taken"),
    ],
)
def test_what_is_refused_says_why(shop: Shop, arguments: tuple[str, ...], code: str) -> None:
    refused = shop("number", *arguments)
    assert (refused.code, refused.out) == (65, "")
    assert f"[{code}]" in refused.err


def test_a_member_without_a_gln_must_name_the_issuer(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole", "--company-prefix", "9521001")
    assert "[number-issuer-missing]" in shop("number").err
    assert shop.works("number", "--issuer", GLN, "--year", "2026").lines[0].endswith(":2026-1")
