"""A record that a database could not keep, or that costs minutes to judge, among good ones: it blocks none of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.entry.issue import Lot
from ledger.node import Node
from ledger.store import findings, objects
from ledger.writer.answers import Receipt
from schemas.errors import LedgerError
from tests.simulator.phones import Phone, made, observed, unit

LONG = "".join(f"{number:x}" for number in range(3000))
POISONS: dict[str, Callable[[], dict[str, Any]]] = {
    "an object with a NUL": lambda: observed("https://example.org/\0a"),
    "an object with an endless name": lambda: observed(f"https://example.org/{LONG}"),
    "a transformation with an endless name": lambda: {
        **observed(),
        "type": "TransformationEvent",
        "transformationID": f"urn:run:{LONG}",
    },
    "an eventID with an endless name": lambda: observed(eventID=f"urn:event:{LONG}"),
    "an eventID with a NUL": lambda: observed(eventID="urn:event:\0"),
    "forty thousand wrong members": lambda: observed(**{f"x{number}": 1 for number in range(40_000)}),
}


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "store")
    url: str = request.getfixturevalue("postgres_url")
    return url


def around(node: Node, name: str, poisoned: Callable[[Phone], bytes]) -> list[Receipt | LedgerError]:
    """The answers to a poisoned wire between two good ones of another phone."""
    good, bad = Phone.added(node), Phone.added(node)
    wires = [good.event(observed(unit("1"))), poisoned(bad), good.event(observed(unit("1"), minute=2))]
    return node.submit(wires)


def test_poisoned_content_blocks_nobody(location: str, tmp_path: Path) -> None:
    with made(location, tmp_path) as node:
        for name, event in POISONS.items():
            answers = around(node, name, lambda phone, event=event: phone.event(event()))  # type: ignore[misc]
            assert all(isinstance(answer, Receipt) for answer in answers), (name, answers)
            assert isinstance(answers[1], Receipt)
            node.settled()
            with node.store.read() as connection:
                assert len(findings.of(connection, answers[1].index)) <= 100
                assert not [uri for uri in objects.every(connection, limit=500) if len(uri) > 2048 or "\0" in uri]


@pytest.mark.parametrize("name", ["urn:lot:\0", f"urn:lot:{LONG}"], ids=["NUL", "endless"])
def test_a_poisoned_name_in_a_record_is_outside_the_profile(tmp_path: Path, name: str) -> None:
    def forged(phone: Phone) -> bytes:
        # Signed by a client that does not ask itself what a record may hold.
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("ledger.entry.record.keepable", lambda _: True)
            return phone.event(observed(), lots=[Lot(name, bytes(16), 0)])

    with made(str(tmp_path / "store"), tmp_path) as node:
        first, refused, last = around(node, name, forged)
        assert isinstance(first, Receipt)
        assert isinstance(last, Receipt)
        assert isinstance(refused, LedgerError)
        assert refused.code == "record-value"
