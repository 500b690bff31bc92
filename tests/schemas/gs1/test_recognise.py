import pytest

from schemas.errors import InputError
from schemas.gs1.company_prefix import CompanyPrefixes
from schemas.gs1.recognise import recognise

LOT = "https://id.gs1.org/01/19521234543210/10/L7"


@pytest.mark.parametrize(
    "text",
    [
        "urn:epc:class:lgtin:9521234.154321.L7",
        "https://id.gs1.org/01/19521234543210/10/L7",
        "https://coop.example/it/gtin/19521234543210/lot/L7?17=261231",
        "(01)19521234543210(10)L7",
        "(10)L7(01)19521234543210(17)261231",
        "011952123454321010L7",
        "]C1011952123454321017261231" + "10L7",
        "  (01)19521234543210(10)L7\n",
    ],
)
def test_one_lot_in_every_spelling(text: str) -> None:
    found = recognise(text, prefixes=CompanyPrefixes(("9521234",)))
    assert found.key == "lgtin"
    assert found.level == "lot"
    assert found.digital_link == LOT
    assert found.ai == "(01)19521234543210(10)L7"
    assert found.urn == "urn:epc:class:lgtin:9521234.154321.L7"
    assert not found.pattern


def test_without_the_licence_there_is_no_urn() -> None:
    assert recognise(LOT).urn is None
    assert recognise(LOT, prefixes=CompanyPrefixes(("8001234",))).urn is None


def test_a_pattern_is_a_class() -> None:
    found = recognise("urn:epc:idpat:sgtin:9521234.154321.*")
    assert (found.key, found.level, found.pattern) == ("gtin", "class", True)


@pytest.mark.parametrize(
    ("text", "key", "level"),
    [
        ("(00)095212340000001119", "sscc", "unit"),
        ("(414)9521234000013", "gln", "location"),
        ("(414)9521234000013(254)A", "sgln", "location"),
        ("(417)9521234000013", "pgln", "party"),
        ("(01)19521234543210(21)9", "sgtin", "item"),
        ("(8003)09521234000013A1", "grai", "item"),
        ("(8004)9521234TANK7", "giai", "item"),
        ("(253)9521234000013A", "gdti", "item"),
        ("(8018)952123400000000017", "gsrn", "party"),
        ("(415)9521234000013(8020)F1", "refno", "other"),
    ],
)
def test_each_key_has_its_name_and_level(text: str, key: str, level: str) -> None:
    found = recognise(text)
    assert (found.key, found.level) == (key, level)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "identifier-empty"),
        ("   ", "identifier-empty"),
        ("lotto 7", "identifier-unknown"),
        ("9521234543213", "identifier-bare"),
        ("09521234543213", "identifier-bare"),
        ("095212340000001119", "identifier-bare"),
        ("(01)19521234543211(10)L7", "wrong-check-digit"),
        ("(01)1952123454321(10)L7", "gs1-length"),
        ("(10)L7", "element-missing"),
        ("(17)261231", "element-missing"),
        ("(01)19521234543210(02)19521234543210", "element-excluded"),
        ("(01", "element-string"),
        ("(05)1", "gs1-unknown-ai"),
        ("https://coop.example/", "dl-no-key"),
        ("https://", "dl-not-a-web-address"),
        ("urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e", "urn-unknown-scheme"),
        ("(01)19521234543210(10)" + "L" * 3000, "identifier-too-long"),
    ],
)
def test_what_is_not_recognised_says_why(text: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        recognise(text)
    assert refused.value.code == code
