"""Kilograms out of nothing: what a member signs honestly as a log, and dishonestly as a cooperative."""

import json
from collections.abc import Callable

import pytest

from schemas.syntax import base64url
from tests.attacks.forge import codes, judged, put_together, refused, rewalk, taken_apart
from tests.independent.agreement import agreed
from tests.simulator.weighed import Weighed, unit

PALLET = unit(1)


def sold(kilograms: str) -> Weighed:
    """A thousand kilograms are received, and so many are packed and shipped on a pallet."""
    log = Weighed()
    log.make(0, A="1000")
    log.ship(0, A="1000")
    log.receive(1, A="1000")
    log.turn(1, {"A": "1000"}, {"P": kilograms})
    log.pack(1, PALLET, {"P": kilograms})
    log.ship(1, PALLET)
    return log


def test_a_bundle_with_1050_out_of_1000_fails_on_this_check_and_on_no_other() -> None:
    log = sold("1050")
    for require, status in (((), 0), (("balanced",), 1)):
        account = agreed(log.bundle("P"), log.known(), require)
        answers = {name for name, answer in account.verdicts.items() if answer == "no"}
        assert (answers, account.exit_code) == ({"balanced"}, status)
        assert codes(account, "balanced") == {"more-out-than-in"}
    assert agreed(sold("1000").bundle("P"), log.known(), ["balanced"]).verdicts["balanced"] == "yes"


@pytest.mark.parametrize("step", ["storing", "commissioning", "cycle_counting"])
def test_kilograms_cannot_be_laundered_by_another_event_of_the_same_lot(step: str) -> None:
    """Neither looking at more than there was makes it, nor counting it, nor naming it in passing."""
    log = sold("1000")
    log.object(1, "OBSERVE", step, {"P": "50"})
    log.ship(1, P="50")
    account = log.judged("P", "both")
    assert account.verdicts["balanced"] == "no"


def test_the_overdrawn_shipment_left_out_is_missed_by_another_verdict() -> None:
    log = sold("1000")
    log.ship(1, P="50")
    data = log.bundle("P", "both")
    assert codes(judged(data, log.known()), "balanced") == {"more-left-than-came"}
    tree = taken_apart(data)
    last = log.log.size - 2
    tree["entries"] = [item for item in tree["entries"] if item["index"] != last]
    account = judged(put_together(rewalk(tree, log.log.leaf_hashes)), log.known())
    refused(account, "complete", "tagged-entry-left-out")


def test_its_content_withheld_leaves_the_balance_open() -> None:
    log = sold("1000")
    log.ship(1, P="50")
    tree = taken_apart(log.bundle("P", "both"))
    last = next(item for item in tree["entries"] if item["index"] == log.log.size - 2)
    texts = {text: json.loads(base64url.decode(text)) for text in last["disclosures"]}
    # Everything but the record: that the entry is about the lot stays proved.
    kept = [text for text, said in texts.items() if "quantityList" not in said and not _amount(said)]
    last["disclosures"] = kept
    account = judged(put_together(tree), log.known())
    assert account.verdicts["balanced"] == "not_shown"
    assert "quantities-hidden" in codes(account, "balanced")


def _amount(said: list[object]) -> bool:
    return isinstance(said[-1], dict) and "epcClass" in said[-1]


def repacked_on_another_pallet(log: Weighed) -> None:
    log.pack(1, unit(8), units=(unit(1),))
    log.pack(1, unit(9), units=(unit(1),))
    log.ship(1, unit(8))
    log.ship(1, unit(9))


def used_up_and_its_number_used_again(log: Weighed) -> None:
    log.object(1, "DELETE", "destroying", {unit(1): None})
    log.pack(1, unit(1), {"Q": "5"})
    log.ship(1, unit(1))


def away_with_its_pallet_and_packed_again(log: Weighed) -> None:
    log.pack(1, unit(8), units=(unit(1),))
    log.ship(1, unit(8))
    log.pack(1, unit(1), {"P": "40"})
    log.ship(1, unit(1))


@pytest.mark.parametrize(
    "story", [repacked_on_another_pallet, used_up_and_its_number_used_again, away_with_its_pallet_and_packed_again]
)
def test_no_verifier_ships_what_a_crate_held_twice(story: Callable[[Weighed], None]) -> None:
    log = Weighed()
    log.make(1, P="100", Q="5")
    log.pack(1, unit(1), {"P": "60"})
    story(log)
    assert log.judged("P", "both", None, "balanced").verdicts["balanced"] == "yes"
