"""Standard words in every spelling; what only claims to be one is unknown."""

import re
from typing import Any

import pytest

from schemas.epcis.terms import CODE_LISTS
from schemas.epcis.vocabulary import bare, is_own, miswritten, nearly, problems, spell, suggested, words
from tests.official import official

SHIPPING = [
    "shipping",
    "urn:epcglobal:cbv:bizstep:shipping",
    "https://ref.gs1.org/cbv/BizStep-shipping",
    "https://ns.gs1.org/cbv/BizStep-shipping",
    "cbv:BizStep-shipping",
]


@pytest.mark.parametrize("value", SHIPPING)
def test_every_spelling_of_a_word_is_known(value: str) -> None:
    assert bare("biz_steps", value) == "shipping"
    assert spell("biz_steps", value, "urn") == "urn:epcglobal:cbv:bizstep:shipping"
    assert spell("biz_steps", value, "iri") == "https://ref.gs1.org/cbv/BizStep-shipping"


@pytest.mark.parametrize("code_list", CODE_LISTS)
def test_spelling_out_and_back_is_the_same_word(code_list: str) -> None:
    for word in words(code_list):
        for spelling in ("bare", "urn", "iri"):
            assert bare(code_list, spell(code_list, word, spelling)) == word  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["transforming", "Shipping", "urn:epcglobal:cbv:bizstep:transforming", ""])
def test_an_unknown_word_is_none_and_is_spelled_as_written(value: str) -> None:
    assert bare("biz_steps", value) is None
    assert spell("biz_steps", value, "iri") == value


def test_urns_of_the_ontology_are_those_of_the_lists() -> None:
    text = official("gs1/gs1-epcis/Ontology/CBV.ttl").read_text("utf-8")
    ours = {spell(name, word, "urn") for name, prefix in CODE_LISTS.items() if prefix == "cbv" for word in words(name)}
    theirs = set(re.findall(r"<(urn:epcglobal:cbv:(?:bizstep|disp|btt|sdt|er|comp):[a-z_]+)>", text))
    assert theirs - ours == set()
    assert len(ours) == 106


def test_words_of_others_are_not_ours_to_judge() -> None:
    assert is_own("cbv:BizStep-x")
    assert not is_own("https://example.org/steps/pressing")
    assert problems({"bizStep": "https://example.org/steps/pressing", "disposition": "urn:gs1:epcisapp:rail:x"}) == []


ALL: list[tuple[dict[str, Any], str]] = [
    ({"bizStep": "https://ref.gs1.org/cbv/BizStep-transforming"}, "/bizStep"),
    ({"disposition": "cbv:Disp-lost"}, "/disposition"),
    ({"persistentDisposition": {"set": ["active", "lost"]}}, "/persistentDisposition/set/1"),
    ({"bizTransactionList": [{"type": "po"}, {"type": "cbv:BTT-note"}]}, "/bizTransactionList/1/type"),
    ({"sourceList": [{"type": "cbv:SDT-owner"}]}, "/sourceList/0/type"),
    ({"destinationList": [{"type": "owner"}]}, "/destinationList/0/type"),
    ({"errorDeclaration": {"reason": "cbv:ER-oops"}}, "/errorDeclaration/reason"),
    ({"sensorElementList": [{"sensorReport": [{"component": "w"}]}]}, "/sensorElementList/0/sensorReport/0/component"),
]


@pytest.mark.parametrize(("event", "member"), ALL)
def test_an_unknown_word_is_found_wherever_words_stand(event: dict[str, Any], member: str) -> None:
    assert [(problem.code, problem.member) for problem in problems(event)] == [("unknown-word", member)]


def test_the_case_of_letters_is_forgiven_in_addresses_alone_and_said() -> None:
    near = "https://ref.gs1.org/cbv/Bizstep-sensor_reporting"
    assert (bare("biz_steps", near), nearly("biz_steps", near)) == (None, "sensor_reporting")
    assert problems({"bizStep": near, "disposition": "cbv:disp-In_Transit"}) == []
    assert [(odd.member, odd.context["word"]) for odd in miswritten({"bizStep": near})] == [
        ("/bizStep", "sensor_reporting")
    ]
    assert miswritten({"bizStep": near.replace("Bizstep", "BizStep"), "disposition": "in_transit"}) == []
    for other in ("https://ref.gs1.org/cbv/Bizstep-pressing", "urn:epcglobal:cbv:Bizstep:shipping", "Shipping"):
        assert nearly("biz_steps", other) is None
        assert [problem.code for problem in problems({"bizStep": other})] == ["unknown-word"]
    assert nearly("biz_steps", "https://example.org/cbv/bizstep-shipping") is None


@pytest.mark.parametrize("value", [None, 7, [], "x", {"set": "active"}, [{"sensorReport": 1}], [7], [{"type": 7}]])
def test_whatever_stands_in_place_of_words_nothing_breaks(value: Any) -> None:
    names = ["persistentDisposition", "sourceList", "errorDeclaration", "sensorElementList"]
    assert problems(dict.fromkeys(names, value)) == []


def test_an_unknown_word_is_answered_with_the_nearest() -> None:
    assert suggested("biz_steps", "shiping").startswith("shipping, ")
    assert suggested("dispositions", "urn:epcglobal:cbv:disp:in_transport").startswith("in_transit, ")
    assert suggested("biz_steps", "zzzzzzzz") == "accepting, arriving, assembling, collecting, commissioning, …"
    assert suggested("error_reasons", "oops") == "did_not_occur, incorrect_data"
