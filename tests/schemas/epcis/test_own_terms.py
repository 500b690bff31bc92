"""Our own terms: known by whatever prefix, refused where they are misspelt, misplaced or without a value."""

from decimal import Decimal
from typing import Any

import pytest
from pyld import jsonld

from ledger.capture.judge import judge
from schemas.epcis.context import context
from schemas.epcis.namespaces import namespaces
from schemas.epcis.own_terms import (
    NAMESPACE,
    OWN_TERMS,
    decimal,
    own_context,
    own_members,
    own_name,
    own_value,
    problems,
)
from schemas.syntax.json_text import Number
from schemas.wording import words
from tests.official import ROOT

EPCIS = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
GOOD: dict[str, Any] = {
    "kilograms": Number("12.5"), "number": Number("-1.5"), "count": Number("40"), "text": "Campo Nord",
    "uri": "https://id.gs1.org/414/9520001000003", "day": "2026-09-30",
}  # fmt: skip
BAD: dict[str, list[Any]] = {
    "kilograms": [Number("-0.1"), "12,5", "molto", True, None, [Number("1")], Number("1e30")],
    "number": ["1 250", {}, Number("1e999")],
    "count": [Number("1.5"), Number("-1"), "due"],
    "text": ["", "  ", Number("1"), "x" * 1001],
    "uri": ["Campo Nord", "urn: x", "https://id.gs1.org/414/9520001000001", Number("1")],
    "day": ["30/09/2026", "2026-02-30", Number("2026")],
}


def event(ilmd: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    said = {"filiera:" + name: value for name, value in members.items()}
    what = {"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning", "eventTime": "2026-09-30T08:00:00Z"}
    what |= {"eventTimeZoneOffset": "+02:00", "epcList": ["urn:uuid:0f7a3f7e-5c3e-4b6b-9a0c-1f1d2c3b4a5d"]}
    inner = {"ilmd": {"filiera:" + name: value for name, value in ilmd.items()}} if ilmd else {}
    return {"@context": [EPCIS, {"filiera": NAMESPACE}], **what, **inner, **said}


def codes(said: dict[str, Any]) -> list[str]:
    return [problem.code for problem in problems(said)]


@pytest.mark.parametrize("name", OWN_TERMS)
def test_every_term_takes_what_it_is_for_and_nothing_else(name: str) -> None:
    term = OWN_TERMS[name]
    for place in ("event", "ilmd"):
        said = event(**{name: GOOD[term.shape]}) if place == "event" else event({name: GOOD[term.shape]})
        assert codes(said) == ([] if place in term.on else ["own-term-place"])
        assert [problem.code for problem in judge(said)] == codes(said)
    for value in BAD[term.shape]:
        said = event(**{name: value}) if "event" in term.on else event({name: value})
        (problem,) = problems(said)
        assert (problem.code, problem.context["expected"]) == ("own-term-value", f"own-{term.shape}")
        assert problem.member.endswith("filiera:" + name)


def test_a_name_that_is_not_ours_is_refused_with_those_that_may_be_meant() -> None:
    (problem,) = problems(event(wasteKilos=Number("1")))
    assert (problem.code, problem.member) == ("own-term-unknown", "/filiera:wasteKilos")
    assert "wasteKg" in problem.context["allowed"]
    assert codes({**event(), "@context": [EPCIS, {"filiera": "https://ns.example.com/"}], "filiera:x": "y"}) == []
    assert codes(event() | {"other:wasteKilos": "y"}) == []


@pytest.mark.parametrize(
    ("context_", "name"),
    [
        ({"f": NAMESPACE}, "f:wasteKg"),
        ({"f": NAMESPACE.rstrip("/") + "#"}, "f:wasteKg"),
        ({"scarto": NAMESPACE + "wasteKg"}, "scarto"),
        ({"scarto": {"@id": NAMESPACE + "wasteKg"}}, "scarto"),
        ({"root": "https://filiera.invalid/", "f": "root:voc/"}, "f:wasteKg"),
        ({}, NAMESPACE + "wasteKg"),
    ],
)
def test_a_term_is_known_however_it_is_written(context_: dict[str, Any], name: str) -> None:
    assert own_name(name, namespaces([EPCIS, context_])) == "wasteKg"
    said = {"@context": [EPCIS, context_], name: Number("3")}
    assert own_value(said, "wasteKg") == Number("3")
    assert [found[2] for found in own_members(said)] == ["wasteKg"]


@pytest.mark.parametrize(
    ("value", "number"), [(Number("1e1"), "10"), ("12.50", "12.50"), (5, "5"), ("1e1", None), (True, None)]
)
def test_numbers_are_read_from_json_and_from_the_text_of_xml(value: Any, number: str | None) -> None:
    assert decimal(value) == (None if number is None else Decimal(number))


def test_our_context_gives_every_value_its_type() -> None:
    said = {"@context": [context()["@context"], dict(own_context())], "type": "ObjectEvent", "id": "urn:x:1"}
    said |= {f"filiera:{term.name}": "1" for term in OWN_TERMS.values()}
    (expanded,) = jsonld.expand(said)
    types = {
        "kilograms": "decimal",
        "number": "decimal",
        "count": "nonNegativeInteger",
        "text": "string",
        "day": "date",
    }
    for term in OWN_TERMS.values():
        (value,) = expanded[NAMESPACE + term.name]
        if term.shape == "uri":
            assert "@id" in value
        else:
            assert value["@type"] == "http://www.w3.org/2001/XMLSchema#" + types[term.shape]


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_shape_and_place_has_its_words(language: str) -> None:
    said = {f"own-{term.shape}" for term in OWN_TERMS.values()} | {"own-event", "own-ilmd"}
    assert said <= set(words(language))  # type: ignore[arg-type]


@pytest.mark.parametrize("page", ["epcis.md", "epcis.it.md"])
def test_the_pages_for_programs_name_every_term(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    assert [name for name in OWN_TERMS if f"`{name}`" not in text] == []
