"""Invitations, the access log and the sheets of offices as they are kept, on both databases."""

from dataclasses import replace

from ledger.store import access_log, invitations, sheets
from ledger.store.access_log import OPERATOR, Seen
from ledger.store.engine import Store
from ledger.store.invitations import Invitation
from ledger.store.sheets import MOST_DRAFTS, Draft


def test_an_invitation_is_taken_once(location: str) -> None:
    row = Invitation("0" * 12, "maria", "m", "field", False, 10, 20)
    nameless = replace(row, id="1" * 12, name=None, member=None)
    digest, other, third = (letter * 32 for letter in (b"d", b"e", b"f"))
    with Store.create(location) as store, store.begin() as connection:
        invitations.put(connection, digest, row)
        invitations.put(connection, other, nameless)
        assert invitations.listed(connection, 15) == [row, nameless]
        assert invitations.listed(connection, 15, "m") == [row]
        assert invitations.held(connection, digest, 20) is None
        assert invitations.take(connection, digest, 15) == row
        assert invitations.take(connection, digest, 15) is None
        invitations.remove_nameless(connection)
        assert invitations.listed(connection, 15) == []
        invitations.put(connection, digest, row)
        invitations.put(connection, third, replace(row, id="2" * 12, created=12))
        assert [each.id for each in invitations.listed(connection, 15)] == ["2" * 12]
        invitations.put(connection, other, replace(nameless, created=30, expires=40))
        assert [each.name for each in invitations.listed(connection, 5)] == [None]


def test_who_saw_what_is_read_by_those_it_concerns_and_ages(location: str) -> None:
    row = Seen(1, "m", "session", "maria", "trace", "lotto", 3700)
    rows = [row, replace(row, at=3800), replace(row, member=OPERATOR, at=3900), replace(row, member="n", at=4000)]
    with Store.create(location) as store, store.begin() as connection:
        for each in rows:
            access_log.note(connection, each)
        assert access_log.listed(connection, "m", most=9) == [rows[2], row]
        assert access_log.listed(connection, None, most=1) == [rows[3]]
        assert access_log.listed(connection, "m", most=9, before=3900) == [row]
        access_log.forget(connection, 2)
        assert access_log.listed(connection, None, most=9) == []


def test_how_a_sheet_is_read_and_what_it_told_is_kept_by_member(location: str) -> None:
    with Store.create(location) as store, store.begin() as connection:
        for mapping in ("{}", '{"kind":"harvest"}'):
            sheets.remember(connection, "m", b"s", mapping, 1)
        assert sheets.remembered(connection, "m", b"s") == '{"kind":"harvest"}'
        assert sheets.remembered(connection, "n", b"s") is None
        many = [number.to_bytes(32, "big") for number in range(1200)]
        sheets.note_rows(connection, "m", b"file", "a.xlsx", many)
        sheets.note_rows(connection, "m", b"file", "a.xlsx", many[:3])
        assert len(sheets.told_before(connection, "m", b"other", many)) == 1200
        assert sheets.told_before(connection, "m", b"file", many) == {}
        assert sheets.told_before(connection, "n", b"other", many) == {}


def test_of_the_files_that_somebody_looks_at_the_newest_are_kept(location: str) -> None:
    with Store.create(location) as store, store.begin() as connection:
        for number in range(MOST_DRAFTS + 2):
            draft = Draft(f"{number:02}", "m", "rita", "a.xlsx", 100 + number, b"sealed")
            sheets.put_draft(connection, draft, forget_before=50)
        kept = [number for number in range(MOST_DRAFTS + 2) if sheets.draft(connection, f"{number:02}", after=0)]
        assert kept == list(range(2, MOST_DRAFTS + 2))
        assert sheets.draft(connection, "05", after=106) is None
        sheets.put_draft(connection, Draft("zz", "m", "sara", "a.xlsx", 300, b"x"), forget_before=200)
        assert sheets.draft(connection, "11", after=0) is None
        sheets.remove_draft(connection, "zz")
        assert sheets.draft(connection, "zz", after=0) is None
