"""Every official XML document that is valid goes in through the command a user types, and each event has its proof.

What was captured stands among the events, whatever only JSON would have demanded of it, and after `rebuild` as before.
"""

import json
from pathlib import Path

import pytest

from ledger.capture.document import read_document
from ledger.store import events, findings
from ledger.store.engine import Store
from schemas.errors import InputError
from tests.official import official_files, present
from tests.simulator.command_line import Shop

OPENEPCIS = "gs1/openepcis-test-resources"
XML = official_files(
    "gs1/gs1-epcis/XML/**/*.xml",
    "gs1/gs1-epcis/XSL/1.2/XML/*.xml",
    f"{OPENEPCIS}/1.2/EPCIS/XML/Capture/Documents/*.xml",
    f"{OPENEPCIS}/2.0/EPCIS/XML/Capture/**/*.xml",
    f"{OPENEPCIS}/2.0/EPCIS/XML/Query/**/*.xml",
)


def sound(document: Path) -> bool:
    """Whether it may be captured; which may not, and why, is said in `tests/ledger/capture/test_xml_document.py`."""
    try:
        read_document(document.read_bytes(), media_type=None).check()
    except InputError:
        return False
    return True


def standing(shop: Shop) -> tuple[set[int], set[int]]:
    """The indexes of the events that the read side shows, and of those that have a sensor report without its type."""
    with Store.open(str(shop.store)) as store, store.read() as connection:
        shown = {row.index for row in events.every(connection)}
        untyped = findings.listing(connection, code="sensor-report-without-type")
        return shown, {finding.index for finding in untyped}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path)
    made.works("init", "--name", "Cooperativa Sole")
    return made


@pytest.mark.long
def test_all_xml_documents_one_after_the_other_in_one_store(shop: Shop) -> None:
    taken = refused = sent = 0
    logged: set[int] = set()
    for document in [present(parameter.values[0]) for parameter in XML]:
        answer = shop("capture", "--json", document)
        assert answer.code == (0 if sound(document) else 65), (document, answer.err)
        if answer.code:
            refused += 1
            continue
        taken += 1
        read = read_document(document.read_bytes(), media_type=None)
        captured = [json.loads(line) for line in answer.lines]
        assert [line["event"] for line in captured] == [event.index for event in read.events]
        logged |= {line["index"] for line in captured}
        sent += len(captured)
    assert (taken, refused) == (83, 22)
    assert sent > len(logged) > 100
    shown, untyped = standing(shop)
    assert shown == logged
    # GS1's, which OpenEPCIS repeats: answered as the same event.
    assert len(untyped) == 1
    assert untyped < shown
    shop.works("rebuild")
    assert standing(shop) == (shown, untyped)
    last = max(logged)
    file = shop.folder / "last.filiera.json"
    shop.works("export", "bundle", "--entry", str(last), "-o", file)
    assert shop("verify", file).lines[1] == "VALID"
    assert shop("audit").code == 0
