"""What an event lacks is said of no official one, and of each from which something that it needs was taken."""

from functools import cache
from typing import Any

import pytest

from schemas.epcis.event import split, with_context
from schemas.epcis.lacking import lacking
from schemas.epcis.validate import event_problems
from schemas.syntax import json_text
from tests.official import official_files, present

FILES = official_files("gs1/gs1-epcis/JSON/**/*.json*")


@cache
def official_events() -> list[Any]:
    trees = [json_text.read(present(param.values[0]).read_bytes()) for param in FILES]
    sent = [split(tree) for tree in trees]
    whole: list[Any] = [with_context(each.context, event) for each in sent for event in each.events]  # type: ignore[arg-type]
    return [event for event in whole if not list(event_problems(event, 0))]


def test_no_official_event_lacks_anything() -> None:
    assert len(official_events()) == 44
    assert [pointer for event in official_events() for pointer in lacking(event)] == []


def test_what_lacks_a_member_is_no_event_by_the_schema_and_the_other_way() -> None:
    taken = 0
    for event in official_events():
        for name in event:
            left = {other: value for other, value in event.items() if other != name}
            sound = not list(event_problems(left, 0))
            assert sound == (not list(lacking(left))) or name == "@context"
            taken += not sound
    assert taken > 150


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ({}, ["/type", "/eventTime", "/eventTimeZoneOffset"]),
        ({"type": "ObjectEvent", "eventTime": "", "eventTimeZoneOffset": "", "action": ""}, ["/epcList"]),
        (
            {
                "type": "ext:Event", "eventTime": "", "eventTimeZoneOffset": "",
                "errorDeclaration": {}, "bizLocation": {"ext:a": "1"},
            },
            ["/errorDeclaration/declarationTime"],
        ),
        (
            {
                "type": "TransactionEvent", "eventTime": "", "eventTimeZoneOffset": "", "action": "DELETE",
                "bizTransactionList": [{"type": "po"}], "readPoint": {},
            },
            ["/bizTransactionList/0/bizTransaction", "/readPoint/id"],
        ),
    ],
)  # fmt: skip
def test_each_thing_that_lacks_is_named(event: Any, found: list[str]) -> None:
    assert sorted(lacking(event)) == sorted(found)
