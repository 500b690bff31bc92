"""Symbols: what goes in comes out of another library's reader, sized in whole dots, with the white they need."""

import io
import xml.etree.ElementTree as ET
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from exporters.labels.decode import Drawn, Read, check, read
from exporters.labels.pictures import GUARD, bars, extent, png, svg
from exporters.labels.sizes import CASE, LOGISTIC, PTI, RESOLUTIONS, TILL, TILL_2D, Grid, Use
from exporters.labels.symbols import MOST, Symbol, datamatrix, ean13, gs1_128, qr
from schemas.gs1.check_digit import check_digit
from schemas.gs1.element_string import write_plain
from tests.simulator.refusal import refused

SSCC = (("00", "395210010000000018"),)
CASE_DATA = (("01", "19521001002018"), ("15", "260725"), ("10", "T-196"))
LINK = "https://id.gs1.org/01/09521001002011/10/T-196?15=260725"
ALL = (gs1_128(SSCC), gs1_128(CASE_DATA), datamatrix(CASE_DATA), qr(LINK), ean13("9521001002011"))
CHARACTERS = "!\"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz"


def seen(symbol: Symbol, dots: int = 4, height: int = 120) -> Image.Image:
    """The PNG of a symbol as another library opens it."""
    return Image.open(io.BytesIO(png(symbol, Grid(300), dots=dots, height=height)))


def grey(image: Image.Image) -> tuple[bytes, int, int]:
    return image.convert("L").tobytes(), *image.size


@pytest.mark.parametrize("symbol", ALL, ids=lambda symbol: symbol.kind)
def test_what_was_drawn_reads_as_what_was_said(symbol: Symbol) -> None:
    assert read(*grey(seen(symbol))) == [Read(symbol.kind, symbol.content)]
    check([Drawn(symbol, 3, 90)])


@settings(max_examples=40, deadline=None)
@given(st.text(CHARACTERS, min_size=1, max_size=20), st.integers(1, 99_999_999), st.sampled_from([gs1_128, datamatrix]))
def test_any_lot_and_count_reads_back_with_its_separator(lot: str, count: int, make: object) -> None:
    elements = (("10", lot), ("37", str(count)))
    symbol = make(elements)  # type: ignore[operator]
    assert symbol.content == write_plain(elements)
    check([Drawn(symbol, 2, 60)])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**12 - 1))
def test_any_gtin_13_reads_back(number: int) -> None:
    digits = f"{number:012d}"
    check([Drawn(ean13(digits + check_digit(digits)), 2, 60)])


def test_people_read_codes_in_brackets() -> None:
    assert gs1_128(CASE_DATA).text == "(01)19521001002018(15)260725(10)T-196"
    assert ean13("09521001002011").text == "9 521001 002011"


def test_fnc1_stands_in_front_and_separates_what_has_no_length() -> None:
    assert gs1_128((("10", "A"), ("37", "5"))).content == "10A\x1d375"
    assert gs1_128((("15", "260725"), ("37", "5"))).content == "15260725375"


@pytest.mark.parametrize("dots", [2, 5])
@pytest.mark.parametrize("symbol", ALL, ids=lambda symbol: symbol.kind)
def test_every_edge_is_on_a_whole_dot_and_the_quiet_zone_is_white(symbol: Symbol, dots: int) -> None:
    image = seen(symbol, dots, 90)
    assert image.mode == "1"
    width, height = image.size
    assert (width, height) == extent(symbol, dots, 90)
    quiet = symbol.quiet
    rows = [[image.getpixel((x, y)) for x in range(width)] for y in range(height)]
    inked = [y for y, row in enumerate(rows) if not all(row)]
    columns = [x for x in range(width) if not all(row[x] for row in rows)]
    assert (min(columns), width - 1 - max(columns)) == (quiet.left * dots, quiet.right * dots)
    assert (min(inked), height - 1 - max(inked)) == (quiet.above * dots, quiet.below * dots)
    runs = [len(list(run)) for _, run in groupby(rows[quiet.above * dots])]
    assert all(run % dots == 0 for run in runs)


def test_guard_bars_reach_further_down() -> None:
    tall = [bar for bar in bars(ALL[-1], 2, 90) if bar.height > 90]
    assert {bar.height for bar in tall} == {90 + 2 * GUARD}
    assert len(tall) == 6


def test_a_png_says_its_resolution() -> None:
    assert seen(ALL[0]).info["dpi"] == pytest.approx((300, 300), abs=0.01)


@pytest.mark.parametrize("symbol", ALL, ids=lambda symbol: symbol.kind)
def test_an_svg_has_its_true_size_and_the_same_ink(symbol: Symbol) -> None:
    root = ET.fromstring(svg(symbol, x=0.5, height=32.0))
    wide, high = extent(symbol, 100, 6400)
    assert root.get("viewBox") == f"0 0 {wide} {high}"
    assert float(str(root.get("width")).removesuffix("mm")) == pytest.approx(symbol.across * 0.5, rel=1e-3)
    assert float(str(root.get("height")).removesuffix("mm")) == pytest.approx(high / 200, rel=1e-3)
    assert str(root[1].get("d")).count("z") == len(list(bars(symbol, 100, 6400)))


@pytest.mark.parametrize("dpi", RESOLUTIONS)
@pytest.mark.parametrize("use", [LOGISTIC, CASE, TILL, TILL_2D, PTI], ids=lambda use: use.name)
def test_modules_are_within_their_limits_on_every_printer(use: Use, dpi: int) -> None:
    grid = Grid(dpi)
    assert use.least <= grid.mm(use.dots(grid)) <= use.most
    assert grid.mm(use.bars(grid)) >= use.height
    assert use.dots(Grid(203)) >= 2


def test_a_symbol_takes_the_room_it_has_and_no_less_than_it_needs() -> None:
    grid = Grid(203)
    assert PTI.widest(grid, 275, grid.dots(101.6)) == 2
    assert PTI.widest(grid, 275, grid.dots(60)) is None
    assert LOGISTIC.widest(grid, 176, grid.dots(300)) == 7


def test_what_no_symbol_holds_is_refused() -> None:
    with refused("symbol-too-long", kind="gs1-128", limit=48):
        gs1_128((("01", "19521001002018"), ("10", "A" * 20), ("400", "B" * 20)))
    with refused("symbol-too-long", kind="qr", limit=MOST["qr"]):
        qr("x" * 2332)
    with refused("symbol-too-long", kind="qr", length=0):
        qr("")
    qr("x" * 2331)
    with refused("symbol-not-gtin13"):
        ean13("19521001002018")
    with refused("wrong-check-digit"):
        ean13("9521001002012")
    with refused("gs1-character"):
        gs1_128((("10", "a b"),))
    with refused("label-dpi", dpi=72):
        Grid(72)


def test_a_symbol_that_reads_as_something_else_is_not_handed_out() -> None:
    wrong = Symbol("gs1-128", "0039521001", "(00)…", gs1_128(SSCC).rows)
    with refused("symbol-not-read", kind="gs1-128", read=gs1_128(SSCC).content):
        check([Drawn(wrong, 3, 90)])
    with refused("symbol-not-read", read="-"):
        check([Drawn(Symbol("qr", LINK, "", qr(LINK).rows[::-1][:20]), 3)])
