"""Roles, invitations, sessions and the access log, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from api import passwords
from api.access import Access, Caller
from api.accounts import Accounts
from api.epcis.capture import CAPTURES, KIND
from api.invitations import Invitations
from api.jobs import Jobs
from api.roles import ROLES, guest
from api.settings import Settings
from api.verbs.access_log import list_access
from api.verbs.account import first_owner
from api.verbs.publish import give
from ledger.audience import full
from ledger.prove import prove
from ledger.store import tables, visibility
from schemas.errors import InputError, LedgerError
from tests.api.conftest import Consortium
from tests.simulator.cooperatives import document, harvested, lot

WORDS, OTHER = "una frase lunga e mia", "un'altra frase lunga"
DAY, HOUR = 86_400, 3600


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_LN", 4)


@pytest.fixture
def invitations(consortium: Consortium) -> Invitations:
    return Invitations(consortium.node)


@pytest.fixture
def accounts(consortium: Consortium) -> Accounts:
    return Accounts(consortium.node)


def refused(code: str):  # type: ignore[no-untyped-def]
    return pytest.raises(InputError, match=rf"^{code}\b")


def caller(access: Access, name: str) -> Caller:
    return access.caller(None, access.accounts.login(name, WORDS, seconds=60))


def test_an_invitation_is_taken_once_and_its_secret_is_nowhere(
    consortium: Consortium, invitations: Invitations, accounts: Accounts
) -> None:
    made = invitations.invite("maria", member=consortium.luna, role="field")
    with consortium.node.store.read() as connection:
        assert made.secret not in repr(connection.execute(tables.invitation.select()).all())
    assert made.secret not in repr(made.invitation)
    assert invitations.look(made.secret) == made.invitation == invitations.look(made.secret)
    with refused("password-length"):
        invitations.accept(made.secret, "corta")
    found = invitations.accept(made.secret, WORDS)
    assert (found.name, found.member, found.role) == ("maria", consortium.luna, "field")
    assert accounts.session(accounts.login("maria", WORDS, seconds=60)) == found
    with refused("invitation-over"):
        invitations.accept(made.secret, OTHER)
    assert invitations.listed() == []


def test_an_invitation_ends_by_age_by_another_and_by_being_taken_back(
    consortium: Consortium, invitations: Invitations
) -> None:
    first = invitations.invite("maria", member=consortium.luna, role="office")
    second = invitations.invite("maria", member=consortium.luna, role="field")
    with refused("invitation-over"):
        invitations.look(first.secret)
    with refused("invitation-unknown"):
        invitations.withdraw(second.invitation.id, member=consortium.sole)
    invitations.withdraw(second.invitation.id, member=consortium.luna)
    third = invitations.invite("maria", member=consortium.luna, role="field")
    consortium.clock.now += 7 * DAY
    for made in (second, third):
        with refused("invitation-over"):
            invitations.accept(made.secret, WORDS)


def test_of_two_who_take_an_invitation_at_once_one_gets_it(consortium: Consortium, invitations: Invitations) -> None:
    made = invitations.first(consortium.sole)
    assert made is not None

    def take(name: str) -> str:
        try:
            return invitations.accept(made.secret, WORDS, name=name).name
        except LedgerError as error:
            return error.code

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(take, ("a", "b", "c", "d")))
    assert told.count("invitation-over") == 3, told


def test_the_first_owner_comes_by_a_link_and_there_is_no_second(
    consortium: Consortium, invitations: Invitations, accounts: Accounts
) -> None:
    before, now = first_owner(consortium.node), first_owner(consortium.node)
    assert before is not None
    assert now is not None
    with refused("invitation-over"):
        invitations.accept(before.secret, WORDS, name="chi trova il vecchio")
    found = invitations.accept(now.secret, WORDS, name="rosa")
    assert (found.role, found.member) == ("owner", consortium.sole)
    assert first_owner(consortium.node) is None


def test_a_first_link_is_worth_nothing_once_there_is_an_account(
    consortium: Consortium, invitations: Invitations, accounts: Accounts
) -> None:
    made = invitations.first(consortium.sole)
    assert made is not None
    accounts.add_account("rosa", WORDS, member=consortium.sole, role="owner")
    with refused("invitation-over"):
        invitations.accept(made.secret, WORDS, name="intruso")


def test_a_reset_ends_sessions_when_it_is_taken_and_not_before(
    consortium: Consortium, invitations: Invitations, accounts: Accounts
) -> None:
    accounts.add_account("maria", WORDS, member=consortium.luna, role="office")
    secret = accounts.login("maria", WORDS, seconds=60)
    made = invitations.reset("maria")
    assert accounts.session(secret).name == "maria"
    invitations.accept(made.secret, OTHER)
    with refused("access-session-ended"):
        accounts.session(secret)
    with refused("login-refused"):
        accounts.login("maria", WORDS, seconds=60)
    assert accounts.login("maria", OTHER, seconds=60)


def test_a_member_that_has_accounts_keeps_an_owner(consortium: Consortium, accounts: Accounts) -> None:
    accounts.add_account("rosa", WORDS, member=consortium.luna, role="owner")
    accounts.add_account("maria", WORDS, member=consortium.luna, role="office")
    accounts.add_account("altrove", WORDS, member=consortium.sole, role="owner")
    for change in (lambda: accounts.remove_account("rosa"), lambda: accounts.change_role("rosa", "office")):
        with refused("account-last-owner"):
            change()
    assert accounts.account("rosa").role == "owner"
    accounts.change_role("maria", "owner")
    accounts.remove_account("rosa")
    with refused("account-last-owner"):
        accounts.change_role("maria", "auditor")
    accounts.remove_account("maria")


def test_another_role_ends_the_sessions_of_the_old_one(consortium: Consortium, accounts: Accounts) -> None:
    accounts.add_account("maria", WORDS, member=consortium.luna, role="office")
    secret = accounts.login("maria", WORDS, seconds=60)
    accounts.change_role("maria", "field")
    with refused("access-session-ended"):
        accounts.session(secret)
    with refused("role-unknown"):
        accounts.change_role("maria", "root")
    with refused("role-needs-member"):
        accounts.add_account("anna", WORDS, member=None, role="buyer")


def test_ones_own_password_asks_for_the_old_one_and_ends_the_other_sessions(
    consortium: Consortium, accounts: Accounts
) -> None:
    accounts.add_account("maria", WORDS, member=consortium.luna, role="office")
    here, there = (accounts.login("maria", WORDS, seconds=60) for _ in range(2))
    with refused("password-old-wrong"):
        accounts.change_own_password(here, "non è la mia frase", OTHER)
    accounts.change_own_password(here, WORDS, OTHER)
    assert accounts.session(here).name == "maria"
    with refused("access-session-ended"):
        accounts.session(there)


def test_sessions_are_listed_without_their_secret_and_ended_one_by_one(
    consortium: Consortium, accounts: Accounts
) -> None:
    accounts.add_account("maria", WORDS, member=consortium.luna, role="office")
    accounts.add_account("anna", WORDS, member=consortium.luna, role="office")
    here, there = (accounts.login("maria", WORDS, seconds=60) for _ in range(2))
    listed = accounts.sessions("maria")
    assert len(listed) == 2
    assert here not in repr(listed)
    with refused("session-unknown"):
        accounts.end_session("anna", listed[0].id)
    for found in listed:
        accounts.end_session("maria", found.id)
    for secret in (here, there):
        with refused("access-session-ended"):
            accounts.session(secret)


def test_the_jobs_of_who_records_are_neither_a_programs_nor_a_namesakes(
    consortium: Consortium, accounts: Accounts
) -> None:
    access = Access(consortium.node, Settings())
    jobs = Jobs(consortium.node, [CAPTURES])

    def own() -> int:
        owner = caller(access, "anna").owner
        return len(jobs.listing(KIND, member=consortium.luna, after=None, limit=9, owner=owner))

    accounts.add_account("anna", WORDS, member=consortium.luna, role="field")
    jobs.add(KIND, owner=caller(access, "anna").owner, member=consortium.luna, options={}, request=b"")
    assert own() == 1
    with pytest.raises(InputError, match="account-name"):
        accounts.add_token(guest("anna"), member=consortium.luna, scopes=["query"], days=1)
    accounts.remove_account("anna")
    accounts.add_account("anna", WORDS, member=consortium.luna, role="field")
    assert own() == 0
    assert len(jobs.listing(KIND, member=consortium.luna, after=None, limit=9)) == 1


def test_who_buys_sees_what_was_given_and_a_namesake_inherits_nothing(
    consortium: Consortium, accounts: Accounts
) -> None:
    node, access = consortium.node, Access(consortium.node, Settings())
    accounts.add_account("marta", WORDS, member=consortium.luna, role="buyer")
    accounts.add_account("rosa", WORDS, member=consortium.luna, role="owner")
    marta = caller(access, "marta")
    assert (marta.member, marta.host, marta.operator) == (guest("marta"), consortium.luna, False)
    (first, second) = node.capture(document(harvested("P-1"), harvested("P-2")), member=consortium.luna)
    seen = [access.allow(marta, "events").opens(node.entry(found.index)) for found in (first, second)]
    assert seen == [False, False]
    bundle = prove(node.source, lot("P-1"), "back", full())
    assert give(node, bundle, guest("marta"), audience=full()) == 1
    seen = [access.allow(marta, "events").opens(node.entry(found.index)) for found in (first, second)]
    assert seen == [True, False]
    for nobody in ("nessuna", "rosa"):
        with refused("account-unknown"):
            give(node, bundle, guest(nobody), audience=full())
    accounts.remove_account("marta")
    with node.store.read() as connection:
        assert not visibility.was_given(connection, guest("marta"), first.index)


def test_narrow_roles_have_only_the_verbs_that_they_list(consortium: Consortium, accounts: Accounts) -> None:
    access = Access(consortium.node, Settings())
    for role in ROLES:
        accounts.add_account(role, WORDS, member=consortium.luna, role=role)
    callers = {role: caller(access, role) for role in ROLES}

    def may(verb: str) -> set[str]:
        found = set()
        for role, who in callers.items():
            try:
                access.check(who, verb)
                found.add(role)
            except InputError:
                pass
        return found

    assert may("capture") == {"owner", "office", "field"}
    assert may("recall.act") == may("master.add") == may("publish") == {"owner", "office"}
    assert may("account") == may("token") == {"owner"}
    assert may("access.log") == {"owner", "auditor"}
    assert may("trace") == {"owner", "office", "auditor", "buyer"}
    assert access.audience(callers["field"]).member == guest("field")
    assert access.audience(callers["auditor"]).member == consortium.luna


def test_who_saw_what_is_noted_once_an_hour_and_only_for_those_it_concerns(
    consortium: Consortium, accounts: Accounts
) -> None:
    access = Access(consortium.node, Settings(access_days=2))
    for name, member in (("maria", consortium.luna), ("rosa", consortium.sole), ("capo", None)):
        accounts.add_account(name, WORDS, member=member, role="owner")
    for name in ("maria", "rosa", "capo"):
        for _ in range(3):
            access.allow(caller(access, name), "trace", about="lotto 1")
    access.allow(caller(access, "maria"), "hash")
    rows = list_access(consortium.node, member=consortium.luna)
    assert {(row.who, row.kind, row.verb, row.about) for row in rows} == {
        ("maria", "session", "trace", "lotto 1"),
        ("capo", "session", "trace", "lotto 1"),
    }
    assert len(list_access(consortium.node)) == 3
    consortium.clock.now += HOUR
    access.allow(caller(access, "maria"), "trace", about="lotto 1")
    assert len(list_access(consortium.node, member=consortium.luna)) == 3
    consortium.clock.now += 3 * DAY
    access.allow(caller(access, "maria"), "events")
    (left,) = list_access(consortium.node)
    assert left.verb == "events"


def test_whoever_asks_about_everything_fills_no_database(consortium: Consortium, accounts: Accounts) -> None:
    access = Access(consortium.node, Settings())
    accounts.add_account("maria", WORDS, member=consortium.luna, role="owner")
    maria = caller(access, "maria")
    for number in range(230):
        access.allow(maria, "trace", about=f"lotto {number}")
    assert len(list_access(consortium.node)) == 201
