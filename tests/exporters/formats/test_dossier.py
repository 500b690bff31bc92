"""The dossier says what its bundle says, all of it, in both languages; whatever is printed otherwise is found."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from api.verbs.export import export
from api.verbs.verify import verify
from exporters.claim import Claim
from exporters.facts.history import read
from exporters.files import pdf
from exporters.files.kind import bytes_of
from exporters.files.pdf import Document
from exporters.format import STANDARD, MissingData, Paper
from exporters.formats import dossier
from exporters.verify_file import bundles_of
from ledger.audience import buyer, full, public
from ledger.trust import KnownLogs
from ledger.verify.account import Account
from schemas.errors import InputError
from schemas.wording import LANGUAGES, Language
from tests.simulator.paperwork import HARVESTED, LOT, Season


@pytest.fixture(scope="module")
def data(season: Season) -> bytes:
    return written(season, "it")


def written(season: Season, language: Language, to: Any = None) -> bytes:
    return export(season.node, "dossier", [LOT], audience=full(), to=to or full(), language=language).data


def account(season: Season, data: bytes) -> Account:
    return verify(data, known=KnownLogs(Path(season.node.store.folder).parent / "policies").load())


def printed(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_tells_the_whole_lot_and_holds(season: Season, language: Language) -> None:
    made = written(season, language)
    found = account(season, made)
    assert (found.exit_code, found.verdicts["faithful"], found.verdicts["balanced"]) == (0, "yes", "yes")
    text = printed(made)
    kilograms = {"it": ("1.000 kg", "96 %"), "en": ("1,000 kg", "96 %")}[language]
    for said in (
        "Pomodori", "T-196", "Cooperativa Sole", "H-11", "H-12", "Brisighella", "620 kg", "380 kg",
        "960 kg", "40 kg", *kilograms, "DDT-2026-1", "DDT-2026-2", "Esperia Distribuzione", "IT-BIO-009-123",
        "Ente Bio", season.node.origin, *season.members,
    ):  # fmt: skip
        assert said in text, said


def test_a_buyers_dossier_names_no_grower_and_holds(season: Season) -> None:
    made = written(season, "it", buyer())
    assert account(season, made).exit_code == 0
    assert "Azienda 11" not in printed(made)
    assert all(b"Azienda 11" not in bundle for bundle in bundles_of(made))


def test_of_a_lot_whose_product_is_hidden_there_is_none(season: Season) -> None:
    with pytest.raises(MissingData) as caught:
        written(season, "it", public())
    assert [(item.element, item.about) for item in caught.value.missing] == [("functionalName", LOT)]


def test_of_a_lot_of_which_nothing_can_be_read_there_is_none(data: bytes) -> None:
    # As in a store that was brought back without the keys that open what entries say.
    closed = replace(read(bundles_of(data)[0]), standing=())
    missing = dossier.missing(Paper((closed,), STANDARD, "it"))
    assert [(item.element, item.about, item.who) for item in missing] == [("lot-record", LOT, "holder")]


def test_it_is_of_one_lot(season: Season) -> None:
    with pytest.raises(InputError, match="export-single"):
        export(season.node, "dossier", list(HARVESTED), audience=full(), to=full(), language="it")


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every text of the data that is printed for a lot."""
    if isinstance(tree, dict):
        for name, item in tree.items():
            yield from places(item, (*path, name))
    elif isinstance(tree, list):
        for place, item in enumerate(tree):
            yield from places(item, (*path, place))
    elif isinstance(tree, str) and tree and path[0] != "words" and path[-1] != "sort":
        yield path


def forged(document: Document, path: tuple[Any, ...]) -> Document:
    """The document with one text changed."""
    data = copy.deepcopy(dict(document.data))
    tree: Any = data
    for part in path[:-1]:
        tree = tree[part]
    tree[path[-1]] = tree[path[-1]] + "7"
    return replace(document, data=data)


def swept(season: Season, data: bytes, every: int) -> None:
    bundles = bundles_of(data)
    document = dossier.content(Paper((read(bundles[0]),), STANDARD, "it"))
    claim = Claim("dossier", "standard", "it", bundles)
    listed = list(places(document.data))
    assert len(listed) > 120
    for path in listed[::every]:
        found = account(season, bytes_of(pdf.KIND, forged(document, path), claim))
        reasons = found.because("faithful")
        assert (found.exit_code, found.verdicts["faithful"]) == (1, "no"), path
        assert reasons[0].context["place"], path


def test_a_changed_text_is_found_wherever_it_is_printed(season: Season, data: bytes) -> None:
    swept(season, data, 20)


@pytest.mark.long
def test_every_changed_text_is_found(season: Season, data: bytes) -> None:
    swept(season, data, 1)


@pytest.mark.parametrize("picture", ["genealogy", "map"])
def test_a_drawing_of_something_else_is_found(season: Season, data: bytes, picture: str) -> None:
    bundles = bundles_of(data)
    document = dossier.content(Paper((read(bundles[0]),), STANDARD, "it"))
    drawn = document.pictures[picture].replace(b"Faenza", b"Ferrara")
    altered = replace(document, pictures={**document.pictures, picture: drawn})
    found = account(season, bytes_of(pdf.KIND, altered, Claim("dossier", "standard", "it", bundles)))
    assert found.verdicts["faithful"] == "no"
