"""SSCCs: take the next ones of a member's company prefix, and list what became of each.

- The prefix is the member's own; which, where it has several. The extension digit is 0 unless another is named.
- Take one, record the aggregation that fills the unit with it (`uri` as `parentID`), then print its label.

    take(node, member=iss)[0].sscc  ->  "095210010000000017"

docs/adr/0052-numbers-are-taken-before-they-are-recorded.md; docs/labels.md.
"""

from contextlib import suppress

from ledger import sscc
from ledger.licences import company_prefixes
from ledger.node import Node
from ledger.sscc import Series, Taken
from schemas.errors import InputError, UnavailableError


def take(
    node: Node,
    *,
    member: str,
    prefix: str | None = None,
    extension: int = 0,
    reference: str | None = None,
    count: int = 1,
) -> list[Taken]:
    """The next SSCCs of a member's, or the one that was taken for this reference.

    `InputError`: `sscc-prefix-missing`, `sscc-prefix-which`, `sscc-prefix-foreign`, and those of `ledger.sscc`.
    """
    series = Series(_prefix(node, member, prefix), extension)
    _settle(node)
    return sscc.take(node.store, series, now=int(node.clock()), reference=reference, count=count)


def list_units(node: Node, *, member: str) -> list[Taken]:
    """Every SSCC that was taken under a member's prefixes, series by series."""
    _settle(node)
    series = [each for prefix in _prefixes(node, member) for each in sscc.series_of(node.store, prefix)]
    return [taken for each in series for taken in sscc.register(node.store, each)]


def _prefix(node: Node, member: str, prefix: str | None) -> str:
    own = _prefixes(node, member)
    if prefix is not None:
        if prefix not in own:
            raise InputError("sscc-prefix-foreign", prefix=prefix[:40], known=", ".join(own) or "-")
        return prefix
    if not own:
        raise InputError("sscc-prefix-missing", member=member)
    if len(own) > 1:
        raise InputError("sscc-prefix-which", known=", ".join(own))
    return own[0]


def _prefixes(node: Node, member: str) -> tuple[str, ...]:
    known = node.registry.member(member)
    return company_prefixes([known], node.entry).prefixes if known is not None else ()


def _settle(node: Node) -> None:
    """What the read side does not hold yet is not known to be named; a number that was taken stays taken."""
    with suppress(UnavailableError):
        node.settled()
