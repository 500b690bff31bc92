"""Every official and OpenEPCIS document goes in and comes out as proof, through the commands a user types.

`init`, `key new`, `capture`, `export bundle` for each object a document names (`--entry N` where it names none) and
`verify`: each document into a store of its own, and all of them one after the other into one store.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from ledger.capture.document import read_document
from ledger.lots.movement import objects
from tests.official import official_files, present
from tests.simulator.command_line import Answer, Shop

OPENEPCIS = "gs1/openepcis-test-resources/2.0/EPCIS/JSON"
FEW = 4
# Valid by its folder's name, refused by the official schema: a sensor report of its has members of another.
INVALID = "SensorData_with_combined_events.json"
VALID = [
    parameter
    for parameter in official_files(
        "gs1/gs1-epcis/JSON/**/*.jsonld",
        f"{OPENEPCIS}/Capture/Documents/*.json",
        f"{OPENEPCIS}/Capture/Events/*.json",
        f"{OPENEPCIS}/Query/*.json",
    )
    if parameter.values[0].name != INVALID
]
# Which document, which event where one is at fault, which member, and the code.
PLACE = re.compile(r"filiera: documento? \S+\.json(, evento? \d+)?: .*/[@\w/]+.* \[[a-z-]+\]$")
REFUSED = official_files(
    f"{OPENEPCIS}/Capture/Invalid/*.json",
    f"{OPENEPCIS}/Query/Invalid/*.json",
    f"{OPENEPCIS}/**/{INVALID}",
)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A member with a log that holds nothing yet but its keys."""
    made = Shop(tmp_path_factory.mktemp("founded"))
    made.works("init", "--name", "Cooperativa Sole")
    made.works("key", "new", "--role", "device")
    return made


@pytest.fixture
def shop(founded: Shop, tmp_path: Path) -> Shop:
    """A fresh store: the founded one, copied with everything beside it."""
    shutil.copytree(founded.folder, tmp_path / "shop")
    return Shop(tmp_path / "shop")


# A few in `make test`, all of them in `make long`.
@pytest.mark.parametrize(
    "document",
    [
        parameter if place % FEW == 0 else pytest.param(*parameter.values, id=parameter.id, marks=pytest.mark.long)
        for place, parameter in enumerate(VALID)
    ],
)
def test_document_is_captured_exported_and_verified_in_a_fresh_store(shop: Shop, document: Path) -> None:
    bundles = bundles_of(shop, present(document))
    assert len(verified(shop, bundles)) == len(bundles) > 0


@pytest.mark.long
def test_all_documents_one_after_the_other_in_one_store(shop: Shop) -> None:
    documents = [present(parameter.values[0]) for parameter in VALID]
    named_last = {uri: document for document in documents for uri in captured_objects(document)}
    bundles = []
    for document in documents:
        subjects = capture(shop, document)
        due = [subject for uri, subject in subjects.items() if named_last.get(uri, document) == document]
        bundles += [bundle(shop, subject) for subject in due]
    accounts = verified(shop, bundles)
    assert (len(accounts), len(documents)) == (len(bundles), 71)
    assert {json.loads(file.read_bytes()).get("subject") for file in bundles} - {None} == set(named_last)
    # What went in again is linked to what was there: no bundle hides what came before it.
    assert {account["verdicts"]["complete"] for account in accounts} <= {"yes", "not_shown"}


@pytest.mark.parametrize(
    "document",
    [
        VALID[0],
        *(pytest.param(*each.values, id=each.id, marks=pytest.mark.long) for each in VALID[14::14]),
    ],
)
def test_the_installed_command_does_the_same(document: Path, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    for arguments in (["init", "--name", "Cooperativa Sole"], ["key", "new", "--role", "device"]):
        assert shop.process(*arguments).code == 0
    captured = shop.process("capture", "--json", present(document))
    assert (captured.code, beyond_warnings(captured)) == (0, [])
    for index in {json.loads(line)["index"] for line in captured.lines}:
        file = tmp_path / f"{index}.filiera.json"
        assert shop.process("export", "bundle", "--entry", index, "-o", file) == Answer(0, "", "")
        assert shop.process("verify", file).lines[:2] == [str(file), "VALID"]


@pytest.mark.parametrize("document", REFUSED)
def test_invalid_document_is_refused_with_its_place_and_reason(shop: Shop, document: Path) -> None:
    italian, english = (refusals(shop, present(document), lang) for lang in ("it", "en"))
    assert [line.rpartition("[")[2] for line in italian] == [line.rpartition("[")[2] for line in english]
    assert len(italian) > 0
    for line in italian + english:
        assert PLACE.match(line), line


def refusals(shop: Shop, document: Path, lang: str) -> list[str]:
    """The sentences a refused document gets."""
    answer = shop("capture", document, lang=lang)
    assert (answer.code, answer.out) == (65, "")
    nothing = {"it": "non è stato acquisito nulla", "en": "Nothing of this document was captured"}[lang]
    lines = answer.err.splitlines()
    # Said last where it was events that were wrong; a document that is none needs no such word.
    assert [nothing in line for line in lines[:-1]] == [False] * (len(lines) - 1)
    assert (nothing in lines[-1]) == bool(re.search(r", evento? \d+", lines[0]))
    return lines[:-1] if nothing in lines[-1] else lines


def beyond_warnings(answer: Answer) -> list[str]:
    """What was said on standard error besides warnings: many official documents get some."""
    return [line for line in answer.err.splitlines() if not line.startswith("filiera: Warning: ")]


def captured_objects(document: Path) -> set[str]:
    """Every lot, unit and item that a document names."""
    return {uri for sent in read_document(document.read_bytes()).events for uri in objects(sent.event)}


def bundles_of(shop: Shop, document: Path) -> list[Path]:
    """Capture a document and export the bundle of all it names; the bundles."""
    return [bundle(shop, subject) for subject in capture(shop, document).values()]


def capture(shop: Shop, document: Path) -> dict[str, tuple[str, ...]]:
    """Capture a document: object, or index of an event that names none -> how `export bundle` is asked for it."""
    events = [sent.event for sent in read_document(document.read_bytes()).events]
    answer = shop("capture", "--json", document)
    assert (answer.code, beyond_warnings(answer)) == (0, [])
    captured = [json.loads(line) for line in answer.lines]
    assert [line["event"] for line in captured] == list(range(len(events)))
    subjects: dict[str, tuple[str, ...]] = {}
    for line, event in zip(captured, events, strict=True):
        named = objects(event)
        subjects |= {uri: (uri,) for uri in named}
        if not named:
            subjects[str(line["index"])] = ("--entry", str(line["index"]))
    return subjects


def bundle(shop: Shop, subject: tuple[str, ...]) -> Path:
    """Export one bundle."""
    file = shop.folder / f"{len(list(shop.folder.glob('*.filiera.json')))}.filiera.json"
    shop.works("export", "bundle", *subject, "-o", file)
    return file


def verified(shop: Shop, bundles: list[Path]) -> list[dict[str, Any]]:
    """The accounts of the bundles, all valid."""
    accounts = [json.loads(line) for line in shop.works("verify", "--json", *bundles).lines]
    for account in accounts:
        assert account["valid"] is True, account
    return accounts
