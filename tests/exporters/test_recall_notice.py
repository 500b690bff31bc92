"""The recall notice: one record, the Ministry's fields in its order, the same words in every form."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from exporters.formats.recall_notice import FIELDS, Notice, html, missing, pages, tree
from schemas.wording import Language
from tests.simulator.refusal import refused

NOTICE = Notice(
    product="09521001002011",
    issued=date(2026, 7, 9),
    designation="Formaggio «Valle» stagionato",
    brand="Sole",
    operator="Cooperativa Sole, Via Uno 1, 39040 Termeno, IT",
    lots=("P-1", "P-2"),
    mark="IT 08 123 CE",
    producer="Caseificio <Valle>",
    plant="Via Due 2\n39040 Termeno",
    expiry=("2026-08-01",),
    pack="250 g",
    reason="Possibile presenza di Listeria monocytogenes",
    warnings="Non consumare il prodotto.",
    contact="qualità@sole.example",
)
ITALIAN = (
    "Denominazione di vendita", "Marchio del prodotto",
    "Nome o ragione sociale dell'OSA a nome del quale il prodotto è commercializzato", "Lotto di produzione",
    "Marchio di identificazione dello stabilimento/del produttore", "Nome del produttore", "Sede dello stabilimento",
    "Data di scadenza o termine minimo di conservazione", "Descrizione peso/volume unità di vendita",
    "Motivo del richiamo", "Avvertenze", "Contatti",
)  # fmt: skip


def rows(page: str) -> list[tuple[str, str]]:
    """Label and value of each row of a page, as a browser shows them."""
    found = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', page)
    return [(unescape(label), unescape(value.replace("<br>", "\n"))) for label, value in found]


def test_the_italian_sheet_has_the_ministrys_fields_in_its_order() -> None:
    assert tuple(label for label, _ in rows(html(NOTICE, "it"))) == ITALIAN


@pytest.mark.parametrize("language", ["it", "en"])
def test_page_and_json_say_the_same_word_for_word(language: Language) -> None:
    told = tree(NOTICE, language)
    assert rows(html(NOTICE, language)) == [(item["label"], item["value"]) for item in told["fields"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [name for name, needed in FIELDS.items() if needed])
def test_a_sheet_without_a_field_it_must_have_is_not_written(name: str) -> None:
    value: object = () if isinstance(getattr(NOTICE, name), tuple) else " "
    empty = replace(NOTICE, **{name: value})  # type: ignore[arg-type]
    assert missing(empty) == [name]
    for write in (html, tree):
        with refused("recall-notice-missing", product=NOTICE.product, fields=name):
            write(empty, "it")


def test_what_not_every_food_has_leaves_no_empty_row() -> None:
    fruit = replace(NOTICE, mark="", contact="")
    assert [label for label, _ in rows(html(fruit, "it"))] == [ITALIAN[at] for at in (0, 1, 2, 3, 5, 6, 7, 8, 9, 10)]


def test_the_page_stands_alone_and_runs_nothing() -> None:
    page = html(NOTICE, "it")
    assert "<script" not in page
    assert "http" not in page
    assert "<Valle>" not in page
    assert '<html lang="it">' in page


def test_several_products_are_several_sheets() -> None:
    page = pages((NOTICE, replace(NOTICE, product="09521001002028", designation="Altro")), "it")
    assert page.count("<main>") == 2
    assert page.count("<!DOCTYPE html>") == 1
