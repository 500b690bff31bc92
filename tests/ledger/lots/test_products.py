"""What is said of products as of a time: kept between changes, it is what would be found anew at any moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.lots.master import Version
from ledger.lots.products import KnownProducts
from schemas.epcis.instant import since, written
from schemas.syntax.json_text import Number
from tests.simulator.master import CASE, PRODUCT

CASES = f"https://id.gs1.org/01/{CASE}/10/C-1"
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
DAY = 86_400_000_000
moments = st.integers(0, 6 * 24).map(lambda hour: FIRST + timedelta(hours=hour))
limits = moments.flatmap(lambda at: st.sampled_from([f"{at:%Y-%m-%d}", written(since(at))]))


def content(kilos: int, cases: int | None) -> dict[str, Any]:
    listed = [{"gtin": CASE, "contains": {"gtin": PRODUCT[-14:], "count": Number(str(cases))}}] if cases else []
    own = {"gtin": PRODUCT[-14:]}
    return {"netContent": {"value": Number(str(kilos)), "unit": "KGM"}, "gtins": [own, *listed]}


said = st.lists(
    st.tuples(
        st.sampled_from(["A", "B"]), limits, st.none() | limits, st.booleans(), st.integers(1, 3),
        st.none() | st.integers(2, 9),
    ),
    max_size=6,
)  # fmt: skip


def versions(told: list[Any]) -> list[tuple[Version, dict[str, Any]]]:
    return [
        (Version(index, who, "product", PRODUCT, begins, ends, withdrawn), content(kilos, cases))
        for index, (who, begins, ends, withdrawn, kilos, cases) in enumerate(told)
    ]


@settings(max_examples=50)
@given(said, st.lists(moments, min_size=1, max_size=8))
def test_what_is_kept_is_what_would_be_found_anew(told: list[Any], at: list[datetime]) -> None:
    kept = KnownProducts(versions(told), preferring=["A"])
    for moment in map(since, at):
        anew = KnownProducts(versions(told), preferring=["A"])
        for uri in (PRODUCT, CASES):
            assert kept.net_content(uri, moment) == anew.net_content(uri, moment)
            assert kept.content(uri, moment) == anew.content(uri, moment)


@settings(max_examples=50)
@given(said, moments, st.integers(0, DAY))
def test_what_is_steady_is_the_same_all_along(told: list[Any], begins: datetime, long: int) -> None:
    known, first = KnownProducts(versions(told)), since(begins)
    if known.steady(CASES, first, first + long):
        for at in range(first, first + long + 1, max(1, long // 7)):
            assert known.net_content(CASES, at) == known.net_content(CASES, first)
