"""Documents: attached, found again, held against what the entry signs; erased with every byte; damage is noticed."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from api.verbs.attach import attach, list_documents, read_document
from api.verbs.audit import audit_store
from api.verbs.erase import erase
from api.verbs.master import add
from ledger.audience import full, member, parties, public
from ledger.bundle import parse
from ledger.custody.backup import backup
from ledger.custody.restore import restore
from ledger.node import Node
from ledger.prove import prove
from ledger.readside.rebuild import rebuild
from ledger.store import files, tables
from ledger.store.engine import Store
from ledger.trust import KnownLogs
from ledger.verify.bundle import verify_bundle
from ledger.writer.guard import Guard
from schemas.errors import InputError, UnavailableError
from tests.ledger.custody.test_erase import files as every_byte
from tests.simulator.cooperatives import document, harvested, joined, lot
from tests.simulator.files import PDF, PNG, scan
from tests.simulator.master import certificate, written
from tests.simulator.phones import made, opened
from tests.simulator.refusal import refused

LOT = lot("P-1")


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    sqlite = request.param == "sqlite"
    return str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def node(location: str, tmp_path: Path) -> Iterator[Node]:
    with made(location, tmp_path, gln="9521001000017", prefixes=("9521001",)) as node:
        node.capture(document(harvested("P-1")))
        yield node


def attached(node: Node, data: bytes = PDF, *, to: str = LOT, name: str = "ddt 117.pdf") -> int:
    return attach(node, data, name=name, to=to, audience=full()).index


def audited(node: Node, location: str) -> int:
    found = audit_store(
        node, location, None, KnownLogs(Path("nowhere")), policy=None, disclosures=True, workers=1,
        progress=lambda done, total: None,
    )  # fmt: skip
    return len(found.documents)


def damage(node: Node, change: Callable[[bytes], bytes]) -> None:
    """Alter the stored bytes of every file."""
    store = node.store
    if store.folder is not None:
        for file in (store.folder / files.FOLDER).iterdir():
            file.write_bytes(change(file.read_bytes()))
        return
    with store.begin() as connection:
        for row in connection.execute(tables.file_bytes.select()).all():
            connection.execute(tables.file_bytes.update().values(data=change(bytes(row.data))))


def test_a_document_is_found_by_its_lot_and_given_back_byte_for_byte(node: Node) -> None:
    index = attached(node)
    (found,) = list_documents(node, "(01)09521001002011(10)P-1", audience=full())
    assert (found.index, found.name, found.media_type, found.size) == (
        index,
        "ddt 117.pdf",
        "application/pdf",
        len(PDF),
    )
    assert (found.sha256, found.about, found.held) == (sha256(PDF).digest(), (LOT,), True)
    assert read_document(node, index, audience=full()).data == PDF


def test_a_document_is_attached_to_an_entry_and_to_a_thing_of_master_data(node: Node) -> None:
    index = node.source.entries_of(LOT)[0]
    photo = attached(node, PNG, to=str(index), name="C:\\foto\\pallet.png")
    add(node, written(certificate()), name="c.json")
    scanned = attached(node, scan("certificato"), to=certificate()["id"])
    (of_entry,) = list_documents(node, str(index), audience=full())
    assert (of_entry.index, of_entry.name, of_entry.entry) == (photo, "pallet.png", node.entry(index).jwt.leaf)
    assert [item.index for item in list_documents(node, certificate()["id"], audience=full())] == [scanned]
    assert list_documents(node, LOT, audience=full()) == []


def test_the_same_file_to_the_same_lot_is_one_document(node: Node) -> None:
    first = attached(node)
    again = attach(node, PDF, name="copy.pdf", to=LOT, audience=full())
    assert (again.index, again.duplicate) == (first, True)
    more = attach(node, PDF, name="copy.pdf", to=LOT, audience=full(), allow_repeat=True)
    assert not more.duplicate
    assert [item.index for item in list_documents(node, LOT, audience=full())] == [first, more.index]


def test_nothing_is_attached_to_what_is_not_there(node: Node) -> None:
    for name in (lot("P-2"), "https://dop.example/certificate/none", "999", "0"):
        with refused("attach-unknown"):
            attached(node, to=name)
    for wrong in ("(01)09521001002012(10)P-1", "https://id.gs1.org/01/09521001002012/10/P-1"):
        with refused("wrong-check-digit"):
            attached(node, to=wrong)
    with refused("file-kind", file="x.pdf"):
        attached(node, b"<html>", name="x.pdf")
    with node.store.read() as connection:
        assert connection.execute(tables.file.select()).all() == []


def test_the_store_holds_no_byte_of_a_file_in_the_clear(node: Node, location: str, tmp_path: Path) -> None:
    attached(node, scan("MARIO-ROSSI"))
    assert b"MARIO-ROSSI" not in every_byte(location, tmp_path)


def test_only_who_may_see_the_entry_sees_the_document(node: Node) -> None:
    index = attached(node)
    luna = joined(node, "Cooperativa Luna")
    sole = node.registry.members()[0].iss
    never = lambda entry: False  # noqa: E731
    own = member(sole, parties(sole), given=never, published=never)
    other = member(luna, parties(luna), given=never, published=lambda entry: True)
    given = member(luna, parties(luna), given=lambda entry: True, published=never)
    for audience in (own, given):
        assert read_document(node, index, audience=audience).data == PDF
    for audience in (other, public(lambda entry: True)):
        with refused("document-unknown"):
            read_document(node, index, audience=audience)


def test_an_entry_that_is_no_document_has_no_file(node: Node) -> None:
    with refused("document-unknown"):
        read_document(node, node.source.entries_of(LOT)[0], audience=full())
    with refused("document-unknown"):
        read_document(node, 9999, audience=full())


def test_a_proof_that_the_history_is_complete_covers_the_document(node: Node, tmp_path: Path) -> None:
    index = attached(node)
    node.snapshot()
    known = KnownLogs(tmp_path / "policies").load()
    bundle = prove(node.source, LOT, "back", full())
    account = verify_bundle(bundle, known=known)
    assert (account.valid, account.verdicts["complete"]) == (True, "yes")
    assert index in [part.index for part in parse(bundle).entries]


def test_erasing_takes_the_file_with_its_digest(node: Node, location: str, tmp_path: Path) -> None:
    index = attached(node, scan("MARIO-ROSSI"))
    erase(node, [index], pointers=["/content/name"], ground="GDPR art. 17")
    (found,) = list_documents(node, LOT, audience=full())
    assert (found.name, found.held) == (None, True)
    assert b"MARIO" in read_document(node, index, audience=full()).data
    erase(node, [index], pointers=["/content/sha256"], ground="GDPR art. 17")
    with refused("document-erased"):
        read_document(node, index, audience=full())
    with node.store.read() as connection, node.store.read_secrets() as beside:
        assert connection.execute(tables.file.select()).all() == []
        assert connection.execute(tables.file_bytes.select()).all() == []
        assert beside.execute(tables.file_key.select()).all() == []
    assert audited(node, location) == 1
    folder = tmp_path / "store" / files.FOLDER
    assert not folder.exists() or not list(folder.iterdir())


def test_erasing_it_all_leaves_nothing_to_find(node: Node, location: str) -> None:
    index = attached(node)
    erase(node, [index], ground="GDPR art. 17")
    assert list_documents(node, LOT, audience=full()) == []
    assert audited(node, location) == 1
    assert not attach(node, PDF, name="again.pdf", to=LOT, audience=full()).duplicate


def test_an_audit_names_a_document_whose_file_is_gone_or_another(node: Node, location: str) -> None:
    index = attached(node)
    assert audited(node, location) == 1
    damage(node, lambda data: data[:-1] + bytes([data[-1] ^ 1]))
    with refused("document-damaged", entry=index):
        audited(node, location)
    damage(node, lambda data: data[:-1] + bytes([data[-1] ^ 1]))
    assert audited(node, location) == 1
    with node.store.begin() as connection:
        connection.execute(tables.file.delete())
    with refused("document-missing", entry=index):
        audited(node, location)
    with refused("document-missing", entry=index):
        read_document(node, index, audience=full())


def test_a_rebuild_finds_the_documents_again(node: Node, location: str, tmp_path: Path) -> None:
    index = attached(node)
    node.settled()
    with node.store.read() as connection:
        before = connection.execute(tables.attached.select()).all()
    node.close()
    with Store.open(location) as store:
        with opened(location, tmp_path, write=False) as reader:
            rebuild(store, reader.keyring.wrapping_key)
        with store.read() as connection:
            assert connection.execute(tables.attached.select()).all() == before == [(LOT, index)]


def test_a_backup_carries_the_files_and_its_secrets_open_them(node: Node, tmp_path: Path) -> None:
    index = attached(node)
    node.snapshot()
    copy, secrets = tmp_path / "copy", tmp_path / "secrets.copy"
    backup(node.store, copy, secrets=secrets)
    sealed = [file.read_bytes() for file in (copy / files.FOLDER).iterdir()]
    assert len(sealed) == 1
    assert PDF not in sealed[0]
    back = tmp_path / "back"
    restored = restore(copy, str(back), guard=lambda _: Guard(tmp_path / "none"), accept_rollback=True, secrets=secrets)
    with Store.open(restored.location) as target, target.read() as connection:
        found = files.sealed(target, connection, index)
        assert found is not None
        assert found.opened(node.keyring.wrapping_key(node.registry.members()[0].iss)) == PDF


def test_a_refused_entry_leaves_no_file(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise InputError("gateway-refused", kid="k")

    monkeypatch.setattr(type(node.desk), "state", refuse)
    with refused("gateway-refused"):
        attached(node)
    with node.store.read() as connection:
        assert connection.execute(tables.file.select()).all() == []


def test_what_a_crash_left_without_an_entry_is_swept_a_day_later(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise UnavailableError("writer-failed")

    with monkeypatch.context() as broken:
        broken.setattr(type(node.desk), "state", crash)
        with refused("writer-failed"):
            attached(node)
    now = node.clock()
    assert files.sweep(node.store, now) == 0
    assert files.sweep(node.store, now + 100_000) == 1
    with node.store.read() as connection:
        assert connection.execute(tables.file.select()).all() == []
