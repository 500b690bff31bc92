"""Compressed GS1 Digital Links, read back: examples of GS1's own toolkit, all that can be written, what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.gs1.application_identifiers import find
from schemas.gs1.check_digit import check_digit
from schemas.gs1.compression import ALPHABET, OPTIMISED
from schemas.gs1.decompress import decompress, looks_compressed, uncompressed
from schemas.gs1.digital_link import parse
from schemas.gs1.keys import Elements
from schemas.gs1.recognise import recognise
from tests.schemas.gs1.compressing import coded, compressed, digits, number, pair_bits, value_bits, written

HOST = "https://registro.example"


# GS1's toolkit makes these, and the test of GS1's own resolver asks for the first.
OFFICIAL = [
    ("ARFKk4XB0CDKWcnpq", "/01/09506000134376/10/LOT01"),
    ("AN2yxDhfaiaw", "/00/998440410914660971"),
    ("LQnYUc1gmgAXohEQYUNMrYsmZyRoQ-A", "/01/05412345000013/10/ABC%26%2B123?3103=000189&3923=2172"),
    ("gAMRUaubBNsA", "/8003/09521234543213"),
    ("CxFRq5sE2ggCO", "/01/09521234543213/10/0071"),
    ("AQnYUc1gmiERBhQ0ytiyZuAGOLc1TQ?k1=v1", "/01/05412345000013/10/ABC%26%2B123?7003=1903061658&k1=v1"),
]


@pytest.mark.parametrize(("text", "link"), OFFICIAL)
def test_what_gs1s_own_toolkit_compresses_is_read(text: str, link: str) -> None:
    assert sorted(uncompressed(f"{HOST}/{text}").split("?")[-1].split("&")) == sorted(
        link.split("?")[-1].split("&")
    ) or (uncompressed(f"{HOST}/{text}") == HOST + link)
    assert parse(uncompressed(f"{HOST}/{text}")).path == parse(HOST + link).path


GTINS = st.integers(0, 10**13 - 1).map(lambda number: (text := f"{number:013d}") + check_digit(text))
TEXTS = st.one_of(
    st.text("0123456789", min_size=1, max_size=20),
    st.text("0123456789abcdef", min_size=1, max_size=20),
    st.text(ALPHABET, min_size=1, max_size=20),
    st.text("!\"%&'()*+,-./0123456789:;<=>?ABC_abc", min_size=1, max_size=20),
)
DAYS = st.dates().map(lambda day: f"{day:%y%m%d}")
COUNTS = st.integers(0, 999999)
LINKS = st.builds(
    lambda gtin, rest: (("01", gtin), *rest.items()),
    GTINS,
    st.fixed_dictionaries(
        {},
        optional={
            "10": TEXTS, "21": TEXTS, "22": TEXTS, "17": DAYS, "15": DAYS, "3103": COUNTS.map("{:06d}".format),
            "30": COUNTS.map(str), "91": TEXTS, "7007": DAYS, "8008": DAYS.map("{}12".format), "423": st.just("380056"),
        },
    ),
)  # fmt: skip
PAIRS = st.dictionaries(
    st.text(ALPHABET, min_size=1, max_size=12).filter(lambda name: not name.isdigit()),
    st.text("".join(map(chr, range(32, 127))), max_size=30),
    max_size=3,
)


@settings(max_examples=80, deadline=None)
@given(LINKS, PAIRS, st.booleans())
def test_whatever_is_compressed_comes_back(elements: Elements, other: dict[str, str], optimised: bool) -> None:
    found = decompress(compressed(elements, tuple(other.items()), optimised=optimised))
    assert dict(found.elements) == dict(elements)
    assert dict(found.other) == other


@settings(max_examples=150, deadline=None)
@given(st.text(ALPHABET, max_size=60))
def test_any_text_is_read_or_refused_with_a_code(text: str) -> None:
    try:
        found = decompress(text)
    except InputError as error:
        code = error.code
    else:
        # No text says more than it has bits for.
        assert sum(len(value) for _, value in found.elements) <= 2 * len(text)
        return
    assert code.startswith("dl-compressed-")


@pytest.mark.parametrize("code", sorted(OPTIMISED))
def test_every_code_for_several_identifiers_is_read(code: str) -> None:
    pool = {"01": "09521234543213", "255": "9521234543213", "10": "L7", "8017": "952123454321000006"}
    values = {ai: pool.get(ai, sample(ai)) for ai in OPTIMISED[code]}
    bits = digits(code) + "".join(value_bits(ai, value) for ai, value in values.items())
    assert dict(decompress(written(bits)).elements) == values


def sample(ai: str) -> str:
    """Some value of the right length; what it says is judged elsewhere."""
    return "".join(
        ("1" if part.characters == "N" else "A") * part.least for part in find(ai).parts if not part.optional
    )


def test_a_key_may_stand_uncompressed_before_the_rest() -> None:
    rest = compressed((("10", "LOT01"), ("17", "261231")))
    assert uncompressed(f"{HOST}/a/gtin/9506000134376/{rest}") == f"{HOST}/a/01/09506000134376/10/LOT01?17=261231"


def test_names_that_are_not_gs1s_and_the_rest_of_the_query_are_kept() -> None:
    text = compressed((("01", "09506000134376"),), (("linkType", "gs1:pip"), ("a", "b&c=d e")))
    link = uncompressed(f"{HOST}/{text}?17=261231")
    assert link == f"{HOST}/01/09506000134376?linkType=gs1%3Apip&a=b%26c%3Dd%20e&17=261231"
    assert parse(link).attributes == (("17", "261231"),)


def test_a_scanned_address_is_recognised_compressed_as_it_is_uncompressed() -> None:
    assert recognise(f"{HOST}/ARFKk4XB0CDKWcnpq") == recognise(f"{HOST}/01/09506000134376/10/LOT01")


GTIN = digits("01") + number("09506000134376")
REFUSED = [
    ("ARFKk4XB0CDKWc+pq", "dl-compressed-alphabet"),
    ("ARFKk4XB0CDKWc", "dl-compressed-cut"),
    (written(digits("4B") + "0" * 40), "dl-compressed-code"),
    (written(digits("E0") + "0" * 40), "dl-compressed-code"),
    (written(digits("4999") + "0" * 40), "dl-compressed-code"),
    (written(digits("40A") + "0" * 40), "dl-compressed-code"),
    (written(digits("01") + "1" * 47), "dl-compressed-value"),
    (written(GTIN + digits("10") + "101" + "00001" + "0" * 12), "dl-compressed-value"),
    (written(GTIN + digits("10") + "011" + "11111" + "0" * 186), "dl-compressed-value"),
    (written(GTIN + digits("30") + "1111" + "0" * 60), "dl-compressed-value"),
    (written(GTIN + "00001"), "dl-compressed-rest"),
    (written(GTIN + GTIN), "dl-compressed-twice"),
    (written(GTIN + pair_bits("a", "1") + pair_bits("a", "2")), "dl-compressed-twice"),
    (written(GTIN + pair_bits("17", "1")), "dl-compressed-name"),
    (written(GTIN + pair_bits("", "1")), "dl-compressed-name"),
    (written(GTIN + pair_bits("a", "1\n2")), "dl-compressed-name"),
    ("A" * 2049, "identifier-too-long"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_is_no_compressed_link_is_refused_with_a_code(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        decompress(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (written(digits("01") + number("09506000134377")), "wrong-check-digit"),
        (written(digits("17") + number("261231")), "dl-no-key"),
        (written(GTIN + digits("22") + coded("\x00A", "00010")), "gs1-character"),
        (written(GTIN + digits("17") + number("261341")), "gs1-content"),
    ],
)
def test_its_values_are_judged_as_those_of_any_digital_link(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        uncompressed(f"{HOST}/{text}")
    assert caught.value.code == code


def test_what_stands_before_and_in_a_compressed_text_is_said_once() -> None:
    with pytest.raises(InputError, match="twice"):
        uncompressed(f"{HOST}/01/09506000134376/{compressed((('01', '09506000134376'), ('10', 'A')), optimised=False)}")


@pytest.mark.parametrize(
    ("uri", "looks"),
    [
        (f"{HOST}/ARFKk4XB0CDKWcnpq", True),
        (f"{HOST}/ARFKk4XB0CDKWcnpq/", True),
        (f"{HOST}/01/09506000134376/EFMuTw", True),
        (f"{HOST}/prodotti", False),
        (f"{HOST}/nothing-here", False),
        (f"{HOST}/ARFK", False),
        (f"{HOST}/01/09506000134376/10/ARFKk4XB0CDKWcnpq", False),
        (HOST, False),
    ],
)
def test_only_what_could_be_one_is_taken_for_one(uri: str, looks: bool) -> None:
    assert looks_compressed(uri) is looks
