"""Every route of the application, sent to by everybody: who is let in, who is sent away, and how.

- `DOOR` says for each operation who gets past the door. The others get 401 without credentials and 403 with the wrong
  ones; nobody gets 404 there instead, so that nobody learns from the door whether something exists.
- A route that is not in the table fails the first test, and so does a row without its route.
- Past the door nothing is asserted here but that nobody is told 401, 403 or 500 once let in, unless `DENIED` says so.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from api.access import RULES
from api.accounts import SCOPES
from api.epcis.front import Contract
from api.epcis.resources import KINDS
from api.http.app import routes
from api.http.v1.table import ENDPOINTS
from api.resolver.identifier import HEADS
from api.settings import Settings
from tests.api.conftest import Consortium
from tests.api.http.roles import NAMES, Roles
from tests.simulator.server import running

EVERYBODY = frozenset(NAMES) - {"wrong"}


def holders(scope: str, *also: str, public: bool = False, operator: bool = False) -> frozenset[str]:
    """The credentials that hold a scope, and the narrower roles that are let in `also`."""
    found = {f"operator:{scope}"} if scope != "capture" else set()
    if not operator:
        found |= {f"sole:{scope}", "luna:all", "person:owner"} | ({"person:office"} if scope != "admin" else set())
        found |= {f"person:{role}" for role in also}
    return frozenset(found | ({"public"} if public else set()))


READERS = ("auditor", "buyer")
PERSONS = frozenset(name for name in NAMES if name.startswith("person:"))


# (method, path) -> who gets past the door of a server that shows what is published.
DOOR: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/health"): EVERYBODY | {"wrong"},
    ("GET", "/docs"): EVERYBODY,
    # Pages.
    ("GET", "/"): EVERYBODY | {"wrong"},
    ("GET", "/verifica"): EVERYBODY,
    ("POST", "/verifica"): EVERYBODY,
    ("GET", "/stampa"): EVERYBODY,
    ("GET", "/campo"): EVERYBODY,
    ("GET", "/campo/worker.js"): EVERYBODY | {"wrong"},
    ("GET", "/campo/manifest.webmanifest"): EVERYBODY | {"wrong"},
    ("GET", "/campo/fiducia"): EVERYBODY | {"wrong"},
    ("GET", "/campo/filiera.crt"): EVERYBODY | {"wrong"},
    ("GET", "/static/{edition}/{room}/{name:path}"): EVERYBODY | {"wrong"},
    ("GET", "/lotto"): EVERYBODY,
    ("GET", "/lotto/prova/{path:path}"): EVERYBODY,
    ("GET", "/lotto/richiamo/{path:path}"): EVERYBODY,
    ("GET", "/lotto/immagine/{path:path}"): EVERYBODY,
    **{("GET", f"/{head}/{{rest:path}}"): EVERYBODY for head in HEADS},
    # What a browser asks before it lets another site's page ask: the same for everybody.
    **{("OPTIONS", f"/{head}/{{rest:path}}"): EVERYBODY | {"wrong"} for head in HEADS},
    **{(method, "/.well-known/gs1resolver"): EVERYBODY | {"wrong"} for method in ("GET", "OPTIONS")},
    **{(method, f"/{{compressed}}{end}"): EVERYBODY | {"wrong"} for method in ("GET", "OPTIONS") for end in ("", "/")},
    **{(method, "/.well-known/gs1resolver/context.jsonld"): EVERYBODY | {"wrong"} for method in ("GET", "OPTIONS")},
    ("GET", "/lotto/{path:path}"): EVERYBODY,
    ("GET", "/codice/dati/{path:path}"): EVERYBODY,
    ("GET", "/codice/{path:path}"): EVERYBODY,
    ("GET", "/entra"): EVERYBODY,
    ("POST", "/entra"): EVERYBODY,
    ("GET", "/esci"): EVERYBODY,
    ("GET", "/invito/{secret}"): EVERYBODY,
    ("POST", "/invito/{secret}"): EVERYBODY,
    ("GET", "/profilo"): PERSONS,
    ("POST", "/profilo/password"): PERSONS,
    ("POST", "/profilo/accessi"): PERSONS,
    ("GET", "/ufficio"): holders("query", "auditor"),
    ("GET", "/ufficio/persone"): holders("admin", "auditor"),
    ("GET", "/ufficio/accessi"): holders("admin", "auditor"),
    ("GET", "/ufficio/importa"): holders("capture"),
    ("POST", "/ufficio/importa"): holders("capture"),
    ("GET", "/ufficio/importa/{id}"): holders("capture"),
    ("POST", "/ufficio/importa/{id}"): holders("capture"),
    ("GET", "/ufficio/registrazioni"): holders("query", "auditor"),
    ("GET", "/ufficio/registrazioni/{index:int}"): holders("query", "auditor"),
    **{
        (method, f"/ufficio/registrazioni/{{index:int}}/{act}"): holders("capture")
        for method in ("GET", "POST")
        for act in ("correggi", "ritira")
    },
    **{
        ("GET", f"/ufficio/spedizioni{rest}"): holders("export", "auditor")
        for rest in ("", "/{index:int}", "/{index:int}/documento", "/{index:int}/etichetta")
    },
    ("POST", "/ufficio/spedizioni/{index:int}/numero"): holders("capture"),
    ("GET", "/ufficio/anagrafica"): holders("query", "auditor"),
    ("POST", "/ufficio/anagrafica"): holders("capture"),
    ("GET", "/ufficio/programmi"): holders("admin", "auditor"),
    **{("POST", f"/ufficio/programmi/{act}"): holders("admin") for act in ("crea", "revoca")},
    **{
        ("POST", f"/ufficio/persone/{act}"): holders("admin")
        for act in ("invita", "password", "ruolo", "togli", "ritira")
    },
    **{
        ("GET", f"/stagione{part}{ending}"): holders("query", "auditor")
        for part in ("", "/eventi", "/lavorazioni", "/tempi", "/rilievi")
        for ending in ("", ".json", ".csv")
    },
    **{("GET", f"/lotti{ending}"): holders("query", *READERS) for ending in ("", ".json", ".csv", "/{path:path}")},
    **{("GET", f"/richiamo{ending}"): holders("query", *READERS) for ending in ("", ".json", ".csv")},
    ("POST", "/richiamo"): holders("capture"),
    **{("GET", f"/dossier{ending}"): holders("export", *READERS, public=True) for ending in ("", ".json", ".csv")},
    ("GET", "/api/v1/openapi.json"): EVERYBODY,
    # The log is everybody's.
    ("GET", "/log/checkpoint"): EVERYBODY,
    ("GET", "/log/policy"): EVERYBODY,
    ("GET", "/log/tile/{path:path}"): EVERYBODY,
    ("POST", "/api/v1/checkpoint"): EVERYBODY,
    ("GET", "/api/v1/entries/{index}/proof"): EVERYBODY,
    ("GET", "/api/v1/members"): EVERYBODY,
    ("GET", "/api/v1/keys"): EVERYBODY,
    # Tools.
    ("POST", "/api/v1/hash"): EVERYBODY,
    ("GET", "/api/v1/id"): EVERYBODY,
    ("POST", "/api/v1/verify"): EVERYBODY,
    ("GET", "/api/v1/verifier"): EVERYBODY,
    ("POST", "/api/v1/convert"): EVERYBODY,
    ("GET", "/api/v1/formats"): EVERYBODY,
    # Phones.
    ("POST", "/api/v1/devices"): EVERYBODY,
    ("GET", "/api/v1/devices"): holders("admin"),
    ("POST", "/api/v1/devices/{code}"): holders("admin"),
    ("GET", "/api/v1/device"): frozenset(),
    ("POST", "/api/v1/scan"): EVERYBODY,
    # What comes in.
    ("POST", "/api/v1/entries"): holders("submit", "field", public=True),
    ("POST", "/api/v1/sheets"): holders("capture"),
    ("POST", "/api/v1/capture"): holders("capture", "field"),
    # What leaves the house.
    ("GET", "/api/v1/bundle"): holders("export", *READERS, public=True),
    ("POST", "/api/v1/bundle"): holders("export"),
    ("GET", "/api/v1/templates/{name}"): EVERYBODY,
    ("POST", "/api/v1/templates"): holders("export", *READERS, public=True),
    ("GET", "/api/v1/exports/{format}"): holders("export", *READERS, public=True),
    # No operator vouches in a member's name.
    ("POST", "/api/v1/credentials/{format}"): holders("export") - {"operator:export"},
    ("GET", "/api/v1/labels/{kind}"): holders("export", "auditor"),
    ("GET", "/api/v1/trace"): holders("query", *READERS),
    ("GET", "/api/v1/publications"): EVERYBODY,
    ("POST", "/api/v1/publications"): holders("export"),
    ("DELETE", "/api/v1/publications"): holders("export"),
    ("GET", "/api/v1/findings"): holders("query", "auditor"),
    # Master data.
    ("POST", "/api/v1/master"): holders("capture"),
    ("GET", "/api/v1/master"): holders("query", "auditor"),
    ("GET", "/api/v1/master/versions"): holders("query", "auditor"),
    ("GET", "/api/v1/master/schema"): EVERYBODY,
    # Numbers of delivery notes.
    ("GET", "/api/v1/ssccs"): holders("query", "auditor"),
    ("POST", "/api/v1/ssccs"): holders("capture"),
    ("GET", "/api/v1/numbers"): holders("query", "auditor"),
    ("POST", "/api/v1/numbers"): holders("capture"),
    ("DELETE", "/api/v1/numbers"): holders("capture"),
    # Balances.
    ("GET", "/api/v1/balance"): holders("query", "auditor"),
    **{
        ("GET", f"/api/v1/season{part}"): holders("query", "auditor") for part in ("", "/events", "/processes", "/lots")
    },
    # Recalls.
    ("GET", "/api/v1/recall"): holders("query", *READERS),
    ("GET", "/api/v1/recalls"): holders("query", *READERS),
    ("POST", "/api/v1/recall"): holders("capture"),
    ("GET", "/api/v1/recall/notice"): holders("query", *READERS),
    # What is attached.
    ("POST", "/api/v1/documents"): holders("capture"),
    ("PUT", "/api/v1/documents/{index}"): frozenset(),
    ("GET", "/api/v1/documents"): holders("query", *READERS),
    ("GET", "/api/v1/documents/{index}"): holders("query", *READERS),
    # What must go.
    ("GET", "/api/v1/entries/{index}/disclosures"): holders("admin", "auditor"),
    # Credentials.
    ("GET", "/api/v1/tokens"): holders("admin", "auditor"),
    ("POST", "/api/v1/tokens"): holders("admin"),
    ("DELETE", "/api/v1/tokens/{id}"): holders("admin"),
    ("GET", "/api/v1/accounts"): holders("admin", "auditor"),
    ("POST", "/api/v1/accounts"): holders("admin"),
    ("DELETE", "/api/v1/accounts/{name}"): holders("admin"),
    ("PUT", "/api/v1/accounts/{name}/password"): holders("admin"),
    ("PUT", "/api/v1/accounts/{name}/role"): holders("admin"),
    ("POST", "/api/v1/accounts/{name}/reset"): holders("admin"),
    ("GET", "/api/v1/accounts/{name}/sessions"): holders("admin", "auditor"),
    ("DELETE", "/api/v1/accounts/{name}/sessions/{id}"): holders("admin"),
    ("GET", "/api/v1/invitations"): holders("admin", "auditor"),
    ("POST", "/api/v1/invitations"): holders("admin"),
    ("DELETE", "/api/v1/invitations/{id}"): holders("admin"),
    ("POST", "/api/v1/invitations/accepted"): EVERYBODY,
    ("GET", "/api/v1/access-log"): holders("admin", "auditor"),
    ("GET", "/api/v1/session/all"): PERSONS,
    ("DELETE", "/api/v1/session/all/{id}"): PERSONS,
    ("PUT", "/api/v1/session/password"): PERSONS,
    ("POST", "/api/v1/session"): EVERYBODY,
    ("GET", "/api/v1/session"): EVERYBODY,
    # The logs this server trusts.
    ("GET", "/api/v1/trust"): EVERYBODY,
    ("POST", "/api/v1/trust"): holders("admin", operator=True),
    ("DELETE", "/api/v1/trust"): holders("admin", operator=True),
    # The standard's interface.
    ("GET", "/epcis/"): EVERYBODY,
    ("POST", "/epcis/capture"): holders("capture", "field"),
    ("GET", "/epcis/capture"): holders("capture", "field"),
    ("GET", "/epcis/capture/{captureID}"): holders("capture", "field"),
    ("POST", "/epcis/events"): holders("capture", "field"),
    **{
        ("GET", f"/epcis{path}"): holders("query", *READERS, public=True)
        for path in (
            "/events",
            "/events/{eventID}",
            "/queries",
            "/queries/{queryName}",
            "/queries/{queryName}/events",
            *(f"/{kind.path}{below}" for kind in KINDS for below in ("", f"/{{{kind.variable}}}")),
            *(f"/{kind.path}/{{{kind.variable}}}/events" for kind in KINDS),
        )
    },
    ("POST", "/epcis/queries"): holders("query"),
    ("DELETE", "/epcis/queries/{queryName}"): holders("query"),
    ("GET", "/epcis/queries/{queryName}/subscriptions"): holders("subscribe"),
    ("POST", "/epcis/queries/{queryName}/subscriptions"): holders("subscribe"),
    ("GET", "/epcis/queries/{queryName}/subscriptions/{subscriptionID}"): holders("subscribe"),
    ("DELETE", "/epcis/queries/{queryName}/subscriptions/{subscriptionID}"): holders("subscribe"),
    ("DELETE", "/epcis/nextPageToken/{token}"): holders("query", *READERS, public=True),
    # Last, for it ends the session that asks.
    ("DELETE", "/api/v1/session"): EVERYBODY,
    ("POST", "/esci"): EVERYBODY,
}
# What opens a WebSocket, and for whom.
SOCKETS: dict[str, frozenset[str]] = {"/epcis/queries/{queryName}/events": holders("subscribe")}
# What a room itself denies to some who are past the door, and why.
DENIED: dict[tuple[str, str], tuple[int, str]] = {
    ("POST", "/api/v1/session"): (401, "the name and password in the body are wrong"),
    ("POST", "/entra"): (403, "the name and password in the form are wrong"),
}


def operations() -> Iterator[tuple[str, str]]:
    """Every operation of the application, whatever room it belongs to."""
    for route in routes():
        if isinstance(route, Contract):
            for resource in route.resources:
                yield from ((method, f"/epcis{resource.path}") for method in resource.operations)
        else:
            assert isinstance(route, Route), route
            yield from ((method, route.path) for method in (route.methods or ()) if method != "HEAD")


def test_every_route_is_in_the_table_and_every_row_has_its_route() -> None:
    assert set(operations()) == set(DOOR)


def test_every_operation_asks_access_with_a_rule_of_its_own() -> None:
    assert {endpoint.verb for endpoint in ENDPOINTS} <= set(RULES)


@pytest.fixture
def location(tmp_path: Path) -> str:
    """One kind of database is enough: who may come in is said before any is asked."""
    return str(tmp_path / "store")


def asked(client: httpx.Client, operation: tuple[str, str], headers: dict[str, str]) -> httpx.Response:
    """A request as plain as can be: no parameters, the smallest body."""
    method, path = operation
    for name, value in (
        ("{path:path}", "0/000"),
        ("{edition}", "0"), ("{room}", "shell"), ("{name:path}", "page.css"), ("{secret}", "none"),
        ("{index:int}", "0"),
        ("{index}", "0"), ("{id}", "0" * 12), ("{name}", "nobody"), ("{captureID}", "none"),
        ("{token}", "none"), ("{queryName}", "none"), ("{subscriptionID}", "none"), ("{eventID}", "ni:none"),
        ("{epc}", "urn:none"), ("{bizStep}", "shipping"), ("{bizLocation}", "urn:none"), ("{readPoint}", "urn:none"),
        ("{disposition}", "active"), ("{eventType}", "ObjectEvent"), ("{format}", "epcis-json"), ("{kind}", "case"),
    ):  # fmt: skip
        path = path.replace(name, value)
    sent = {"content": b"{}", "headers": {"Content-Type": "application/json", **headers}}
    return client.request(method, path, **(sent if method in ("POST", "PUT") else {"headers": headers}))  # type: ignore[arg-type]


def test_everybody_is_let_in_or_sent_away_as_the_table_says(consortium: Consortium) -> None:
    settings = Settings(anonymous="published")
    roles = Roles.made(consortium, settings)
    assert tuple(roles) == NAMES
    wrong = []
    with running(consortium.node, settings, token=None) as client:
        for operation, let_in in DOOR.items():
            for role, headers in roles.items():
                answer = asked(client, operation, dict(headers))
                problem = _judged(operation, role, let_in, answer)
                if problem:
                    wrong.append(f"{operation[0]} {operation[1]} as {role}: {answer.status_code} {problem}")
    assert wrong == []


def _judged(operation: tuple[str, str], role: str, let_in: frozenset[str], answer: httpx.Response) -> str | None:
    status = answer.status_code
    if status >= 500:
        return "is our own fault"
    if role in let_in:
        denied = DENIED.get(operation)
        return None if status not in (401, 403) or (denied and denied[0] == status) else "should have come in"
    if role in ("public", "wrong"):
        challenged = "bearer" in answer.headers.get("www-authenticate", "").lower()
        return None if status == 401 and challenged else "should have been asked for credentials"
    return None if status == 403 else "should have been refused"


def test_every_socket_is_in_the_table() -> None:
    found = {
        f"/epcis{resource.path}"
        for route in routes()
        if isinstance(route, Contract)
        for resource in route.resources
        if resource.socket is not None
    }
    assert found == set(SOCKETS)


def test_a_socket_opens_for_those_in_the_table_and_for_nobody_else(consortium: Consortium) -> None:
    settings = Settings(anonymous="published")
    roles = Roles.made(consortium, settings)
    wrong = []
    with running(consortium.node, settings, token=None) as client:
        for path, let_in in SOCKETS.items():
            for role, headers in roles.items():
                url = f"ws://{client.base_url.host}:{client.base_url.port}{path.replace('{queryName}', 'none')}"
                status = handshake(url, headers)
                refused = 401 if role in ("public", "wrong") else 403
                if (status in (401, 403)) == (role in let_in) or (role not in let_in and status != refused):
                    wrong.append(f"{path} as {role}: {status}")
    assert wrong == []


def handshake(url: str, headers: Mapping[str, str]) -> int:
    """The status of an opening handshake; 101 where it succeeded."""
    try:
        # A page's browser says where it comes from.
        origin = Origin(url.partition("/epcis")[0].replace("ws", "http", 1))
        with connect(url, additional_headers=headers, origin=origin, proxy=None):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def test_a_server_that_shows_nothing_answers_strangers_only_what_is_everybodys(consortium: Consortium) -> None:
    with running(consortium.node, Settings(open_entries=False), token=None) as client:
        opened = [
            operation for operation in DOOR if asked(client, operation, {}).status_code not in (303, 401, 403)
        ]  # fmt: skip
    assert [operation for operation in opened if DOOR[operation] < EVERYBODY] == []


def test_every_scope_opens_some_door() -> None:
    for scope in SCOPES:
        opened = [operation for operation, let_in in DOOR.items() if f"sole:{scope}" in let_in and let_in < EVERYBODY]
        assert opened, scope
