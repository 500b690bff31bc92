"""What a business step does to who has goods is one thing for everything that counts: stocks, recalls and movements."""

from functools import partial
from typing import Any

import pytest

from ledger.lots.balance import NoProducts, kilograms
from ledger.lots.dealing import RECEIPTS, dealing
from ledger.lots.step import Step, step
from ledger.lots.stock import lines
from ledger.lots.whereabouts import play
from schemas.epcis.vocabulary import words

LOT = "https://id.gs1.org/01/09520001000011/10/A"
# What a line of stock is called among the figures of a recall.
FIGURES = {"made": "born", "used": "used", "shipped": "shipped", "wasted": "destroyed"}


def told(index: int, action: str, biz_step: str, quantity: int) -> Step:
    content: dict[str, Any] = {"type": "ObjectEvent", "action": action, "bizStep": biz_step}
    named = {"epcClass": LOT, "quantity": quantity, "uom": "KGM"}
    return step(index, "m", {**content, "eventTime": f"2026-09-0{index}T10:00:00Z", "quantityList": [named]})


@pytest.mark.parametrize("biz_step", sorted(words("biz_steps")))
def test_a_stock_and_a_recall_count_every_step_alike(biz_step: str) -> None:
    made, taken = told(1, "ADD", "commissioning", 100), told(2, "DELETE", biz_step, 30)
    (line,) = lines(taken)
    figures = play([made, taken], [LOT], [], partial(kilograms, products=NoProducts())).positions[LOT]["KGM"]
    assert getattr(figures, FIGURES[line.kind]) == 30
    assert figures.in_stock == 70


@pytest.mark.parametrize("biz_step", sorted(words("biz_steps")))
def test_a_receipt_is_one_everywhere(biz_step: str) -> None:
    moved = told(1, "OBSERVE", biz_step, 1)
    kinds = {line.kind for line in lines(moved)}
    assert moved.moves.receipt == (dealing(biz_step) in RECEIPTS) == bool(kinds & {"received", "accepted"})
