"""The specification is enough: a verifier written from it alone judges every vector, bundle and attack as ours does."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from tests.independent.verifier import tree
from tests.independent.verifier.crypto import from_jwk
from tests.independent.verifier.entry import parse, parse_wire
from tests.independent.verifier.evidence import verify_file
from tests.independent.verifier.note import parse_policy
from tests.independent.verifier.registry import Registry, read_row
from tests.independent.verifier.text import Refused, b64, unb64
from tests.official import ROOT

HERE = Path(__file__).parent / "verifier"
VECTORS = ROOT / "tests" / "vectors"


def vectors(folder: str, start: str = "") -> list[Any]:
    files = sorted((VECTORS / folder).glob(f"{start}*.json"))
    return [pytest.param(json.loads(file.read_bytes()), id=file.stem) for file in files]


def test_it_knows_nothing_of_ours() -> None:
    for file in HERE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.split(".")[0] for name in names} & {"schemas", "ledger", "exporters", "api"}, file.name


@pytest.mark.parametrize("vector", vectors("entry"))
def test_entries(vector: dict[str, Any]) -> None:
    code = None
    try:
        parse_wire(vector["entry"].encode("ascii")).verify(from_jwk(vector["jwk"]))
    except Refused as refused:
        code = refused.code
    assert code == vector["code"]


@pytest.mark.parametrize("vector", vectors("registry", "log-"))
def test_registries(vector: dict[str, Any]) -> None:
    first, *others = [parse(leaf.encode("ascii")) for leaf in vector["leaves"]]
    registry, code = Registry(first), None
    for index, entry in enumerate(others, 1):
        try:
            registry.take(index, entry)
        except Refused as refused:
            code = refused.code
            assert index == len(others)
    assert code == vector["code"]
    if vector["valid"]:
        assert registry.rows() == vector["rows"]
        assert b64(tree.root([tree.leaf_hash(row.encode()) for row in vector["rows"]])) == vector["keysRoot"]
        assert list(registry.members) == vector["members"]
        assert registry.terms["votes"] == vector["votes"]


@pytest.mark.parametrize("vector", vectors("registry", "row-"))
def test_rows(vector: dict[str, Any]) -> None:
    code = None
    path = [unb64(text) for text in vector["path"]]
    try:
        read_row(vector["row"])
        tree.rows_path(vector["row"], vector["n"], vector["keys"], path, unb64(vector["root"]))
    except Refused as refused:
        code = refused.code
    assert code == vector["code"]


@pytest.mark.parametrize("vector", vectors("tag_tree"))
def test_tag_trees(vector: dict[str, Any]) -> None:
    if "items" in vector:
        items = sorted((unb64(item["tag"]), item["indexes"]) for item in vector["items"])
        assert b64(tree.tag_root(items)) == vector["root"]
        return
    code = None
    place = (
        unb64(vector["tag"]),
        vector["indexes"],
        [(d, unb64(text)) for d, text in vector["path"]],
        unb64(vector["root"]),
        vector["size"],
    )
    try:
        tree.absent(unb64(vector["absent"]), *place) if "absent" in vector else tree.present(*place)
    except Refused as refused:
        code = refused.code
    assert code == vector["code"]


@pytest.mark.parametrize("vector", vectors("bundle"))
def test_bundles(vector: dict[str, Any]) -> None:
    policy = parse_policy((VECTORS / "bundle" / "policy.txt").read_bytes())
    account = verify_file(vector["file"].encode("utf-8"), {policy.log.name: policy})
    found = account.wrong + account.lacking
    assert sorted(map(str, found)) == sorted(str(tuple(code)) for code in vector["codes"])
    assert {name: account.verdicts[name] for name in vector["verdicts"]} == vector["verdicts"]
    assert account.exit_code == vector["exit"]
