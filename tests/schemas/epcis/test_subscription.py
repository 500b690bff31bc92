from datetime import datetime
from typing import Any

import pytest

from schemas.epcis.subscription import LONGEST_TOKEN, parse_parameters, parse_subscription
from schemas.errors import InputError
from schemas.syntax.json_text import Number

DEST = "https://client.example.com/queryCallback"


def test_the_examples_of_the_contract_are_read() -> None:
    token = "13df38d8275b13f05704629e5f1cf3d45d6132d5"
    daily = parse_subscription(
        {"dest": DEST, "signatureToken": token, "reportIfEmpty": True, "schedule": {"hour": "1", "minute": "5"}}
    )
    assert (daily.dest, daily.token, daily.report_if_empty, daily.stream) == (DEST, token, True, False)
    assert daily.schedule is not None
    assert dict(daily.schedule.said) == {"hour": "1", "minute": "5"}
    stream = parse_subscription({"dest": DEST, "signatureToken": token, "stream": True})
    assert (stream.stream, stream.report_if_empty, stream.initial_record_time) == (True, False, None)


def test_a_record_time_to_begin_with_is_read_with_its_zone() -> None:
    wanted = parse_subscription({"dest": DEST, "stream": True, "initialRecordTime": "2020-04-04T20:33:31.116-06:00"})
    assert wanted.initial_record_time == datetime.fromisoformat("2020-04-05T02:33:31.116+00:00")


def test_the_token_is_read_under_both_names_of_the_contract_and_never_shown() -> None:
    wanted = parse_subscription({"dest": DEST, "stream": True, "secret": "s3cr3t"})
    assert wanted.token == "s3cr3t"
    assert "s3cr3t" not in repr(wanted)
    assert parse_subscription({"dest": DEST, "stream": True}).token is None


def test_a_generated_client_may_say_what_it_does_not_want() -> None:
    assert parse_subscription({"dest": DEST, "stream": True, "schedule": None, "secret": None}).stream
    assert not parse_subscription({"dest": DEST, "stream": False, "schedule": {"hour": "1"}}).stream


@pytest.mark.parametrize(
    ("change", "code", "name"),
    [
        ({"dest": None}, "subscription-member-missing", "dest"),
        ({"dest": 5}, "subscription-value", "dest"),
        ({"stream": "true"}, "subscription-value", "stream"),
        ({"stream": Number("1")}, "subscription-value", "stream"),
        ({"reportIfEmpty": "false"}, "subscription-value", "reportIfEmpty"),
        ({"stream": False, "schedule": "1"}, "subscription-value", "schedule"),
        ({"initialRecordTime": "2020-04-04T20:33:31"}, "subscription-value", "initialRecordTime"),
        ({"initialRecordTime": "2020-04-04"}, "subscription-value", "initialRecordTime"),
        ({"initialRecordTime": 5}, "subscription-value", "initialRecordTime"),
        ({"initialRecordTime": "9999-12-31T23:59:59-01:00"}, "subscription-value", "initialRecordTime"),
        ({"initialRecordTime": "0001-01-01T00:00:00+01:00"}, "subscription-value", "initialRecordTime"),
        ({"reportifempty": True}, "subscription-member", "reportifempty"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], code: str, name: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_subscription({"dest": DEST, "stream": True, **change})
    assert (refused.value.code, refused.value.context["name"]) == (code, name)


@pytest.mark.parametrize(
    "when", [{}, {"stream": False}, {"stream": True, "schedule": {"hour": "1"}}, {"stream": True, "schedule": {}}]
)
def test_it_says_when_in_exactly_one_way(when: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        parse_subscription({"dest": DEST, **when})
    assert refused.value.code == "subscription-when"


@pytest.mark.parametrize(
    "tokens", [{"signatureToken": ""}, {"secret": "x" * (LONGEST_TOKEN + 1)}, {"secret": "a", "signatureToken": "b"}]
)
def test_a_token_that_cannot_sign_is_refused_without_being_repeated(tokens: dict[str, str]) -> None:
    with pytest.raises(InputError) as refused:
        parse_subscription({"dest": DEST, "stream": True, **tokens})
    assert refused.value.code == "subscription-token"
    assert refused.value.context == {"limit": LONGEST_TOKEN}


@pytest.mark.parametrize("tree", [None, [], "x", Number("1"), True])
def test_only_an_object_is_a_subscription(tree: object) -> None:
    with pytest.raises(InputError) as refused:
        parse_subscription(tree)
    assert refused.value.code == "subscription-value"


def test_a_websocket_subscribes_by_parameters_of_its_url() -> None:
    stream = parse_parameters({"stream": ["true"], "subscriptionID": ["cold-store-7"]})
    assert (stream.dest, stream.stream, stream.subscription_id) == (None, True, "cold-store-7")
    daily = parse_parameters({"minute": ["5"], "hour": ["1"], "reportIfEmpty": ["true"]})
    assert daily.schedule is not None
    assert (dict(daily.schedule.said), daily.report_if_empty) == ({"minute": "5", "hour": "1"}, True)


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({}, "subscription-when"),
        ({"stream": ["false"]}, "subscription-when"),
        ({"stream": ["true"], "hour": ["1"]}, "subscription-when"),
        ({"stream": ["yes"]}, "subscription-value"),
        ({"stream": ["true", "true"]}, "subscription-value"),
        ({"stream": ["true"], "subscriptionID": [""]}, "subscription-value"),
        ({"stream": ["true"], "subscriptionID": ["a\nb"]}, "subscription-value"),
        ({"stream": ["true"], "reportIfEmpty": [""]}, "subscription-value"),
        ({"hour": ["24"]}, "schedule-value"),
        ({"stream": ["true"], "dest": ["https://x.example"]}, "subscription-member"),
    ],
)
def test_what_a_websocket_asks_wrongly_is_refused(parameters: dict[str, list[str]], code: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_parameters(parameters)
    assert refused.value.code == code
