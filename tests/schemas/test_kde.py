"""What buyers ask for is found missing where it is entered, and only that."""

from typing import Any

import pytest

from schemas.kde import ASKS, SCHEMES, lacking
from schemas.master.terms import OBJECTS, fields
from schemas.syntax.json_text import Number
from tests.simulator.master import party, product, site


def members(tree: dict[str, Any], *schemes: str) -> list[str]:
    return ["|".join(ask.members) for ask in lacking(tree, schemes)]


def test_what_is_whole_lacks_nothing() -> None:
    assert members(party(), *SCHEMES) == []
    assert members(product(functionalName="Pesche"), *SCHEMES) == []


@pytest.mark.parametrize(
    ("tree", "scheme", "lacks"),
    [
        (party(contacts=None), "fsma204", ["contacts/phone"]),
        (party(contacts=[{"role": "recall", "email": "a@b.example"}]), "fsma204", ["contacts/phone"]),
        (party(vatNumber=None, taxCode=None), "ddt", ["vatNumber|taxCode"]),
        (party(vatNumber=None), "ddt", []),
        (party(address=None), "eu178", ["address", "address/street"]),
        (site(), "fsma204", ["contacts/phone", "address/region", "address/postalCode"]),
        (product(brand=None, variety=None), "fsma204", ["brand", "variety"]),
        (site(kind="field", polygon=None, coordinates=None), "eudr", ["polygon|coordinates"]),
        (site(kind="packhouse", polygon=None, coordinates=None), "eudr", []),
        (product(legalCategory="fish"), "fish58", ["species/faoCode"]),
        (product(species=None), "fish58", []),
        (party(address=None, withdrawn=True, reason="x"), "eu178", []),
        (party(address=None), "nobody", []),
    ],
)
def test_what_a_scheme_asks_for_is_told(tree: dict[str, Any], scheme: str, lacks: list[str]) -> None:
    assert members(tree, scheme) == lacks


def test_the_mandatory_is_told_first() -> None:
    strengths = [ask.strength for ask in lacking(product(variety=None, brand=None), ["fsma204", "eu931"])]
    assert strengths == ["mandatory", "recommended", "recommended"]


def test_every_thing_asked_for_is_a_member_that_can_be_said() -> None:
    for ask in ASKS:
        assert ask.scheme in SCHEMES
        for path in ask.members:
            known = fields(ask.kind)
            for name in path.split("/"):
                field = known[name]
                known = fields(field.shape) if field.shape in OBJECTS else {}
        if ask.only:
            name, _, value = ask.only.partition("=")
            assert value in fields(ask.kind)[name].words


def test_a_number_is_there_too() -> None:
    assert members(site(kind="field", coordinates={"latitude": Number("1"), "longitude": Number("1")}), "eudr") == []
