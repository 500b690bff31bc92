"""Identifiers that are used twice, or that nobody keeps master data of.

- An SSCC lives once: packed, shipped, unpacked. Its packer may use it again twelve months after it was last shipped,
  not before (GS1 General Specifications, section 4.3). What comes back to the packer may be packed again.
- A member that keeps products knows the GTIN of what it makes; one that keeps sites or parties knows the places where
  it records and the parties that it names. A member that keeps none of a kind is asked for none.

    sscc-reused, gtin-unknown, gln-unknown
"""

from collections.abc import Iterator
from datetime import datetime

from ledger.lots.findings.found import Case, Found, causes
from ledger.lots.step import Step
from schemas.epcis.instant import instant, written

_UNIT = "https://id.gs1.org/00/"
_TRADE_ITEM = "https://id.gs1.org/01/"
_PLACE, _PARTY = "https://id.gs1.org/414/", "https://id.gs1.org/417/"
_GTIN_END, _GLN_END = len(_TRADE_ITEM) + 14, len(_PLACE) + 13


def sscc_reused(case: Case) -> Iterator[Found]:
    """A logistic unit was made again within twelve months of its last shipment."""
    if not case.subject.startswith(_UNIT):
        return
    gone: Step | None = None
    back = ended = lived = False
    for step in case.steps():
        if _made(case, step):
            if (
                gone is not None
                and lived
                and (step.member == gone.member or ended)
                and not back
                and _within_a_year(gone, step)
            ):
                context = {"unit": case.subject, "shipped": written(gone.at or 0), "again": written(step.at or 0)}
                yield Found("sscc-reused", case.subject, step.index, causes(gone, step), context)
                gone = None
            lived = True
        elif step.dealing == "ships" or case.subject in step.moves.used:
            gone, back, ended = step, False, case.subject in step.moves.used
        elif step.moves.receipt and gone is not None and step.member == gone.member:
            back = True


def _made(case: Case, step: Step) -> bool:
    return step.moves.birth(case.subject) and not step.moves.receipt


def _within_a_year(gone: Step, again: Step) -> bool:
    if gone.at is None or again.at is None:
        return False
    return instant(again.at) < _a_year_after(instant(gone.at))


def _a_year_after(at: datetime) -> datetime:
    leap_day = (at.month, at.day) == (2, 29)
    return at.replace(year=at.year + 1, day=28 if leap_day else at.day)


def gtin_unknown(case: Case) -> Iterator[Found]:
    """A member made a lot of a product that it does not keep, though it keeps others."""
    if not case.subject.startswith(_TRADE_ITEM):
        return
    gtin = case.subject[:_GTIN_END]
    for step in case.births():
        if case.masters.lacks(step.member, "product", gtin, step.at):
            context = {"gtin": gtin[len(_TRADE_ITEM) :], "lot": case.subject}
            yield Found("gtin-unknown", case.subject, step.index, causes(step), context)
            return


def gln_unknown(case: Case) -> Iterator[Found]:
    """A member named a place or a party that it does not keep, though it keeps others."""
    for step in case.steps():
        if not case.spokesman(step) or step.member not in case.masters.kinds:
            continue
        for kind, uri in _named(step):
            if case.masters.lacks(step.member, kind, uri, step.at):
                context = {"gln": uri[len(_PLACE) :], "kind": kind}
                yield Found("gln-unknown", case.subject, step.index, causes(step), context)


def _named(step: Step) -> list[tuple[str, str]]:
    """The places where it happened and the parties it names, each once, by GLN."""
    places = [uri[:_GLN_END] for uri in (step.read_point, step.biz_location) if uri and uri.startswith(_PLACE)]
    parties = [uri[:_GLN_END] for _, uri in (*step.sources, *step.destinations) if uri.startswith(_PARTY)]
    return list(dict.fromkeys([("site", uri) for uri in places] + [("party", uri) for uri in parties]))
