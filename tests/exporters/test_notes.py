"""A delivery note of several lots, sent in the night, and one that was corrected: what each of its papers says."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from api.verbs import number
from exporters.facts.shipping import despatches
from exporters.files.pdf_objects import Pdf
from exporters.files.pdf_places import places
from exporters.format import Missing
from exporters.formats import despatch_note
from schemas.syntax.edifact import read
from schemas.syntax.json_text import Number
from tests.exporters.papers import made, parts_of
from tests.simulator import paperwork
from tests.simulator.paperwork import BUYER, COOP, HARVESTED, LOT, NOW, Season

NIGHT = f"urn:epcglobal:cbv:bt:{COOP}:DDT-2026-7"
CORRECTED = f"urn:epcglobal:cbv:bt:{COOP}:DDT-2026-8"
WRONG, RIGHT = (f"urn:uuid:{digit * 8}-1111-4111-8111-111111111111" for digit in "12")


def shipment(note: str, *goods: tuple[str, str, str | None], **more: Any) -> dict[str, Any]:
    quantities = [
        {"epcClass": lot, "quantity": Number(count), **({"uom": unit} if unit else {})} for lot, count, unit in goods
    ]
    sent = paperwork._shipping(0, BUYER, note, "PO-1")
    return {**sent, "epcList": [], "quantityList": quantities, **more}


def more() -> Iterator[dict[str, Any]]:
    # 00:30 in Italy on the first of August.
    yield shipment(
        "DDT-2026-7", (LOT, "2", None), (HARVESTED[0], "0.001", "KGM"), (HARVESTED[1], "1234567.89", "KGM"),
        eventTime="2026-07-31T22:30:00.000Z",
    )  # fmt: skip
    wrong = shipment("DDT-2026-8", (HARVESTED[0], "10", "KGM"), eventID=WRONG)
    yield wrong
    declared = {"declarationTime": "2026-07-17T08:00:00Z", "reason": "incorrect_data", "correctiveEventIDs": [RIGHT]}
    yield {**wrong, "errorDeclaration": declared}
    yield shipment("DDT-2026-8", (HARVESTED[0], "12", "KGM"), eventID=RIGHT)


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    with paperwork.paperwork(tmp_path_factory.mktemp("notes"), more=more()) as found:
        yield found


def texts(data: bytes) -> str:
    return "\n".join(text for place, text in places(Pdf(data)) if place.startswith("p. "))


@pytest.mark.parametrize("lots", [(), (HARVESTED[1],)], ids=["the note", "a lot of it"])
def test_every_line_of_a_note_says_what_was_said_of_its_lot(season: Season, lots: tuple[str, ...]) -> None:
    paper = made(season, "ubl-despatch", *lots, document=NIGHT)
    (note,) = [note for note in despatches(paper.paper.facts) if note.note.uri == NIGHT]
    assert [(line.code, line.origin, line.best_before) for line in note.lines] == [
        ("T-196", "IT", "2026-07-25"), ("H-11", "IT", ""), ("H-12", "IT", ""),
    ]  # fmt: skip
    assert re.findall(r">([0-9.]+)</cbc:DeliveredQuantity", paper.data.decode()) == ["2", "0.001", "1234567.89"]
    assert paper.account().exit_code == 0


def test_the_day_of_a_note_is_that_of_the_place(season: Season) -> None:
    assert "<cbc:IssueDate>2026-08-01</cbc:IssueDate>" in made(season, "ubl-despatch", document=NIGHT).data.decode()
    assert "01/08/2026 00:30" in texts(made(season, "ddt", document=NIGHT).data)
    (message,) = (
        data for name, data in parts_of(made(season, "desadv", document=NIGHT).data).items() if ".edi" in name
    )
    assert [said.said(1, 2) for said in read(message).segments if said.tag == "DTM"][:2] == ["20260801", "202608010030"]


def test_a_note_that_was_corrected_says_so_and_of_what(season: Season) -> None:
    paper = made(season, "desadv", document=CORRECTED)
    (note,) = [note for note in despatches(paper.paper.facts) if note.note.uri == CORRECTED]
    (entry,) = note.corrected
    said = {segment.tag: segment for segment in read(parts_of(paper.data)["desadv.edi"]).segments}
    assert (said["BGM"].said(3), said["QTY"].said(1, 2)) == ("5", "12")
    says = f"Sostituisce quanto registrato prima con questo numero e poi dichiarato errato (registrazione {entry})."
    assert says in made(season, "ubl-despatch", document=CORRECTED).data.decode()
    assert says in texts(made(season, "ddt", document=CORRECTED).data).replace("\n", " ")
    for format in ("desadv", "ubl-despatch", "ddt"):
        first = made(season, format, document=NIGHT)
        assert "Sostituisce" not in (texts(first.data) if format == "ddt" else first.data.decode("latin-1"))
        assert made(season, format, document=CORRECTED).account().exit_code == 0


def test_two_shipments_under_one_number_go_to_one_customer(season: Season) -> None:
    (note,) = [note for note in despatches(made(season, "ddt", document=NIGHT).paper.facts) if note.note.uri == NIGHT]
    (event,) = note.events
    elsewhere = tuple((kind, uri.replace(BUYER, COOP)) for kind, uri in event.step.destinations)
    other = replace(event, index=99, step=replace(event.step, destinations=elsewhere))
    assert not any(despatch_note.goods(replace(note, events=(event, event))))
    assert [*despatch_note.goods(replace(note, events=(event, other)))] == [
        Missing("destination", "DDT-2026-7", "recorder", 99)
    ]


@pytest.mark.parametrize(("country", "lacks"), [("IT", ["vatNumber"]), ("", ["vatNumber"]), ("CH", [])])
def test_of_a_carrier_abroad_no_vat_number_is_asked(season: Season, country: str, lacks: list[str]) -> None:
    (note,) = [note for note in despatches(made(season, "ddt", document=NIGHT).paper.facts) if note.note.uri == NIGHT]
    assert note.carrier is not None
    carrier = replace(note.carrier, vat_number="", address=replace(note.carrier.address, country=country))
    assert [each.element for each in despatch_note.transport(replace(note, carrier=carrier))] == lacks


def test_the_year_of_a_number_is_that_of_italy(season: Season, monkeypatch: pytest.MonkeyPatch) -> None:
    new_year = NOW + (164 * 24 + 11.5) * 3600  # 31 December, 23:30 UTC
    monkeypatch.setattr(season.node, "clock", lambda: new_year)
    assert number.take(season.node, member=season.members[0]).text == "2027-1"
