"""Whatever is changed in a file of any format is found by `verify`, and its place named: at least twenty single values
of each. A new format comes with a lot of the season that it is about; a new kind of file with its forger."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import Any

import pytest

from api.verbs.credential import credential
from exporters.catalogue import FORMATS, format_of
from exporters.files.json_file import JsonFile
from exporters.files.jwt_file import JwtFile
from exporters.files.kind import bytes_of
from exporters.files.package_file import PackageFile
from exporters.files.pdf import PdfFile
from exporters.files.xlsx import XlsxFile
from exporters.files.xml_file import XmlFile
from exporters.files.zip_file import ZipPaper
from ledger.audience import full
from tests.exporters.forged.archives import of_package, of_zip
from tests.exporters.forged.forgery import Forgery
from tests.exporters.forged.pages import of_pdf
from tests.exporters.forged.tables import of_xlsx
from tests.exporters.forged.trees import of_json, of_jwt, of_xml
from tests.exporters.papers import Made, made, packed, parts_of
from tests.simulator.animals import CHEESE_LOT, EGG_LOT, FILLET_LOT, PEACH_LOT
from tests.simulator.paperwork import COOP, LOT, Season

LEAST = 20
NOTE = f"urn:epcglobal:cbv:bt:{COOP}:DDT-2026-1"
ABOUT: Mapping[str, str] = {"eu-animal": CHEESE_LOT, "eu-fish": FILLET_LOT, "eu-eggs": EGG_LOT, "eu-produce": PEACH_LOT}
"""The lot that a format is tried with, where it is not the tomatoes."""
OF_A_NOTE = ("ubl-despatch", "ddt-agid", "ddt", "desadv")
FORGERS: Mapping[type, Callable[[Made], Iterator[Forgery]]] = {
    JsonFile: of_json,
    JwtFile: of_jwt,
    XmlFile: of_xml,
    XlsxFile: of_xlsx,
    ZipPaper: of_zip,
    PdfFile: of_pdf,
    PackageFile: of_package,
}


@pytest.fixture(scope="module")
def paper(farmyard: Season, drilled: Season, recalled: Season) -> Callable[[str], Made]:
    """The paper of a format, once."""

    def season(name: str) -> Season:
        return recalled if name == "recall-notice" else drilled if FORMATS[name].takes_files else farmyard

    return cache(lambda name: _paper(season(name), name))


def _paper(season: Season, name: str) -> Made:
    if FORMATS[name].issued is not None:
        asked: dict[str, Any] = {"audience": full(), "to": full(), "language": "it", "member": season.members[0]}
        return Made(season, credential(season.node, LOT, format=name, **asked).data)
    if name in OF_A_NOTE:
        return made(season, name, document=NOTE)
    if name == "template":
        return made(season, name, LOT, profile="portal-lots")
    return made(season, name, ABOUT.get(name.removesuffix("-csv"), LOT))


def forgeries(paper: Made) -> Iterator[Forgery]:
    """Every one of a paper, and of the papers in it."""
    yield from FORGERS[type(format_of(paper.claim.format).kind)](paper)
    if isinstance(format_of(paper.claim.format).kind, PackageFile):
        parts = parts_of(paper.data)
        for name in (name for name in parts if name.startswith("exports/")):
            inner = next(forgeries(Made(paper.season, parts[name])))
            yield Forgery(f"{name}: {inner.what}", f"{name}: {inner.place}", packed({**parts, name: inner.data}))


def other_bundle(paper: Made, other: Made) -> bytes:
    """The paper with the bundle of another lot, as its kind of file carries it."""
    (bundle, *_) = other.claim.bundles
    claim = replace(paper.claim, bundles=(bundle,))
    return bytes(bytes_of(format_of(paper.claim.format).kind, paper.content, claim))


def held(paper: Made, forgery: Forgery) -> None:
    """Exit 1, and the place is named."""
    found = paper.account(forgery.data)
    # A file that is not the one that an entry signs is missing: it is named as what is missing of what.
    said = [reason.context for reason in found.because("faithful")]
    places = [str(context.get("place", context.get("about", ""))) for context in said]
    assert found.exit_code == 1, forgery.what
    assert not forgery.place or any(place.startswith(forgery.place) for place in places), (forgery.what, places[:3])


@pytest.mark.parametrize("name", FORMATS)
def test_of_every_format_a_value_and_a_bundle_that_are_swapped_are_found(
    paper: Callable[[str], Made], name: str
) -> None:
    made, about = paper(name), paper("eu-animal" if name.removesuffix("-csv") not in ABOUT else "epcis-json")
    assert made.account().exit_code == 0
    held(made, next(forgeries(made)))
    if FORMATS[name].issued is None:
        held(made, Forgery("the bundle swapped", "", other_bundle(made, about)))


@pytest.mark.long
@pytest.mark.parametrize("name", FORMATS)
def test_at_least_twenty_forgeries_of_every_format_are_found_and_named(paper: Callable[[str], Made], name: str) -> None:
    made = paper(name)
    listed = list(forgeries(made))
    assert len({forgery.what for forgery in listed}) >= LEAST, name
    for forgery in _chosen(listed, few=isinstance(FORMATS[name].kind, PackageFile)):
        held(made, forgery)


def _chosen(listed: list[Forgery], *, few: bool) -> Iterator[Forgery]:
    """Some from everywhere, and the last ones; of what is made again with every paper in it only as many as must be."""
    if few:
        return iter(listed[:: max(1, len(listed) // LEAST)][:LEAST])
    return chain(listed[:: max(1, len(listed) // (2 * LEAST))], listed[-LEAST:])


@pytest.mark.long
@pytest.mark.parametrize(
    "name", [name for name in FORMATS if not isinstance(FORMATS[name].kind, PackageFile | PdfFile)]
)
def test_whatever_single_value_is_changed_differs_in_its_place(paper: Callable[[str], Made], name: str) -> None:
    made = paper(name)
    for forgery in forgeries(made):
        if forgery.place:
            places = [found.place for found in made.differences(forgery.data)]
            assert any(place.startswith(forgery.place) for place in places), (forgery.what, places[:3])
