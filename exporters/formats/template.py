"""A buyer's own spreadsheet, as a template says it: which sheet, which headers in which row, which column from where.

- A template is a plan (`schemas.mapping`): a row for each lot that was sent, received, made or harvested, columns by
  paths (`exporters.facts.fields`), people clone and edit it. Some come with the program (`exporters/templates`).
- The template travels in the claim, so that who checks the file needs nothing else; the Proof sheet has its digest.
- A mandatory column without a value, and a value that a code list has no word for, are missing; then there is no file.

    profile(text, file="mine.toml").name  ->  "portal-lots"

KNOWN LIMIT: what a header means is the template's word; the digest is for the buyer who wrote it.

FORMATS 2.9; docs/adr/0056-a-template-travels-with-its-file.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from exporters.facts.chain import chain_of
from exporters.facts.fields import PATHS, ROWS, Filler, Occasion, occasions
from exporters.files import xlsx
from exporters.files.proof_sheet import COPY
from exporters.files.workbook import Cell, LogSize, Row, Sheet, Workbook
from exporters.files.workbook import Column as Titled
from exporters.format import Format, Loss, Missing, Need, Paper, Profile
from exporters.formats.register import SPREADSHEET
from exporters.spill import Spilled
from schemas.errors import InputError
from schemas.mapping import Column, Kind, Plan
from schemas.mapping_file import read_plan
from schemas.wording import LANGUAGES, sentence

NAME = "template"


@dataclass(frozen=True, slots=True)
class Asked:
    """A path: its name, the kind of its value, who fills it."""

    name: str
    kind: Kind
    who: Filler


def profile(text: str, *, file: str) -> Profile:
    """A template by its text; `file`: what it is called in errors. `InputError` as `read_plan`, and `mapping-setting`
    for a sheet that has the name of one of ours."""
    return Profile(_plan(text, file).name, NAME, text=text)


@lru_cache(maxsize=32)
def _plan(text: str, file: str) -> Plan:
    plan = read_plan(text, file=file, rows=ROWS, paths={path: each.kind for path, each in PATHS.items()})
    ours = {COPY, *(sentence("proof-sheet", {}, language) for language in LANGUAGES)}
    if plan.sheet.casefold() in {name.casefold() for name in ours}:
        raise InputError("mapping-setting", file=file, column="–", key="sheet", value=plan.sheet, allowed="–")
    return plan


def _of(paper: Paper) -> Plan:
    return _plan(paper.profile.text, paper.profile.name)


def content(paper: Paper) -> Workbook:
    """The workbook: the buyer's sheet, filled."""
    plan = _of(paper)
    filled = (tuple(_cell(column, each) for column in plan.columns) for each in _occasions(paper, plan))
    rows = Spilled[Row](chain((tuple(row) for row in plan.below), filled))
    columns = tuple(Titled(column.header, column.width) for column in plan.columns)
    logs = tuple(LogSize(facts.origin, facts.size) for facts in paper.facts)
    sheet = Sheet(plan.sheet, columns, rows, plan.above)
    return Workbook((sheet,), max(facts.made for facts in paper.facts), paper.language, logs)


def _occasions(paper: Paper, plan: Plan) -> Iterator[Occasion]:
    for each in occasions(chain_of(paper.facts), plan.rows):
        if not paper.document or paper.document in {document.uri for _, document in each.told.documents}:
            yield each


def _cell(column: Column, of: Occasion) -> Cell:
    if not column.path:
        return column.text
    value = PATHS[column.path].take(of)
    return None if value is None else column.cell(value)


def missing(paper: Paper) -> Iterator[Missing]:
    """Mandatory columns without a value, values without a code, and a sheet without a row."""
    plan, rows = _of(paper), 0
    for each in _occasions(paper, plan):
        rows += 1
        for column in plan.columns:
            if column.path:
                yield from _lacking(column, each)
    if not rows:
        yield Missing(f"template-{plan.rows}", paper.facts[0].subject or "–", "recorder")


def _lacking(column: Column, of: Occasion) -> Iterator[Missing]:
    path = PATHS[column.path]
    value = path.take(of)
    if value is None:
        if column.mandatory:
            yield Missing(
                f"{column.header} ({column.path})", of.lot, path.who, None if path.who == "master" else of.told.index
            )
    elif column.codes and str(value) not in column.codes:
        # Named by the key of the template that has to say it.
        yield Missing(f"{column.header} (codes.{value})", of.lot, "office")


def losses(paper: Paper) -> Iterator[Loss]:
    """Texts that nobody signed: what the template says in every row."""
    for column in _of(paper).columns:
        if not column.path:
            yield Loss("template-fixed-text", None, {"column": column.header, "text": column.text})


def paths() -> Iterator[Asked]:
    """Everything that a column can ask, for who writes a template."""
    return (Asked(name, path.kind, path.who) for name, path in PATHS.items())


FORMAT = Format(
    NAME,
    xlsx.KIND,
    SPREADSHEET,
    "xlsx",
    direction="both",
    asked_by="asked-template",
    validator="the template itself: sheet, headers, code lists",
    content=content,
    needs=(Need("template", "--profile, --template", "office"),),
    missing=missing,
    losses=losses,
)
