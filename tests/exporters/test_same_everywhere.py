"""One delivery in every format that tells of it: the same number, day, lot, product, quantity, unit and parties in all.

Each file is read by what another reader makes of it, never by the code that wrote it.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from exporters.files.ubl_reference import AGGREGATE, BASIC
from schemas.gs1.digital_link import parse
from tests.exporters.formats.test_desadv import parsed
from tests.exporters.papers import Made, made, parts_of
from tests.simulator.paperwork import COOP, LOT, Season

NUMBERS = {"DDT-2026-1": 0, "DDT-2026-2": 1}
Delivery = Mapping[str, Any]
Reader = Callable[[bytes, str], Delivery]


def _keys(uri: str) -> dict[str, str]:
    return dict(parse(uri).path)


def epcis(data: bytes, number: str) -> Delivery:
    events = json.loads(data)["epcisBody"]["eventList"]
    uri = f"urn:epcglobal:cbv:bt:{COOP}:{number}"
    (event,) = (
        each for each in events
        if each.get("bizStep") == "shipping" and uri in [held["bizTransaction"] for held in each["bizTransactionList"]]
    )  # fmt: skip
    (goods,) = event["quantityList"]
    ends = {each["type"]: each["source"] for each in event["sourceList"]}
    to = {each["type"]: each["destination"] for each in event["destinationList"]}
    return {
        "number": number, "day": event["eventTime"][:10], "gtin": _keys(goods["epcClass"])["01"],
        "lot": _keys(goods["epcClass"])["10"], "quantity": Decimal(str(goods["quantity"])),
        "sscc": _keys(event["epcList"][0])["00"], "seller": _keys(ends["owning_party"])["417"],
        "buyer": _keys(to["owning_party"])["417"],
    }  # fmt: skip


def ubl(data: bytes, number: str) -> Delivery:
    root, space = etree.fromstring(data), {"cac": AGGREGATE, "cbc": BASIC}

    def said(path: str) -> str:
        return str(root.findtext(path, "", space))

    item = "cac:DespatchLine/cac:Item/"
    return {
        "number": said("cbc:ID"), "day": said("cbc:IssueDate"), "lot": said(f"{item}cac:ItemInstance//cbc:LotNumberID"),
        "gtin": said(f"{item}cac:StandardItemIdentification/cbc:ID"),
        "sscc": said(".//cac:TransportHandlingUnit/cbc:ID"),
        "quantity": Decimal(said("cac:DespatchLine/cbc:DeliveredQuantity")),
        "best_before": said(f"{item}cac:ItemInstance/cbc:BestBeforeDate"),
        "seller_name": said("cac:DespatchSupplierParty//cbc:RegistrationName"),
        "buyer_name": said("cac:BuyerCustomerParty//cbc:Name"),
        "gross": Decimal(said("cac:Shipment/cbc:GrossWeightMeasure")),
    }  # fmt: skip


def edi(data: bytes, number: str) -> Delivery:
    said: dict[str, Any] = {}
    for tag, elements in parsed(parts_of(data)["desadv.edi"]):
        first = elements[0]
        said.setdefault(f"{tag} {first[0] if isinstance(first, list) else first}", elements)
        said[f"{tag} {elements[1]}" if tag == "MEA" else tag] = elements
    day = datetime.strptime(said["DTM 137"][0][1], "%Y%m%d")
    return {
        "number": said["BGM"][1], "day": f"{day:%Y-%m-%d}", "lot": said["GIN BX"][1], "sscc": said["GIN BJ"][1],
        "gtin": said["LIN"][2][0].zfill(14), "quantity": Decimal(said["QTY 12"][0][1]),
        "best_before": f"{datetime.strptime(said['DTM 361'][0][1], '%Y%m%d'):%Y-%m-%d}",
        "seller": said["NAD SU"][1][0], "buyer": said["NAD BY"][1][0], "seller_name": said["NAD SU"][3],
        "buyer_name": said["NAD BY"][3], "gross": Decimal(said["MEA AAD"][2][1]), "net": Decimal(said["MEA AAC"][2][1]),
    }  # fmt: skip


def portal(data: bytes, number: str) -> Delivery:
    _, _, header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    (row,) = (said for said in (dict(zip(header, row, strict=True)) for row in rows) if said["Delivery note"] == number)
    day, best_before = (datetime.strptime(row[name], "%d.%m.%Y") for name in ("Delivery date", "Best before"))
    return {
        "number": number, "day": f"{day:%Y-%m-%d}", "lot": row["Lot number"], "gtin": row["GTIN-14"],
        "quantity": Decimal(row["Quantity"]), "sscc": row["SSCC"], "seller": row["Supplier GLN"],
        "seller_name": row["Company name"], "best_before": f"{best_before:%Y-%m-%d}",
        "net": Decimal(row["Net weight (kg)"]),
    }  # fmt: skip


def register(data: bytes, number: str) -> Delivery:
    text = parts_of(data)["eu-one-step.csv"].decode("utf-8-sig")
    (row,) = (
        row for row in csv.DictReader(io.StringIO(text, newline=""))
        if number in row["Document"].split("; ") and row["Direction"] == "supplied"
    )  # fmt: skip
    return {
        "number": number, "day": row["Date"], "lot": row["Lot"], "gtin": row["GTIN"],
        "quantity": Decimal(row["Quantity"]), "seller_name": row["Operator"],
        "buyer_name": row["Supplier or customer"],
    }  # fmt: skip


def fda(data: bytes, number: str) -> Delivery:
    _, *rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Shipping").to_python()
    (row,) = (row for row in rows if any(number in str(cell) for cell in row))
    day = datetime.strptime(next(str(cell) for cell in row if str(cell).count("/") == 2), "%m/%d/%Y")
    code = str(row[0])
    return {
        "number": number, "day": f"{day:%Y-%m-%d}", "gtin": code[4:18], "lot": code.partition("(10)")[2],
        "quantity": Decimal(row[1]),
    }  # fmt: skip


READERS: dict[str, Reader] = {
    "epcis-json": epcis, "ubl-despatch": ubl, "ddt-agid": ubl, "desadv": edi, "template": portal,
    "eu-one-step-csv": register, "fsma204": fda,
}  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_one_delivery_is_the_same_in_every_format(season: Season, number: str) -> None:
    known: dict[str, Any] = {
        "number": number, "lot": "T-196", "gtin": "19521001002018", "quantity": Decimal(96), "seller": COOP,
        "day": "2026-07-16", "net": Decimal(480), "gross": Decimal("520.5"), "best_before": "2026-07-25",
    }  # fmt: skip
    for format, reader in READERS.items():
        if (format, number) == ("ddt-agid", "DDT-2026-2"):
            continue  # a buyer abroad has no Italian tax code: that is AgID's note to Italians
        paper = written(season, format, number)
        said = reader(paper.data, number)
        assert {name: known.setdefault(name, value) for name, value in said.items()} == said, format
    assert known["sscc"] == season.pallets[NUMBERS[number]][-18:]
    assert {"buyer", "buyer_name", "seller_name"} <= known.keys()


def written(season: Season, format: str, number: str) -> Made:
    more: dict[str, Any] = {"language": "en"}
    if format == "template":
        more["profile"] = "portal-lots"
    if format in ("ubl-despatch", "ddt-agid", "desadv"):
        more["document"] = f"urn:epcglobal:cbv:bt:{COOP}:{number}"
    return made(season, format, LOT, **more)
