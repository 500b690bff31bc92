"""Identifiers used twice or known to nobody, each with a near miss: FORMATS section 6, no. 7."""

import pytest

from ledger.lots.findings.masters import Masters
from ledger.lots.master import Version
from tests.simulator.tale import Tale, lot, party, place, unit

PACKED, PALLET = lot("P-1", 2), unit(1)
YEAR = 24 * 365


@pytest.mark.parametrize(("hours", "codes"), [(YEAR - 1, ["sscc-reused"]), (YEAR, [])])
def test_sscc_never_reused_within_12_months(hours: int, codes: list[str]) -> None:
    tale = Tale(outsiders="R")
    tale.made("P", PACKED, 100, hour=0)
    tale.packed("P", PALLET, {PACKED: 50}, hour=1)
    tale.shipped("P", PALLET, None, to="R", hour=2)
    tale.packed("P", PALLET, {PACKED: 50}, hour=2 + hours)
    assert tale.codes() == codes


def test_more_may_be_put_on_a_pallet_before_it_leaves_and_after_it_came_back() -> None:
    tale = Tale()
    tale.made("P", PACKED, 100)
    tale.packed("P", PALLET, {PACKED: 50})
    tale.packed("P", PALLET, {PACKED: 20})
    tale.shipped("P", PALLET, None, to="R", paper="1")
    tale.received("R", PALLET, None, paper="1")
    tale.shipped("R", PALLET, None, to="P", paper="2")
    tale.received("P", PALLET, None, paper="2")
    tale.packed("P", PALLET, {PACKED: 30})
    assert tale.codes() == []


def kept(kind: str, *uris: str, since: str = "2020-01-01", until: str | None = None, member: str = "P") -> Masters:
    named = {uri: [Version(9, member, kind, uri, since, until)] for uri in uris}
    return Masters({member: frozenset({kind})}, named)


def test_a_gtin_that_its_maker_does_not_keep() -> None:
    tale = Tale(kept("product", lot("", 3)[:-4]))
    made = tale.made("P", PACKED, 100)
    (found,) = tale.found()
    assert (found.code, found.index, found.context["gtin"]) == ("gtin-unknown", made, PACKED.split("/")[4])
    known = Tale(kept("product", PACKED[: len("https://id.gs1.org/01/") + 14]))
    known.made("P", PACKED, 100)
    assert known.codes() == []


def test_who_keeps_no_products_is_asked_for_none_and_nobody_for_anothers() -> None:
    tale = Tale(kept("site", place("P")))
    tale.made("P", PACKED, 100, bizLocation={"id": place("P")})
    assert tale.codes() == []
    other = Tale(kept("product", lot("", 3)[:-4], member="R"))
    other.made("P", PACKED, 100)
    assert other.codes() == []


@pytest.mark.parametrize(("since", "until"), [("2026-08-01", None), ("2020-01-01", "2026-06-01")])
def test_what_is_kept_later_or_no_more_is_unknown_at_the_time_of_the_event(since: str, until: str | None) -> None:
    tale = Tale(kept("product", PACKED[: len("https://id.gs1.org/01/") + 14], since=since, until=until))
    tale.made("P", PACKED, 100)
    assert tale.codes() == ["gtin-unknown"]


def test_a_place_and_a_party_that_the_member_does_not_keep() -> None:
    tale = Tale(kept("site", place("P")), outsiders="R")
    tale.made("P", PACKED, 100, bizLocation={"id": place("P", 7)}, readPoint={"id": f"{place('P')}/254/A"})
    (found,) = tale.found()
    assert (found.code, found.context["kind"]) == ("gln-unknown", "site")
    parties = Tale(kept("party", party("S")), outsiders="R")
    parties.made("P", PACKED, 100)
    parties.shipped("P", PACKED, 100, to="R")
    assert parties.codes() == ["gln-unknown"]
