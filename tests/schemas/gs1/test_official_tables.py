"""The official tables, whole: what stands in them is what we say, and what we do not do is listed with its reason."""

import json
import re
from typing import Any

import pytest

from schemas.errors import InputError
from schemas.gs1.ai_table import TABLE
from schemas.gs1.application_identifiers import Part, check_rule, find
from schemas.gs1.canonical import canonical_uri, check, tagged_object
from schemas.gs1.digital_link import QUALIFIER_WORDS, WORDS, canonical, make, parse
from schemas.gs1.element_string import read_bracketed, read_plain, write_bracketed
from schemas.gs1.keys import PRIMARY
from schemas.gs1.recognise import recognise
from tests.official import official

DICTIONARY = "gs1/syntax-dictionary/gs1-syntax-dictionary.txt"
LINTERS = "gs1/check-digits/gs1-syntax-dictionary_linter_vectors.json"
BIIP = "gs1/check-digits/biip_test_parameters.json"
# The dictionary's routine -> our rule; None where we have none, and why.
RULES: dict[str, str | None] = {
    "csum": "check",
    "csumalpha": "pair",
    "gcppos1": None,  # no table of the world's company prefixes is kept: it would be out of date
    "gcppos2": None,
    "couponcode": None,  # North American coupons
    "couponposoffer": None,
    "yymmdd": "date",
    "yymmd0": "date0",
    "yyyymmdd": "longdate",
    "hh": "hour",
    "mi": "minute",
    "ss": "minute",
    "hhmi": "time",
    "iso3166": "country",
    "iso3166alpha2": "country2",
    "iso3166999": "country999",
    "iso4217": "currency",
    "iso5218": "sex",
    "hasnondigit": "nondigit",
    "hyphen": "hyphen",
    "iban": "iban",
    "importeridx": "importer",
    "latitude": "latitude",
    "longitude": "longitude",
    "mediatype": "medium",
    "nonzero": "nonzero",
    "nozeroprefix": "nolead",
    "packagetype": "package",
    "pcenc": "percent",
    "pieceoftotal": "piece",
    "posinseqslash": "place",
    "winding": "winding",
    "yesno": "yesno",
    "zero": "zero",
}
# What the dictionary leaves out and a sentence of the General Specifications says.
FURTHER = {"8030": ("padded",)}


def dictionary() -> dict[str, str]:
    """Code -> its line of the official dictionary, ranges taken apart."""
    rows: dict[str, str] = {}
    for line in official(DICTIONARY).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            codes, rest = line.split(maxsplit=1)
            first, _, last = codes.partition("-")
            rows |= {str(code).zfill(len(first)): rest for code in range(int(first), int(last or first) + 1)}
    return rows


def part_of(text: str) -> Part:
    """One component as the dictionary writes it: `[N3],iso3166`."""
    optional = text.startswith("[")
    kind, *linters = text.replace("[", "").replace("]", "").split(",")
    least, _, most = kind[1:].rpartition("..")
    rules = tuple(rule for linter in linters if (rule := RULES[linter]) is not None)
    return Part(kind[0], 1 if ".." in kind else int(least or most), int(most), optional, rules)  # type: ignore[arg-type]


# Words of its own: grammars 1.0 and 1.1 write `party` and `payTo`, and no other of these.
SPELLED_OTHERWISE = {"partygln": "417", "payto": "415"}


def test_every_line_of_the_official_dictionary_is_a_line_of_ours() -> None:
    rows = dictionary()
    assert len(rows) == 541
    for code, line in rows.items():
        facts, _, title = (text.strip() for text in line.partition("#"))
        words = facts.split()
        flags = words.pop(0) if set(words[0]) <= set("*?!\"$%&'()+,-./:;<=>@[\\]^_`{|}~") else ""
        named = {word.partition("=")[0]: word.partition("=")[2] for word in words if re.match("(req|ex|dlpkey)", word)}
        parts = tuple(part_of(word) for word in words if not re.match("(req|ex|dlpkey)", word))
        ours = find(code)
        told = tuple(Part(p.characters, p.least, p.most, p.optional, kept(code, p)) for p in ours.parts)
        assert told == parts, code
        assert (ours.predefined, ours.attribute) == ("*" in flags, "?" in flags), code
        assert ours.excludes == tuple(filter(None, named.get("ex", "").split(","))), code
        assert needs(ours.needs) == [set(way.split("+")) for way in named.get("req", "").split(",") if way], code
        sequences = None if "dlpkey" not in named else {s for s in named["dlpkey"].split("|") if s}
        assert sequences == (None if ours.qualifiers is None else {",".join(s) for s in ours.qualifiers}), code
        assert title in ("", ours.title), code


def kept(code: str, part: Part) -> tuple[str, ...]:
    return tuple(rule for rule in part.rules if rule not in FURTHER.get(code, ()))


def needs(found: tuple[tuple[tuple[str, ...], ...], ...]) -> list[set[str]]:
    return [set(way) for need in found for way in need]


def test_our_table_holds_no_code_beyond_the_dictionary() -> None:
    codes = [line.split(";")[0] for line in TABLE.splitlines()]
    ours = {
        str(code).zfill(len(first))
        for first, _, last in (text.partition("-") for text in codes)
        for code in range(int(first), int(last or first) + 1)
    }
    assert ours == set(dictionary())


def test_primary_keys_and_their_words_are_those_of_the_official_list() -> None:
    rows = json.loads(official("gs1/digital-link/grammar/identifier-list.json").read_text("utf-8"))
    assert {row["code"] for row in rows} - PRIMARY == set()
    for row in rows:
        words = dict(zip(row["keyQualifiersName"], row["keyQualifiers"], strict=True))
        assert {word: QUALIFIER_WORDS.get(word) for word in words} == words


def test_the_words_of_the_translator_are_ours() -> None:
    rows = json.loads(official("gs1/digital-link/openepcis_aitable.json").read_text("utf-8"))
    ours = WORDS | QUALIFIER_WORDS
    theirs = {row["shortcode"]: row["ai"] for row in rows if row["type"] in "IQ" and row.get("shortcode")}
    assert {word: ai for word, ai in theirs.items() if ours.get(word) != ai} == SPELLED_OTHERWISE


@pytest.mark.parametrize("linter", ["packagetype", "mediatype", "iban"])
def test_code_lists_give_the_official_verdict(linter: str) -> None:
    vectors = json.loads(official(LINTERS).read_text("utf-8"))["vectors"][linter]
    rule = RULES[linter]
    assert rule is not None
    wrong = [v["input"] for v in vectors if accepted(rule, v["input"]) != v["valid"]]
    assert (wrong, len(vectors)) == ([], {"packagetype": 442, "mediatype": 106, "iban": 26}[linter])


def accepted(rule: str, text: str) -> bool:
    try:
        check_rule(rule, text)
    except InputError:
        return False
    return True


def test_every_linter_of_the_vectors_is_tested_or_listed() -> None:
    linters = set(json.loads(official(LINTERS).read_text("utf-8"))["vectors"])
    sets = {"cset82", "cset39", "cset64"}
    assert linters - sets - {"yyyymmd0"} <= set(RULES)
    # Both vectors of each ask a table of prefixes, or say that it is out of reach.
    assert {linter for linter in linters if RULES.get(linter, "") is None} == {"gcppos1", "gcppos2"}


# Table of biip -> why it is not ours to satisfy. A name that ends in "/" or "_" stands for all that begin so.
NOT_OURS = {
    "test_gs1_prefixes.py/": "no table of the world's prefixes is kept",
    "upc/": "UPC-E is how a small symbol leaves out zeros; what a scanner sends is the whole GTIN-12",
    "rcn/": "restricted circulation numbers have no meaning outside one shop",
    "test_symbology.py/": "symbology identifiers of symbols that hold no element string",
    "gtin/test_parse.py/test_parse_gtin_8_with_leading_zeros": "GTIN-8 of the range 0, for use within one company",
    "test_sscc.py/test_as_hri": "spacing for people; its values are tested",
    "test_gs1_element_strings.py/test_as_hri": "tested as whole messages",
}
FILTERS = "a look-up in a tuple, of biip's own classes"
NOT_OURS |= {
    f"{file}/{name}_by_{by}": FILTERS
    for file in ("test_gs1_messages.py", "test_gs1_digital_link_uris.py")
    for name in ("test_filter_element_strings", "test_get_element_string", "test_get_element_strings")
    for by in ("ai", "data_title")
}
# Tables read here, and in the tests of check digits, element strings and links.
READ = {
    "test_checksums.py/test_gs1_standard_check_digit",
    "test_checksums.py/test_gs1_standard_check_digit_with_nonnumeric_value",
    "test_checksums.py/test_gs1_price_weight_check_digit",
    "test_checksums.py/test_gs1_price_weight_check_digit_with_nonnumeric_value",
    "test_checksums.py/test_gs1_price_weight_check_digit_on_values_with_wrong_length",
    "test_gs1_element_strings.py/test_extract_fails_with_invalid_date",
    "test_gs1_element_strings.py/test_extract_fails_when_not_matching_pattern",
    "test_gs1_application_identifiers.py/test_extract_unknown_gs1_ai",
    "test_sscc.py/test_parse_nonnumeric_value",
    "test_gln.py/test_parse_nonnumeric_value",
    "gtin/test_parse.py/test_parse_nonnumeric_value",
    "gtin/test_parse.py/test_parse_gtin_8",
    "gtin/test_parse.py/test_parse_gtin_12_without_leading_zero",
    "gtin/test_parse.py/test_parse_gtin_12_with_1_leading_zero",
    "gtin/test_parse.py/test_parse_gtin_12_with_2_leading_zero",
    "gtin/test_parse.py/test_parse_gtin_12_with_3_leading_zero",
    "gtin/test_parse.py/test_parse_gtin_13",
    "gtin/test_encode.py/test_as_gtin_14",
    "gtin/test_encode.py/test_as_gtin_13",
    "gtin/test_encode.py/test_as_gtin_13_fails_for_too_long_values",
    "gtin/test_encode.py/test_as_gtin_12",
    "gtin/test_encode.py/test_as_gtin_12_fails_for_too_long_values",
    "gtin/test_encode.py/test_as_gtin_8",
    "gtin/test_encode.py/test_as_gtin_8_fails_for_too_long_values",
    "test_gs1_messages.py/test_parse_with_separator_char",
    "test_gs1_messages.py/test_parse_ignores_redundant_separator_chars",
    "test_gs1_messages.py/test_parse_fails_if_unparsed_data_left",
    "test_gs1_messages.py/test_parse_hri_fails_if_not_starting_with_parenthesis",
    "test_gs1_messages.py/test_parse_hri_fails_if_no_pattern_matches",
    "test_gs1_messages.py/test_parse_hri_fails_if_ai_is_unknown",
    "test_gs1_messages.py/test_as_hri",
    "test_gs1_messages.py/test_as_gs1_digital_link_uri",
    "test_gs1_digital_link_uris.py/test_parse_error",
    "test_gs1_digital_link_uris.py/test_as_uri",
    "test_gs1_digital_link_uris.py/test_as_canonical_uri",
    "test_gs1_digital_link_uris.py/test_as_gs1_message",
}


def biip() -> dict[str, list[Any]]:
    """Every table of parameters, by file and name."""
    vectors = json.loads(official(BIIP).read_text("utf-8"))["vectors"]
    return {f"{file}/{name}": table["rows"] for file, tables in vectors.items() for name, table in tables.items()}


def test_every_table_of_biip_is_read_or_listed() -> None:
    left = [name for name in biip() if name not in READ and not name.startswith(tuple(NOT_OURS))]
    assert left == []
    assert set(biip()) >= READ


def test_biip_gtins_are_written_in_fourteen_digits() -> None:
    tables = biip()
    for kind in ("14", "13", "12", "8"):
        for given, wanted in tables[f"gtin/test_encode.py/test_as_gtin_{kind}"]:
            uri = f"https://id.gs1.org/01/{given}"
            assert parse(uri, lenient=True).path == (("01", wanted.zfill(14)),)
    # A GTIN that fits no shorter form still fits ours.
    for kind in ("13", "12", "8"):
        for given in tables[f"gtin/test_encode.py/test_as_gtin_{kind}_fails_for_too_long_values"]:
            assert find("01").most == len(canonical_uri(f"https://a.example/01/{given}").rpartition("/")[2])
    for count in range(1, 4):
        for given in tables[f"gtin/test_parse.py/test_parse_gtin_12_with_{count}_leading_zero"]:
            assert parse(f"https://id.gs1.org/01/{given}", lenient=True).path[0][1] == given.zfill(14)


def test_biip_numbers_in_other_scripts_are_none() -> None:
    tables = biip()
    for name, ai in (("test_sscc.py", "00"), ("test_gln.py", "414"), ("gtin/test_parse.py", "01")):
        for given in tables[f"{name}/test_parse_nonnumeric_value"]:
            with pytest.raises(InputError):
                read_bracketed(f"({ai}){given}")
    for given in tables["test_checksums.py/test_gs1_price_weight_check_digit_with_nonnumeric_value"]:
        assert not given.isascii() or not given.isdigit()


def test_biip_messages_for_people() -> None:
    tables = biip()
    for name in ("not_starting_with_parenthesis", "no_pattern_matches", "ai_is_unknown"):
        for given in tables[f"test_gs1_messages.py/test_parse_hri_fails_if_{name}"]:
            with pytest.raises(InputError):
                read_bracketed(given)
    for given, wanted in tables["test_gs1_messages.py/test_as_hri"]:
        assert write_bracketed(read_plain(given)) == wanted
    for given, wanted in tables["test_gs1_messages.py/test_as_gs1_digital_link_uri"]:
        assert make(read_plain(given)) == wanted
    for name in ("test_gs1_element_strings.py/test_extract_fails_when_not_matching_pattern",):
        for _, given in tables[name]:
            with pytest.raises(InputError):
                read_plain(given)
    for given in tables["test_gs1_application_identifiers.py/test_extract_unknown_gs1_ai"]:
        with pytest.raises(InputError):
            read_plain(given)


def test_biip_digital_links() -> None:
    tables = biip()
    for given, _ in tables["test_gs1_digital_link_uris.py/test_parse_error"]:
        with pytest.raises(InputError):
            parse(given, lenient=True)
    for given, domain, prefix, wanted in tables["test_gs1_digital_link_uris.py/test_as_uri"]:
        stem = "/".join(filter(None, [f"https://{domain or 'id.gs1.org'}", prefix]))
        link = parse(given, lenient=True)
        assert make(link.path + link.attributes, stem) == wanted
    for given, wanted in tables["test_gs1_digital_link_uris.py/test_as_gs1_message"]:
        link = canonical(parse(given, lenient=True))
        assert sorted(link.path + link.attributes) == sorted(read_bracketed(wanted))


def test_gdst_identifiers_are_their_owners() -> None:
    # They are no GS1 keys: kept, tagged and compared as written, and never taken for one.
    vectors = json.loads(official("gs1/opentraceability-gdst/test-data/epc_tests.json").read_text("utf-8"))
    assert len(vectors) == 5
    for vector in vectors:
        for uri in (vector["epc"], vector["gtin"]):
            check(uri)
            assert canonical_uri(uri) == uri
            assert tagged_object(uri) == uri
            with pytest.raises(InputError) as refused:
                recognise(uri)
            assert refused.value.code == "urn-unknown-scheme"
