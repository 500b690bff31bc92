"""An office's sheet into the log: all of it or nothing, the same file once, equal rows asked, mappings remembered."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.verbs.sheets import Imported, SheetRefused, import_sheet, look, marked, place_of
from ledger.node import Node
from schemas.errors import InputError
from schemas.sheets.columns import SheetMapping, guess, read, write
from schemas.sheets.values import Reading
from schemas.syntax.workbook import read_table
from tests.simulator.cooperatives import LUNA, SOLE
from tests.simulator.phones import made
from tests.simulator.sheets import GTIN, HARVEST, PLACE, csv, sheet

DAY = date(2026, 8, 3)


def row(lot: object = "R-1", kg: object = "kg 1.250,5", day: object = DAY, gtin: object = GTIN) -> list[object]:
    return [day, gtin, lot, kg, PLACE, "Rossi"]


@pytest.fixture(params=["sqlite", "postgresql"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    on_disk = request.param == "sqlite"
    location = str(tmp_path / "store") if on_disk else request.getfixturevalue("postgres_url")
    with made(location, tmp_path, gln=SOLE, prefixes=("9521001",)) as node:
        yield node


def imported(node: Node, data: bytes, name: str = "foglio.xlsx", **how: Any) -> Imported:
    return import_sheet(node, data, name=name, member=node.own_member(), **how)


def fresh(done: Imported) -> int:
    return sum(not item.duplicate for item in done.captured)


def content(node: Node, done: Imported, place: int = 0) -> dict[str, Any]:
    found = node.entry(done.captured[place].index).content
    assert found is not None
    return dict(found)


def test_a_sheet_is_recorded_whole_and_the_same_file_adds_nothing(node: Node) -> None:
    data = sheet(HARVEST, row("R-1"), row(196, 12.5), above="Raccolte di agosto")
    done = imported(node, data)
    assert (fresh(done), done.rows_of) == (2, ((3,), (4,)))
    event = content(node, done, 1)
    assert event["quantityList"][0]["epcClass"] == f"https://id.gs1.org/01/0{GTIN}/10/196"
    assert event["eventTime"] == "2026-08-03T00:00:00+02:00"
    assert event["ilmd"]["filiera:grower"] == "Rossi"
    record = node.entry(done.captured[0].index).record
    assert record is not None
    assert record["source"]["mediaType"].endswith("spreadsheetml.sheet")
    size = node.registry.size
    again = imported(node, data, name="copia.xlsx")
    assert [item.index for item in again.captured] == [item.index for item in done.captured]
    assert (fresh(again), node.registry.size) == (0, size)


def test_one_bad_cell_and_nothing_is_recorded(node: Node) -> None:
    size = node.registry.size
    data = sheet(
        HARVEST, row(), row(day="12/08/2026"), row("", "=A1"), row(gtin="9521001002012", kg="1.250"), row("x" * 25)
    )
    with pytest.raises(SheetRefused) as refused:
        imported(node, data)
    assert [(place_of(fault), fault.error.code) for fault in refused.value.faults[:5]] == [
        ("A3", "cell-day-ambiguous"), ("C4", "cell-empty"), ("D4", "cell-formula"), ("B5", "cell-check-digit"),
        ("C6", "cell-lot"),
    ]  # fmt: skip
    assert node.registry.size == size
    looked = look(node, data, name="a", member=node.own_member())
    red = read_table(marked(data, looked, "it"))
    assert [bool(cells[6].value) for cells in red.rows] == [True, False, True, True, True, True]


def test_what_the_person_says_of_days_and_numbers_is_remembered(node: Node) -> None:
    data = sheet(HARVEST, row(day="12/08/2026", kg="1.250"))
    member = node.own_member()
    looked = look(node, data, name="a", member=member)
    assert not looked.remembered
    chosen = SheetMapping("harvest", looked.mapping.columns, {}, Reading("dmy", ","))
    done = imported(node, data, mapping=chosen)
    assert content(node, done)["eventTime"].startswith("2026-08-12")
    assert content(node, done)["quantityList"][0]["quantity"].text == "1250"
    later = look(node, sheet(HARVEST, row("R-9", "2.500", "11/09/2026")), name="b", member=member)
    assert (later.remembered, later.mapping, later.judged and later.judged.faults) == (True, chosen, ())


def test_equal_rows_are_asked_about_and_never_merged(node: Node) -> None:
    data = sheet(HARVEST, row(), row(), row("R-2"))
    with pytest.raises(InputError) as refused:
        imported(node, data)
    assert (refused.value.code, refused.value.context["rows"]) == ("sheet-equal-rows", "2 = 3")
    assert fresh(imported(node, data, equal=True)) == 3
    assert fresh(imported(node, data, equal=True)) == 0


def test_rows_that_another_file_told_are_asked_about(node: Node) -> None:
    imported(node, sheet(HARVEST, row("R-1"), row("R-2")), name="agosto.xlsx")
    grown = sheet(HARVEST, row("R-1"), row("R-2"), row("R-3"))
    looked = look(node, grown, name="b", member=node.own_member())
    assert looked.before == {2: "agosto.xlsx", 3: "agosto.xlsx"}
    with pytest.raises(InputError, match=r"^sheet-rows-known"):
        imported(node, grown)
    left = imported(node, grown, known="leave")
    assert (fresh(left), left.left_out) == (1, (2, 3))
    assert fresh(imported(node, sheet(HARVEST, row("R-1"), row("R-4")), known="add")) == 2


def test_a_line_of_a_document_is_the_same_in_whatever_file_it_comes(node: Node) -> None:
    headers = (*HARVEST, "DDT", "Riga")
    first = sheet(headers, [*row("R-1"), 117, 1], [*row("R-2"), 117, 2])
    second = csv(
        headers,
        *[[str(DAY), GTIN, lot, "kg 1.250,5", PLACE, "Rossi", "117", n] for lot, n in (("R-2", "2"), ("R-1", "1"))],
    )
    done = imported(node, first)
    again = imported(node, second, name="di nuovo.csv")
    assert fresh(again) == 0
    assert {item.index for item in again.captured} == {item.index for item in done.captured}
    changed = sheet(headers, [*row("R-1", 3), 117, 1])
    with pytest.raises(SheetRefused) as refused:
        imported(node, changed)
    (fault,) = refused.value.faults
    assert (fault.row, fault.error.code, fault.error.context["entry"]) == (
        2,
        "sheet-line-changed",
        done.captured[0].index,
    )


def test_the_rows_of_one_packed_lot_are_one_transformation(node: Node) -> None:
    headers = ("Data", "GTIN entrata", "Lotto entrata", "Kg entrata", "GTIN", "Lotto", "Colli", "UM", "Scarto", "GLN")
    rows = [
        [DAY, GTIN, "R-1", 100, "9521001002028", "P-1", "150", "kg", 5, PLACE],
        [DAY, GTIN, "R-2", 60, "9521001002028", "P-1", None, "kg", None, PLACE],
        [DAY, GTIN, "R-3", 10, "9521001002028", "P-2", "9", "kg", None, PLACE],
    ]
    done = imported(node, sheet(headers, *rows))
    assert done.rows_of == ((2, 3), (4,))
    event = content(node, done)
    assert (event["type"], event["filiera:wasteKg"].text) == ("TransformationEvent", "5")
    assert [each["epcClass"][-3:] for each in event["inputQuantityList"]] == ["R-1", "R-2"]
    rows[1][6] = "20"
    with pytest.raises(SheetRefused) as refused:
        imported(node, sheet(headers, *rows))
    assert refused.value.faults[0].error.code == "sheet-output-differs"


def test_shipments_and_arrivals_name_both_ends_and_the_note(node: Node) -> None:
    headers = ("Data", "GTIN", "Lotto", "Quantità", "GLN", "{}", "DDT")
    for other, kind, issuer in (("Destinatario", "shipping", SOLE), ("Mittente", "receiving", LUNA)):
        data = sheet([h.format(other) for h in headers], [DAY, GTIN, "R-1", "3 q", PLACE, LUNA, "2026-7"])
        assert look(node, data, name="a", member=node.own_member()).mapping.kind == kind
        event = content(node, imported(node, data))
        assert event["bizStep"] == kind
        assert event["quantityList"][0]["uom"] == "DTN"
        assert event["bizTransactionList"] == [
            {"type": "desadv", "bizTransaction": f"urn:epcglobal:cbv:bt:{issuer}:2026-7"}
        ]
        end = ("destinationList", "destination") if kind == "shipping" else ("sourceList", "source")
        assert event[end[0]][0][end[1]] == f"https://id.gs1.org/417/{LUNA}"


def test_what_all_rows_have_in_common_need_not_be_a_column(node: Node) -> None:
    data = sheet(("Data", "Lotto", "Kg"), [DAY, "R-1", 3])
    looked = look(node, data, name="a", member=node.own_member())
    assert (looked.mapping.lacking(), looked.judged) == (("product", "place"), None)
    with pytest.raises(InputError, match=r"^sheet-mapping-lacks"):
        imported(node, data)
    chosen = SheetMapping("harvest", looked.mapping.columns, {"product": GTIN, "place": PLACE})
    assert fresh(imported(node, data, mapping=chosen)) == 1


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"kind":"x"}', '{"kind":"harvest","columns":{"lot":-1}}', '{"kind":"harvest","columns":{"lot":true}}',
     '{"kind":"harvest","columns":{"nope":1}}', '{"kind":"harvest","fixed":{"lot":" "}}',
     '{"kind":"harvest","days":"ymd"}',
     '{"kind":"harvest","more":1}', "[" * 5000, '{"kind":["harvest"]}'],
)  # fmt: skip
def test_a_mapping_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"^sheet-mapping"):
        read(text)


def test_a_mapping_comes_back_as_it_was_written() -> None:
    mapping = guess(HARVEST)
    assert read(write(mapping)) == mapping
    assert mapping.columns == {"day": 0, "product": 1, "lot": 2, "quantity": 3, "place": 4, "grower": 5}
