"""`filiera import`, as an office types it."""

import json
from datetime import date
from pathlib import Path

import pytest

from schemas.syntax.workbook import read_table
from tests.simulator.command_line import Shop
from tests.simulator.sheets import GTIN, HARVEST, PLACE, sheet

DAY = date(2026, 8, 3)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole", "--gln", PLACE, "--company-prefix", "9521001")
    return shop


def test_a_sheet_is_looked_at_mended_and_recorded_once(shop: Shop, tmp_path: Path) -> None:
    file, red = tmp_path / "raccolte.xlsx", tmp_path / "rosso.xlsx"
    file.write_bytes(
        sheet(HARVEST, [DAY, GTIN, "R-1", "1.250", PLACE, "Rossi"], ["12/08/2026", GTIN, "R-2", 3, PLACE, ""])
    )
    looked = shop("import", file, "--preview", "--marked", red)
    assert looked.code == 65
    assert [line.partition("\t")[0] for line in looked.lines[:2]] == ["D2", "A3"]
    assert "12/08/2026" in str(read_table(red.read_bytes()).rows[2][6].value)
    refused = shop("import", file)
    assert (refused.code, "[sheet-faults]" in refused.err, "[cell-day-ambiguous]" in refused.err) == (65, True, True)
    done = json.loads(shop.works("import", file, "--days", "dmy", "--decimal", ",", "--json").out)
    assert [item["duplicate"] for item in done["captured"]] == [False, False]
    again = json.loads(shop.works("import", file, "--json").out)
    assert again["remembered"]
    assert [item["index"] for item in again["captured"]] == [item["index"] for item in done["captured"]]


def test_columns_are_named_and_what_is_fixed_is_said(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "foglio.xlsx"
    file.write_bytes(sheet(("Quando", "Che lotto", "Pesato"), [DAY, "R-1", 3]))
    assert "[sheet-mapping-lacks]" in shop("import", file).err
    columns = [
        f"--column={name}={header}"
        for name, header in (("day", "quando"), ("lot", "Che lotto"), ("quantity", "Pesato"))
    ]
    shop.works("import", file, *columns, "--fixed", f"product={GTIN}", "--fixed", f"place={PLACE}")
    for wrong, code in (("--column=day=Nessuna", "import-header"), ("--column=nope=Quando", "import-field")):
        assert f"[{code}]" in shop("import", file, wrong).err
