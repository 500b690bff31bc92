"""Who asks, whether they may, and what they see: the one place that decides, on both databases."""

import base64
from pathlib import Path
from typing import Any

import pytest

from api.access import PUBLIC, RULES, STATUS, Access, Caller
from api.accounts import SCOPES
from api.settings import Settings
from api.verbs.publish import give, publish, withdraw
from ledger.audience import full
from ledger.node import Node
from ledger.prove import prove
from ledger.store import visibility
from ledger.store.tables import event
from schemas.errors import InputError
from tests.api.conftest import Consortium
from tests.simulator.cooperatives import LUNA, STRANGER, document, harvested, lot, party, shipped

WORDS = "una frase lunga e mia"


@pytest.fixture
def access(consortium: Consortium) -> Access:
    return Access(consortium.node, Settings(anonymous="published"))


def refused(code: str):  # type: ignore[no-untyped-def]
    return pytest.raises(InputError, match=rf"^{code}\b")


def of(member: str | None, *scopes: str) -> Caller:
    return Caller("somebody", "token", member, frozenset(scopes or SCOPES))


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_a_token_is_taken_as_bearer_and_as_the_password_of_basic(consortium: Consortium, access: Access) -> None:
    made = access.accounts.add_token("erp", member=consortium.luna, scopes=["query"], days=1)
    for header in (f"Bearer {made.text}", f"bearer  {made.text} ", basic("chiunque", made.text), basic("", made.text)):
        caller = access.caller(header, None)
        assert (caller.kind, caller.member, caller.scopes) == ("token", consortium.luna, {"query"})
        assert not caller.operator


def test_a_session_is_taken_from_the_cookie_and_a_header_goes_first(consortium: Consortium, access: Access) -> None:
    access.accounts.add_account("maria", WORDS, member=consortium.luna, role="auditor")
    cookie = access.accounts.login("maria", WORDS, seconds=60)
    assert access.caller(None, cookie) == Caller(
        "maria", "session", consortium.luna, frozenset(["query", "export", "admin"]), role="auditor"
    )  # fmt: skip
    with refused("access-malformed"):
        access.caller("Bearer nothing", cookie)


def test_without_credentials_somebody_is_the_public(access: Access) -> None:
    assert access.caller(None, None) == PUBLIC
    assert not PUBLIC.operator


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer x",
        "Basic",
        "Basic !!!",
        "Basic eA==",
        "Basic //8=",
        "Digest x",
        basic("maria", WORDS),
        "\x00",
    ],
)
def test_credentials_of_another_form_are_refused_and_not_said_again(access: Access, header: str) -> None:
    with pytest.raises(InputError) as error:
        access.caller(header, None)
    assert (error.value.code, error.value.context) == ("access-malformed", {})


def test_wrong_credentials_are_never_taken_for_none(consortium: Consortium, access: Access) -> None:
    made = access.accounts.add_token("erp", member=consortium.luna, scopes=["query"], days=1)
    access.accounts.revoke_token(made.token.id)
    with refused("access-unknown-token"):
        access.caller(f"Bearer {made.text}", None)
    with refused("access-session-ended"):
        access.caller(None, "0" * 64)


def test_every_rule_names_a_scope_that_can_be_given() -> None:
    # A phone's key is its own credential: no token is given for what only a phone does.
    assert {rule.scope for rule in RULES.values() if rule.scope} == {*SCOPES, "device"}


def test_a_verb_needs_its_scope_and_no_other(consortium: Consortium, access: Access) -> None:
    for verb, rule in RULES.items():
        if rule.session:
            with refused("access-no-credentials"):
                access.allow(PUBLIC, verb)
            with refused("access-denied"):
                access.allow(of(consortium.luna, *SCOPES), verb)
            continue
        if rule.scope is None or (rule.alike and access._settings.anonymous == "published"):
            assert access.allow(PUBLIC, verb).name == "public"
            continue
        with pytest.raises(InputError) as error:
            access.allow(of(None, *[scope for scope in SCOPES if scope != rule.scope]), verb)
        assert (error.value.code, error.value.context) == ("access-scope", {"scope": rule.scope}), verb
        if rule.members:
            with refused("access-denied"):
                access.allow(of(None, rule.scope), verb)
        else:
            assert access.allow(of(None, rule.scope), verb).whole
        if rule.operator:
            with refused("access-denied"):
                access.allow(of(consortium.luna, rule.scope), verb)
        else:
            assert access.allow(of(consortium.luna, rule.scope), verb, consortium.luna).member == consortium.luna
            with refused("access-denied"):
                access.allow(of(consortium.luna, rule.scope), verb, consortium.sole)


def test_a_verb_without_a_rule_is_refused_to_everybody(access: Access) -> None:
    with refused("access-denied"):
        access.allow(of(None), "no-such-verb")


def test_without_credentials_only_what_is_published_or_signed_is_answered(consortium: Consortium) -> None:
    closed = Access(consortium.node, Settings(open_entries=False))
    opened = Access(consortium.node, Settings(anonymous="published"))
    for verb in (verb for verb, rule in RULES.items() if rule.scope):
        with refused("access-no-credentials"):
            closed.allow(PUBLIC, verb)
        if RULES[verb].published or RULES[verb].signed:
            assert not opened.allow(PUBLIC, verb).whole
        else:
            with refused("access-no-credentials"):
                opened.allow(PUBLIC, verb)


def test_every_refusal_of_access_has_its_status(access: Access) -> None:
    assert set(STATUS.values()) == {401, 403, 429}
    assert all(code.startswith(("access-", "login-", "device-")) for code in STATUS)


# What they see.


def opened(access: Access, member: str | None, index: int) -> bool:
    return access.audience(of(member)).opens(access._node.entry(index))


def captured(consortium: Consortium, *events: dict[str, Any]) -> list[int]:
    found = [item.index for item in consortium.node.capture(document(*events), member=consortium.sole)]
    consortium.node.settled()
    return found


def test_a_member_sees_its_own_and_what_names_it_and_nothing_else(consortium: Consortium, access: Access) -> None:
    urn = "urn:epc:id:pgln:9521002.00001"
    site = "https://id.gs1.org/414/9521002000023"
    dock = f"https://id.gs1.org/414/{LUNA}/254/7"
    own, to_party, to_urn, to_site, to_dock, to_id, to_other = captured(
        consortium,
        harvested("P-1"),
        shipped("P-1", to=party(LUNA)),
        shipped("P-2", to=urn),
        shipped("P-3", to=site, kind="location"),
        shipped("P-4", to=dock, kind="location"),
        shipped("P-5", to=consortium.luna),
        shipped("P-6", to=party(STRANGER)),
    )
    seen = [
        index
        for index in (own, to_party, to_urn, to_site, to_dock, to_id, to_other)
        if opened(access, consortium.luna, index)
    ]
    assert seen == [to_party, to_urn, to_site, to_dock, to_id]
    assert all(opened(access, consortium.sole, index) for index in (own, to_party, to_other))
    assert all(opened(access, None, index) for index in (own, to_party, to_other))


def test_a_source_counts_like_a_destination(consortium: Consortium, access: Access) -> None:
    event = shipped("P-1", to=party(STRANGER))
    event["sourceList"] = [{"type": "possessing_party", "source": party(LUNA)}]
    (index,) = captured(consortium, event)
    assert opened(access, consortium.luna, index)


def test_what_a_bundle_gave_is_seen_by_whom_it_was_given_to(consortium: Consortium, access: Access) -> None:
    node, luna = consortium.node, consortium.luna
    harvest, sent = captured(consortium, harvested("P-1"), shipped("P-1", to=party(STRANGER)))
    assert not opened(access, luna, harvest)
    bundle = prove(node.source, lot("P-1"), "back", full())
    assert give(node, bundle, luna, audience=full()) == 2
    assert opened(access, luna, harvest)
    assert opened(access, luna, sent)
    (other,) = captured(consortium, harvested("P-2"))
    assert not opened(access, luna, other)


def test_a_member_gives_only_what_it_sees_whole(consortium: Consortium, access: Access) -> None:
    node, sole, luna = consortium.node, consortium.sole, consortium.luna
    harvest, sent = captured(consortium, harvested("P-1"), shipped("P-1", to=party(LUNA)))
    third = access.audience(of(luna))
    bundle = prove(node.source, lot("P-1"), "back", third)
    assert give(node, bundle, sole, audience=third) == 1
    stranger = access.audience(PUBLIC)
    with refused("give-nothing"):
        give(node, prove(node.source, lot("P-1"), "back", stranger), luna, audience=stranger)
    with refused("member-unknown"):
        give(node, bundle, "urn:uuid:nobody", audience=third)
    assert not opened(access, luna, harvest)
    assert opened(access, luna, sent)


def content(access: Access, caller: Caller, index: int) -> dict[str, Any] | None:
    shown = access.audience(caller).shown(access._node.entry(index)).content
    return None if shown is None else dict(shown)


def test_the_public_sees_of_a_published_event_what_anybody_may(consortium: Consortium, access: Access) -> None:
    (index,) = captured(consortium, harvested("P-1"))
    assert content(access, PUBLIC, index) is None
    assert publish(consortium.node, lot("P-1"), member=consortium.sole) == 1
    shown = content(access, PUBLIC, index)
    assert shown is not None
    assert shown["quantityList"][0]["epcClass"] == lot("P-1")
    assert "readPoint" not in shown
    assert content(access, of(consortium.luna), index) == shown
    withdraw(consortium.node, lot("P-1"), member=consortium.sole)
    assert content(access, PUBLIC, index) is None
    with refused("not-published"):
        withdraw(consortium.node, lot("P-1"), member=consortium.sole)


def test_publishing_a_lot_shows_nobody_elses_events(consortium: Consortium, access: Access) -> None:
    (theirs,) = captured(consortium, harvested("P-1"))
    assert publish(consortium.node, lot("P-1"), member=consortium.luna) == 0
    assert content(access, PUBLIC, theirs) is None


def test_a_lot_that_is_published_stays_so_for_the_events_to_come(consortium: Consortium, access: Access) -> None:
    publish(consortium.node, lot("P-1"), member=consortium.sole)
    first, second = captured(consortium, harvested("P-1"), harvested("P-2"))
    assert content(access, PUBLIC, first) is not None
    assert content(access, PUBLIC, second) is None


def test_a_profile_that_cannot_be_opened_names_nobody(consortium: Consortium, location: str, tmp_path: Path) -> None:
    with Node.open(location, keys=tmp_path / "keys", write=False) as reader:
        names = Access(reader, Settings()).parties(consortium.luna)
    assert names.exact == {consortium.luna}
    assert Access(consortium.node, Settings()).parties(consortium.luna).name(party(LUNA))


def test_a_member_that_is_not_one_has_its_id_and_no_other_name(access: Access) -> None:
    assert access.parties("urn:uuid:nobody").exact == {"urn:uuid:nobody"}


def test_the_database_and_the_entry_in_hand_say_the_same_of_who_sees_what(
    consortium: Consortium, access: Access
) -> None:
    node, sole, luna = consortium.node, consortium.sole, consortium.luna
    ends = [party(LUNA), "urn:epc:id:pgln:9521002.00001", luna, party(STRANGER), f"https://id.gs1.org/414/{LUNA}/254/7"]
    ends += ["https://id.gs1.org/414/9521002000023", "https://id.gs1.org/414/9521003000015", "urn:example:nobody"]
    for by, other in ((sole, ends), (luna, ends)):
        events = [shipped(f"P-{place % 3}", to=end) for place, end in enumerate(other)]
        node.capture(document(*events, harvested("P-0"), harvested("P-9")), member=by)
    bundle = prove(node.source, lot("P-1"), "back", full())
    give(node, bundle, luna, audience=full())
    publish(node, lot("P-0"), member=sole)
    node.settled()
    for caller in (of(sole), of(luna), of(None), PUBLIC):
        audience = access.audience(caller)
        with node.store.read() as connection:
            condition = visibility.visible(audience)
            rows = [row.idx for row in connection.execute(event.select())]
            query = event.select() if condition is None else event.select().where(condition)
            by_database = {row.idx for row in connection.execute(query)}
        entries = {index: node.entry(index) for index in rows}
        if caller is PUBLIC:
            in_hand = {index for index, entry in entries.items() if audience.shown(entry).content is not None}
        else:
            in_hand = {index for index, entry in entries.items() if audience.opens(entry)}
        assert by_database == in_hand, caller
        assert in_hand
