"""A stranger's reader, written from the C2SP texts only, reads a real log of ours from a plain file server."""

import json
from pathlib import Path

from ledger.capture.document import read_document
from ledger.node import Node
from tests.independent.c2sp_reader import read_log
from tests.independent.static_files import served

PASSPHRASE = b"a long passphrase for a test"
EVENTS = 300


def document(first: int, count: int) -> bytes:
    """An EPCIS document of `count` harvests, each of a lot of its own (GS1's demonstration prefix)."""
    events = [
        {
            "type": "ObjectEvent",
            "action": "ADD",
            "bizStep": "commissioning",
            "eventTime": "2026-07-01T08:00:00Z",
            "eventTimeZoneOffset": "+02:00",
            "quantityList": [
                {"epcClass": f"https://id.gs1.org/01/09521321000018/10/N-{number}", "quantity": 100, "uom": "KGM"}
            ],
        }
        for number in range(first, first + count)
    ]
    return json.dumps(
        {
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-07-01T09:00:00Z",
            "epcisBody": {"eventList": events},
        }
    ).encode()


def test_a_strangers_reader_rebuilds_our_root_at_every_stage(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with Node.init(str(store), name="Cooperativa Sole", passphrase=PASSPHRASE) as node, served(store) as url:
        vkey = str(node.vkey)
        sizes = [read_log(f"{url}/log", vkey).size]
        for first, count in ((0, 1), (1, 40), (41, EVENTS - 41)):
            captured = node.capture(read_document(document(first, count)))
            log = read_log(f"{url}/log", vkey)
            assert log.size > captured[-1].index
            assert log.entries[captured[0].index].count(b".") == 2
            sizes.append(log.size)
        assert sizes == sorted(set(sizes))
        assert sizes[-1] > 256
    with served(store) as url:
        assert read_log(f"{url}/log", vkey).size >= sizes[-1]


def test_a_checkpoint_file_lost_in_a_crash_is_there_again_after_the_start(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with Node.init(str(store), name="Cooperativa Sole", passphrase=PASSPHRASE) as node:
        vkey = str(node.vkey)
    (store / "log" / "checkpoint").unlink()
    with Node.open(str(store), passphrase=PASSPHRASE), served(store) as url:
        assert read_log(f"{url}/log", vkey).size > 0
