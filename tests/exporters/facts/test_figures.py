"""Numbers and times as people write them."""

from decimal import Decimal

import pytest

from exporters.facts.figures import amount, day, kilos, moment, number
from ledger.lots.step import Amount


def test_numbers_have_the_separators_of_the_language_and_lose_nothing() -> None:
    assert (number(Decimal("1250.50"), "it"), number(Decimal("1250.50"), "en")) == ("1.250,5", "1,250.5")
    assert kilos(Decimal("0.001"), "it") == "0,001 kg"
    assert number(Decimal("1E+3"), "it") == "1.000"


def test_amounts_have_their_unit() -> None:
    assert amount(Amount(Decimal(96)), "it") == "96 pezzi"
    assert amount(Amount(Decimal("2.5"), "TNE"), "en") == "2.5 t"
    assert amount(Amount(Decimal(3), "XYZ"), "en") == "3 XYZ"
    assert amount(None, "it") == "–"


@pytest.mark.parametrize(
    ("offset", "said"), [("+02:00", "14/07/2026 06:00"), ("-05:00", "13/07/2026 23:00"), ("?", "14/07/2026 04:00")]
)
def test_times_are_told_where_they_were_recorded(offset: str, said: str) -> None:
    assert moment(1_784_001_600_000_000, offset, "it") == said
    assert moment(None, offset, "en") == "–"


def test_days_are_written_as_people_do_and_other_texts_as_they_are() -> None:
    assert (day("2026-07-14", "it"), day("2026-07-14", "en"), day("soon", "it")) == ("14/07/2026", "2026-07-14", "soon")
