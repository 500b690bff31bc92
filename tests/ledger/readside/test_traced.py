"""A trace asked of a ledger, on both databases: as of a time, for several eyes, in pages, and of what is not there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.traced_json import tree
from api.verbs.master import add
from api.verbs.trace import Answer, trace
from ledger.audience import Parties, full, member, nothing, parties
from ledger.node import Node
from ledger.readside.rebuild import rebuild
from schemas.errors import InputError
from tests.simulator.cooperatives import LUNA, document, harvested, joined, lot, shipped
from tests.simulator.cooperatives import party as cooperative
from tests.simulator.master import CASE, PARTY, SITE, party, product, site, written
from tests.simulator.phones import made

STEP = 24 * 3600.0


@pytest.fixture(params=["sqlite", "postgresql"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    sqlite = request.param == "sqlite"
    location = str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))
    with made(location, tmp_path) as node:
        yield node


def kilos(code: str, quantity: int) -> dict[str, Any]:
    return {"epcClass": lot(code), "quantity": quantity, "uom": "KGM"}


def made_of(code: str, *inputs: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "TransformationEvent", "eventTime": "2026-07-02T08:00:00Z", "eventTimeZoneOffset": "+02:00",
        "bizStep": "commissioning",
        "inputQuantityList": [kilos(each, 100) for each in inputs],
        "outputQuantityList": [kilos(code, 100 * len(inputs))], **more,
    }  # fmt: skip


def put(node: Node, *events: dict[str, Any], **how: Any) -> list[int]:
    return [item.index for item in node.capture(document(*events), **how)]


def asked(node: Node, code: str, **how: Any) -> Answer:
    return trace(node, lot(code), **{"audience": full(), **how})


def lots(answer: Answer) -> list[str]:
    return [uri.rpartition("/")[2] for uri in answer.lots]


def test_a_back_dated_event_shows_when_the_log_took_it(node: Node) -> None:
    put(node, harvested("A", eventTime="2020-01-01T00:00:00Z"))
    (said,) = tree(asked(node, "A"))["steps"]
    assert said["eventTime"] == "2020-01-01T00:00:00Z"
    assert said["recordTime"] > "2020-01-02"


def test_a_correction_stays_visible_with_reason_and_author_and_figures_follow_it(node: Node) -> None:
    put(node, harvested("A"), harvested("B"))
    wrong = made_of("P", "A", eventID="urn:uuid:c3a1de8d-0a51-4c2c-9f20-1a3a5c7f5a11")
    (index,) = put(node, wrong)
    before = node.clock()
    said = {"declarationTime": "2026-07-05T08:00:00Z", "reason": "incorrect_data"}
    node.clock = lambda: before + STEP  # type: ignore[method-assign,misc]
    put(node, {**wrong, "errorDeclaration": said}, made_of("P", "B"))
    answer = asked(node, "P")
    assert lots(answer) == ["B", "P"]
    found = {one.index: one for one in answer.corrected}
    correction = found[index].correction
    assert correction is not None
    assert (correction.reason, correction.author) == ("incorrect_data", node.own_member("admin"))


def test_as_of_a_time_the_ledger_answers_what_it_knew_then(node: Node) -> None:
    put(node, harvested("A"), harvested("B"))
    wrong = made_of("P", "A", eventID="urn:uuid:c3a1de8d-0a51-4c2c-9f20-1a3a5c7f5a12")
    put(node, wrong)
    then = _after_last(node)
    put(node, {**wrong, "errorDeclaration": {"declarationTime": "2026-07-05T08:00:00Z", "reason": "incorrect_data"}})
    put(node, made_of("P", "B"))
    assert lots(asked(node, "P")) == ["B", "P"]
    earlier = asked(node, "P", as_of=then)
    assert lots(earlier) == ["A", "P"]
    assert earlier.corrected == ()
    with pytest.raises(InputError) as refusal:
        asked(node, "P", as_of="2001-01-01")
    assert refusal.value.code == "lot-not-here-near"
    with pytest.raises(InputError) as refusal:
        asked(node, "P", as_of="last week")
    assert refusal.value.code == "moment-form"


def _after_last(node: Node) -> str:
    answer = asked(node, "P")
    times = [one.record_time for one in answer.steps if one.record_time is not None]
    return max(times).isoformat()


def test_a_lot_that_is_not_there_is_named_with_those_like_it(node: Node) -> None:
    put(node, harvested("F26175"), harvested("F26176"), harvested("ZZZZ"))
    with pytest.raises(InputError) as refusal:
        trace(node, "(01)09521001002011(10)F2617", audience=full())
    assert refusal.value.code == "lot-not-here-near"
    assert str(refusal.value.context["near"]).split(", ") == [lot("F26175"), lot("F26176")]
    with pytest.raises(InputError) as refusal:
        trace(node, "urn:example:nothing", audience=full())
    assert refusal.value.code == "lot-not-here"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(01)09521001002012(10)A", "wrong-check-digit"),
        ("https://id.gs1.org/01/09521001002012/10/A", "wrong-check-digit"),
        ("(01)0952100100201X(10)A", "gs1-character"),
        ("(01)09521001002011", "lot-expected"),
    ],
)
def test_a_malformed_code_says_which_digit(node: Node, text: str, code: str) -> None:
    with pytest.raises(InputError) as refusal:
        trace(node, text, audience=full())
    assert refusal.value.code == code


def test_pages_follow_each_other_and_are_of_one_log(node: Node) -> None:
    put(node, *(harvested(f"M{number}") for number in range(7)), made_of("P", *(f"M{number}" for number in range(7))))
    whole = [one.index for one in asked(node, "P").steps]
    first = asked(node, "P", limit=3)
    assert first.next is not None
    put(node, made_of("P", "M0", eventTime="2026-07-01T07:00:00Z"))
    second = asked(node, "P", limit=3, after=first.next)
    third = asked(node, "P", limit=3, after=second.next)
    pages = [one.index for page in (first, second, third) for one in page.steps]
    assert pages == whole
    assert third.next is None
    with pytest.raises(InputError) as refusal:
        asked(node, "P", after="3")
    assert refusal.value.code == "trace-after"


def test_a_member_sees_its_own_and_what_is_hidden_is_counted(node: Node) -> None:
    sole, luna = joined(node, "Sole"), joined(node, "Luna")
    theirs, _ = put(node, harvested("A"), harvested("P3"), member=sole)
    put(node, made_of("P", "A"), harvested("P2"), member=luna)
    audience = member(luna, Parties(), given=nothing, published=nothing)
    answer = trace(node, lot("P"), audience=audience)
    assert next((one.index, one.step is None) for one in answer.steps) == (theirs, True)
    assert answer.not_shown == 1
    assert all(link.index != theirs for link in answer.links)
    with pytest.raises(InputError) as refusal:
        trace(node, lot("P1"), audience=member(luna, Parties(), given=nothing, published=nothing))
    assert sorted(str(refusal.value.context["near"]).split(", ")) == [lot("P"), lot("P2")]


def test_rebuild_gives_the_same_traces(node: Node) -> None:
    put(node, harvested("A"), harvested("B"), made_of("P", "A", "B"))
    before = tree(asked(node, "P")), tree(asked(node, "A", forward=True))
    rebuild(node.store, node.keyring.wrapping_key)
    assert (tree(asked(node, "P")), tree(asked(node, "A", forward=True))) == before


def test_places_and_products_are_called_what_they_were_called_then(node: Node) -> None:
    case = f"https://id.gs1.org/01/{CASE}/10/K-1"
    add(node, written(product(), site(), product(validFrom="2027-01-01", name="Pesche nuove"), party()))
    packed = made_of("P", "A") | {
        "outputQuantityList": [{"epcClass": case, "quantity": 12}], "readPoint": {"id": f"{SITE}/254/reparto-2"},
    }  # fmt: skip
    put(node, harvested("A"), packed, shipped("A", to=PARTY, eventTime="2027-07-02T08:00:00Z"))
    answer = trace(node, case, audience=full(), forward=False)
    said = tree(answer)
    assert said["names"] == {case: "Pesche gialle 1 kg", lot("A"): "Pesche gialle 1 kg"}
    # The case is found by its own GTIN, a part of the place by the place's GLN, the party by its own number.
    assert said["steps"][1]["names"] == {
        case: "Pesche gialle 1 kg", lot("A"): "Pesche gialle 1 kg", f"{SITE}/254/reparto-2": "Magazzino di Termeno",
    }  # fmt: skip
    last = tree(trace(node, lot("A"), audience=full(), forward=True))["steps"][-1]
    assert last["names"] == {lot("A"): "Pesche nuove", PARTY: "Cooperativa Sole"}


def test_a_name_that_was_not_known_yet_is_not_told(node: Node) -> None:
    put(node, harvested("P"))
    then = _after_last(node)
    add(node, written(product()))
    assert tree(asked(node, "P"))["names"] == {lot("P"): "Pesche gialle 1 kg"}
    assert tree(asked(node, "P", as_of=then))["names"] == {}


def test_who_may_not_see_master_data_reads_no_names(node: Node) -> None:
    owner, other = node.own_member("admin"), joined(node, "Luna", gln=LUNA)
    add(node, written(product()), member=owner)
    put(node, harvested("P"), shipped("P", to=cooperative(LUNA)), member=owner)
    seen_by = member(other, parties(other, LUNA), given=nothing, published=nothing)
    said = tree(trace(node, lot("P"), audience=seen_by))
    assert said["names"] == {}
    assert all("names" not in step for step in said["steps"])
