"""The figures of a season: they are what the balance says, and the sum of the events that they open."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from api.verbs.balance import balance
from api.verbs.master import add
from api.verbs.season import (
    Period,
    Season,
    period_of,
    season,
    season_events,
    season_lots,
    season_names,
    season_processes,
)
from ledger.audience import full, member, parties
from ledger.lots.kilos import MOVING, Kilos, Moving
from ledger.lots.weeks import Week
from ledger.node import Node
from schemas.epcis.instant import written
from schemas.epcis.own_terms import NAMESPACE
from schemas.errors import InputError
from tests.api.conftest import Clock, Consortium
from tests.simulator import by_week
from tests.simulator.by_week import CRATES, HALL, MILL, OIL, PEACHES
from tests.simulator.cooperatives import LUNA, SOLE, document, harvested, joined, lot, party, shipped
from tests.simulator.master import certificate, product, site
from tests.simulator.master import written as file
from tests.simulator.phones import made

UNIT = "https://id.gs1.org/00/095210010000000017"
BEGINS, UNTIL = "2026-03-23", "2026-04-05"
"""Two weeks; Italy moves its clocks within the first."""


def asked(node: Node, **more: Any) -> Period:
    return period_of(node, audience=full(), **{"begins": BEGINS, "until": UNTIL, **more})


def of(node: Node, period: Period) -> Season:
    return season(node, period, audience=full())


def told(node: Node, period: Period, figure: Moving, week: Week | None = None) -> Kilos:
    """What the list behind a figure adds up to."""
    lines, total = season_events(
        node, period, audience=full(), figure=figure, week=week.name if week else None
    )  # fmt: skip
    again = Kilos()
    for line in lines:
        again.add(line.kilograms)
    assert again == total
    return total


def balanced(node: Node, period: Period, by: Any, figure: Moving) -> dict[str, Decimal | None]:
    """The same in the balance, of what it keeps in kilograms."""
    found = balance(
        node, audience=full(), by=by, member=period.member, product=period.product, site=period.site,
        begins=written(period.start), until=written(period.stop),
    )  # fmt: skip
    return {each.key: each.figures[figure] for each in found.accounts if each.dimension == "mass" and not each.mixed}


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 8))])
def test_figures_are_what_they_open_and_what_the_balance_says(consortium: Consortium, seed: int) -> None:
    node, sole = consortium.node, consortium.sole
    add(node, file(*by_week.products()), member=sole)
    node.capture(document(*by_week.events(seed)), member=sole)
    whole = asked(node, member=sole)
    found = of(node, whole)
    seen = 0
    for figure in MOVING:
        assert found.total[figure] == told(node, whole, figure)
        for week, row in found.by_week.items():
            assert row[figure] == told(node, whole, figure, week)
        for uri, row in found.by_product.items():
            assert row[figure] == told(node, asked(node, member=sole, product=uri), figure), uri
        for uri, row in found.by_site.items():
            assert row[figure] == told(node, asked(node, member=sole, site=uri), figure)
        for uri, kilograms in balanced(node, whole, "product", figure).items():
            row = found.by_product.get(uri)
            assert (row[figure].kilograms if row else Decimal(0)) == kilograms, (uri, figure)
            seen += kilograms is not None and kilograms > 0
        if figure != "received":
            # What was accepted at one site and received at another counts at both there.
            for uri, kilograms in balanced(node, whole, "site", figure).items():
                row = found.by_site.get(uri)
                assert (row[figure].kilograms if row else Decimal(0)) == kilograms
    assert seen > 3
    assert {PEACHES, CRATES, OIL} <= set(found.by_product)
    assert {HALL, MILL} == set(found.by_site)
    assert found.by_product[OIL]["made"].kilograms is None


@pytest.fixture(scope="module")
def orchard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    """A harvest turned into another lot, a part of which left on a pallet that names nothing; a loss; what is said."""
    folder, clock = tmp_path_factory.mktemp("orchard"), Clock()
    with made(str(folder / "store"), folder, gln=SOLE, prefixes=("9521001",), clock=clock) as node:
        luna = joined(node, "Cooperativa Luna", gln=LUNA, prefixes=("9521002",))
        found = Consortium(node, clock, node.registry.members()[0].iss, luna)
        _record(found)
        yield found


def _record(consortium: Consortium) -> None:
    node, sole = consortium.node, consortium.sole
    turned = {
        "type": "TransformationEvent", "bizStep": "commissioning", "eventTime": "2026-07-02T06:00:00Z",
        "eventTimeZoneOffset": "+02:00", "bizLocation": {"id": HALL}, "@context": {"filiera": NAMESPACE},
        "filiera:wasteKg": 25, "inputQuantityList": [{"epcClass": lot("P-1"), "quantity": 900, "uom": "KGM"}],
        "outputQuantityList": [{"epcClass": f"{OIL}/10/J-1", "quantity": 450, "uom": "KGM"}],
    }  # fmt: skip
    packed = {
        "type": "AggregationEvent", "action": "ADD", "bizStep": "packing", "eventTime": "2026-07-02T09:00:00Z",
        "eventTimeZoneOffset": "+02:00", "parentID": UNIT,
        "childQuantityList": [{"epcClass": f"{OIL}/10/J-1", "quantity": 300, "uom": "KGM"}],
    }  # fmt: skip
    left = shipped("J-1", to=party(LUNA), eventTime="2026-07-03T06:30:00Z", epcList=[UNIT])
    del left["quantityList"]
    add(node, file(product(), site(), certificate(validTo="2027-02-28")), member=sole)
    node.capture(document(harvested("P-1", kilos=1000), turned, packed, left), member=sole)
    arrived = {**left, "bizStep": "receiving", "eventTime": "2026-07-04T06:00:00Z"}
    node.capture(document(arrived), member=consortium.luna)


def of_july(node: Node, **more: Any) -> Period:
    return period_of(node, **{"audience": full(), "begins": "2026-07-01", "until": "2026-07-31", **more})


def test_yields_waste_and_hours_come_with_the_entries_behind_them(orchard: Consortium) -> None:
    node, sole = orchard.node, orchard.sole
    found = of(node, of_july(node, member=sole))
    (process,) = season_processes(node, found.period, audience=full(), made=OIL)
    assert (process.used, process.made, process.lost) == ((PEACHES,), (OIL,), 25)
    assert (process.yielded.used, process.yielded.made) == (900, 450)
    assert season_processes(node, found.period, audience=full(), made=PEACHES) == []
    assert found.processes == (process,)
    ((oil,), none) = season_lots(node, found.period, audience=full())
    # From 8:00 UTC of 1 July to 6:30 of 3 July, on a pallet that names no lot.
    assert (oil.uri, oil.hours, none) == (f"{OIL}/10/J-1", Decimal("46.5"), 0)
    lines, _ = season_events(node, found.period, audience=full(), figure="shipped")
    assert [(line.index, line.uri, line.kilograms) for line in lines] == [
        (oil.shipped.entry, f"{OIL}/10/J-1", Decimal(300))
    ]
    names = season_names(node, audience=full())
    assert (names.products[PEACHES], names.sites[HALL]) == ("Pesche gialle 1 kg", "Magazzino di Termeno")
    assert [(each.number, each.over, each.soon) for each in found.certificates] == [("IT-BIO-009.123", False, False)]
    assert sum(found.findings.values()) > 0


def test_a_process_is_found_by_its_site_and_by_what_went_in(orchard: Consortium) -> None:
    node = orchard.node
    for more, count in (({"site": HALL}, 1), ({"site": MILL}, 0), ({"product": PEACHES}, 1), ({"product": CRATES}, 0)):
        assert len(season_processes(node, of_july(node, **more), audience=full())) == count


def test_a_member_sees_its_own_stock_and_no_other(orchard: Consortium) -> None:
    node, luna = orchard.node, orchard.luna
    hers = member(luna, parties(luna, LUNA), given=lambda _: False, published=lambda _: False)
    found = season(node, of_july(node, audience=hers), audience=hers)
    assert found.period.member == luna
    # The pallet was packed by somebody else: what was on it is not shown, and never zero.
    assert (found.total["received"].kilograms, found.total["received"].lacking) == (None, 1)
    assert found.total["made"] == Kilos()
    assert found.processes == found.lots == ()
    with pytest.raises(InputError, match="balance-member"):
        of_july(node, audience=hers, member=orchard.sole)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"begins": "1/7/2026"}, "season-day"), ({"until": "2026-02-30"}, "season-day"),
        ({"begins": "2026-08-01"}, "season-order"), ({"begins": "2020-01-01"}, "season-long"),
    ],
)  # fmt: skip
def test_a_period_that_is_none_is_said_by_its_field(orchard: Consortium, asked: dict[str, str], code: str) -> None:
    with pytest.raises(InputError) as refused:
        of_july(orchard.node, **asked)
    assert refused.value.code == code
    assert refused.value.context["field"] in ("begins", "until")


def test_without_days_it_is_the_last_year(orchard: Consortium) -> None:
    found = period_of(orchard.node, audience=full())
    assert (found.last - found.first).days == 363
    assert of(orchard.node, found).total["made"].lines == 2


def test_what_no_period_or_list_has_is_refused(orchard: Consortium) -> None:
    node = orchard.node
    for more, code in (({"figure": "eaten"}, "season-figure"), ({"week": "2026-W01"}, "season-week")):
        with pytest.raises(InputError, match=code):
            season_events(node, of_july(node), audience=full(), **more)  # type: ignore[arg-type]
