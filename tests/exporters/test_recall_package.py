"""The package of a recall: everything about the lot, the files that were attached, the report that a drill signed."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from api.verbs.recall import drill
from exporters.catalogue import FORMATS
from exporters.format import STANDARD, MissingData
from exporters.write import write
from ledger.audience import full
from tests.exporters.conftest import ANALYSIS, FIELD_BOOK
from tests.exporters.papers import Made, made, packed, parts_of
from tests.exporters.readers import words
from tests.simulator.paperwork import LOT, Season, paperwork

Parts = dict[str, bytes]
Name = Callable[[Mapping[str, bytes]], str]


@pytest.fixture(scope="module")
def paper(drilled: Season) -> Made:
    return made(drilled, "recall-package", LOT)


@pytest.fixture(scope="module")
def parts(paper: Made) -> Mapping[str, bytes]:
    return parts_of(paper.data)


def report(parts: Mapping[str, bytes]) -> str:
    (name,) = (name for name in parts if name.startswith("recall/"))
    return name


def evidence(parts: Mapping[str, bytes]) -> list[str]:
    return sorted(name for name in parts if name.startswith("evidence/"))


def test_it_holds_the_report_the_evidence_and_every_paper(paper: Made, parts: Mapping[str, bytes]) -> None:
    assert (paper.account().exit_code, paper.account().verdicts["faithful"]) == (0, "yes")
    analysis, book = evidence(parts)
    assert (parts[analysis], parts[book]) == (ANALYSIS, FIELD_BOOK)
    assert analysis.endswith("-analisi__.pdf")
    manifest = json.loads(parts["manifest.json"])
    assert manifest["withheld"] == []
    assert {"exports/recall-report.pdf", "exports/dossier.pdf", "exports/epcis-json.jsonld"} <= set(parts)
    assert {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()} == {
        "manifest.json": hashlib.sha256(parts["manifest.json"]).hexdigest(), **manifest["files"],
    }  # fmt: skip
    for member in ("README_it_en.txt", "bundle.filiera.json"):
        assert member in parts


def test_every_part_is_verified_alone(paper: Made, parts: Mapping[str, bytes]) -> None:
    for name in ("exports/recall-report.pdf", "exports/epcis-json.jsonld", "bundle.filiera.json"):
        assert paper.account(parts[name]).exit_code == 0, name
    assert json.loads(parts["validation/recall-report.json"])["valid"] is True


def test_the_report_is_the_one_that_the_drill_signed(paper: Made, parts: Mapping[str, bytes]) -> None:
    told = json.loads(parts[report(parts)])
    (facts,) = paper.paper.facts
    (signed,) = (each for each in facts.files if each.sort == "drill")
    assert signed.sha256 == hashlib.sha256(parts[report(parts)]).digest()
    assert (told["subject"], len(told["customers"]), told["percent"]) == (LOT, 2, "100.00")


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("it", ("RAPPORTO DI RICHIAMO", "T-196", "Esperia Distribuzione", "Esperia Foods Inc", "480 kg", "100 %",
                "+39 0546 555 0101", "395210010000000018", "20/07/2026 12:00 UTC", "960")),
        ("en", ("RECALL REPORT", "T-196", "Esperia Distribuzione", "480 kg", "2026-07-20 12:00 UTC", "shipped")),
    ],
)  # fmt: skip
def test_the_report_is_a_page_to_read(drilled: Season, language: Any, texts: tuple[str, ...]) -> None:
    printed = words(made(drilled, "recall-report", LOT, language=language).data)
    assert [text for text in texts if text not in printed] == []
    assert "recall-" not in printed.replace("recall-report", "")


def swapped(name: Name, data: bytes) -> Callable[[Parts], object]:
    return lambda parts: parts.update({name(parts): data})


def gone(name: Name) -> Callable[[Parts], object]:
    return lambda parts: parts.pop(name(parts))


def first_evidence(parts: Mapping[str, bytes]) -> str:
    return evidence(parts)[0]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (first_evidence, swapped(first_evidence, FIELD_BOOK)),
        (first_evidence, swapped(first_evidence, ANALYSIS + b" ")),
        (first_evidence, gone(first_evidence)),
        (report, swapped(report, b"{}")),
        (report, gone(report)),
        (lambda parts: "evidence/0-x.pdf", lambda parts: parts.update({"evidence/0-x.pdf": b"x"})),
    ],
)
def test_a_file_that_is_not_the_one_that_was_signed_is_named(
    paper: Made,
    parts: Mapping[str, bytes],
    name: Name,
    change: Callable[[Parts], object],
) -> None:
    copy = dict(parts)
    change(copy)
    found = paper.account(packed(copy))
    said = [str(value) for reason in found.because("faithful") for value in reason.context.values()]
    assert (found.exit_code, found.verdicts["faithful"]) == (1, "no")
    assert name(parts) in said


def test_the_plain_package_holds_the_evidence_too(drilled: Season, parts: Mapping[str, bytes]) -> None:
    plain = parts_of(made(drilled, "package", LOT).data)
    assert evidence(plain) == evidence(parts)
    assert report(plain) == report(parts)


def test_a_buyer_gets_no_evidence_and_is_told_of_none(drilled: Season) -> None:
    data = made(drilled, "package", LOT, to="buyer").data
    assert evidence(parts_of(data)) == []
    assert b"analisi" not in b"".join(parts_of(data).values())


def test_without_a_drill_there_is_no_report(season: Season) -> None:
    with pytest.raises(MissingData) as caught:
        made(season, "recall-package", LOT)
    assert [(item.element, item.about, item.who) for item in caught.value.missing] == [("recall-report", LOT, "office")]


def test_a_report_that_no_drill_signed_is_none(paper: Made) -> None:
    with pytest.raises(MissingData) as caught:
        write(FORMATS["recall-report"], paper.claim.bundles, profile=STANDARD, language="it", files=[b"{}"])
    assert caught.value.missing[0].about.startswith("recall/report-")


def test_of_several_drills_the_newest_is_printed(tmp_path_factory: pytest.TempPathFactory) -> None:
    with paperwork(tmp_path_factory.mktemp("twice")) as season:
        drill(season.node, LOT, audience=full(), member=season.members[0])
        _, second = drill(season.node, LOT, audience=full(), member=season.members[0])
        parts = parts_of(made(season, "recall-package", LOT).data)
        assert sum(name.startswith("recall/") for name in parts) == 2
        assert str(second.index) in words(parts["exports/recall-report.pdf"])
