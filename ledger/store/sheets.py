"""The sheets of offices: how each kind of sheet is read, which rows came before, and the files being looked at.

- A file that is being looked at is kept sealed, for a day, and at most so many of one person.
- Which rows came before is a help to people and no proof: what a row is known again by is its `eventID`.

    with store.begin() as connection: sheets.remember(connection, iss, signature, mapping, now)

docs/adr/0065-sheets-of-the-office.md.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from ledger.store.bulk import insert
from ledger.store.tables import sheet_draft, sheet_mapping, sheet_row

MOST_DRAFTS = 10
_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that somebody is looking at: `sealed`, with the member and the person whose it is."""

    id: str
    member: str
    owner: str
    name: str
    created: int
    sealed: bytes


def remember(connection: Connection, member: str, signature: bytes, mapping: str, now: int) -> None:
    """Keep how a member reads the sheets of this signature."""
    insert(connection, sheet_mapping, [(member, signature, mapping, now)], "replace")


def remembered(connection: Connection, member: str, signature: bytes) -> str | None:
    """How a member reads the sheets of this signature, None where it has not said."""
    query = select(sheet_mapping.c.mapping)
    return connection.execute(
        query.where(sheet_mapping.c.member == member, sheet_mapping.c.signature == signature)
    ).scalar_one_or_none()


def note_rows(connection: Connection, member: str, file: bytes, name: str, fingerprints: Iterable[bytes]) -> None:
    """Note that a file told what these rows tell."""
    insert(connection, sheet_row, [(member, each, file, name) for each in sorted(set(fingerprints))], "ignore")


def told_before(connection: Connection, member: str, file: bytes, fingerprints: Collection[bytes]) -> dict[bytes, str]:
    """Of these rows those that another file told before, each with the name of one."""
    found: dict[bytes, str] = {}
    wanted = sorted(set(fingerprints))
    for start in range(0, len(wanted), _TOGETHER):
        where = (sheet_row.c.member == member, sheet_row.c.fingerprint.in_(wanted[start : start + _TOGETHER]))
        for row in connection.execute(select(sheet_row).where(*where, sheet_row.c.file != file)):
            found[bytes(row.fingerprint)] = row.name
    return found


def put_draft(connection: Connection, draft: Draft, *, forget_before: int) -> None:
    """Keep a file that is being looked at; those too old, and the oldest of one person's too many, are let go of."""
    connection.execute(delete(sheet_draft).where(sheet_draft.c.created < forget_before))
    own = select(sheet_draft.c.id).where(sheet_draft.c.owner == draft.owner)
    newest = own.order_by(sheet_draft.c.created.desc(), sheet_draft.c.id)
    ids = connection.execute(newest).scalars().all()
    connection.execute(delete(sheet_draft).where(sheet_draft.c.id.in_(ids[MOST_DRAFTS - 1 :])))
    insert(
        connection, sheet_draft, [(draft.id, draft.member, draft.owner, draft.name, draft.created, draft.sealed)]
    )  # fmt: skip


def draft(connection: Connection, id: str, *, after: int) -> Draft | None:
    """A file that is being looked at, None where there is none or it is too old."""
    where = (sheet_draft.c.id == id, sheet_draft.c.created >= after)
    row = connection.execute(select(sheet_draft).where(*where)).one_or_none()
    return Draft(row.id, row.member, row.owner, row.name, row.created, bytes(row.sealed)) if row else None


def remove_draft(connection: Connection, id: str) -> None:
    """Let go of one."""
    connection.execute(delete(sheet_draft).where(sheet_draft.c.id == id))
