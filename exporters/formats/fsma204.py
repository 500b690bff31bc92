"""The FDA's electronic sortable spreadsheet for food traceability: two tabs of text, then thirteen in the template's
order, under its headers.

- In English whatever the language of who asks: the rule lets the FDA ask for English.
- Rows are sorted by traceability lot code. What does not apply is `n/a`; what applies and nobody said is missing, and
  then there is no file.
- A lot is shipped only under a code that a row assigns, or under which it was received.
- A food that is not on the Food Traceability List is exported all the same, with a note; the version of the list is
  that of its master data. The tabs of restaurants and shops stand empty: they are the buyer's to fill.

    content(paper).sheets[8].name  ->  "Shipping"

KNOWN LIMIT: sprouts ask for the history of their seed, which no event has words for; they are listed as missing.

21 CFR 1.1300 to 1.1455; FORMATS 2.2.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from types import MappingProxyType

from exporters.facts.chain import Chain, chain_of
from exporters.files import xlsx
from exporters.files.workbook import Column, LogSize, Row, Sheet, Workbook
from exporters.format import Format, Loss, Missing, Need, Paper
from exporters.formats.fsma204_cells import MOST_DOCUMENTS, NOT_APPLICABLE, Draft, Record, code
from exporters.formats.fsma204_rows import records
from exporters.spill import Picked, Spilled
from ledger.lots.stock import product_of
from schemas.lists.table import rows

_WIDE, _NARROW = 100, 24
_WORDS = (
    ("Traceability lot code", "The code under which a lot is packed, landed or made. Shipping never changes it."),
    ("Traceability lot code source", "The place where that code was given to the lot."),
    ("Harvesting", "Taking food from where it grew, with what is done there to make it ready."),
    ("Cooling", "Lowering the temperature of a raw food before it is packed for the first time."),
    ("Initial packing", "Packing a raw food, other than from a fishing vessel, for the first time."),
    ("First land-based receiving", "Taking possession, on land, of food straight from a fishing vessel."),
    ("Transformation", "Making a food of another, or changing it, its package or its label."),
    ("Exempt", "Received from somebody who by the rule keeps no records of it; the receiver gives the code."),
    (NOT_APPLICABLE, "Does not apply to this food or event."),
)  # fmt: skip


@cache
def columns() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The tabs in order: the field and the header of each column, field "" where no event has it."""
    listed = groupby(rows("fsma204"), key=lambda row: row["tab"])
    return MappingProxyType(
        {tab: tuple((row["field"], row["header"].replace("\\n", "\n")) for row in group) for tab, group in listed}
    )


def content(paper: Paper) -> Workbook:
    """The workbook."""
    chain = chain_of(paper.facts)
    by_tab: dict[str, Spilled[Record]] = {tab: Spilled() for tab in columns()}
    for tab, record in records(chain, Draft()):
        by_tab[tab].append(record)
    tabs = tuple(_tab(name, found) for name, found in by_tab.items())
    return Workbook(
        (_introduction(chain), _definitions(), *tabs),
        max(facts.made for facts in paper.facts),
        "en",
        tuple(LogSize(facts.origin, facts.size) for facts in paper.facts),
    )


def missing(paper: Paper) -> Iterator[Missing]:
    """What the rule asks for and nobody said."""
    draft = Draft()
    for _ in records(chain_of(paper.facts), draft):
        pass
    yield from draft.lacks


def losses(paper: Paper) -> Iterator[Loss]:
    """Documents beyond the two that a row has place for; and, as a note, foods that are not on the list."""
    chain = chain_of(paper.facts)
    for told in chain.told:
        count = len(told.step.transactions)
        if count > MOST_DOCUMENTS:
            yield Loss("fsma-documents", told.index, {"count": count})
    for food, version, listed in _foods(chain):
        if not listed:
            yield Loss("fsma-not-listed", None, {"food": food, "version": version or "–"})


def _tab(name: str, found: Spilled[Record]) -> Sheet:
    """A tab, sorted by the codes alone: no row is held for it."""
    layout = columns()[name]
    codes = [str(record.get("tlc", "")) for record in found]

    def row(number: int) -> Row:
        record = found[number]
        return tuple(NOT_APPLICABLE if record.get(field) in (None, "") else record[field] for field, _ in layout)

    rows = Picked(row, sorted(range(len(codes)), key=codes.__getitem__))
    return Sheet(name, tuple(Column(header, _NARROW) for _, header in layout), rows)


def _introduction(chain: Chain) -> Sheet:
    lines = [
        "Records of the Food Traceability Rule (21 CFR part 1, subpart S), in the order and under the headers of the "
        "FDA's electronic sortable spreadsheet of June 2024.",
        "Every row is sorted by traceability lot code. Dates are mm/dd/yyyy. n/a means that a column does not apply.",
        "The last tab says what this file proves and how to check it.",
        *(_food(*each) for each in _foods(chain)),
    ]
    return Sheet("Introduction", (Column("Introduction", _WIDE),), [(line,) for line in lines])


def _food(name: str, version: str, listed: bool) -> str:
    if listed:
        return f"{name}: on the Food Traceability List, version of {version}."
    return f"{name}: not on the Food Traceability List" + (f", version of {version}." if version else ".")


def _foods(chain: Chain) -> list[tuple[str, str, bool]]:
    """Every food of the history: its name, the version of the list it was held against, whether it is on it."""
    found: dict[str, tuple[str, str, bool]] = {}
    for told in chain.told:
        for lot in told.step.moves.objects:
            said = told.product(lot)
            if said:
                on = said.get("foodTraceabilityList")
                held = on if isinstance(on, Mapping) else {}
                name = str(held.get("category") or said.get("name") or code(lot))
                found[product_of(lot)] = name, str(held.get("version") or ""), held.get("listed") is True
    return sorted(set(found.values()))


def _definitions() -> Sheet:
    return Sheet("Definitions", (Column("Term", 34), Column("Meaning", _WIDE)), _WORDS)


FORMAT = Format(
    "fsma204",
    xlsx.KIND,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsx",
    direction="both",
    asked_by="asked-fsma204",
    validator="FDA template of June 2024, header by header",
    content=content,
    needs=(
        Need("name", "party, site", "master"),
        Need("phone", "contacts", "master"),
        Need("street", "address", "master"),
        Need("municipality", "address", "master"),
        Need("region", "address", "master"),
        Need("postalCode", "address", "master"),
        Need("country", "address", "master"),
        Need("product", "product", "master"),
        Need("commodity", "foodTraceabilityList, commodity", "master"),
        Need("packaging/size", "packaging", "master"),
        Need("packaging/style", "packaging", "master"),
        Need("quantity", "quantityList", "recorder"),
        Need("eventTime", "eventTime", "recorder"),
        Need("document", "bizTransactionList", "recorder"),
        Need("fieldName", "filiera:fieldName, readPoint", "recorder"),
        Need("fsma-recipient", "destinationList", "recorder"),
        Need("fsma-from", "sourceList", "recorder"),
        Need("fsma-source", "filiera:tlcSource, bizLocation", "recorder"),
    ),
    missing=missing,
    losses=losses,
)
