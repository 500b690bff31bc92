"""The text that outsiders implement says what the code does: its example, its tables and its codes."""

import json

import pytest

from ledger.entry.claims import PRIVATE_KINDS, PUBLIC_KINDS
from ledger.entry.disclose import paths
from ledger.entry.parse import parse_wire
from ledger.entry.shape import SPLIT_LISTS, WHOLE
from schemas.syntax.base64url import decode, encode
from tests.official import ROOT
from tests.vectors.make_entry_vectors import FOLDER

TEXT = (ROOT / "docs" / "spec" / "entry.md").read_text("utf-8")
VECTORS = [json.loads(file.read_bytes()) for file in sorted(FOLDER.glob("*.json"))]


def test_the_example_is_the_vector() -> None:
    entry = parse_wire(json.loads((FOLDER / "valid-event.json").read_bytes())["entry"].encode())
    header, payload, _ = entry.jwt.raw.split(b".")
    found = paths(entry)
    element, whole = found["content", "quantityList", 0], found["content", "quantityList"]
    lines = TEXT.splitlines()
    for segment in (header, payload, element.text, whole.text):
        assert decode(segment).decode("utf-8") in lines
    for line in (element.text, whole.text, encode(element.digest), entry.jwt.identity.hex(), entry.jwt.leaf.hex()):
        assert line in lines
    assert f"`{encode(entry.claims.tags[0])}`" in TEXT


@pytest.mark.parametrize("name", sorted(PRIVATE_KINDS | PUBLIC_KINDS | SPLIT_LISTS | WHOLE))
def test_every_name_of_the_tables_is_in_the_text(name: str) -> None:
    assert f"`{name}`" in TEXT


def test_every_code_of_the_vectors_is_in_the_text_and_has_a_vector() -> None:
    for code in {vector["code"] for vector in VECTORS} - {None, "json-not-a-number"}:
        assert f"`{code}`" in TEXT, code
