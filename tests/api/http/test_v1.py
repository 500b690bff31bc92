"""`/api/v1` as its clients meet it, on both databases: what each operation does, and what it keeps to itself."""

import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.accounts import SCOPES, Accounts
from api.http.endpoint import Endpoint
from api.http.v1.table import ENDPOINTS
from api.settings import Settings
from ledger.audience import full
from ledger.bundle import parse
from ledger.entry.parse import parse_wire
from ledger.prove import prove
from tests.api.conftest import Consortium
from tests.api.http.roles import PASSWORD
from tests.simulator.cooperatives import LUNA, document, harvested, lot, party, shipped, written

Token = Callable[..., dict[str, str]]
JSON = {"Content-Type": "application/json"}


def code(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def lots(consortium: Consortium) -> list[int]:
    """Of Sole: a harvest that is its own, and a shipment of it to Luna. Indexes of both."""
    events = document(harvested("P-1"), shipped("P-1", to=party(LUNA)))
    return [item.index for item in consortium.node.capture(events, member=consortium.sole)]


# Capture by a token that is bound to a gateway key.


def test_what_comes_by_a_token_is_signed_with_the_key_it_is_bound_to(
    consortium: Consortium, client: httpx.Client, token: Token
) -> None:
    node, luna = consortium.node, consortium.luna
    (bound,) = node.keyring.find(role="gateway", iss=luna)
    by_token = token(luna, "capture")
    node.membership.new_key("gateway", luna)
    answer = client.post("/api/v1/capture", content=written(harvested("P-1")), headers={**JSON, **by_token})
    (captured,) = answer.json()["captured"]
    entry = node.entry(captured["index"])
    assert (entry.jwt.kid, entry.claims.iss) == (bound, luna)


def test_a_token_whose_key_was_revoked_captures_nothing(
    consortium: Consortium, client: httpx.Client, token: Token
) -> None:
    node, luna = consortium.node, consortium.luna
    (bound,) = node.keyring.find(role="gateway", iss=luna)
    by_token = token(luna, "capture")
    node.membership.new_key("gateway", luna)
    node.membership.revoke(bound)
    before = node.registry.size
    answer = client.post("/api/v1/capture", content=written(harvested("P-1")), headers={**JSON, **by_token})
    assert code(answer) == (403, "gateway-key-ended")
    answer = client.post("/epcis/capture", content=written(harvested("P-1")), headers={**JSON, **by_token})
    if answer.status_code == 202:
        job = answer.headers["location"]
        while (said := client.get(job, headers=by_token).json())["running"]:
            pass
        assert not said["success"]
    assert node.registry.size == before


def test_every_bad_event_of_a_document_is_told(consortium: Consortium, client: httpx.Client, token: Token) -> None:
    bad = harvested("P-1", eventTime="yesterday")
    sent = {"content": written(harvested("P-0"), bad, bad), "headers": {**JSON, **token(consortium.sole, "capture")}}
    refused = client.post("/api/v1/capture", **sent)  # type: ignore[arg-type]
    assert refused.status_code == 400
    assert [refused.json()["event"], *(each["event"] for each in refused.json()["others"])] == [1, 2]
    kept = client.post("/api/v1/capture", params={"proceed": "true"}, **sent).json()  # type: ignore[arg-type]
    assert [item["event"] for item in kept["captured"]] == [0]
    assert [item["event"] for item in kept["refused"]] == [1, 2]


# Bundles, for the eyes of who asks.


def opened(bundle: bytes) -> set[int]:
    """The indexes whose content a bundle shows."""
    found = set()
    for part in parse(bundle).entries:
        wire = "~".join([part.entry, *part.disclosures, ""]).encode()
        if parse_wire(wire).content is not None:
            found.add(part.index)
    return found


def test_a_member_gets_the_bundle_of_a_lot_with_what_it_may_see(
    consortium: Consortium, client: httpx.Client, token: Token, lots: list[int]
) -> None:
    harvest, shipment = lots
    for member, seen in ((consortium.sole, {harvest, shipment}), (consortium.luna, {shipment}), (None, set(lots))):
        answer = client.get("/api/v1/bundle", params={"lot": lot("P-1")}, headers=token(member, "export"))
        assert answer.status_code == 200
        assert opened(answer.content) == seen
        assert "filiera.json" in answer.headers["content-disposition"]


def test_a_file_alone_is_had_of_formats_that_travel_beside_their_proof(
    consortium: Consortium, client: httpx.Client, token: Token, lots: list[int]
) -> None:
    def export(format: str, **more: str) -> httpx.Response:
        asked = {"lot": lot("P-1"), **more}
        return client.get(f"/api/v1/exports/{format}", params=asked, headers=token(consortium.sole, "export"))

    assert export("epcis-json").status_code == 200
    assert code(export("epcis-json", bare="true")) == (400, "export-bare")
    assert code(export("eu-one-step-csv", bare="perhaps")) == (400, "parameter-value")


def test_what_a_caller_may_not_know_of_is_answered_like_what_is_not_there(
    consortium: Consortium, client: httpx.Client, token: Token
) -> None:
    (hidden,) = consortium.node.capture(document(harvested("P-9")), member=consortium.sole)
    luna = token(consortium.luna, "export")
    wrong_digit = "(01)09521001002012(10)P-9"
    for headers in ({}, luna):
        for there, absent in (
            ({"lot": lot("P-9")}, {"lot": lot("P-8")}),
            ({"entry": hidden.index}, {"entry": 10_000}),
            ({"lot": wrong_digit}, {"lot": wrong_digit}),
        ):
            first, second = (client.get("/api/v1/bundle", params=asked, headers=headers) for asked in (there, absent))
            assert first.status_code == second.status_code >= 400
            assert first.json()["code"] == second.json()["code"]
    body = {"lot": lot("P-9"), "to": consortium.sole}
    assert code(client.post("/api/v1/bundle", json=body, headers=luna)) == (404, "unknown-lot")


def test_the_public_gets_the_bundle_of_what_is_published(
    consortium: Consortium, client: httpx.Client, token: Token, lots: list[int]
) -> None:
    asked = {"params": {"lot": lot("P-1")}}
    assert code(client.get("/api/v1/bundle", **asked)) == (404, "unknown-lot")  # type: ignore[arg-type]
    sole = token(consortium.sole, "export")
    published = client.post("/api/v1/publications", json={"lot": "(01)09521001002011(10)P-1"}, headers=sole)
    assert published.json() == {"events": 2}
    answer = client.get("/api/v1/bundle", **asked)  # type: ignore[arg-type]
    assert opened(answer.content) == set(lots)
    assert "9521001000017" not in _shown(answer.content)
    assert client.get("/api/v1/publications").json()[0]["lot"] == lot("P-1")
    assert client.delete("/api/v1/publications", params={"lot": lot("P-1")}, headers=sole).status_code == 204
    assert code(client.get("/api/v1/bundle", **asked)) == (404, "unknown-lot")  # type: ignore[arg-type]


def _shown(bundle: bytes) -> str:
    """Everything that the disclosures of a bundle say, as text."""
    texts = [text for part in parse(bundle).entries for text in part.disclosures]
    return " ".join(base64.urlsafe_b64decode(text + "==").decode() for text in texts)


def test_a_bundle_given_is_seen_in_the_account_of_who_got_it(
    consortium: Consortium, client: httpx.Client, token: Token, lots: list[int]
) -> None:
    luna, asked = token(consortium.luna, "export"), {"lot": lot("P-1")}
    assert opened(client.get("/api/v1/bundle", params=asked, headers=luna).content) == {lots[1]}
    body = {"lot": lot("P-1"), "to": consortium.luna}
    given = client.post("/api/v1/bundle", json=body, headers=token(consortium.sole, "export"))
    assert given.status_code == 200
    assert opened(client.get("/api/v1/bundle", params=asked, headers=luna).content) == set(lots)


def test_a_member_publishes_for_itself_alone(consortium: Consortium, client: httpx.Client, token: Token) -> None:
    luna = token(consortium.luna, "export")
    body = {"lot": lot("P-1"), "member": consortium.sole}
    assert code(client.post("/api/v1/publications", json=body, headers=luna)) == (403, "access-denied")
    operator = token(None, "export")
    assert client.post("/api/v1/publications", json=body, headers=operator).status_code == 200
    assert code(client.post("/api/v1/publications", json={"lot": lot("P-1")}, headers=operator)) == (
        400,
        "member-missing",
    )


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "bundle-of-what"),
        ({"lot": "x", "entry": 1}, "bundle-of-what"),
        ({"lot": "x", "direction": "sideways"}, "parameter-value"),
        ({"entry": "-1"}, "parameter-number"),
        ({"entry": "1" * 30}, "parameter-number"),
        ({"lots": "x"}, "parameter-unknown"),
        ({"lot": ["x", "y"]}, "parameter-repeated"),
        ({"lot": "\ud800"}, None),
    ],
)
def test_a_bundle_of_nothing_in_particular_is_refused(client: httpx.Client, params: dict[str, Any], said: str) -> None:
    if said is None:
        assert client.get("/api/v1/bundle?lot=%ED%A0%80").status_code == 400
        return
    assert code(client.get("/api/v1/bundle", params=params)) == (400, said)


# Credentials.


def test_a_members_administrator_keeps_its_own_tokens_and_sees_no_others(
    consortium: Consortium, client: httpx.Client, token: Token
) -> None:
    luna = token(consortium.luna, "admin", "query")
    made = client.post("/api/v1/tokens", json={"name": "erp", "scopes": ["query"]}, headers=luna).json()
    assert made["member"] == consortium.luna
    assert client.get("/api/v1/session", headers={"Authorization": f"Bearer {made['token']}"}).json()["name"] == "erp"
    listed = client.get("/api/v1/tokens", headers=luna).json()
    assert {item["member"] for item in listed} == {consortium.luna}
    theirs = [
        item for item in client.get("/api/v1/tokens", headers=token(None, "admin")).json() if item["member"] is None
    ]
    hidden = client.delete(f"/api/v1/tokens/{theirs[0]['id']}", headers=luna)
    absent = client.delete("/api/v1/tokens/000000000000", headers=luna)
    assert (code(hidden), hidden.json()) == (code(absent), absent.json())
    assert client.delete(f"/api/v1/tokens/{made['id']}", headers=luna).json()["revoked"] is not None
    assert code(client.get("/api/v1/session", headers={"Authorization": f"Bearer {made['token']}"})) == (
        401,
        "access-unknown-token",
    )


def test_nobody_makes_a_token_that_may_do_more_than_its_own(
    consortium: Consortium, client: httpx.Client, token: Token
) -> None:
    narrow, whole = token(consortium.luna, "admin"), token(consortium.luna, *SCOPES)
    wanted: dict[str, dict[str, object]] = {
        "tokens": {"scopes": ["export"]},
        "accounts": {"password": PASSWORD, "role": "auditor"},
        "invitations": {"role": "field"},
    }
    for path, more in wanted.items():
        body = {"name": "x", **more}
        assert code(client.post(f"/api/v1/{path}", json=body, headers=narrow)) == (403, "access-scope")
        body = {"name": "x", **more, "member": consortium.sole}
        assert code(client.post(f"/api/v1/{path}", json=body, headers=whole)) == (403, "access-denied")
    # Who chooses somebody's password can be who that is.
    client.post("/api/v1/accounts", json={"name": "maria", "password": PASSWORD, "role": "owner"}, headers=whole)
    maria = "/api/v1/accounts/maria"
    assert code(client.put(f"{maria}/password", json={"password": PASSWORD}, headers=narrow)) == (403, "access-scope")
    assert code(client.post(f"{maria}/reset", headers=narrow)) == (403, "access-scope")
    assert client.post(f"{maria}/reset", headers=whole).status_code == 201


def test_a_person_signs_in_and_out_with_a_cookie(consortium: Consortium, client: httpx.Client, token: Token) -> None:
    admin = token(consortium.luna, *SCOPES)
    body = {"name": "maria", "password": PASSWORD, "role": "auditor"}
    assert client.post("/api/v1/accounts", json=body, headers=admin).status_code == 201
    assert code(client.post("/api/v1/accounts", json=body, headers=admin)) == (409, "account-exists")
    entered = client.post("/api/v1/session", json={"name": "maria", "password": PASSWORD})
    assert entered.status_code == 204
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert client.get("/api/v1/session").json()["member"] == consortium.luna
    left = client.delete("/api/v1/session", headers={"Sec-Fetch-Site": "same-origin"})
    assert left.status_code == 204
    assert client.get("/api/v1/session").json()["kind"] == "public"


def test_another_sites_page_does_nothing_in_a_persons_name(
    consortium: Consortium, client: httpx.Client, token: Token
) -> None:
    admin = token(consortium.luna, *SCOPES)
    client.post("/api/v1/accounts", json={"name": "maria", "password": PASSWORD, "role": "office"}, headers=admin)
    client.post("/api/v1/session", json={"name": "maria", "password": PASSWORD})
    own = str(client.base_url)
    for headers, let_in in (
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": own}, True),
    ):
        answer = client.post("/api/v1/publications", json={"lot": lot("P-1")}, headers=headers)
        assert (answer.status_code == 200) == let_in, headers
        if not let_in:
            assert code(answer) == (403, "access-cross-site")
    assert client.get("/api/v1/members", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
    # A token as the password of Basic is sent by a browser itself, once it was typed there.
    bearer = token(consortium.luna, "export")["Authorization"].partition(" ")[2]
    basic = {"Authorization": f"Basic {base64.b64encode(f'x:{bearer}'.encode()).decode()}"}
    for headers, let_in in (
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": own}, True),
        ({}, True),
    ):
        answer = client.post("/api/v1/publications", json={"lot": lot("P-1")}, headers={**basic, **headers})
        assert (answer.status_code == 200) == let_in, headers
    with_token = client.post("/api/v1/publications", json={"lot": lot("P-1")}, headers=token(consortium.luna, "export"))
    assert with_token.status_code == 200


def test_failed_logins_are_slowed_down(consortium: Consortium, client: httpx.Client) -> None:
    answers = [client.post("/api/v1/session", json={"name": "maria", "password": "sbagliata"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "2"


# Nothing secret is ever said.


def test_no_secret_is_in_any_answer_or_in_the_logs(
    consortium: Consortium, client: httpx.Client, token: Token, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    headers = token(consortium.luna, *SCOPES)
    secret = headers["Authorization"].removeprefix("Bearer ")
    client.post("/api/v1/accounts", json={"name": "maria", "password": PASSWORD, "role": "office"}, headers=headers)
    said = []
    for endpoint in ENDPOINTS:
        path = endpoint.path.replace(":path", "")
        for name in ("{path}", "{index}", "{id}", "{name}"):
            path = path.replace(name, "maria")
        body = json.dumps({"name": "maria", "password": PASSWORD, "scopes": "x", "policy": PASSWORD})
        for sent in (headers, {"Authorization": f"Basic {secret}"}, {"Cookie": f"filiera={secret}"}):
            answer = client.request(endpoint.method, path, content=body, headers={**JSON, **sent})
            said.append(answer.text)
    everything = " ".join([*said, caplog.text])
    assert secret not in everything
    assert PASSWORD not in everything


# The rest.


def test_members_and_keys_are_listed_without_what_is_the_operators(
    consortium: Consortium, client: httpx.Client
) -> None:
    members = client.get("/api/v1/members").json()
    assert [item["member"] for item in members] == [consortium.sole, consortium.luna]
    keys = client.get("/api/v1/keys", params={"member": consortium.luna}).json()
    assert {key["member"] for key in keys} == {consortium.luna}
    assert {"here", "name"} & set(keys[0]) == set()


def test_identifiers_hashes_and_verdicts_are_those_of_the_command_line(
    consortium: Consortium, client: httpx.Client, lots: list[int]
) -> None:
    found = client.get("/api/v1/id", params={"text": ["(01)09521001002011(10)P-1", "x"]}).json()
    assert [item["valid"] for item in found] == [True, False]
    assert found[0]["digital_link"] == lot("P-1")
    assert code(client.get("/api/v1/id", params={"text": ["x"] * 101})) == (400, "too-many-texts")
    hashes = client.post("/api/v1/hash", content=written(harvested("P-1")), headers=JSON).json()["hashes"]
    assert hashes[0].startswith("ni:///sha-256;")
    bundle = prove(consortium.node.source, lot("P-1"), "back", full())
    account = client.post("/api/v1/verify", content=bundle, headers=JSON).json()
    assert account["valid"] is True
    account = client.post("/api/v1/verify", params={"require": "timed"}, content=bundle, headers=JSON).json()
    assert account["valid"] is None
    assert code(client.post("/api/v1/verify", params={"require": "x"}, content=b"x", headers=JSON)) == (
        400,
        "parameter-value",
    )


# What only a phone brings is held to its size in `tests/api/test_devices.py`.
@pytest.mark.parametrize(
    "endpoint",
    [e for e in ENDPOINTS if e.body is not None and e.verb != "document.bring"],
    ids=lambda endpoint: endpoint.name,
)
def test_a_body_that_is_too_large_is_refused(
    consortium: Consortium, client: httpx.Client, token: Token, endpoint: Endpoint
) -> None:
    assert endpoint.body is not None
    limit = endpoint.body.limit(Settings())
    headers = token(None, "admin") if endpoint.verb == "trust" else token(consortium.sole, *SCOPES)
    if endpoint.verb == "own.account":
        persons = Accounts(consortium.node)
        persons.add_account("maria", PASSWORD, member=consortium.sole, role="office")
        cookie = f"filiera={persons.login('maria', PASSWORD, seconds=60)}"
        headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
    path = endpoint.path.replace("{name}", "x")
    params = {each.name: each.example for each in endpoint.parameters if each.place == "query" and each.required}
    sent = {"Content-Type": endpoint.body.media[0], **headers}
    answer = client.request(endpoint.method, path, content=b"x" * (limit + 1), headers=sent, params=params)
    assert code(answer) == (413, "body-too-large")
