"""Master data as values, and when something holds."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from schemas.errors import InputError
from schemas.master.validity import asked, backwards, begun, ended
from schemas.master.values import Certificate, Measure, Party, Product, Site, read
from schemas.syntax.json_text import Number
from tests.simulator.master import CASE, certificate, party, product, site


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_every_kind_becomes_its_value() -> None:
    coop, place, peaches, organic = (read(tree()) for tree in (party, site, product, certificate))
    assert isinstance(coop, Party)
    assert (coop.vat_number, coop.contacts[0].phone) == ("IT00743110157", "+39 0471 123456")
    assert isinstance(place, Site)
    assert place.coordinates == (Decimal("46.341200"), Decimal("11.241500"))
    assert (len(place.polygon), place.area) == (4, Measure(Decimal("1.50"), "HAR"))
    assert isinstance(peaches, Product)
    assert (peaches.listed, peaches.variable) == ((False, "2024-03-01"), False)
    assert isinstance(organic, Certificate)
    assert (organic.body_code, organic.products) == ("IT-BIO-009", ("https://id.gs1.org/01/09521001002011",))


def test_what_is_wrong_is_no_value() -> None:
    with pytest.raises(InputError, match="missing-member"):
        read(party(name=None))


def test_the_content_of_a_case_is_that_of_what_it_holds() -> None:
    peaches = read(product())
    assert isinstance(peaches, Product)
    assert peaches.content_of("09521001002011") == Measure(Decimal("1.0"), "KGM")
    assert peaches.content_of(CASE) == Measure(Decimal("8.0"), "KGM")
    assert peaches.content_of("09521001002028") is None


def test_what_is_sold_by_weight_has_no_content_to_count_with() -> None:
    loose = read(product(quantityType="variable"))
    assert isinstance(loose, Product)
    assert loose.content_of("09521001002011") is None


def test_items_that_hold_each_other_give_no_content() -> None:
    one = {"gtin": "09521001002011", "level": "unit", "contains": {"gtin": CASE, "count": Number("2")}}
    other = {"gtin": CASE, "level": "case", "contains": {"gtin": "09521001002011", "count": Number("2")}}
    looped = read(product(gtins=[one, other]))
    assert isinstance(looped, Product)
    assert looped.content_of(CASE) is None


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        ("2025-12-31T23:59:59+01:00", True),
        # Still the old year in Greenwich, and the new one where it was picked.
        ("2026-01-01T00:30:00+01:00", False),
        ("2025-12-31T23:30:00-05:00", True),
        ("2024-12-31T23:59:59+01:00", False),
        ("2025-01-01T00:00:00+01:00", True),
    ],
)
def test_a_day_is_meant_where_it_is(moment: str, holds: bool) -> None:
    when = at(moment)
    assert (begun("2025-01-01", when) and not ended("2025-12-31", when)) == holds


def test_an_instant_is_the_same_everywhere() -> None:
    assert begun("2025-01-01T00:00:00+01:00", at("2024-12-31T23:00:00+00:00"))
    assert not begun("2025-01-01T00:00:00+01:00", at("2024-12-31T22:59:59+00:00"))
    assert ended("2025-01-01T00:00:00+01:00", at("2024-12-31T23:00:00+00:00"))
    assert not ended(None, at("9999-01-01T00:00:00+00:00"))


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        ("2025-01-01", "2025-01-01", False),
        ("2025-01-02", "2025-01-01", True),
        ("2025-01-01T12:00:00Z", "2025-01-01", False),
        ("2025-01-01T12:00:00Z", "2025-01-01T13:00:00+02:00", True),
    ],
)
def test_an_end_before_the_beginning_is_seen(first: str, last: str, wrong: bool) -> None:
    assert backwards(first, last) == wrong


def test_a_day_that_is_asked_about_is_its_last_moment() -> None:
    assert asked("2026-03-01") == datetime(2026, 3, 1, 23, 59, 59, 999999, UTC)
    assert asked("2026-03-01T08:00:00+01:00") == at("2026-03-01T08:00:00+01:00")
    for neither in ("1 March", "2026-03-01T08:00:00"):
        with pytest.raises(InputError, match="moment-form"):
            asked(neither)
