"""Balances from a ledger: by lot, product, site and member, over a period, as of a time, on both databases."""

from typing import Any

import pytest

from api.balances import balances_json
from api.verbs import master
from api.verbs.balance import balance
from ledger.audience import full, member, nothing, parties, public
from schemas.errors import InputError
from tests.api.conftest import Consortium
from tests.simulator.cooperatives import LUNA, document, harvested, lot, party, shipped
from tests.simulator.master import product, written

UNIT = "https://id.gs1.org/00/095210010000000017"
CARTON, CRATE = "https://id.gs1.org/00/095210010000000024", "https://id.gs1.org/8003/09521001000017A1"
GTIN = "https://id.gs1.org/01/09521001002011"
CASE = "https://id.gs1.org/01/19521001002018/10/C-1"
HALL = "https://id.gs1.org/414/9521001000017"
NAME = "urn:uuid:6f1e9aa2-6bd4-4d4c-8f1c-6d1d3d7f8e0a"
DECLARED = {"declarationTime": "2026-07-20T09:00:00Z", "reason": "incorrect_data"}


def at(day: int, event: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**event, "eventTime": f"2026-07-{day:02}T08:00:00Z", **more}


def quantities(*amounts: tuple[str, float, str | None]) -> list[dict[str, Any]]:
    return [{"epcClass": uri, "quantity": number, **({"uom": uom} if uom else {})} for uri, number, uom in amounts]


def named(code: str, number: float) -> dict[str, Any]:
    return harvested(code, quantityList=quantities((lot(code), number, "KGM")))


def figures(found: Any, key: str) -> dict[str, Any]:
    """What is not zero of one account."""
    said = balances_json(found)
    (account,) = [item for item in said["accounts"] if item["key"] == key]
    kept = ("opening", "made", "received", "used", "shipped", "wasted", "adjusted", "closing")
    return {name: account[name] for name in kept if account[name] != "0"}


@pytest.fixture
def season(consortium: Consortium) -> Consortium:
    """Two lots of the first member, some of which the second got, with a loss and an inventory."""
    sole = document(
        at(1, harvested("P-1", kilos=1000)),
        at(2, shipped("P-1", to=party(LUNA))),
        at(3, harvested("P-2", kilos=500)),
        at(
            4,
            harvested("P-1"),
            action="DELETE",
            bizStep="destroying",
            quantityList=quantities((lot("P-1"), 10.5, "KGM")),
        ),
        at(5, shipped("P-2", to=party(LUNA), quantityList=quantities((lot("P-2"), 0.3, "TNE")))),
        at(
            6,
            harvested("P-2"),
            action="OBSERVE",
            bizStep="cycle_counting",
            quantityList=quantities((lot("P-2"), 195, "KGM")),
        ),
    )
    consortium.node.capture(sole, member=consortium.sole)
    luna = document(at(3, shipped("P-1", to=party(LUNA)), bizStep="receiving"))
    consortium.node.capture(luna, member=consortium.luna)
    return consortium


def test_a_lot_closes_with_what_is_left(season: Consortium) -> None:
    found = balance(season.node, audience=full(), lot="(01)09521001002011(10)P-1", member=season.sole, by="lot")
    assert figures(found, lot("P-1")) == {"made": "1000", "shipped": "40", "wasted": "10.5", "closing": "949.5"}


def test_products_sites_and_members_add_up(season: Consortium) -> None:
    node = season.node
    of_product = {"made": "1500", "shipped": "340", "wasted": "10.5", "adjusted": "-5", "closing": "1144.5"}
    assert figures(balance(node, audience=full(), member=season.sole), GTIN) == of_product
    assert figures(balance(node, audience=full(), by="member"), season.luna) == {"received": "40", "closing": "40"}
    assert figures(balance(node, audience=full(), by="site", member=season.sole), HALL)["made"] == "1500"
    everybody = balance(node, audience=full(), product="09521001002011")
    assert figures(everybody, GTIN)["closing"] == "1184.5"
    assert balance(node, audience=full(), product="09521001009997").accounts == ()
    only = balance(node, audience=full(), site=HALL, by="lot")
    assert figures(only, lot("P-1"))["wasted"] == "10.5"


def test_a_period_opens_with_what_was_before(season: Consortium) -> None:
    found = balance(season.node, audience=full(), member=season.sole, begins="2026-07-03", until="2026-07-05", by="lot")
    assert figures(found, lot("P-1")) == {"opening": "960", "wasted": "10.5", "closing": "949.5"}
    # The inventory came a day later.
    assert figures(found, lot("P-2")) == {"made": "500", "shipped": "300", "closing": "200"}


def test_figures_follow_a_correction_and_not_before_it_was_known(season: Consortium) -> None:
    node, clock = season.node, season.clock
    much = quantities((lot("P-1"), 2000, "KGM"))
    wrong = at(7, shipped("P-1", to=party(LUNA), quantityList=much), eventID=NAME)
    clock.now += 3600
    node.capture(document(wrong), member=season.sole)
    short = balance(node, audience=full(), lot=lot("P-1"), member=season.sole, by="lot")
    assert figures(short, lot("P-1"))["closing"] == "-1050.5"
    assert [account.short for account in short.accounts] == [True]
    clock.now += 3600
    node.capture(document({**wrong, "errorDeclaration": DECLARED}), member=season.sole)
    mended = balance(node, audience=full(), lot=lot("P-1"), member=season.sole, by="lot")
    assert figures(mended, lot("P-1"))["closing"] == "949.5"
    before = balance(node, audience=full(), member=season.sole, by="lot", as_of="2026-09-21T15:30:00Z")
    assert figures(before, lot("P-1"))["closing"] == "-1050.5"
    first = balance(node, audience=full(), member=season.sole, by="lot", as_of="2026-09-21T14:30:00Z")
    assert figures(first, lot("P-1"))["closing"] == "949.5"


def packed(*children: tuple[str, float, str | None]) -> dict[str, Any]:
    return at(
        8, harvested("x"), type="AggregationEvent", bizStep="packing", parentID=UNIT, quantityList=None,
        childQuantityList=quantities(*children),
    )  # fmt: skip


def clean(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if value is not None}


def test_a_pallet_counts_with_what_was_in_it_and_never_twice(season: Consortium) -> None:
    node = season.node
    alone = clean(at(9, shipped("x", to=party(LUNA)), epcList=[UNIT], quantityList=None))
    node.capture(document(alone), member=season.sole)
    unknown = balance(node, audience=full(), member=season.sole, by="lot")
    assert unknown.units == (UNIT,)
    assert balances_json(unknown)["accounts"][0]["shipped"] is None
    node.capture(document(clean(packed((lot("P-1"), 100, "KGM")))), member=season.sole)
    found = balance(node, audience=full(), member=season.sole, by="lot")
    assert found.units == ()
    assert figures(found, lot("P-1"))["shipped"] == "140"


def test_a_pallet_of_cartons_counts_with_what_is_in_the_cartons(season: Consortium) -> None:
    carton = "https://id.gs1.org/00/095210010000000024"
    loaded = {**clean(packed()), "childQuantityList": None, "childEPCs": [carton]}
    boxed = {**clean(packed((lot("P-1"), 60, "KGM"))), "parentID": carton}
    sent = clean(at(9, shipped("x", to=party(LUNA)), epcList=[UNIT], quantityList=None))
    season.node.capture(document(sent, clean(loaded), boxed), member=season.sole)
    found = balance(season.node, audience=full(), member=season.sole, by="lot")
    assert (found.units, figures(found, lot("P-1"))["shipped"]) == ((), "100")


def crossed(season: Consortium) -> None:
    """Crates and cartons on a pallet that leaves by its number alone, all of them named; a crate by itself."""
    boxed = [{**clean(packed((lot("P-1"), 60, "KGM"))), "parentID": unit} for unit in (CARTON, CRATE)]
    loaded = {**clean(packed()), "childQuantityList": None, "childEPCs": [CARTON]}
    left = [
        clean(at(9, shipped("x", to=party(LUNA)), epcList=units, quantityList=None))
        for units in ([CARTON, UNIT], [CRATE])
    ]
    season.node.capture(document(clean(loaded), *boxed, *left), member=season.sole)


def test_a_lot_that_left_on_a_pallet_has_left(season: Consortium) -> None:
    crossed(season)
    of_all = balance(season.node, audience=full(), member=season.sole, by="lot")
    of_lot = balance(season.node, audience=full(), member=season.sole, lot=lot("P-1"), by="lot")
    assert figures(of_lot, lot("P-1")) == figures(of_all, lot("P-1"))
    assert figures(of_lot, lot("P-1"))["shipped"] == "160"


def test_a_kilogram_counts_once_however_its_units_are_named(season: Consortium) -> None:
    crossed(season)
    found = balance(season.node, audience=full(), member=season.sole, by="member")
    # 40 and 300 by themselves, 60 each in a carton and a crate.
    assert (figures(found, season.sole)["shipped"], found.units) == ("460", ())


def test_what_was_received_by_lot_is_not_received_again_as_a_pallet(season: Consortium) -> None:
    pallet = clean(packed((lot("P-1"), 40, "KGM")))
    taken = clean(at(9, shipped("x", to=party(LUNA)), bizStep="accepting", epcList=[UNIT], quantityList=None))
    season.node.capture(document(pallet, taken), member=season.luna)
    for by in ("lot", "product", "site", "member"):
        found = balance(season.node, audience=full(), member=season.luna, by=by)
        assert [account.figures["received"] for account in found.accounts] == [40]


def test_pallets_are_counted_together_and_whose_they_are(season: Consortium) -> None:
    two = [
        {**clean(packed((lot("P-1"), kilos, "KGM"))), "parentID": unit} for unit, kilos in ((UNIT, 10), (CARTON, 25))
    ]
    counted = at(9, harvested("x"), action="OBSERVE", bizStep="stock_taking", epcList=[UNIT, CARTON], quantityList=None)
    season.node.capture(document(*two, clean(counted)), member=season.luna)
    for by in ("lot", "product"):
        both = balance(season.node, audience=full(), by=by)
        each = [balance(season.node, audience=full(), by=by, member=who) for who in (season.sole, season.luna)]
        for figure in ("adjusted", "closing"):
            sums = [sum(account.figures[figure] or 0 for account in found.accounts) for found in (both, *each)]
            assert sums[0] == sums[1] + sums[2]
        assert sum(account.figures["adjusted"] or 0 for account in each[1].accounts) == -5


def test_cases_are_weighed_by_master_data_of_the_day_or_not_shown(season: Consortium) -> None:
    node = season.node
    made = at(10, harvested("x", quantityList=quantities((CASE, 12, None))))
    node.capture(document(made), member=season.sole)
    counted = balance(node, audience=full(), lot=CASE, by="lot")
    assert (balances_json(counted)["accounts"][0]["unit"], figures(counted, CASE)["made"]) == ("H87", "12")
    master.add(node, written(product()), member=season.sole)
    weighed = balance(node, audience=full(), lot=CASE, by="lot")
    assert (balances_json(weighed)["accounts"][0]["unit"], figures(weighed, CASE)["made"]) == ("KGM", "96")
    everything = balance(node, audience=full(), by="lot")
    assert figures(everything, CASE)["made"] == "96"


def test_a_process_is_held_against_what_it_can_give(season: Consortium) -> None:
    told = {"inputQuantityList": quantities((lot("P-1"), 900, "KGM")), "action": None, "quantityList": None}
    told["outputQuantityList"] = quantities((lot("J-1"), 950, "KGM"))
    pressed = at(11, harvested("x"), type="TransformationEvent", **told)
    season.node.capture(document(clean(pressed)), member=season.sole)
    found = balance(season.node, audience=full(), lot=lot("J-1"), by="lot")
    (process,) = balances_json(found)["processes"]
    assert (process["used"], process["made"], process["verdict"]) == ("900", "950", "over")


def test_a_member_sees_its_own_stock_and_nobody_elses(season: Consortium) -> None:
    names = parties(season.luna, LUNA)
    luna = member(season.luna, names, given=nothing, published=nothing)
    mine = balance(season.node, audience=luna, by="member")
    assert [account.key for account in mine.accounts] == [season.luna]
    with pytest.raises(InputError, match="balance-member"):
        balance(season.node, audience=luna, member=season.sole)
    with pytest.raises(InputError, match="balance-member"):
        balance(season.node, audience=public())
    with pytest.raises(InputError, match="unknown-lot"):
        balance(season.node, audience=luna, lot=lot("P-2"))


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"lot": lot("NOBODY")}, "unknown-lot"), ({"begins": "yesterday"}, "moment-form"),
     ({"begins": "2026-07-02", "until": "2026-07-01"}, "balance-period"),
     ({"lot": "(01)09521001002011"}, "lot-expected")],
)  # fmt: skip
def test_a_bad_question_says_why(season: Consortium, asked: dict[str, str], code: str) -> None:
    with pytest.raises(InputError, match=code):
        balance(season.node, audience=full(), **asked)  # type: ignore[arg-type]


def test_a_box_that_left_on_a_pallet_and_is_packed_again_is_shipped_with_its_new_load_only(season: Consortium) -> None:
    box, first, second = (f"https://id.gs1.org/00/{digits}" for digits in (
        "095210010000000024", "095210010000000031", "095210010000000048"))  # fmt: skip

    def packed(day: int, parent: str, **children: Any) -> dict[str, Any]:
        more = {"type": "AggregationEvent", "action": "ADD", "parentID": parent, "bizStep": "packing", **children}
        return at(
            day, {name: value for name, value in harvested("P-3").items() if name == "eventTimeZoneOffset"}, **more
        )

    def sent(day: int, pallet: str) -> dict[str, Any]:
        return at(day, shipped("P-3", to=party(LUNA), quantityList=None, epcList=[pallet]))

    events = [at(7, named("P-3", 100))]
    for day, pallet, kilos in ((8, first, 40), (11, second, 7)):
        events.append(packed(day, box, childQuantityList=quantities((lot("P-3"), kilos, "KGM"))))
        events += [packed(day + 1, pallet, childEPCs=[box]), sent(day + 2, pallet)]
    told = [{name: value for name, value in each.items() if value is not None} for each in events]
    season.node.capture(document(*told), member=season.sole)
    found = balance(season.node, audience=full(), member=season.sole, by="lot")
    assert figures(found, lot("P-3")) == {"made": "100", "shipped": "47", "closing": "53"}
