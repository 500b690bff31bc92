"""The sheets of an office over HTTP: looked at, or recorded whole.

POST /api/v1/sheets?preview=true  (the bytes of an .xlsx or .csv)  ->  how it is read, and what is wrong by cell

- `mapping` is what an earlier answer said, changed where need be; without it, what was remembered of such a sheet, else
  a guess.
- What is wrong is answered as a problem with a list `faults`, and nothing is recorded. `form=sheet` answers a preview
  with the same sheet and a red column.
"""

from dataclasses import replace
from typing import cast

from starlette.responses import JSONResponse, Response

from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success
from api.http.v1.schemas import BOOLEAN, STRING, ref
from api.problems import problem, respond
from api.sheets_json import sheet_json
from api.verbs.sheets import KNOWN, Known, SheetRefused, import_sheet, look, marked
from schemas.errors import InputError
from schemas.sheets import columns
from schemas.sheets.columns import KINDS, Kind
from schemas.syntax.workbook import CSV, MOST_BYTES, XLSX


def imported(ask: Ask) -> Response:
    """Look at a sheet, or record it."""
    member, name = ask.member(ask.text("member")), ask.text("name") or "-"
    said = ask.text("mapping")
    looked = look(ask.node, ask.body, name=name, member=member, mapping=columns.read(said) if said else None)
    kind = ask.choice("kind", KINDS, looked.mapping.kind)
    if kind != looked.mapping.kind:
        mapping = replace(columns.guess(looked.headers, cast(Kind, kind)), reading=looked.mapping.reading)
        looked = look(ask.node, ask.body, name=name, member=member, mapping=mapping)
    if ask.choice("form", ("json", "sheet"), "json") == "sheet":
        return Response(marked(ask.body, looked, ask.language), media_type=looked.table.media_type)
    if ask.flag("preview"):
        return JSONResponse(sheet_json(looked, None, ask.language))
    try:
        done = import_sheet(
            ask.node, ask.body, name=name, member=member, mapping=looked.mapping, equal=ask.flag("equal"),
            known=cast(Known, ask.choice("known", KNOWN, "ask")), key=ask.caller.key,
        )  # fmt: skip
    except InputError as error:
        said_wrong = problem(error, ask.language)
        if isinstance(error, SheetRefused):
            said_wrong["faults"] = sheet_json(looked, None, ask.language)["faults"]
        return respond(said_wrong)
    return JSONResponse(sheet_json(looked, done, ask.language))


_FLAG = "Whether rows that say the same are as many events."
ENDPOINTS = (
    Endpoint(
        "POST", "/api/v1/sheets", "import", "importSheet", "Record the rows of a sheet, all or none.", imported,
        Success(200, "How it was read, and what was recorded.", schema=ref("Sheet"), also=(XLSX, CSV)),
        parameters=(
            Parameter("name", "query", STRING, "The file's name.", example="raccolte.xlsx"),
            Parameter("member", "query", STRING, "Whose rows they are: the caller's own member."),
            Parameter("kind", "query", {"enum": list(KINDS)}, "What a row is."),
            Parameter("mapping", "query", STRING, "How its columns are read: `mapping` of an earlier answer, as JSON."),
            Parameter("preview", "query", BOOLEAN, "Look only."),
            Parameter("form", "query", {"enum": ["json", "sheet"]}, "Of a preview: the sheet with a red column."),
            Parameter("equal", "query", BOOLEAN, _FLAG),
            Parameter("known", "query", {"enum": list(KNOWN)}, "What becomes of rows that another file told before."),
        ),
        body=Body((XLSX, CSV), {"type": "string", "format": "binary"}, None, lambda _: MOST_BYTES),
        tag="lots",
    ),
)  # fmt: skip
