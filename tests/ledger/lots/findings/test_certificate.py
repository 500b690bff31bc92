"""Certificates on the harvest date: FORMATS section 6, no. 11."""

from typing import Any

import pytest

from ledger.lots.findings.masters import Masters, Scope
from ledger.lots.master import Version
from tests.simulator.tale import Tale, lot, place

BIO, MIXED, PACKED = lot("F-1"), lot("F-2"), lot("P-1", 2)
GTIN = BIO[: len("https://id.gs1.org/01/") + 14]
CERTIFICATE, RENEWED, OTHER = (f"https://dop.example/certificate/{n}" for n in ("1", "2", "3"))


def certified(*versions: tuple[str, str, str | None], scopes: dict[int, Scope] | None = None) -> Masters:
    """Certificates of the grower with the product in their scope: (id, valid from, valid to)."""
    listed = [Version(n, "G", "certificate", id, since, until) for n, (id, since, until) in enumerate(versions)]
    named: dict[str, list[Version]] = {GTIN: listed}
    for version in listed:
        named.setdefault(version.id, []).append(version)
    return Masters({"G": frozenset({"certificate"})}, named, scopes or {})


def harvested(masters: Masters, first: str, last: str | None = None, **more: Any) -> list[str]:
    tale = Tale(masters)
    days = {"cbvmda:harvestStartDate": first, **({"cbvmda:harvestEndDate": last} if last else {})}
    tale.made("G", BIO, 100, ilmd=days, **more)
    return tale.codes()


@pytest.mark.parametrize(
    ("day", "codes"),
    [("2026-06-30", []), ("2026-07-01", ["certificate-not-valid"]), ("2025-12-31", ["certificate-not-valid"])],
)
def test_a_certificate_holds_on_the_harvest_date_or_the_lot_is_flagged(day: str, codes: list[str]) -> None:
    # Today, and on the day of the event in July, the certificate has ended whatever the day of harvest.
    assert harvested(certified((CERTIFICATE, "2026-01-01", "2026-06-30")), day) == codes


def test_the_last_day_of_a_harvest_counts_as_much_as_the_first() -> None:
    assert harvested(certified((CERTIFICATE, "2026-01-01", "2026-06-30")), "2026-06-29", "2026-07-02") == [
        "certificate-not-valid"
    ]


def test_a_renewal_under_another_number_covers_it_and_another_scheme_does_not() -> None:
    organic, brand = Scope("organic"), Scope("globalgap")
    both = ((CERTIFICATE, "2025-01-01", "2026-06-30"), (RENEWED, "2026-07-01", "2027-06-30"))
    assert harvested(certified(*both, scopes={0: organic, 1: organic}), "2026-07-01") == []
    assert harvested(certified(*both, scopes={0: organic, 1: brand}), "2026-07-01") == ["certificate-not-valid"]


def test_a_certificate_of_other_fields_says_nothing_of_this_one() -> None:
    scope = {0: Scope("organic", frozenset({place("G", 1)}))}
    masters = certified((CERTIFICATE, "2025-01-01", "2025-12-31"), scopes=scope)
    assert harvested(masters, "2026-07-01", readPoint={"id": place("G", 2)}) == []
    assert harvested(masters, "2026-07-01", readPoint={"id": place("G", 1)}) == ["certificate-not-valid"]


def test_what_an_event_refers_to_itself_counts_alone_and_what_nobody_keeps_is_no_finding() -> None:
    masters = certified((CERTIFICATE, "2025-01-01", "2025-12-31"), (OTHER, "2026-01-01", None))
    assert harvested(masters, "2026-07-01", certificationInfo=OTHER) == []
    assert harvested(masters, "2026-07-01", certificationInfo=[CERTIFICATE]) == ["certificate-not-valid"]
    assert harvested(masters, "2026-07-01", certificationInfo="https://elsewhere.example/9") == []


def test_a_packed_lot_is_held_against_the_harvest_of_what_it_was_made_from() -> None:
    masters = certified((CERTIFICATE, "2026-01-01", "2026-06-30"))
    tale = Tale(masters)
    field = tale.made(
        "G", MIXED, 100, ilmd={"own:harvestDate": "2026-07-01"}, certificationInfo="https://none.example/"
    )
    packed = tale.turned("G", {MIXED: 100}, {PACKED: 90}, certificationInfo=CERTIFICATE)
    (found,) = tale.found()
    assert (found.code, found.causes) == ("certificate-not-valid", (field, packed))
    assert found.context == {"lot": PACKED, "certificate": CERTIFICATE, "day": "2026-07-01"}
