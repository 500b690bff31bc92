"""Bars: as long as their figures are to each other, named for whoever does not see them, none for what is not known."""

import re
from decimal import Decimal

from exporters.drawing.bars import MOST, Bar, bars, columns


def widths(drawing: str) -> list[float]:
    return [float(found) for found in re.findall(r'<rect x="0" [^>]*? width="([\d.]+)"', drawing)]


def test_bars_are_as_long_as_their_figures_are_to_each_other() -> None:
    listed = [Bar("Pesche", Decimal(800), "800 kg"), Bar("Olio", Decimal(200), "200 kg")]
    drawing = bars(listed, title="Spedito", about="Due prodotti")
    assert widths(drawing) == [360, 90]
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in drawing
    assert 'role="img"' in drawing
    assert "<title>Spedito</title><desc>Due prodotti</desc>" in drawing
    assert "style=" not in drawing


def test_what_is_not_known_has_no_bar_and_says_so() -> None:
    drawing = bars([Bar("Olio", None, "non mostrato"), Bar("Pesche", Decimal(0), "0 kg")], title="t", about="a")
    assert widths(drawing) == []
    assert "non mostrato" in drawing
    weeks = columns([Bar("30", None, ""), Bar("31", Decimal(5), "5 kg")], title="t", about="a")
    assert weeks.count("<rect") == 1
    assert ">?</text>" in weeks
    assert ">5 kg</text>" in weeks


def test_what_is_written_is_escaped_and_what_is_too_long_is_cut() -> None:
    drawing = bars([Bar("<b>" + "lungo " * 30, Decimal(1), "1 kg")], title="<i>", about="&")
    assert "<b>" not in drawing
    assert "<title>&lt;i&gt;</title><desc>&amp;</desc>" in drawing
    assert "…</text>" in drawing


def test_more_than_fit_are_left_to_the_table() -> None:
    drawing = bars([Bar(str(n), Decimal(n + 1), "x") for n in range(MOST + 5)], title="t", about="a")
    assert drawing.count("<rect") == MOST


def test_a_drawing_of_nothing_and_of_zeros_is_one_too() -> None:
    assert bars([], title="t", about="a").startswith("<svg")
    assert "<rect" not in columns([Bar("1", Decimal(0), "0 kg")], title="t", about="a")
