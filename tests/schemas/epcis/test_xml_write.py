"""What is written is valid by the official schemas and reads back as it was; what cannot be written is said.

Round trips are compared by `meaning.py`, exactly: the text of every number and time counts.
"""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ledger.capture.document import read_document as judged
from schemas.epcis.document import read_any
from schemas.epcis.event import EventDict, split, with_context
from schemas.epcis.event_hash import event_hash
from schemas.epcis.validate import event_problems
from schemas.epcis.xml_layout import NEVER_EMPTY
from schemas.epcis.xml_layout import Written as Version
from schemas.epcis.xml_read import read_document
from schemas.epcis.xml_write import VERSIONS, write_document
from schemas.errors import InputError
from schemas.gs1.company_prefix import CompanyPrefixes
from schemas.syntax.json_text import Json, Number
from schemas.wording import LANGUAGES, sentence
from tests.official import official, official_files, present
from tests.schemas.epcis.meaning import event_meaning

CREATED = "2026-05-04T09:00:00Z"
CONTEXT: list[Json] = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"ext": "http://ext.example/", "bare": {"@id": "http://bare.example/terms", "@prefix": True}},
]
EVENT: dict[str, Any] = {
    "@context": CONTEXT,
    "type": "ObjectEvent",
    "eventTime": "2026-05-04T08:30:00.50+02:00",
    "eventTimeZoneOffset": "+02:00",
    "epcList": ["urn:epc:id:sscc:9521234.0000000111"],
    "action": "OBSERVE",
}
XSDS = {
    "urn:epcglobal:epcis:xsd:2": "2_0_0/EPCglobal-epcis-2_0.xsd",
    "urn:epcglobal:epcis-query:xsd:2": "2_0_0/EPCglobal-epcis-query-2_0.xsd",
    "urn:epcglobal:epcis:xsd:1": "1_2_0/EPCglobal-epcis-1_2.xsd",
    "urn:epcglobal:epcis-query:xsd:1": "1_2_0/EPCglobal-epcis-query-1_2.xsd",
}
DOCUMENTS = official_files(
    "gs1/gs1-epcis/JSON/**/*.json*",
    "gs1/gs1-epcis/XML/**/*.xml",
    "gs1/gs1-epcis/XSL/1.2/XML/*.xml",
    "gs1/openepcis-test-resources/**/*.json*",
    "gs1/openepcis-test-resources/**/*.xml",
    "gs1/event-hash-vectors-2026-07/documents/*.*",
    "gs1/opentraceability-gdst/test-data/*.json*",
)
# Its own extensions are not of the `xsi:type` they claim, in what was read as in what is written.
MISTYPED = "1.2/EPCIS/XML/Capture/Documents/AggregationEvent_all_possible_fields.xml"


@cache
def schema(path: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(official(f"gs1/epcis-schemas-2.0.1/xsd/{path}"))))


def schema_errors(data: bytes) -> list[str]:
    root = etree.fromstring(data)
    found = schema(XSDS[str(etree.QName(root).namespace)])
    found.validate(root)
    return [str(error.message) for error in found.error_log]


def events(tree: Json) -> list[EventDict]:
    sent = split(tree)
    return [with_context(sent.context, event) for event in sent.events]  # type: ignore[arg-type]


def said(tree: Json, version: Version = "2.0") -> list[dict[str, Any]]:
    """What the events of a document say; 1.2 has two lists even where they are empty."""
    found = [event_meaning(event) for event in events(tree)]
    if version == "2.0":
        return found
    return [{k: v for k, v in event.items() if v or k not in ("epcList", "childEPCs")} for event in found]


def sound(file: Path) -> Json:
    """The document of a file that is valid; None for one that is not, and so is not converted."""
    data = present(file).read_bytes()
    try:
        judged(data, media_type=None).check()
    except InputError:
        return None
    return read_any(data).tree


def document(*events: Any, **more: Any) -> Json:
    body: Json = {"eventList": list(events)}
    return {"@context": CONTEXT, "type": "EPCISDocument", "creationDate": CREATED, "epcisBody": body, **more}


def losses(tree: Json, version: Version = "2.0") -> list[tuple[str, int | None, str]]:
    found = write_document(tree, version=version).losses
    for loss in found:
        for language in LANGUAGES:
            assert "{" not in sentence(loss.code, loss.context, language)
    return [(loss.code, loss.event, loss.member) for loss in found]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("file", DOCUMENTS)
def test_every_official_document_is_written_valid_and_reads_back_as_it_was(file: Path, version: Version) -> None:
    tree = sound(file)
    if tree is None:
        return
    written = write_document(tree, version=version, created=CREATED)
    errors = schema_errors(written.data)
    assert [error for error in errors if "xs:dateTime" not in error or not str(file).endswith(MISTYPED)] == []
    back = read_document(written.data)
    assert back.problems == ()
    assert said(back.tree, version) == said(tree, version)
    assert [event_hash(event) for event in events(back.tree)] == [event_hash(event) for event in events(tree)]
    again = write_document(back.tree, version=version)
    assert read_document(again.data).tree == back.tree


@pytest.mark.parametrize("file", DOCUMENTS)
def test_only_what_is_named_here_is_lost_of_an_official_document(file: Path) -> None:
    """The `id` of a document, the kinds of extensions, and in two documents a typed term and a header's element."""
    known = {"xml-loss-id", "xml-loss-kind"}
    if file.name == "Example-TransactionEvents-2020_07_03y.jsonld":
        known.add("xml-loss-context")
    if file.name == "EPCISDocument_with_comment.xml":
        known.add("xml-loss-structure")
    tree = sound(file)
    assert tree is None or {loss.code for loss in write_document(tree, created=CREATED).losses} <= known


def test_most_official_documents_are_valid_and_so_converted() -> None:
    official("gs1/gs1-epcis/JSON")
    assert sum(sound(param.values[0]) is not None for param in DOCUMENTS) == 204


letters = st.text("abcXYZ_", min_size=1, max_size=4).filter(lambda name: name[:3].lower() != "xml")
spaces = st.sampled_from(["ext", "bare", "cbvmda", "gs1"])
names = st.builds("{}:{}".format, spaces, letters)
texts = st.text(max_size=12).map(lambda text: "".join(c if c.isprintable() or c in "\t\n\r" else "" for c in text))
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-9999, max_value=9999)
scalars = texts | st.booleans() | numbers.map(lambda value: Number(str(value)))
bare_names = st.sampled_from(["plain", "id", "type"])
values = st.recursive(
    scalars | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3).filter(lambda items: not any(isinstance(item, list) for item in items))
        | st.dictionaries(names | bare_names, inner, max_size=3)
        | st.builds(lambda text, rest: {"#text": f"t{text}", **rest}, texts, st.dictionaries(names, inner, max_size=2))
    ),
    max_leaves=8,
)
extensions = st.dictionaries(names, values, max_size=4)
flat = st.dictionaries(names, scalars, max_size=2)
uris = st.sampled_from(
    ["urn:x:1", "https://x.example/a?b=c&d='e'", "https://id.gs1.org/01/09521234543213/10/L7", "ext:word"]
)
quantities = st.lists(
    st.fixed_dictionaries(
        {"epcClass": uris},
        optional={"quantity": numbers.map(lambda value: Number(str(value))), "uom": st.sampled_from(["KGM", "LTR"])},
    ),
    max_size=2,
)
reports = st.builds(
    lambda report, further: {**report, **further},
    st.fixed_dictionaries(
        {"type": st.sampled_from(["Temperature", "gs1:MT-Odd", "ext:Sugar"])},
        optional={
            "value": st.sampled_from([Number("4.50"), Number("1E-3"), Number("-0")]),
            "stringValue": texts,
            "booleanValue": st.booleans(),
            "component": st.sampled_from(["x", "ext:c"]),
        },
    ),
    flat,
)
elements = st.builds(
    lambda metadata, reports, further: {"sensorMetadata": metadata, "sensorReport": reports, **further},
    flat.map(lambda members: {"time": "2026-05-04T08:30:00Z", **members}),
    st.lists(reports, min_size=1, max_size=2),
    extensions,
)
places = st.builds(lambda uri, further: {"id": uri, **further}, uris, extensions)
members = st.fixed_dictionaries(
    {},
    optional={
        "eventID": st.just("urn:uuid:1"),
        "recordTime": st.just("2026-05-04T08:31:00Z"),
        "certificationInfo": uris | st.builds(lambda uri: [uri], uris),
        "errorDeclaration": extensions.map(
            lambda further: {"declarationTime": CREATED, "reason": "did_not_occur", **further}
        ),
        "bizStep": st.sampled_from(["shipping", "ext:step"]),
        "disposition": st.just("in_transit"),
        "readPoint": places,
        "bizLocation": places,
        "bizTransactionList": st.lists(st.builds(lambda uri: {"type": "po", "bizTransaction": uri}, uris), max_size=2),
        "sourceList": st.lists(st.builds(lambda uri: {"type": "location", "source": uri}, uris), max_size=2),
        "destinationList": st.lists(st.builds(lambda uri: {"type": "ext:t", "destination": uri}, uris), max_size=2),
        "quantityList": quantities,
        "sensorElementList": st.lists(elements, max_size=2),
        "persistentDisposition": st.just({"set": ["damaged"], "unset": ["active", "ext:d"]}),
        "ilmd": extensions,
    },
)


@pytest.mark.parametrize("version", VERSIONS)
@given(members, extensions)
def test_any_event_with_any_extensions_comes_back(version: Version, standard: Any, further: Any) -> None:
    event = {**EVENT, "action": "ADD", **standard, **further}
    tree = document(event)
    assert event_problems(with_context(CONTEXT, event)) == []
    written = write_document(tree, version=version)
    assert {loss.code for loss in written.losses} <= {"xml-loss-kind", "xml12-in-extension", "spelling-prefix-unknown"}
    assert schema_errors(written.data) == []
    back = read_document(written.data)
    assert (back.problems, back.losses) == ((), ())
    assert said(back.tree, version) == said(tree, version)
    assert [event_hash(found) for found in events(back.tree)] == [event_hash(found) for found in events(tree)]


def test_every_type_of_event_in_both_versions() -> None:
    kinds = {
        "ObjectEvent": {},
        "AggregationEvent": {
            "parentID": "urn:a:p",
            "childEPCs": ["urn:a:c"],
            "childQuantityList": [{"epcClass": "urn:a:d"}],
        },
        "TransactionEvent": {"bizTransactionList": [{"bizTransaction": "urn:a:t"}], "parentID": "urn:a:p"},
        "TransformationEvent": {
            "inputEPCList": ["urn:a:i"],
            "outputEPCList": ["urn:a:o"],
            "transformationID": "urn:a:x",
        },
        "AssociationEvent": {"parentID": "urn:a:p", "childEPCs": ["urn:a:c"]},
    }
    without = {
        "TransformationEvent": ("action", "epcList"),
        "AggregationEvent": ("epcList",),
        "AssociationEvent": ("epcList",),
    }
    made = []
    for kind, more in kinds.items():
        event = {**EVENT, "type": kind, "eventID": "urn:uuid:2", "certificationInfo": "urn:a:z", **more}
        made.append({name: value for name, value in event.items() if name not in without.get(kind, ())})
    for version in VERSIONS:
        written = write_document(document(*made), version=version)
        assert schema_errors(written.data) == []
        assert said(read_document(written.data).tree, version) == said(document(*made), version)


def test_an_event_of_another_type_is_written_in_2_0_alone() -> None:
    tree = document(
        {**EVENT, "type": "ext:Grafting", "ext:rootstock": "1103P", "quantityList": [{"epcClass": "urn:a:b"}]}
    )
    written = write_document(tree)
    assert schema_errors(written.data) == []
    assert said(read_document(written.data).tree) == said(tree)
    assert losses(tree, "1.2") == [("xml-loss-event", 0, "")]
    assert losses(document({**EVENT, "type": "Grafting"})) == [("xml-loss-event", 0, "")]


def test_query_results() -> None:
    results: Json = {"queryName": "q", "subscriptionID": "s", "resultsBody": {"eventList": [EVENT]}}
    tree: Json = {
        "@context": CONTEXT,
        "type": "EPCISQueryDocument",
        "creationDate": CREATED,
        "schemaVersion": "2.0",
        "epcisBody": {"queryResults": results},
    }
    for version in VERSIONS:
        written = write_document(tree, version=version)
        assert schema_errors(written.data) == []
        back: Any = read_document(written.data).tree
        assert said(back, version) == said(tree, version)
        assert (back["epcisBody"]["queryResults"]["queryName"], back["type"]) == ("q", "EPCISQueryDocument")


def test_events_by_themselves_become_a_document_made_when_it_is_said() -> None:
    for tree in (EVENT, [EVENT, EVENT]):
        written = write_document(tree, created=CREATED)
        assert schema_errors(written.data) == []
        assert said(read_document(written.data).tree) == said(tree)
        with pytest.raises(InputError, match="xml-without-date"):
            write_document(tree)


PARTIES = {"sender": "urn:a:from", "receiver": "urn:a:to", "instanceIdentifier": "7"}
MASTER: Json = {
    "vocabularyList": [
        {
            "type": "urn:epcglobal:epcis:vtype:Location",
            "vocabularyElementList": [
                {
                    "id": "urn:a:l",
                    "attributes": [
                        {"id": "urn:a:n", "attribute": "Sole & Figli"},
                        {"id": "urn:a:o", "attribute": {"ext:p": "1"}},
                    ],
                    "children": ["urn:a:m"],
                }
            ],
        }
    ]
}


def test_parties_and_master_data_come_back() -> None:
    tree: Any = document(EVENT, epcisHeader={"epcisMasterData": MASTER}, **PARTIES)
    for version in VERSIONS:
        written = write_document(tree, version=version)
        assert (written.losses, schema_errors(written.data)) == ((), [])
        back = read_document(written.data).tree
        assert {name: back[name] for name in (*PARTIES, "epcisHeader")} == {
            name: tree[name] for name in (*PARTIES, "epcisHeader")
        }


def test_a_whole_business_header_comes_back() -> None:
    file = official("gs1/openepcis-test-resources/1.2/EPCIS/XML/Capture/Documents/EPCISDocument_with_comment.xml")
    tree: Any = read_document(file.read_bytes()).tree
    for version in VERSIONS:
        back: Any = read_document(write_document(tree, version=version).data).tree
        name = "sbdh:StandardBusinessDocumentHeader"
        assert back["epcisHeader"][name] == tree["epcisHeader"][name]
        assert back["sender"] == "urn:epc:id:sgln:030001.111111.0"


def test_without_all_parties_there_is_no_header() -> None:
    assert losses(document(EVENT, sender="urn:a:from")) == [("xml-loss-parties", None, "/sender")]
    tree = document(EVENT, epcisHeader={"epcisMasterData": MASTER})
    assert losses(tree) == []
    assert losses(tree, "1.2") == [("xml12-loss-header", None, "/epcisHeader")]


LOST: list[tuple[dict[str, Any], str, str]] = [
    ({"ext:a": Number("1.50")}, "xml-loss-kind", "/ext:a"),
    ({"ext:a": ["b", True]}, "xml-loss-kind", "/ext:a/1"),
    ({"ext:a": [["b"]]}, "xml-loss-list", "/ext:a"),
    ({"ext:a": "bell\x07"}, "xml-loss-characters", "/ext:a"),
    ({"ext:1": "b"}, "xml-loss-name", "/ext:1"),
    ({"urn:1": "b"}, "xml-loss-name", "/urn:1"),
    ({"unknown": "b"}, "xml-loss-name", "/unknown"),
    ({"ext:a": {"@value": "b"}}, "xml-loss-name", "/ext:a/@value"),
    ({"ext:a": {"xmlns": "b", "#text": "c"}}, "xml-loss-name", "/ext:a/xmlns"),
    ({"certificationInfo": ["urn:a:b", "urn:a:c"]}, "xml-loss-further-values", "/certificationInfo"),
    ({"eventTime": "2026-05-04T08:30:60Z"}, "xml-loss-time", "/eventTime"),
    (
        {"quantityList": [{"epcClass": "urn:a", "quantity": Number("1e999")}]},
        "xml-loss-number",
        "/quantityList/0/quantity",
    ),
    ({"epcList": "urn:a:b"}, "xml-loss-value", "/epcList"),
    ({"readPoint": "urn:a:b"}, "xml-loss-value", "/readPoint"),
    ({"@context": [*CONTEXT, "https://other.example/context"]}, "xml-loss-context", "/@context"),
    ({"@context": [*CONTEXT, {"ext:t": {"@id": "ext:t", "@type": "@id"}}]}, "xml-loss-context", "/@context"),
    (
        {"sensorElementList": [{"sensorReport": [{"type": "Speed", "ext:a": {"ext:b": "c"}}]}]},
        "xml-loss-structure",
        "/sensorElementList/0/sensorReport/0/ext:a",
    ),
]


@pytest.mark.parametrize(("change", "code", "member"), LOST)
def test_what_xml_cannot_carry_is_said(change: dict[str, Any], code: str, member: str) -> None:
    assert losses(document(EVENT, {**EVENT, **change})) == [(code, 1, member)]


def test_the_rest_of_an_event_with_a_loss_is_there() -> None:
    written = write_document(document({**EVENT, "ext:1": "lost", "ext:a": "kept"}))
    assert said(read_document(written.data).tree) == said(document({**EVENT, "ext:a": "kept"}))


def test_what_1_2_does_not_know_stands_in_its_extension_and_is_said() -> None:
    event = {**EVENT, "certificationInfo": ["urn:a:b", "urn:a:c"], "persistentDisposition": {"set": ["damaged"]}}
    tree = document(event)
    assert losses(tree, "1.2") == [
        ("xml12-in-extension", 0, "/certificationInfo"),
        ("xml12-in-extension", 0, "/persistentDisposition"),
    ]
    written = write_document(tree, version="1.2")
    assert schema_errors(written.data) == []
    inner = etree.fromstring(written.data).findall(".//ObjectEvent/extension/extension/*")
    assert [str(element.tag) for element in inner] == [
        "certificationInfo",
        "certificationInfo",
        "persistentDisposition",
    ]
    assert said(read_document(written.data).tree, "1.2") == said(tree, "1.2")


def test_1_2_names_things_by_urn_where_the_company_prefix_is_known() -> None:
    event = {
        **EVENT,
        "epcList": ["https://id.gs1.org/00/095212340000001119", "https://www.example.com/about"],
        "readPoint": {"id": "https://coop.example/414/9521234000013"},
        "quantityList": [
            {"epcClass": "https://id.gs1.org/01/19521234543210/10/L7"},
            {"epcClass": "https://id.gs1.org/01/04012345000016"},
        ],
        "bizStep": "shipping",
    }
    written = write_document(document(event), version="1.2", prefixes=CompanyPrefixes(("9521234",)))
    (got,) = events(read_document(written.data).tree)
    assert got["epcList"] == ["urn:epc:id:sscc:9521234.0000000111", "https://www.example.com/about"]
    assert got["readPoint"] == {"id": "urn:epc:id:sgln:9521234.00001.0"}
    assert got["quantityList"] == [
        {"epcClass": "urn:epc:class:lgtin:9521234.154321.L7"},
        {"epcClass": "https://id.gs1.org/01/04012345000016"},
    ]
    assert [(loss.code, loss.member) for loss in written.losses] == [
        ("spelling-prefix-unknown", "/quantityList/1/epcClass")
    ]
    assert b"urn:epcglobal:cbv:bizstep:shipping" in written.data


def test_a_list_that_xml_cannot_write_empty_is_left_out() -> None:
    written = write_document(document({**EVENT, "epcList": [], **{name: [] for name in NEVER_EMPTY}}))
    assert schema_errors(written.data) == []
    (got,) = events(read_document(written.data).tree)
    assert got["epcList"] == []
    assert NEVER_EMPTY.isdisjoint(got)


def test_a_quantity_is_written_without_exponent_and_a_unit_without_a_quantity_with_a_nil_one() -> None:
    lines = [{"epcClass": "urn:a:b", "quantity": Number("1.5e3")}, {"epcClass": "urn:a:c", "uom": "KGM"}]
    written = write_document(document({**EVENT, "quantityList": lines}))
    assert schema_errors(written.data) == []
    (got,) = events(read_document(written.data).tree)
    assert got["quantityList"] == [
        {"epcClass": "urn:a:b", "quantity": Number("1500")},
        {"epcClass": "urn:a:c", "uom": "KGM"},
    ]


KNOWN = "xmlns xml:lang @context @id ext:a xmlns:a #text type id eventTime quantityList sensorElementList sensorReport"
KNOWN += " readPoint ilmd bizStep errorDeclaration http://a/b epcList"
any_names = st.text(max_size=6) | st.sampled_from(KNOWN.split())
trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_names, inner, max_size=4),
    max_leaves=12,
)
bound = st.text(max_size=6) | st.sampled_from(
    ["http://a/", "http://www.w3.org/2000/xmlns/", "http://www.w3.org/XML/1998/namespace"]
)


@given(st.dictionaries(any_names, trees, max_size=5), st.dictionaries(any_names, bound | trees, max_size=4), trees)
def test_whatever_the_tree_a_document_comes_out(event: Any, context: Any, other: Any) -> None:
    for version in VERSIONS:
        for kind in ("ObjectEvent", "TransformationEvent", "ext:Other", ""):
            tree = document({**event, "@context": context, "type": kind}, epcisHeader=other, **{"a:b": other})
            read_document(write_document(tree, version=version).data)
