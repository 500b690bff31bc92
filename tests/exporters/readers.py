"""What papers say, found by readers that are none of ours: json, lxml, calamine, csv, the words on a page.

- Each reader gives the shipments, and where the format has them the harvests, as rows of plain values: days as ISO
  8601, quantities as decimals, whatever the format writes. A row holds what the format says, and no more.

    READERS["fsma204"](data)["shipments"]
"""

import base64
import csv
import io
import json
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pypdfium2
from lxml import etree
from pydifact.segmentcollection import Interchange
from python_calamine import CalamineWorkbook

Row = dict[str, Any]
Rows = dict[str, list[Row]]


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value)).normalize()


# --- events ----------------------------------------------------------------------------------------------------------


def _events(listed: list[dict[str, Any]]) -> Rows:
    """Events of EPCIS 2.0 in JSON."""
    shipped = [each for each in listed if each.get("bizStep") == "shipping"]
    begun = [each for each in listed if "cbvmda:harvestStartDate" in each.get("ilmd", {})]
    return {
        "shipments": [
            {
                "note": _last(next(t for t in each["bizTransactionList"] if t["type"] == "desadv")["bizTransaction"]),
                "day": each["eventTime"][:10],
                "customer": _last(
                    next(d for d in each["destinationList"] if d["type"] == "owning_party")["destination"]
                ),
                "cases": _decimal(each["quantityList"][0]["quantity"]),
                "lot": _last(each["quantityList"][0]["epcClass"]),
                "pallets": frozenset(map(_last, each["epcList"])),
                "gross": _decimal(each["filiera:grossWeightKg"]),
            }
            for each in shipped
        ],
        "harvests": [
            {
                "code": _last(each["quantityList"][0]["epcClass"]),
                "kilograms": _decimal(each["quantityList"][0]["quantity"]),
                "day": each["ilmd"]["cbvmda:harvestStartDate"],
            }
            for each in begun
        ],
    }  # fmt: skip


def _last(uri: str) -> str:
    return re.split(r"[/:]", uri)[-1]


def epcis_json(data: bytes) -> Rows:
    """EPCIS 2.0 JSON-LD."""
    return _events(json.loads(data, parse_float=Decimal)["epcisBody"]["eventList"])


def credential(data: bytes) -> Rows:
    """A credential with its proof beside it."""
    return _events(json.loads(data, parse_float=Decimal)["credentialSubject"]["eventList"])


def credential_jwt(data: bytes) -> Rows:
    """A credential in its envelope."""
    claims = data.split(b".")[1]
    return credential(base64.urlsafe_b64decode(claims + b"=" * (-len(claims) % 4)))


def epcis_xml(data: bytes) -> Rows:
    """EPCIS 2.0 and 1.2 in XML, whatever the spelling of their URIs."""
    root = etree.fromstring(data, etree.XMLParser(huge_tree=True))
    found: Rows = {"shipments": [], "harvests": []}
    for each in _all(root, "ObjectEvent"):
        step = _last(_all(each, "bizStep")[0].text)
        if step == "shipping":
            found["shipments"].append(_shipped_xml(each))
        for day in _all(each, "harvestStartDate"):
            element = _all(each, "quantityElement")[0]
            found["harvests"].append(
                {"code": _code(element), "kilograms": _decimal(_all(element, "quantity")[0].text), "day": day.text}
            )
    return found


def _shipped_xml(each: Any) -> Row:
    element = _all(each, "quantityElement")[0]
    notes = [one.text for one in _all(each, "bizTransaction") if _last(one.get("type")) == "desadv"]
    whom = [one.text for one in _all(each, "destination") if _last(one.get("type")) == "owning_party"]
    return {
        "note": _last(notes[0]), "day": _all(each, "eventTime")[0].text[:10], "customer": _gln(whom[0]),
        "cases": _decimal(_all(element, "quantity")[0].text), "lot": _code(element),
        "pallets": frozenset(_sscc(one.text) for one in _all(each, "epc")),
        "gross": _decimal(_all(each, "grossWeightKg")[0].text),
    }  # fmt: skip


def _all(root: Any, name: str) -> list[Any]:
    return list(root.xpath(f".//*[local-name()='{name}']"))


def _code(element: Any) -> str:
    return re.split(r"[/.]", _all(element, "epcClass")[0].text)[-1]


def _gln(uri: str) -> str:
    """The GLN of a party, also of an EPC URN: its prefix and reference, with the check digit worked out anew."""
    return _with_check(uri.rpartition(":")[2].replace(".", "")) if uri.startswith("urn:") else _last(uri)


def _sscc(uri: str) -> str:
    if not uri.startswith("urn:"):
        return _last(uri)
    prefix, serial = uri.rpartition(":")[2].split(".")
    return _with_check(serial[0] + prefix + serial[1:])


def _with_check(digits: str) -> str:
    weighed = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return digits + str(-weighed % 10)


# --- delivery notes --------------------------------------------------------------------------------------------------


def ubl(data: bytes) -> Rows:
    """A delivery note in UBL."""
    root = etree.fromstring(data, etree.XMLParser(huge_tree=True))

    def one(path: str) -> str:
        steps = "/".join(f"*[local-name()='{name}']" for name in path.split("/"))
        (found,) = root.xpath(f"/*/{steps}")
        return str(found.text)

    return {
        "shipments": [
            {
                "note": one("ID"), "day": one("IssueDate"),
                "name": one("BuyerCustomerParty/Party/PartyName/Name"),
                "cases": _decimal(one("DespatchLine/DeliveredQuantity")),
                "lot": one("DespatchLine/Item/ItemInstance/LotIdentification/LotNumberID"),
                "pallets": frozenset(each.text for each in root.xpath("//*[@schemeID='SSCC']")),
                "gross": _decimal(one("Shipment/GrossWeightMeasure")),
            }
        ]
    }  # fmt: skip


# --- tables ----------------------------------------------------------------------------------------------------------


def _table(data: bytes, sheet: str | int) -> Iterator[dict[str, Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found = book.get_sheet_by_name(sheet) if isinstance(sheet, str) else book.get_sheet_by_index(sheet)
    header, *rows = found.to_python()
    return (dict(zip(map(str, header), row, strict=True)) for row in rows)


def fsma204(data: bytes) -> Rows:
    """The FDA's sheet: columns by how their header begins."""

    def cell(row: Mapping[str, Any], begins: str) -> Any:
        return next(value for name, value in row.items() if name.startswith(begins))

    recipient = (
        "Location Description for the Immediate Subsequent Recipient (other than a transporter) - \nBusiness Name"
    )
    return {
        "shipments": [
            {
                "note": cell(row, "Reference Document Number"), "day": _us(cell(row, "Shipping Date")),
                "name": cell(row, recipient), "cases": _decimal(cell(row, "Quantity")),
                "lot": str(cell(row, "Traceability Lot Code")).rpartition("(10)")[2],
            }
            for row in _table(data, "Shipping")
        ],
        "harvests": [
            {"kilograms": _decimal(cell(row, "Quantity")), "day": _us(cell(row, "Harvest Date"))}
            for row in _table(data, "Harvesting")
        ],
    }  # fmt: skip


def _us(text: str) -> str:
    return datetime.strptime(text, "%m/%d/%Y").date().isoformat()


def _register(rows: Iterator[Mapping[str, Any]]) -> Rows:
    """A European register, by its Italian headers."""
    found = []
    for row in rows:
        if row.get("Direzione", "consegnato") == "consegnato":
            day = row.get("Data") or row.get("Data di spedizione")
            found.append(
                {
                    "note": row["Documento"].partition(";")[0], "day": _day(day), "lot": row["Lotto"],
                    "cases": _italian(row["Quantità"]),
                    "name": row.get("Fornitore o cliente") or row.get("Destinatario"),
                }
            )  # fmt: skip
    return {"shipments": found}


def register(data: bytes) -> Rows:
    """A register as a spreadsheet."""
    return _register(_table(data, 0))


def register_csv(data: bytes) -> Rows:
    """A register as CSV, from its ZIP."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = next(each for each in archive.namelist() if each.endswith(".csv"))
        text = archive.read(name).decode("utf-8-sig")
    return _register(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def _day(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    return datetime.strptime(value, "%d/%m/%Y").date().isoformat()


def _italian(value: Any) -> Decimal:
    return _decimal(value.replace(",", ".") if isinstance(value, str) else value)


# --- pages -----------------------------------------------------------------------------------------------------------


def words(data: bytes) -> str:
    """Everything that is printed on the pages, white space as one blank."""
    with pypdfium2.PdfDocument(data) as opened:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in opened).split())


def desadv(data: bytes) -> Rows:
    """A despatch advice by EDI, from its ZIP."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("desadv.edi").decode("iso-8859-1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        said = [(each.tag, each.elements) for each in Interchange.from_str(text).segments]
    first = {(tag, _qualifier(elements)): elements for tag, elements in reversed(said)}
    numbers = [elements for tag, elements in said if tag == "GIN"]
    counts = [elements[0][1] for tag, elements in said if tag == "QTY" and elements[0][0] == "12"]
    (lot,) = {elements[1] for elements in numbers if elements[0] == "BX"}
    row = {
        "note": first["BGM", "351"][1],
        "day": datetime.strptime(first["DTM", "11"][0][1][:8], "%Y%m%d").date().isoformat(),
        "customer": first["NAD", "BY"][1][0],
        "cases": _decimal(sum(map(Decimal, counts))),
        "lot": lot,
        "pallets": frozenset(elements[1] for elements in numbers if elements[0] == "BJ"),
    }
    return {"shipments": [row]}


def _qualifier(elements: Any) -> str:
    found = elements[0] if elements else ""
    return found if isinstance(found, str) else str(found[0])


READERS: Mapping[str, Callable[[bytes], Rows]] = {
    "epcis-json": epcis_json,
    "epcis-xml": epcis_xml,
    "epcis12-xml": epcis_xml,
    "credential": credential,
    "credential-jwt": credential_jwt,
    "ubl-despatch": ubl,
    "ddt-agid": ubl,
    "desadv": desadv,
    "fsma204": fsma204,
    "eu-one-step": register,
    "eu-one-step-csv": register_csv,
    "eu-produce": register,
    "eu-produce-csv": register_csv,
}
"""Formats whose values can be picked out one by one."""
PRINTED = ("ddt", "dossier")
"""Formats that are read by their words."""
