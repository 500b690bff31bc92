"""Papers: a hundred dossiers, and a period of 10^5 events in one file.

- Dossiers are those of the demonstration's finished lots, each whole: the bundle proved, the pages set, the proof
  attached. A hundred of them are held to a minute.
- A period is a series of bundles in one file: lots of a hundred events, each sent many times. The first bundle is
  exported from a log. The others are that one with the signed events of other lots in the place of its own: whether
  they were ever logged is nothing that who writes a file asks, and logging them would take an hour.
- Measured is the most memory that a process holds which reads the bundles and writes the file, for 10^4 events and for
  10^5, as a register in CSV and as EPCIS in JSON; and that of a process which holds the register against its bundles.
- What each event costs of the nine tenths that are more is held to a kilobyte: its place in the history is held, and
  nothing that it says. Who verifies holds the file itself as well.
- `FILIERA_BENCH_EVENTS` makes a shorter period.
"""

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from api.demo.play import PASSPHRASE, play
from api.verbs.export import export
from api.verbs.export_bundle import export_bundle
from api.verbs.master import add
from benchmarks.measure import Number, at_most, seconds
from benchmarks.signed import Phone, made
from exporters.facts.history import read
from ledger.audience import buyer, full
from ledger.bundle import Bundle, EntryPart, parse
from ledger.bundle import write as write_bundle
from ledger.capture.document import read_document
from ledger.entry.issue import Lot, Record, issue_private
from ledger.entry.jwt import leaf_hash
from ledger.entry.tags import object_key
from ledger.node import Node
from ledger.readside.named import named
from schemas.syntax.json_text import Number as JsonNumber
from schemas.syntax.json_text import write

EVENTS = int(os.environ.get("FILIERA_BENCH_EVENTS", "100000"))
PER_LOT = 100
DOSSIERS, MOST_SECONDS = 100, 60
FORMATS = ("eu-one-step-csv", "epcis-json")
MOST_KILOBYTES = 1
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]
RECORDED = 1_790_000_000
LINK = "https://id.gs1.org"
COOP, SHOP, GTIN = "9521001000017", "9521009000019", "19521001002018"
_CHILD = """
import sys
from pathlib import Path
from api.cli.context import write_output
from exporters import catalogue
from exporters.format import STANDARD
from exporters.spill import Picked, chunks_of
from exporters.verify_file import verify_file
from exporters.write import write
folder, count, asked = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
paths = sorted(folder.glob("*.json"))
bundles = Picked(lambda number: paths[number].read_bytes(), range(count))
if count and asked == "verify":
    account = verify_file((folder / "made").read_bytes(), known={})
    assert account.verdicts["faithful"] == "yes", account.reasons
elif count:
    made = write(catalogue.format_of(asked), bundles, profile=STANDARD, language="it")
    write_output(str(folder / "made"), chunks_of(made.file))
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
        phone = Phone.added(node)
        _log(node)
        data = export_bundle(node, _lot(0), direction="both", audience=full(), naming=named(node, full()))
        pattern, first = parse(data), min(event.index for event in read(data).events)
        for number in range(lots):
            told = _told(pattern, phone, first, number)
            (bundles / f"{number:05d}.json").write_bytes(write_bundle(told))
    yield Number("most memory, an empty program", _child(bundles, 0, FORMATS[0]), "MB")
    for format in FORMATS:
        yield from _written(bundles, lots, format)


def _written(bundles: Path, lots: int, format: str) -> Iterator[Number]:
    """A tenth of the period and all of it in a format."""
    few, events = _child(bundles, lots // 10, format), lots * PER_LOT
    small_file = _megabytes(bundles)
    few_verified = _child(bundles, lots // 10, "verify") if format == FORMATS[0] else None
    most, file = _child(bundles, lots, format), _megabytes(bundles)
    yield Number(f"{format}: the file of {events:,} events", file, "MB")
    yield Number(f"{format}: most memory, {events // 10:,} events", few, "MB")
    yield Number(f"{format}: most memory, {events:,} events", most, "MB")
    yield _each(f"{format}: of each event more", most - few, lots)
    if few_verified is not None:
        verified = _child(bundles, lots, "verify")
        yield Number(f"{format}: most memory, {events:,} events verified", verified, "MB")
        beside = verified - few_verified - (file - small_file)
        # Not held to a bound: of events that were never logged the account has a reason each, which it holds.
        yield replace(
            _each(f"{format}: of each event more, verified, beside the file", beside, lots), bound="", held=None
        )


def _each(name: str, megabytes: float, lots: int) -> Number:
    """What each event of nine tenths of the lots costs."""
    return at_most(name, megabytes / ((lots - lots // 10) * PER_LOT) * 1e3, MOST_KILOBYTES, "kB")


def _megabytes(bundles: Path) -> float:
    return (bundles / "made").stat().st_size / 1e6


def _child(bundles: Path, count: int, asked: str) -> float:
    """The most that a process held, in MB, writing the file of so many bundles, or verifying what was written."""
    command = [sys.executable, "-c", _CHILD, str(bundles), str(count), asked]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return int(json.loads(done.stdout.splitlines()[-1])) * 1024 / 1e6


def _lot(number: int) -> str:
    return f"{LINK}/01/{GTIN}/10/P-{number:05d}"


def _log(node: Node) -> None:
    """The first lot, made and then sent away a piece at a time."""
    tree: dict[str, Any] = {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-07-20T12:00:00Z",
        "epcisBody": {"eventList": [_event(0, place) for place in range(PER_LOT)]},
    }
    node.capture(read_document(write(tree), name="period.jsonld"), member=node.own_member())


def _told(pattern: Bundle, phone: Phone, first: int, number: int) -> Bundle:
    """The pattern with the events of another lot in the place of its own, signed."""
    kept = [entry for entry in pattern.entries if entry.index < first]
    signed = (_signed(phone, number, place) for place in range(PER_LOT))
    begun = first + number * PER_LOT
    events = [EntryPart(0, begun + place, leaf, said) for place, (leaf, said) in enumerate(signed)]
    log = replace(pattern.logs[0], size=begun + PER_LOT)
    return replace(pattern, subject=_lot(number), logs=(log,), entries=(*kept, *events))


def _signed(phone: Phone, number: int, place: int) -> tuple[str, tuple[str, ...]]:
    """An event as its leaf and what is shown with it."""
    lot = Lot(_lot(number), object_key(phone.secret, _lot(number)), place)
    (wire,) = issue_private(
        phone.signer, log=phone.log, iss=phone.iss, seq=phone.seq, prev=phone.prev, kind="event",
        content={"@context": CONTEXT, **_event(number, place)}, record=Record(RECORDED + phone.seq, lots=(lot,)),
        salt=os.urandom,
    )  # fmt: skip
    leaf, *said = wire.decode("ascii").rstrip("~").split("~")
    phone.seq, phone.prev = phone.seq + 1, leaf_hash(leaf.encode("ascii"))
    return leaf, tuple(sorted(said))


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
