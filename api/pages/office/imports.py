"""`/ufficio/importa`: hand in a sheet, say what its columns are, see what would be recorded, record it whole.

- The file is handed in once; what was said of its columns stays as it was typed, whatever is wrong.
- What is wrong is shown by cell, and can be taken home as the same sheet with a red column.
- Equal rows, and rows that another file told, are shown, and recorded only where the person says so.

docs/adr/0065-sheets-of-the-office.md.
"""

from datetime import date
from pathlib import PureWindowsPath
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import BaseRoute

from api.pages.office.drafts import File, keep, let_go, opened
from api.pages.office.frame import office_page
from api.pages.shell.times import shown_day
from api.pages.shell.visit import Visit, door
from api.problems import status_of
from api.verbs.sheets import KNOWN, Known, Looked, SheetRefused, import_sheet, look, marked, place_of
from schemas.errors import InputError
from schemas.sheets import columns
from schemas.sheets.columns import FIELDS, KINDS, Kind, SheetMapping
from schemas.sheets.rows import Fault, Row
from schemas.sheets.values import Quantity, Reading
from schemas.syntax.workbook import CSV, MOST_BYTES, MOST_ROWS, column_name
from schemas.wording import Language, explain

IMPORT = "/ufficio/importa"
_SHOWN = 100


def hand_in_form(visit: Visit) -> Response:
    """Choose a file."""
    return _hand_in(visit)


def hand_in(visit: Visit) -> Response:
    """Take a file, and go on to its preview."""
    sent = visit.form.get("file")
    try:
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise InputError("file-missing")
        data = sent.file.read(MOST_BYTES + 1)
        name = PureWindowsPath(sent.filename).name[:120] or "-"
        look(visit.node, data, name=name, member=_member(visit))
    except InputError as error:
        return _hand_in(visit, error)
    return visit.to(f"{IMPORT}/{keep(visit, name, data)}")


def preview(visit: Visit) -> Response:
    """What the sheet would record, read as it was last time, or as it looks."""
    file = opened(visit)
    return _preview(visit, file, look(visit.node, file.data, name=file.name, member=_member(visit)))


def act(visit: Visit) -> Response:
    """With what was said of the columns: look again, take the red sheet, or record."""
    file, member = opened(visit), _member(visit)
    looked = look(visit.node, file.data, name=file.name, member=member)
    looked = look(visit.node, file.data, name=file.name, member=member, mapping=_mapping(visit, looked))
    match visit.text("act", 20):
        case "red":
            return _red(visit, file, looked)
        case "record":
            return _record(visit, file, looked)
        case _:
            return _preview(visit, file, looked)


def routes() -> list[BaseRoute]:
    """The pages of importing."""
    return [
        door(IMPORT, "import", hand_in_form),
        door(IMPORT, "import", hand_in, method="POST"),
        door(f"{IMPORT}/{{id}}", "import", preview),
        door(f"{IMPORT}/{{id}}", "import", act, method="POST"),
    ]


def _record(visit: Visit, file: File, looked: Looked) -> Response:
    said = visit.text("known", 10)
    known: Known = said if said in KNOWN else "ask"
    try:
        done = import_sheet(
            visit.node, file.data, name=file.name, member=_member(visit), mapping=looked.mapping,
            equal=visit.text("equal") == "1", known=known, key=visit.caller.key,
        )  # fmt: skip
    except InputError as error:
        return _preview(visit, file, looked, error)
    let_go(visit, file)
    fresh = [item for item in done.captured if not item.duplicate]
    counts = {"fresh": len(fresh), "repeated": len(done.captured) - len(fresh), "left": len(done.left_out)}
    places = [(rows, item.index, item.duplicate) for rows, item in zip(done.rows_of, done.captured, strict=True)]
    return office_page(visit, "imported.html", name=file.name, places=places[:_SHOWN], **counts)


def _red(visit: Visit, file: File, looked: Looked) -> Response:
    suffix = ".csv" if looked.table.media_type == CSV else ".xlsx"
    headers = {"Content-Disposition": f'attachment; filename="da-correggere{suffix}"'}
    return Response(
        marked(file.data, looked, visit.language), media_type=looked.table.media_type, headers=headers
    )  # fmt: skip


def _hand_in(visit: Visit, error: InputError | None = None) -> Response:
    shown = {"problem": explain(error, visit.language) if error else "", "most": MOST_BYTES >> 20, "rows": MOST_ROWS}
    return office_page(visit, "import.html", status=status_of(error) if error else 200, **shown)


def _mapping(visit: Visit, looked: Looked) -> SheetMapping:
    """What the form says of the columns; another kind of event than before begins with a guess."""
    said = visit.text("kind", 20)
    kind: Kind = said if said in KINDS else looked.mapping.kind
    days, decimal = visit.text("days", 3), visit.text("decimal", 1)
    reading = Reading(
        days if days in ("dmy", "mdy") else "",  # type: ignore[arg-type]
        decimal if decimal in (",", ".") else "",  # type: ignore[arg-type]
    )
    if visit.text("kind_was", 20) != kind:
        return SheetMapping(kind, columns.guess(looked.headers, kind).columns, {}, reading)
    places, fixed = {}, {}
    for found in FIELDS[kind]:
        place, text = visit.text(f"column-{found.name}", 3), visit.text(f"fixed-{found.name}", 200)
        if place.isascii() and place.isdigit() and int(place) < len(looked.headers):
            places[found.name] = int(place)
        elif text:
            fixed[found.name] = text
    return SheetMapping(kind, places, fixed, reading)


def _preview(visit: Visit, file: File, looked: Looked, error: InputError | None = None) -> Response:
    judged = looked.judged
    faults: tuple[Fault, ...] = judged.faults if judged else ()
    if isinstance(error, SheetRefused) and error.faults != faults:
        faults = error.faults
    wrong = {(fault.row, fault.field): explain(fault.error, visit.language) for fault in faults}
    fields = [
        found for found in FIELDS[looked.mapping.kind] if found.name in {*looked.mapping.columns, *looked.mapping.fixed}
    ]
    rows = judged.rows.rows if judged else ()
    shown: dict[str, Any] = {
        "file": file,
        "looked": looked,
        "mapping": looked.mapping,
        "kinds": KINDS,
        "fields": FIELDS[looked.mapping.kind],
        "headers": [(n, f"{column_name(n)} · {text or '–'}") for n, text in enumerate(looked.headers)],
        "told": [found.name for found in fields],
        "rows": [(row, [_cell(row, found.name, visit.language) for found in fields]) for row in rows[:_SHOWN]],
        "wrong": wrong,
        "faults": [(place_of(fault), fault.field, explain(fault.error, visit.language)) for fault in faults[:_SHOWN]],
        "count": len(faults),
        "lacking": looked.mapping.lacking(),
        "events": len(judged.document.events) if judged else 0,
        "row_count": len(rows),
        "equal_said": visit.text("equal") == "1",
        "known_said": visit.text("known", 10),
        "problem": explain(error, visit.language) if error and not isinstance(error, SheetRefused) else "",
    }
    return office_page(visit, "preview.html", status=status_of(error) if error else 200, **shown)


def _cell(row: Row, name: str, language: Language) -> tuple[str, str]:
    """A field's name, and what was understood of its cell, written so that it can be understood in one way."""
    value = row.told.get(name)
    if isinstance(value, Quantity):
        amount = f"{value.amount:f}"
        return name, f"{amount.replace('.', ',') if language == 'it' else amount} {value.unit}".strip()
    if isinstance(value, date):
        return name, shown_day(value, language)
    return name, "" if value is None else str(value)


def _member(visit: Visit) -> str:
    assert visit.caller.member is not None  # the rule lets nobody in who belongs to no member
    return visit.caller.member
