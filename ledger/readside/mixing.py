"""The rules of tanks and silos that master data holds, as of a size of the log: who draws from a vessel declares it.

- A site names its rule and the vessels it holds for (`mixing`), none meaning the site's own identifier.
- The rule at a drawing is that of the version which held when it happened, of the member that recorded it: nobody
  declares how another's tank is followed.
- It counts for every trace, whoever asks: what who asks may not see of master data is no reason to follow otherwise.
  A drawing whose time is hidden follows no rule.

    KeptMixing(connection, size).of(["https://coop.example/tank/7"])

docs/adr/0045-the-rule-of-a-vessel-is-kept-with-its-site.md.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from ledger.audience import Audience
from ledger.lots.master import Version, as_of
from ledger.lots.mixing import Declared, Followed, Rule, RuleOf
from ledger.lots.step import Step
from ledger.store import master
from ledger.store.connection import Connection
from schemas.epcis.instant import instant

ROLE_OF: Mapping[Rule, int] = {"cycle": master.CYCLE, "fifo": master.FIFO}
"""How the rule of a site stands among the names of its version."""
_RULE_OF = {role: rule for rule, role in ROLE_OF.items()}


class KeptMixing:
    """`ledger.lots.mixing.Mixing` from a store."""

    def __init__(self, connection: Connection, size: int | None = None) -> None:
        self._connection, self._size = connection, size
        self._any: bool | None = None

    def of(self, uris: Collection[str]) -> Mapping[str, RuleOf]:
        """The rules of those of these objects for which a site ever named one."""
        if self._any is None:
            self._any = master.any_mixing(self._connection)
        if not self._any:
            return {}
        sites, roles = master.mixing(self._connection, uris, before=self._size)
        rules: dict[str, dict[int, Rule]] = {}
        for index, uri, role in roles:
            rules.setdefault(uri, {})[index] = _RULE_OF[role]
        return {uri: _rule_of(sites, named) for uri, named in rules.items()}


def _rule_of(sites: Collection[Version], named: Mapping[int, Rule]) -> RuleOf:
    """The rule of one vessel, `named` being the versions that give it one."""
    about = {version.id for version in sites if version.index in named}
    by: dict[tuple[str, str], list[Version]] = {}
    for version in sites:
        if version.id in about:
            by.setdefault((version.member, version.id), []).append(version)

    def rule(drawing: Step) -> Declared | None:
        if drawing.at is None:
            return None
        at = instant(drawing.at)
        own = [as_of(versions, at) for (member, _), versions in by.items() if member == drawing.member]
        found = [version for version in own if version is not None and version.index in named]
        last = max(found, key=lambda version: version.index, default=None)
        return None if last is None else Declared(named[last.index], "master", last.id, last.index)

    return rule


def as_seen(connection: Connection, followed: Sequence[Followed], audience: Audience) -> tuple[Followed, ...]:
    """These rules without the master data that they come from, where who asks may not see that."""
    told = [one.declared.index for one in followed if one.declared and one.declared.index is not None]
    known = master.seen(connection, told, audience) if told else set()
    return tuple([_as_seen(one, known) for one in followed])


def _as_seen(one: Followed, known: set[int]) -> Followed:
    declared = one.declared
    if declared is None or declared.index is None or declared.index in known:
        return one
    return replace(one, declared=replace(declared, site=None, index=None))
