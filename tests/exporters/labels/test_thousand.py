"""Simulated labels: whatever the ledger holds, what is scanned is what was recorded, and two readers say the same."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import biip
import pytest

from exporters.labels.kinds import KINDS, label, write
from exporters.labels.label import Label, Text
from exporters.labels.order import Order
from exporters.labels.sizes import Grid
from schemas.errors import InputError
from schemas.gs1.check_digit import check_digit
from schemas.gs1.company_prefix import CompanyPrefixes
from schemas.gs1.digital_link import make, parse
from schemas.syntax.json_text import Number
from schemas.wording import Language
from tests.exporters.labels.seen import by_widths, clashes, elements, expected, opened, scanned
from tests.simulator.history import history
from tests.simulator.paperwork import COOP, event, masters, place

PREFIX = "8001234"
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" * 3 + "!\"%&'()*+,-./:;<=>?_"
NAMES = ("Pesche gialle", "Mele Golden Delicious di montagna", "Ricotta", "Olio extravergine d'oliva 0,75 l", "Çà & là")
LINK = "https://id.gs1.org"


def checked(digits: str) -> str:
    return digits + check_digit(digits)


@dataclass(frozen=True)
class Told:
    """One simulated lot on one pallet, and what its labels must say."""

    unit: str
    case: str
    lot: str
    sscc: str
    until: tuple[str, str]
    packed: str
    count: int
    events: tuple[dict[str, Any], ...]
    products: dict[str, Any]

    def says(self, kind: str) -> set[tuple[str, str]]:
        """Every element on a label of that kind."""
        if kind == "logistic":
            return {("00", self.sscc), ("02", self.case), self.until, ("37", str(self.count)), ("10", self.lot)}
        date = ("13", self.packed) if kind == "pti" else self.until
        return {("01", self.case if kind in ("case", "pti") else self.unit), date, ("10", self.lot)}


def told(dice: random.Random) -> Told:
    item, serial = dice.randrange(10_000), dice.randrange(10**9)
    unit, case = checked(f"0{PREFIX}{item:05d}"), checked(f"{dice.randrange(1, 9)}{PREFIX}{item:05d}")
    lot = "".join(dice.choice(CHARACTERS) for _ in range(dice.randrange(1, 13)))
    if dice.random() < 0.2:
        lot = f"{dice.randrange(10**20):020d}"
    sscc = checked(f"{dice.randrange(10)}{PREFIX}{serial:09d}")
    packed = date(2026, 1, 1) + timedelta(dice.randrange(700))
    last = packed + timedelta(dice.randrange(1, 60))
    ai, name = dice.choice((("15", "bestBeforeDate"), ("17", "itemExpirationDate")))
    uri, count = make((("01", case), ("10", lot))), dice.choice((1, 7, 96, 480, 12_345_678))
    ilmd = {f"cbvmda:{name}": f"{last}", "cbvmda:packagingDate": f"{packed}", "cbvmda:countryOfOrigin": "IT"}
    here = {"bizLocation": {"id": place(COOP)}}
    events = (
        event(15, 8, action="ADD", bizStep="commissioning", quantityList=[{"epcClass": uri}], ilmd=ilmd, **here),
        event(
            15, 9, type="AggregationEvent", action="ADD", parentID=f"{LINK}/00/{sscc}",
            childQuantityList=[{"epcClass": uri, "quantity": Number(str(count))}], **here,
        ),
    )  # fmt: skip
    levels = [
        {"gtin": unit, "level": "unit"},
        {"gtin": case, "level": "case", "contains": {"gtin": unit, "count": Number("6")}},
    ]
    product = {
        "type": "product", "id": f"{LINK}/01/{unit}", "validFrom": "2025-01-01", "name": dice.choice(NAMES),
        "brand": "Sole", "commodity": "produce", "quantityType": "fixed", "gtins": levels,
        "netContent": {"value": Number("0.5"), "unit": "KGM"},
    }  # fmt: skip
    return Told(unit, case, lot, sscc, (ai, f"{last:%y%m%d}"), f"{packed:%y%m%d}", count, events, product)


def made(dice: random.Random, said: Told, kind: str) -> Label:
    facts = history(*said.events, said=(*masters(), said.products))
    uri = f"{LINK}/00/{said.sscc}" if kind == "logistic" else make((("01", said.case), ("10", said.lot)))
    language: Language = dice.choice(("it", "en"))
    return label(facts, kind, Order(uri, Grid(dice.choice((203, 300))), language, CompanyPrefixes((PREFIX,))))


def examine(said: Told, kind: str, found: Label) -> None:
    """Pixels against what was recorded: by two readers of pixels where there are bars, by two readers of elements."""
    image = opened(write(found, "png"))
    assert scanned(image) == expected(found)
    held: set[tuple[str, str]] = set()
    for ink in found.symbols:
        content = ink.symbol.content
        if ink.symbol.linear:
            assert by_widths(image, ink) == content
        if ink.symbol.kind == "qr":
            held |= {*parse(content).path, *parse(content).attributes}
        elif ink.symbol.kind == "ean-13":
            gtin: Any = biip.parse(content).gtin
            assert gtin.as_gtin_14() == said.unit
        else:
            held |= set(elements(content, "]d2" if ink.symbol.kind == "gs1-datamatrix" else "]C1"))
    assert held == said.says(kind)
    assert clashes(found) == []
    texts = [mark.text for mark in found.marks if isinstance(mark, Text)]
    assert any(said.lot in text for text in texts)
    assert not any("DEMO" in text for text in texts)


def examined(seed: int, number: int) -> int:
    """How many labels of so many lots hold; the others are refused for their lot, which no size of theirs holds."""
    dice, count = random.Random(seed), 0
    kinds = list(KINDS)
    for at in range(number):
        said, kind = told(dice), kinds[at % len(kinds)]
        try:
            found = made(dice, said, kind)
        except InputError as error:
            if error.code != "label-too-small" or len(said.lot) <= 8:
                raise
            continue
        examine(said, kind, found)
        count += 1
    return count


def test_a_few_labels_scan_as_exactly_what_was_recorded() -> None:
    assert examined(1, 30) >= 27


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_thousand_labels_scan_as_exactly_what_was_recorded(seed: int) -> None:
    assert examined(seed, 110) >= 100
