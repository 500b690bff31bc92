"""The published vectors of registry, rows and tag tree: made as the script says, each judged as it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.entry.parse import parse_leaf
from ledger.registry.replay import Registry
from ledger.registry.snapshot import keys_root, read_row, verify_row
from ledger.registry.tag_buckets import BucketedTree, bucket_of
from ledger.registry.tag_tree import Present, SortedTree, verify_absent, verify_present
from schemas.errors import LedgerError
from schemas.syntax.base64url import decode, encode
from tests.vectors import make_registry_vectors, make_tag_tree_vectors
from tests.vectors.make_tag_tree_vectors import reference_root, worked_example

MADE = make_registry_vectors.vectors() | make_tag_tree_vectors.vectors()
FOLDERS = (make_registry_vectors.FOLDER, make_tag_tree_vectors.FOLDER)


def named(kind: str) -> list[Any]:
    return [pytest.param(json.loads(data), id=path.stem) for path, data in MADE.items() if path.stem.startswith(kind)]


def test_the_vectors_on_disk_are_those_the_script_makes() -> None:
    on_disk = {path for folder in FOLDERS for path in folder.glob("*.json")}
    assert on_disk == MADE.keys()
    for path, data in MADE.items():
        assert path.read_bytes() == data, path.name


@pytest.mark.parametrize("vector", named("log-"))
def test_each_log_is_judged_as_it_says(vector: dict[str, Any]) -> None:
    *before, last = [parse_leaf(leaf.encode("ascii")) for leaf in vector["leaves"]]
    entries = before if vector["code"] else [*before, last]
    registry = Registry.genesis(entries[0])
    for index, entry in enumerate(entries[1:], 1):
        registry.apply(index, entry, verify=True)
    if vector["code"]:
        with pytest.raises(LedgerError) as caught:
            registry.apply(registry.size, last, verify=True)
        assert caught.value.code == vector["code"]
        return
    assert [row.text() for row in registry.rows()] == vector["rows"]
    assert encode(keys_root(registry.rows())) == vector["keysRoot"]
    assert [member.iss for member in registry.members()] == vector["members"]
    assert registry.policy().votes == vector["votes"]


def outcome(check: Any) -> str | None:
    try:
        check()
    except LedgerError as error:
        return error.code
    return None


@pytest.mark.parametrize("vector", named("row-"))
def test_each_row_is_judged_as_it_says(vector: dict[str, Any]) -> None:
    path, root = [decode(node) for node in vector["path"]], decode(vector["root"])
    code = outcome(lambda: verify_row(read_row(vector["row"]), vector["n"], path, root, vector["keys"]))
    assert code == vector["code"]


@pytest.mark.parametrize("vector", named("root-"))
def test_each_set_of_tags_has_the_root_it_says(vector: dict[str, Any]) -> None:
    items = [(decode(item["tag"]), tuple(item["indexes"])) for item in vector["items"]]
    assert encode(SortedTree(items).root()) == vector["root"]
    bucketed = BucketedTree(3, lambda bucket: [item for item in items if bucket_of(item[0], 3) == bucket])
    bucketed.touch_all()
    assert encode(bucketed.root()) == vector["root"]


def shown(vector: dict[str, Any]) -> Present:
    path = tuple((bit, decode(sibling)) for bit, sibling in vector["path"])
    return Present(decode(vector["tag"]), tuple(vector["indexes"]), path)


@pytest.mark.parametrize("vector", named("present-"))
def test_each_proof_of_presence_is_judged_as_it_says(vector: dict[str, Any]) -> None:
    proof, root = shown(vector), decode(vector["root"])
    code = outcome(lambda: verify_present(proof.tag, proof.indexes, proof.path, root, size=vector["size"]))
    assert code == vector["code"]


@pytest.mark.parametrize("vector", named("absent-"))
def test_each_proof_of_absence_is_judged_as_it_says(vector: dict[str, Any]) -> None:
    absent, root = decode(vector["absent"]), decode(vector["root"])
    assert outcome(lambda: verify_absent(absent, shown(vector), root, size=vector["size"])) == vector["code"]


def test_the_specification_shows_the_worked_example_as_it_is() -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "spec" / "registry.md").read_text("utf-8")
    items = worked_example()
    assert reference_root(items).hex() in text
    for item in items:
        assert item[0].hex() in text
        assert reference_root([item]).hex() in text
    for code in {json.loads(data).get("code") for data in MADE.values()} - {None, "signature-wrong"}:
        assert f"`{code}`" in text, code
