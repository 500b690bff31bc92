"""Which binding a text is in, and what only the JSON binding demands: held to the official XML schema."""

import pytest
from lxml import etree

from schemas.epcis.binding import binding
from schemas.epcis.holders import DOCUMENTS, EVENTS, OBJECTS
from tests.official import official

XSD = "gs1/epcis-schemas-2.0.1/xsd/2_0_0/EPCglobal-epcis-2_0.xsd"
SCHEMA = "{http://www.w3.org/2001/XMLSchema}"


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/xml", "xml"),
        ("Text/XML; charset=utf-8", "xml"),
        ("application/ld+json", "json"),
        ("application/json;charset=utf-8", "json"),
        ("application/xmlish", "json"),
        ("image/png", "json"),
        ("", "json"),
        (None, "json"),
        (7, "json"),
    ],
)
def test_a_media_type_says_the_binding_and_whatever_is_not_xml_is_judged_as_json(
    media_type: object, expected: str
) -> None:
    assert binding(media_type) == expected


def test_only_json_demands_what_the_xml_schema_has_optional() -> None:
    """Of every event and object that has a type of its own in the XML schema: nothing but what the table says."""
    optional = {
        kind.get("name"): {
            *(item.get("name") for item in kind.iter(SCHEMA + "element") if item.get("minOccurs") == "0"),
            *(item.get("name") for item in kind.iter(SCHEMA + "attribute") if item.get("use") != "required"),
        }
        for kind in etree.parse(str(official(XSD))).iter(SCHEMA + "complexType")
    }
    compared = {}
    for holder in (*EVENTS, *OBJECTS, *DOCUMENTS):
        name = holder.name[0].upper() + holder.name[1:] + "Type"
        if name in optional:
            compared[holder.name] = set(holder.required) & optional[name]
            assert compared[holder.name] == holder.json_asks
    assert len(compared) == 14
    assert compared["sensorReport"] == {"type"}
