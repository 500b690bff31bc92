"""One lot, every format, one truth: what chance made up is read back from each file by a reader that is not ours."""

import io
import random
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from api.verbs.credential import credential
from exporters.catalogue import FORMATS
from ledger.audience import full
from tests.exporters.papers import made
from tests.exporters.readers import PRINTED, READERS, Row, words
from tests.simulator.by_chance import CUSTOMERS, Shipment, Truth, record
from tests.simulator.paperwork import COOP, Season, paperwork

OF_A_NOTE = ("ubl-despatch", "ddt-agid", "ddt", "desadv")
OTHER_FOOD = tuple(name for name in FORMATS if name.startswith(("eu-animal", "eu-fish", "eu-eggs")))
"""Registers of what tomatoes are not; `tests/exporters/formats/test_registers.py` reads them back."""
ELSEWHERE = {"package", "recall-package", "recall-report", "recall-notice", "template"}
"""What holds the others, papers of a drill or recall, and a sheet of a buyer's own: each is read back in tests of its
own."""


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """A season that lots are added to."""
    with paperwork(tmp_path_factory.mktemp("chance")) as opened:
        yield opened


def test_every_format_is_read_back_by_another_program() -> None:
    assert set(READERS) | set(PRINTED) | set(OTHER_FOOD) | ELSEWHERE == set(FORMATS)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 40))])
def test_every_format_says_the_same_of_a_lot(season: Season, seed: int) -> None:
    truth = record(season, random.Random(seed), seed)
    for name in READERS:
        for shipments, data in _files(season, name, truth):
            _same(name, READERS[name](data), replace(truth, shipments=shipments))
    for shipments, data in _files(season, "ddt", truth):
        printed = words(data)
        assert [text for text in _on_a_note(truth, *shipments) if text not in printed] == []
    ((_, data),) = _files(season, "dossier", truth)
    printed = words(data)
    assert [text for text in _in_a_dossier(truth) if text not in printed] == []


@pytest.mark.long
def test_a_package_holds_the_very_files_that_are_exported_alone(season: Season) -> None:
    truth = record(season, random.Random(0), 99)
    with zipfile.ZipFile(io.BytesIO(made(season, "package", truth.uri).data)) as archive:
        names = [name for name in archive.namelist() if name.startswith("exports/")]
        for name in names:
            format = name.removeprefix("exports/").partition(".")[0]
            alone = made(season, format, truth.uri, direction="both").data
            assert archive.read(name) == alone, name


def _files(season: Season, name: str, truth: Truth) -> Iterator[tuple[tuple[Shipment, ...], bytes]]:
    """The files of a format about a lot, each with the shipments that it must tell of."""
    if FORMATS[name].issued is not None:
        asked: dict[str, Any] = {"audience": full(), "to": full(), "language": "it", "member": season.members[0]}
        yield truth.shipments, credential(season.node, truth.uri, format=name, direction="both", **asked).data
    elif name in OF_A_NOTE:
        for shipment in truth.shipments:
            # Peppol's note goes everywhere; the Italian ones are of who has a VAT number.
            if name in ("ubl-despatch", "desadv") or shipment.customer == next(iter(CUSTOMERS)):
                uri = f"urn:epcglobal:cbv:bt:{COOP}:{shipment.note}"
                yield (shipment,), made(season, name, document=uri).data
    else:
        yield truth.shipments, made(season, name, truth.uri).data


def _same(name: str, said: Mapping[str, list[Row]], truth: Truth) -> None:
    """Each kind of row that a format has: as many as there are, each saying what is so."""
    true = {
        "shipments": [_shipment(truth, each) for each in truth.shipments],
        "harvests": [*map(_harvest, truth.harvests)],
    }
    for kind, rows in said.items():
        should = [{key: row[key] for key in found} for row, found in zip(true[kind], rows, strict=True)]
        assert sorted(map(_sorted, rows)) == sorted(map(_sorted, should)), (name, kind)


def _sorted(row: Row) -> str:
    return repr(
        sorted((key, sorted(value) if isinstance(value, frozenset) else str(value)) for key, value in row.items())
    )


def _shipment(truth: Truth, each: Shipment) -> Row:
    return {
        "note": each.note, "day": each.day, "customer": each.customer, "name": CUSTOMERS[each.customer],
        "cases": Decimal(each.cases).normalize(), "lot": truth.code, "pallets": frozenset(each.pallets),
        "gross": each.gross.normalize(),
    }  # fmt: skip


def _harvest(each: Any) -> Row:
    return {"code": each.code, "kilograms": each.kilograms.normalize(), "day": each.day}


def _on_a_note(truth: Truth, each: Shipment) -> list[str]:
    """What an Italian delivery note must print."""
    kilograms = _italian(Decimal(each.cases * 5))
    return [
        each.note, _day(each.day), _day(truth.before), truth.code, CUSTOMERS[each.customer], "Cooperativa Sole",
        f"{_italian(each.gross)} kg", f"{kilograms} kg", *(f"(00) {code}" for code in each.pallets),
    ]  # fmt: skip


def _in_a_dossier(truth: Truth) -> list[str]:
    """What an Italian dossier must print."""
    return [
        truth.code, _day(truth.packed), _day(truth.before), f"{_italian(truth.kilograms)} kg",
        f"{_italian(Decimal(truth.cases * 5))} kg", f"{_italian(truth.waste)} kg",
        *(text for each in truth.harvests for text in (each.code, f"{_italian(each.kilograms)} kg", _day(each.day))),
        *(text for each in truth.shipments
          for text in (each.note, _day(each.day), CUSTOMERS[each.customer], *each.pallets)),
    ]  # fmt: skip


def _day(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))


def _italian(value: Decimal) -> str:
    whole, _, part = format(value.normalize(), "f").partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return grouped + (f",{part}" if part else "")
