"""The verifier in JavaScript gives Python's answers: on every vector, and, with `tests/independent/agreement.py`, on
every attack and every bundle that is changed at random there.
"""

import json
from typing import Any

import pytest

from ledger.log.policy import known_log
from ledger.verify.recognise import verify_file
from tests.browser.asked import NODE, asked_in_node, case, differences
from tests.official import ROOT, not_run

VECTORS = ROOT / "tests" / "vectors"
POLICY = VECTORS / "bundle" / "policy.txt"


@pytest.fixture(scope="module", autouse=True)
def node() -> None:
    if NODE is None:
        not_run("no Node (Debian's package nodejs)")


def vectors(folder: str, start: str = "") -> list[tuple[str, dict[str, Any]]]:
    return [(file.name, json.loads(file.read_bytes())) for file in sorted((VECTORS / folder).glob(f"{start}*.json"))]


def asked_of(name: str, vector: dict[str, Any]) -> str:
    return "root" if "items" in vector else "absent" if "absent" in vector else "row" if "row" in vector else "present"


def test_entries() -> None:
    found = {name: asked_in_node({"asked": "entry", **vector}).get("code") for name, vector in vectors("entry")}
    assert found == {name: vector["code"] for name, vector in vectors("entry")}


def test_registries() -> None:
    for name, vector in vectors("registry", "log-"):
        answer = asked_in_node({"asked": "registry", **vector})
        assert answer.get("code") == vector["code"], name
        if vector["valid"]:
            assert answer["said"] == {part: vector[part] for part in ("rows", "keysRoot", "members", "votes")}, name


def test_rows_and_tag_trees() -> None:
    for name, vector in [*vectors("registry", "row-"), *vectors("tag_tree")]:
        answer = asked_in_node({"asked": asked_of(name, vector), **vector})
        assert (answer.get("code") == vector["code"]) if "code" in vector else answer["said"] == vector["root"], name


def test_bundles() -> None:
    log = known_log(POLICY.read_bytes())
    known = {log.origin: log}
    assert len(vectors("bundle")) > 40
    for name, vector in vectors("bundle"):
        data = vector["file"].encode("utf-8")
        account = verify_file(data, known=known)
        assert account.exit_code == vector["exit"]
        assert differences(asked_in_node(case(data, known)), account) == [], name
