"""The quick half of the strict reader takes what is written as usual, and nothing that the other half would refuse.

That both say the same of whatever is sent is held in test_hostile_entries, where every forged entry is read by both.
"""

from hashlib import sha256
from typing import Any

import pytest

from ledger.entry.jwt import parse_jwt
from ledger.entry.parse import wire_disclosures
from ledger.entry.plain import Trees, read_plain
from schemas.syntax.json_text import Number
from tests.ledger.entry.test_issue import issue
from tests.vectors.make_entry_vectors import Forge

EVENT = {"@context": ["https://example.org/c"], "type": "ObjectEvent", "action": "OBSERVE"}
USUAL: list[dict[str, Any]] = [
    {},
    {"quantityList": [{"epcClass": "urn:x:1", "quantity": Number("1.50"), "uom": "KGM"}], "epcList": []},
    {"ilmd": {"a:b": [Number("1"), {"c": None}], "d": {}}, "x:y": {"z": True}, "readPoint": {"id": "urn:x:2"}},
    {"persistentDisposition": {"set": ["a"], "unset": []}, "n": Number("-1e9"), "list": [["a"], []], "empty": {}},
    {"sensorElementList": [{"sensorReport": [{"value": Number("2.0")}]}, {"isA": "è"}]},
]


def plain(wire: bytes) -> Trees | None:
    texts = wire_disclosures(wire)
    payload = parse_jwt(wire.partition(b"~")[0]).payload
    return read_plain(payload["_sd"], texts, [sha256(text).digest() for text in texts])


@pytest.mark.parametrize("members", USUAL)
def test_what_is_written_as_usual_is_plain(members: dict[str, Any]) -> None:
    trees = plain(issue(EVENT | members)[0])
    assert trees is not None
    assert trees.content == EVENT | members
    assert list(trees.content) == list(EVENT | members)


def test_a_backslash_is_plain_and_an_escaped_character_is_not() -> None:
    assert plain(issue(EVENT | {"x:y": 'a"b\\c'})[0]) is not None
    assert plain(issue(EVENT | {"x:y": "a\x01"})[0]) is None


def test_an_entry_of_which_something_is_hidden_or_given_twice_or_unasked_is_not_plain() -> None:
    wire = issue(EVENT)[0]
    for text in wire_disclosures(wire):
        assert plain(wire) is not None
        assert plain(wire.replace(b"~" + text, b"")) is None
        assert plain(wire + text + b"~") is None
    assert plain(wire + wire_disclosures(issue({"type": "x"})[0])[1] + b"~") is None


@pytest.mark.parametrize("member", ["iat", "par", "lots"])
def test_a_record_that_lacks_a_member_is_not_plain(member: str) -> None:
    def entry(values: dict[str, Any]) -> bytes:
        forge = Forge()
        record = forge.members("record", [forge.named(name, value) for name, value in values.items()])
        return forge.wire(forge.sign(forge.claims([forge.content(), record]))).encode("ascii")

    values: dict[str, Any] = {"iat": 1, "par": [], "lots": []}
    assert plain(entry(values)) is not None
    del values[member]
    assert plain(entry(values)) is None
