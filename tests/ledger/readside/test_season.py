"""A season of a cooperative with thirty planted faults, in a real log: what is found, and that nothing else is."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.demo.play import play
from api.demo.story import read_story
from api.verbs.findings import list_findings
from api.verbs.master import add
from ledger.audience import full
from ledger.capture.document import read_document
from ledger.node import Node
from ledger.readside.findings import Shown
from tests.simulator.cooperatives import CONTEXT, joined
from tests.simulator.master import written
from tests.simulator.phones import Phone, made, observed
from tests.simulator.season import BUYER, GROWERS, PACKER, Event, Fault, Season, plant
from tests.simulator.tale import party

BAD = "https://id.gs1.org/00/395210010000099990"
LATER = 1_800_000_000.0
"""In January 2027: long after the last shipment."""


@contextmanager
def told(season: Season, folder: Path) -> Iterator[tuple[Node, dict[str, str]]]:
    """The season captured by its members, each with its gateway key; what a phone signed besides is not judged."""
    glns = {letter: party(letter).rpartition("/")[2] for letter in (GROWERS, PACKER, BUYER)}
    with made(str(folder / "store"), folder, gln=glns[GROWERS], clock=lambda: LATER) as node:
        members = {GROWERS: node.registry.members()[0].iss}
        members |= {letter: joined(node, f"Socio {letter}", gln=glns[letter]) for letter in (PACKER, BUYER)}
        for letter, versions in season.masters().items():
            add(node, written(*versions), member=members[letter])
        for letter, events in season.documents().items():
            node.capture(read_document(document(events)), member=members[letter])
        yield node, members


def document(events: list[Event]) -> bytes:
    """An EPCIS document with the extension's prefix."""
    tree: dict[str, Any] = {
        "@context": [*CONTEXT, {"own": "https://own.example/"}], "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-12-01T00:00:00Z", "epcisBody": {"eventList": events},
    }  # fmt: skip
    return json.dumps(tree).encode()


def every(node: Node, **how: Any) -> list[Shown]:
    found: list[Shown] = []
    after = None
    while True:
        page, after = list_findings(node, audience=full(), after=after, limit=7, **how)
        found += page
        if after is None:
            return found


def test_a_season_that_is_right_has_no_findings(tmp_path: Path) -> None:
    season = Season()
    assert sum(len(events) for events in season.documents().values()) >= 300
    with told(season, tmp_path) as (node, _):
        assert every(node) == []


def test_thirty_planted_faults_are_found_and_nothing_else(tmp_path: Path) -> None:
    season = Season()
    faults = plant(season)
    assert len(faults) == 30
    with told(season, tmp_path) as (node, members):
        # What a device signed is logged whatever it says.
        phone = Phone.added(node, members[PACKER])
        (receipt,) = node.submit([phone.event(observed(BAD))])
        found = every(node)
        days = {event["eventID"]: day.number for day in season.days for _, event in day.events.values()}
        hit = {(_day(node, each, days), each.code) for each in found}
        assert [fault for fault in faults if (fault.day, fault.code) not in hit] == []
        assert _false(found, faults, node, days) == []
        assert receipt.index in {each.index for each in found}  # type: ignore[union-attr]


def _day(node: Node, found: Shown, days: dict[str, int]) -> int:
    """The day of the entry that a finding points to; the last one is that of what the phone signed."""
    content = node.entry(found.index).content or {}
    return days.get(str(content.get("eventID")), 29)


FOLLOWS = {
    # Who received less than it used had too little; of whose pallet never came less was received.
    ("received-differs", "lot-overdrawn"),
    ("shipment-not-received", "received-differs"),
}


def _false(found: list[Shown], faults: list[Fault], node: Node, days: dict[str, int]) -> list[Shown]:
    """What is found on a day whose fault is of another kind, and does not follow from it."""
    planted = {fault.day: fault.code for fault in faults}
    kinds = [(planted[_day(node, each, days)], each.code) for each in found]
    return [
        each for each, (fault, code) in zip(found, kinds, strict=True) if fault != code and (fault, code) not in FOLLOWS
    ]


@pytest.mark.long
def test_the_demonstration_has_its_one_honest_mistake(tmp_path: Path) -> None:
    play(tmp_path / "demo", policies=tmp_path / "policies")
    with Node.open(str(tmp_path / "demo"), write=False, passphrase=b"filiera-demo", clock=lambda: LATER) as node:
        (found,) = every(node)
        assert found.code == "received-differs"
        assert found.context["difference"] == f"{read_story()['shortfall']['missing_kg']:g} KGM"
