"""Every kind of label: it holds what the ledger says, scans from every kind of file, and is refused for good reason."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest

from api.verbs.export_bundle import export_bundle
from exporters.facts.history import Facts, read
from exporters.format import MissingData
from exporters.labels import kinds
from exporters.labels.kinds import KINDS, MEDIA, label, suffix_of, write
from exporters.labels.label import Label, Text
from exporters.labels.order import Order, weight
from exporters.labels.sizes import CASE, LOGISTIC, PTI, Grid, Use
from exporters.labels.symbols import gs1_128
from ledger.audience import full
from ledger.lots.master import Version
from ledger.lots.said import Masters
from ledger.readside.named import named
from schemas.gs1.company_prefix import CompanyPrefixes
from tests.exporters.labels.seen import by_widths, clashes, elements, expected, opened, scanned
from tests.simulator.history import history
from tests.simulator.paperwork import CASE as CASE_GTIN
from tests.simulator.paperwork import HARVESTED, LOT, PALLETS, RAW, UNIT, Season
from tests.simulator.refusal import refused

LICENSED = CompanyPrefixes(("9521001", "9521009"))
SSCC = PALLETS[0].rpartition("/")[2]
CASE_DATA = [("01", CASE_GTIN), ("15", "260725"), ("10", "T-196")]
# Kind -> what its symbols hold, from the top down.
HOLDS: dict[str, list[list[tuple[str, str]]]] = {
    "logistic": [
        [("02", CASE_GTIN), ("3303", "520500"), ("15", "260725"), ("37", "96")],
        [("10", "T-196")],
        [("00", SSCC)],
    ],
    "case": [CASE_DATA],
    "pti": [[("01", CASE_GTIN), ("13", "260715"), ("10", "T-196")]],
    "consumer-small": [[("01", UNIT), ("15", "260725"), ("10", "T-196")]],
}
PRINTERS = (203, pytest.param(300, marks=pytest.mark.long), pytest.param(600, marks=pytest.mark.long))
USES: dict[str, Use] = {"logistic": LOGISTIC, "case": CASE, "pti": PTI}


@pytest.fixture(scope="module")
def facts(season: Season) -> Facts:
    """What a pallet's bundle says, which is all of the season."""
    naming = named(season.node, full())
    return read(export_bundle(season.node, PALLETS[0], direction="back", audience=full(), naming=naming))


def order(kind: str, dpi: int = 203, **more: Any) -> Order:
    uri = PALLETS[0] if kind == "logistic" else LOT
    return replace(Order(uri, Grid(dpi), "it", LICENSED), **more)


def made(facts: Facts, kind: str, dpi: int = 203, **more: Any) -> Label:
    return label(facts, kind, order(kind, dpi, **more))


@pytest.mark.parametrize("kind", list(HOLDS))
def test_its_symbols_hold_what_the_ledger_says(facts: Facts, kind: str) -> None:
    found = made(facts, kind)
    identifier = "]d2" if kind == "consumer-small" else "]C1"
    assert [elements(ink.symbol.content, identifier) for ink in found.symbols] == HOLDS[kind]


def test_a_consumers_pack_has_the_bars_of_the_unit_and_a_link_of_its_lot(facts: Facts) -> None:
    bars, code = made(facts, "consumer").symbols
    assert bars.symbol.content == UNIT[1:]
    assert code.symbol.content == f"https://id.gs1.org/01/{UNIT}/10/T-196?15=260725"
    own = made(facts, "consumer", stem="https://sole.example/t").symbols[1]
    assert own.symbol.content == f"https://sole.example/t/01/{UNIT}/10/T-196?15=260725"


@pytest.mark.parametrize("dpi", PRINTERS)
@pytest.mark.parametrize("kind", list(KINDS))
def test_a_reader_finds_all_symbols_in_a_png_and_a_second_reader_agrees(facts: Facts, kind: str, dpi: int) -> None:
    found = made(facts, kind, dpi)
    image = opened(write(found, "png"))
    assert image.size == (found.width, found.height)
    assert scanned(image) == expected(found)
    for ink in found.symbols:
        if ink.symbol.linear:
            assert by_widths(image, ink) == ink.symbol.content


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_pdf_has_the_true_size_and_scans_as_printed(facts: Facts, kind: str) -> None:
    found = made(facts, kind, 300)
    document = pypdfium2.PdfDocument(write(found, "pdf", copies=2))
    assert len(document) == 2
    page = document[1]
    assert (page.get_width() * 300, page.get_height() * 300) == pytest.approx(
        (found.width * 72, found.height * 72), 1e-4
    )
    assert scanned(page.render(scale=300 / 72).to_pil().convert("L")) == expected(found)
    said = document[0].get_textpage().get_text_bounded()
    assert "T-196" in said


@pytest.mark.parametrize(("kind", "sheets", "each"), [("logistic", 3, 2), ("case", 2, 4), ("consumer-small", 1, 5)])
def test_a_sheet_holds_as_many_as_it_can_each_whole(facts: Facts, kind: str, sheets: int, each: int) -> None:
    found = made(facts, kind, 300)
    document = pypdfium2.PdfDocument(write(found, "pdf", copies=5, tiled=True))
    assert len(document) == sheets
    assert sorted(document[0].get_size()) == pytest.approx([595.2, 841.92], abs=0.5)
    seen = scanned(document[0].render(scale=300 / 72).to_pil().convert("L"))
    assert sorted(map(str, seen)) == sorted(map(str, expected(found) * each))


@pytest.mark.parametrize("kind", list(KINDS))
def test_an_svg_has_the_same_bars(facts: Facts, kind: str) -> None:
    found = made(facts, kind, 300)
    drawn = write(found, "svg").decode()
    assert f'viewBox="0 0 {found.width * 72 / 300:g}' in drawn
    assert "<image" not in drawn
    shapes = [path for path in re.findall(r' d="([^"]+)"', drawn) if path.count("Z") > 20]
    assert len(shapes) == len(found.symbols)


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_mark_is_on_the_label_and_nothing_stands_in_a_symbol(facts: Facts, kind: str) -> None:
    for name in KINDS[kind].sizes:
        for language in ("it", "en"):
            if (kind, name) != ("consumer", "80x50"):
                assert clashes(made(facts, kind, size=name, language=language)) == []


@pytest.mark.parametrize("dpi", PRINTERS)
@pytest.mark.parametrize("kind", list(USES))
def test_bars_are_as_wide_and_high_as_gs1_wants_counted_in_pixels(facts: Facts, kind: str, dpi: int) -> None:
    found, use = made(facts, kind, dpi), USES[kind]
    image, grid = opened(write(found, "png")), Grid(dpi)
    for ink in found.symbols:
        wide, high = ink.extent
        box = image.crop((ink.left, ink.top, ink.left + wide, ink.top + high))
        assert use.least <= grid.mm(ink.dots) <= use.most
        black = [at for at, pixel in enumerate(box.crop((0, 0, wide, 1)).tobytes()) if pixel < 128]
        assert (black[0], wide - 1 - black[-1]) == (10 * ink.dots, 10 * ink.dots)
        column = image.crop((ink.left + black[0], 0, ink.left + black[0] + 1, image.height)).tobytes()
        tall = sum(pixel < 128 for pixel in column[ink.top : ink.top + high])
        assert grid.mm(tall) >= use.height
        assert set(box.tobytes()) <= {*range(4), *range(252, 256)}


def test_the_sscc_is_lowest_and_all_bars_stand_upright(facts: Facts) -> None:
    for name in KINDS["logistic"].sizes:
        symbols = [ink.symbol.content[:2] for ink in made(facts, "logistic", 300, size=name).symbols]
        assert symbols[-1] == "00"
        assert symbols[0] == "02"


def test_a_small_pallet_label_leaves_the_weight_out_of_its_bars(facts: Facts) -> None:
    held = [ink.symbol.text for ink in made(facts, "logistic", size="4x6in").symbols]
    assert held == [f"(02){CASE_GTIN}(15)260725", "(37)96(10)T-196", f"(00){SSCC}"]


def texts(found: Label) -> str:
    return "\n".join(mark.text for mark in found.marks if isinstance(mark, Text))


def test_people_read_the_same_as_scanners(facts: Facts) -> None:
    said = texts(made(facts, "logistic"))
    for text in ("Cooperativa Sole", "Esperia Distribuzione", "Pomodori San Marzano 500 g", SSCC, CASE_GTIN, "T-196"):
        assert text in said
    assert "25/07/2026" in said
    assert "520,5 kg" in said
    english = texts(made(facts, "case", language="en"))
    assert "BEST BEFORE" in english
    assert "25 JUL 2026" in english


def test_a_demonstration_says_so_in_both_languages_and_others_do_not(
    facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in KINDS:
        for language in ("it", "en"):
            assert "DEMO" in texts(made(facts, kind, language=language))
    monkeypatch.setattr("exporters.labels.order._DEMONSTRATION", "999")
    assert not any("DEMO" in texts(made(facts, kind)) for kind in KINDS)


def test_a_key_that_no_member_licenses_has_no_label(facts: Facts) -> None:
    with refused("label-not-licensed", key=f"(00){SSCC}", known="9521009"):
        made(facts, "logistic", prefixes=CompanyPrefixes(("9521009",)))
    with refused("label-not-licensed", key=f"(01){UNIT}", known="-"):
        made(facts, "consumer", prefixes=CompanyPrefixes())


def test_what_is_missing_is_listed_with_who_fills_it() -> None:
    bare = history(
        {"type": "ObjectEvent", "action": "ADD", "quantityList": [{"epcClass": LOT}]},
        {"type": "AggregationEvent", "action": "ADD", "parentID": PALLETS[0], "childQuantityList": [{"epcClass": LOT}]},
        said=(),
    )
    nobody = replace(bare, members={})
    lacking = {}
    for kind in KINDS:
        with pytest.raises(MissingData) as caught:
            made(nobody, kind)
        lacking[kind] = {(item.element, item.who) for item in caught.value.missing}
    every = {("productName", "master"), ("bestBeforeDate", "recorder"), ("packerName", "master")}
    assert lacking["logistic"] == {("senderName", "master")}
    assert lacking["case"] == every
    assert lacking["pti"] == {*every, ("commodity", "master"), ("countryOfOrigin", "recorder")}
    assert lacking["consumer"] == lacking["consumer-small"] == {*every, ("netContent", "master")}


def test_fresh_produce_without_its_origin_is_missing_it(facts: Facts) -> None:
    events = tuple(
        replace(event, content={**event.content, "ilmd": {"cbvmda:bestBeforeDate": "2026-07-25"}})
        for event in facts.standing
    )
    with pytest.raises(MissingData) as caught:
        made(replace(facts, standing=events), "case")
    assert [item.element for item in caught.value.missing] == ["countryOfOrigin"]


def test_what_is_sold_by_weight_has_its_weight_on_the_case(facts: Facts) -> None:
    raw = {"uri": HARVESTED[0]}
    with pytest.raises(MissingData) as caught:
        made(facts, "case", **raw)
    assert [(item.element, item.who) for item in caught.value.missing] == [("netWeight", "office")]
    (ink,) = made(facts, "case", 203, weight=Decimal("12.345"), size="a5-wide", **raw).symbols
    assert ink.symbol.text == f"(01){RAW}(3103)012345(13)260714(10)H-11"
    with refused("label-fixed-weight"):
        made(facts, "case", weight=Decimal("5"))


@pytest.mark.parametrize(
    ("kilograms", "element"),
    [
        ("5", ("3103", "005000")),
        ("5.25", ("3103", "005250")),
        ("1234.5", ("3102", "123450")),
        ("999999", ("3100", "999999")),
        ("0.0005", None),
        ("0", None),
        ("1000000", None),
        ("-1", None),
    ],
)
def test_a_weight_has_six_digits(kilograms: str, element: tuple[str, str] | None) -> None:
    if element is None:
        with refused("label-weight"):
            weight("310", Decimal(kilograms))
    else:
        assert weight("310", Decimal(kilograms)) == element


def test_what_holds_several_lots_says_its_sscc_alone(facts: Facts) -> None:
    second = LOT.replace("T-196", "T-197")
    mixed = history(
        {
            "type": "AggregationEvent", "action": "ADD", "parentID": PALLETS[0], "eventTime": "2026-07-15T14:00:00Z",
            "childQuantityList": [{"epcClass": lot, "quantity": 10} for lot in (LOT, second)],
        }
    )  # fmt: skip
    found = made(mixed, "logistic")
    assert [ink.symbol.content for ink in found.symbols] == [f"00{SSCC}"]
    assert "Unità mista" in texts(found)


def test_the_wrong_thing_has_no_label(facts: Facts) -> None:
    with refused("label-of-unit", kind="logistic"):
        made(facts, "logistic", uri=LOT)
    with refused("label-of-lot", kind="case"):
        made(facts, "case", uri=PALLETS[0])
    with refused("label-unit-empty"):
        made(history(), "logistic")
    with refused("label-kind", known=", ".join(KINDS)):
        kinds.kind_of("shelf")
    with refused("label-size", kind="case", known="a6-wide, a5-wide, 4x6in, a6"):
        made(facts, "case", size="a4")
    with refused("label-suffix", known="pdf, svg, png, zpl"):
        suffix_of("label.docx")
    with refused("label-copies", copies=2, suffix="png"):
        write(made(facts, "case"), "png", copies=2)
    with refused("label-tiled", suffix="zpl"):
        write(made(facts, "case"), "zpl", tiled=True)
    with refused("label-copies", copies=0):
        write(made(facts, "case"), "pdf", copies=0)


def test_a_lot_that_no_width_holds_is_refused_and_the_next_size_is_tried(facts: Facts) -> None:
    long = LOT.replace("T-196", "ABCDEFGHIJKLMNOPQRST")
    said = history(
        {
            "type": "ObjectEvent",
            "action": "ADD",
            "quantityList": [{"epcClass": long}],
            "eventTime": "2026-07-15T14:00:00Z",
            "eventTimeZoneOffset": "+02:00",
            "ilmd": {"cbvmda:countryOfOrigin": "IT"},
        }
    )
    with refused("label-too-small", kind="case", width="148"):
        made(said, "case", uri=long, size="a6-wide")
    assert made(said, "case", uri=long).width == Grid(203).dots(210)


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("suffix", list(MEDIA))
def test_the_same_label_gives_the_same_bytes(facts: Facts, kind: str, suffix: Any) -> None:
    assert write(made(facts, kind), suffix) == write(made(facts, kind), suffix)


def test_no_label_is_handed_out_whose_symbol_reads_as_something_else(
    facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "exporters.labels.stack.gs1_128", lambda held: replace(gs1_128(held), content=f"00{SSCC[::-1]}")
    )
    with refused("symbol-not-read", read=gs1_128(tuple(CASE_DATA)).content):
        made(facts, "case")


def test_characters_that_the_type_lacks_are_shown_as_numbers(facts: Facts) -> None:
    named_so = [
        (version, {**content, "name": "Pomodori \u202e番茄"} if content.get("type") == "product" else content)
        for version, content in facts.masters._said
    ]
    found = made(replace(facts, masters=type(facts.masters)(named_so)), "case")
    assert "Pomodori ‹U+202E›‹U+756A›‹U+8304›" in texts(found)


def test_who_packed_where_is_never_cut(facts: Facts) -> None:
    long = "Società Agricola Cooperativa fra Produttori della Valle del Lamone e del Senio"
    told = replace(facts, masters=Masters(_renamed(facts, long)))
    for kind, size in (("case", "a6-wide"), ("consumer", "100x60")):
        said = " ".join(texts(made(told, kind, size=size)).split())
        assert f"{long} · Via Emilia 1, 48018 Faenza RA, IT" in said


def _renamed(facts: Facts, name: str) -> Iterator[tuple[Version, Any]]:
    for version, content in facts.masters._said:
        yield version, {**content, "name": name} if content.get("name") == "Cooperativa Sole" else content
