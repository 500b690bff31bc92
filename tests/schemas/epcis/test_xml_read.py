"""XML becomes the JSON-LD document of the same meaning: members, namespaces, numbers, extensions, headers, versions."""

from pathlib import Path
from typing import Any

import pytest

from schemas.epcis.event import split, with_context
from schemas.epcis.xml_read import XmlDocument, read_document
from schemas.epcis.xml_values import number
from schemas.errors import InputError
from schemas.syntax.json_text import Number
from schemas.wording import LANGUAGES, explain
from tests.official import official_files, present

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
FIRST = "<eventTime>2026-05-04T08:30:00.50+02:00</eventTime><eventTimeZoneOffset>+02:00</eventTimeZoneOffset>"
OBSERVED = "<epcList><epc>urn:epc:id:sscc:9521234.0000000111</epc></epcList><action>OBSERVE</action>"


def document(events: str, *, version: int = 2, root: str = "", around: str = "", header: str = "") -> bytes:
    return (
        f'<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:{version}" schemaVersion="{version}.0" {root} '
        f'creationDate="2026-05-04T09:00:00Z">{header}<EPCISBody><EventList>{events}</EventList>{around}</EPCISBody>'
        "</e:EPCISDocument>"
    ).encode()


def observed(more: str = "", *, attributes: str = "") -> str:
    return f"<ObjectEvent {attributes}>{FIRST}{OBSERVED}{more}</ObjectEvent>"


def event(data: bytes) -> dict[str, Any]:
    found: XmlDocument = read_document(data)
    assert found.problems == ()
    sent = split(found.tree)
    (only,) = sent.events
    return with_context(sent.context, only)  # type: ignore[arg-type]


def problems(data: bytes) -> list[tuple[str, int | None, str, int]]:
    found = read_document(data).problems
    return [(problem.code, problem.event, problem.member, problem.context["line"]) for problem in found]


def test_a_document_as_a_whole() -> None:
    found = read_document(document(observed(), root='xmlns:x="http://x.example/" x:a="1"'))
    assert (found.version, found.kind) == ("2.0", "EPCISDocument")
    assert found.tree == {
        "@context": [CONTEXT, {"x": "http://x.example/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-05-04T09:00:00Z",
        "x:a": "1",
        "epcisBody": {
            "eventList": [
                {
                    "type": "ObjectEvent",
                    "eventTime": "2026-05-04T08:30:00.50+02:00",
                    "eventTimeZoneOffset": "+02:00",
                    "epcList": ["urn:epc:id:sscc:9521234.0000000111"],
                    "action": "OBSERVE",
                }
            ]
        },
    }


def test_lists_words_and_attributes_of_a_full_event() -> None:
    more = """
      <bizStep> urn:epcglobal:cbv:bizstep:shipping </bizStep><disposition>https://ref.gs1.org/cbv/Disp-in_transit</disposition>
      <bizTransactionList><bizTransaction type="urn:epcglobal:cbv:btt:po">
          urn:coop:po:1 </bizTransaction><bizTransaction>urn:coop:po:2</bizTransaction></bizTransactionList>
      <quantityList><quantityElement><epcClass>urn:a:b</epcClass><quantity>1.50</quantity><uom>KGM</uom></quantityElement>
        <quantityElement><epcClass>urn:a:c</epcClass><quantity xsi:nil="true"/></quantityElement></quantityList>
      <sourceList><source type="urn:epcglobal:cbv:sdt:location">urn:a:s</source></sourceList>
      <sensorElementList><sensorElement><sensorMetadata time="2026-05-04T06:00:00Z" x:m="a"/>
        <sensorReport type="gs1:Temperature" value="+04.0" booleanValue="1" component="cbv:Comp-x" x:r=" b "/>
        <sensorReport type="gs1:MT-Odd" hexBinaryValue="0F" value="1E2"/><x:f>1</x:f></sensorElement>
      </sensorElementList>
      <persistentDisposition><unset>urn:epcglobal:cbv:disp:damaged</unset><set>urn:x:disp:a</set><set>urn:x:disp:b</set>
      </persistentDisposition>
      <ilmd><m:lotNumber>L7</m:lotNumber></ilmd>"""
    spaces = 'xmlns:x="http://x.example/" xmlns:m="urn:epcglobal:cbv:mda"'
    spaces += ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    got = event(document(observed(more), root=spaces))
    assert (got["bizStep"], got["disposition"]) == ("shipping", "in_transit")
    assert got["bizTransactionList"] == [
        {"type": "po", "bizTransaction": "urn:coop:po:1"},
        {"bizTransaction": "urn:coop:po:2"},
    ]
    assert got["quantityList"] == [
        {"epcClass": "urn:a:b", "quantity": Number("1.50"), "uom": "KGM"},
        {"epcClass": "urn:a:c"},
    ]
    assert got["sourceList"] == [{"type": "location", "source": "urn:a:s"}]
    assert got["sensorElementList"] == [
        {
            "sensorMetadata": {"time": "2026-05-04T06:00:00Z", "x:m": "a"},
            "sensorReport": [
                {
                    "type": "Temperature",
                    "value": Number("4.0"),
                    "booleanValue": True,
                    "component": "x",
                    "x:r": " b ",
                },
                {"type": "gs1:MT-Odd", "hexBinaryValue": "0F", "value": Number("1E2")},
            ],
            "x:f": "1",
        }
    ]
    assert got["persistentDisposition"] == {"unset": ["damaged"], "set": ["urn:x:disp:a", "urn:x:disp:b"]}
    assert got["ilmd"] == {"cbvmda:lotNumber": "L7"}


def test_extensions_are_objects_lists_and_texts() -> None:
    more = """<x:a> 1 </x:a><x:b/><x:c u="2">3</x:c><x:d><x:e>1</x:e><plain>2</plain><x:e x:f="4"/></x:d>
      <x:a><x:g xsi:type="y:int">5</x:g></x:a>"""
    spaces = 'xmlns:x="http://x.example/" xmlns:y="urn:y" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    got = event(document(observed(more, attributes='x:h="6"'), root=spaces))
    assert {name: got[name] for name in got if name.startswith("x:")} == {
        "x:h": "6",
        "x:a": [" 1 ", {"x:g": {"#text": "5", "xsi:type": "y:int"}}],
        "x:b": "",
        "x:c": {"#text": "3", "u": "2"},
        "x:d": {"x:e": ["1", {"x:f": "4"}], "plain": "2"},
    }
    xsi = {"@id": "http://www.w3.org/2001/XMLSchema-instance", "@prefix": True}
    assert got["@context"] == [
        CONTEXT,
        {"x": "http://x.example/", "y": {"@id": "urn:y", "@prefix": True}},
        {"xsi": xsi},
    ]


def test_what_one_event_brings_is_its_own() -> None:
    data = document(
        observed("<x:a>1</x:a>", attributes='xmlns:x="http://one.example/"')
        + observed("<x:a>1</x:a>", attributes='xmlns:x="http://two.example/"')
        + observed()
    )
    first, second, third = read_document(data).tree["epcisBody"]["eventList"]  # type: ignore[call-overload,index]
    assert (first["@context"], second["@context"]) == ({"x": "http://one.example/"}, {"x": "http://two.example/"})
    assert "@context" not in third


@pytest.mark.parametrize(
    ("spaces", "more", "names"),
    [
        # One prefix for two namespaces inside an event, in a name and in a value.
        (
            'xmlns:x="http://a.example/"',
            '<bizStep xmlns:x="http://b.example/">x:s</bizStep><x:a/><x:a xmlns:x="http://b.example/"/>',
            {"x:a": "", "x_2:a": "", "bizStep": "x_2:s"},
        ),
        # A prefix that JSON-LD or a URI gives another meaning.
        ('xmlns:type="http://a.example/"', "<type:a/>", {"type_2:a": ""}),
        ('xmlns:urn="http://a.example/"', "<urn:a/>", {"urn_2:a": ""}),
        ('xmlns:https="http://a.example/"', "<https:a/>", {"https_2:a": ""}),
        ('xmlns:gs1="http://a.example/"', "<gs1:a/>", {"gs1_2:a": ""}),
        # No prefix at all.
        ("", '<a xmlns="http://a.example/"><b/></a>', {"ns:a": {"ns:b": ""}}),
        # GS1's own namespaces under another name.
        ('xmlns:v="https://ref.gs1.org/voc/"', "<v:a/>", {"gs1:a": ""}),
        ('xmlns:q="urn:epcglobal:cbv:mda#"', "<q:a/>", {"cbvmda:a": ""}),
        ('xmlns:q="http://www.w3.org/2000/01/rdf-schema#"', "<q:comment>c</q:comment>", {"rdfs:comment": "c"}),
    ],
)
def test_prefixes_keep_their_namespace_even_where_they_cannot_keep_their_name(
    spaces: str, more: str, names: dict[str, Any]
) -> None:
    got = event(document(observed(more), root=spaces))
    assert {name: got[name] for name in got if name in names} == names


def test_an_element_in_the_documents_namespace_is_a_standard_one() -> None:
    data = observed().replace("<", "<e:").replace("<e:/", "</e:")
    assert event(document(data)) == {**event(document(observed()))}


def test_what_1_x_wraps_stands_in_its_place() -> None:
    more = """<extension><quantityList><quantityElement><epcClass>urn:a:b</epcClass></quantityElement></quantityList>
      <extension><certificationInfo>urn:c</certificationInfo></extension></extension>"""
    base = "<baseExtension><eventID>urn:uuid:1</eventID></baseExtension>"
    wrapped = f"<ObjectEvent>{FIRST}{base}{OBSERVED}{more}</ObjectEvent>"
    made = f"<TransformationEvent>{FIRST}<transformationID>urn:t</transformationID></TransformationEvent>"
    found = read_document(document(f"{wrapped}<extension>{made}</extension>", version=1))
    assert (found.version, found.tree["schemaVersion"]) == ("1.0", "2.0")
    first, second = found.tree["epcisBody"]["eventList"]  # type: ignore[call-overload,index]
    assert (first["eventID"], first["certificationInfo"]) == ("urn:uuid:1", "urn:c")
    assert first["quantityList"] == [{"epcClass": "urn:a:b"}]
    assert (second["type"], second["transformationID"]) == ("TransformationEvent", "urn:t")


def test_a_quantity_event_is_the_object_event_that_replaced_it() -> None:
    old = f"<QuantityEvent>{FIRST}<epcClass>urn:a:b</epcClass><quantity>5</quantity></QuantityEvent>"
    found = read_document(document(old, version=1))
    (got,) = found.tree["epcisBody"]["eventList"]  # type: ignore[call-overload,index]
    assert got["quantityList"] == [{"epcClass": "urn:a:b", "quantity": Number("5")}]
    assert (got["type"], got["action"], got["epcList"]) == ("ObjectEvent", "OBSERVE", [])
    assert [(loss.code, loss.event) for loss in found.losses] == [("xml-loss-quantity-event", 0)]


def test_an_event_of_another_type_keeps_it() -> None:
    other = f'<extension><x:Grafting xmlns:x="http://x.example/">{FIRST}<x:a/><bizStep>urn:b</bizStep></x:Grafting></extension>'
    got = event(document(other))
    assert (got["type"], got["x:a"], got["bizStep"]) == ("x:Grafting", "", "urn:b")


def test_query_results() -> None:
    results = (
        f"<QueryResults><queryName>q</queryName><subscriptionID>s</subscriptionID><resultsBody><EventList>{observed()}"
    )
    data = f"""<q:EPCISQueryDocument xmlns:q="urn:epcglobal:epcis-query:xsd:2" schemaVersion="2.0"
      creationDate="2026-05-04T09:00:00Z"><EPCISBody>{results.replace("QueryResults", "q:QueryResults")}</EventList>
      </resultsBody></q:QueryResults></EPCISBody></q:EPCISQueryDocument>"""
    results_of = read_document(data.encode()).tree["epcisBody"]["queryResults"]  # type: ignore[call-overload,index]
    assert (results_of["queryName"], results_of["subscriptionID"]) == ("q", "s")
    assert len(results_of["resultsBody"]["eventList"]) == 1


PARTIES = """<s:StandardBusinessDocumentHeader><s:HeaderVersion>1.0</s:HeaderVersion>
  <s:Sender><s:Identifier>urn:a:from</s:Identifier></s:Sender><s:Receiver><s:Identifier{}>urn:a:to</s:Identifier></s:Receiver>
  <s:DocumentIdentification><s:Standard>EPCglobal</s:Standard><s:TypeVersion>1.0</s:TypeVersion>
  <s:InstanceIdentifier> 77 </s:InstanceIdentifier><s:Type>Events</s:Type>
  <s:CreationDateAndTime>2026-05-04T09:00:00Z</s:CreationDateAndTime></s:DocumentIdentification>
  </s:StandardBusinessDocumentHeader>"""
AUTHORITY = " Authority='GS1'"
SBDH = 'xmlns:s="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"'


def test_a_business_header_gives_sender_receiver_and_identifier() -> None:
    header = f"<EPCISHeader {SBDH}>{PARTIES.format('')}</EPCISHeader>"
    tree = read_document(document(observed(), header=header)).tree
    assert (tree["sender"], tree["receiver"], tree["instanceIdentifier"]) == ("urn:a:from", "urn:a:to", "77")
    assert "epcisHeader" not in tree


def test_a_business_header_that_says_more_is_kept_whole() -> None:
    header = f"<EPCISHeader {SBDH}>{PARTIES.format(AUTHORITY)}</EPCISHeader>"
    tree: Any = read_document(document(observed(), header=header)).tree
    assert tree["receiver"] == "urn:a:to"
    whole = tree["epcisHeader"]["sbdh:StandardBusinessDocumentHeader"]
    assert whole["sbdh:Receiver"] == {"sbdh:Identifier": {"#text": "urn:a:to", "Authority": "GS1"}}
    assert "sbdh" in tree["@context"][1]


def test_master_data() -> None:
    header = """<EPCISHeader><extension><EPCISMasterData><VocabularyList><Vocabulary type="urn:t">
      <VocabularyElementList><VocabularyElement id="urn:e"><attribute id="urn:n">A &amp; B</attribute>
      <attribute id="urn:o"><x:p>1</x:p></attribute><children><id>urn:f</id></children></VocabularyElement>
      </VocabularyElementList></Vocabulary></VocabularyList></EPCISMasterData></extension></EPCISHeader>"""
    tree: Any = read_document(document("", header=header, root='xmlns:x="http://x.example/"')).tree
    attributes = [{"id": "urn:n", "attribute": "A & B"}, {"id": "urn:o", "attribute": {"x:p": "1"}}]
    element = {"id": "urn:e", "attributes": attributes, "children": ["urn:f"]}
    vocabulary = {"type": "urn:t", "vocabularyElementList": [element]}
    assert tree["epcisHeader"] == {"epcisMasterData": {"vocabularyList": [vocabulary]}}


WRONG: list[tuple[str, str, str]] = [
    ("<epcList><epc>urn:a:b</epc></epcList>", "xml-repeated-element", "/epcList"),
    ("<action>ADD</action>", "xml-repeated-element", "/action"),
    ("<quantityList><thing/></quantityList>", "xml-unexpected-element", "/quantityList"),
    ("<bizStep><b/></bizStep>", "xml-unexpected-element", "/bizStep"),
    ("<bizStep lang='it'>urn:b</bizStep>", "xml-unexpected-attribute", "/bizStep"),
    ("<readPoint>urn:b</readPoint>", "xml-unexpected-text", "/readPoint"),
    ("<type>ObjectEvent</type>", "xml-unexpected-element", ""),
    ("<x:a xmlns:x='urn:x:'>one<x:b/>two</x:a>", "xml-mixed-text", "/x:a"),
    ("text", "xml-unexpected-text", ""),
]


@pytest.mark.parametrize(("more", "code", "member"), WRONG)
def test_what_json_cannot_hold_is_a_problem_of_that_event_with_its_line(more: str, code: str, member: str) -> None:
    found = problems(document(observed() + "\n" + observed("\n" + more)))
    assert [(found_code, event, place) for found_code, event, place, _ in found] == [(code, 1, member)]
    assert found[0][3] in (2, 3)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<a xmlns="urn:epcglobal:epcis:xsd:2"/>', "xml-not-epcis"),
        (b'<EPCISDocument xmlns="urn:epcglobal:epcis:xsd:3"/>', "xml-not-epcis"),
        (b"<EPCISDocument/>", "xml-not-epcis"),
        (b'<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:2"/>', "xml-without-body"),
        (
            b'<q:EPCISQueryDocument xmlns:q="urn:epcglobal:epcis-query:xsd:2"><EPCISBody><q:Poll/></EPCISBody>'
            b"</q:EPCISQueryDocument>",
            "xml-not-results",
        ),
        (document(observed("<x:a xmlns:x='urn:x:'>" + "<x:b>" * 35 + "</x:b>" * 35 + "</x:a>")), "json-too-deep"),
    ],
)
def test_what_is_no_epcis_document_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError, match=code) as refused:
        read_document(data)
    for language in LANGUAGES:
        assert "{" not in explain(refused.value, language)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1.50", Number("1.50")),
        ("-0", Number("-0")),
        ("+5", Number("5")),
        ("007.50", Number("7.50")),
        (".5", Number("0.5")),
        ("5.", Number("5")),
        ("0", Number("0")),
        ("-.5E+3", Number("-0.5e+3")),
        ("00", Number("0")),
        ("INF", "INF"),
        ("NaN", "NaN"),
        ("", ""),
        (".", "."),
        ("1,5", "1,5"),
        ("9" * 65, "9" * 65),
    ],
)
def test_a_number_keeps_its_text_where_json_can_write_it(text: str, read: Any) -> None:
    assert number(text) == read


@pytest.mark.parametrize("file", official_files("gs1/gs1-epcis/XML/**/*.xml", "gs1/openepcis-test-resources/**/*.xml"))
def test_every_official_document_is_read_or_refused_in_words(file: Path) -> None:
    data = present(file).read_bytes()
    if file.parent.name == "CaptureJob" or "Queries" in file.parts or "missing_value" in file.name:
        with pytest.raises(InputError, match=r"xml-not-(epcis|results)"):
            read_document(data)
    else:
        assert read_document(data).tree["type"]
