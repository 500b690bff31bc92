"""What a pack says: from the event that made the lot, its product at each level, and who packed it where."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from exporters.facts.lots import harvest_days
from exporters.facts.packs import Pack, pack
from exporters.facts.parties import Address
from schemas.syntax.json_text import Number
from tests.simulator.history import history
from tests.simulator.paperwork import CASE, COOP, LOT, UNIT, event, masters, party, place

ILMD = {"cbvmda:bestBeforeDate": "2026-07-25", "cbvmda:productionDate": "2026-07-15", "cbvmda:countryOfOrigin": "IT"}


def made(lot: str = LOT, **more: Any) -> dict[str, Any]:
    """The event that packs a lot."""
    output = [{"epcClass": lot, "quantity": Number("192")}]
    said = {"bizLocation": {"id": place(COOP)}, "ilmd": ILMD, **more}
    return event(15, 8, type="TransformationEvent", bizStep="commissioning", outputQuantityList=output, **said)


def found(**more: Any) -> Pack:
    read = pack(history(made(**more)), LOT)
    assert read is not None
    return read


def test_it_says_what_the_event_and_master_data_say() -> None:
    said = found()
    assert (said.gtin, said.lot, said.origin) == (CASE, "T-196", "IT")
    assert (said.best_before, said.use_by, said.packed) == (date(2026, 7, 25), None, date(2026, 7, 15))
    assert (said.text("name"), said.packer.name) == ("Pomodori San Marzano 500 g", "Cooperativa Sole")
    assert said.packer.address == Address("Via Emilia 1", "48018", "Faenza", "RA", "IT")


def test_the_day_of_packing_is_that_of_the_place_where_nobody_says_it() -> None:
    late = found(ilmd={}, eventTime="2026-07-15T23:30:00Z", eventTimeZoneOffset="+02:00")
    assert late.packed == date(2026, 7, 16)


def test_a_date_with_a_time_and_a_name_with_any_prefix_are_read() -> None:
    said = found(ilmd={"https://ref.gs1.org/cbv/itemExpirationDate": "2026-08-01T00:00:00+02:00"})
    assert said.use_by == date(2026, 8, 1)


@pytest.mark.parametrize(
    ("said", "offset", "told"),
    [
        ("2026-07-24T22:00:00Z", "+02:00", date(2026, 7, 25)),  # midnight in Italy, as programs write it
        ("2026-12-31T22:59:59Z", "+02:00", date(2026, 12, 31)),  # the end of a day in winter, said in summer
        ("2027-01-31T23:00:00+00:00", "+02:00", date(2027, 2, 1)),
        ("2026-07-24T22:00:00Z", "+00:00", date(2026, 7, 24)),
        ("2026-08-01T03:00:00Z", "-04:00", date(2026, 7, 31)),
        ("2026-08-01T23:30:00-04:00", "+02:00", date(2026, 8, 1)),
    ],
)
def test_a_day_that_is_told_as_an_instant_is_that_of_the_place(said: str, offset: str, told: date) -> None:
    late = found(ilmd={"cbvmda:bestBeforeDate": said, "cbvmda:harvestEndDate": said}, eventTimeZoneOffset=offset)
    assert late.best_before == told
    facts = history(made(ilmd={"cbvmda:harvestEndDate": said}, eventTimeZoneOffset=offset))
    assert [harvest_days(event) for event in facts.standing] == [[told]]


def test_the_levels_of_a_product_lead_from_one_to_another() -> None:
    assert (found().level("unit"), found().level("case")) == ((UNIT,), (CASE,))
    unit = pack(history(made(LOT.replace(CASE, UNIT))), LOT.replace(CASE, UNIT))
    assert unit is not None
    assert (unit.level("unit"), unit.level("case")) == ((UNIT,), (CASE,))


def test_a_unit_in_two_cases_leads_to_both_and_a_circle_to_none() -> None:
    inner = {"gtin": UNIT, "count": Number("10")}
    listed = [
        {"gtin": UNIT, "level": "unit"},
        *({"gtin": gtin, "level": "case", "contains": inner} for gtin in ("1", CASE)),
    ]
    said = replace(found(), gtin=UNIT, product={"gtins": listed})
    assert said.level("case") == ("1".zfill(14), CASE)
    ring = [{"gtin": CASE, "level": "case", "contains": {"gtin": CASE, "count": Number("1")}}]
    assert replace(found(), product={"gtins": ring}).level("unit") == ()


def test_a_product_that_says_no_levels_has_one() -> None:
    assert replace(found(), product={}).level("unit") == (CASE,)


def test_who_packs_is_the_owner_of_the_place_then_the_member() -> None:
    owned = {"type": "site", "id": place("9521001000116"), "validFrom": "2025-01-01", "party": party(COOP)}
    read = pack(history(made(bizLocation={"id": place("9521001000116")}), said=(*masters(), owned)), LOT)
    assert read is not None
    assert read.packer.name == "Cooperativa Sole"
    nobody = pack(history(made(bizLocation=None), said=()), LOT)
    assert nobody is not None
    assert (nobody.packer.name, nobody.packer.address) == ("Cooperativa Sole", Address())


def test_a_lot_that_nothing_made_or_that_has_no_gtin_has_no_pack() -> None:
    assert pack(history(), LOT) is None
    assert pack(history(made("https://coop.example/lotti/1")), "https://coop.example/lotti/1") is None
