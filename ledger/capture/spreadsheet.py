"""The rows of an office's sheet become events, judged as any others are, with what is wrong told by cell.

- One row is one event; of a packing, the rows of one output lot are one transformation with an input each.
- A row is known again by its document's number and line, where it has a number (without a line: by its place among
  the rows of that document); else by the file's digest and its own row. The `eventID` follows from that and nothing
  else. So the same file twice says the same events twice, which are answered with the earlier entries; a line of a
  document that says something else the second time is refused, since only a correction may do that.
- A day without an hour begins at its beginning in the office's own time: no hour is made up that could lie ahead.

*Fingerprint*: the digest of what a row tells, whatever file it came in. A row that tells what one of another file told
is shown and asked about.

    judged = judge_sheet(table, mapping, Sheet("raccolte.xlsx", digest, iss, gln));  judged.document.check()

ARCHITECTURE.md 3.4 (spreadsheets); docs/adr/0065-sheets-of-the-office.md.
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from ledger.capture import limits
from ledger.capture.document import Document, SentEvent
from ledger.capture.judge import judge
from schemas.epcis.own_terms import NAMESPACE, PREFIX
from schemas.epcis.warnings import warnings
from schemas.errors import InputError
from schemas.gs1.canonical import link
from schemas.sheets.columns import Kind, SheetMapping
from schemas.sheets.rows import Fault, Row, Rows, read_rows
from schemas.sheets.values import PIECES, Quantity
from schemas.syntax.json_text import Number
from schemas.syntax.workbook import Table

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
OFFICE_TIME = ZoneInfo("Europe/Rome")
_ROWS = uuid.UUID("6b3f1c0e-9c52-5a0e-8a6d-7f1f3c9be0a1")
_STEPS: Mapping[Kind, tuple[str, str, str]] = {
    "harvest": ("commissioning", "active", "ADD"),
    "packing": ("packing", "active", ""),
    "shipping": ("shipping", "in_transit", "OBSERVE"),
    "receiving": ("receiving", "in_progress", "OBSERVE"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where rows come from: the file's name and SHA-256, the member whose they are, and its GLN, where it has one."""

    name: str
    sha256: bytes
    member: str
    gln: str | None


@dataclass(frozen=True, slots=True)
class JudgedSheet:
    """What a sheet says: its rows, everything wrong by cell, and the events of what is right. `rows_of`: the rows of
    each event; `fingerprints`: of each row, by its number."""

    rows: Rows
    faults: tuple[Fault, ...]
    document: Document
    rows_of: tuple[tuple[int, ...], ...]
    fingerprints: Mapping[int, bytes]


def judge_sheet(table: Table, mapping: SheetMapping, sheet: Sheet) -> JudgedSheet:
    """Everything that can be said of a sheet; `InputError` as `read_rows`."""
    rows = read_rows(table, mapping)
    wrong = {fault.row for fault in rows.faults}
    groups = list(_groups(rows, mapping.kind))
    names = _identities(groups, mapping.kind, sheet)
    faults, rows_of = list(rows.faults), []
    sent: list[SentEvent] = []
    for group, name in zip(groups, names, strict=True):
        if wrong.intersection(row.number for row in group):
            continue
        try:
            event = _event(group, name, mapping.kind, sheet)
        except InputError as error:
            faults.append(Fault(group[0].number, None, "", error))
            continue
        problems = tuple(judge(event) or limits.problems(event))
        for problem in problems:
            member = {"member": problem.member or "/"}
            faults.append(Fault(group[0].number, None, "", InputError(problem.code, **{**problem.context, **member})))
        sent.append(SentEvent(len(sent), event, problems, () if problems else tuple(warnings(event))))
        rows_of.append(tuple(row.number for row in group))
    prints = {row.number: _fingerprint(row, mapping.kind, sheet.member) for row in rows.rows}
    document = Document(sheet.name, table.media_type, sheet.sha256, tuple(sent))
    return JudgedSheet(rows, tuple(sorted(faults, key=_place)), document, tuple(rows_of), prints)


def _place(fault: Fault) -> tuple[int, int]:
    return fault.row, -1 if fault.column is None else fault.column


def _groups(rows: Rows, kind: Kind) -> Iterator[list[Row]]:
    """The rows of each event, in the order in which they begin."""
    if kind != "packing":
        yield from ([row] for row in rows.rows)
        return
    found: dict[Any, list[Row]] = {}
    for row in rows.rows:
        told = row.told
        whole = all(name in told for name in ("day", "product", "lot", "place"))
        names = ("day", "time", "product", "lot", "place", "document")
        key = tuple(str(told.get(name)) for name in names) if whole else row.number
        found.setdefault(key, []).append(row)
    yield from found.values()


def _identities(groups: list[list[Row]], kind: Kind, sheet: Sheet) -> list[str]:
    """What each event is called (`urn:uuid:…`), from nothing but what it is known again by."""
    seen: Counter[tuple[str, ...]] = Counter()
    names = []
    for first, *_ in groups:
        told = first.told
        parts: tuple[str, ...] = (sheet.sha256.hex(), str(first.number))
        if "document" in told and "day" in told:
            day = told["day"]
            assert isinstance(day, date)
            # Whoever numbers documents begins anew every year.
            paper = (str(_issuer(told, kind, sheet)), str(day.year), str(told["document"]))
            seen[paper] += 1
            parts = (*paper, str(told.get("line", f"#{seen[paper]}")))
        names.append(f"urn:uuid:{uuid.uuid5(_ROWS, chr(10).join((sheet.member, kind, *parts)))}")
    return names


def _issuer(told: Mapping[str, Any], kind: Kind, sheet: Sheet) -> str | None:
    """Whose number a document has: the sender's."""
    return told.get("other") if kind == "receiving" else sheet.gln


def _event(group: list[Row], name: str, kind: Kind, sheet: Sheet) -> dict[str, Any]:
    told = group[0].told
    step, disposition, action = _STEPS[kind]
    at = _moment(told)
    place = link((("414", str(told["place"])),))
    event: dict[str, Any] = {
        "@context": [CONTEXT, {PREFIX: NAMESPACE}],
        "type": "TransformationEvent" if kind == "packing" else "ObjectEvent",
        "eventID": name,
        "eventTime": at.isoformat(),
        "eventTimeZoneOffset": at.isoformat()[-6:],
        "bizStep": step,
        "disposition": disposition,
        "readPoint": {"id": place},
        "bizLocation": {"id": place},
    }
    if action:
        event |= {"action": action, "quantityList": [_quantity(told)]}
    if kind == "packing":
        event |= _packing(group)
    if kind in ("shipping", "receiving"):
        event |= _passage(told, kind, place, sheet)
    if kind == "harvest":
        ilmd = {f"{PREFIX}:harvestDate": f"{told['day']}"}
        own = (("grower", "grower"), ("variety", "variety"), ("fieldName", "field_name"))
        event["ilmd"] = ilmd | {f"{PREFIX}:{term}": str(told[field]) for term, field in own if field in told}
    if "document" in told:
        event["bizTransactionList"] = [_transaction(told, kind, sheet)]
    return event


def _packing(group: list[Row]) -> dict[str, Any]:
    """A transformation: an input a row, and one output, whose quantity stands once or everywhere the same."""
    stated = [row.told for row in group if "quantity" in row.told]
    if not stated:
        raise InputError("sheet-output-missing")
    wastes = {str(row.told["waste"]) for row in group if "waste" in row.told}
    if len({str(_quantity(told)) for told in stated}) > 1 or len(wastes) > 1:
        raise InputError("sheet-output-differs", rows=", ".join(str(row.number) for row in group))
    made: dict[str, Any] = {
        "inputQuantityList": [_quantity(row.told, "in_") for row in group],
        "outputQuantityList": [_quantity(stated[0])],
    }
    waste = next((row.told["waste"] for row in group if "waste" in row.told), None)
    if isinstance(waste, Quantity):
        made[f"{PREFIX}:wasteKg"] = Number(f"{waste.amount:f}")
    before = next((row.told["best_before"] for row in group if "best_before" in row.told), None)
    if isinstance(before, date):
        made["ilmd"] = {"cbvmda:bestBeforeDate": before.isoformat()}
    return made


def _passage(told: Mapping[str, Any], kind: Kind, place: str, sheet: Sheet) -> dict[str, Any]:
    """From whom to whom: one end is the member itself, the other is told."""
    other = (link((("417", told["other"]),)), link((("414", told["other"]),)))
    own = (link((("417", sheet.gln),)) if sheet.gln else sheet.member, place)
    source, destination = (own, other) if kind == "shipping" else (other, own)
    found: dict[str, Any] = {
        "sourceList": _ends("source", *source),
        "destinationList": _ends("destination", *destination),
    }
    packages = told.get("packages")
    if isinstance(packages, Quantity):
        found[f"{PREFIX}:packages"] = Number(f"{packages.amount:f}")
    return found


def _ends(end: str, party: str, place: str) -> list[dict[str, str]]:
    return [{"type": "possessing_party", end: party}, {"type": "location", end: place}]


def _quantity(told: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """A lot and how much of it, in the unit of its cell, else of its column, else in kilograms."""
    said: Quantity = told[f"{before}quantity"]
    column = "" if before else told.get("unit", "")
    if said.unit and column and said.unit != column:
        raise InputError("sheet-two-units", one=said.unit, other=column)
    code = said.unit or column or "KGM"
    lot = link((("01", told[f"{before}product"]), ("10", str(told[f"{before}lot"]))))
    found: dict[str, Any] = {"epcClass": lot, "quantity": Number(f"{said.amount:f}")}
    if code == PIECES:
        if said.amount != said.amount.to_integral_value():
            raise InputError("sheet-part-of-a-piece", value=f"{said.amount:f}")
        return found
    return found | {"uom": code}


def _transaction(told: Mapping[str, Any], kind: Kind, sheet: Sheet) -> dict[str, str]:
    """The document: of goods that travel a delivery note, of others the work order or the slip they came with."""
    issuer = _issuer(told, kind, sheet)
    number = str(told["document"])
    uri = f"urn:epcglobal:cbv:bt:{issuer}:{number}" if issuer else f"urn:filiera:document:{sheet.member}:{number}"
    travels = kind in ("shipping", "receiving")
    return {"type": "desadv" if travels else "prodorder", "bizTransaction": uri}


def _moment(told: Mapping[str, Any]) -> datetime:
    day, hour = told["day"], told.get("time")
    return datetime.combine(day, hour if isinstance(hour, time) else time(), OFFICE_TIME)


def _fingerprint(row: Row, kind: Kind, member: str) -> bytes:
    told = sorted((name, _same(value)) for name, value in row.told.items() if name != "line")
    return sha256(repr((member, kind, told)).encode()).digest()


def _same(value: Any) -> str:
    if isinstance(value, Quantity):
        return f"{value.amount.normalize():f} {value.unit}"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
