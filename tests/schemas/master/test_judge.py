"""Master data is judged member by member, and by what members say together; the schema never says less."""

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.epcis.validate import plain
from schemas.master.json_schema import schema
from schemas.master.judge import problems
from schemas.master.terms import KINDS, OBJECTS, fields
from schemas.syntax.json_text import Number, read
from schemas.wording import sentence
from tests.simulator.master import GOOD, certificate, party, product, site


def told(tree: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.member) for problem in problems(tree)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_one_has_no_problem(kind: str) -> None:
    assert told(GOOD[kind]()) == []


def outline(*corners: tuple[float, float]) -> Any:
    return read(json.dumps({"type": "Polygon", "coordinates": [[*corners]]}))


def number(text: str) -> Number:
    return Number(text)


WRONG: list[tuple[dict[str, Any], str, str]] = [
    (party(name=None), "missing-member", "/name"),
    (party(id="non è un URI"), "not-a-uri", "/id"),
    (party(id="https://id.gs1.org/417/9521001000018", gln=None), "wrong-check-digit", "/id"),
    (party(gln="9521001000018"), "wrong-check-digit", "/gln"),
    (party(gln="952100100001"), "gs1-length", "/gln"),
    (party(gln=number("9521001000017")), "member-not-text", "/gln"),
    (party(gln="9521002000016"), "master-id-other", "/gln"),
    (party(id="https://id.gs1.org/01/09521001002011", gln=None), "master-id-kind", "/id"),
    (party(vatNumber="IT00743110158"), "wrong-check-digit", "/vatNumber"),
    (party(vatNumber="IT0074311015"), "vat-number-form", "/vatNumber"),
    (party(vatNumber="00000000000"), "vat-number-form", "/vatNumber"),
    (party(story={}), "public-text-empty", "/story"),
    (party(story="Siamo noi"), "member-not-object", "/story"),
    (party(story={"de": "Wir"}), "master-member-unknown", "/story/de"),
    (party(story={"it": "due\nrighe"}), "text-form", "/story/it"),
    (party(story={"it": "a" * 501}), "text-form", "/story/it"),
    (party(picture={"sha256": "00" * 32, "mediaType": "image/svg+xml"}), "not-in-list", "/picture/mediaType"),
    (party(picture={"sha256": "00", "mediaType": "image/png"}), "sha256-form", "/picture/sha256"),
    (party(picture={"mediaType": "image/png"}), "missing-member", "/picture/sha256"),
    (
        party(picture={"sha256": "00" * 32, "mediaType": "image/png", "alt": {}}),
        "public-text-empty",
        "/picture/alt",
    ),
    (site(public="yes"), "member-not-boolean", "/public"),
    (party(taxCode="RSSMRA85T10A562T"), "wrong-check-letter", "/taxCode"),
    (party(taxCode="RSSMRA85T1OA562S"), "tax-code-form", "/taxCode"),
    (party(ggn="4050373000014"), "wrong-check-digit", "/ggn"),
    (party(companyPrefixes=["952"]), "company-prefix-form", "/companyPrefixes/0"),
    (party(companyPrefixes="9521001"), "member-not-list", "/companyPrefixes"),
    (party(fdaRegistration="123"), "fda-registration-form", "/fdaRegistration"),
    (party(approvalNumbers=["it 08"]), "approval-number-form", "/approvalNumbers/0"),
    (party(approvalNumbers=[]), "empty-list", "/approvalNumbers"),
    (party(approvalNumbers="IT 08 123 CE"), "member-not-list", "/approvalNumbers"),
    (party(roles=["cooperative", "cooperative"]), "repeated-item", "/roles/1"),
    (party(roles=["friend"]), "not-in-list", "/roles/0"),
    (party(telephone="+39"), "master-member-unknown", "/telephone"),
    (party(address={"municipality": "Termeno"}), "missing-member", "/address/country"),
    (party(address={"municipality": "Termeno", "country": "IX"}), "not-a-country", "/address/country"),
    (party(address="Termeno"), "member-not-object", "/address"),
    (party(contacts=[{"role": "recall", "phone": "0471 123456"}]), "phone-form", "/contacts/0/phone"),
    (party(contacts=[{"role": "recall", "email": "q@sole"}]), "email-form", "/contacts/0/email"),
    (party(name=" Sole"), "text-form", "/name"),
    (party(name="So\nle"), "text-form", "/name"),
    (party(validFrom="2025-02-30"), "not-a-moment", "/validFrom"),
    (party(validFrom="2025-01-01T00:00:00"), "not-a-moment", "/validFrom"),
    (party(validTo="2024-12-31"), "valid-backwards", "/validTo"),
    (party(withdrawn=True), "withdrawn-without-reason", "/reason"),
    (party(withdrawn="yes"), "member-not-boolean", "/withdrawn"),
    (site(kind="house"), "not-in-list", "/kind"),
    (site(parent=site()["id"]), "site-in-itself", "/parent"),
    (site(mixing={"rule": "fifo"}), "mixing-without-vessel", "/mixing"),
    (site(kind="silo", mixing={"rule": "lifo"}), "not-in-list", "/mixing/rule"),
    (site(kind="tank", mixing={"vessels": ["https://dop.example/tank/7"]}), "missing-member", "/mixing/rule"),
    (site(id="https://id.gs1.org/417/9521001000017"), "master-id-kind", "/id"),
    (
        site(coordinates={"latitude": number("146.3"), "longitude": number("11")}),
        "latitude-form",
        "/coordinates/latitude",
    ),
    (site(coordinates={"latitude": "46.3", "longitude": number("11")}), "member-not-number", "/coordinates/latitude"),
    (site(area={"value": number("0"), "unit": "HAR"}), "not-positive", "/area/value"),
    (site(area={"value": number("1"), "unit": "KGM"}), "not-in-list", "/area/unit"),
    (site(area={"value": number("1"), "unit": "ettari"}), "bad-unit", "/area/unit"),
    (site(polygon={"type": "Point", "coordinates": []}), "polygon-form", "/polygon"),
    (site(polygon=outline((1, 1), (2, 1), (2, 2))), "polygon-open", "/polygon"),
    (site(polygon=outline((1, 1), (2, 1), (2, 2), (1, 2))), "polygon-open", "/polygon"),
    (site(polygon=outline((1, 1), (2, 2), (2, 1), (1, 2), (1, 1))), "polygon-crossing", "/polygon"),
    (site(polygon=outline((1, 1), (3, 1), (2, 1), (2, 2), (1, 1))), "polygon-crossing", "/polygon"),
    (site(polygon=outline((1, 1), (2, 1), (2.0000001, 1), (2, 2), (1, 1))), "polygon-corner-twice", "/polygon"),
    (site(polygon=outline((1, 91), (2, 1), (2, 2), (1, 91))), "polygon-position", "/polygon"),
    (product(netContent=None), "product-content-missing", "/netContent"),
    (product(quantityType="some"), "not-in-list", "/quantityType"),
    (product(gtins=[{"gtin": "09521001002028", "level": "unit"}]), "product-gtin-missing", "/gtins"),
    (product(gtins=[{"gtin": "09521001002012", "level": "unit"}]), "wrong-check-digit", "/gtins/0/gtin"),
    (product(id="https://id.gs1.org/01/09521001002011/10/A"), "master-id-kind", "/id"),
    (
        product(id="https://a.example/p", gtins=[{"gtin": "99521001002014", "level": "case"}]),
        "product-variable-gtin",
        "/gtins/0/gtin",
    ),
    (product(foodTraceabilityList={"listed": True}), "missing-member", "/foodTraceabilityList/version"),
    (product(species={"scientificName": "Sparus aurata", "faoCode": "sbg"}), "fao-code-form", "/species/faoCode"),
    (product(packaging={"packageCode": "ZZZ"}), "not-a-package", "/packaging/packageCode"),
    (certificate(validTo=None), "certificate-without-end", "/validTo"),
    (certificate(scheme="bio"), "not-in-list", "/scheme"),
    (certificate(document={"sha256": "AB" * 32, "mediaType": "application/pdf"}), "sha256-form", "/document/sha256"),
    (certificate(document={"sha256": "ab" * 32, "mediaType": "pdf"}), "media-type-form", "/document/mediaType"),
    (certificate(scope={"products": ["pesche"]}), "not-a-uri", "/scope/products/0"),
    (party(type="person"), "not-in-list", "/type"),
    (party(type=None), "missing-member", "/type"),
]


@pytest.mark.parametrize(("tree", "code", "member"), WRONG, ids=[f"{code}{member}" for _, code, member in WRONG])
def test_what_is_wrong_is_named_with_its_place_in_both_languages(tree: dict[str, Any], code: str, member: str) -> None:
    assert (code, member) in told(tree)
    problem = next(found for found in problems(tree) if found.code == code)
    for language in ("en", "it"):
        said = sentence(code, {**problem.context, "member": problem.member}, language)  # type: ignore[arg-type]
        assert "{" not in said.replace('{"', "")


def test_what_is_no_object_is_named() -> None:
    assert told(["party"]) == [("member-not-object", "")]


def test_a_hole_and_too_many_corners_are_no_outline() -> None:
    ring = [[1, 1], [2, 1], [2, 2], [1, 1]]
    holed = read(json.dumps({"type": "Polygon", "coordinates": [ring, ring]}))
    assert told(site(polygon=holed)) == [("polygon-hole", "/polygon")]
    many = outline(*[(n / 1000, n / 2000) for n in range(600)])
    assert told(site(polygon=many)) == [("polygon-too-long", "/polygon")]


def test_a_large_outline_is_judged_whole() -> None:
    side = [(n / 1000, 0.0) for n in range(250)] + [((249 - n) / 1000, 1.0 + n / 1000) for n in range(249)]
    assert told(site(polygon=outline(*side, side[0]))) == []


def test_a_wrong_tax_code_is_not_completed_for_whoever_asks() -> None:
    problem = next(found for found in problems(party(taxCode="RSSMRA85T10A562T")) if found.code == "wrong-check-letter")
    assert "RSSMRA85T10A562" not in str(problem.context)


@pytest.mark.parametrize("code", ["RSSMRA85T10A562S", "RSSMRA80A01H501U", "00743110157", "RSSMRA85T10A56NH"])
def test_codes_of_persons_and_companies_are_taken(code: str) -> None:
    assert told(party(taxCode=code)) == []


@pytest.mark.parametrize("name", ["https://dop.example/terms#cru", "urn:x:note"])
def test_a_member_of_ones_own_has_a_uri_for_its_name(name: str) -> None:
    assert told({**party(), name: {"anything": 1}}) == []


VALIDATOR = jsonschema_rs.Draft202012Validator(schema(), validate_formats=True)


def fits(tree: Any) -> bool:
    return bool(VALIDATOR.is_valid(plain(tree)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_takes_what_is_good_alone_and_in_a_list(kind: str) -> None:
    assert fits(GOOD[kind]())
    assert fits([GOOD[kind](), GOOD[kind]()])


# What only the members together, a check digit or the outline tell.
BEYOND = {
    "public-text-empty",
    "wrong-check-digit", "wrong-check-letter", "master-id-other", "master-id-kind", "valid-backwards", "site-in-itself",
    "mixing-without-vessel",
    "withdrawn-without-reason", "product-content-missing", "product-gtin-missing", "product-variable-gtin",
    "certificate-without-end", "polygon-open", "polygon-crossing", "polygon-corner-twice", "polygon-position",
    "vat-number-form", "tax-code-form", "text-form", "not-a-uri", "not-a-package", "not-a-moment",
}  # fmt: skip


@pytest.mark.parametrize(("tree", "code", "member"), WRONG, ids=[f"{code}{member}" for _, code, member in WRONG])
def test_the_schema_refuses_what_a_form_can_say(tree: dict[str, Any], code: str, member: str) -> None:
    if code not in BEYOND and (code, member) != ("not-in-list", "/area/unit"):
        assert not fits(tree)


LEAVES = st.none() | st.booleans() | st.text(max_size=5) | st.just(Number("1.5")) | st.just([]) | st.just({})


@given(st.sampled_from(KINDS), st.data())
def test_what_is_judged_good_fits_the_schema(kind: str, data: st.DataObject) -> None:
    tree = GOOD[kind]()
    for _ in range(data.draw(st.integers(0, 2))):
        name = data.draw(st.sampled_from(sorted(fields(kind))))
        tree[name] = data.draw(LEAVES)
    if not problems(tree):
        assert fits(tree)


def test_every_object_of_the_table_stands_somewhere() -> None:
    used = {field.shape for kind in (*KINDS, *OBJECTS) for field in fields(kind).values()}
    assert set(OBJECTS) <= used
