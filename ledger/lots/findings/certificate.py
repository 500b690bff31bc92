"""Certificates that did not hold when it counted: on the day of the harvest, not today.

- A lot stands under a certificate where the event that makes it says so (`certificationInfo`). Else it does where its
  GTIN is in the scope of certificates that the same member keeps, of every site or of the place of the event: one of
  each scheme must have held, for a renewed certificate has another number.
- A reference to a certificate that nobody keeps as master data is no finding: it may be kept elsewhere.
- The day is that of the harvest: the first and the last one the event names, else those of the lots it was made from,
  else that of the event itself.
- KNOWN LIMIT: harvest dates are looked for in the event and one step before it; a lot that was mixed twice is held
  against the date of its event.

    certificate-not-valid

FORMATS section 6, no. 11; docs/adr/0035-master-data-as-of-a-time.md.
"""

from collections.abc import Iterator, Sequence

from ledger.lots.findings.found import Case, Found, causes
from ledger.lots.findings.masters import Scope, holds_on
from ledger.lots.master import Version
from ledger.lots.step import Step
from schemas.epcis.instant import written
from schemas.master.validity import day

_TRADE_ITEM = "https://id.gs1.org/01/"
_GTIN_END = len(_TRADE_ITEM) + 14


def not_valid(case: Case) -> Iterator[Found]:
    """The certificate that a lot stands under did not hold on its harvest date."""
    for step in case.births():
        days, told = _days(case, step)
        for name, versions in certificates(case, step, case.subject):
            bad = next((each for each in days if not holds_on(versions, each)), None)
            if bad is not None:
                context = {"lot": case.subject, "certificate": name, "day": bad if day(bad) else bad[:10]}
                yield Found("certificate-not-valid", case.subject, step.index, causes(step, *told), context)


def certificates(case: Case, step: Step, uri: str) -> Iterator[tuple[str, Sequence[Version]]]:
    """The certificates that a lot made by a step stands under, each with the versions one of which must hold."""
    for claim in step.claims:
        versions = [version for version in case.masters.named.get(claim, ()) if version.type == "certificate"]
        own = [version for version in versions if version.member == step.member] or versions
        if own:
            yield claim, own
    if not step.claims and uri.startswith(_TRADE_ITEM):
        places = [uri for uri in (step.read_point, step.biz_location) if uri is not None]
        schemes: dict[str, list[Version]] = {}
        for version in case.masters.of(step.member, "certificate", uri[:_GTIN_END]):
            scope = case.masters.scopes.get(version.index, Scope())
            if not scope.sites or scope.sites.intersection(places):
                schemes.setdefault(scope.scheme, []).append(version)
        for scheme in sorted(schemes):
            yield max(schemes[scheme], key=lambda version: version.index).id, schemes[scheme]


def _days(case: Case, step: Step) -> tuple[list[str], list[Step]]:
    """The days of harvest of what the event makes, and the steps that say them."""
    if step.harvested:
        return list(step.harvested), []
    told = [birth for uri in sorted(step.moves.used) for birth in case.births(uri) if birth.harvested]
    if told:
        days = sorted({each for birth in told for each in birth.harvested})
        return [days[0], days[-1]] if len(days) > 1 else days, told
    return ([] if step.at is None else [written(step.at)]), []
