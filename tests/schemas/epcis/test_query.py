"""A query is read whole or refused: every parameter of the official contract is known, and nothing else."""

import json
import re
from typing import Any

import pytest

from schemas.epcis.query import MOST_VALUES, Query, parse_query, query_from_json
from schemas.errors import InputError
from schemas.syntax.json_text import Number, read
from tests.official import official

BINDINGS = "gs1/gs1-epcis/REST_Bindings"


def refused(**parameters: str) -> InputError:
    with pytest.raises(InputError) as caught:
        parse_query({name: [value] for name, value in parameters.items()})
    return caught.value


def sample(name: str, schema: dict[str, Any]) -> str:
    """A value that fits a parameter of the official contract."""
    text = json.dumps(schema) + name
    if "date-time" in text or name.endswith("ime"):
        return "2026-05-01T00:00:00Z"
    if name == "orderBy":
        return "eventTime"
    items = schema.get("items", schema)
    if "enum" in items:
        return str(items["enum"][0])
    return {"number": "1", "integer": "1", "boolean": "true"}.get(items.get("type", ""), "https://a.example/b")


def dereferenced(tree: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    for step in ("items", ""):
        inner = schema.get(step, {}) if step else schema
        if "$ref" in inner:
            found = tree["components"]["schemas"][inner["$ref"].rpartition("/")[2]]
            found = found.get("anyOf", [found])[-1]
            schema = {**schema, step: found} if step else found
    return schema


def test_every_parameter_of_the_official_contract_is_known() -> None:
    tree = json.loads((official(BINDINGS) / "openapi.json").read_text("utf-8"))
    given = tree["paths"]["/events"]["get"]["parameters"]
    known = [tree["components"]["parameters"][item["$ref"].rpartition("/")[2]] for item in given]
    asked = [item for item in known if item["in"] == "query"]
    assert len(asked) == 55
    words = {
        "EQ_hexBinaryValue": "f0",
        "EQ_bizStep": "shipping",
        "EQ_type": "Mass",
        "EQ_errorReason": "incorrect_data",
        "eventType": "ObjectEvent",
    }
    for item in asked:
        if item["name"] == "eventCountLimit":
            assert refused(eventCountLimit="1").code == "query-needs-order"
            continue
        value = words.get(item["name"]) or sample(item["name"], dereferenced(tree, item["schema"]))
        if "isposition" in item["name"]:
            value = "active"
        assert isinstance(parse_query({item["name"]: [value]}), Query), item["name"]


@pytest.mark.parametrize(
    "file", [f"{BINDINGS}/query-schema.json", "gs1/epcis-schemas-2.0.1/json-schema/query-schema.json"]
)
def test_every_name_of_the_official_query_schema_is_known(file: str) -> None:
    schema = json.loads(official(file).read_text("utf-8"))["definitions"]["EPCIS-Query"]
    names = [name for name in schema["properties"] if name not in ("@context", "orderDirection", "eventCountLimit")]
    for pattern in schema["patternProperties"]:
        name = pattern.strip("^$").replace("[a-z][a-zA-Z0-9]*", "example").replace(r"\\:", ":")
        name = name.replace("[a-z][a-zA-Z0-9_]+", "po").replace("[A-Z0-9]{2,4}", "KEL")
        names.append(re.sub(r"\\+w\+", "field", name))
    assert len(names) > 150
    unknown = [name for name in names if code_of(name) not in ("", "query-parameter-value", "query-parameter-word")]
    assert unknown == []


def code_of(name: str) -> str:
    """What is said of a parameter whose value is 1."""
    try:
        query_from_json({name: Number("1")})
    except InputError as error:
        return error.code
    return ""


def test_an_official_query_is_read() -> None:
    tree = official("gs1/openepcis-test-resources/2.0/EPCIS/JSON/Query/Queries/SimpleEventQuery.json")
    query = query_from_json(read(tree.read_bytes()))
    assert len(query.conditions) == 10
    assert query.event_count_limit == 100
    assert query.order is not None
    assert query.order.descending
    assert query_from_json(query.to_json()) == query


def test_an_official_query_that_is_wrong_is_refused() -> None:
    tree = official("gs1/openepcis-test-resources/2.0/EPCIS/JSON/Query/Queries/Invalid/Query_with_invalid_values.json")
    with pytest.raises(InputError, match="query-parameter-value"):
        query_from_json(read(tree.read_bytes()))


@pytest.mark.parametrize(
    "name",
    [
        *("EQ_bizstep", "eq_bizStep", "LE_eventTime", "GT_recordTime", "EQ_note", "MATCH_lot", "WD_disposition", "foo"),
        *(
            "EXISTS_bizStep",
            "EQ_",
            "EQ_ex:",
            "EQ_ILMD_",
            "EQ_INNER_",
            "EXISTS_",
            "EQ_value",
            "GE_value_",
            "EQ_minValue_CEL",
        ),
        *("HASATTR_", "EQATTR_bizLocation", "EQ_source", "EQ_ex:" + "x" * 600, "", "GE_value_kel", "orderby"),
    ],
)
def test_an_unknown_parameter_is_an_error(name: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_query({name: ["1"]})
    assert caught.value.code == "query-parameter-unknown"


@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [
        ("GE_eventTime", "2026-05-01T00:00:00", "query-parameter-value"),
        ("GE_eventTime", "yesterday", "query-parameter-value"),
        ("EQ_eventID", "urn:x:\0", "query-parameter-value"),
        ("MATCH_anyEPC", "urn:x:\0", "query-parameter-value"),
        ("EQ_source_\0", "urn:x:y", "query-parameter-unknown"),
        ("EQ_action", "observe", "query-parameter-word"),
        ("EQ_bizStep", "sihpping", "query-parameter-word"),
        ("EQ_bizStep", "urn:epcglobal:cbv:bizstep:sihpping", "query-parameter-word"),
        ("EQ_disposition", "", "query-parameter-value"),
        ("eventType", "LotEvent", "query-parameter-word"),
        ("EQ_readPoint", "the gate", "query-parameter-value"),
        ("EQ_quantity", "many", "query-parameter-value"),
        ("EQ_quantity", "1e10001", "query-parameter-value"),
        ("GE_value_CEL", "NaN", "query-parameter-value"),
        ("EQ_booleanValue", "yes", "query-parameter-value"),
        ("EQ_hexBinaryValue", "abc", "query-parameter-value"),
        ("EXISTS_errorDeclaration", "maybe", "query-parameter-value"),
        ("GT_ex:field", "text", "query-parameter-value"),
        ("MATCH_epc", "urn:epc:idpat:sgtin:*.154321.*", "query-pattern"),
        ("MATCH_epc", "urn:epc:idpat:sgtin:9521234.15432.*", "query-pattern"),
        ("MATCH_epc", "urn:epc:idpat:sgtin:12.*.*", "query-pattern"),
        ("MATCH_epc", "urn:epc:idpat:lot:9521234.*", "query-pattern"),
        ("MATCH_epc", "urn:epc:idpat:sgtin:9521234.154321.17", "query-pattern"),
        ("orderBy", "disposition", "query-parameter-word"),
        ("orderDirection", "down", "query-parameter-word"),
        ("maxEventCount", "0", "query-parameter-value"),
        ("maxEventCount", "-1", "query-parameter-value"),
        ("maxEventCount", "1.5", "query-parameter-value"),
    ],
)
def test_a_value_that_does_not_fit_is_an_error_that_names_its_parameter(parameter: str, value: str, code: str) -> None:
    error = refused(**{parameter: value})
    assert (error.code, error.context["parameter"]) == (code, parameter)


def test_limits_of_the_result_need_each_other_or_exclude_each_other() -> None:
    assert refused(eventCountLimit="3", maxEventCount="3", orderBy="eventTime").code == "query-parameters-exclusive"
    query = parse_query({"eventCountLimit": ["3"], "orderBy": ["ex:score"], "orderDirection": ["ASC"]})
    assert query.order is not None
    assert (query.event_count_limit, query.order.descending, query.order.field.prefix) == (3, False, "ex")
    assert parse_query({"orderBy": ["recordTime"], "maxEventCount": ["9"]}).max_event_count == 9


def test_values_are_set_apart_by_bars_or_by_repeating_the_parameter() -> None:
    bars, repeated = {"EQ_action": ["ADD|DELETE"]}, {"EQ_action": ["ADD", "DELETE"]}
    assert parse_query(bars).conditions == parse_query(repeated).conditions
    with pytest.raises(InputError, match="query-parameter-repeated"):
        parse_query({"GE_eventTime": ["2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z"]})


def test_paging_is_the_interfaces_own() -> None:
    assert parse_query({"perPage": ["5"], "nextPageToken": ["x"]}) == Query()


def test_a_query_is_bounded() -> None:
    with pytest.raises(InputError, match="query-too-complex"):
        parse_query({"EQ_stringValue": ["|".join(map(str, range(MOST_VALUES + 1)))]})
    with pytest.raises(InputError, match="query-too-complex"):
        parse_query({f"EXISTS_ex:f{number}": [""] for number in range(101)})
    # Each of these has ten beginnings, in two lists.
    patterns = [f"urn:epc:idpat:sscc:95212{number:02}.*" for number in range(11)]
    assert parse_query({"MATCH_epc": ["|".join(patterns[:10])]})
    with pytest.raises(InputError, match="query-too-complex"):
        parse_query({"MATCH_epc": ["|".join(patterns)]})


@pytest.mark.parametrize("tree", [[], "x", None, Number("1")])
def test_a_json_query_is_an_object(tree: Any) -> None:
    with pytest.raises(InputError, match="query-not-object"):
        query_from_json(tree)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GE_eventTime", ["2026-05-01T00:00:00Z"]),
        ("EQ_action", [["ADD"]]),
        ("EQ_bizStep", {"a": "b"}),
        ("EQ_bizStep", []),
        ("EXISTS_errorDeclaration", {"a": Number("1")}),
        ("EXISTS_errorDeclaration", Number("7")),
        ("GT_ex:a", True),
        ("GT_ex:a", {}),
        ("MATCH_epc", Number("7")),
        ("orderBy", ["eventTime"]),
        ("orderDirection", {}),
        ("maxEventCount", []),
        ("EQ_quantity", [True]),
    ],
)
def test_a_json_value_of_another_shape_is_refused(name: str, value: Any) -> None:
    with pytest.raises(InputError, match="query-parameter-"):
        query_from_json({name: value})
