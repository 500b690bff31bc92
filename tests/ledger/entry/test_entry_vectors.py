"""The published vectors: each accepted, or refused for exactly its own reason; and made as the script says."""

import json

import pytest

from ledger.entry.parse import parse_wire, verify_entry
from ledger.keys.signature import PublicKey
from schemas.errors import LedgerError
from schemas.wording import LANGUAGES, catalogue
from tests.vectors import make_entry_vectors

MADE = make_entry_vectors.vectors()
ON_DISK = {file.name: file for file in make_entry_vectors.FOLDER.glob("*.json")}


def test_the_vectors_on_disk_are_those_the_script_makes() -> None:
    assert ON_DISK.keys() == MADE.keys()
    for name, data in MADE.items():
        assert ON_DISK[name].read_bytes() == data, name


def judge(vector: dict[str, object]) -> str | None:
    """The code of the refusal, or None."""
    key = PublicKey.from_jwk(vector["jwk"])
    try:
        verify_entry(parse_wire(str(vector["entry"]).encode("ascii")), key)
    except LedgerError as error:
        return error.code
    return None


@pytest.mark.parametrize("name", sorted(MADE))
def test_each_vector_is_judged_as_it_says(name: str) -> None:
    vector = json.loads(MADE[name])
    assert vector["valid"] is (vector["code"] is None)
    assert judge(vector) == vector["code"]


def test_every_code_that_a_vector_names_has_a_sentence_in_both_languages() -> None:
    codes = {json.loads(data)["code"] for data in MADE.values()} - {None}
    assert len(codes) > 45
    for language in LANGUAGES:
        assert codes <= catalogue(language).keys()
