"""A statement about many values, of one text whatever their number."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, event, select

from ledger.store.engine import Store
from ledger.store.many import Many
from ledger.store.tables import object_

URIS = ["https://id.gs1.org/01/09520001000010/10/A", 'farm:"quoted"\\', "farm:è, 🫒", "farm:'; --"]
BY_URI = Many(object_.c.uri, lambda named: select(object_.c.uri, object_.c.id).where(named).order_by(object_.c.id))
BY_ID = Many(object_.c.id, lambda named: select(object_.c.id).where(named).order_by(object_.c.id))
GONE = Many(object_.c.id, lambda named: delete(object_).where(named))
BEYOND = 1 << 40


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    location = str(tmp_path / "store") if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    with Store.create(location) as store:
        with store.begin() as connection:
            rows = [{"id": BEYOND + n, "uri": uri, "next_n": 0} for n, uri in enumerate(URIS)]
            connection.execute(object_.insert(), rows)
        yield store


def test_all_of_them_are_found_and_nothing_else(store: Store) -> None:
    with store.read() as connection:
        assert [tuple(row) for row in BY_URI.rows(connection, URIS)] == [
            (uri, BEYOND + n) for n, uri in enumerate(URIS)
        ]
        assert BY_URI.rows(connection, []) == []
        assert BY_URI.rows(connection, ["farm:", URIS[0] + " "]) == []
        assert [id for (id,) in BY_ID.rows(connection, {BEYOND + 1, 7})] == [BEYOND + 1]


def test_what_gives_no_rows_is_done(store: Store) -> None:
    with store.begin() as connection:
        GONE.carry_out(connection, [BEYOND, BEYOND + 2])
        assert [row.uri for row in BY_URI.rows(connection, URIS)] == [URIS[1], URIS[3]]


def test_its_text_says_neither_how_many_nor_which(store: Store) -> None:
    texts = set()
    event.listen(store.ledger, "before_cursor_execute", lambda *told: texts.add(told[2]))
    with store.read() as connection:
        texts.clear()
        for count in range(len(URIS)):
            BY_URI.rows(connection, URIS[:count])
    assert len([text for text in texts if "object" in text]) == 1
