"""Lots are judged, whenever that is: whatever the order of arrival and the bites, as from nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ledger.lots.findings.rules import judge
from ledger.lots.master import Version
from ledger.lots.step import step
from ledger.readside import judging, refresh
from ledger.readside.cases import Read, affected, cases
from ledger.readside.derive import Derived
from ledger.store import findings, judged, read_side, tables
from ledger.store.edges import StoreEdges
from ledger.store.engine import Store
from ledger.store.events import EventRow
from ledger.store.master import ITSELF, PRODUCT, SCHEME, MasterRow
from ledger.store.objects import ObjectUse
from tests.simulator.tale import Tale, lot, party, unit

LOTS, UNITS = [lot("A"), lot("B", 2)], [unit(1), unit(2)]
GTIN = LOTS[0].partition("/10/")[0]


def told(index: int, member: str, content: dict[str, Any]) -> Derived:
    """What the read side says of an event, or of a version of master data."""
    if "master" in content:
        kind, name = content["master"]
        version = Version(index, member, kind, f"https://own.example/{kind}", content["from"], "2026-07-01")
        names = ((content["role"], name), *(((SCHEME, "organic"),) if kind == "certificate" else ()))
        goods = None if kind != "product" else f'{{"commodity":"{content["commodity"]}","gtins":{_gtins(name)}}}'
        return Derived(index, master=MasterRow(version, None, None, names, goods), member=member)
    made = step(index, member, content)
    event = EventRow(index, "event", content["type"], content["eventTime"], content["eventID"], None, member)
    uses = tuple(ObjectUse(uri, index, None, None) for uri in sorted(made.moves.touched))
    return Derived(index, event, made, uses, member=member)


def _gtins(name: str) -> str:
    return f'[{{"gtin":"{name[-14:]}"}}]'


def write(store: Store, contents: list[tuple[str, dict[str, Any]]], start: int = 0) -> None:
    """Follow these events, from an index on."""
    with store.begin() as connection:
        assert read_side.move(connection, start, start + len(contents))
        rows = [told(start + at, member, content) for at, (member, content) in enumerate(contents)]
        refresh.write(connection, rows)


def kept(store: Store) -> list[tuple[Any, ...]]:
    """What is kept about lots, by URI instead of by the id that an object happened to get."""
    with store.read() as connection:
        assert judged.settled(connection)
        query = select(tables.object_.c.uri, tables.lot_finding).join(
            tables.object_, tables.object_.c.id == tables.lot_finding.c.object
        )
        rows = connection.execute(query).all()
    return sorted((row.uri, row.position, row.idx, row.code, row.causes, row.context) for row in rows)


def anew(store: Store) -> list[tuple[str, int, str]]:
    """What the rules say of everything there is."""
    with store.read() as connection:
        uris = list(connection.execute(select(tables.object_.c.uri)).scalars())
        return sorted((case.subject, each.index, each.code) for case in cases(connection, uris) for each in judge(case))


@contextmanager
def made() -> Iterator[Store]:
    with TemporaryDirectory() as folder, Store.create(os.path.join(folder, "store")) as store:
        yield store


@st.composite
def tales(draw: st.DrawFn) -> list[tuple[str, dict[str, Any]]]:
    """What three members tell of two lots and two units at different times, some of it declared wrong."""
    tale = Tale()
    for _ in range(draw(st.integers(1, 14))):
        member, other = draw(st.sampled_from("GPR")), draw(st.sampled_from("GPR"))
        uri, pallet = draw(st.sampled_from(LOTS)), draw(st.sampled_from(UNITS))
        amount, paper = draw(st.sampled_from([10, 20])), draw(st.sampled_from(["1", "2", None]))
        hour = draw(st.integers(0, 40)) + len(tale.told) / 100
        what = draw(st.sampled_from(DEEDS))
        thing = (pallet, None) if "unit" in what else (uri, amount)
        match what:
            case "make":
                tale.made(member, uri, amount, hour)
            case "ship" | "ship-unit":
                tale.shipped(member, *thing, to=other, paper=paper, hour=hour)
            case "take" | "take-unit":
                tale.received(member, *thing, by=other, paper=paper, hour=hour)
            case "turn":
                tale.turned(member, {LOTS[0]: amount}, {LOTS[1]: 15}, hour)
            case "empty-unit":
                tale.packed(member, pallet, {}, hour, action="DELETE")
            case "nest":
                tale.packed(member, UNITS[1], {UNITS[0]: None}, hour)
            case _:
                tale.packed(member, pallet, {uri: amount}, hour, action="ADD" if what == "pack" else "DELETE")
    contents = [(member, {**event, "eventID": f"urn:event:{n}"}) for n, (member, event) in enumerate(tale.told)]
    wrong = draw(st.sets(st.integers(0, len(contents) - 1), max_size=3))
    error = {"errorDeclaration": {"declarationTime": "2026-12-01T00:00:00Z"}}
    contents += [(contents[at][0], {**contents[at][1], **error}) for at in sorted(wrong)]
    for number, (kind, role, name) in enumerate(draw(st.lists(st.sampled_from(MASTERS), max_size=3))):
        of = draw(st.sampled_from(["olives", "olive oil", "oranges"]))
        version = {"master": (kind, name), "role": role, "from": f"2026-0{number + 1}-01", "commodity": of}
        contents.append((draw(st.sampled_from("GP")), version))
    return contents


DEEDS = ("make", "ship", "take", "ship-unit", "take-unit", "turn", "pack", "unpack", "nest", "empty-unit")
MASTERS = [
    ("product", ITSELF, GTIN), ("product", ITSELF, LOTS[1].partition("/10/")[0]), ("party", ITSELF, party("P")),
    ("certificate", PRODUCT, GTIN), ("certificate", PRODUCT, LOTS[1].partition("/10/")[0]),
]  # fmt: skip


@settings(max_examples=10, deadline=None)
@given(contents=tales(), data=st.data())
def test_whatever_is_judged_when_is_as_if_judged_from_nothing(
    contents: list[tuple[str, dict[str, Any]]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(contents))
    with made() as store:
        start = 0
        while start < len(order):
            stop = data.draw(st.integers(start + 1, len(order)))
            write(store, order[start:stop], start)
            start = stop
            if data.draw(st.booleans()):
                judging.settle(store)
        judging.settle(store)
        before = kept(store)
        assert sorted((row[0], row[2], row[3]) for row in before) == anew(store)
        with store.begin() as connection:
            for table in tables.JUDGED:
                connection.execute(table.delete())
        judging.settle(store)
        assert kept(store) == before


@settings(max_examples=8, deadline=None)
@given(contents=tales(), data=st.data())
def test_shuffled_arrival_gives_the_same_findings(
    contents: list[tuple[str, dict[str, Any]]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(contents))))

    def found(places: list[int]) -> set[tuple[Any, ...]]:
        with made() as store:
            write(store, [contents[place] for place in places])
            judging.settle(store)
            rows = kept(store)
        causes = [frozenset(places[int(n)] for n in row[4].strip("[]").split(",")) for row in rows]
        return {(row[0], row[3], named, row[5]) for row, named in zip(rows, causes, strict=True)}

    assert found(list(order)) == found(list(range(len(contents))))


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    location = str(tmp_path / "store") if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    with Store.create(location) as store:
        yield store


def overdrawn() -> list[tuple[str, dict[str, Any]]]:
    tale = Tale()
    tale.made("G", LOTS[0], 10)
    tale.shipped("G", LOTS[0], 20, to="P", paper="1")
    tale.received("P", LOTS[0], 20, paper="1")
    return [(member, {**event, "eventID": f"urn:event:{n}"}) for n, (member, event) in enumerate(tale.told)]


def test_what_left_a_crate_before_is_not_judged_again_when_it_is_packed_anew(store: Store) -> None:
    tale, loads = Tale(), [lot(f"L{number}") for number in range(4)]
    for number, load in enumerate(loads):
        tale.packed("G", UNITS[0], {load: 10}, number * 10)
        if number < 3:
            tale.shipped("G", UNITS[0], None, to="P", paper=str(number), hour=number * 10 + 1)
            tale.packed("P", UNITS[0], {load: 10}, number * 10 + 2, action="DELETE")
    write(store, [(member, {**event, "eventID": f"urn:event:{n}"}) for n, (member, event) in enumerate(tale.told)])

    def changed_by(index: int) -> set[str]:
        with store.read() as connection:
            read = Read(StoreEdges(connection))
            steps = list(read.edges.steps([index]).values())
            return affected(read, steps[0].moves.touched, steps)

    last, first_shipping, second_packing = len(tale.told) - 1, 1, 3
    assert changed_by(last) == {UNITS[0], loads[3]}
    assert changed_by(second_packing) == {UNITS[0], *loads[1:]}
    # It was in there then, and what is said late of a crate may be about all that came after.
    assert changed_by(first_shipping) == {UNITS[0], *loads}


def test_both_databases_keep_the_same(store: Store) -> None:
    write(store, overdrawn())
    judging.settle(store)
    (row,) = kept(store)
    assert row[:5] == (LOTS[0], 0, 1, "lot-overdrawn", "[0,1]")


def test_a_correction_takes_what_was_found_away_and_nothing_new_needs_judging_twice(store: Store) -> None:
    contents = overdrawn()
    write(store, contents)
    judging.settle(store)
    member, right = contents[1]
    write(store, [(member, {**right, "errorDeclaration": {}})], 3)
    with store.read() as connection:
        assert not judged.settled(connection)
    judging.settle(store)
    assert [row[3] for row in kept(store)] == ["receipt-without-shipment"]


def test_what_has_to_do_with_an_erased_entry_is_forgotten_at_once_and_judged_again(store: Store) -> None:
    contents = overdrawn()
    write(store, contents)
    judging.settle(store)
    with store.begin() as connection:
        refresh.replace(connection, [1], lambda index: Derived(index, member="G"))
        assert connection.execute(select(tables.lot_finding)).all() == []
    judging.settle(store)
    assert [row[3] for row in kept(store)] == ["receipt-without-shipment"]


@pytest.mark.parametrize("first", [0, 1])
def test_a_correction_without_its_original_is_mended_when_the_original_comes(store: Store, first: int) -> None:
    member, right = overdrawn()[0]
    both = [told(0, member, {**right, "errorDeclaration": {}}), told(1, member, right)]
    orphan = findings.Finding(0, "correction-without-original", {"eventID": "urn:event:0"}, member)
    lone = Derived(0, both[0].event, both[0].step, both[0].uses, (orphan,), member=member)
    with store.begin() as connection:
        assert read_side.move(connection, 0, 2)
        refresh.write(connection, [lone])
        assert [each.code for _, each in findings.standing(connection, limit=9)] == ["correction-without-original"]
        refresh.write(connection, [both[1]])
        assert findings.standing(connection, limit=9) == []
        # As of then it lacked it, and its original is declared wrong as soon as it is there.
        assert [each.index for _, each in findings.standing(connection, limit=9, size=1)] == [0]
        if first:
            refresh.replace(connection, [1], lambda index: Derived(index, member=member))
            assert [each.index for _, each in findings.standing(connection, limit=9)] == [0]


def test_a_certificate_of_a_supplier_mends_what_was_made_of_its_lots(store: Store) -> None:
    tale = Tale()
    tale.made("G", LOTS[0], 10)
    tale.turned("P", {LOTS[0]: 10}, {LOTS[1]: 9})
    contents = [(member, {**event, "eventID": f"urn:event:{n}"}) for n, (member, event) in enumerate(tale.told)]

    def certified(member: str, uri: str) -> list[tuple[str, dict[str, Any]]]:
        name = uri.partition("/10/")[0]
        return [(member, {"master": ("certificate", name), "role": PRODUCT, "from": "2026-01-01"})]

    write(store, [*contents, *certified("P", LOTS[1])])
    judging.settle(store)
    assert [row[:4] for row in kept(store) if row[3] == "certified-above-inputs"] == [
        (LOTS[1], 0, 1, "certified-above-inputs")
    ]
    write(store, certified("G", LOTS[0]), 3)
    judging.settle(store)
    assert "certified-above-inputs" not in {row[3] for row in kept(store)}
