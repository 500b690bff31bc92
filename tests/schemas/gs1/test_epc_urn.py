import json
import re
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.gs1 import digital_link, epc_urn
from schemas.gs1.canonical import canonical_uri, link
from schemas.gs1.check_digit import check_digit
from schemas.gs1.company_prefix import CompanyPrefixes
from schemas.gs1.keys import Elements
from tests.official import official

SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
SET_39 = "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
serials = st.text(SET_82, min_size=1, max_size=16)


def translators() -> list[dict[str, str | None]]:
    path = "gs1/epc-translation/openepcis_urn_dl_vectors.json"
    found: list[dict[str, str | None]] = json.loads(official(path).read_text("utf-8"))["vectors"]
    return found


def ours(vector: dict[str, str | None]) -> set[str | None]:
    """What we make of one vector; where it tells no prefix length, of every length, or of the one it expects."""
    text = str(vector["input"])
    if str(vector["fn"]).startswith("toURI"):
        return {attempt(lambda: link(epc_urn.read(text).elements))}
    length = vector.get("gcpLength") or len((vector["expected"] or ":::::").split(":")[4].split(".")[0])
    lengths = [int(length)] if length else range(6, 13)
    return {attempt(lambda n=n: epc_urn.write(digital_link.parse(text).path, n)) for n in lengths}  # type: ignore[misc]


def attempt(translate: Callable[[], str]) -> str | None:
    try:
        return translate()
    except InputError:
        return None


# Why the standards ask for another result than the OpenEPCIS translator's, and of how many of its 309 vectors. That
# translator escapes nothing and recomputes or ignores check digits; TDS section 6.3 and DL section 4.4 name the
# characters to escape, and General Specifications 7.9 the digit.
REASONS = {
    "a character that has to be escaped stands as itself": 24,
    "a slash inside a value is not escaped": 1,
    "a canonical Digital Link escapes ! ( ) * + , : also where a URN need not": 2,
    "an asset number has at most 30 characters": 1,
    "the prefix leaves no reference, or is not of digits": 2,
    "the check digit is wrong": 11,
}


def reason_to_differ(text: str) -> str | None:
    """The reason that holds for one vector, None where there is none."""
    escaped, slash, brackets, asset, prefix, digit = REASONS
    given = text.split(":", 4)[-1] if text.startswith("urn") else re.sub(r"^https?://[^/]+/", "", text)
    if re.search(r"[\"<>?#]|%(?![0-9A-F]{2})", given) or (text.startswith("urn") and "/" in given) or "//" in given:
        return escaped
    if text.startswith("http") and given.count("/") % 2 == 0:
        return slash
    if re.search(r"[!()*+,:]", given) and text.startswith("urn"):
        return brackets
    if "42512183.SENSOR.TR-07-AVE-583:1" in text:
        return asset
    if text.endswith(("/656987789012", "/123457-57578")):
        return prefix
    try:
        digital_link.parse(text)
    except InputError as error:
        return digit if error.code == "wrong-check-digit" else None
    return None


def test_every_translation_is_the_translators_or_has_a_reason_not_to_be() -> None:
    vectors = translators()
    assert len(vectors) == 309
    differing = [vector for vector in vectors if ours(vector) != {vector["expected"]}]
    reasons = Counter(reason_to_differ(str(vector["input"])) for vector in differing)
    assert {reason: reasons.get(reason, 0) for reason in REASONS} == REASONS
    assert reasons[None] == 0, [vector for vector in differing if reason_to_differ(str(vector["input"])) is None]


@given(st.integers(6, 12), st.text("0123456789", min_size=13, max_size=13), serials)
def test_a_urn_becomes_a_digital_link_and_the_same_urn_again(length: int, body: str, serial: str) -> None:
    gtin = body + check_digit(body)
    gln = body[1:] + check_digit(body[1:])
    sscc = body + "0007" + check_digit(body + "0007")
    keys: list[Elements] = [
        (("01", gtin),),
        (("01", gtin), ("10", serial)),
        (("01", gtin), ("21", serial)),
        (("01", gtin), ("235", serial)),
        (("00", sscc),),
        (("414", gln),),
        (("414", gln), ("254", serial if serial != "0" else "1")),  # 0 says that there is no extension
        (("417", gln),),
        (("253", gln + serial),),
        (("253", gln),),
        (("8003", "0" + gln + serial),),
        (("8003", "0" + gln),),
        (("8004", gln[:-1] + serial),),
        (("401", gln[:-1] + serial),),
        (("8006", gtin + "0102"),),
        (("8006", gtin + "0102"), ("21", serial)),
    ]
    for elements in keys:
        urn = epc_urn.write(elements, length)
        read = epc_urn.read(urn)
        assert read.elements == elements
        assert len(read.prefix) == length
        assert canonical_uri(urn) == link(elements)
        assert digital_link.parse(link(elements)).path == elements


@given(st.integers(6, 12), st.text(SET_39, min_size=1, max_size=17), st.integers(0, 10**12 - 1))
def test_component_numbers_too(length: int, reference: str, serial: int) -> None:
    elements = (("8010", "952123454321"[:length] + reference), ("8011", str(serial)))
    assert epc_urn.read(epc_urn.write(elements, length)).elements == elements


@pytest.mark.parametrize(
    ("urn", "code"),
    [
        ("urn:epc:id:sgtin:9521234.15432.7", "urn-length"),
        ("urn:epc:id:sgtin:95212.15432100.7", "urn-prefix"),
        ("urn:epc:id:sgtin:9521234.154321", "urn-parts"),
        ("urn:epc:id:sgtin:9521234.154321.*", None),
        ("urn:epc:idpat:sgtin:9521234.154321.7", "urn-parts"),
        ("urn:epc:idpat:sgtin:9521234.*.*", "urn-pattern-wide"),
        ("urn:epc:class:lgtin:9521234.154321.", "urn-character"),
        ("urn:epc:class:lgtin:9521234.154321.a/b", "urn-character"),
        ("urn:epc:class:lgtin:9521234.154321.a%2fb", None),
        ("urn:epc:class:lgtin:9521234.154321." + "A" * 21, "gs1-length"),
        ("urn:epc:class:gtin:9521234.154321.7", "urn-unknown-scheme"),
        ("urn:epc:id:cpi:9521234.A.0123", "gs1-content"),
        ("urn:epc:id:sscc:9521234.00000001110", "urn-length"),
    ],
)
def test_a_wrong_urn_says_what_is_wrong(urn: str, code: str | None) -> None:
    if code is None:
        epc_urn.read(urn)
        return
    with pytest.raises(InputError) as refused:
        epc_urn.read(urn)
    assert refused.value.code == code


def test_the_licence_tells_the_length_of_the_prefix() -> None:
    prefixes = CompanyPrefixes(("9521234", "952123456"))
    assert prefixes.length((("01", "19521234543210"),)) == 7
    assert prefixes.length((("01", "19521234563214"),)) == 9
    assert prefixes.length((("414", "9521234000013"),)) == 7
    assert prefixes.length((("414", "8001234000013"),)) is None
    with pytest.raises(InputError) as refused:
        CompanyPrefixes(("95",))
    assert refused.value.code == "company-prefix"


def test_a_key_without_a_urn_stays_a_digital_link() -> None:
    with pytest.raises(InputError) as refused:
        epc_urn.write((("8013", "1987654Ad4X4bL5ttr2310c2K"),), 7)
    assert refused.value.code == "urn-none"


def test_the_extension_zero_is_no_extension() -> None:
    urn, plain = "urn:epc:id:sgln:9521234.00001.0", "https://id.gs1.org/414/9521234000013"
    assert canonical_uri(urn) == plain
    assert canonical_uri(plain + "/254/0") == plain
    assert canonical_uri(plain + "/254/00") == plain + "/254/00"
    assert epc_urn.write((("414", "9521234000013"),), 7) == urn
    assert epc_urn.write((("414", "9521234000013"), ("254", "0")), 7) == urn
