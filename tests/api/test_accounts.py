"""Tokens, accounts and sessions on both databases: what is kept, what ends, and how failed logins are slowed down."""

import pytest
from sqlalchemy import text

from api import passwords
from api.accounts import Accounts
from ledger.node import Node
from ledger.store import tables
from schemas.errors import InputError
from tests.api.conftest import Consortium

WORDS = "una frase lunga e mia"
DAY = 86_400


@pytest.fixture
def accounts(consortium: Consortium) -> Accounts:
    return Accounts(consortium.node)


def refused(code: str):  # type: ignore[no-untyped-def]
    return pytest.raises(InputError, match=rf"^{code}\b")


def everything_kept(node: Node) -> str:
    """All that the database holds of accounts and tokens, as text."""
    with node.store.read() as connection:
        found = [
            connection.execute(table.select()).all()
            for table in (tables.token, tables.account, tables.session, tables.failed_login)
        ]
    return repr(found)


def test_a_token_is_known_again_and_its_text_is_nowhere(consortium: Consortium, accounts: Accounts) -> None:
    made = accounts.add_token("gestionale", member=consortium.sole, scopes=["query", "capture"], days=30)
    found = accounts.token(made.text)
    assert (found.name, found.member, found.scopes) == ("gestionale", consortium.sole, ("capture", "query"))
    assert found.expires == int(consortium.clock.now) + 30 * DAY
    assert made.text not in everything_kept(consortium.node)
    assert made.text not in repr(found)


def test_a_token_that_captures_is_bound_to_the_newest_gateway_key(consortium: Consortium, accounts: Accounts) -> None:
    node, luna = consortium.node, consortium.luna
    newest = node.membership.new_key("gateway", luna).kid
    assert accounts.add_token("erp", member=luna, scopes=["capture"], days=1).token.key == newest
    (first, _) = node.keyring.find(role="gateway", iss=luna)
    assert accounts.add_token("erp", member=luna, scopes=["capture"], days=1, key=first).token.key == first
    assert accounts.add_token("lettore", member=luna, scopes=["query"], days=1).token.key is None


def test_a_token_is_not_bound_to_a_key_that_cannot_sign(consortium: Consortium, accounts: Accounts) -> None:
    node, luna = consortium.node, consortium.luna
    (kid,) = node.keyring.find(role="gateway", iss=luna)
    (other,) = node.keyring.find(role="gateway", iss=consortium.sole)
    with refused("gateway-key-other"):
        accounts.add_token("erp", member=luna, scopes=["capture"], days=1, key=other)
    node.membership.revoke(kid)
    with refused("gateway-key-ended"):
        accounts.add_token("erp", member=luna, scopes=["capture"], days=1, key=kid)
    with refused("gateway-key-missing"):
        accounts.add_token("erp", member=luna, scopes=["capture"], days=1)


def test_a_revoked_an_expired_and_an_unknown_token_are_refused(consortium: Consortium, accounts: Accounts) -> None:
    made = accounts.add_token("a", member=None, scopes=["query"], days=1)
    later = accounts.add_token("b", member=None, scopes=["query"], days=2)
    accounts.revoke_token(made.token.id)
    with refused("access-unknown-token"):
        accounts.token(made.text)
    consortium.clock.now += 2 * DAY
    with refused("access-token-expired"):
        accounts.token(later.text)
    with refused("access-malformed"):
        accounts.token("fil_nothing")


def test_a_leaked_token_is_revoked_by_its_text(accounts: Accounts) -> None:
    made = accounts.add_token("a", member=None, scopes=["query"], days=1)
    ended = accounts.revoke_token(made.text)
    assert ended.id == made.token.id
    assert ended.revoked is not None
    assert accounts.revoke_token(made.token.id).revoked == ended.revoked


@pytest.mark.parametrize("name", ["", "0" * 12, "' or 1=1", "\x00", "fil_x"])
def test_a_token_that_is_not_there_is_not_found_nor_said_again(accounts: Accounts, name: str) -> None:
    with pytest.raises(InputError) as error:
        accounts.token_called(name)
    assert (error.value.code, error.value.context) == ("token-unknown", {})


def test_the_last_use_of_a_token_is_kept_to_the_day(consortium: Consortium, accounts: Accounts) -> None:
    made = accounts.add_token("a", member=None, scopes=["query"], days=10)
    assert accounts.token_called(made.token.id).used is None
    accounts.token(made.text)
    first = accounts.token_called(made.token.id).used
    assert first == int(consortium.clock.now) // DAY
    consortium.clock.now += DAY
    accounts.token(made.text)
    assert accounts.token_called(made.token.id).used == first + 1


def test_what_makes_no_sense_is_not_made(consortium: Consortium, accounts: Accounts) -> None:
    def token(code: str, **changed: object) -> None:
        how: dict[str, object] = {"member": consortium.sole, "scopes": ["query"], "days": 1, **changed}
        with refused(code):
            accounts.add_token(str(how.pop("name", "a")), **how)  # type: ignore[arg-type]

    token("account-name", name="")
    token("account-name", name=" a")
    token("account-name", name="a\x00b")
    token("account-name", name="x" * 101)
    token("scope-unknown", scopes=["root"])
    token("scopes-missing", scopes=[])
    token("token-days", days=0)
    token("token-days", days=4000)
    token("member-unknown", member="urn:uuid:nobody")
    token("capture-needs-member", member=None, scopes=["capture"])
    assert accounts.tokens() == []


def test_tokens_and_accounts_are_listed_by_member(consortium: Consortium, accounts: Accounts) -> None:
    accounts.add_token("a", member=consortium.sole, scopes=["query"], days=1)
    accounts.add_token("b", member=consortium.luna, scopes=["query"], days=1)
    accounts.add_account("maria", WORDS, member=consortium.luna, role="auditor")
    assert [item.name for item in accounts.tokens(consortium.luna)] == ["b"]
    assert {item.name for item in accounts.tokens()} == {"a", "b"}
    assert [item.name for item in accounts.accounts(consortium.luna)] == ["maria"]
    assert accounts.accounts(consortium.sole) == []


def test_a_person_signs_in_and_out(consortium: Consortium, accounts: Accounts) -> None:
    accounts.add_account("maria", WORDS, member=consortium.luna, role="auditor")
    secret = accounts.login("maria", WORDS, seconds=3600)
    assert accounts.session(secret).member == consortium.luna
    kept = everything_kept(consortium.node)
    assert secret not in kept
    assert WORDS not in kept
    accounts.logout(secret)
    with refused("access-session-ended"):
        accounts.session(secret)


def test_a_session_ends_by_itself(consortium: Consortium, accounts: Accounts) -> None:
    accounts.add_account("maria", WORDS, member=None, role="auditor")
    secret = accounts.login("maria", WORDS, seconds=3600)
    consortium.clock.now += 3600
    with refused("access-session-ended"):
        accounts.session(secret)
    accounts.login("maria", WORDS, seconds=3600)
    with consortium.node.store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM session")).scalar() == 1


@pytest.mark.parametrize("change", ["password", "removal"])
def test_another_password_or_a_removal_ends_every_session(accounts: Accounts, change: str) -> None:
    accounts.add_account("maria", WORDS, member=None, role="auditor")
    secrets = [accounts.login("maria", WORDS, seconds=3600) for _ in range(2)]
    if change == "password":
        accounts.change_password("maria", "un'altra frase lunga")
    else:
        accounts.remove_account("maria")
    for secret in secrets:
        with refused("access-session-ended"):
            accounts.session(secret)
    with refused("login-refused"):
        accounts.login("maria", WORDS, seconds=3600)


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(accounts: Accounts) -> None:
    accounts.add_account("maria", WORDS, member=None, role="auditor")
    answers = []
    for name, password in (("maria", "non è la sua frase"), ("nessuno", WORDS), ("\x00", WORDS), ("\ud800", WORDS)):
        with pytest.raises(InputError) as error:
            accounts.login(name, password, seconds=60)
        answers.append((error.value.code, error.value.context))
    assert answers == [("login-refused", {})] * 4


def test_failed_logins_of_one_name_wait_longer_and_longer(
    consortium: Consortium, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "matches", lambda password, kept: password == WORDS)
    accounts.add_account("maria", WORDS, member=None, role="auditor")
    waits = []
    for _ in range(18):
        with pytest.raises(InputError) as error:
            accounts.login("maria", "non è la sua frase", seconds=60)
        if error.value.code == "login-too-many":
            waits.append(error.value.context["seconds"])
            consortium.clock.now += error.value.context["seconds"]
    assert waits == [2, 4, 8, 16, 32, 64, 128]
    for _ in range(8):
        with pytest.raises(InputError) as error:
            accounts.login("maria", "non è la sua frase", seconds=60)
        consortium.clock.now += error.value.context.get("seconds", 0)
    assert error.value.context["seconds"] <= 900
    consortium.clock.now += 900
    assert accounts.login("maria", WORDS, seconds=60)
    assert accounts.login("maria", WORDS, seconds=60)


def test_while_a_name_waits_not_even_the_right_password_is_looked_at(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(passwords, "matches", lambda password, kept: asked.append(password))
    accounts.add_account("maria", WORDS, member=None, role="auditor")
    for _ in range(5):
        with refused("login-refused"):
            accounts.login("maria", "sbagliata sbagliata", seconds=60)
    with refused("login-too-many"):
        accounts.login("maria", WORDS, seconds=60)
    assert len(asked) == 5


def test_failed_names_are_kept_as_digests_and_forgotten_after_a_day(
    consortium: Consortium, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "waste", lambda password: None)
    with refused("login-refused"):
        accounts.login("la mia password segreta", "x", seconds=60)
    assert "segreta" not in everything_kept(consortium.node)
    consortium.clock.now += DAY + 1
    with refused("login-refused"):
        accounts.login("un altro", "x", seconds=60)
    with consortium.node.store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM failed_login")).scalar() == 1


def test_a_password_hashed_the_old_way_is_hashed_anew_at_the_next_login(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_LN", 10)
    accounts.add_account("maria", WORDS, member=None, role="auditor")
    monkeypatch.undo()
    before = accounts._logins.row("maria")
    accounts.login("maria", WORDS, seconds=60)
    after = accounts._logins.row("maria")
    assert before is not None
    assert after is not None
    assert passwords.outdated(before.password)
    assert not passwords.outdated(after.password)
    assert accounts.login("maria", WORDS, seconds=60)


def test_an_account_is_made_once(accounts: Accounts) -> None:
    accounts.add_account("maria", WORDS, member=None, role="auditor")
    with refused("account-exists"):
        accounts.add_account("maria", WORDS, member=None, role="auditor")
    with refused("account-unknown"):
        accounts.remove_account("giulia")
    with refused("account-unknown"):
        accounts.change_password("giulia", WORDS)
