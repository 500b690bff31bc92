"""Where what a paper lacks can be filled: the record that does not say it, or the master data of a thing.

place_to_fill(Missing("packages", "2026-7", "recorder", 41), "2026-7")  ->  "/ufficio/registrazioni/41/correggi", …
"""

from collections.abc import Iterable, Mapping
from typing import Any

from api.pages.office.records import RECORDS
from exporters.format import Missing
from exporters.preflight import missing_line
from schemas.wording import Language

MASTER = "/ufficio/anagrafica"
FIELDS: Mapping[str, str] = {
    "buyer": "owning_party", "destination": "location", "desadv": "bizTransaction", "quantity": "quantity",
    "packages": "packages", "carrier": "carrier", "transportReason": "transportReason",
    "grossWeightKg": "grossWeightKg", "bestBeforeDate": "bestBeforeDate", "countryOfOrigin": "countryOfOrigin",
}  # fmt: skip
"""A data element -> a part of the name of the field that says it."""


def lines(missing: Iterable[Missing], index: int, language: Language) -> list[dict[str, Any]]:
    """What is missing, in words, each with where it can be filled; `index`: the shipment's own record."""
    return [
        {"text": missing_line(each, language), "who": each.who, **place_to_fill(each, index)} for each in missing
    ]  # fmt: skip


def place_to_fill(each: Missing, index: int) -> dict[str, Any]:
    """The path of a page and its query; an empty path where it is filled on the page that says it."""
    if each.who == "recorder":
        at = index if each.index is None else each.index
        query = {"campo": FIELDS[each.element]} if each.element in FIELDS else {}
        return {"path": f"{RECORDS}/{at}/correggi", "query": query}
    if each.who == "master":
        return {"path": MASTER, "query": {"cosa": each.about, "campo": each.element}}
    return {"path": "", "query": {}}
