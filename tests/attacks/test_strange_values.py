"""Values that a member may sign and that no program should stumble over: times outside every calendar, numbers without
end, versions that take back what they listed. All three verifiers say the same of them."""

from typing import Any

import pytest

from ledger.audience import full
from ledger.prove import prove
from ledger.verify.account import Account
from schemas.epcis.own_terms import NAMESPACE
from schemas.syntax.json_text import Number
from tests.attacks.forge import codes
from tests.independent.agreement import agreed
from tests.simulator.chain import CONTEXT, GTIN, STRANGE, Chain, event
from tests.simulator.weighed import Weighed

JAM = f"{GTIN}J-1"
PRODUCT = JAM.rpartition("/10/")[0]
LEVEL = {"gtin": PRODUCT.rpartition("/")[2]}
QUARTER = {"netContent": {"value": Number("0.25"), "unit": "KGM"}}
LONG = Number("1.234567890123456789012345678901234")


def account(*products: dict[str, Any], time: str = "2026-07-01T08:09:00Z") -> Account:
    """Forty jars made of ten kilograms, at that time, with what is said of the jars."""
    chain = Chain()
    jars = {"outputQuantityList": [{"epcClass": JAM, "quantity": 40}]}
    fruit = {"inputQuantityList": [{"epcClass": STRANGE, "quantity": Number("10"), "uom": "KGM"}]}
    chain.log.event(2, {**event("TransformationEvent", 9, **fruit, **jars), "eventTime": time})
    said = [
        chain.log.event(
            2, {"type": "product", "id": PRODUCT, "validFrom": "2026-01-01", **each}, lots=(), kind="master"
        )
        for each in products
    ]
    return agreed(prove(chain.source, JAM, "back", full(), naming=lambda _: said), chain.known())


@pytest.mark.parametrize(
    ("time", "weighed"),
    [
        ("2026-07-01T10:09:00+02:00", True),
        ("2026-07-01t08:09:00,5z", True),
        ("2026-W27-3T0809Z", False),
        ("2026-W27-3T08:09Z", True),
        ("2026-06-30T24:00:00Z", True),
        ("0001-01-01T00:00:00+14:00", False),
        ("9999-12-31T23:59:59-14:00", True),
        ("2026-07-01T08:09:00xZ", False),
        ("2026-07-01T08:09:00.Z", False),
        ("2026-07-01T08:09:00", False),
        ("2026-02-30T08:09:00Z", False),
    ],
)
def test_a_time_is_one_time_to_everybody_or_none(time: str, weighed: bool) -> None:
    found = account(QUARTER, time=time)
    assert ("process-not-weighed" in codes(found, "balanced")) == (not weighed)


def test_a_content_of_more_digits_than_an_amount_has_is_not_known() -> None:
    inside = [{"gtin": f"{n:014d}", "contains": {"gtin": f"{n + 1:014d}", "count": LONG}} for n in range(1, 8)]
    levels = [{**LEVEL, "contains": {"gtin": f"{1:014d}", "count": LONG}}, *inside, {"gtin": f"{8:014d}"}]
    found = account({"gtins": levels, "netContent": {"value": LONG, "unit": "KGM"}})
    assert codes(found, "balanced") == {"process-not-weighed"}


def test_zeros_at_the_end_of_a_content_are_no_digits() -> None:
    box = {"gtin": f"{1:014d}"}
    level = {**LEVEL, "contains": {**box, "count": Number("0.50000000000000000000")}}
    found = account({"gtins": [level, box], "netContent": {"value": Number("0.50000000000000000000"), "unit": "KGM"}})
    assert found.verdicts["balanced"] == "yes"


def test_a_version_that_lists_a_product_no_more_takes_the_place_of_one_that_did() -> None:
    other = {"id": "https://example.com/jars"}
    assert account({**other, **QUARTER, "gtins": [LEVEL]}).verdicts["balanced"] == "yes"
    taken_back = account({**other, **QUARTER, "gtins": [LEVEL]}, {**other, **QUARTER})
    assert codes(taken_back, "balanced") == {"process-not-weighed"}
    later = account({**other, **QUARTER, "gtins": [LEVEL]}, {**other, **QUARTER, "validFrom": "2026-02-01"})
    assert codes(later, "balanced") == {"process-not-weighed"}


@pytest.mark.parametrize("twenty", ["2e0000000001", "20E+00000000000000000000000000000000", "2" + "0" * 20 + "e-19"])
def test_an_exponent_is_read_however_long_it_is_written(twenty: str) -> None:
    log = Weighed()
    log.make(0, A="10")
    log.ship(0, A=twenty)
    assert codes(log.judged("A", "both"), "balanced") == {"more-left-than-came"}


@pytest.mark.parametrize("action", ["ADD", "OBSERVE"])
def test_what_was_received_does_not_come_again_when_it_is_accepted(action: str) -> None:
    log = Weighed()
    log.make(0, A="10")
    log.ship(0, A="10")
    log.receive(1, A="10")
    log.object(1, action, "accepting", {"A": "10"})
    log.ship(1, A="20")
    assert "more-left-than-came" in codes(log.judged("A", "both"), "balanced")


def test_a_byte_order_mark_is_no_white_space_in_an_identifier() -> None:
    log = Weighed()
    log.make(0, **{"urn:\ufeffx": "10", "A": "10"})
    log.ship(0, **{"urn:\ufeffx": "10"})
    found = log.judged("urn:\ufeffx", "both")
    assert (found.exit_code, found.verdicts["unbroken"], found.verdicts["balanced"]) == (0, "yes", "yes")


@pytest.mark.parametrize(
    ("context", "members"),
    [
        ({"eventID": f"{NAMESPACE}wasteKg"}, {"eventID": "20"}),
        ({"\uff00": NAMESPACE, "\U00010000": NAMESPACE}, {"\uff00:wasteKg": "20", "\U00010000:wasteKg": "1"}),
        ({"ex": f"x:{'/' * 200_000}y"}, {f"{NAMESPACE}wasteKg": "20", f"z{'#' * 200_000}:y": 1}),
    ],
)
def test_what_was_lost_is_the_same_to_everybody(context: dict[str, str], members: dict[str, Any]) -> None:
    log = Weighed()
    log.make(0, A="10")
    log.object(0, "OBSERVE", "storing", {"A": "10"}, **{"@context": [*CONTEXT, context]}, **members)
    assert codes(log.judged("A", "both"), "balanced") == {"more-left-than-came"}


def test_a_business_step_of_spaces_is_read_as_quickly_as_any_other() -> None:
    log = Weighed()
    log.make(0, A="10")
    log.object(0, "OBSERVE", f"\u2003shipping{' ' * 200_000}x", {"A": "20"})
    assert log.judged("A", "both").verdicts["balanced"] == "yes"
    log.object(0, "OBSERVE", f"\u2003shipping{' ' * 200_000}", {"A": "20"})
    assert codes(log.judged("A", "both"), "balanced") == {"more-left-than-came"}
