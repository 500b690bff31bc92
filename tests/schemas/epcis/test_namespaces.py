"""A field of an extension has one name, whatever prefix or spelling its document gives it."""

from typing import Any

import pytest

from schemas.epcis.namespaces import extension_name, namespaces

NAME = "https://ns.example.com/epcis#yield"


@pytest.mark.parametrize(
    ("context", "written"),
    [
        ({"ex": "https://ns.example.com/epcis/"}, "ex:yield"),
        ({"ex": "https://ns.example.com/epcis#"}, "ex:yield"),
        ({"ex": "https://ns.example.com/epcis"}, "ex:yield"),
        ({"ex": {"@id": "https://ns.example.com/epcis/", "@prefix": True}}, "ex:yield"),
        (["https://ref.gs1.org/x", {"base": "https://ns.example.com/"}, {"ex": "base:epcis/"}], "ex:yield"),
        ({"yield": "https://ns.example.com/epcis/yield"}, "yield"),
        ({"ex": "https://ns.example.com/epcis/", "yield": "ex:yield"}, "yield"),
        (None, "https://ns.example.com/epcis/yield"),
        ({}, "https://ns.example.com/epcis#yield"),
    ],
)
def test_every_spelling_gives_one_name(context: Any, written: str) -> None:
    assert extension_name(written, namespaces(context)) == NAME


def test_what_nobody_explains_stands_for_itself() -> None:
    assert extension_name("ex:yield", {}) == "ex:#yield"
    assert extension_name("yield", {}) == "#yield"
    assert extension_name("cbvmda:lotNumber", {}) == "urn:epcglobal:cbv:mda:#lotNumber"
    assert extension_name("urn:epcglobal:cbv:mda:lotNumber", {}) == "urn:epcglobal:cbv:mda:#lotNumber"


@pytest.mark.parametrize("context", [None, 7, "https://a.example", [[]], {"@vocab": "x", "a": 7, "b": None, "c": {}}])
def test_a_context_of_any_shape_is_read(context: Any) -> None:
    assert namespaces(context) == {}


def test_terms_that_mean_each_other_end() -> None:
    assert set(namespaces({"a": "b:x", "b": "a:y"})) == {"a", "b"}
    assert len(namespaces({f"p{number}": "https://a.example/" for number in range(10_000)})) <= 512
