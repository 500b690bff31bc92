import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import InputError
from schemas.gs1.canonical import canonical_uri, check, tagged_object
from tests.official import official, walk


def test_every_pair_of_the_event_hash_normaliser() -> None:
    path = "gs1/digital-link/epcis-event-hash_dl_normaliser.json"
    pairs = [v for v in json.loads(official(path).read_text("utf-8"))["vectors"] if isinstance(v["input"], str)]
    assert len(pairs) == 46
    for pair in pairs:
        assert canonical_uri(pair["input"]) == (pair["canonicalDL"] or pair["input"])


def test_brackets_from_a_urn_are_escaped_as_the_digital_link_standard_says() -> None:
    # The normaliser's pairs of 2025 escape ! ( ) *, its revision of July 2026 no longer does. A URN and a Digital Link
    # of one serial must meet in one spelling, DL section 4.4 lists these characters, and no vector of the event hash
    # holds one: so the pairs, and one spelling, win.
    urn = "urn:epc:id:sgtin:0614141.812345.6789%2F%26%25%22!%3F()"
    escaped = "https://id.gs1.org/01/80614141123458/21/6789%2F%26%25%22%21%3F%28%29"
    assert canonical_uri(urn) == escaped
    assert canonical_uri("https://id.gs1.org/01/80614141123458/21/6789%2f%26%25%22!%3F()") == escaped


@pytest.mark.parametrize(
    ("written", "tagged"),
    [
        ("urn:epc:class:lgtin:9521234.154321.L7", "https://id.gs1.org/01/19521234543210/10/L7"),
        ("https://coop.example/gtin/19521234543210/lot/L7?17=261231", "https://id.gs1.org/01/19521234543210/10/L7"),
        ("https://id.gs1.org/01/19521234543210/10/L7/21/9", "https://id.gs1.org/01/19521234543210/21/9"),
        ("urn:epc:id:sscc:9521234.0000000111", "https://id.gs1.org/00/095212340000001119"),
        ("urn:epc:id:giai:9521234.TANK7", "https://id.gs1.org/8004/9521234TANK7"),
        ("https://id.gs1.org/8003/09521234000013A1", "https://id.gs1.org/8003/09521234000013A1"),
        ("urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e", "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e"),
        ("https://coop.example/fields/7", "https://coop.example/fields/7"),
        ("https://coop.example/401/about", "https://coop.example/401/about"),
        ("https://id.gs1.org/01/19521234543210", None),
        ("https://id.gs1.org/01/19521234543210/22/A", None),
        ("https://id.gs1.org/8003/09521234000013", None),
        ("urn:epc:idpat:sgtin:9521234.154321.*", None),
        ("urn:epc:idpat:sgtin:9521234.*.*", None),
        ("https://id.gs1.org/414/9521234000013", None),
        ("urn:epc:id:pgln:9521234.00001", None),
        ("lotto 7", None),
        ("", None),
    ],
)
def test_lots_units_and_items_are_tagged_and_classes_are_not(written: str, tagged: str | None) -> None:
    assert tagged_object(written) == tagged


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("urn:epc:id:sgtin:9521234.15432.7", "urn-length"),
        ("https://id.gs1.org/01/19521234543211/10/L7", "wrong-check-digit"),
        ("https://coop.example/01/19521234543211/10/L7", "wrong-check-digit"),
        ("https://id.gs1.org/00/09521234000000111", "gs1-length"),
        ("https://id.gs1.org/01/19521234543210/10/L%207", "gs1-character"),
        ("https://id.gs1.org/about", "dl-no-key"),
    ],
)
def test_what_looks_like_gs1_and_is_wrong_is_refused(uri: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        check(uri)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "uri",
    [
        "https://coop.example/2026/01/195/photo",
        "https://coop.example/401/about",
        "urn:epc:id:gid:95100000.12345.400",
        "urn:epc:id:sgtin:9521234.154321.7",
        "https://id.gs1.org/01/19521234543210/10/L7?linkType=all#top",
        "ni:///sha-256;00?ver=CBV2.0",
        "",
    ],
)
def test_what_is_right_or_somebody_elses_passes(uri: str) -> None:
    check(uri)


def test_official_examples_hold_no_identifier_we_refuse() -> None:
    checked = 0
    for file in walk("gs1/gs1-epcis/JSON/**/*.jsonld", "gs1/gs1-epcis/JSON-simple-context/**/*.jsonld"):
        for text in texts(json.loads(file.read_text("utf-8"))):
            if text.startswith(("urn:epc:", "http")):
                check(text)
                checked += 1
    assert checked > 500


def texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for name, inner in value.items() if name != "@context" for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


@given(st.text(max_size=60) | st.text("/%01:?#htps.urnepcidgs", max_size=60))
def test_any_text_is_read_without_an_error_and_once(text: str) -> None:
    for uri in (text, "https://id.gs1.org/" + text, "urn:epc:id:" + text, "https://a.example/01/" + text):
        canonical = canonical_uri(uri)
        assert canonical_uri(canonical) == canonical
        assert tagged_object(uri) in (None, canonical)


def test_a_text_longer_than_any_identifier_is_left_alone() -> None:
    long = "https://id.gs1.org/01/19521234543210/10/L7?x=" + "a" * 3000
    assert canonical_uri(long) == long
    assert tagged_object(long) is None
    with pytest.raises(InputError) as refused:
        check(long)
    assert refused.value.code == "identifier-too-long"


@given(
    st.sampled_from(["01", "00", "414", "417"]),
    st.integers(0, 10**18),
    st.sampled_from(["", "/10/", "/21/", "/22/A/21/", "/235/", "/254/"]),
    st.text("-'.;=_AZaz09%/!", max_size=22),
)
def test_the_quick_way_and_the_whole_way_agree(ai: str, number: int, qualifier: str, value: str) -> None:
    digits = str(number).zfill({"01": 14, "00": 18}.get(ai, 13))
    path = f"/{ai}/{digits}{qualifier}{value if qualifier else ''}"
    quick, whole = canonical_uri("https://id.gs1.org" + path), canonical_uri("https://coop.example" + path)
    assert whole in (quick, "https://coop.example" + path)
    if whole.startswith("https://coop.example"):
        assert quick == "https://id.gs1.org" + path
