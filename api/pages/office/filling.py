"""Where what a paper lacks can be filled: the record that does not say it, or the master data of a thing.

place_to_fill(Missing("packages", "2026-7", "recorder", 41), 41, "2026-08-12")["path"]
"""

from collections.abc import Iterable, Mapping
from typing import Any

from api.pages.office.master import MASTER
from api.pages.office.records import RECORDS
from exporters.format import Missing
from exporters.preflight import missing_line
from schemas.wording import Language

FIELDS: Mapping[str, str] = {
    "buyer": "owning_party", "destination": "location", "desadv": "bizTransaction", "quantity": "quantity",
    "packages": "packages", "carrier": "carrier", "transportReason": "transportReason",
    "grossWeightKg": "grossWeightKg", "bestBeforeDate": "bestBeforeDate", "countryOfOrigin": "countryOfOrigin",
}  # fmt: skip
"""A data element -> a part of the name of the field that says it."""
WRITTEN: Mapping[str, str] = {
    "productName": "name", "packerName": "name", "senderName": "name", "packerAddress": "municipality",
    "netContent": "netContent.value",
}  # fmt: skip
"""A data element -> the end of the name of the field of master data that says it, where that is another."""


def lines(missing: Iterable[Missing], index: int, day: str, language: Language) -> list[dict[str, Any]]:
    """What is missing, in words, each with where it can be filled; `index`, `day`: the shipment's own record, and when
    it went (`2026-08-12`), which is when master data has to hold."""
    return [
        {"text": missing_line(each, language), "who": each.who, **place_to_fill(each, index, day)} for each in missing
    ]  # fmt: skip


def place_to_fill(each: Missing, index: int, day: str) -> dict[str, Any]:
    """The path of a page and its query; an empty path where it is filled on the page that says it."""
    if each.who == "recorder":
        at = index if each.index is None else each.index
        query = {"campo": FIELDS[each.element]} if each.element in FIELDS else {}
        return {"path": f"{RECORDS}/{at}/correggi", "query": query}
    if each.who == "master":
        return {
            "path": MASTER,
            "query": {"cosa": each.about, "campo": WRITTEN.get(each.element, each.element), "dal": day},
        }
    return {"path": "", "query": {}}
