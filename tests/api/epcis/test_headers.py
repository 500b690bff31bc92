"""Versions, forms and namespaces that client and server agree on."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from api.epcis.headers import CBV_FORMATS, EPC_FORMATS, Terms, check_version, extensions, negotiate, written
from api.epcis.representation import EVENTS, check_sent, wanted
from schemas.errors import InputError


def agreed(**headers: str) -> Terms:
    return negotiate(Headers({name.replace("_", "-"): value for name, value in headers.items()}))


def refused(**headers: str) -> str:
    with pytest.raises(InputError) as error:
        agreed(**headers)
    return error.value.code


def test_nothing_asked_is_everything_as_usual() -> None:
    assert agreed() == Terms()


@pytest.mark.parametrize("standard", ["EPCIS", "CBV"])
def test_a_range_must_hold_what_is_spoken(standard: str) -> None:
    for low, high in (("1.0", "2.0"), ("2.0.0", "2.0.0"), ("2.0.1", "3"), ("2", "2.0.1"), ("", "")):
        agreed(**{f"GS1_{standard}_Min": low, f"GS1_{standard}_Max": high})
    assert refused(**{f"GS1_{standard}_Min": "2.1"}) == "version-not-supported"
    assert refused(**{f"GS1_{standard}_Max": "1.2.9"}) == "version-not-supported"
    for value in ("two", "2.", ".2", "2.0-beta", "-2", "²", "1" * 9):
        assert refused(**{f"GS1_{standard}_Min": value}) == "header-value"


def test_a_document_of_an_older_release_is_read_in_xml_only() -> None:
    for version in ("1.0", "1.1", "1.2.0"):
        terms = agreed(GS1_EPCIS_Version=version)
        check_version(terms, xml=True)
        with pytest.raises(InputError, match="version-not-supported"):
            check_version(terms, xml=False)
    for xml in (True, False):
        check_version(agreed(GS1_EPCIS_Version="2.0.1"), xml=xml)
        with pytest.raises(InputError, match="version-not-supported"):
            check_version(agreed(GS1_EPCIS_Version="2.1"), xml=xml)


def test_forms_are_chosen_from_those_of_the_standard() -> None:
    for name in EPC_FORMATS:
        assert agreed(GS1_EPC_Format=name.upper()).epc_format == name
    for name in CBV_FORMATS:
        assert agreed(GS1_CBV_XML_Format=name).cbv_format == name
    assert refused(GS1_EPC_Format="Sometimes") == "header-value"
    assert refused(GS1_CBV_XML_Format="Always_EPC_URN") == "header-value"


def test_namespaces_are_read_from_one_header_or_several() -> None:
    found = extensions(["ex=https://example.org/voc/, b=urn:x:", "c=http://c/"])
    assert found == {"ex": "https://example.org/voc/", "b": "urn:x:", "c": "http://c/"}
    assert written(found) == "ex=https://example.org/voc/, b=urn:x:, c=http://c/"
    assert written({"a": "http://è/", "b": "x\r\nSet-Cookie: y"}) == ""


@given(st.text(max_size=60))
def test_no_header_is_our_fault(value: str) -> None:
    for read in (lambda: extensions([value]), lambda: check_sent(value), lambda: wanted(value, EVENTS)):
        with suppress(InputError):
            read()


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "a/json"),
        ("  ", "a/json"),
        ("*/*", "a/json"),
        ("a/*;q=0.1", "a/json"),
        ("a/xml", "a/xml"),
        ("a/json;q=0.2, a/xml;q=0.3", "a/xml"),
        ("a/json;q=0, */*", "a/xml"),
        ("text/html, a/xml;q=0.9, */*;q=0.1", "a/xml"),
        ("A/XML; charset=utf-8", "a/xml"),
    ],
)
def test_the_form_wanted_most_is_given(accept: str | None, form: str) -> None:
    assert wanted(accept, ["a/json", "a/xml"]) == form


@pytest.mark.parametrize("accept", ["text/html", "a/json;q=0", "a/json;q=x", "b/*", "/", ";"])
def test_what_can_not_be_given_is_refused(accept: str) -> None:
    with pytest.raises(InputError, match="not-acceptable"):
        wanted(accept, ["a/json"])
