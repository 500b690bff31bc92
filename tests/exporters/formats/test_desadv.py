"""The delivery note by EDI: held against the directory of D.96A, read by another program; each element held
against its bundle, and what it cannot hold said before it leaves."""

import warnings
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from pydifact.segmentcollection import Interchange

from api.verbs.export import export
from exporters import catalogue
from exporters.facts.shipping import Despatch, Line, Unit, despatches
from exporters.files.edi_file import places
from exporters.format import STANDARD, Missing, MissingData, Paper, Profile
from exporters.formats.desadv import FORMAT
from exporters.formats.desadv_message import Message
from exporters.profiles.desadv import Rules, rules
from ledger.audience import full
from ledger.lots.step import Amount
from schemas.errors import InputError
from schemas.gs1.check_digit import verify_check_digit
from schemas.syntax.edifact import Segment, read, write
from schemas.wording import LANGUAGES, sentence, words
from tests.exporters import edifact
from tests.exporters.facts.test_shipping import facts_of, with_event
from tests.exporters.forged.messages import altered
from tests.exporters.papers import Made, made, packed, parts_of, without_master
from tests.official import official_files, present
from tests.simulator.paperwork import BUYER, COOP, LINK, LOT, PALLETS, Season, party

NOTE = f"urn:epcglobal:cbv:bt:{COOP}:DDT-2026-1"
ITALIAN = "it-edi-desadv"
FILE = "desadv.edi"
EXAMPLES = official_files("retail/edifact/*DESADV_sample*")


@pytest.fixture(scope="module", params=["standard", ITALIAN])
def paper(season: Season, request: pytest.FixtureRequest) -> Made:
    return made(season, "desadv", document=NOTE, profile=str(request.param))


@pytest.fixture(scope="module")
def plain(season: Season) -> Made:
    return made(season, "desadv", document=NOTE)


def file_of(paper: Made) -> bytes:
    return parts_of(paper.data)[FILE]


def messages(data: bytes) -> Iterator[list[Segment]]:
    """The messages of an interchange, UNH to UNT."""
    message: list[Segment] = []
    for said in read(data).segments:
        message = [said] if said.tag == "UNH" else [*message, said]
        if said.tag == "UNT":
            yield message


def parsed(data: bytes) -> list[tuple[str, list[Any]]]:
    """The segments as another program reads them, without those of the envelope and its message."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = Interchange.from_str(data.decode("iso-8859-1"))
        assert all(message.type == "DESADV" for message in found.get_messages())
        return [(said.tag, said.elements) for said in found.segments]


def as_parsed(said: Segment) -> tuple[str, list[Any]]:
    return said.tag, [part[0] if len(part) == 1 else [*part] if part else "" for part in said.elements]


def counted(message: list[Segment]) -> bool:
    """Whether a message says how many segments and lines it has, and ends as it began."""
    lines = [said.said(1, 2) for said in message if said.tag == "CNT" and said.said(1) == "2"]
    return message[-1].said(1) == str(len(message)) and message[-1].said(2) == message[0].said(1) and (
        lines in ([], [str(sum(said.tag == "LIN" for said in message))])
    )  # fmt: skip


@pytest.mark.parametrize("file", EXAMPLES)
def test_the_samples_are_read_as_another_program_reads_them(file: Any) -> None:
    data = present(file).read_bytes().removeprefix(b"\xef\xbb\xbf")
    ours = [as_parsed(said) for said in read(data).segments if said.tag not in ("UNB", "UNZ")]
    assert parsed(data) == ours
    for message in messages(data):
        assert edifact.faults(message) == []
        assert counted(message)


def test_it_keeps_the_directory_and_its_counts(paper: Made) -> None:
    data = file_of(paper)
    (message,) = messages(data)
    assert edifact.faults(message) == []
    assert counted(message)
    assert parsed(data) == [as_parsed(said) for said in read(data).segments if said.tag not in ("UNB", "UNZ")]
    opening, closing = read(data).segments[0], read(data).segments[-1]
    assert (opening.said(1), closing.said(1), closing.said(2)) == ("UNOC", "1", opening.said(5))
    for said in message:
        for key in [said.said(2)] if said.tag in ("GIN", "NAD") and said.said(1) != "BX" else []:
            verify_check_digit(key)


def test_every_line_says_its_lot_and_a_date(paper: Made) -> None:
    for number, lines in by_line(file_of(paper)).items():
        found = {(said.tag, said.said(1)) for said in lines}
        assert {("GIN", "BX"), ("PCI", "10"), ("DTM", "361"), ("QTY", "12")} <= found, number


def by_line(data: bytes) -> dict[str, list[Segment]]:
    found: dict[str, list[Segment]] = {}
    for place, said in places(read(data).segments):
        if place.startswith("LIN "):
            found.setdefault(place.partition(",")[0], []).append(said)
    return found


def test_it_says_what_was_shipped(plain: Made) -> None:
    said = {place: [*each.elements] for place, each in places(read(file_of(plain)).segments)}
    assert said["BGM"] == [("351",), ("DDT-2026-1",), ("9",)]
    assert said["DTM 11"] == [("11", "202607160500", "203")]
    assert said["RFF ON"] == [("ON", "PO-4711")]
    assert [said[f"NAD {kind}"][1][0] for kind in ("SU", "BY", "DP")] == [COOP, BUYER, BUYER]
    assert said["NAD BY"][3:] == [
        ("Esperia Distribuzione",),
        ("Via Emilia 1",),
        ("Ravenna",),
        ("RA",),
        ("48018",),
        ("IT",),
    ]
    assert said["MEA AAE"] == [("AAE",), ("AAD",), ("KGM", "520.5")]
    assert said["CPS 2, GIN BJ"] == [("BJ",), (PALLETS[0][-18:],)]
    assert said["LIN 1"] == [("1",), (), ("19521001002018", "EN")]
    assert (said["LIN 1, QTY 12"], said["LIN 1, QTY 59"]) == ([("12", "96")], [("59", "10")])
    assert (said["LIN 1, DTM 361"], said["LIN 1, GIN BX"]) == ([("361", "20260725", "102")], [("BX",), ("T-196",)])
    assert (said["CNT 2"], said["CNT 11"]) == ([("2", "1")], [("11", "96")])


def test_the_circuit_has_its_own_qualifiers(season: Season) -> None:
    found = dict(places(read(file_of(made(season, "desadv", document=NOTE, profile=ITALIAN))).segments))
    assert found["RFF DQ"].said(1, 2) == "DDT-2026-1"
    assert found["NAD SU, RFF VA"].said(1, 2) == "IT00743110157"
    assert found["LIN 1, PIA 1"].elements == (("1",), ("T-196", "NB"))


def test_the_same_note_gives_the_same_interchange_and_is_faithful(season: Season, paper: Made) -> None:
    again = made(season, "desadv", document=NOTE, profile=paper.claim.profile)
    assert again.data == paper.data
    assert (paper.account().exit_code, paper.account().verdicts["faithful"]) == (0, "yes")
    other = made(season, "desadv", document=NOTE[:-1] + "2")
    assert read(file_of(other)).segments[0].said(5) != read(file_of(paper)).segments[0].said(5)


def test_the_file_alone_is_what_a_partner_takes(season: Season, plain: Made) -> None:
    asked: dict[str, Any] = {"audience": full(), "to": full(), "language": "it", "document": NOTE}
    bare = export(season.node, "desadv", [], bare=True, **asked)
    assert (bare.data, bare.media_type, bare.suffix) == (file_of(plain), "application/EDIFACT", "edi")


def forged(paper: Made, change: bytes) -> bytes:
    return packed({**parts_of(paper.data), FILE: change})


def test_whatever_is_changed_is_found_and_named(plain: Made) -> None:
    every = list(altered(file_of(plain)))
    assert len(every) > 150
    for place, data in every:
        found = [each.place for each in plain.content.compare(data)]
        assert any(each.endswith(place) for each in found), (place, found)
    for place, data in every[::25]:
        account = plain.account(forged(plain, data))
        assert (account.exit_code, account.verdicts["faithful"]) == (1, "no")
        assert any(place in str(reason.context.get("place")) for reason in account.because("faithful"))


@pytest.mark.long
def test_every_forgery_is_found_by_the_verifier(paper: Made) -> None:
    for place, data in altered(file_of(paper)):
        account = paper.account(forged(paper, data))
        assert account.exit_code == 1
        assert any(place in str(reason.context.get("place")) for reason in account.because("faithful")), place


def test_a_changed_quantity_is_named_by_line_segment_and_element(plain: Made) -> None:
    (found,) = plain.content.compare(file_of(plain).replace(b"QTY+12:96'", b"QTY+12:69'"))
    assert (found.place, found.expected, found.found) == ("LIN 1, QTY 12, 1.2", "96", "69")


def test_other_signs_are_no_difference_and_other_decimals_are(plain: Made) -> None:
    data = file_of(plain)
    lines = data.replace(b"'", b"'\r\n")
    assert list(plain.content.compare(lines)) == []
    assert plain.account(forged(plain, lines)).exit_code == 0
    (found,) = plain.content.compare(data.replace(b"UNA:+.?", b"UNA:+,?"))
    assert found.place == "UNA"
    account = plain.account(forged(plain, data[:-1]))
    assert (account.exit_code, [reason.code for reason in account.because("faithful")]) == (1, ["edi-segment"])


def paper_of(season: Season, change: dict[str, Any] | None = None, profile: Profile = STANDARD) -> Paper:
    facts = facts_of(season, LOT)
    return Paper((with_event(facts, change) if change else facts,), profile, "it", NOTE)


def lacking(paper: Paper) -> list[Missing]:
    with pytest.raises(MissingData) as caught:
        FORMAT.check(paper)
    for language in LANGUAGES:
        assert words(language).keys() >= {each.element for each in caught.value.missing}
    return list(caught.value.missing)


ORDER = [{"type": "desadv", "bizTransaction": NOTE}]
LACKS: dict[str, tuple[str, dict[str, Any]]] = {
    "order": ("recorder", {"bizTransactionList": ORDER}),
    "carrier": ("recorder", {"filiera:carrier": None}),
    "packages": ("recorder", {"filiera:packages": None}),
    "sscc": ("recorder", {"epcList": None}),
    "date": ("recorder", {"quantityList": [{"epcClass": LOT.replace("T-196", "T-9"), "quantity": 1}]}),
    "lot": ("recorder", {"epcList": [f"{LINK}/01/09521001002011/21/7"], "quantityList": None}),
}  # fmt: skip


@pytest.mark.parametrize("element", LACKS)
def test_what_the_circuit_lacks_is_said_with_who_fills_it(season: Season, element: str) -> None:
    who, change = LACKS[element]
    asked = catalogue.profile_of(ITALIAN, "desadv")
    assert (element, who) in {(each.element, each.who) for each in lacking(paper_of(season, change, asked))}


def test_tax_numbers_and_addresses_are_master_data(season: Season) -> None:
    facts = without_master(facts_of(season, LOT), party(BUYER), "vatNumber", "address")
    paper = Paper((facts,), catalogue.profile_of(ITALIAN, "desadv"), "it", NOTE)
    assert ("vatNumber", "Esperia Distribuzione", "master") in {
        (each.element, each.about, each.who) for each in lacking(paper)
    }
    FORMAT.check(replace(paper, profile=STANDARD))


def test_the_message_itself_asks_less(season: Season) -> None:
    less = {
        "filiera:carrier": None,
        "filiera:packages": None,
        "filiera:grossWeightKg": None,
        "bizTransactionList": ORDER,
    }
    paper = paper_of(season, less)
    FORMAT.check(paper)
    (message,) = messages(b"".join(FORMAT.content(paper).pieces()))
    assert edifact.faults(message) == []
    assert not {"MEA AAE AAD", "NAD CA", "CNT 11"} & {place for place, _ in places(message)}
    destination = {"destinationList": [{"type": "owning_party", "destination": "https://shop.example/7"}]}
    assert ("gln", "master") in {(each.element, each.who) for each in lacking(paper_of(season, destination))}


def note_of(season: Season, **change: Any) -> Despatch:
    note = despatches([facts_of(season, LOT)])[0]
    return replace(note, **change)


def told(note: Despatch, asked: Rules = Rules()) -> tuple[dict[str, Segment], Message]:  # noqa: B008 a value
    message = Message(note, asked)
    return dict(places(message.segments())), message


@pytest.mark.parametrize("name", ["Škofja vas", "Bottega € 1", "x" * 36, " ".join(["molto"] * 40)])
def test_a_text_that_edi_cannot_hold_is_left_out_and_said(season: Season, name: str) -> None:
    note = note_of(season)
    found, message = told(replace(note, buyer=replace(note.buyer, name=name)))
    assert found["NAD BY"].said(4) == ""
    assert [(loss.code, loss.context["text"]) for loss in message.losses] == [("desadv-loss-text", name)]
    for language in LANGUAGES:
        assert name[:20] in sentence("desadv-loss-text", {"text": name}, language)


def test_a_long_name_is_broken_between_words_and_nothing_of_it_is_lost(season: Season) -> None:
    name = "Società agricola cooperativa fra i produttori dell'Appennino e della pianura: 'Sole' + figli"
    note = note_of(season)
    found, message = told(replace(note, seller=replace(note.seller, name=name)))
    assert " ".join(found["NAD SU"].elements[3]) == name
    assert all(len(part) <= 35 for part in found["NAD SU"].elements[3])
    assert message.losses == []
    assert read(write([found["NAD SU"]])).segments == (found["NAD SU"],)


@pytest.mark.parametrize("number", ["DDT/" + "9" * 36, "ДДТ-1", "DDT\t1"])
def test_a_number_that_edi_cannot_hold_is_missing(season: Season, number: str) -> None:
    note = note_of(season)
    _, message = told(replace(note, note=replace(note.note, number=number)))
    assert [(each.element, each.about) for each in message.lacks] == [("edi-number", number)]


def test_a_quantity_of_too_many_digits_is_missing(season: Season) -> None:
    note = note_of(season)
    line = replace(note.lines[0], amount=Amount(Decimal("1234567890123.4567"), "KGM"))
    _, message = told(replace(note, lines=(line,), units=()))
    assert [(each.element, each.about) for each in message.lacks] == [("edi-number", "1234567890123.4567")]


def loaded(season: Season, units: list[tuple[str, dict[str, Amount | None]]], *lines: Line) -> Despatch:
    note = note_of(season)
    held = tuple(Unit(f"{LINK}/00/{sscc}", sscc, holds) for sscc, holds in units)
    return replace(note, units=held, lines=lines or note.lines)


def test_each_unit_says_what_it_holds_and_the_rest_goes_loose(season: Season) -> None:
    some = partial(Amount, uom=None)
    note = loaded(season, [("1", {LOT: some(Decimal(40))}), ("2", {LOT: some(Decimal(50))})])
    found, message = told(note)
    quantities = {place: said.said(1, 2) for place, said in found.items() if place.endswith("QTY 12")}
    assert quantities == {"LIN 1, QTY 12": "6", "LIN 2, QTY 12": "40", "LIN 3, QTY 12": "50"}
    assert (found["CPS 2"].said(2), found["CPS 3, GIN BJ"].said(2)) == ("1", "2")
    assert message.losses == []


@pytest.mark.parametrize(
    "holds",
    [{}, {LOT: None}, {LOT: Amount(Decimal(97))}, {LOT: Amount(Decimal(9), "KGM")}, {"urn:x": Amount(Decimal(1))}],
)
def test_what_a_unit_holds_is_not_guessed(season: Season, holds: dict[str, Amount | None]) -> None:
    found, message = told(loaded(season, [("1", holds)]))
    assert found["LIN 1, QTY 12"].said(1, 2) == "96"
    assert [loss.code for loss in message.losses] == ["desadv-loss-contents"]


def test_an_item_stands_by_its_serial_number_and_weighed_goods_by_their_unit(season: Season) -> None:
    note = note_of(season)
    item = replace(note.lines[0], uri=f"{LINK}/01/09521001002011/21/7", gtin="09521001002011", code="7")
    weighed = replace(note.lines[0], amount=Amount(Decimal("12.50"), "KGM"))
    found, _ = told(replace(note, lines=(item, weighed), units=()))
    assert (found["LIN 1, GIN BN"].said(2), found["LIN 1"].said(3)) == ("7", "9521001002011")
    assert found["LIN 2, QTY 12"].elements == (("12", "12.5", "KGM"),)


def test_a_flat_layout_has_one_level_and_names_no_unit(season: Season) -> None:
    flat = Profile("flat", "desadv", {"layout": "flat", "batch": "pia"})
    paper = paper_of(season, profile=flat)
    found = dict(places(FORMAT.content(paper).segments))
    assert [place for place in found if place.startswith("CPS")] == ["CPS 1"]
    assert found["LIN 1, PIA 1"].said(2) == "T-196"
    assert "LIN 1, GIN BX" not in found
    assert [loss.code for loss in FORMAT.losses(paper)] == ["desadv-loss-unit"]


def test_what_the_message_has_no_place_for_is_said(season: Season) -> None:
    orders = [{"type": "po", "bizTransaction": f"urn:epcglobal:cbv:bt:{BUYER}:PO-{number}"} for number in range(12)]
    change = {"filiera:transportReason": "Conto lavorazione", "filiera:carriage": "Franco"}
    paper = paper_of(season, {**change, "bizTransactionList": [*ORDER, *orders]})
    found = [(loss.code, *loss.context.values()) for loss in FORMAT.losses(paper)]
    assert found == [
        ("desadv-loss-order", "PO-10"), ("desadv-loss-order", "PO-11"),
        ("desadv-loss-element", "transportReason", "Conto lavorazione"), ("desadv-loss-element", "carriage", "Franco"),
    ]  # fmt: skip
    assert edifact.faults(next(messages(b"".join(FORMAT.content(paper).pieces())))) == []


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"mandatory": "order"}, "mandatory"),
        ({"mandatory": ["orders"]}, "mandatory"),
        ({"references": ["XX"]}, "references"),
        ({"batch": "lin"}, "batch"),
        ({"lots": "gin"}, "lots"),
        ({"layout": "flat", "mandatory": ["sscc"]}, "layout"),
    ],
)
def test_an_option_that_is_none_is_refused_with_those_there_are(options: Any, option: str) -> None:
    with pytest.raises(InputError, match="profile-option") as caught:
        rules(options)
    assert (caught.value.context["option"], bool(caught.value.context["allowed"])) == (option, True)


def test_every_option_of_the_circuit_is_known() -> None:
    assert rules(catalogue.profile_of(ITALIAN, "desadv").options).mandatory[:2] == ("order", "vatNumber")
