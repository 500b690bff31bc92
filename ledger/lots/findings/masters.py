"""What members keep as master data, as the rules ask for it: is this identifier known, does this certificate hold.

- A member speaks for itself: what it records is held against what it keeps. A member that keeps no products (sites,
  parties) at all is asked for none, else the first event that it captures would be full of findings.
- `named` holds the versions by every GTIN, GLN and certificate they name: a product names its GTINs at each level, a
  site and a party their GLN, a certificate itself and the products of its scope.
- Days are days of the place, and of an event only its moment in UTC is known: a version holds that held anywhere on
  Earth at that moment. A day of harvest is a day, and held against as such.

    Masters({iss: frozenset({"product"})}, {"https://id.gs1.org/01/…": [version]}).lacks(iss, "product", uri, at)

docs/adr/0035-master-data-as-of-a-time.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from ledger.lots.master import Version, holding
from schemas.epcis.instant import instant as moment
from schemas.master.validity import day, instant

_ANYWHERE = tuple(timedelta(hours=hours) for hours in (0, -12, 14))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a certificate is for, besides the products it names: its scheme, and the sites, none meaning all."""

    scheme: str = ""
    sites: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Masters:
    """Which kinds each member keeps, the versions by what they name, and the scope of certificates by index."""

    kinds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    named: Mapping[str, Sequence[Version]] = field(default_factory=dict)
    scopes: Mapping[int, Scope] = field(default_factory=dict)

    def lacks(self, member: str, kind: str, uri: str, at: int | None) -> bool:
        """Does a member that keeps things of this kind know none by this identifier at that moment?"""
        if at is None or kind not in self.kinds.get(member, ()):
            return False
        own = self.of(member, kind, uri)
        return not any(holding(own, moment(at) + shift) for shift in _ANYWHERE)

    def of(self, member: str, kind: str, uri: str) -> list[Version]:
        """The versions by which a member names something of this kind."""
        return [version for version in self.named.get(uri, ()) if version.member == member and version.type == kind]


def holds_on(versions: Sequence[Version], said: str) -> bool:
    """Does any of these hold on a day or at an instant, as written in an event?"""
    date = day(said)
    at = datetime.combine(date, time(12), UTC) if date is not None else instant(said)
    return at is not None and bool(holding(versions, at))
