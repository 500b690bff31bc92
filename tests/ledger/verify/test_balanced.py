"""The verdict `balanced`: what bundles show of kilograms and what they leave open, by both verifiers each time."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.audience import Audience, full, public
from ledger.prove import prove
from ledger.verify import balanced
from ledger.verify.account import Account
from ledger.verify.bundle import verify_bundle
from schemas.epcis.own_terms import NAMESPACE
from schemas.syntax.json_text import Number
from tests.attacks.forge import judged
from tests.independent.agreement import agreed
from tests.simulator.chain import GTIN, Chain
from tests.simulator.source import ConsortiumSource
from tests.simulator.weighed import Weighed, quantities, unit, uri_of

PALLET, CRATE = unit(1), unit(2)
RUN = "urn:uuid:0f7a3f7e-5c3e-4b6b-9a0c-1f1d2c3b4a5d"


def said(account: Account) -> list[str]:
    """The codes of the verdict, in order."""
    return [reason.code for reason in account.because("balanced")]


def season(used: str = "1000", made: str = "950") -> Weighed:
    """A field's lot becomes a packed one elsewhere, and is shipped on a pallet."""
    log = Weighed()
    log.make(0, A="1000")
    log.ship(0, A="1000")
    log.receive(1, A="1000")
    log.turn(1, {"A": used}, {"P": made})
    log.pack(1, PALLET, {"P": made})
    log.ship(1, PALLET)
    return log


@pytest.mark.parametrize("audience", [full(), public()], ids=lambda audience: audience.name)
@pytest.mark.parametrize("direction", ["back", "forward", "both"])
@pytest.mark.parametrize("name", ["A", "P"])
def test_what_adds_up_is_balanced_for_everybody(name: str, direction: str, audience: Audience) -> None:
    account = season().judged(name, direction, audience)  # type: ignore[arg-type]
    assert (account.verdicts["balanced"], said(account), account.exit_code) == ("yes", [], 0)


def test_a_thousand_kilograms_in_and_a_thousand_and_fifty_out_is_not_balanced() -> None:
    log = season(made="1050")
    for direction in ("back", "forward", "both"):
        account = log.judged("P", direction)  # type: ignore[arg-type]
        assert (account.verdicts["balanced"], said(account)) == ("no", ["more-out-than-in"])
    (reason,) = account.because("balanced")
    assert (reason.context["used"], reason.context["made"]) == ("1000", "1050")
    assert "1050" in reason.text("it")
    assert account.exit_code == 0
    assert log.judged("P", "back", None, "balanced").exit_code == 1


def together(log: Weighed, *units: str, kilos: str = "600") -> None:
    """A crate on a pallet, both named when they leave."""
    log.pack(0, CRATE, {"A": kilos})
    log.pack(0, PALLET, units=(CRATE,))
    log.object(0, "OBSERVE", "shipping", dict.fromkeys(units))


def unpacked(log: Weighed) -> None:
    """A crate is taken apart, and what was in it is there."""
    log.pack(0, CRATE, {"A": "1000"})
    log.object(0, "DELETE", "decommissioning", {CRATE: None})


def changed(change: Callable[[Weighed], object], subject: str = "A", direction: str = "both") -> Account:
    """The account of a log in which member 0 made 1,000 kg of A, and something more was done."""
    log = Weighed()
    log.make(0, A="1000")
    change(log)
    return log.judged(subject, direction)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda log: log.ship(0, A="1050"), "more-left-than-came"),
        (lambda log: (log.ship(0, A="600"), log.destroy(0, A="450")), "more-left-than-came"),
        (lambda log: log.ship(0, A="1.0500001 TNE"), "more-left-than-came"),
        (lambda log: log.ship(1, A="1050"), "more-taken-than-left"),
        (lambda log: (log.ship(0, A="1000"), log.receive(1, A="1050")), "more-received-than-shipped"),
        (lambda log: (log.ship(0, A="1000"), log.receive(1, A="1000"), log.ship(1, A="1050")), "more-left-than-came"),
        (lambda log: (log.pack(0, PALLET, {"A": "1050"}), log.ship(0, PALLET)), "more-left-than-came"),
        (lambda log: together(log, PALLET, CRATE, kilos="1050"), "more-left-than-came"),
    ],
)
def test_more_than_there_was_is_a_contradiction(change: Callable[[Weighed], object], code: str) -> None:
    account = changed(change)
    assert (account.verdicts["balanced"], said(account)) == ("no", [code])
    assert all(reason.text(language) for reason in account.because("balanced") for language in ("it", "en"))


@pytest.mark.parametrize(("more", "answer"), [("400", "not_shown"), ("401", "no")])
def test_what_was_in_a_crate_that_was_used_is_gone(more: str, answer: str) -> None:
    log = Weighed()
    log.make(0, A="1000")
    log.pack(0, CRATE, {"A": "600"})
    log.turn(0, {}, {"B": "590"}, inputEPCList=[CRATE])
    log.ship(0, A=more)
    assert log.judged("A", "both").verdicts["balanced"] == answer


@pytest.mark.parametrize(
    "change",
    [
        lambda log: log.ship(0, A="1 TNE"),
        lambda log: log.ship(1, A="1000"),
        lambda log: (log.ship(0, A="1000"), log.destroy(1, A="999")),
        lambda log: (log.ship(0, A="9"), log.receive(1, A="9"), log.object(1, "OBSERVE", "accepting", {"A": "9"})),
        lambda log: (log.pack(0, CRATE, {"A": "500"}), log.pack(0, PALLET, units=(CRATE,)), log.ship(0, PALLET)),
        lambda log: log.object(0, "OBSERVE", "shipping", {"A": "1000", PALLET: None}),
        lambda log: together(log, PALLET, CRATE),
        lambda log: together(log, CRATE, PALLET),
        lambda log: (log.object(0, "ADD", "commissioning", {CRATE: None}), together(log, PALLET, CRATE)),
        lambda log: (unpacked(log), log.ship(0, A="1000")),
    ],
    ids=[
        "tonnes", "elsewhere", "on its way", "accepted", "nested units", "unit beside amounts", "pallet and its crate",
        "crate and its pallet", "a crate that was commissioned", "a crate whose number was given up",
    ],
)  # fmt: skip
def test_what_was_there_may_leave(change: Callable[[Weighed], object]) -> None:
    account = changed(change)
    assert (account.verdicts["balanced"], said(account)) == ("yes", [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda log: log.ship(0, A=None), "lot-not-weighed"),
        (lambda log: log.ship(0, A="10 -"), "lot-not-weighed"),
        (lambda log: log.ship(0, A="10 XBX"), "lot-not-weighed"),
        (lambda log: (log.receive(1, A="1000"),), "stock-not-shown"),
        (lambda log: log.turn(0, {"A": "1000"}, {"B": "3 -"}), "process-not-weighed"),
        (lambda log: log.turn(0, {"A": "1000"}, {"B": "3 LTR"}), "process-not-weighed"),
        (lambda log: log.turn(0, {"A": "1000"}, {}), "process-not-weighed"),
        (lambda log: (log.pack(0, PALLET, {"A": None}), log.ship(0, PALLET)), "lot-not-weighed"),
        (lambda log: (log.pack(0, PALLET, {"A": "9"}, units=(CRATE,)), log.ship(0, PALLET)), "unit-contents-not-shown"),
    ],
)  # fmt: skip
def test_what_is_not_weighed_is_not_shown(change: Callable[[Weighed], object], code: str) -> None:
    account = changed(change)
    assert (account.verdicts["balanced"], said(account)) == ("not_shown", [code])
    assert account.exit_code == 0
    assert all(reason.text(language) for reason in account.because("balanced") for language in ("it", "en"))


def test_a_lot_that_came_from_nobody_knows_where_is_not_shown() -> None:
    log = Weighed()
    log.ship(0, A="10")
    assert said(log.judged("A")) == ["stock-not-shown"]


def test_one_event_names_no_lot_to_follow_but_its_process_is_judged() -> None:
    log = season(made="1050")
    whole = Weighed()
    whole.make(0, A="10")
    index = whole.log.size - 1
    account = agreed(prove(ConsortiumSource(whole.log), index, "back", full()), whole.known())
    assert (account.verdicts["balanced"], said(account)) == ("not_shown", ["nothing-to-balance"])
    turned = next(n for n, entry in enumerate(log.log.entries) if "TransformationEvent" in str(entry.content))
    account = agreed(prove(ConsortiumSource(log.log), turned, "back", full()), log.known())
    assert (account.verdicts["balanced"], said(account)) == ("no", ["more-out-than-in"])


def test_a_run_in_several_events_is_judged_as_one_and_only_from_its_product() -> None:
    log, run = Weighed(), {"transformationID": RUN}
    log.make(0, A="600", B="400")
    log.turn(0, {"A": "600"}, {}, **run)
    log.turn(0, {"B": "400"}, {}, **run)
    log.turn(0, {}, {"P": "1000"}, **run)
    assert said(log.judged("P", "back")) == []
    assert said(log.judged("A", "forward")) == ["run-not-whole"]
    log.turn(0, {}, {"P": "50"}, **run)
    assert said(log.judged("P", "back")) == ["more-out-than-in"]


def test_a_correction_takes_its_event_out_and_one_that_nobody_understands_leaves_it_open() -> None:
    log = Weighed()
    log.make(0, A="1000")
    typed = log._event(
        "ObjectEvent", {"action": "OBSERVE", "bizStep": "shipping", "quantityList": quantities({"A": "1050"})}
    )
    typed["eventID"] = "urn:uuid:7d9f7f5e-8f0d-4e7e-9a55-0d6c1b2a3f4e"
    log.say(0, typed)
    assert said(log.judged("A", "both")) == ["more-left-than-came"]
    log.wrong(1, typed)
    assert said(log.judged("A", "both")) == ["correction-not-read", "stock-not-shown"]
    other = Weighed()
    other.make(0, A="1000")
    other.say(0, typed)
    other.wrong(0, typed)
    other.ship(0, A="1000")
    account = other.judged("A", "both")
    assert (account.verdicts["balanced"], said(account)) == ("yes", [])


def test_what_is_said_twice_in_the_same_words_counts_once() -> None:
    log = Weighed()
    log.make(0, A="1000")
    shipped = log._event(
        "ObjectEvent", {"action": "OBSERVE", "bizStep": "shipping", "quantityList": quantities({"A": "1000"})}
    )
    log.say(0, shipped)
    log.say(0, shipped)
    assert said(log.judged("A", "both")) == []
    hidden = Audience("no place", lambda entry, path, subject: path[:2] != ("content", "eventTimeZoneOffset"))
    assert said(log.judged("A", "both", hidden)) == ["quantities-hidden"]
    log.ship(0, A="1")
    assert said(log.judged("A", "both")) == ["more-left-than-came"]


CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"filiera": NAMESPACE}]


ALIAS = [CONTEXT[0], {"scarto": NAMESPACE + "wasteKg"}]


@pytest.mark.parametrize("value", [Number("50.5"), "50.5", "molto", Number("5.05e1"), Number("-1")])
@pytest.mark.parametrize(
    ("context", "name", "known"),
    [
        (CONTEXT, "filiera:wasteKg", True),
        (CONTEXT, NAMESPACE + "wasteKg", True),
        (CONTEXT, "scarto:wasteKg", False),
        (ALIAS, "scarto", True),
        (ALIAS, "filiera:wasteKg", False),
        (CONTEXT[0], NAMESPACE + "wasteKg", True),
    ],
)
def test_what_was_lost_is_counted_where_it_is_said(context: object, name: str, known: bool, value: object) -> None:
    log = Weighed()
    log.make(0, A="1000")
    log.turn(0, {"A": "1000"}, {"P": "950"}, **{"@context": context, name: value})
    lost = str(getattr(value, "text", value)) in ("50.5", "5.05e1")
    assert said(log.judged("P")) == (["more-out-than-in"] if known and lost else [])


def test_a_loss_that_was_seen_in_a_store_leaves_less_to_ship() -> None:
    log = Weighed()
    log.make(0, A="1000")
    log.object(0, "OBSERVE", "inspecting", {"A": "1000"}, **{"@context": CONTEXT, "filiera:wasteKg": Number("2.5")})
    log.ship(0, A="997.5")
    assert said(log.judged("A", "both")) == []
    log.ship(0, A="0.001")
    assert said(log.judged("A", "both")) == ["more-left-than-came"]


def test_an_inventory_makes_no_kilogram() -> None:
    log = Weighed()
    log.make(0, A="1000")
    log.object(0, "OBSERVE", "cycle_counting", {"A": "1050"})
    log.ship(0, A="1050")
    assert said(log.judged("A", "both")) == ["more-left-than-came"]


def test_hidden_objects_and_amounts_accuse_nobody() -> None:
    log = Weighed()
    log.make(0, A="1000", B="100")
    log.turn(0, {"A": "1000", "B": "100"}, {"P": "1050"})
    assert said(log.judged("P")) == []
    kept = Audience("without B", lambda entry, path, subject: not (path[:1] == ("content",) and path[2:3] == (1,)))
    account = log.judged("P", "back", kept)
    assert account.verdicts["balanced"] == "not_shown"
    assert set(said(account)) == {"quantities-hidden"}


def test_an_entry_of_the_lot_that_is_not_opened_accuses_nobody() -> None:
    log = Weighed()
    log.make(0, A="500")
    log.make(0, A="500")
    log.ship(0, A="1000")
    second = log.log.size - 2
    hidden = Audience("not the second", lambda entry, path, subject: entry is not log.log.entries[second])
    assert said(log.judged("A", "both")) == []
    account = log.judged("A", "both", hidden)
    assert account.verdicts["balanced"] == "not_shown"
    assert "stock-not-shown" in said(account)


def test_a_bundle_that_packs_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    log = season()
    monkeypatch.setattr(balanced, "MOST_WORK", 0)
    account = verify_bundle(log.bundle("P"), known=log.known())
    assert account.verdicts["balanced"] == "not_shown"
    assert "balance-too-large" in said(account)


def test_the_chain_of_the_attacks_is_balanced() -> None:
    chain = Chain()
    assert judged(chain.bundle(), chain.known()).verdicts["balanced"] == "yes"


MEMBERS = st.integers(0, 1)
LOTS = st.sampled_from(["A", "B", "C"])
WEIGHTS = st.sampled_from(["0", "10", "10.0", "25.5", "100", "0.02 TNE", "7 -", "3 LTR", "5 XBX", "1e1", "-4", None])
DEEDS = st.one_of(
    st.tuples(st.sampled_from(["make", "ship", "receive", "destroy"]), MEMBERS, LOTS, WEIGHTS),
    st.tuples(st.just("turn"), MEMBERS, LOTS, LOTS, WEIGHTS, WEIGHTS, st.booleans()),
    st.tuples(st.just("pack"), MEMBERS, LOTS, WEIGHTS),
    st.tuples(st.just("nest"), MEMBERS),
    st.tuples(st.just("send"), MEMBERS, st.sampled_from([PALLET, CRATE])),
    st.tuples(st.just("take"), MEMBERS, st.sampled_from([PALLET, CRATE])),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(DEEDS, min_size=1, max_size=9), LOTS, st.sampled_from(["back", "forward", "both"]), st.booleans())
def test_both_verifiers_agree_on_whatever_happens(
    deeds: list[tuple[object, ...]], subject: str, direction: str, whole: bool
) -> None:
    log = Weighed(members=2)
    log.make(0, **{subject: "100"})
    for deed in deeds:
        match deed:
            case ("make" | "ship" | "receive" | "destroy" as what, member, lot, weight):
                getattr(log, str(what))(member, **{str(lot): weight})
            case ("turn", int() as member, str() as used, str() as made, a, b, through):
                run = {"transformationID": RUN} if through else {}
                log.turn(member, {used: a}, {made: b}, **run)  # type: ignore[dict-item]
            case ("pack", int() as member, str() as lot, weight):
                log.pack(member, CRATE, {lot: weight})  # type: ignore[dict-item]
            case ("nest", int() as member):
                log.pack(member, PALLET, units=(CRATE,))
            case ("send", int() as member, str() as what):
                log.ship(member, what)
            case ("take", int() as member, str() as what):
                log.receive(member, what)
    account = log.judged(subject, direction, full() if whole else public())  # type: ignore[arg-type]
    assert account.verdicts["balanced"] in ("yes", "no", "not_shown")
    assert uri_of(subject) == account.subject


def pieces(made: str = "190 -") -> Weighed:
    """Kilograms become pieces."""
    log = Weighed()
    log.make(0, A="1000")
    log.turn(0, {"A": "1000"}, {"P": made})
    return log


def test_pieces_whose_product_nobody_describes_are_not_weighed() -> None:
    assert said(pieces().judged("P")) == ["process-not-weighed"]


@pytest.mark.parametrize(("made", "answer"), [("200 -", "yes"), ("201 -", "no"), ("201 H87", "no")])
def test_pieces_weigh_what_the_bundle_says_one_holds(made: str, answer: str) -> None:
    log = pieces(made)
    log.product(0, "5 KGM")
    assert log.judged("P").verdicts["balanced"] == answer


LATER = {"begins": "2026-02-01"}
LEVEL, INNER = GTIN.removesuffix("/10/").rpartition("/")[2], "09521000000020"


@pytest.mark.parametrize(
    ("said_of", "answer"),
    [
        ([("5 KGM", {})], "yes"),
        # The last said for the same beginning corrects what was said before.
        ([("5 KGM", {}), ("6 KGM", {})], "no"),
        ([("6 KGM", {}), ("5 KGM", {})], "yes"),
        # One withdrawn was never said; what began later had not begun.
        (
            [
                ("6 KGM", {"begins": "2026-02-01"}),
                ("6 KGM", {"begins": "2026-02-01", "withdrawn": True}),
                ("5 KGM", {}),
            ],
            "yes",
        ),
        ([("6 KGM", LATER), ("5 KGM", {})], "no"),
        ([("6 KGM", {"begins": "2027-02-01"}), ("5 KGM", {})], "yes"),
        ([("6 KGM", {"begins": "2026-02-01T00:00:00+01:00"}), ("5 KGM", {})], "no"),
        # What ended says nothing more, and what it replaced does not come back.
        ([("5 KGM", {}), ("6 KGM", {"begins": "2026-02-01", "validTo": "2026-03-01"})], "not_shown"),
        ([("5 KGM", {"validTo": "2026-03-01T00:00:00Z"})], "not_shown"),
        # Litres and numbers that are none weigh nothing; nor does what is not of a product.
        ([("5 LTR", {})], "not_shown"),
        ([("0 KGM", {})], "not_shown"),
        ([(None, {"netContent": {"value": "5", "unit": "KGM"}})], "not_shown"),
        ([("5 KGM", {"type": "site"})], "not_shown"),
        ([("5 KGM", {"begins": "soon"})], "not_shown"),
        ([("5 KGM", {"validTo": "soon"})], "not_shown"),
        # A level holds so many of another.
        (
            [
                (
                    "1 KGM",
                    {
                        "gtins": [
                            {"gtin": LEVEL, "contains": {"gtin": INNER, "count": Number("6")}},
                            {"gtin": INNER},
                        ]
                    },
                )
            ],
            "no",
        ),
        (
            [
                (
                    "1 KGM",
                    {
                        "gtins": [
                            {"gtin": LEVEL, "contains": {"gtin": INNER, "count": Number("5")}},
                            {"gtin": INNER},
                        ]
                    },
                )
            ],
            "yes",
        ),
        ([("1 KGM", {"gtins": [{"gtin": LEVEL, "contains": {"gtin": LEVEL, "count": Number("5")}}]})], "not_shown"),
    ],
)
def test_what_one_piece_holds_is_as_of_the_event(said_of: list[tuple[str | None, dict[str, Any]]], answer: str) -> None:
    log = pieces("200 -")
    for holds, more in said_of:
        log.product(0, holds, **more)
    assert log.judged("P").verdicts["balanced"] == answer


def test_of_several_members_the_one_that_spoke_last_is_meant() -> None:
    log = pieces("200 -")
    log.product(1, "6 KGM", begins="2026-03-01")
    log.product(0, "5 KGM")
    assert log.judged("P").verdicts["balanced"] == "yes"


def test_kilograms_and_pieces_of_one_lot_are_held_together() -> None:
    log = Weighed()
    log.make(0, A="1000")
    log.product(0, "5 KGM")
    log.ship(0, A="201 -")
    assert said(log.judged("A", "forward")) == ["more-left-than-came"]
