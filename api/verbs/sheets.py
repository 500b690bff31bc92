"""Import an office's sheet: look at it, then record all of its rows or none.

- How a sheet is read is what the caller says, else what the member said of such a sheet before, else a guess; what was
  recorded by is remembered.
- Everything wrong is said at once, by cell (`SheetRefused`), and nothing is recorded. Equal rows of one file are two
  events only where the caller says so (`equal`); rows that another file told before are recorded again, or left out,
  only where it says which (`known`).
- The same file again records nothing again.

    looked = look(node, data, name="raccolte.xlsx", member=iss);  import_sheet(node, data, name=…, member=iss)

docs/adr/0065-sheets-of-the-office.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from ledger.capture.spreadsheet import JudgedSheet, Sheet, judge_sheet
from ledger.licences import own_gln
from ledger.node import Node
from ledger.store import sheets as store
from ledger.writer.answers import Captured
from schemas.errors import InputError
from schemas.sheets import columns
from schemas.sheets.columns import SheetMapping
from schemas.sheets.rows import Fault, headers_of
from schemas.syntax.workbook import Table, column_name, read_table, with_column
from schemas.wording import Language, explain, sentence

Known = Literal["ask", "leave", "add"]
KNOWN: tuple[Known, ...] = ("ask", "leave", "add")
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Looked:
    """A sheet that was looked at. `remembered`: the member read such a sheet before; `judged` None: the mapping lacks
    something that must be told; `before`: rows that another file told, each with its name."""

    table: Table
    header_row: int
    headers: tuple[str, ...]
    mapping: SheetMapping
    remembered: bool
    judged: JudgedSheet | None
    before: Mapping[int, str]

    @property
    def equal(self) -> tuple[tuple[int, ...], ...]:
        """Rows that say the same, group by group."""
        return self.judged.rows.equal if self.judged is not None else ()


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import recorded: an answer an event, the rows of each, and the rows that were left out."""

    captured: tuple[Captured, ...]
    rows_of: tuple[tuple[int, ...], ...]
    left_out: tuple[int, ...]


class SheetRefused(InputError):
    """A sheet with cells that cannot be read: the first fault, and all of them in `faults`."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("sheet-faults", count=len(faults), first=place_of(faults[0]))
        self.faults = tuple(faults)


def look(node: Node, data: bytes, *, name: str, member: str, mapping: SheetMapping | None = None) -> Looked:
    """What a sheet would record; nothing is. `InputError` of `read_table`; `sheet-mapping-lacks` is no error here."""
    table = read_table(data)
    start, headers = headers_of(table)
    signature, digest = columns.signature(headers), sha256(data).digest()
    with node.store.read() as connection:
        kept = store.remembered(connection, member, signature) if mapping is None else None
    chosen = mapping or (columns.read(kept) if kept is not None else columns.guess(headers))
    sheet = Sheet(name[:200], digest, member, own_gln(node.registry.member(member), node.entry))
    if chosen.lacking() or any(column >= len(headers) for column in chosen.columns.values()):
        return Looked(table, start + 1, headers, chosen, kept is not None, None, {})
    judged = judge_sheet(table, chosen, sheet)
    return Looked(table, start + 1, headers, chosen, kept is not None, judged, _before(node, judged, member, digest))


def import_sheet(
    node: Node,
    data: bytes,
    *,
    name: str,
    member: str,
    mapping: SheetMapping | None = None,
    equal: bool = False,
    known: Known = "ask",
    key: str | None = None,
) -> Imported:
    """Record every row of a sheet, signed with the member's gateway key, or none.

    `equal`: rows that say the same are as many events. `known`: what becomes of rows that another file told before.
    `InputError`: `SheetRefused`, `sheet-mapping-lacks`, `sheet-equal-rows`, `sheet-rows-known`, those of `read_table`
    and `Node.gateway_key`.
    """
    looked = look(node, data, name=name, member=member, mapping=mapping)
    judged = _fit(looked, equal=equal, known=known)
    left = set(looked.before) if known == "leave" else set()
    kept = [place for place, rows in enumerate(judged.rows_of) if not left.intersection(rows)]
    document = replace(judged.document, events=tuple(judged.document.events[place] for place in kept))
    try:
        captured = node.capture(document, member=member, key=key, refuse_reuse=True)
    except InputError as error:
        if error.code != "event-id-reused":
            raise
        rows = {sent.index: judged.rows_of[place] for place, sent in zip(kept, document.events, strict=True)}
        entry = error.context["entry"]
        changed = InputError("sheet-line-changed", entry=entry)
        raise SheetRefused([Fault(rows[error.context["event"]][0], None, "document", changed)]) from None
    digest, now = document.sha256, int(node.clock())
    with node.store.begin() as connection:
        told = [judged.fingerprints[row] for place in kept for row in judged.rows_of[place]]
        store.note_rows(connection, member, digest, name[:200], told)
        store.remember(connection, member, columns.signature(looked.headers), columns.write(looked.mapping), now)
    return Imported(tuple(captured), tuple(judged.rows_of[place] for place in kept), tuple(sorted(left)))


def marked(data: bytes, looked: Looked, language: Language) -> bytes:
    """The same sheet with a red column that says what is wrong in each row."""
    said: dict[int, str] = {}
    for fault in looked.judged.faults if looked.judged is not None else ():
        where = "" if fault.column is None else f"{place_of(fault)}: "
        text = where + explain(fault.error, language)
        said[fault.row] = f"{said[fault.row]} | {text}" if fault.row in said else text
    header = sentence("sheet-red-column", {}, language)
    return with_column(data, looked.table, looked.header_row, header, said)


def place_of(fault: Fault) -> str:
    """A cell as spreadsheets name it, or a row's number."""
    return str(fault.row) if fault.column is None else f"{column_name(fault.column)}{fault.row}"


def _fit(looked: Looked, *, equal: bool, known: Known) -> JudgedSheet:
    """The sheet, if all of it may be recorded."""
    judged = looked.judged
    if judged is None:
        raise InputError("sheet-mapping-lacks", fields=", ".join(looked.mapping.lacking()) or "columns")
    if judged.faults:
        raise SheetRefused(judged.faults)
    if looked.equal and not equal:
        groups = (" = ".join(map(str, group)) for group in looked.equal[:_MOST_NAMED])
        raise InputError("sheet-equal-rows", rows="; ".join(groups))
    if looked.before and known == "ask":
        raise InputError("sheet-rows-known", rows=", ".join(map(str, sorted(looked.before)[:_MOST_NAMED])))
    return judged


def _before(node: Node, judged: JudgedSheet, member: str, digest: bytes) -> dict[int, str]:
    """Rows without a document's number that another file told before: nothing else would know them again."""
    loose = {row.number: judged.fingerprints[row.number] for row in judged.rows.rows if "document" not in row.told}
    with node.store.read() as connection:
        found = store.told_before(connection, member, digest, loose.values())
    return {number: found[each] for number, each in loose.items() if each in found}
