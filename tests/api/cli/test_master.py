"""`master`, as its users type it."""

import json
from pathlib import Path

import pytest

from tests.simulator.command_line import Shop
from tests.simulator.master import PRODUCT, SITE, party, product, site, written


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole", "--gln", "9521001000017")
    return shop


def file(shop: Shop, *versions: dict[str, object], name: str = "master.json") -> Path:
    made = shop.folder / name
    made.write_bytes(written(*versions))
    return made


def test_versions_are_added_listed_and_shown_as_of_a_day(shop: Shop) -> None:
    added = shop.works("master", "add", file(shop, site(), product()))
    assert [line.split("\t")[1] for line in added.lines] == [SITE, PRODUCT]
    later = site(validFrom="2026-06-01", name="Magazzino nuovo")
    shop.works("master", "add", file(shop, later))
    listed = [
        line.split("\t") for line in shop.works("master", "list", "--type", "site", "--as-of", "2026-01-01").lines
    ]
    assert [row[1:5] for row in listed] == [["site", SITE, "Magazzino di Termeno", "2025-01-01"]]
    (shown,) = shop.works("master", "show", "(414)9521001000017", "--as-of", "2026-07-01").lines
    assert json.loads(shown)["content"]["name"] == "Magazzino nuovo"
    assert '"latitude":46.341200' in shown
    history = shop.works("master", "show", SITE, "--history").lines
    assert [json.loads(line)["content"]["validFrom"] for line in history] == ["2025-01-01", "2026-06-01"]
    known = str(json.loads(history[1])["index"])
    (then,) = shop.works("master", "show", SITE, "--as-of", "2026-07-01", "--known", known).lines
    assert json.loads(then)["content"]["name"] == "Magazzino di Termeno"


def test_what_was_said_before_is_told(shop: Shop) -> None:
    one = file(shop, site())
    first = shop.works("master", "add", one).lines[0]
    assert shop.works("master", "add", one).lines == [f"{first}\t="]
    again = json.loads(shop.works("master", "add", one, "--json").lines[0])
    assert (again["id"], again["duplicate"], again["version"]) == (SITE, True, 0)


def test_a_bad_version_is_named_and_nothing_is_added(shop: Shop) -> None:
    bad = file(shop, site(), party(gln="9521001000018"), name="bad.json")
    refused = shop("master", "add", bad, lang="it")
    assert (refused.code, refused.out) == (65, "")
    assert "[wrong-check-digit]" in refused.err
    assert "non è stato aggiunto nulla" in refused.err
    kept = shop("master", "add", bad, "--proceed")
    assert (kept.code, len(kept.lines)) == (65, 1)


def test_what_a_buyer_asks_for_is_said_and_keeps_nothing_out(shop: Shop) -> None:
    asked = shop("master", "add", file(shop, site(), product(variety=None)), "--scheme", "fsma204", "--scheme", "eudr")
    assert (asked.code, len(asked.lines)) == (0, 2)
    assert asked.err.count("[scheme-asks]") == 3
    assert asked.err.count("[scheme-recommends]") == 1
    assert "/contacts/phone" in asked.err
    refused = shop("master", "add", file(shop, site()), "--scheme", "nobody")
    assert refused.code == 64


def test_the_schema_is_printed(shop: Shop) -> None:
    assert json.loads(shop.works("master", "schema").out)["$id"] == "urn:filiera:schema:master:1"


@pytest.mark.parametrize(
    ("arguments", "code", "exit"),
    [
        (("show", "https://nowhere.example/x"), "master-unknown", 65),
        (("show", SITE, "--as-of", "ieri"), "moment-form", 65),
        (("show", SITE, "--history", "--as-of", "2026-01-01"), "master-history", 64),
        (("list", "--as-of", "2026-13-01"), "moment-form", 65),
        (("list", "--type", "person"), "usage-not-in-list", 64),
    ],
)
def test_what_is_asked_wrongly_is_refused(shop: Shop, arguments: tuple[str, ...], code: str, exit: int) -> None:
    shop.works("master", "add", file(shop, site()))
    refused = shop("master", *arguments)
    assert (refused.code, f"[{code}]" in refused.err) == (exit, True)
