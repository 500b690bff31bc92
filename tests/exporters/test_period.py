"""A period is a series of bundles: it is read one after the other, and what it takes does not grow as it does."""

import gc
import os
import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from api.verbs.export_bundle import export_bundle
from exporters import spill
from exporters.catalogue import format_of
from exporters.claim import Claim
from exporters.facts.history import Facts, read
from exporters.facts.series import FEW, series_of
from exporters.files.archive import open_archive
from exporters.files.kind import bytes_of
from exporters.format import STANDARD, Paper
from exporters.spill import Picked
from exporters.verify_file import verify_file
from exporters.write import write
from ledger.audience import full
from ledger.bundle import Bundle, EntryPart, parse
from ledger.bundle import write as write_bundle
from ledger.entry.issue import Lot, Record, issue_private
from ledger.entry.jwt import leaf_hash
from ledger.entry.tags import object_key
from ledger.readside.named import named
from ledger.verify.opened import open_bundle
from tests.simulator.paperwork import BUYER, CASE, COOP, HARVESTED, LINK, LOT, Season, document, event, party

EVENTS, FEWER, MORE = 20, 7, 16
HELD_OF_AN_EVENT = 5_000


@pytest.fixture(scope="module")
def lots(season: Season) -> list[bytes]:
    """Bundles of lots that come from one another."""
    node = season.node
    return [
        export_bundle(node, lot, direction="both", audience=full(), naming=named(node, full()))
        for lot in (LOT, *HARVESTED)
    ]


@pytest.fixture(scope="module")
def period(season: Season, lots: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> Sequence[bytes]:
    """Bundles in files, each of a lot that was sent away ten times, with the members and masters of the season."""
    folder = tmp_path_factory.mktemp("period")
    for number, bundle in enumerate(_bundles(season, parse(lots[0]))):
        (folder / f"{number}.json").write_bytes(write_bundle(bundle))
    return Picked(lambda number: (folder / f"{number}.json").read_bytes(), range(MORE))


def _bundles(season: Season, pattern: Bundle) -> Iterator[Bundle]:
    opened = zip(pattern.entries, open_bundle(pattern).entries, strict=True)
    kept = [part for part, shown in opened if shown.entry and shown.entry.claims.kind != "event"]
    node, iss = season.node, season.members[0]
    signer, secret = node.keyring.open(node.gateway_key(iss)), node.keyring.object_secret(iss)
    previous: bytes | None = None
    for number in range(MORE):
        lot, size = f"{LINK}/01/{CASE}/10/X-{number}", pattern.logs[0].size + number * EVENTS
        parts = []
        for place in range(EVENTS):
            sequence = 1_000_000 + number * EVENTS + place
            (wire,) = issue_private(
                signer, log=node.origin, iss=iss, seq=sequence, prev=previous or bytes(32), kind="event",
                content=_sent(lot, number, place), salt=os.urandom,
                record=Record(1_790_000_000 + sequence, lots=(Lot(lot, object_key(secret, lot), place),)),
            )  # fmt: skip
            leaf, *said = wire.decode("ascii").rstrip("~").split("~")
            previous = leaf_hash(leaf.encode("ascii"))
            parts.append(EntryPart(0, size + place, leaf, tuple(sorted(said))))
        log = replace(pattern.logs[0], size=size + EVENTS)
        yield replace(pattern, subject=lot, logs=(log,), entries=(*kept, *parts))


def _sent(lot: str, number: int, place: int) -> dict[str, Any]:
    """Of all lots the same days, so that the order of time goes from bundle to bundle."""
    return event(
        1 + place, 8, type="ObjectEvent", action="OBSERVE", bizStep="shipping", disposition="in_transit",
        quantityList=[{"epcClass": lot, "quantity": place + 1}],
        bizTransactionList=[document("desadv", f"P-{number}-{place}")],
        sourceList=[{"type": "owning_party", "source": party(COOP)}],
        destinationList=[{"type": "owning_party", "destination": party(BUYER)}],
    )  # fmt: skip


@pytest.mark.parametrize("name", ["eu-one-step-csv", "eu-produce", "epcis-json", "epcis-xml", "fsma204"])
def test_a_series_says_what_its_bundles_say(lots: list[bytes], name: str) -> None:
    format, read_each = format_of(name), tuple(read(bundle) for bundle in lots)
    content = format.content(Paper(read_each, STANDARD, "it"))
    whole = bytes_of(format.kind, content, Claim(name, "standard", "it", tuple(lots)))
    assert write(format, lots, profile=STANDARD, language="it").data == whole


def test_a_few_bundles_are_held_at_a_time(period: Sequence[bytes]) -> None:
    series, most = series_of(period), 0
    before = _alive()
    for number, facts in enumerate(series):
        assert len(facts.standing) == EVENTS
        assert facts.standing[3].step.biz_step == "shipping"
        if number % 5 == 4:
            most = max(most, _alive() - before)
    assert (len(series), most) == (MORE, FEW)


def _alive() -> int:
    return sum(type(each) is Facts for each in gc.get_objects())


def peak(name: str, bundles: Sequence[bytes]) -> tuple[int, bytes]:
    """The most bytes in use while a file is written, and the file."""
    tracemalloc.start()
    try:
        made = write(format_of(name), bundles, profile=STANDARD, language="it")
        return tracemalloc.get_traced_memory()[1], made.data
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "name",
    [
        "eu-one-step-csv",
        pytest.param("eu-one-step", marks=pytest.mark.long),
        pytest.param("epcis-json", marks=pytest.mark.long),
    ],
)
def test_four_times_the_events_take_little_more(
    name: str, period: Sequence[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held whole, an event takes 25 kB; here it may take a fifth, since a little garbage waits to be collected."""
    monkeypatch.setattr(spill, "HELD", 1 << 14)
    peak(name, period[:2])
    few, _ = peak(name, period[:FEWER])
    many, _ = peak(name, period)
    assert (many - few) / ((MORE - FEWER) * EVENTS) < HELD_OF_AN_EVENT


def test_a_period_is_faithful_to_its_bundles(period: Sequence[bytes]) -> None:
    data = write(format_of("eu-one-step-csv"), period[:3], profile=STANDARD, language="it").data
    rows = open_archive(data).read("eu-one-step.csv").count(b"\r\n") - 1
    assert rows == 3 * EVENTS
    # That these events were never logged is another question, which the same account answers.
    found = verify_file(data, known={})
    assert (found.verdicts["faithful"], found.verdicts["included"]) == ("yes", "no")
