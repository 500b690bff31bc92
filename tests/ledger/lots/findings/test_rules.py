"""What holds of all rules: each has its sentences and its tests, and the order of arrival changes nothing."""

import gc
import random
import weakref
from pathlib import Path

import pytest

from ledger.lots.findings.found import Case, Surroundings
from ledger.lots.findings.rules import RULES
from ledger.lots.step import Step
from schemas.wording import LANGUAGES, catalogue, sentence
from tests.simulator.tale import Tale, lot, unit

HERE = Path(__file__).parent


@pytest.mark.parametrize("code", RULES)
def test_every_rule_says_what_it_found_and_what_to_do_and_has_its_test(code: str) -> None:
    for language in LANGUAGES:
        assert catalogue(language)[code]["mend"]
    assert any(
        f'"{code}"' in file.read_text("utf-8") for file in HERE.glob("test_*.py") if file.name != "test_rules.py"
    )


def test_a_sentence_leaves_no_blank() -> None:
    tale = Tale()
    tale.made("G", lot("A"), 10)
    tale.shipped("G", lot("A"), 20, to="P")
    tale.packed("G", unit(1), {lot("A"): 5}, hour=0)
    tale.shipped("G", unit(1), None, to="P")
    tale.packed("G", unit(1), {lot("A"): 5})
    for found in tale.found():
        for language in LANGUAGES:
            assert "{" not in sentence(found.code, found.context, language), found


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_arrival_changes_nothing(seed: int) -> None:
    tale = Tale()
    tale.made("G", lot("A"), 100, hour=5)
    tale.shipped("G", lot("A"), 120, to="P", hour=6)
    tale.received("P", lot("A"), 110, hour=4)
    tale.turned("P", {lot("A"): 110}, {lot("B", 2): 115}, hour=3)
    tale.packed("P", unit(1), {lot("B", 2): 200}, hour=8)
    tale.shipped("P", unit(1), None, to="R", hour=9)
    tale.packed("P", unit(1), {lot("B", 2): 5}, hour=10)
    names = {id(event): number for number, (_, event) in enumerate(tale.told)}
    shuffled = Tale()
    shuffled.told = random.Random(seed).sample(tale.told, len(tale.told))

    def told(of: Tale) -> set[tuple[str, str, frozenset[int]]]:
        place = [names[id(event)] for _, event in of.told]
        return {(each.code, each.subject, frozenset(place[n] for n in each.causes)) for each in of.found()}

    assert told(shuffled) == told(tale)
    assert len(told(tale)) >= 6


@pytest.mark.parametrize("page", ["findings.md", "rilievi.md"])
def test_the_page_about_findings_names_every_rule(page: str) -> None:
    text = (HERE.parents[3] / "docs" / page).read_text("utf-8")
    assert [code for code in RULES if f"| `{code}` |" not in text] == []


class _About(dict[str, list[Step]]):
    """Steps by object, which can be watched while they are in use."""


def test_what_was_worked_out_of_steps_goes_with_the_last_case() -> None:
    """Nothing of it knows itself, so that no memory waits for whoever collects what does."""
    about = _About({"urn:x": []})
    case = Case("urn:x", Surroundings(about))
    assert case.around.units.inside("urn:x", (0, 0)) == {}
    assert case.births() == []
    watched = weakref.ref(about)
    gc.disable()
    try:
        del about, case
        assert watched() is None
    finally:
        gc.enable()
