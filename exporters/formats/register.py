"""A register: one sheet of rows that a law asks for, as a spreadsheet and as CSV, in Italian and English.

- A *record* is a mapping of fields to cells; a register says which fields are its columns, in which order. What the law
  lets be empty is empty; what it asks for and nobody said is missing, and then there is no file.
- A register without a row is none: it says that there is nothing of its kind in what was asked for.
- Headers are sentences, `column-FIELD`. They are part of the paper, and compared.

    ONE_STEP = Register("eu-one-step", "178/2002, article 18", columns, records, needs);  formats(ONE_STEP)

FORMATS 2.10; docs/formats.md.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from exporters.facts.chain import Chain, Told, chain_of
from exporters.files import xlsx, zip_file
from exporters.files.csv_file import CsvFile
from exporters.files.workbook import Cell, Column, LogSize, Row, Sheet, Workbook
from exporters.format import Format, Loss, Missing, Need, Paper
from exporters.format import Who as Filler
from exporters.spill import Spilled
from schemas.wording import Language, sentence

Record = Mapping[str, Cell]
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Draft:
    """What is missing, gathered while records are made. `language`: of the words in them."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.lacks: list[Missing] = []

    def lack(self, element: str, about: str, who: Filler, told: Told | None = None) -> None:
        """Note what nobody said: an element, of what, who can fill it, in which entry."""
        self.lacks.append(Missing(element, about, who, told.index if told else None))


def _no_losses(_: Paper) -> Iterator[Loss]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Register:
    """One register. `law`: what its files are held against; `columns`: fields with their widths in characters."""

    name: str
    law: str
    columns: tuple[tuple[str, int], ...]
    records: Callable[[Chain, Draft], Iterator[Record]]
    needs: tuple[Need, ...]
    losses: Callable[[Paper], Iterator[Loss]] = _no_losses


def formats(register: Register) -> tuple[Format[Workbook], Format[zip_file.Enclosed]]:
    """The register as a spreadsheet, and as CSV in a ZIP beside its proof."""
    asked, missing = f"asked-{register.name}", partial(_missing, register)
    return (
        Format(
            register.name, xlsx.KIND, SPREADSHEET, "xlsx", "both", asked, register.law,
            partial(_workbook, register), register.needs, missing, register.losses,
        ),
        Format(
            f"{register.name}-csv", zip_file.KIND, "application/zip", "zip", "both", asked, register.law,
            partial(_csv, register), register.needs, missing, register.losses,
        ),
    )  # fmt: skip


def _missing(register: Register, paper: Paper) -> Iterator[Missing]:
    draft, rows = Draft(paper.language), 0
    for _ in register.records(chain_of(paper.facts), draft):
        rows += 1
    yield from draft.lacks
    if not rows:
        yield Missing(f"{register.name}-row", paper.facts[0].subject or "–", "recorder")


def _sheet(register: Register, paper: Paper) -> Sheet:
    columns = tuple(Column(sentence(f"column-{field}", {}, paper.language), width) for field, width in register.columns)
    records = register.records(chain_of(paper.facts), Draft(paper.language))
    rows = Spilled[Row](tuple(record.get(field) for field, _ in register.columns) for record in records)
    return Sheet(sentence(f"{register.name}-sheet", {}, paper.language), columns, rows)


def _workbook(register: Register, paper: Paper) -> Workbook:
    logs = tuple(LogSize(facts.origin, facts.size) for facts in paper.facts)
    made = max(facts.made for facts in paper.facts)
    return Workbook((_sheet(register, paper),), made, paper.language, logs)


def _csv(register: Register, paper: Paper) -> CsvFile:
    return CsvFile(f"{register.name}.csv", _sheet(register, paper), paper.language)
