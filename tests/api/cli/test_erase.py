"""`erase`, as its user types it."""

import json
from pathlib import Path

import pytest

from tests.simulator.command_line import Shop
from tests.simulator.cooperatives import harvested, lot, shipped, written

GROUND = ("--ground", "GDPR art. 17", "--yes")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole", "--gln", "9521001000017")
    file = tmp_path / "events.jsonld"
    file.write_bytes(
        written(harvested("A-1"), shipped("A-1", to="https://id.gs1.org/417/9521002000016"), harvested("B-1"))
    )
    shop.works("capture", file)
    return shop


def held(shop: Shop, index: int) -> list[str]:
    return [json.loads(line)["part"] for line in shop.works("erase", index, "--list", "--json").lines]


def place(shop: Shop, number: int) -> int:
    """Where the n-th event stands."""
    return [at for at in range(20) if not shop("erase", at, "--list").code and "/content" in held(shop, at)][number]


def test_everything_of_an_entry_goes(shop: Shop) -> None:
    index = place(shop, 0)
    done = shop("erase", index, *GROUND)
    assert done.code == 0
    assert [line.isdigit() for line in done.lines] == [True]
    assert "entries: 1" in done.err
    assert held(shop, index) == []
    assert shop("audit").code == 0
    refused = shop("erase", index, *GROUND)
    assert (refused.code, "[erase-nothing]" in refused.err) == (65, True)


def test_parts_go_and_the_rest_stays(shop: Shop) -> None:
    index = place(shop, 1)
    done = shop("erase", index, "--part", "/content/destinationList", *GROUND, "--json")
    answer = json.loads(done.out)
    assert (done.code, answer["entries"], answer["disclosures"]) == (0, [index], 2)
    assert "/content/destinationList" not in held(shop, index)
    assert "/content/quantityList/0" in held(shop, index)


def test_all_entries_about_a_lot_go(shop: Shop) -> None:
    answer = json.loads(shop("erase", "--lot", lot("A-1"), *GROUND, "--json").out)
    assert answer["entries"] == [place(shop, 0) - 2, place(shop, 0) - 1]
    unknown = shop("erase", "--lot", lot("Z-1"), *GROUND)
    assert (unknown.code, "[erase-lot-unknown]" in unknown.err) == (65, True)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("5",),
        ("--ground", "x"),
        ("5", "--finish"),
        ("5", "--lot", "x", "--ground", "x"),
        ("5", "--list", "--ground", "x"),
        ("--list",),
        ("--list", "--lot", "x"),
    ],
)
def test_what_is_not_said_clearly_is_a_usage_error(shop: Shop, arguments: tuple[str, ...]) -> None:
    refused = shop("erase", *arguments)
    assert (refused.code, "[erase-what]" in refused.err) == (64, True)


def test_without_a_terminal_it_has_to_be_said_twice(shop: Shop) -> None:
    refused = shop("erase", "5", "--ground", "GDPR art. 17", lang="it")
    assert (refused.code, "[erase-unconfirmed]" in refused.err) == (64, True)
    assert "/content" in held(shop, place(shop, 0))


def test_what_is_due_can_be_finished(shop: Shop) -> None:
    assert shop("erase", "--finish").code == 0
