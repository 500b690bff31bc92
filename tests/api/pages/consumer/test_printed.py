"""`/stampa`: sheets with a code each, of doors and of what everybody may know of."""

import re

from tests.api.pages.consumer.conftest import UNPUBLISHED, Shop
from tests.simulator.paperwork import CASE, LOT, RAW


def addresses(text: str) -> list[str]:
    return re.findall('class="address">([^<]*)<', text)


def test_without_a_lot_there_is_a_sheet_for_each_door_and_for_each_published_product(shop: Shop) -> None:
    page = shop.read("/stampa")
    origin = str(shop.client.base_url).rstrip("/")
    paths = ("lotto", "verifica", "campo", f"01/{RAW}/10/H-11", f"01/{CASE}/10/T-196")
    assert addresses(page.text) == [f"{origin}/{path}" for path in paths]
    assert page.text.count("<svg") == 5
    assert 'lang="it" class="said"' in page.text
    assert 'lang="en" class="said"' in page.text


def test_a_sheet_of_a_lot_says_what_it_is_and_that_no_telephone_gets_here(shop: Shop) -> None:
    (sheet,) = addresses(shop.read(f"/stampa?lot={LOT}").text)
    assert sheet.endswith(f"/01/{CASE}/10/T-196")
    said = shop.read(f"/stampa?lot=(01){CASE}(10)T-196").text
    for words in ("Pomodori", "Lotto T-196", "Lot T-196", "Cooperativa Sole", "solo su questo computer", "--lan"):
        assert words in said


def test_what_nobody_published_has_no_sheet_whether_it_is_known_here_or_not(shop: Shop) -> None:
    unpublished, unknown, none = (
        shop.read(f"/stampa?lot={text}").text for text in (UNPUBLISHED, f"{UNPUBLISHED}X", "%3Cche%20cosa")
    )
    for said in (unpublished, unknown, none):
        assert "non hanno un foglio" in said
        assert not any("/01/" in address for address in addresses(said))


def test_more_lots_than_are_printed_at_once_are_refused(shop: Shop) -> None:
    refused = shop.read("/stampa?" + "&".join(["lot=1"] * 51))
    assert refused.status_code == 400
    assert "51 lotti" in refused.text
