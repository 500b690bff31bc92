"""The pages of signing in, and the persons of a member, as they answer over HTTP."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import anyio
import httpx
import pytest
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.types import Message

from api import passwords
from api.access import RULES
from api.accounts import Accounts
from api.invitations import Invitations
from api.pages.shell.kept import packed, unpacked
from api.pages.shell.places import own_path
from api.pages.shell.visit import door
from api.pages.shell.words import words_of
from api.pages.sign_in.kept_form import as_sent
from api.pages.sign_in.view import form
from api.settings import Settings
from api.verbs.access_log import list_access
from ledger.node import Node
from schemas.errors import InputError
from schemas.wording import LANGUAGES, Language
from tests.simulator.cooperatives import SOLE
from tests.simulator.phones import made
from tests.simulator.server import running

WORDS = "una frase lunga e mia"
FORM = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True, slots=True)
class Desk:
    node: Node
    client: httpx.Client
    member: str

    def post(
        self, path: str, *, cookie: str = "", headers: dict[str, str] | None = None, **fields: str
    ) -> httpx.Response:
        sent = {**FORM, **({"Cookie": cookie} if cookie else {}), **(headers or {})}
        self.client.cookies.clear()
        return self.client.post(path, data=fields, headers=sent)

    def get(self, path: str, *, cookie: str = "") -> httpx.Response:
        self.client.cookies.clear()
        return self.client.get(path, headers={**FORM, **({"Cookie": cookie} if cookie else {})})

    def entered(self, name: str) -> str:
        return f"filiera={Accounts(self.node).login(name, WORDS, seconds=600)}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with (
        patch.object(passwords, "_LN", 4),
        made(str(folder / "store"), folder, gln=SOLE) as node,
        running(node, Settings(), token=None) as client,
    ):
        member = node.registry.members()[0].iss
        for role in ("owner", "office", "field", "auditor", "buyer"):
            Accounts(node).add_account(role, WORDS, member=member, role=role)
        yield Desk(node, client, member)


@pytest.mark.parametrize(
    "text",
    [
        "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "javascript:alert(1)", "evil",
        "/\t/evil.example", "/a\n", "/%0d\r", "", "///evil.example", "/ /evil.example", "/x\\y", "/" + "a" * 3000,
    ],
)  # fmt: skip
def test_only_paths_of_this_server_are_followed(text: str) -> None:
    assert own_path(text) == "/"


def test_a_path_of_this_server_is_followed_as_it_is() -> None:
    assert own_path("/lotti/01?a=b&c=%2F%2Fevil") == "/lotti/01?a=b&c=%2F%2Fevil"


def test_whoever_must_sign_in_comes_back_to_where_she_was(desk: Desk) -> None:
    sent = desk.get("/ufficio/persone?fatto=tolto&lang=en")
    assert (sent.status_code, sent.headers["location"]) == (
        303, "/entra?next=%2Fufficio%2Fpersone%3Ffatto%3Dtolto%26lang%3Den&lang=en",
    )  # fmt: skip
    entered = desk.post("/entra", name="owner", password=WORDS, next="/ufficio/persone?fatto=tolto&lang=en")
    assert (entered.status_code, entered.headers["location"]) == (303, "/ufficio/persone?fatto=tolto&lang=en")
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert desk.get("/ufficio/persone", cookie=cookie.partition(";")[0]).status_code == 200
    assert desk.post("/entra", name="owner", password=WORDS, next="//evil.example").headers["location"] == "/ufficio"


def test_what_is_escaped_in_an_address_is_so_after_signing_in(desk: Desk) -> None:
    lot = "/lotti/01/09521001002011/10/A%2FB%25?lang=it"
    sent = desk.get(lot)
    assert parse_qs(urlsplit(sent.headers["location"]).query)["next"] == [lot]
    assert desk.post("/entra", name="owner", password=WORDS, next=lot).headers["location"] == lot


def test_a_form_of_whoever_hung_up_is_no_fault_of_ours() -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        """Nobody is there."""

    scope = {
        "type": "http", "method": "POST", "path": "/", "query_string": b"",
        "headers": [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"9")],
    }  # fmt: skip
    with pytest.raises(InputError, match="body-cut-short"):
        anyio.run(door("/", "session", form, method="POST").endpoint, Request(scope, receive, send))


def test_a_wrong_password_is_said_and_the_name_stays(desk: Desk) -> None:
    answer = desk.post("/entra", name="<b>owner", password="non è la sua frase")
    assert answer.status_code == 403
    assert "Nome o password" in answer.text
    assert 'value="&lt;b&gt;owner"' in answer.text
    assert "non è la sua frase" not in answer.text
    assert "set-cookie" not in answer.headers


def test_how_long_to_wait_is_told_in_words(desk: Desk) -> None:
    for _ in range(5):
        desk.post("/entra", name="nessuno", password="sbagliata sbagliata")
    answer = desk.post("/entra", name="nessuno", password="sbagliata sbagliata")
    assert answer.status_code == 429
    assert re.search(r"fra \d+ second", answer.text)
    assert answer.headers["retry-after"].isdigit()


def test_over_tls_the_cookie_is_of_this_host_alone() -> None:
    settings = Settings(base_url="https://registro.example.com")
    assert settings.cookie.startswith("__Host-")
    assert settings.secure


def test_a_form_sent_after_the_session_ended_is_shown_again_and_never_sent_by_itself(desk: Desk) -> None:
    before = Invitations(desk.node).listed()
    asked = desk.post("/ufficio/persone/invita", cookie="filiera=" + "0" * 64, name="zoë <i>", role="field")
    assert asked.status_code == 401
    assert "Form" in asked.headers["www-authenticate"]
    kept = re.search(r'name="kept" value="([^"]*)"', asked.text)
    assert kept is not None
    from html import unescape

    carried = {
        name: unescape(re.search(rf'name="{name}" value="([^"]*)"', asked.text)[1])  # type: ignore[index]
        for name in ("kept", "next", "to")
    }
    wrong = desk.post("/entra", name="owner", password="non è la sua frase", **carried)
    assert unescape(re.search(r'name="kept" value="([^"]*)"', wrong.text)[1]) == carried["kept"]  # type: ignore[index]
    shown = desk.post("/entra", name="owner", password=WORDS, **carried)
    assert shown.status_code == 200
    assert 'action="/ufficio/persone/invita"' in shown.text
    assert 'value="zoë &lt;i&gt;"' in shown.text
    assert "Invita qualcuno" in shown.text
    assert "Ruolo: <strong>campo</strong>" in shown.text
    assert Invitations(desk.node).listed() == before
    sent = desk.post(
        "/ufficio/persone/invita", cookie=shown.headers["set-cookie"].partition(";")[0], name="zoë <i>", role="field"
    )
    assert "/invito/" in sent.text
    assert [found.name for found in Invitations(desk.node).listed()] == ["zoë <i>"]


def test_what_was_typed_is_called_as_its_own_page_calls_it() -> None:
    typed = (
        ("kind_was", "harvest"), ("kind", "harvest"), ("column-lot", "3"), ("fixed-variety", "Golden"), ("days", ""),
        ("known", "leave"), ("act", "record"), ("<b>", "x"),
    )  # fmt: skip
    sent = as_sent("/ufficio/importa/12", typed, ("file",), "it")
    assert sent.what == "Importa un foglio"
    assert sent.again == ("File Excel (.xlsx) o CSV",)
    assert [(field.label, field.said) for field in sent.fields] == [
        ("", ""),
        ("Che cosa sono queste righe?", "Raccolte"),
        ("Colonna: Lotto", ""),
        ("Uguale per tutte: Varietà", ""),
        ("", ""),
        ("Righe già dette da un altro file", "Lasciale fuori."),
        ("Premuto", "Registra"),
        ("<b>", ""),
    ]
    assert [as_sent(f"/ufficio/persone/{act}", (), (), "en").what for act in ("togli", "ritira")] == [
        "Remove somebody", "Withdraw an invitation",
    ]  # fmt: skip
    assert as_sent("/richiamo", (("lot", "L-1"),), (), "it").fields[0].label == "Lotto"
    assert as_sent("/nowhere", (("lot", "L-1"),), (), "it").fields[0].label == "lot"


def test_passwords_are_not_carried_over_signing_in() -> None:
    kept = unpacked(packed(FormData([("name", "maria"), ("password", "segreta"), ("old", "x"), ("name", "anna")])))
    assert kept.fields == (("name", "maria"), ("name", "anna"))
    assert kept.again == ("password", "old")
    for nonsense in ("", "{}", "[1]", "[[1],[]]", '[[["password","x"]],[]]', "[" * 3000):
        assert unpacked(nonsense).fields == ()


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": ""}])
def test_another_sites_page_signs_nobody_in(desk: Desk, headers: dict[str, str]) -> None:
    answer = desk.post("/entra", name="owner", password=WORDS, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_an_invitation_is_opened_freely_and_taken_once(desk: Desk) -> None:
    invitation = Invitations(desk.node).invite("nuova", member=desk.member, role="office")
    for _ in range(2):
        assert "nuova" in desk.get(invitation.path).text
    differ = desk.post(invitation.path, password=WORDS, again=WORDS + "!")
    assert (differ.status_code, "non sono uguali" in differ.text) == (400, True)
    short = desk.post(invitation.path, password="corta", again="corta")
    assert (short.status_code, "12" in short.text) == (400, True)
    taken = desk.post(invitation.path, password=WORDS, again=WORDS)
    assert (taken.status_code, taken.headers["location"]) == (303, "/ufficio")
    assert desk.post(invitation.path, password=WORDS, again=WORDS).status_code == 404
    gone = desk.get(invitation.path)
    assert (gone.status_code, "non vale più" in gone.text) == (404, True)


def test_signing_out_takes_a_button_and_ends_the_session(desk: Desk) -> None:
    cookie = desk.entered("auditor")
    assert desk.get("/esci", cookie=cookie).status_code == 200
    assert desk.get("/ufficio", cookie=cookie).status_code == 200
    assert desk.post("/esci", cookie=cookie).headers["location"] == "/entra"
    assert desk.get("/ufficio", cookie=cookie).status_code == 303


def test_ones_own_password_is_changed_on_ones_own_page(desk: Desk) -> None:
    cookie = desk.entered("field")
    wrong = desk.post("/profilo/password", cookie=cookie, old="non è questa frase", password=WORDS, again=WORDS)
    assert (wrong.status_code, 'id="old-fault"' in wrong.text) == (400, True)
    right = desk.post("/profilo/password", cookie=cookie, old=WORDS, password=WORDS, again=WORDS)
    assert right.headers["location"] == "/profilo?fatto=password"
    other = desk.entered("field")
    listed = desk.get("/profilo", cookie=other).text
    (id,) = re.findall(r'name="id" value="([0-9a-f]{12})"', listed)
    assert desk.post("/profilo/accessi", cookie=other, id=id).status_code == 303
    assert desk.get("/profilo", cookie=cookie).status_code == 303


def test_an_owner_changes_a_role_resets_a_password_and_removes_in_two_steps(desk: Desk) -> None:
    Accounts(desk.node).add_account("anna", WORDS, member=desk.member, role="field")
    cookie = desk.entered("owner")
    assert desk.post("/ufficio/persone/ruolo", cookie=cookie, name="anna", role="office").status_code == 303
    assert Accounts(desk.node).account("anna").role == "office"
    link = re.search(
        r"/invito/[0-9A-Za-z_-]{43}", desk.post("/ufficio/persone/password", cookie=cookie, name="anna").text
    )
    assert link is not None
    assert desk.get(link[0]).status_code == 200
    assert "Togliere anna?" in desk.post("/ufficio/persone/togli", cookie=cookie, name="anna").text
    assert Accounts(desk.node).account("anna")
    assert desk.post("/ufficio/persone/togli", cookie=cookie, name="anna", confirmed="1").status_code == 303
    assert desk.get(link[0]).status_code == 404
    assert desk.get("/ufficio/persone", cookie=cookie).status_code == 200
    noted = {(row.who, row.verb, row.about) for row in list_access(desk.node, member=desk.member)}
    assert {("owner", "account", "anna"), ("owner", "account.list", "")} <= noted
    last = desk.post("/ufficio/persone/togli", cookie=cookie, name="owner", confirmed="1")
    assert (last.status_code, "ultimo titolare" in last.text) == (409, True)


def test_a_program_gives_nobody_more_than_it_has_itself(desk: Desk) -> None:
    text = Accounts(desk.node).add_token("narrow", member=desk.member, scopes=["admin"], days=1).text
    narrow = {"Authorization": f"Bearer {text}"}
    for act, fields in (
        ("persone/invita", {"name": "mallory", "role": "owner"}),
        ("persone/ruolo", {"name": "field", "role": "office"}),
        ("persone/password", {"name": "owner"}),
        ("programmi/crea", {"name": "mallory", "days": "1", "scope": "query"}),
    ):
        answer = desk.post(f"/ufficio/{act}", headers=narrow, **fields)
        assert (answer.status_code, "/invito/" in answer.text) == (403, False), act
    assert [token.name for token in Accounts(desk.node).tokens()] == ["narrow"]
    assert Accounts(desk.node).account("field").role == "field"
    assert desk.post("/ufficio/programmi/crea", headers=narrow, name="x", days="1", scope="admin").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_the_access_log_notes_has_its_words(language: Language) -> None:
    say = words_of("office", language)
    assert [verb for verb, rule in RULES.items() if rule.scope and not rule.alike and not say(f"did-{verb}")] == []


def test_an_auditor_reads_what_an_owner_changes(desk: Desk) -> None:
    cookie = desk.entered("auditor")
    page = desk.get("/ufficio/persone", cookie=cookie)
    assert "owner" in page.text
    assert "/ufficio/persone/togli" not in page.text
    assert desk.post("/ufficio/persone/togli", cookie=cookie, name="owner", confirmed="1").status_code == 403
    log = desk.get("/ufficio/accessi", cookie=cookie)
    assert "persone lette" in log.text
    assert desk.get("/ufficio/persone", cookie=desk.entered("buyer")).status_code == 403
