"""What no entry can carry is found before anybody signs, so that it stops nobody else's group."""

import pytest

from ledger.capture import limits
from ledger.entry.issue import MAX_OBJECTS, Record, issue_private
from ledger.entry.parse import MAX_WIRE, parse_wire
from ledger.keys.signer import MemorySigner
from tests.simulator.phones import observed, unit


@pytest.mark.parametrize(("size", "codes"), [(100, []), (MAX_WIRE // 2, []), (MAX_WIRE, ["entry-wire-too-large"])])
def test_an_event_larger_than_a_wire_is_refused(size: int, codes: list[str]) -> None:
    event = observed(unit("1"), **{"ex:note": "x" * size})
    assert [problem.code for problem in limits.problems(event)] == codes
    if not codes:
        wires = issue_private(
            MemorySigner.generate(), log="example.org/log", iss="urn:uuid:5b1f6b1c-2f5f-4b2a-9d0e-0a0f3c1d2e3f",
            seq=0, prev=None, kind="event", content=event, record=Record(iat=1), salt=bytes,
        )  # fmt: skip
        assert parse_wire(wires[-1]).content == event


def test_an_event_with_more_objects_than_tags_is_refused() -> None:
    assert limits.problems(observed(*(unit(str(number)) for number in range(MAX_OBJECTS)))) == []
    (problem,) = limits.problems(observed(*(unit(str(number)) for number in range(MAX_OBJECTS + 1))))
    assert (problem.code, problem.context) == ("too-many-objects", {"count": MAX_OBJECTS + 1, "limit": MAX_OBJECTS})
