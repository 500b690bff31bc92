"""The values of a record as fields of a form: shown short, read in any form, changed where they were touched."""

from typing import Any

import pytest

from api.pages.office.leaves import filled, leaves, offered, shown
from api.pages.shell.words import table
from schemas.epcis.own_terms import OWN_TERMS
from schemas.errors import InputError
from schemas.syntax.json_text import Number

LOT = "https://id.gs1.org/01/09520001000010/10/A"
EVENT: dict[str, Any] = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    "type": "ObjectEvent",
    "action": "OBSERVE",
    "bizStep": "shipping",
    "eventTime": "2026-07-01T06:30:00.125Z",
    "eventTimeZoneOffset": "+02:00",
    "epcList": ["urn:epc:id:sscc:9521001.0000000001"],
    "quantityList": [{"epcClass": LOT, "quantity": Number("1.50"), "uom": "KGM"}],
    "bizTransactionList": [{"type": "desadv", "bizTransaction": "urn:epcglobal:cbv:bt:9521001000017:2026-1"}],
    "destinationList": [{"type": "owning_party", "destination": "https://id.gs1.org/417/9521009000019"}],
}


def test_what_was_not_touched_stays_to_the_letter() -> None:
    sent = {leaf.name: shown(leaf, EVENT, "it") for leaf in (*leaves(EVENT), *offered(EVENT))}
    assert sent["/eventTime"] == "2026-07-01T08:30"
    assert sent["/quantityList/0/quantity"] == "1,50"
    assert sent["/bizTransactionList/0/bizTransaction"] == "2026-1"
    assert sent["/destinationList/0/destination"] == "9521009000019"
    assert filled(EVENT, sent, "it") == (EVENT, {})
    assert filled(EVENT, {}, "it") == (EVENT, {})


@pytest.mark.parametrize(
    ("name", "typed", "path", "value"),
    [
        ("/eventTime", "2026-07-02T09:00", ("eventTime",), "2026-07-02T09:00:00.000+02:00"),
        ("/quantityList/0/quantity", "1.250,5", ("quantityList", 0, "quantity"), Number("1250.5")),
        ("/bizTransactionList/0/bizTransaction", "2026-2", ("bizTransactionList", 0, "bizTransaction"),
         "urn:epcglobal:cbv:bt:9521001000017:2026-2"),
        ("/destinationList/+location/destination", "9521009000019", ("destinationList", 1),
         {"type": "location", "destination": "https://id.gs1.org/414/9521009000019"}),
        ("/filiera:carrier", "9521009000019", ("filiera:carrier",), "https://id.gs1.org/417/9521009000019"),
        ("/epcList/+", "(00)395210010000000018", ("epcList", 1), "https://id.gs1.org/00/395210010000000018"),
    ],
)  # fmt: skip
def test_what_was_typed_is_read_as_people_write_it(name: str, typed: str, path: tuple[Any, ...], value: Any) -> None:
    made, faults = filled(EVENT, {name: typed}, "it")
    assert faults == {}
    found: Any = made
    for part in path:
        found = found[part]
    assert found == value


@pytest.mark.parametrize(
    ("name", "gone"),
    [("/quantityList/0/epcClass", "quantityList"), ("/epcList/0", "epcList"),
     ("/destinationList/0/destination", "destinationList")],
)  # fmt: skip
def test_what_was_emptied_is_taken_out_with_its_row(name: str, gone: str) -> None:
    made, faults = filled(EVENT, {name: ""}, "en")
    assert faults == {}
    assert set(EVENT) - set(made) == {gone}


def test_what_cannot_be_read_is_named_by_its_field() -> None:
    typed = {"/eventTime": "ieri", "/quantityList/0/quantity": "", "/destinationList/0/destination": "Esperia"}
    made, faults = filled(EVENT, typed, "it")
    assert {name: error.code for name, error in faults.items()} == {
        "/eventTime": "correction-moment", "/destinationList/0/destination": "correction-place",
    }  # fmt: skip
    assert "quantity" not in made["quantityList"][0]  # type: ignore[operator, index]
    with pytest.raises(InputError):
        raise filled(EVENT, {"/eventTime": ""}, "it")[1]["/eventTime"]


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_term_of_ours_has_its_words(language: Any) -> None:
    assert {name for name in OWN_TERMS if f"leaf-{name}" not in table("office")[language]} == set()
