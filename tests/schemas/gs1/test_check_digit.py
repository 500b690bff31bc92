import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.gs1.application_identifiers import check_rule, check_value, find, known
from schemas.gs1.check_digit import check_digit, check_pair, price_check_digit, verify_check_digit, verify_check_pair
from tests.official import official

LINTERS = "gs1/check-digits/gs1-syntax-dictionary_linter_vectors.json"
BIIP = "gs1/check-digits/biip_test_parameters.json"
# The official routine -> our rule for the same content.
RULES = {
    "csum": "check",
    "csumalpha": "pair",
    "yymmdd": "date",
    "yymmd0": "date0",
    "yyyymmdd": "longdate",
    "yyyymmd0": "longdate0",
    "hh": "hour",
    "hhmi": "time",
    "iso3166": "country",
    "iso3166alpha2": "country2",
    "iso3166999": "country999",
    "latitude": "latitude",
    "longitude": "longitude",
    "pieceoftotal": "piece",
    "nonzero": "nonzero",
    "hasnondigit": "nondigit",
    "pcenc": "percent",
    "importeridx": "importer",
    "yesno": "yesno",
    "zero": "zero",
}
# Character sets, judged through a code that holds nothing else: internal data, component number, digital signature.
SETS = {"cset82": "91", "cset39": "8010", "cset64": "8030"}
digits = st.text("0123456789", min_size=1, max_size=17)


def accepted(judge: object, *arguments: str) -> bool:
    try:
        judge(*arguments)  # type: ignore[operator]
    except InputError:
        return False
    return True


@pytest.mark.parametrize("linter", RULES)
def test_every_official_value_gets_the_official_verdict(linter: str) -> None:
    vectors = json.loads(official(LINTERS).read_text("utf-8"))["vectors"][linter]
    assert vectors
    wrong = [v for v in vectors if accepted(check_rule, RULES[linter], v["input"]) != v["valid"]]
    assert wrong == []


@pytest.mark.parametrize("linter", SETS)
def test_every_official_character_gets_the_official_verdict(linter: str) -> None:
    vectors = json.loads(official(LINTERS).read_text("utf-8"))["vectors"][linter]
    ai = find(SETS[linter])
    fitting = [v for v in vectors if 1 <= len(v["input"]) <= ai.most]
    assert len(fitting) > 200
    wrong = [v for v in fitting if accepted(check_value, ai, v["input"]) != v["valid"]]
    assert wrong == []


def test_biip_check_digits() -> None:
    tables = json.loads(official(BIIP).read_text("utf-8"))["vectors"]["test_checksums.py"]
    for value, expected in tables["test_gs1_standard_check_digit"]["rows"]:
        assert check_digit(value) == str(expected)
    for value, expected in tables["test_gs1_price_weight_check_digit"]["rows"]:
        assert price_check_digit(value) == str(expected)
    for value in tables["test_gs1_standard_check_digit_with_nonnumeric_value"]["rows"]:
        assert not accepted(check_digit, value)
    for value in tables["test_gs1_price_weight_check_digit_on_values_with_wrong_length"]["rows"]:
        assert not accepted(price_check_digit, value)


def test_biip_values_of_keys() -> None:
    tables = json.loads(official(BIIP).read_text("utf-8"))["vectors"]
    for rows in ("test_parse_gtin_8", "test_parse_gtin_12_without_leading_zero", "test_parse_gtin_13"):
        for value in tables["gtin/test_parse.py"][rows]["rows"]:
            check_value(find("01"), value.zfill(14))
    for value, _ in tables["test_sscc.py"]["test_as_hri"]["rows"]:
        check_value(find("00"), value)
    for code, bad in tables["test_gs1_element_strings.py"]["test_extract_fails_with_invalid_date"]["rows"]:
        assert not accepted(check_value, find(code), bad[len(code) :])


def test_the_table_holds_every_code_of_the_official_dictionary() -> None:
    text = official("gs1/syntax-dictionary/gs1-syntax-dictionary.txt").read_text("utf-8")
    codes = [line.split()[0] for line in text.splitlines() if line and not line.startswith("#")]
    assert len(codes) > 200
    for code in codes:
        for end in code.split("-"):
            assert known(end)


@given(digits)
def test_what_we_end_with_our_digit_is_accepted(body: str) -> None:
    verify_check_digit(body + check_digit(body))


@given(digits, st.data())
def test_any_single_digit_changed_is_refused(body: str, data: st.DataObject) -> None:
    key = body + check_digit(body)
    at = data.draw(st.integers(0, len(key) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != key[at]]))
    with pytest.raises(InputError) as refused:
        verify_check_digit(key[:at] + other + key[at + 1 :])
    assert refused.value.code == "wrong-check-digit"


@given(st.text("0123456789ABCDEFxyz-/_!", max_size=23), st.data())
def test_a_changed_character_of_a_model_number_is_refused(body: str, data: st.DataObject) -> None:
    key = body + check_pair(body)
    verify_check_pair(key)
    if body:
        at = data.draw(st.integers(0, len(body) - 1))
        changed = body[:at] + ("A" if body[at] != "A" else "B") + body[at + 1 :]
        assert not accepted(verify_check_pair, changed + key[-2:])


@pytest.mark.parametrize(
    ("ai", "value", "code"),
    [
        ("01", "9521234543213", "gs1-length"),
        ("01", "09521234543214", "wrong-check-digit"),
        ("01", "0952123454321A", "gs1-character"),
        ("10", "", "gs1-length"),
        ("10", "A" * 21, "gs1-length"),
        ("10", "lotto 7", "gs1-character"),
        ("10", "perché", "gs1-character"),
        ("17", "261332", "gs1-content"),
        ("8013", "1987654Ad4X4bL5ttr2310cXK", "wrong-check-pair"),
    ],
)
def test_a_value_that_breaks_its_code_says_how(ai: str, value: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        check_value(find(ai), value)
    assert refused.value.code == code


def test_digits_of_other_scripts_are_no_digits() -> None:
    for value in ("٠٩٥٢١٢٣٤٥٤٣٢١٣", "0952123454321³"):
        assert not accepted(verify_check_digit, value)
        assert not accepted(check_value, find("01"), value)


def test_a_code_nobody_assigned_is_unknown() -> None:
    with pytest.raises(InputError) as refused:
        find("05")
    assert refused.value.code == "gs1-unknown-ai"
