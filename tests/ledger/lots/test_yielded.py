"""Yields: what a process gave, held against what it can give."""

from decimal import Decimal
from typing import Any

import pytest

from ledger.lots.step import Amount, Step, step
from ledger.lots.stock import product_of
from ledger.lots.yielded import yielded
from schemas.epcis.own_terms import NAMESPACE
from schemas.errors import InputError
from schemas.syntax.json_text import Number
from schemas.yields import band, bands, read_bands

OLIVES, OIL, MILK, CHEESE, BOX = (f"https://id.gs1.org/01/0952000100{n:04}/10/A" for n in (11, 28, 35, 42, 59))
NAMES = {OLIVES: "Olives", OIL: "olio extravergine di oliva", MILK: "latte", CHEESE: "mozzarella"}
HEAD = "process\tfrom\tto\tfrom_unit\tto_unit\tleast\tmost"
Flows = list[tuple[str, str, str | None]]


class Known:
    """Goods with the names of above; a box holds two kilograms."""

    def net_content(self, uri: str, at: int | None) -> Amount | None:
        return Amount(Decimal(2), "KGM") if product_of(uri) == product_of(BOX) else None

    def commodity(self, uri: str, at: int | None) -> str | None:
        return NAMES.get(uri)


def process(used: Flows, made: Flows, index: int = 0) -> Step:
    def listed(flows: Flows) -> list[dict[str, Any]]:
        return [
            {"epcClass": uri, "quantity": Number(number), **({"uom": uom} if uom else {})} for uri, number, uom in flows
        ]

    content = {"type": "TransformationEvent", "eventTime": "2026-11-01T10:00:00Z"}
    return step(index, "m", {**content, "inputQuantityList": listed(used), "outputQuantityList": listed(made)})


def verdict(used: Flows, made: Flows) -> str | None:
    return yielded([process(used, made)], Known()).verdict


def test_a_thousand_kilograms_in_and_a_thousand_and_fifty_out_is_over() -> None:
    assert verdict([("urn:x:a", "1000", "KGM")], [("urn:x:b", "1050", "KGM")]) == "over"
    assert verdict([("urn:x:a", "1000", "KGM")], [("urn:x:b", "1000", "KGM")]) == "within"
    assert verdict([("urn:x:a", "1", "TNE")], [("urn:x:b", "1000.001", "KGM")]) == "over"


@pytest.mark.parametrize(("oil", "expected"), [("70", "under"), ("80", "within"), ("260", "within"), ("261", "over")])
def test_olives_give_so_much_oil(oil: str, expected: str) -> None:
    assert verdict([(OLIVES, "1000", "KGM")], [(OIL, oil, "KGM")]) == expected


@pytest.mark.parametrize(("cheese", "expected"), [("9", "under"), ("10", "within"), ("25", "within"), ("26", "over")])
def test_units_of_a_band_are_converted(cheese: str, expected: str) -> None:
    assert verdict([(MILK, "1", "HLT")], [(CHEESE, cheese, "KGM")]) == expected


def test_several_inputs_and_the_events_of_one_run_are_added_up() -> None:
    run = [process([(OLIVES, "600", "KGM"), (OLIVES, "400", "KGM")], [], 3), process([], [(OIL, "250", "KGM")], 4)]
    found = yielded(run, Known())
    assert (found.entries, found.used, found.made, found.ratio) == ((3, 4), 1000, 250, Decimal("0.25"))
    assert found.band is not None
    assert (found.band.process, found.verdict) == ("olive-oil", "within")


def test_what_is_not_shown_is_not_judged() -> None:
    assert verdict([("urn:x:a", "10", None)], [("urn:x:b", "1000", "KGM")]) is None
    assert verdict([(MILK, "10", "LTR")], [("urn:x:b", "1000", "KGM")]) is None
    assert verdict([("urn:x:a", "10", "KGM"), ("urn:x:c", "1", "LTR")], [("urn:x:b", "1", "KGM")]) is None
    assert verdict([("urn:x:a", "-10", "KGM")], [("urn:x:b", "1", "KGM")]) is None


def test_pieces_are_weighed() -> None:
    assert verdict([("urn:x:a", "100", "KGM")], [(BOX, "50", None)]) == "within"
    assert verdict([("urn:x:a", "100", "KGM")], [(BOX, "51", None)]) == "over"


def test_a_band_fits_whole_words_only_and_dimensions() -> None:
    assert band("Olive da olio", "Olio", "TNE", "KGM") == bands()[0]
    assert band("olivetti", "olio", "KGM", "KGM") is None
    assert band("olives", "oil", "LTR", "LTR") is None


def test_a_table_of_ones_own_takes_its_place() -> None:
    own = read_bands(f"# ours\n{HEAD}\nours\tolives\tolio\tKGM\tKGM\t0.10\t0.16\n")
    made = process([(OLIVES, "100", "KGM")], [(OIL, "17", "KGM")])
    assert yielded([made], Known(), among=own).verdict == "over"


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("a\tb", 1), (f"{HEAD}\nx\ty", 2), (f"{HEAD}\n\na\tb\tc\tKGM\tKGM\t0,1\t1", 3),
     (f"{HEAD}\na\tb\tc\tKGM\tKGM\t2\t1", 2)],
)  # fmt: skip
def test_a_table_that_cannot_be_read_says_where(text: str, line: int) -> None:
    with pytest.raises(InputError) as caught:
        read_bands(text)
    assert (caught.value.code, caught.value.context["line"]) == ("yields-table", line)


@pytest.mark.parametrize(
    ("waste", "expected"), [("0", "within"), ("840", "within"), ("840.1", "over"), ("-1", "within")]
)
def test_what_came_out_and_what_was_lost_weigh_no_more_than_what_went_in(waste: str, expected: str) -> None:
    content = {
        "type": "TransformationEvent", "@context": {"filiera": NAMESPACE}, "filiera:wasteKg": Number(waste),
        "inputQuantityList": [{"epcClass": OLIVES, "quantity": Number("1"), "uom": "TNE"}],
        "outputQuantityList": [{"epcClass": OIL, "quantity": Number("160"), "uom": "KGM"}],
    }  # fmt: skip
    assert yielded([step(0, "m", content)], Known()).verdict == expected
