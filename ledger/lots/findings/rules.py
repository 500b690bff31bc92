"""Every rule about lots and units, and what they find about one object: pure, in an order that never changes.

- `judge` gives the findings of one object; together over all objects they are those of a ledger, each said once.
- `stand` decides what depends on the question: as of which moment, after how many days, and who records here.

    stand(judge(case), at=now, days=7, records=parties.name)
"""

from collections.abc import Callable, Iterable, Mapping

from ledger.lots.findings import certificate, identity, origin, quantity, shipment, times
from ledger.lots.findings.found import Case, Found, Rule

RULES: Mapping[str, Rule] = {
    "lot-overdrawn": quantity.overdrawn,
    "received-differs": quantity.differs,
    "yield-above-band": quantity.above_band,
    "lot-before-birth": times.before_birth,
    "time-backwards": times.backwards,
    "lot-without-origin": times.without_origin,
    "receipt-without-shipment": shipment.not_shipped,
    "shipment-not-received": shipment.not_received,
    "unit-elsewhere": shipment.elsewhere,
    "sscc-reused": identity.sscc_reused,
    "gtin-unknown": identity.gtin_unknown,
    "gln-unknown": identity.gln_unknown,
    "certificate-not-valid": certificate.not_valid,
    "certified-above-inputs": origin.above_inputs,
}
DAY = 86_400 * 1_000_000
"""In microseconds."""
DAYS = 7
"""After so many days without a receipt a shipment is one that was never received, unless the asker says otherwise."""


def judge(case: Case) -> tuple[Found, ...]:
    """What does not add up about one object, by entry and code."""
    found = [each for rule in RULES.values() for each in rule(case)]
    return tuple(sorted(found, key=lambda each: (each.index, each.code, each.causes)))


def stand(found: Iterable[Found], *, at: int, days: int = DAYS, records: Callable[[str], bool]) -> list[Found]:
    """Those that stand at a moment (microseconds since 1970), when `records(party)` says who records in this ledger."""
    return [
        each
        for each in found
        if (each.since is None or each.since + days * DAY <= at) and (each.party is None or records(each.party))
    ]
