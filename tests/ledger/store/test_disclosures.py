import os
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.store import disclosures, sealed, tables
from ledger.store.engine import Store
from schemas.errors import EvidenceError, UnavailableError
from tests.ledger.store import form_before

KEY = b"w" * 32
TEXTS = [f"WyJtarkerABC{n}{'x' * n * 7}" for n in range(12)]


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


@pytest.fixture(params=[sealed.STREAM, sealed.GCM], ids=["form of now", "form from before"])
def form(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


def put(store: Store, index: int = 7, texts: list[str] = TEXTS, epoch: int = 1, form: int = sealed.STREAM) -> None:
    secrets, rows = disclosures.seal(epoch, [(index, texts, KEY)], os.urandom)
    if form == sealed.GCM:
        packed, secret = form_before.sealed([text.encode() for text in texts], KEY)
        secrets, rows = [(secrets[0][0], secret)], [(index, epoch, packed, form)]
    with store.begin_secrets() as connection:
        disclosures.put_secrets(connection, secrets)
    with store.begin() as connection:
        disclosures.put(connection, rows)


def test_disclosures_come_back_in_wire_order(store: Store) -> None:
    put(store)
    put(store, 8, ["WyJhIl0"])
    put(store, 9, [])
    with store.read() as connection:
        assert disclosures.get(store, connection, 7, KEY) == TEXTS
        assert disclosures.get_many(store, connection, {8: KEY, 7: KEY, 9: KEY}) == {7: TEXTS, 8: ["WyJhIl0"]}
        assert disclosures.get(store, connection, 9, KEY) == []
        assert disclosures.digests(connection, 7) == [digest(text) for text in TEXTS]


def test_neither_database_alone_tells_a_disclosure(store: Store, form: int) -> None:
    put(store, form=form)
    with store.read() as connection:
        assert all(b"tarker" not in row.packed for row in connection.execute(tables.disclosure.select()))
        with pytest.raises(EvidenceError, match="disclosure-sealed"):
            disclosures.get(store, connection, 7, b"x" * 32)
    with store.begin_secrets() as connection:
        connection.execute(tables.secret.delete())
    with store.read() as connection:
        assert disclosures.get(store, connection, 7, KEY) == []


def test_one_disclosure_is_erased_and_the_others_stay(store: Store, form: int) -> None:
    put(store, form=form)
    gone = [digest(TEXTS[3]), digest(TEXTS[0])]
    assert disclosures.erase(store, 7, gone, KEY) == 2
    assert disclosures.erase(store, 7, gone, KEY) == 0
    assert disclosures.erase(store, 99, gone, KEY) == 0
    left = [text for text in TEXTS if digest(text) not in gone]
    with store.read() as connection:
        assert disclosures.get(store, connection, 7, KEY) == left
        assert disclosures.digests(connection, 7) == [digest(text) for text in left]
    assert disclosures.erase(store, 7, [digest(text) for text in left], KEY) == 10
    with store.read() as connection:
        assert disclosures.get(store, connection, 7, KEY) == []


def test_a_disclosure_whose_secret_went_first_counts_as_erased(store: Store, form: int) -> None:
    put(store, form=form)
    with store.read() as connection:
        row = connection.execute(tables.disclosure.select()).one()
    disclosures.erase(store, 7, [digest(TEXTS[0])], KEY)
    with store.begin() as connection:
        connection.execute(tables.disclosure.update().values(packed=bytes(row.packed)))
    with store.read() as connection:
        assert len(disclosures.digests(connection, 7)) == len(TEXTS)
        assert disclosures.get(store, connection, 7, KEY) == TEXTS[1:]


def test_nothing_is_erased_with_another_members_key(store: Store, form: int) -> None:
    put(store, form=form)
    with pytest.raises(EvidenceError, match="disclosure-sealed"):
        disclosures.erase(store, 7, [digest(TEXTS[0])], b"x" * 32)
    with store.read() as connection:
        assert disclosures.get(store, connection, 7, KEY) == TEXTS


def test_a_secret_that_was_cut_short_is_damaged(store: Store) -> None:
    put(store)
    with store.begin_secrets() as connection:
        packed = bytes(connection.execute(tables.secret.select()).one().packed)
        connection.execute(tables.secret.update().values(packed=packed[:-5]))
    with store.read() as connection, pytest.raises(UnavailableError, match="disclosure-damaged"):
        disclosures.get(store, connection, 7, KEY)


def test_a_fenced_writer_does_not_overwrite_its_successors_secrets(store: Store) -> None:
    put(store, epoch=2)
    late, _ = disclosures.seal(1, [(7, TEXTS, KEY)], os.urandom)
    with store.begin_secrets() as connection:
        disclosures.put_secrets(connection, late)
    with store.read() as connection:
        assert disclosures.get(store, connection, 7, KEY) == TEXTS


def test_an_orphan_secret_is_replaced_by_the_same_writer(store: Store) -> None:
    orphan, _ = disclosures.seal(1, [(7, TEXTS, KEY)], os.urandom)
    with store.begin_secrets() as connection:
        disclosures.put_secrets(connection, orphan)
    put(store)
    with store.read() as connection:
        assert disclosures.get(store, connection, 7, KEY) == TEXTS


def test_an_altered_ciphertext_is_found(store: Store, form: int) -> None:
    put(store, form=form)
    with store.begin() as connection:
        packed = bytearray(connection.execute(tables.disclosure.select()).one().packed)
        packed[-1] ^= 1
        connection.execute(tables.disclosure.update().values(packed=bytes(packed)))
    with store.read() as connection, pytest.raises(EvidenceError, match="disclosure-sealed"):
        disclosures.get(store, connection, 7, KEY)


def test_erased_bytes_are_in_no_file_of_the_store(tmp_path: Path) -> None:
    with Store.create(str(tmp_path / "s")) as store:
        for index in range(40):
            put(store, index)
        with store.read() as connection:
            row = connection.execute(tables.disclosure.select().where(tables.disclosure.c.idx == 20)).one()
        with store.read_secrets() as connection:
            where = tables.secret.c.id == 1 << 40 | 20
            wrapped = bytes(connection.execute(tables.secret.select().where(where)).one().packed)
        # What stands for the first disclosure: its ciphertext, and what opens it, the wrapped key of the entry.
        first = sealed.items(row.form, bytes(row.packed))[0].ciphertext
        secret = wrapped[1:]
        store.truncate_wal()
        held = b"".join(file.read_bytes() for file in (tmp_path / "s").rglob("*") if file.is_file())
        assert first in held
        assert secret in held
        disclosures.erase(store, 20, [digest(TEXTS[0])], KEY)
        store.truncate_wal()
        held = b"".join(file.read_bytes() for file in (tmp_path / "s").rglob("*") if file.is_file())
        assert first not in held
        assert secret not in held
