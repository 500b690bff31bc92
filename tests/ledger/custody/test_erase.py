"""Erasure as its member knows it: declared in the log, gone from every byte of the store, every proof still valid."""

import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from api.verbs.audit import audit_store
from ledger.audience import full
from ledger.custody.backup import backup
from ledger.custody.erase import choose, declare, held, pointer
from ledger.entry.issue import issue_public
from ledger.node import Node
from ledger.prove import prove
from ledger.readside.rebuild import rebuild
from ledger.store import disclosures, entries, erasures, jobs, objects, tables
from ledger.store.engine import Store
from ledger.store.jobs import Job
from ledger.trust import KnownLogs
from ledger.verify.bundle import verify_bundle
from ledger.writer.answers import Receipt
from schemas.errors import InputError, LedgerError
from schemas.syntax.base64url import encode
from tests.ledger.readside.test_erasing import by_name
from tests.simulator.cooperatives import document, harvested, joined, lot, shipped
from tests.simulator.phones import made, opened

GROUND = "GDPR art. 17"
NAME = "MARIO-ROSSI"
PLACE = f"https://dop.example/campo/{NAME}"


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a log may be made."""
    sqlite = request.param == "sqlite"
    return str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def node(location: str, tmp_path: Path) -> Iterator[Node]:
    with made(location, tmp_path, gln="9521001000017", prefixes=("9521001",)) as node:
        yield node


def personal(code: str, **more: object) -> dict[str, object]:
    """A harvest that names a person wherever it can."""
    return harvested(code, **{"eventID": f"urn:x-farm:{NAME}", "readPoint": {"id": PLACE}, **more})


def erase(node: Node, *indexes: int, pointers: tuple[str, ...] = ()) -> list[int]:
    """Erase as the verb does; the indexes of the `erasure` entries."""
    said = declare(node.membership, [choose(index, node.entry(index), pointers) for index in indexes], GROUND)
    node.erased()
    return [item.index for item in said]


def files(location: str, folder: Path) -> bytes:
    """Every byte of the databases, tiles and guards; of PostgreSQL its tables and indexes, after a checkpoint."""
    if "://" not in location:
        return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    plain = location.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        row = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    assert row is not None
    data = Path(parse_qs(urlsplit(plain).query)["host"][0]) / "base" / str(row[0])
    return b"".join(file.read_bytes() for file in data.iterdir() if file.is_file())


def test_no_byte_of_what_was_erased_is_left_in_any_file(node: Node, location: str, tmp_path: Path) -> None:
    shuffled = random.Random(7)
    codes = [f"{shuffled.randrange(1 << 32):08x}" for _ in range(120)]
    for start in range(0, 120, 40):
        some = (personal(f"{code}-{NAME}", eventID=f"urn:x-farm:{code}") for code in codes[start : start + 40])
        node.capture(document(*some))
    kept = node.capture(document(harvested("REMAINS")))[0].index
    node.settled()
    with node.store.read() as connection:
        gone = [index for code in codes for index, _ in objects.entries_of(connection, lot(f"{code}-{NAME}"))]
        rows = connection.execute(tables.disclosure.select()).all()
        with node.store.read_secrets() as beside:
            secrets = {row.id: bytes(row.packed) for row in beside.execute(tables.secret.select())}
    wrapped = [secrets[row.epoch << 40 | row.idx][-200:] for row in rows if row.idx in gone]
    if "://" in location:
        # As the server does by itself, sooner or later: it keeps samples of what it saw.
        with psycopg.connect(location.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("ANALYZE")
    before = files(location, tmp_path)
    assert before.count(NAME.encode()) > 120
    assert all(key in before for key in wrapped)
    assert sorted(gone) == sorted(set(gone))
    shuffled.shuffle(gone)
    erase(node, *gone[:60])
    erase(node, *gone[60:])
    after = files(location, tmp_path)
    assert NAME.encode() not in after
    assert not any(key in after for key in wrapped)
    assert b"REMAINS" in after
    assert node.entry(kept).content is not None


def test_a_part_goes_and_the_rest_says_what_it_said(node: Node) -> None:
    event = personal("A-1", ilmd={"https://dop.example/farmer": NAME, "cbvmda:lotNumber": "A-1"})
    index = node.capture(document(event))[0].index
    shown = {item.pointer for item in held(node.entry(index))}
    farmer = "/content/ilmd/https:~1~1dop.example~1farmer"
    assert {farmer, "/content/ilmd/cbvmda:lotNumber", "/content/quantityList/0", "/record/lots/0"} <= shown
    erase(node, index, pointers=(farmer, "/content/readPoint", "/content/eventID"))
    content = node.entry(index).content
    assert content is not None
    assert content["ilmd"] == {"cbvmda:lotNumber": "A-1"}
    assert content["quantityList"][0]["epcClass"] == lot("A-1")
    assert NAME not in str(content)
    node.settled()
    with node.store.read() as connection:
        assert [at for at, _ in objects.entries_of(connection, lot("A-1"))] == [index]


def test_the_bundle_of_the_lot_says_who_erased_what_on_which_ground(node: Node, tmp_path: Path) -> None:
    first = node.capture(document(personal("A-1")))[0].index
    node.capture(document(shipped("A-1", to="https://id.gs1.org/417/9521002000016")))
    (place,) = erase(node, first, pointers=("/content/readPoint", "/content/eventID"))
    known = KnownLogs(tmp_path / "policies").load()
    account = verify_bundle(prove(node.source, lot("A-1"), "back", full()), known=known)
    assert account.valid is True
    told = [reason for reason in account.reasons if reason.code == "declared-erased"]
    said = {"member": node.own_member("admin"), "at": place, "ground": GROUND}
    assert [(reason.index, dict(reason.context)) for reason in told] == [(first, said)]


def test_the_audit_stays_clean_and_a_rebuild_gives_the_same(node: Node, location: str, tmp_path: Path) -> None:
    captured = node.capture(document(personal("A-1"), harvested("B-1"), personal("C-1", eventID="urn:x-farm:c")))
    erase(node, captured[0].index)
    erase(node, captured[2].index, pointers=("/content/readPoint",))
    node.snapshot()
    node.settled()
    before = by_name(node.store)
    account = audit_store(
        node, location, None, KnownLogs(tmp_path / "policies"), policy=None, disclosures=True, workers=1,
        progress=lambda done, total: None,
    )  # fmt: skip
    # Of the first its content and its record, of the third one member.
    assert account.erased == 3
    node.close()
    with Store.open(location) as store, opened(location, tmp_path, write=False) as reader:
        rebuild(store, reader.keyring.wrapping_key)
        assert by_name(store) == before


def test_what_was_declared_and_is_still_here_is_found_by_the_audit(
    node: Node, location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = node.capture(document(personal("A-1")))[0].index
    with monkeypatch.context() as patch:
        patch.setattr("ledger.writer.writer.carry_out", lambda *_: 0)
        (place,) = erase(node, index)
        node.snapshot()
        with pytest.raises(LedgerError) as found:
            audit_store(
                node, location, None, KnownLogs(tmp_path / "policies"), policy=None, disclosures=True, workers=1,
                progress=lambda done, total: None,
            )  # fmt: skip
    assert (found.value.code, found.value.context) == ("audit-erased-held", {"entry": index, "at": place})


def test_an_erasure_that_was_signed_on_another_machine_is_carried_out(node: Node, tmp_path: Path) -> None:
    index = node.capture(document(personal("A-1")))[0].index
    iss = node.own_member("admin")
    (admin,) = node.keyring.find(role="admin", iss=iss)
    head = node.registry.lane(admin)
    target = choose(index, node.entry(index))
    body = {
        "erased": [{"entry": encode(target.leaf), "digests": [encode(digest) for digest in target.digests]}],
        "ground": GROUND,
    }
    seq, prev = (0, None) if head is None else (head[0] + 1, head[1])
    wire = issue_public(
        node.keyring.open(admin), log=node.origin, iss=iss, seq=seq, prev=prev, kind="erasure", body=body
    )
    (answer,) = node.submit([wire])
    assert isinstance(answer, Receipt)
    node.erased()
    assert node.entry(index).content is None
    with node.store.read() as connection:
        assert erasures.due(connection) == []
        assert disclosures.digests(connection, index) == []


def test_the_next_writer_takes_up_what_is_due(location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("ledger.writer.writer.carry_out", lambda *_: 0)
        with made(location, tmp_path) as node:
            index = node.capture(document(personal("A-1")))[0].index
            erase(node, index)
            assert node.entry(index).content is not None
    with opened(location, tmp_path) as node:
        node.erased()
        assert node.entry(index).content is None


def test_another_members_entry_is_not_ours_to_erase(node: Node) -> None:
    luna = joined(node, "Cooperativa Luna")
    index = node.capture(document(personal("A-1")), member=luna)[0].index
    target = choose(index, node.entry(index))
    erased = [{"entry": encode(target.leaf), "digests": [encode(digest) for digest in target.digests]}]
    sole = next(member.iss for member in node.registry.members() if member.iss != luna)
    with pytest.raises(LedgerError, match="erasure-of-another-member"):
        node.membership.erasure(sole, erased, GROUND)
    # By its own admin key it can be: the verb asks whose entry it is.
    erase(node, index)
    assert node.entry(index).content is None


def test_a_profile_is_erased_like_anything_else(node: Node) -> None:
    luna = joined(node, "Mario Rossi", gln="9521002000016")
    member = node.registry.member(luna)
    assert member is not None
    assert member.profile is not None
    erase(node, member.profile, pointers=("/profile/name",))
    profile = node.entry(member.profile).profile
    assert profile is not None
    assert dict(profile) == {"gln": "9521002000016"}


def test_as_many_erasures_are_declared_as_it_takes(node: Node) -> None:
    orders = [{"type": "po", "bizTransaction": f"urn:x-order:{n}"} for n in range(150)]
    index = node.capture(document(harvested("A-1", bizTransactionList=orders)))[0].index
    parts = tuple(f"/content/bizTransactionList/{n}" for n in range(150))
    places = erase(node, index, pointers=parts)
    assert len(places) > 1
    content = node.entry(index).content
    assert content is not None
    assert len(content["bizTransactionList"]) == 150
    assert not any(isinstance(item, dict) for item in content["bizTransactionList"])
    with node.store.read() as connection:
        assert all(len(entries.get(connection, place)) <= 4096 for place in places)


def test_what_came_of_the_members_jobs_is_forgotten(node: Node) -> None:
    index = node.capture(document(personal("A-1")))[0].index
    iss = node.own_member("admin")
    with node.store.begin() as connection:
        jobs.add(connection, Job("done", "capture", "erp", iss, 1, 1, finished=2, outcome=b"sealed", failed=False))
        jobs.add(connection, Job("waits", "capture", "erp", iss, 1, 1, request=b"sealed"))
        jobs.add(connection, Job("other", "capture", "erp", "urn:uuid:other", 1, 1, finished=2, outcome=b"sealed"))
    erase(node, index)
    with node.store.read() as connection:
        assert [jobs.get(connection, id) is not None for id in ("done", "waits", "other")] == [False, True, True]


def test_a_backup_holds_nothing_in_clear_and_the_next_copy_of_the_secrets_nothing_erased(
    node: Node, location: str, tmp_path: Path
) -> None:
    index = node.capture(document(personal(f"A-{NAME}")))[0].index
    node.settled()
    folder, secrets = tmp_path / "backup", tmp_path / "secrets.copy"
    backup(node.store, folder, secrets=secrets)
    assert NAME.encode() not in b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    with node.store.read_secrets() as connection:
        every = connection.execute(tables.secret.select()).all()
    rows = [bytes(row.packed)[-40:] for row in every if row.id & 0xFFFF == index]
    assert all(row in secrets.read_bytes() for row in rows)
    erase(node, index)
    backup(node.store, tmp_path / "backup-2", secrets=secrets)
    assert not any(row in secrets.read_bytes() for row in rows)


PLAIN = "/content/bizStep"


@pytest.mark.parametrize(
    ("pointers", "code"),
    [
        (("/content/nowhere",), "erase-not-held"),
        (("content/bizStep",), "erase-not-held"),
        (("/content/type",), "erase-context"),
        ((PLAIN, "/content/@context"), "erase-context"),
    ],
)
def test_what_is_not_there_and_what_gives_the_rest_its_meaning_is_refused(
    node: Node, pointers: tuple[str, ...], code: str
) -> None:
    index = node.capture(document(harvested("A-1")))[0].index
    with pytest.raises(InputError) as refused:
        choose(index, node.entry(index), pointers)
    assert refused.value.code == code
    assert refused.value.context["entry"] == index


def test_nothing_is_erased_twice(node: Node) -> None:
    index = node.capture(document(harvested("A-1")))[0].index
    erase(node, index)
    with pytest.raises(InputError, match="erase-nothing"):
        choose(index, node.entry(index))


@pytest.mark.parametrize("ground", ["", "  ", "x" * 501, "two\nlines"])
def test_a_ground_is_one_line(node: Node, ground: str) -> None:
    index = node.capture(document(harvested("A-1")))[0].index
    with pytest.raises(InputError, match="erase-ground"):
        declare(node.membership, [choose(index, node.entry(index))], ground)


def test_a_place_inside_a_place_is_named_once(node: Node) -> None:
    entry = node.entry(node.capture(document(harvested("A-1")))[0].index)
    whole = choose(7, entry, ("/content/quantityList/0", "/content/quantityList"))
    assert whole == choose(7, entry, ("/content/quantityList",))
    assert len(choose(7, entry).digests) == 2


def test_a_pointer_is_as_rfc_6901_writes_it() -> None:
    assert pointer(("content", "a/b~c", 0)) == "/content/a~1b~0c/0"
