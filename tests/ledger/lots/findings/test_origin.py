"""Certified origin: outputs never above certified inputs times yield (FORMATS 5.1 and section 7, no. 3)."""

from ledger.lots.findings.masters import Masters, Scope
from ledger.lots.master import Version
from ledger.lots.yielded import NoGoods
from tests.simulator.tale import Tale, lot, place

BIO, PLAIN, OTHER, OIL = lot("O-1"), lot("C-1", 2), lot("O-2"), lot("E-1", 3)


def gtin(uri: str) -> str:
    return uri.partition("/10/")[0]


def masters(*scopes: tuple[str, str, str], sites: frozenset[str] = frozenset()) -> Masters:
    """Certificates: (who keeps it, its scheme, the lot whose GTIN it names)."""
    named: dict[str, list[Version]] = {}
    for n, (member, _, uri) in enumerate(scopes):
        version = Version(n, member, "certificate", f"https://bio.example/certificate/{n}", "2026-01-01", None)
        named.setdefault(gtin(uri), []).append(version)
        named.setdefault(version.id, []).append(version)
    kinds = {member: frozenset({"certificate"}) for member, _, _ in scopes}
    return Masters(kinds, named, {n: Scope(scheme, sites) for n, (_, scheme, _) in enumerate(scopes)})


GROWN, MILLED = ("G", "organic", BIO), ("P", "organic", OIL)


def milled(known: Masters, oil: object, *, plain: object = 500, **more: object) -> Tale:
    """A hundred kilograms of organic olives go into a mill with others."""
    tale = Tale(known)
    tale.made("G", BIO, 100)
    tale.made("G", PLAIN, 500)
    tale.turned("P", {BIO: 100, PLAIN: plain}, {OIL: oil}, **more)
    return tale


def test_no_more_comes_out_organic_than_went_in_organic() -> None:
    assert milled(masters(GROWN, MILLED), 100).codes() == []
    (found,) = milled(masters(GROWN, MILLED), 101).found()
    assert (found.code, found.index, found.causes) == ("certified-above-inputs", 2, (0, 2))
    said = {"in": "100 KGM", "out": "101 KGM", "most": "100 KGM", "lot": OIL, "scheme": "organic"}
    assert found.context == said


def test_what_the_process_can_yield_bounds_it() -> None:
    class Mill(NoGoods):
        def commodity(self, uri: str, at: int | None) -> str | None:
            return "olive oil" if uri == OIL else "olives"

    for oil, codes in ((26, []), (27, ["certified-above-inputs"])):
        tale = milled(masters(GROWN, MILLED), oil)
        tale.goods = Mill()
        assert tale.codes() == codes


def test_a_scheme_is_held_against_itself_and_quality_systems_against_nothing() -> None:
    igp = masters(GROWN, ("P", "igp", OIL))
    assert milled(igp, 50).codes() == ["certified-above-inputs"]
    assert milled(masters(GROWN, ("P", "brcgs", OIL)), 500).codes() == []
    assert milled(masters(GROWN), 500).codes() == []


def test_the_list_of_who_processes_counts_for_inputs_too() -> None:
    assert milled(masters(("P", "organic", BIO), MILLED), 100).codes() == []
    assert milled(masters(MILLED), 1).codes() == ["certified-above-inputs"]


def test_what_the_event_refers_to_counts_before_the_scope() -> None:
    known = masters(("P", "organic", OTHER), GROWN)
    assert milled(known, 200, certificationInfo="https://bio.example/certificate/0").codes() == [
        "certified-above-inputs"
    ]
    assert milled(known, 200, certificationInfo="https://elsewhere.example/").codes() == []


def test_a_certificate_of_other_sites_makes_nothing_organic() -> None:
    sites = frozenset({place("P", 1)})
    assert milled(masters(MILLED, sites=sites), 200, bizLocation={"id": place("P", 2)}).codes() == []
    assert milled(masters(MILLED, sites=sites), 200, bizLocation={"id": place("P", 1)}).codes() == [
        "certified-above-inputs"
    ]


def test_what_was_not_weighed_is_no_finding() -> None:
    tale = Tale(masters(GROWN, MILLED))
    tale.made("G", BIO, None)
    tale.turned("P", {BIO: None}, {OIL: 50})
    assert "certified-above-inputs" not in tale.codes()


def test_an_input_from_outside_without_a_certificate_is_no_finding() -> None:
    tale = Tale(masters(MILLED))
    tale.received("P", PLAIN, 100)
    tale.turned("P", {PLAIN: 100}, {OIL: 20})
    assert "certified-above-inputs" not in tale.codes()


def test_a_run_in_several_events_is_one_process() -> None:
    run = {"transformationID": "urn:uuid:0f7a3f7e-5c3e-4b6b-9a0c-1f1d2c3b4a5d"}
    for oil, codes in ((100, []), (101, ["certified-above-inputs"])):
        tale = Tale(masters(GROWN, MILLED))
        tale.made("G", BIO, 100)
        tale.made("G", PLAIN, 500)
        tale.turned("P", {BIO: 100}, {}, **run)
        tale.turned("P", {PLAIN: 500}, {}, **run)
        tale.turned("P", {}, {OIL: oil}, **run)
        assert tale.codes() == codes
