"""Every kind of fault that an issue of ours lists, in its words, planted one at a time in a chain that is right.

The chain: G harvests and ships to P; P receives, packs, builds a pallet and ships it to R; R receives.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ledger.capture.judge import judge
from ledger.lots.findings.masters import Masters, Scope
from ledger.lots.findings.rules import RULES
from ledger.lots.master import Version
from tests.simulator.tale import Tale, lot, party, place, unit

FIELD, OTHER, PACKED, CARTON, PALLET, SECOND = lot("F-1"), lot("C-1", 4), lot("P-1", 2), unit(1), unit(2), unit(3)
CERTIFICATE = "https://dop.example/certificate/bio"
END = len("https://id.gs1.org/01/") + 14


def kept(until: str = "2027-12-31", *, lacking: str = "") -> Masters:
    """What P keeps: its product, its place, its buyer, and an organic certificate; without the one of this type."""
    listed = {
        "product": (PACKED[:END],), "site": (place("P"),), "party": (party("R"), party("P")),
        "certificate": (CERTIFICATE, PACKED[:END], FIELD[:END]),
    }  # fmt: skip
    named: dict[str, list[Version]] = {}
    for number, (kind, names) in enumerate(listed.items()):
        for name in names if kind != lacking else ():
            ends = until if kind == "certificate" else None
            named.setdefault(name, []).append(Version(number, "P", kind, name, "2026-01-01", ends))
    return Masters({"P": frozenset(listed)}, named, {3: Scope("organic")})


def chain(masters: Masters | None = None, *, leaving: tuple[str, ...] = (), **changed: Mapping[str, Any]) -> Tale:
    """The chain: an event for each name, except `leaving`; `changed`: other amounts, hours or members of an event."""
    tale = Tale(masters or kept())
    here = {"bizLocation": {"id": place("P")}, "readPoint": {"id": place("P")}}
    told: dict[str, Callable[..., int]] = {
        "harvest": lambda kilos=1000, hour=1, **more: tale.made(
            "G", FIELD, kilos, hour, ilmd={"cbvmda:harvestStartDate": "2026-07-01"}, **more),
        "sent": lambda kilos=1000, hour=2, **_: tale.shipped("G", FIELD, kilos, to="P", paper="1", hour=hour),
        "came": lambda kilos=1000, hour=3, **_: tale.received("P", FIELD, kilos, paper="1", hour=hour, **here),
        "packed": lambda kilos=950, hour=4, **more: tale.turned(
            "P", {FIELD: 1000}, {PACKED: kilos}, hour, **{**here, **more}),
        "built": lambda kilos=900, hour=5, **_: tale.packed("P", CARTON, {PACKED: kilos}, hour, **here),
        "stacked": lambda hour=6, **_: tale.packed("P", PALLET, {CARTON: None}, hour, **here),
        "sold": lambda hour=7, to="R", **_: tale.shipped("P", PALLET, None, to=to, paper="2", hour=hour, **here),
        "bought": lambda hour=8, **_: tale.received("R", PALLET, None, paper="2", hour=hour),
    }  # fmt: skip
    for name, tell in told.items():
        if name not in leaving:
            tell(**changed.get(name, {}))
    return tale


def test_the_chain_is_right() -> None:
    assert chain().codes() == []


def _repacked(tale: Tale) -> Tale:
    tale.packed("P", PALLET, {PACKED: 10}, 24 * 30)
    return tale


def _astray(tale: Tale) -> Tale:
    tale.packed("P", SECOND, {CARTON: None}, 6.5)
    return tale


def _mixed() -> Tale:
    """A tonne of organic fruit and half a tonne of other make 1,100 kg that are sold as organic."""
    used = [{"epcClass": uri, "quantity": much, "uom": "KGM"} for uri, much in ((FIELD, 1000), (OTHER, 500))]
    tale = chain(packed={"inputQuantityList": used, "kilos": 1100})
    tale.made("P", OTHER, 500, 3.5)
    return tale


FAULTS: Mapping[str, tuple[str, Callable[[], Tale]]] = {
    "shipped more than there was": ("lot-overdrawn", lambda: chain(sent={"kilos": 1100}, came={"kilos": 1100})),
    "received differs from shipped": ("received-differs", lambda: chain(sent={"kilos": 900}, harvest={"kilos": 900})),
    "output over the band": ("yield-above-band", lambda: chain(packed={"kilos": 1001})),
    "time backwards along an edge": ("time-backwards", lambda: chain(sent={"hour": 3.5})),
    "lot used before it exists": ("lot-before-birth", lambda: chain(harvest={"hour": 2.5})),
    "lot used that nobody made": ("lot-without-origin", lambda: chain(leaving=("harvest", "sent", "came"))),
    "receipt without shipment": ("receipt-without-shipment", lambda: chain(leaving=("sent",))),
    "shipment never received in N days": ("shipment-not-received", lambda: chain(leaving=("bought",))),
    "certificate expired on the harvest date": ("certificate-not-valid", lambda: chain(kept("2026-06-30"))),
    "more of certified origin than its inputs": ("certified-above-inputs", _mixed),
    "SSCC reused within twelve months": ("sscc-reused", lambda: _repacked(chain())),
    "a unit shipped while its contents were elsewhere": ("unit-elsewhere", lambda: _astray(chain())),
    "GTIN unknown to master data": ("gtin-unknown", lambda: chain(kept(lacking="product"))),
    "GLN unknown to master data": ("gln-unknown", lambda: chain(kept(lacking="site"))),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_every_kind_of_fault_is_found(fault: str) -> None:
    code, plant = FAULTS[fault]
    assert code in plant().codes()


def test_no_rule_is_without_a_planted_fault() -> None:
    assert {code for code, _ in FAULTS.values()} == set(RULES)


def test_signed_content_that_fails_validation_is_found_when_it_is_read() -> None:
    content = {"type": "ObjectEvent", "eventTime": "yesterday", "eventTimeZoneOffset": "+02:00", "action": "ADD"}
    assert judge(content, disclosed=True)
