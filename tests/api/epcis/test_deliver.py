"""Deliveries to a receiver that really listens: what it gets, and what becomes of it when it does not take it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access import Access
from api.epcis.deliver import Deliveries
from api.epcis.execution import FIRST_PAUSE, LONGEST_PAUSE, MOST_FAILURES, pause
from api.epcis.headers import EpcFormat
from api.epcis.reports import Reports
from api.epcis.signature import check
from api.epcis.standing import Agreed
from api.settings import Settings
from ledger.store import named_queries, subscriptions
from ledger.store.named_queries import NamedQuery
from ledger.store.subscriptions import Subscription
from schemas.epcis.subscription import parse_subscription
from schemas.errors import InputError
from tests.api.conftest import Consortium
from tests.simulator.cooperatives import document, harvested, lot, party, shipped
from tests.simulator.receiver import Receiver, events_of

TOKEN = "13df38d8275b13f05704629e5f1cf3d45d6132d5"
SECOND = 1_000_000


def text(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver.listening() as listening:
        yield listening


class Desk:
    """A server's deliveries over a ledger, worked by hand; subscriptions of the founder to what is harvested."""

    def __init__(self, consortium: Consortium, receiver: Receiver) -> None:
        self.consortium, self.receiver, self.node = consortium, receiver, consortium.node
        self.deliveries = self.another()
        self.name("harvest", {"EQ_bizStep": ["commissioning"]})

    def another(self, *, private: bool = True, timeout: float = 30.0) -> Deliveries:
        """Another server's deliveries, as after a restart; only one that meets a receiver that hangs is impatient."""
        access = Access(self.node, Settings())
        return Deliveries(self.node, Reports(self.node, access), private=private, timeout=timeout)

    def name(self, name: str, query: dict[str, Any], member: str | None = None) -> None:
        made = NamedQuery(self.consortium.sole if member is None else member, name, "erp", 0, json.dumps(query))
        with self.node.store.begin() as connection:
            assert named_queries.add(connection, made)

    def subscribe(
        self, query: str = "harvest", *, member: str | None = None, epc: EpcFormat = "No_Preference", **said: Any
    ) -> Subscription:
        wanted = parse_subscription({"dest": self.receiver.url, **({"stream": True} | said)})
        iss = self.consortium.sole if member is None else member
        return self.deliveries.standing.keep(Agreed(wanted, epc), member=iss, query=query, owner="erp")

    def harvest(self, *codes: str, member: str | None = None) -> None:
        for code in codes:
            self.node.capture(document(harvested(code)), member=member or self.consortium.sole)

    def work(self, deliveries: Deliveries | None = None) -> int:
        """Execute whatever is due, and count it."""
        worked = 0
        while (deliveries or self.deliveries).work_one():
            worked += 1
            assert worked < 50
        return worked

    def kept(self, item: Subscription) -> Subscription:
        with self.node.store.read() as connection:
            found = subscriptions.get(connection, item.member, item.query, item.id)
        assert found
        return found

    def later(self, seconds: float) -> None:
        self.consortium.clock.now += seconds

    @property
    def lots(self) -> list[list[str]]:
        """The lots of every document that was taken, in the order they came."""
        return [
            [event["quantityList"][0]["epcClass"].rpartition("/")[2] for event in events_of(each)]
            for each in self.receiver.documents
        ]


@pytest.fixture
def desk(consortium: Consortium, receiver: Receiver) -> Desk:
    return Desk(consortium, receiver)


def test_a_stream_gets_what_is_captured_after_it_was_made_once_and_in_order(desk: Desk) -> None:
    desk.harvest("before")
    item = desk.subscribe()
    assert desk.work() == 0
    desk.harvest("A", "B")
    desk.node.capture(document(shipped("A", to=party("9521002000016"))), member=desk.consortium.sole)
    desk.work()
    desk.harvest("C")
    desk.work()
    assert desk.work() == 0
    assert desk.lots == [["A", "B"], ["C"]]
    (first, _) = desk.receiver.documents
    assert first["type"] == "EPCISQueryDocument"
    results = first["epcisBody"]["queryResults"]
    assert (results["queryName"], results["subscriptionID"]) == ("harvest", item.id)
    assert desk.kept(item).notified == int(desk.consortium.clock.now * SECOND)


def test_what_is_sent_is_signed_with_the_token_and_the_time(desk: Desk) -> None:
    desk.subscribe(signatureToken=TOKEN)
    desk.harvest("A")
    desk.work()
    (request,) = desk.receiver.received
    now = int(desk.consortium.clock.now)
    assert check(TOKEN, request.body, request.headers["GS1-Signature"], now=now) == now
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["GS1-EPCIS-Version"] == "2.0.0"


def test_without_a_token_nothing_is_signed(desk: Desk) -> None:
    desk.subscribe()
    desk.harvest("A")
    desk.work()
    assert "GS1-Signature" not in desk.receiver.received[0].headers


@pytest.mark.parametrize("how", [500, 404, 302, 307, "hang", "cut"])
def test_what_is_not_taken_is_sent_again_later_as_the_same_document(desk: Desk, how: Any) -> None:
    desk.receiver.answers.append(how)
    item = desk.subscribe()
    desk.harvest("A")
    assert desk.work(desk.another(timeout=1.0 if how == "hang" else 30.0)) == 1
    failed = desk.kept(item)
    assert (failed.failures, failed.place, failed.notified, failed.claim) == (1, item.place, None, None)
    assert json.loads(failed.problem or "")["code"] == ("url-answered" if isinstance(how, int) else "url-unreachable")
    assert desk.work() == 0
    desk.later(FIRST_PAUSE / SECOND)
    desk.work()
    assert desk.lots == [["A"]]
    first, second = (each.document for each in desk.receiver.received)
    assert first["id"] == second["id"]
    assert (desk.kept(item).failures, desk.kept(item).problem) == (0, None)


def test_nothing_is_lost_or_repeated_over_failures_and_a_restart(desk: Desk) -> None:
    desk.receiver.answers += [503, 200, "hang"]
    item = desk.subscribe()
    desk.harvest("A")
    desk.work()
    desk.harvest("B")
    desk.later(60)
    desk.work(desk.another())
    desk.harvest("C")
    desk.work(desk.another(timeout=1.0))
    desk.later(60)
    desk.work(desk.another())
    assert desk.lots == [["A", "B"], ["C"]]
    assert desk.kept(item).failures == 0


def test_a_server_that_died_while_sending_is_followed_by_another(desk: Desk) -> None:
    item = desk.subscribe()
    desk.harvest("A")
    died = desk.another()
    claimed = died.claim()
    assert claimed
    assert desk.work() == 0
    desk.later(31)
    assert desk.work() == 1
    assert desk.lots == [["A"]]
    died.execute(claimed)
    assert desk.kept(item).failures == 0
    assert desk.kept(item).place == desk.deliveries.reports.size()


def test_a_long_execution_comes_in_documents_and_goes_on_where_one_failed(desk: Desk) -> None:
    item = desk.subscribe()
    with desk.node.store.begin() as connection:
        subscriptions.remove(connection, item.member, item.query, item.id)
        subscriptions.add(connection, replace(item, batch=2))
    desk.harvest("A", "B", "C", "D", "E")
    desk.receiver.answers += [200, 500]
    desk.work()
    assert desk.lots == [["A", "B"]]
    desk.later(60)
    desk.work()
    assert desk.lots == [["A", "B"], ["C", "D"], ["E"]]


def test_a_receiver_that_finds_a_document_too_large_gets_smaller_ones_from_then_on(desk: Desk) -> None:
    desk.receiver.most = 2
    item = desk.subscribe()
    with desk.node.store.begin() as connection:
        subscriptions.remove(connection, item.member, item.query, item.id)
        subscriptions.add(connection, replace(item, batch=5))
    desk.harvest("A", "B", "C", "D")
    desk.work()
    assert desk.lots == [["A", "B"], ["C", "D"]]
    assert desk.kept(item).batch == 2
    assert desk.kept(item).failures == 0


def test_what_went_before_a_failure_is_not_forgotten_by_it(desk: Desk) -> None:
    """The place, the smaller documents and the count of failures stand as they were when it failed."""
    desk.receiver.most = 2
    desk.receiver.answers += [200, 500]
    item = desk.subscribe()
    with desk.node.store.begin() as connection:
        subscriptions.remove(connection, item.member, item.query, item.id)
        subscriptions.add(connection, replace(item, batch=4, failures=7))
    desk.harvest("A", "B", "C", "D")
    desk.work()
    failed = desk.kept(item)
    assert (failed.batch, failed.failures) == (2, 1)
    assert failed.place > item.place
    desk.later(60)
    desk.work()
    assert desk.lots == [["A", "B"], ["C", "D"]]


def test_a_server_that_stops_lets_go_of_what_it_was_sending(desk: Desk) -> None:
    item = desk.subscribe()
    desk.harvest("A")
    stopped = desk.another()
    claimed = stopped.claim()
    assert claimed
    stopped.stop()
    stopped.execute(claimed)
    assert desk.receiver.received == []
    assert desk.kept(item).claim is None
    desk.work()
    assert desk.lots == [["A"]]


def test_a_receiver_that_finds_one_event_too_large_has_failed(desk: Desk) -> None:
    desk.receiver.most = 0
    item = desk.subscribe()
    desk.harvest("A")
    desk.work()
    assert desk.kept(item).failures == 1


def test_a_receiver_that_is_gone_for_good_is_left_alone(desk: Desk) -> None:
    desk.receiver.answers.append(410)
    item = desk.subscribe()
    desk.harvest("A")
    desk.work()
    desk.later(100_000)
    assert desk.work() == 0
    assert desk.kept(item).given_up


def test_after_failing_for_long_enough_it_is_given_up_and_shows_why(desk: Desk) -> None:
    item = desk.subscribe()
    desk.harvest("A")
    desk.receiver.answers += [500] * MOST_FAILURES
    for _ in range(MOST_FAILURES):
        assert not desk.kept(item).given_up
        assert desk.work() == 1
        desk.later(LONGEST_PAUSE / SECOND)
    found = desk.kept(item)
    assert (found.given_up, found.failures, found.place) == (True, MOST_FAILURES, item.place)
    assert json.loads(found.problem or "")["context"] == {
        "url": desk.receiver.url.partition("?")[0],
        "status": 500,
    }
    assert desk.work() == 0


def test_a_private_address_is_not_delivered_to_unless_the_operator_allows_it(desk: Desk) -> None:
    item = desk.subscribe()
    desk.harvest("A")
    assert desk.work(desk.another(private=False)) == 1
    assert desk.receiver.received == []
    assert json.loads(desk.kept(item).problem or "")["code"] == "address-private"


def test_a_schedule_is_executed_when_its_time_comes(desk: Desk) -> None:
    item = desk.subscribe(stream=False, schedule={"minute": "0"})
    desk.harvest("A", "B")
    assert desk.work() == 0
    desk.later(3600)
    assert desk.work() == 1
    desk.harvest("C")
    assert desk.work() == 0
    assert desk.lots == [["A", "B"]]
    then = desk.kept(item)
    assert then.due % (3600 * SECOND) == 0
    assert then.due > int(desk.consortium.clock.now * SECOND)
    assert then.min_time == int(desk.consortium.clock.now * SECOND)


def test_executions_missed_while_no_server_ran_are_made_up_for_once(desk: Desk) -> None:
    desk.subscribe(stream=False, schedule={"minute": "0"}, reportIfEmpty=True)
    desk.harvest("A")
    desk.later(10 * 3600)
    assert desk.work() == 1
    assert desk.lots == [["A"]]


def test_an_empty_report_is_sent_where_it_was_asked_for_and_only_there(desk: Desk) -> None:
    desk.subscribe(stream=False, schedule={"minute": "0"}, reportIfEmpty=True)
    desk.subscribe(stream=False, schedule={"minute": "0"})
    desk.subscribe(reportIfEmpty=True)
    desk.node.capture(document(shipped("A", to=party("9521002000016"))), member=desk.consortium.sole)
    desk.later(3600)
    assert desk.work() == 3
    assert desk.lots == [[]]


def test_an_initial_record_time_brings_what_was_recorded_before(desk: Desk) -> None:
    desk.harvest("A")
    desk.later(100)
    since = desk.consortium.clock.now
    desk.harvest("B")
    desk.later(100)
    desk.subscribe(initialRecordTime=text(since))
    desk.work()
    desk.harvest("C")
    desk.work()
    assert desk.lots == [["B"], ["C"]]


def test_an_initial_record_time_to_come_leaves_out_what_is_recorded_before_it(desk: Desk) -> None:
    desk.subscribe(initialRecordTime=text(desk.consortium.clock.now + 50))
    desk.harvest("A")
    desk.work()
    desk.later(50)
    desk.harvest("B")
    desk.work()
    assert desk.lots == [["B"]]


def test_a_member_is_sent_what_it_may_see_and_no_more(desk: Desk) -> None:
    luna = desk.consortium.luna
    desk.name("all", {"eventType": ["ObjectEvent"]}, member=luna)
    desk.subscribe("all", member=luna)
    desk.harvest("of-sole")
    desk.harvest("of-luna", member=luna)
    desk.node.capture(document(shipped("sent", to=party("9521002000016"))), member=desk.consortium.sole)
    desk.work()
    assert desk.lots == [["of-luna", "sent"]]


def test_the_operator_is_sent_everything(desk: Desk) -> None:
    desk.name("all", {"eventType": ["ObjectEvent"]}, member="")
    desk.subscribe("all", member="")
    desk.harvest("A")
    desk.harvest("B", member=desk.consortium.luna)
    desk.work()
    assert desk.lots == [["A", "B"]]


def test_more_events_than_the_query_allows_are_told_as_an_exception_and_passed_over(desk: Desk) -> None:
    desk.name("few", {"maxEventCount": 2})
    desk.subscribe("few")
    desk.harvest("A", "B", "C")
    desk.work()
    desk.harvest("D", "E")
    desk.work()
    problem, rest = desk.receiver.documents
    assert (problem["type"], problem["status"]) == ("epcisException:QueryTooLargeException", 413)
    assert len(events_of(rest)) == 2


def test_without_its_query_a_subscription_ends(desk: Desk) -> None:
    item = desk.subscribe()
    with desk.node.store.begin() as connection:
        named_queries.remove(connection, item.member, item.query)
    desk.harvest("A")
    desk.work()
    assert desk.receiver.received == []
    with desk.node.store.read() as connection:
        assert subscriptions.get(connection, item.member, item.query, item.id) is None


def test_only_what_has_a_name_can_be_subscribed_to(desk: Desk) -> None:
    with pytest.raises(InputError) as refused:
        desk.subscribe("nothing")
    assert refused.value.code == "query-missing"


def test_a_receiver_that_hangs_does_not_hold_up_the_others(desk: Desk) -> None:
    with Receiver.listening() as stuck:
        stuck.answers += ["hang"] * 3
        desk.subscribe(dest=stuck.url)
        desk.subscribe()
        desk.harvest("A")
        deliveries = desk.another(timeout=1.0)
        deliveries.start()
        try:
            desk.receiver.wait_for(1)
            stuck.wait_for(1)
        finally:
            deliveries.stop()
    assert desk.lots == [["A"]]


def test_neither_address_nor_token_stands_in_the_store(desk: Desk) -> None:
    item = desk.subscribe(signatureToken=TOKEN)
    kept = desk.kept(item)
    assert TOKEN.encode() not in kept.sealed
    assert b"127.0.0.1" not in kept.sealed
    assert TOKEN not in kept.options
    assert desk.deliveries.standing.agreed(kept).wanted.token == TOKEN


@given(st.integers(1, 200), st.floats(0, 1))
def test_pauses_grow_to_an_hour_and_chance_takes_at_most_half(failures: int, chance: float) -> None:
    assert FIRST_PAUSE / 2 <= pause(failures, chance) <= LONGEST_PAUSE
    assert pause(failures, 0) >= pause(failures, chance) >= pause(failures, 0) / 2
    assert pause(failures + 1, chance) >= pause(failures, chance)


def test_giving_up_takes_about_a_day() -> None:
    hours = [sum(pause(n, chance) for n in range(1, MOST_FAILURES)) / (3600 * SECOND) for chance in (0, 1)]
    assert 24 > hours[0] > hours[1] > 8
    assert pause(1, 0) == FIRST_PAUSE


def test_events_come_with_their_record_time_and_identifiers_as_they_were_sent(desk: Desk) -> None:
    desk.subscribe()
    desk.harvest("A")
    desk.work()
    (event,) = events_of(desk.receiver.documents[0])
    assert event["quantityList"][0]["epcClass"] == lot("A")
    assert event["recordTime"].startswith(text(desk.consortium.clock.now)[:19])
    assert event["eventID"].startswith("ni:///sha-256;")


def test_identifiers_are_spelled_as_the_subscriber_asked(desk: Desk) -> None:
    desk.subscribe(epc="Always_EPC_URN")
    desk.harvest("A")
    desk.work()
    (event,) = events_of(desk.receiver.documents[0])
    assert event["quantityList"][0]["epcClass"] == "urn:epc:class:lgtin:9521001.000201.A"
    assert desk.receiver.received[0].headers["GS1-EPC-Format"] == "Always_EPC_URN"


def test_a_limit_keeps_to_the_first_of_each_execution_in_their_order(desk: Desk) -> None:
    desk.name("latest", {"eventCountLimit": 2, "orderBy": "recordTime", "orderDirection": "DESC"})
    desk.subscribe("latest")
    desk.harvest("A", "B", "C")
    desk.work()
    desk.harvest("D")
    desk.work()
    assert desk.lots == [["C", "B"], ["D"]]


def test_a_limit_is_what_one_document_can_hold(desk: Desk) -> None:
    desk.name("endless", {"eventCountLimit": 1001, "orderBy": "eventTime"})
    with pytest.raises(InputError) as refused:
        desk.subscribe("endless")
    assert refused.value.code == "subscription-limit"


def test_an_address_that_was_sealed_for_another_subscription_is_not_used(desk: Desk) -> None:
    item = desk.subscribe(signatureToken=TOKEN)
    with desk.node.store.begin() as connection:
        subscriptions.remove(connection, item.member, item.query, item.id)
        subscriptions.add(connection, replace(item, id="moved"))
    desk.harvest("A")
    desk.work()
    assert desk.receiver.received == []
    assert json.loads(desk.kept(replace(item, id="moved")).problem or "")["code"] == "seal-broken"
