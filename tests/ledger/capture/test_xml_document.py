"""XML is judged as the JSON-LD it is read into, by what XML demands: what its schemas allow is taken, but for these."""

import hashlib
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from ledger.capture.document import read_document
from schemas.errors import InputError
from schemas.syntax.json_text import write
from schemas.wording import LANGUAGES, explain
from tests.official import DATA, official, official_files, present

XML = official_files(
    "gs1/gs1-epcis/XML/**/*.xml",
    "gs1/gs1-epcis/XSL/1.2/XML/*.xml",
    "gs1/openepcis-test-resources/**/*.xml",
    "gs1/event-hash-vectors-2026-07/documents/*.xml",
    "gs1/event-hash-legacy-2025/**/*.xml",
    "gs1/fastnt/**/*.xml",
    "gs1/opentraceability-gdst/**/*.xml",
)
SCHEMAS = {
    "urn:epcglobal:epcis:xsd:2": "2_0_0/EPCglobal-epcis-2_0.xsd",
    "urn:epcglobal:epcis-query:xsd:2": "2_0_0/EPCglobal-epcis-query-2_0.xsd",
    "urn:epcglobal:epcis-masterdata:xsd:2": "2_0_0/EPCglobal-epcis-masterdata-2_0.xsd",
    "urn:epcglobal:epcis:xsd:1": "1_2_0/EPCglobal-epcis-1_2.xsd",
    "urn:epcglobal:epcis-query:xsd:1": "1_2_0/EPCglobal-epcis-query-1_2.xsd",
    "urn:epcglobal:epcis-masterdata:xsd:1": "1_2_0/EPCglobal-epcis-masterdata-1_2.xsd",
}
# Valid by the XML schema, and refused: the code, and why.
REFUSED = {
    # Names that no EPCIS has, where 1.2 keeps a place for names of later EPCIS: without a namespace in the second
    # `extension`. The XML schema takes any there; the standard reserves them, so they are neither anybody's extension
    # nor known. One is called "vendor/user extension" all the same, one is `sensorMetaData`, a draft's spelling.
    "gs1-epcis/XSL/1.2/XML/ObjectEvent.xml": "unknown-member",
    "gs1-epcis/XSL/1.2/XML/AssociationEvent.xml": "unknown-member",
    # Identifiers that cannot be right.
    "openepcis-test-resources/2.0/EPCIS/XML/Query/queryDocument.xml": "wrong-check-digit",
    "opentraceability-gdst/test-data/gdst_extensions_01.xml": "urn-length",
    "opentraceability-gdst/test-data/gdst_extensions_02.xml": "urn-length",
    # A query and two exceptions: they hold no events.
    "openepcis-test-resources/2.0/EPCIS/XML/Query/Queries/SimpleEventQuery.xml": "xml-not-results",
    "fastnt/tests/v1_2/Communication/Resources/CallbackRequests/ImplementationExceptionRequest.xml": "xml-not-results",
    "fastnt/tests/v1_2/Communication/Resources/CallbackRequests/QueryTooLargeRequest.xml": "xml-not-results",
}
# Invalid by the XML schema, and taken, since the JSON model has no order and one place for each member: elements in
# another order, or inside or outside `extension` where the other is due.
_ORDER = {
    "event-hash-legacy-2025/examples/SensorDataExamples.xml",
    "event-hash-vectors-2026-07/documents/SensorDataExamples.xml",
    "openepcis-test-resources/1.2/EPCIS/XML/Capture/Documents/Jumbled_attributes_order.xml",
    "openepcis-test-resources/2.0/EPCIS/XML/Capture/Documents/JumbledFieldsOrder.xml",
    *(
        f"event-hash-legacy-2025/expected_equal/{name}.xml"
        for name in (
            "differentRepresentationsOfAggregationEvent",
            "differentRepresentationsOfObjectEvent",
            "differentRepresentationsOfTransformationEvent",
            "ignoreEmptyEpcList",
            "numberPrecision",
            "timestampPrecision",
            "timestampTimeZone",
            "timestampTimeZone2",
            "timestampTimeZone3",
        )
    ),
}
# … standard elements in the namespace of the document, an extension of the document before its body, query results
# without their namespace or right below the root, and extensions whose `xsi:type` their value does not have.
TAKEN = _ORDER | {
    "openepcis-test-resources/1.2/EPCIS/XML/Capture/Documents/Document_with_namespace.xml",
    "openepcis-test-resources/2.0/EPCIS/XML/Capture/Documents/Namespace_document.xml",
    *(
        f"event-hash-{room}/{name}.xml"
        for room in ("legacy-2025/examples", "vectors-2026-07/documents")
        for name in (
            "epcisQueryDocument",
            "epcisXmlDocHavingEventWithIgnoreFields",
            "epcisXmlQueryDocHavingEventWithIgnoreFields",
        )
    ),
    "openepcis-test-resources/1.2/EPCIS/XML/Capture/Documents/AggregationEvent_all_possible_fields.xml",
    "openepcis-test-resources/1.2/EPCIS/XML/Capture/Documents/AssociationEvent_all_possible_fields.xml",
}


@cache
def schema(path: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(official(f"gs1/epcis-schemas-2.0.1/xsd/{path}"))))


def valid(file: Path) -> bool | None:
    """The verdict of the official XML schema; None where it has none for such a root (events, capture jobs, SOAP)."""
    root = etree.parse(str(file)).getroot()
    name = etree.QName(root)
    known = name.localname in ("EPCISDocument", "EPCISQueryDocument", "EPCISMasterDataDocument")
    if not known or name.namespace not in SCHEMAS:
        return None
    return schema(SCHEMAS[name.namespace]).validate(root)


def verdict(file: Path) -> str:
    """`taken`, or the code it is refused with."""
    try:
        read_document(file.read_bytes(), media_type="application/xml", name=file.name).check()
    except InputError as refused:
        for language in LANGUAGES:
            text = explain(refused, language)
            assert file.name in text
            assert "{" not in text
        return refused.code
    return "taken"


@pytest.mark.parametrize("file", XML)
def test_the_verdict_on_every_official_document_is_that_of_the_xml_schema(file: Path) -> None:
    name = str(present(file).relative_to(DATA / "gs1"))
    allowed, found = valid(file), verdict(file)
    if name in REFUSED:
        assert (allowed, found) == (True, REFUSED[name])
    elif name in TAKEN:
        assert (allowed, found) == (False, "taken")
    elif allowed is not None:
        assert (found == "taken") is allowed


def test_all_exceptions_are_there() -> None:
    official("gs1/gs1-epcis/XML")
    names = {str(param.values[0].relative_to(DATA / "gs1")) for param in XML}
    assert set(REFUSED) | TAKEN <= names


INVALID = {
    "Capture/Invalid/ObjectEvent_bare_event_without_action.xml": ("missing-member", "/action"),
    "Capture/Invalid/ObjectEvent_with_invalid_action.xml": ("not-in-list", "/action"),
    "Capture/Invalid/ObjectEvent_with_invalid_eventTime_format.xml": ("not-a-time", "/eventTime"),
    "Capture/Invalid/ObjectEvent_with_unknown_element.xml": ("unknown-member", None),
    "Capture/Invalid/ObjectEvent_without_eventTime.xml": ("missing-member", "/eventTime"),
    # Its results have no name, which is found before any event is looked at.
    "Query/Invalid/QueryDocument_with_invalid_action.xml": ("missing-member", "/epcisBody/queryResults/queryName"),
    "Query/Invalid/QueryDocument_with_missing_value.xml": ("xml-not-results", None),
}


@pytest.mark.parametrize("name", INVALID)
def test_every_invalid_document_is_refused_for_its_own_reason(name: str) -> None:
    file = official(f"gs1/openepcis-test-resources/2.0/EPCIS/XML/{name}")
    code, member = INVALID[name]
    with pytest.raises(InputError) as refused:
        read_document(file.read_bytes(), media_type="text/xml", name=file.name).check()
    assert refused.value.code == code
    assert member is None or refused.value.context["member"] == member


EVENT = b"""<ObjectEvent><eventTime>2026-08-14T07:30:00+02:00</eventTime>
  <eventTimeZoneOffset>+02:00</eventTimeZoneOffset><epcList/><action>OBSERVE</action>%s</ObjectEvent>"""
DOCUMENT = b"""<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0"
  creationDate="2026-08-14T08:00:00Z"><EPCISBody><EventList>%s</EventList></EPCISBody></e:EPCISDocument>"""


def test_the_document_is_named_by_type_and_digest_of_what_was_sent() -> None:
    data = DOCUMENT % (EVENT % b"")
    taken = read_document(data, media_type="Application/XML; charset=utf-8", name="a.xml")
    assert (taken.media_type, taken.sha256) == ("application/xml", hashlib.sha256(data).digest())
    assert read_document(data, media_type=None).media_type == "application/xml"


def test_what_cannot_be_read_and_what_is_judged_are_problems_of_their_event() -> None:
    twice = EVENT % b"<action>ADD</action><bizStep>urn:epcglobal:cbv:bizstep:transforming</bizStep>"
    taken = read_document(DOCUMENT % (EVENT % b"" + twice + EVENT % b""), media_type="application/xml", name="a.xml")
    assert [[problem.code for problem in sent.problems] for sent in taken.events] == [
        [],
        ["xml-repeated-element", "unknown-word"],
        [],
    ]
    with pytest.raises(InputError, match="xml-repeated-element") as refused:
        taken.check()
    assert {"document": "a.xml", "event": 1, "member": "/action", "line": 4}.items() <= refused.value.context.items()


def test_what_is_wrong_around_the_events_refuses_the_document() -> None:
    data = (DOCUMENT % (EVENT % b"")).replace(b"<EPCISBody>", b"<EPCISBody><thing/>")
    with pytest.raises(InputError, match="xml-unexpected-element") as refused:
        read_document(data, media_type="application/xml", name="a.xml")
    assert refused.value.context["name"] == "thing"


REPORT = b"<sensorElementList><sensorElement><sensorReport %s/></sensorElement></sensorElementList>"
PLACE = "/sensorElementList/0/sensorReport/0/type"


def test_a_sensor_report_without_type_is_taken_from_xml_with_a_warning_and_refused_in_json() -> None:
    untyped = EVENT % (REPORT % b'exception="gs1:ALARM_CONDITION" booleanValue="true"')
    taken = read_document(DOCUMENT % untyped, media_type="text/xml").events[0]
    assert (taken.problems, [(odd.code, odd.member) for odd in taken.warnings]) == (
        (),
        [("sensor-report-without-type", PLACE)],
    )
    same = read_document(write(taken.event), media_type="application/ld+json").events[0]
    assert [(problem.code, problem.member) for problem in same.problems] == [("missing-member", PLACE)]


def test_a_type_that_is_no_word_is_refused_in_xml_too() -> None:
    judged = read_document(DOCUMENT % (EVENT % (REPORT % b'type=""')), media_type="text/xml").events[0]
    assert [(problem.code, problem.member) for problem in judged.problems] == [("unknown-word", PLACE)]


SENSORS = (
    "gs1-epcis/XML/WithSensorData/SensorDataExamples.xml",
    "openepcis-test-resources/2.0/EPCIS/XML/Capture/Documents/SensorData_with_combined_events.xml",
)


@pytest.mark.parametrize("name", SENSORS)
def test_the_official_sensor_examples_warn_of_each_report_that_has_no_type(name: str) -> None:
    document = read_document(official(f"gs1/{name}").read_bytes(), media_type="application/xml")
    assert document.problems == ()
    untyped = [odd for odd in document.warnings if odd.code == "sensor-report-without-type"]
    assert [odd.member for odd in untyped] == [
        "/sensorElementList/0/sensorReport/0/type",
        "/sensorElementList/0/sensorReport/1/type",
    ]
    assert len({odd.event for odd in untyped}) == 1
