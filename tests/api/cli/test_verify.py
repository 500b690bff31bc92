"""`filiera export bundle` and `filiera verify`, as somebody runs them one after the other."""

import json
from pathlib import Path

import pytest

from schemas.syntax import json_text
from tests.simulator.chain import PEACHES, begun, observed
from tests.simulator.command_line import Shop

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "bundle"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    assert shop("init", "--name", "Cooperativa Sole").code == 0
    events = [begun(PEACHES, 1), observed(PEACHES, "shipping", 2)]
    document = {
        "@context": events[0].pop("@context"), "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-07-01T10:00:00Z", "epcisBody": {"eventList": events},
    }  # fmt: skip
    events[1].pop("@context")
    (tmp_path / "harvest.jsonld").write_bytes(json_text.write(document))
    assert shop("capture", str(tmp_path / "harvest.jsonld")).code == 0
    return shop


@pytest.mark.parametrize("audience", ["full", "public"])
@pytest.mark.parametrize("lot", [PEACHES, "(01)09520001000010(10)G-1", "urn:epc:class:lgtin:952000.0100001.G-1"])
def test_a_lot_is_exported_and_verifies(shop: Shop, lot: str, audience: str) -> None:
    file = shop.folder / "lot.filiera.json"
    exported = shop("export", "bundle", lot, "-o", str(file), "--audience", audience)
    assert (exported.code, exported.err) == (0, "")
    answer = shop("verify", str(file), "--require", "complete", "--json")
    assert answer.code == 0
    told = json.loads(answer.out)
    assert told["valid"] is True
    assert told["subject"] == PEACHES
    assert set(told) >= {"valid", "verdicts", "reasons"}


def test_a_correction_verifies_with_the_event_of_another_lot_that_is_right_instead(shop: Shop) -> None:
    wrong, right = (f"urn:uuid:5b1f6b1c-2f5f-4b2a-9d0e-0a0f3c1d2e3{end}" for end in "12")
    declared = {"declarationTime": "2026-07-03T08:00:00Z", "reason": "incorrect_data", "correctiveEventIDs": [right]}
    other = PEACHES.replace("G-1", "G-2")
    events = [
        {**observed(PEACHES, "shipping", 3), "eventID": wrong},
        {**begun(other, 3), "eventID": right},
        {**observed(PEACHES, "shipping", 3), "eventID": wrong, "errorDeclaration": declared},
    ]
    (shop.folder / "correction.jsonld").write_bytes(json_text.write(list(events)))
    shop.works("capture", str(shop.folder / "correction.jsonld"))
    for lot in (PEACHES, other):
        shop.works("export", "bundle", lot, "-o", str(shop.folder / "lot.filiera.json"))
        told = json.loads(shop.works("verify", "--json", str(shop.folder / "lot.filiera.json")).out)
        assert told["valid"] is True, told
        assert told["verdicts"]["complete"] == "yes"


def test_an_event_is_exported_by_its_index(shop: Shop) -> None:
    file = shop.folder / "event.filiera.json"
    assert shop("export", "bundle", "--entry", "4", "-o", str(file)).code == 0
    assert shop("verify", str(file)).code == 0


def test_what_names_no_lot_is_bad_input(shop: Shop) -> None:
    out = str(shop.folder / "x")
    for arguments, code in (
        (("(01)09520001000010",), "lot-expected"),
        (("(01)09520001000011(10)G-1",), "wrong-check-digit"),
        (("(01)09520001000010(10)NONE",), "unknown-lot"),
        (("--entry", "400"), "no-entry"),
    ):
        answer = shop("export", "bundle", *arguments, "-o", out)
        assert (answer.code, f"[{code}]" in answer.err) == (65, True), answer.err
    for arguments in ((), (PEACHES, "--entry", "4")):
        answer = shop("export", "bundle", *arguments, "-o", out)
        assert (answer.code, "[bundle-of-what]" in answer.err) == (64, True)
    assert not Path(out).exists()


def test_the_first_head_is_kept_and_later_ones_are_held_to_it(shop: Shop) -> None:
    file = shop.folder / "lot.filiera.json"
    shop.works("export", "bundle", PEACHES, "-o", str(file))
    assert shop("verify", str(file)).code == 0
    (head,) = (shop.folder / "config" / "filiera" / "policies" / "heads").glob("*.checkpoint")
    kept = head.read_text("utf-8")
    assert kept == json.loads(file.read_text("utf-8"))["logs"][0]["checkpoint"]
    shop.works("capture", str(shop.folder / "harvest.jsonld"), "--allow-repeat")
    later = shop.folder / "later.filiera.json"
    shop.works("export", "bundle", PEACHES, "-o", str(later))
    assert shop("verify", str(later)).code == shop("verify", str(file)).code == 0
    assert head.read_text("utf-8") == kept


def test_verify_speaks_both_languages_and_keeps_its_three_statuses(shop: Shop, tmp_path: Path) -> None:
    policy = str(VECTORS / "policy.txt")
    for name, status, italian, english in (
        ("valid-back-full", 0, "VALIDO", "VALID"),
        ("refused-left-out", 1, "NON VALIDO", "NOT VALID"),
        ("unknown-log", 2, "NON SI PUÒ DIRE", "CANNOT TELL"),
    ):
        file = tmp_path / f"{name}.filiera.json"
        file.write_text(json.loads((VECTORS / f"{name}.json").read_text("utf-8"))["file"], "utf-8")
        for language, word in (("it", italian), ("en", english)):
            answer = shop("verify", str(file), "--policy", policy, "--lang", language)
            assert (answer.code, answer.lines[1]) == (status, word)
    unknown = shop("verify", str(tmp_path / "valid-back-full.filiera.json"), "--lang", "en")
    assert unknown.code == 2
    assert "filiera trust add" in unknown.out


def test_a_paper_is_never_valid(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7")
    assert shop("verify", str(tmp_path / "paper.pdf")).code == 2
    assert shop("verify", str(tmp_path / "missing")).code == 65
