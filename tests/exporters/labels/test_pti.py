"""The voice pick code is what the initiative's own calculator says."""

from datetime import date

import pytest

from exporters.labels.pti import voice_code


@pytest.mark.parametrize(
    ("gtin", "lot", "packed", "code"),
    [
        ("10850510002011", "46587443HG234", None, "6359"),
        ("65457886676767", "2", date(2010, 1, 26), "5836"),
    ],
)
def test_official_vectors(gtin: str, lot: str, packed: date | None, code: str) -> None:
    assert voice_code(gtin, lot, packed) == code


def test_it_has_four_digits_and_depends_on_all_three() -> None:
    codes = {
        voice_code(gtin, lot, packed)
        for gtin in ("19521001002018", "19521001002025")
        for lot in ("A1", "A2")
        for packed in (None, date(2026, 7, 15))
    }
    assert len(codes) == 8
    assert all(len(code) == 4 for code in codes)
