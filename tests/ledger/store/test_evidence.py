from hashlib import sha256

from ledger.store import evidence, findings, registry
from ledger.store.engine import Store
from ledger.store.findings import Finding


def test_evidence_is_kept_once_and_can_be_handed_on(store: Store) -> None:
    document = b'{"format":"filiera-evidence/1"}'
    digest = evidence.keep(store, "lane-fork", document)
    assert digest == evidence.keep(store, "lane-fork", document) == sha256(document).digest()
    other = evidence.keep(store, "log-fork", b"{}")
    with store.read() as connection:
        assert evidence.get(connection, digest) == document
        assert evidence.get(connection, b"?" * 32) is None
        assert evidence.listing(connection) == [(digest, "lane-fork"), (other, "log-fork")]
    if store.folder is not None:
        file = store.folder / "evidence" / f"{digest.hex()}.filiera-evidence.json"
        assert file.read_bytes() == document


def test_findings_are_listed_by_entry_in_the_order_found(store: Store) -> None:
    found = [Finding(3, "b", {"member": "/x"}), Finding(3, "a", {}), Finding(5, "a", {"entry": 1})]
    with store.begin() as connection:
        findings.put(connection, found)
    with store.begin() as connection:
        assert findings.of(connection, 3) == found[:2]
        assert findings.listing(connection) == found
        assert findings.listing(connection, code="a", after=3) == found[2:]
        findings.remove(connection, 3)
        assert findings.listing(connection) == found[2:]


def test_the_newest_registry_dump_is_kept(store: Store) -> None:
    with store.begin() as connection:
        assert registry.get(connection) is None
        registry.put(connection, 3, b"three")
        registry.put(connection, 5, b"five")
        assert registry.get(connection) == (5, b"five")
