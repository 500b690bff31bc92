"""Papers: a hundred dossiers, and a period of 10^5 events in one file.

- Dossiers are those of the demonstration's finished lots, each whole: the bundle proved, the pages set, the proof
  attached. A hundred of them are held to a minute.
- A period is a series of bundles in one register (`eu-one-step-csv`): lots of a hundred events, each sent many times.
  Measured is the most memory that a process holds which reads the bundles and writes the file, for 10^4 events and for
  10^5. What is beyond an empty program must not grow faster than the events do.
- `FILIERA_BENCH_EVENTS` makes a shorter period.
"""

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api.demo.play import PASSPHRASE, play
from api.verbs.export import export
from api.verbs.export_bundle import export_bundle
from api.verbs.master import add
from benchmarks.measure import Number, at_most, seconds
from benchmarks.signed import made
from ledger.audience import buyer, full
from ledger.bundle import parse
from ledger.capture.document import read_document
from ledger.node import Node
from ledger.readside.named import named
from schemas.syntax.json_text import Number as JsonNumber
from schemas.syntax.json_text import write

EVENTS = int(os.environ.get("FILIERA_BENCH_EVENTS", "100000"))
PER_LOT, BATCH = 100, 100
DOSSIERS, MOST_SECONDS = 100, 60
FORMAT = "eu-one-step-csv"
LINK = "https://id.gs1.org"
COOP, SHOP, GTIN = "9521001000017", "9521009000019", "19521001002018"
_CHILD = """
import sys
from pathlib import Path
from exporters import catalogue
from exporters.format import STANDARD
from exporters.write import write
bundles = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.json"))[: int(sys.argv[2])]]
if bundles:
    data = write(catalogue.format_of(sys.argv[3]), bundles, profile=STANDARD, language="it").data
    Path(sys.argv[1], "made.zip").write_bytes(data)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def run() -> list[Number]:
    """What a hundred dossiers take, and what a period holds in memory."""
    with tempfile.TemporaryDirectory() as folder:
        return [*_dossiers(Path(folder)), *_period(Path(folder))]


def _dossiers(folder: Path) -> Iterator[Number]:
    played = play(folder / "demo", policies=folder / "policies")
    lots = [parse(path.read_bytes()).subject or "" for path in played.bundles]
    with Node.open(str(folder / "demo"), write=False, passphrase=PASSPHRASE) as node:

        def dossier(lot: str) -> int:
            return len(export(node, "dossier", [lot], audience=full(), to=buyer(), language="it").data)

        dossier(lots[0])
        taken = seconds(lambda: [dossier(lot) for lot in itertools.islice(itertools.cycle(lots), DOSSIERS)])
    yield at_most(f"{DOSSIERS} dossiers", taken, MOST_SECONDS, "s")


def _period(folder: Path) -> Iterator[Number]:
    lots = max(10, EVENTS // PER_LOT)
    bundles = folder / "bundles"
    bundles.mkdir()
    with made(str(folder / "period"), folder) as node:
        add(node, write(list(_masters())), name="masters.json", member=node.own_member())
        for number in range(lots):
            _logged(node, number)
        for number in range(lots):
            data = export_bundle(node, _lot(number), direction="both", audience=full(), naming=named(node, full()))
            (bundles / f"{number:05d}.json").write_bytes(data)
    empty, small, large = (_most(bundles, count) for count in (0, lots // 10, lots))
    size = (bundles / "made.zip").stat().st_size / 1e6
    events = lots * PER_LOT
    yield Number(f"the file of {events:,} events", size, "MB")
    yield Number(f"most memory, {events // 10:,} events", small, "MB")
    yield Number(f"most memory, {events:,} events", large, "MB")
    yield Number("beyond an empty program, an event", (large - empty) / events * 1e3, "kB")
    yield at_most("ten times the events, memory beyond an empty program", (large - empty) / (small - empty), 11)


def _most(bundles: Path, count: int) -> float:
    """The most that a process held, in MB, writing the file of so many bundles."""
    command = [sys.executable, "-c", _CHILD, str(bundles), str(count), FORMAT]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return int(json.loads(done.stdout.splitlines()[-1])) * 1024 / 1e6


def _lot(number: int) -> str:
    return f"{LINK}/01/{GTIN}/10/P-{number:05d}"


def _logged(node: Node, number: int) -> None:
    """A lot, made and then sent away a piece at a time."""
    listed = [_event(number, place) for place in range(PER_LOT)]
    for start in range(0, PER_LOT, BATCH):
        tree = {
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-07-20T12:00:00Z",
            "epcisBody": {"eventList": listed[start : start + BATCH]},
        }
        node.capture(read_document(write(tree), name="period.jsonld"), member=node.own_member())


def _event(number: int, place: int) -> dict[str, Any]:
    """The event of a lot at a place of its history: the first makes it."""
    minutes = place % 60
    event: dict[str, Any] = {
        "type": "ObjectEvent",
        "eventTime": f"2026-{1 + number % 12:02d}-{1 + place // 60 % 28:02d}T{place // 1680 + 6:02d}:{minutes:02d}:00Z",
        "eventTimeZoneOffset": "+00:00",
        "readPoint": {"id": f"{LINK}/414/{COOP}"},
        "quantityList": [{"epcClass": _lot(number), "quantity": JsonNumber("1" if place else str(PER_LOT))}],
    }
    if not place:
        return event | {"action": "ADD", "bizStep": "commissioning", "disposition": "active"}
    note = f"urn:epcglobal:cbv:bt:{COOP}:N-{number}-{place}"
    return event | {
        "action": "OBSERVE",
        "bizStep": "shipping",
        "disposition": "in_transit",
        "bizTransactionList": [{"type": "desadv", "bizTransaction": note}],
        "sourceList": [{"type": "owning_party", "source": f"{LINK}/417/{COOP}"}],
        "destinationList": [{"type": "owning_party", "destination": f"{LINK}/417/{SHOP}"}],
    }


def _masters() -> Iterator[dict[str, Any]]:
    """Who sends, who receives, what and from where."""
    address = {"street": "Via Emilia 1", "municipality": "Faenza", "postalCode": "48018", "country": "IT"}
    known = {"validFrom": "2025-01-01", "address": address}
    for gln, name in ((COOP, "Cooperativa di prova"), (SHOP, "Negozio")):
        yield {"type": "party", "id": f"{LINK}/417/{gln}", "name": name, "gln": gln, **known}
    yield {"type": "site", "id": f"{LINK}/414/{COOP}", "name": "Magazzino", "gln": COOP, "kind": "packhouse", **known}
    yield {
        "type": "product",
        "id": f"{LINK}/01/{GTIN}",
        "validFrom": "2025-01-01",
        "name": "Pomodori",
        "quantityType": "variable",
    }
