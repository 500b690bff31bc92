"""By which rule a tank or silo is followed, and who declared it: whoever asks, or the member that draws from it.

- A *vessel* is the object that events pour into and draw from. Its rule may change: it is asked for at each drawing.
- What who asks declares counts before what master data holds (`AskedMixing`), for all of a vessel's time.
- Where nobody declared any, what a drawing holds is everything that was ever poured in before it.

    AskedMixing({"https://coop.example/tank/7": "fifo"}).of(["https://coop.example/tank/7"])

docs/adr/0045-the-rule-of-a-vessel-is-kept-with-its-site.md.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from ledger.lots.step import Step

Rule = Literal["cycle", "fifo"]
RULES: tuple[Rule, ...] = ("cycle", "fifo")


@dataclass(frozen=True, slots=True)
class Declared:
    """A rule, and where it comes from: `asked` by who asks, or the `master` data of a site (its canonical URI, and the
    entry that says it; None where they may not be shown)."""

    rule: Rule
    source: Literal["asked", "master"] = "asked"
    site: str | None = None
    index: int | None = None


RuleOf = Callable[[Step], Declared | None]
"""The rule of a vessel at a drawing; None where nobody declared any for that time."""


class Mixing(Protocol):
    """What is declared of vessels."""

    def of(self, uris: Collection[str]) -> Mapping[str, RuleOf]:
        """The rules of those of these objects (canonical URIs) for which any was ever declared."""
        ...


class AskedMixing:
    """The rules that who asks gives, and for every other vessel what somebody else knows."""

    def __init__(self, rules: Mapping[str, Rule], others: Mixing | None = None) -> None:
        self._rules, self._others = rules, others

    def of(self, uris: Collection[str]) -> Mapping[str, RuleOf]:
        """The rules of these objects."""
        found = {uri: _always(Declared(self._rules[uri])) for uri in uris if uri in self._rules}
        rest = [uri for uri in uris if uri not in found]
        return {**(self._others.of(rest) if self._others is not None and rest else {}), **found}


def _always(declared: Declared) -> RuleOf:
    return lambda _: declared


UNDECLARED = AskedMixing({})


@dataclass(frozen=True, slots=True)
class Followed:
    """A vessel that a trace met, and a rule by which drawings from it were followed; None: all that was ever poured."""

    uri: str
    declared: Declared | None


def mixed(followed: Followed) -> dict[str, str | int | None]:
    """The same as JSON: the rule, `all` where nobody declared any, and where it comes from."""
    declared = followed.declared
    if declared is None:
        return {"id": followed.uri, "rule": "all", "source": "none", "site": None, "entry": None}
    where = {"source": declared.source, "site": declared.site, "entry": declared.index}
    return {"id": followed.uri, "rule": declared.rule, **where}
