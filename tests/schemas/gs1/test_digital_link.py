import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.gs1.check_digit import check_digit
from schemas.gs1.digital_link import CANONICAL_STEM, canonical, make, parse
from schemas.gs1.element_string import read_plain, write_plain
from tests.official import official

ENGINE = "gs1/digital-link/gs1-syntax-engine_"
SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
gtins = st.text("0123456789", min_size=13, max_size=13).map(lambda body: body + check_digit(body))


def vectors(name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(official(f"{ENGINE}{name}.json").read_text("utf-8"))["vectors"]
    return found


def test_every_official_uri_gets_the_official_verdict_and_elements() -> None:
    table = vectors("parseDLuri")
    assert (len(table), sum(bool(vector["valid"]) for vector in table)) == (79, 48)
    for vector in table:
        # Both options of the engine (old words, short GTINs) are what `lenient` takes.
        options = vector.get("options") or {}
        lenient = "permitConvenienceAlphas" in options or "PermitZeroSuppressedGTINinDLuris" in options  # type: ignore[operator]
        try:
            link = parse(str(vector["uri"]), lenient=lenient)
        except InputError:
            assert not vector["valid"], vector
            continue
        assert vector["valid"], vector
        assert as_scanned(link.path + link.attributes) == expected(vector), vector


def as_scanned(elements: tuple[tuple[str, str], ...]) -> list[str]:
    return sorted(ai + value for ai, value in elements)


def expected(vector: dict[str, object]) -> list[str]:
    text = str(vector["aiDataStr"]).replace("^", "\x1d")
    return sorted(ai + value for ai, value in read_plain(text))


def test_every_official_element_string_makes_the_official_uri() -> None:
    table = vectors("generateDLuri")
    assert (len(table), sum(bool(vector["valid"]) for vector in table)) == (22, 16)
    differing = 0
    for vector in table:
        elements = tuple(re.findall(r"\((\d+)\)([^(]*)", str(vector["aiElementString"])))
        try:
            made: str | None = make(elements, str(vector["stem"] or CANONICAL_STEM))
        except InputError:
            made = None
        if vector["valid"] and "options" in vector:
            # The engine may be told to let unassigned codes pass; we never make what nobody can read.
            assert made is None
            differing += 1
        else:
            assert made == vector["uri"], vector
    assert differing == 1


def test_biip_canonical_uris() -> None:
    tables = json.loads(official("gs1/check-digits/biip_test_parameters.json").read_text("utf-8"))["vectors"]
    for value, wanted in tables["test_gs1_digital_link_uris.py"]["test_as_canonical_uri"]["rows"]:
        link = canonical(parse(value, lenient=True))
        assert make(link.path + link.attributes).split("?")[0] == wanted.split("?")[0]
        assert {f"{ai}={text}" for ai, text in link.attributes} == set(
            filter(None, wanted.partition("?")[2].split("&"))
        )
    for value, wanted in tables["test_gs1_digital_link_uris.py"]["test_as_gs1_message"]["rows"]:
        link = parse(value, lenient=True)
        assert "".join(f"({ai}){text}" for ai, text in link.path + link.attributes) == wanted


@given(gtins, st.text(SET_82, min_size=1, max_size=20), st.text(SET_82, min_size=1, max_size=20))
def test_what_is_made_is_parsed_back(gtin: str, lot: str, serial: str) -> None:
    elements = (("01", gtin), ("10", lot), ("21", serial))
    uri = make(elements)
    assert parse(uri).path == elements
    assert make(parse(uri).path) == uri
    assert write_plain(elements)


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("ftp://id.gs1.org/01/09521234543213", "dl-not-a-web-address"),
        ("https://id.gs1.org/01/09521234543213/10/a b", "dl-not-a-web-address"),
        ("https://id.gs1.org/products", "dl-no-key"),
        ("https://id.gs1.org/01/09521234543213/21/A/10/B", "dl-qualifier"),
        ("https://id.gs1.org/01/09521234543213/10/A/10/B", "dl-qualifier"),
        ("https://id.gs1.org/01/09521234543213/235/A/10/B", "dl-qualifier"),
        ("https://id.gs1.org/01/09521234543213/10/%4", "dl-escape"),
        ("https://id.gs1.org/01/09521234543213/10/%C3%A8", "dl-escape"),
        ("https://id.gs1.org/01/09521234543213/10/%20", "gs1-character"),
        ("https://id.gs1.org/01/09521234543214", "wrong-check-digit"),
        ("https://id.gs1.org/01/9521234543213", "gs1-length"),
        ("https://id.gs1.org/01/09521234543213?10=A", "dl-attribute"),
        ("https://id.gs1.org/gtin/09521234543213", "dl-no-key"),
    ],
)
def test_a_wrong_link_says_what_is_wrong(uri: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(uri)
    assert refused.value.code == code


def test_what_is_not_gs1s_in_a_query_is_kept_as_written() -> None:
    link = parse("https://shop.example/it/01/09521234543213?linkType=all&17=261231&x")
    assert link.stem == "https://shop.example/it"
    assert link.attributes == (("17", "261231"),)
    assert link.other == (("linkType", "all"), ("x", None))
