"""Numbers of delivery notes: take the next one, list what became of each, give one up with a reason.

- The issuer is the member's own GLN, or another one under its company prefixes; the year is this one in Italy, unless
  another is named.
- Take it, record the shipping event with it (`uri`, as a `desadv` transaction), then export the papers.

    take(node, member=iss, reference="order 7").uri  ->  "urn:epcglobal:cbv:bt:9521001000017:2026-1"

DPR 472/1996; docs/adr/0052-numbers-are-taken-before-they-are-recorded.md.
"""

from contextlib import suppress
from datetime import datetime
from re import ASCII
from re import compile as pattern

from ledger import numbering
from ledger.licences import own_gln, parties_of
from ledger.lots.weeks import ROME
from ledger.node import Node
from ledger.numbering import Number, Series
from schemas.errors import InputError, UnavailableError

_PARTY = "https://id.gs1.org/417/"
_PRINTED = pattern(r"(?:([A-Z0-9]{1,8})-)?([0-9]{4})-([0-9]{1,15})", ASCII)


def take(
    node: Node,
    *,
    member: str,
    issuer: str | None = None,
    year: int | None = None,
    section: str = "",
    reference: str | None = None,
) -> Number:
    """The next number of a member's, or the one that was taken for this reference.

    `InputError`: `number-issuer-missing`, `number-issuer-foreign`, `member-unknown`, and those of `Series` and
    `numbering.take`.
    """
    series = _series(node, member, issuer, year, section)
    _settle(node)
    return numbering.take(node.store, series, now=int(node.clock()), reference=reference)


def give_up(node: Node, number: str, *, member: str, reason: str, issuer: str | None = None) -> None:
    """Say that nothing will carry a number (as printed), and why. `InputError`: `number-form`, those of `take`, and
    those of `numbering.give_up`."""
    section, year, n = _parts(number)
    series = _series(node, member, issuer, year, section)
    _settle(node)
    numbering.give_up(node.store, series, n, reason)


def list_numbers(node: Node, *, member: str, issuer: str | None = None, year: int | None = None) -> list[Number]:
    """Every number that was taken by a member, series by series; of one issuer or year only, if named."""
    found = numbering.series_of(node.store, _issuer(node, member, issuer) if issuer else None)
    own = [series for series in found if _owns(node, member, series.issuer) and year in (None, series.year)]
    _settle(node)
    return [number for series in own for number in numbering.register(node.store, series)]


def _series(node: Node, member: str, issuer: str | None, year: int | None, section: str) -> Series:
    # The year where the goods are, wherever the server is: an hour of New Year's Eve is another year in UTC.
    now = datetime.fromtimestamp(node.clock(), ROME)
    return Series(_issuer(node, member, issuer), now.year if year is None else year, section)


def _issuer(node: Node, member: str, issuer: str | None) -> str:
    if issuer is None:
        gln = own_gln(node.registry.member(member), node.entry)
        if gln is None:
            raise InputError("number-issuer-missing", member=member)
        return gln
    if not _owns(node, member, issuer):
        raise InputError("number-issuer-foreign", issuer=issuer[:40], member=member)
    return issuer


def _owns(node: Node, member: str, gln: str) -> bool:
    return parties_of(member, node.registry.member(member), node.entry).name(_PARTY + gln)


def _parts(number: str) -> tuple[str, int, int]:
    found = _PRINTED.fullmatch(number.strip())
    if found is None:
        raise InputError("number-form", value=number[:40])
    return found[1] or "", int(found[2]), int(found[3])


def _settle(node: Node) -> None:
    """What the read side does not hold yet is not known to be recorded; a number that was taken stays taken."""
    with suppress(UnavailableError):
        node.settled()
