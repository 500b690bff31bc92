"""Answers for programs and spreadsheets: what a page shows as JSON and as CSV.

- CSV has a header, UTF-8 with a mark that spreadsheets ask for, and quotes where needed. A text that a spreadsheet
  would take for a formula gets an apostrophe before it.

    csv_answer(("lot", "kg"), rows, "lotti.csv")

RFC 4180.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from starlette.responses import Response

from schemas.syntax import json_text

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def json_answer(tree: Mapping[str, Any]) -> Response:
    """A tree as JSON."""
    return Response(json_text.write(dict(tree)), media_type="application/json")


def csv_answer(columns: Sequence[str], rows: Iterable[Sequence[object]], name: str) -> Response:
    """Rows as a CSV file of this name."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + text.getvalue(), media_type="text/csv", headers=headers)


def _cell(value: object) -> str:
    said = "" if value is None else str(value)
    return f"'{said}" if said.startswith(_FORMULA) and not _number(said) else said


def _number(said: str) -> bool:
    return said.lstrip("-").replace(".", "", 1).isascii() and said.lstrip("-").replace(".", "", 1).isdigit()
