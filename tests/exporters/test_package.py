"""The package holds everything about a lot, each paper as it stands alone; whatever is changed in it is named."""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest

from api.verbs.export import export
from api.verbs.verify import verify
from exporters.catalogue import FORMATS
from exporters.verifier_page import verifier_page
from ledger.audience import full, public
from ledger.trust import KnownLogs
from ledger.verify.account import Account
from tests.exporters.papers import packed
from tests.simulator.paperwork import LOT, Season

Parts = dict[str, bytes]


@pytest.fixture(scope="module")
def parts(season: Season) -> Mapping[str, bytes]:
    data = export(season.node, "package", [LOT], audience=full(), to=full(), language="it").data
    with ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def account(season: Season, data: bytes) -> Account:
    return verify(data, known=KnownLogs(Path(season.node.store.folder).parent / "policies").load())


def altered(parts: Mapping[str, bytes], change: Callable[[Parts], object]) -> bytes:
    copy = dict(parts)
    change(copy)
    return packed(copy)


def claiming(manifest: bytes, **more: object) -> bytes:
    return json.dumps({**json.loads(manifest), **more}).encode()


def test_it_holds_the_bundle_and_every_paper_that_can_be_made(season: Season, parts: Mapping[str, bytes]) -> None:
    manifest = json.loads(parts["manifest.json"])
    made = {name.removeprefix("exports/").partition(".")[0] for name in parts if name.startswith("exports/")}
    exported = {name for name, format in FORMATS.items() if format.issued is None}
    assert made | set(manifest["left"]) == exported - {"package", "recall-package", "template"}
    assert {"epcis-json", "epcis-xml", "dossier"} <= made
    assert manifest["files"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in parts.items() if name != "manifest.json"
    }
    assert account(season, packed(parts)).exit_code == 0
    assert account(season, parts["bundle.filiera.json"]).exit_code == 0


def test_every_paper_in_it_holds_alone_and_has_its_verdict(season: Season, parts: Mapping[str, bytes]) -> None:
    for name, data in parts.items():
        if name.startswith("exports/"):
            assert account(season, data).exit_code == 0, name
            format = name.removeprefix("exports/").partition(".")[0]
            assert json.loads(parts[f"validation/{format}.json"])["valid"] is True


def test_what_the_public_may_not_see_is_left_out_and_said(season: Season) -> None:
    data = export(season.node, "package", [LOT], audience=full(), to=public(), language="en").data
    with ZipFile(io.BytesIO(data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert "dossier" in manifest["left"]
    assert "product name" in manifest["left"]["dossier"][0]
    assert account(season, data).exit_code == 0


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("README_it_en.txt", lambda parts: parts.update({"README_it_en.txt": b"trust me"})),
        ("exports/epcis-json.jsonld", lambda parts: parts.pop("exports/epcis-json.jsonld")),
        ("exports/more.pdf", lambda parts: parts.update({"exports/more.pdf": b"x"})),
        ("validation/dossier.json", lambda parts: parts.update({"validation/dossier.json": b"{}"})),
        (
            "exports/epcis-json.jsonld: /epcisBody/eventList/0/quantityList/0/quantity",
            lambda parts: parts.update(
                {
                    "exports/epcis-json.jsonld": parts["exports/epcis-json.jsonld"].replace(
                        b'"quantity":620', b'"quantity":621'
                    )
                }
            ),
        ),
        (
            "manifest.json",
            lambda parts: parts.update({"manifest.json": claiming(parts["manifest.json"], left={"x": []})}),
        ),
    ],
)
def test_whatever_is_changed_is_named(
    season: Season, parts: Mapping[str, bytes], place: str, change: Callable[[Parts], object]
) -> None:
    found = account(season, altered(parts, change))
    assert (found.exit_code, found.verdicts["faithful"]) == (1, "no")
    assert found.because("faithful")[0].context["place"] == place


def test_the_page_that_it_carries_trusts_nobody_and_another_one_leaves_it_open(
    season: Season, parts: Mapping[str, bytes]
) -> None:
    assert parts["verify.html"] == verifier_page([])

    def replaced(each: Parts) -> None:
        each["verify.html"] = parts["verify.html"].replace(b"VALIDO", b"BUONO ")
        before, after = (hashlib.sha256(page["verify.html"]).hexdigest().encode() for page in (parts, each))
        each["manifest.json"] = each["manifest.json"].replace(before, after)

    found = account(season, altered(parts, replaced))
    assert (found.exit_code, found.verdicts["faithful"]) == (2, "not_shown")
    assert [reason.code for reason in found.because("faithful")] == ["page-of-another-release"]
    careless = account(season, altered(parts, lambda each: each.update({"verify.html": b"trust me"})))
    assert (careless.exit_code, careless.verdicts["faithful"]) == (1, "no")


def test_a_package_without_its_bundle_proves_nothing(season: Season, parts: Mapping[str, bytes]) -> None:
    found = account(season, altered(parts, lambda each: each.pop("bundle.filiera.json")))
    assert (found.exit_code, found.verdicts["authentic"]) == (1, "no")


def test_a_manifest_that_cannot_be_read_proves_nothing(season: Season, parts: Mapping[str, bytes]) -> None:
    found = account(season, altered(parts, lambda each: each.update({"manifest.json": each["manifest.json"][:-1]})))
    assert (found.exit_code, found.verdicts["authentic"]) == (1, "no")


def test_packed_again_without_compressing_it_is_the_same_package(season: Season, parts: Mapping[str, bytes]) -> None:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert account(season, out.getvalue()).exit_code == 0
