"""The statements of GS1's conformance suite for resolvers, each as a test, on a server that shows what is published.

Which test holds which statement stands in docs/interoperability.md.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import jsonschema_rs
import pytest

from api.settings import Settings
from api.verbs.master import add
from api.verbs.publish import publish
from api.verbs.recall import close_recall, open_recall
from ledger.audience import full
from schemas.syntax.json_text import write
from tests.official import official
from tests.schemas.gs1.compressing import compressed
from tests.simulator.paperwork import (
    BUYER,
    CARRIER,
    CASE,
    COOP,
    FARMS,
    LOT,
    PALLETS,
    Season,
    gln,
    masters,
    paperwork,
    place,
)
from tests.simulator.server import running

ROOT = Path(__file__).parents[3]
VOC = "https://ref.gs1.org/voc/"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "it"}
PATH = f"/01/{CASE}/10/T-196"
SITE, PARTY = f"/414/{FARMS[0]}", f"/417/{COOP}"
COMPRESSED = "/" + compressed((("01", CASE), ("10", "T-196")))
PARTLY = f"/01/{CASE}/" + compressed((("10", "T-196"),))


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    with paperwork(tmp_path_factory.mktemp("resolver")) as season:
        own = season.members[0]
        public = [each | {"public": True} for each in masters() if each["id"] == place(FARMS[0])]
        add(season.node, write(public), name="public.json", member=own)
        publish(season.node, LOT, member=own)
        yield season


@pytest.fixture(scope="module")
def client(season: Season) -> Iterator[httpx.Client]:
    with running(season.node, Settings(anonymous="published"), token=None) as client:
        yield client


def linkset(client: httpx.Client, path: str = PATH, **headers: str) -> list[dict[str, object]]:
    answer = client.get(path, params={"linkType": "linkset"}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["linkset"]
    return found


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_get_head_and_options_are_supported(client: httpx.Client, method: str) -> None:
    answer = client.request(method, PATH)
    assert answer.status_code in (204, 307)
    assert method == "GET" or answer.content == b""


@pytest.mark.parametrize("path", [PATH, "/01/09521001002012", f"/01/{CASE}/10/none", "/.well-known/gs1resolver"])
def test_cors_is_supported_on_answers_and_on_refusals(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "HEAD" in client.options(PATH).headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/01/09521001002012", "wrong-check-digit"),
        ("/01/9521/10/A", "gs1-length"),
        (f"/01/{CASE}/10/" + "A" * 21, "gs1-too-long"),
        (f"/01/{CASE}/21/1/10/2", "dl-qualifier"),
        (f"/01/{CASE}/10/A?17=991399", "gs1-date"),
        (f"/01/{CASE}/10/%E2%82%AC", "dl-escape"),
        ("/00/123", "gs1-length"),
        ("/ARFKk4XB0CDKWcn", "dl-compressed-cut"),
        ("/01/09506000134376/10", "dl-compressed-cut"),
    ],
)
def test_a_wrong_identifier_is_refused_with_400_and_says_why(client: httpx.Client, path: str, code: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.json()["code"] == code or answer.json()["detail"]


@pytest.mark.parametrize(
    "path", ["/01/09521009000018/10/A", "/414/9521001000017", "/nothing-here", "/00/395210010000000013"]
)
def test_an_error_is_never_200(client: httpx.Client, path: str) -> None:
    assert client.get(path, headers={"Accept": "application/linkset+json"}).status_code in (400, 404)


@pytest.mark.parametrize("type", ["all", "linkset"])
@pytest.mark.parametrize(
    "path",
    [PATH, PATH + "/", f"/gtin/{CASE}/lot/T-196", f"/01/{CASE}/22/2A/10/T-196", COMPRESSED, COMPRESSED + "/", PARTLY],
)
def test_all_links_are_listed_at_each_level_of_the_uncompressed_identifier(
    client: httpx.Client, type: str, path: str
) -> None:
    answer = client.get(path, params={"linkType": type})
    assert answer.headers["content-type"] == "application/linkset+json"
    lot, product = answer.json()["linkset"]
    assert lot["anchor"].endswith("/10/T-196")
    assert product["anchor"].endswith(f"/01/{CASE}")


@pytest.mark.parametrize(
    "accept",
    [
        "application/linkset+json",
        "application/json",
        "application/ld+json",
        "application/linkset+json;q=0.9, */*;q=0.1",
    ],
)
def test_a_linkset_meets_the_official_schema_in_each_of_its_forms(client: httpx.Client, accept: str) -> None:
    answer = client.get(PATH, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(accept.partition(";")[0])
    tree = answer.json()
    context = tree.pop("@context", None)
    assert (context is not None) == (accept == "application/ld+json")
    schema = json.loads(official("gs1/digital-link/linkset/gs1-linkset-schema.json").read_text("utf-8"))
    jsonschema_rs.validator_for(schema).validate(tree)


def test_every_link_has_a_target_a_type_and_a_title(client: httpx.Client) -> None:
    levels = linkset(client)
    types = {name.removeprefix(VOC) for level in levels for name in level if name.startswith("http")}
    assert types == {
        "defaultLink", "defaultLinkMulti", "pip", "traceability", "recallStatus", "certificationInfo", "epcis",
    }  # fmt: skip
    for level in levels:
        for name, listed in level.items():
            if isinstance(listed, list):
                assert all(link["href"].startswith("http") and link["title"] for link in listed), name


def test_link_types_are_of_the_gs1_web_vocabulary(client: httpx.Client) -> None:
    vocabulary = official("gs1/webvoc/gs1Voc.jsonld").read_text("utf-8")
    for level in (*linkset(client), *linkset(client, SITE), *linkset(client, PARTY)):
        for name in level:
            if name.startswith(VOC) and not name.endswith("Multi"):
                assert f'"gs1:{name.removeprefix(VOC)}"' in vocabulary


def test_the_linkset_and_the_links_are_in_the_link_header_even_when_redirecting(client: httpx.Client) -> None:
    header = client.head(PATH).headers["link"]
    assert re.search(r'<http[^>]*/10/T-196\?linkType=linkset>; rel="linkset"', header)
    assert f'rel="{VOC}recallStatus"' in header


def test_there_is_one_default_link_and_it_is_redirected_to(client: httpx.Client) -> None:
    (default,) = linkset(client, **{"Accept-Language": "it"})[0][VOC + "defaultLink"]  # type: ignore[misc]
    answer = client.get(PATH, headers=HTML)
    assert answer.status_code == 307
    assert answer.headers["location"] == default["href"]
    assert client.get(PATH, params={"linkType": "gs1:defaultLink"}, headers=HTML).headers["location"] == default["href"]
    page = client.get(answer.headers["location"], headers=HTML)
    assert page.status_code == 200
    assert "T-196" in page.text


def test_what_the_request_says_gives_a_better_answer_than_the_default(client: httpx.Client) -> None:
    def where(**headers: str) -> str:
        return str(client.get(PATH, headers={**HTML, **headers}).headers["location"])

    assert where().endswith("?lang=it")
    assert where(**{"Accept-Language": "en-GB,en;q=0.9"}).endswith("?lang=en")


@pytest.mark.parametrize("spelled", ["gs1:{}", VOC + "{}", "https://gs1.org/voc/{}", "{}"])
@pytest.mark.parametrize("type", ["pip", "traceability", "recallStatus", "certificationInfo", "epcis"])
def test_a_link_type_is_redirected_to_and_its_target_is_there(client: httpx.Client, type: str, spelled: str) -> None:
    answer = client.get(PATH, params={"linkType": spelled.format(type)}, headers={"Accept": "*/*"})
    assert answer.status_code == 307
    target = client.get(answer.headers["location"], headers=HTML if "/lotto/01" in answer.headers["location"] else {})
    assert target.status_code == 200


def test_a_link_type_is_chosen_by_media_type_too(client: httpx.Client) -> None:
    def where(accept: str) -> str:
        asked = {"linkType": "gs1:traceability"}
        return str(client.get(PATH, params=asked, headers={"Accept": accept}).headers["location"])

    assert "/prova/" in where("application/json")
    assert "/prova/" not in where("text/html")


def test_a_link_type_that_is_not_there_is_not_replaced(client: httpx.Client) -> None:
    answer = client.get(PATH, params={"linkType": "gs1:recipeInfo"})
    assert answer.status_code == 404
    assert "gs1:recallStatus" in answer.json()["detail"]


def test_the_query_is_passed_on_but_where_the_link_says_not(client: httpx.Client) -> None:
    asked = "17=261231&name=A%20B&linkType=gs1:pip"
    assert client.get(f"{PATH}?{asked}").headers["location"].endswith("&17=261231&name=A+B")
    assert "name" not in client.get(f"{PATH}?name=A&linkType=gs1:epcis").headers["location"]


def test_a_slash_at_the_end_is_tolerated(client: httpx.Client) -> None:
    assert (
        client.get(PATH + "/", headers=HTML).headers["location"] == client.get(PATH, headers=HTML).headers["location"]
    )


def test_it_describes_itself_as_the_official_example_does(client: httpx.Client) -> None:
    told = client.get("/.well-known/gs1resolver").json()
    example = json.loads(official("gs1/digital-link/resolver-ce/gs1resolver.json").read_text("utf-8"))
    same = {name for name, value in told.items() if name in example and type(value) is type(example[name])}
    assert {"name", "resolverRoot", "supportedLinkType", "supportedPrimaryKeys", "contact", "activeLinkTypes"} <= same
    assert told["resolverRoot"] == str(client.base_url).rstrip("/")
    for language in ("it", "en"):
        assert set(told["activeLinkTypes"][language]) >= {"gs1:pip", "gs1:recallStatus"}


@pytest.mark.parametrize(
    "key",
    [
        "8003/09521001000017A", "8004/9521001ABC", "253/9521001000017A", "8018/952100100000000015",
        "415/9521001000017/8020/A-1",
    ],
)  # fmt: skip
def test_every_key_is_understood_and_one_of_which_nothing_is_published_is_404(client: httpx.Client, key: str) -> None:
    assert client.get(f"/{key}", headers={"Accept": "application/json"}).status_code == 404
    page = client.get(client.get(f"/{key}", headers=HTML).headers["location"], headers=HTML)
    assert page.status_code == 404


def test_a_unit_leads_to_its_page(client: httpx.Client) -> None:
    answer = client.get("/00/" + PALLETS[0].rpartition("/")[2], headers=HTML)
    assert client.get(answer.headers["location"], headers=HTML).status_code == 200


@pytest.mark.parametrize(
    "path", [f"/01/{CASE}/10/none", f"/01/{CASE}/21/7", "/00/395210010000000094", "/8018/952100100000000015"]
)
def test_a_browser_is_led_to_the_page_that_explains(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 307
    assert client.get(answer.headers["location"], headers=HTML).status_code == 404


def test_there_is_a_default_link_at_the_entry_or_higher_up(client: httpx.Client) -> None:
    (product,) = linkset(client, f"/01/{CASE}/10/none")
    assert str(product["anchor"]).endswith(f"/01/{CASE}")
    assert VOC + "defaultLink" in product
    asked = {"linkType": "gs1:recallStatus"}
    assert client.get(f"/01/{CASE}/10/none", params=asked).status_code == 404
    serial = client.get(f"/01/{CASE}/10/T-196/21/7", headers=HTML)
    assert serial.headers["location"].endswith(f"/lotto{PATH}?lang=it")
    variant = client.get(f"/01/{CASE}/22/2A", headers=HTML)
    assert f"/lotto?product={CASE}" in variant.headers["location"]


@pytest.mark.parametrize("path", [COMPRESSED, PARTLY])
def test_a_compressed_identifier_is_answered_where_it_stands(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 307
    assert answer.headers["location"] == client.get(PATH, headers=HTML).headers["location"]
    whole = str(client.base_url).rstrip("/") + PATH
    for found in (answer, client.get(path, params={"linkType": "linkset"}), client.head(path)):
        assert f'<{whole}>; rel="owl:sameAs"' in found.headers["link"]
        assert f'<{whole}?linkType=linkset>; rel="linkset"' in found.headers["link"]
    assert "owl:sameAs" not in client.head(PATH).headers["link"]


@pytest.mark.parametrize("host", ["[::1]:8080", "[2001:db8::1]", "registro.example.com"])
def test_it_is_reached_by_any_name_or_address(client: httpx.Client, host: str) -> None:
    for path in (PATH, COMPRESSED):
        answer = client.get(path, headers={**HTML, "Host": host})
        assert answer.headers["location"] == f"http://{host}/lotto{PATH}?lang=it"


def test_what_else_is_compressed_counts_as_if_it_stood_in_the_query(client: httpx.Client) -> None:
    elements = (("01", CASE), ("10", "T-196"), ("17", "261231"))
    text = compressed(elements, (("linkType", "gs1:pip"), ("name", "A&B")))
    target = client.get(f"/{text}?more=1", headers=HTML).headers["location"]
    assert target.endswith("&17=261231&name=A%26B&more=1")
    assert "linkType" not in target


def test_a_linkset_names_the_file_that_makes_it_json_ld(client: httpx.Client) -> None:
    header = client.get(PATH, params={"linkType": "linkset"}).headers["link"]
    found = re.search(r'<([^>]*)>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld\+json"', header)
    assert found is not None
    answer = client.get(found[1])
    assert answer.headers["content-type"] == "application/ld+json"
    embedded = client.get(PATH, headers={"Accept": "application/ld+json"}).json()
    assert answer.json()["@context"] == embedded["@context"]
    assert client.get("/.well-known/gs1resolver").json()["jsonLdContextLocation"] == found[1]


def test_a_default_link_is_also_described_and_has_no_attribute_that_may_be_left_out(client: httpx.Client) -> None:
    for level in (*linkset(client), *linkset(client, SITE), *linkset(client, PARTY)):
        described = [
            link["href"]
            for name, listed in level.items()
            if name.startswith(VOC) and not name.startswith(VOC + "defaultLink") and isinstance(listed, list)
            for link in listed
        ]
        defaults = [link for name in ("defaultLink", "defaultLinkMulti") for link in listed_of(level, VOC + name)]
        assert {link["href"] for link in defaults} <= set(described)
        assert all("context" not in link and "fwqs" not in link for link in defaults)


def listed_of(level: dict[str, object], name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = level.get(name, [])  # type: ignore[assignment]
    return found


def test_a_public_place_and_a_member_have_links_and_pages_that_tell_the_municipality_alone(
    client: httpx.Client,
) -> None:
    for path, type in ((SITE, "locationInfo"), (PARTY, "homepage")):
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 307
        page = client.get(answer.headers["location"], headers=HTML)
        assert page.status_code == 200
        data = client.get(path, params={"linkType": "gs1:masterData"}, headers={"Accept": "application/json"})
        told = client.get(data.headers["location"]).json()
        assert told["address"].keys() <= {"municipality", "municipalityCode", "region", "country"}
        assert told["address"]["municipality"] in page.text
        assert not {"coordinates", "area", "phone", "email", "grower", "taxCode"} & told.keys()
        assert client.get(path, params={"linkType": f"gs1:{type}"}, headers=HTML).status_code == 307


def test_an_extension_of_a_public_place_leads_up_to_it(client: httpx.Client) -> None:
    answer = client.get(f"{SITE}/254/11", headers=HTML)
    assert answer.headers["location"].endswith(f"/codice{SITE}?lang=it")


@pytest.mark.parametrize(
    "path", [f"/414/{FARMS[1]}", f"/414/{COOP}", f"/417/{BUYER}", f"/417/{CARRIER}", "/8004/95210011"]
)
def test_what_is_not_public_is_not_told_from_what_is_not_here(client: httpx.Client, path: str) -> None:
    def answered(path: str) -> tuple[int, str]:
        led = client.get(path, headers=HTML)
        page = client.get(led.headers["location"], headers=HTML)
        return page.status_code, page.text.replace(path.rpartition("/")[2], "…")

    assert client.get(path, headers={"Accept": "application/json"}).status_code == 404
    status, text = answered(path)
    assert status == 404
    if path.startswith("/41"):
        assert text == answered(path[:5] + gln("9521009", 99))[1]


def test_the_linkset_follows_a_recall(client: httpx.Client, season: Season) -> None:
    def said() -> tuple[str, bool]:
        (first, *_) = linkset(client, **{"Accept-Language": "en"})[0][VOC + "recallStatus"]  # type: ignore[misc]
        return first["title"], client.get(first["href"]).json()["recalled"]

    assert said() == ("No recall stands on T-196", False)
    open_recall(season.node, LOT, "Glass", audience=full(), member=season.members[0])
    assert said() == ("T-196 is RECALLED", True)
    page = client.get(client.get(PATH, headers=HTML).headers["location"], headers=HTML).text
    assert page.index("Questo lotto è richiamato") < page.index("<h1>")
    close_recall(season.node, LOT, audience=full(), member=season.members[0])
    assert said() == ("No recall stands on T-196", False)


def test_a_server_that_shows_nothing_resolves_nothing_for_strangers(season: Season) -> None:
    with running(season.node, Settings(), token=None) as closed:
        assert closed.get(PATH, headers={"Accept": "application/json"}).status_code == 401


def test_the_documentation_names_each_test_of_a_statement() -> None:
    said = (ROOT / "docs" / "interoperability.md").read_text("utf-8").partition("the statements for resolvers")[2]
    named = set(re.findall(r"`(test_[a-z0-9_]+)`", said))
    assert named <= set(globals())
    assert len(named) >= 20
