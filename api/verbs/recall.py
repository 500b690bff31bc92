"""A recall: what it touches, where all of it is and whom to call; drills, opening and ending it.

- `recall` reports and writes nothing. `drill` signs what was reported; `open_recall` and `close_recall` record it.
- `as_of` is a day (its end) or an instant: what a drill would have shown then, by what was logged until then, and with
  the names and contacts that held then. `mixing` is as for a trace.
- The clock runs from the question to the answer; it is the ledger's own.

    recall(node, "(01)09521001002011(10)P-7", audience=full()).recall.customers

ARCHITECTURE.md 7; FORMATS 5.1 and 6.15.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from api.verbs.export_bundle import object_uri
from api.verbs.mixing import read_mixing
from ledger.audience import Audience
from ledger.custody import recalls
from ledger.custody.recalls import Changed, Drill
from ledger.lots.balance import kilograms
from ledger.lots.step import Amount
from ledger.node import Node
from ledger.readside.products import MasterProducts
from ledger.readside.recall_report import Question, Report, report
from ledger.readside.traced import like
from ledger.store import logged
from schemas.epcis.instant import since
from schemas.errors import InputError
from schemas.gs1.canonical import check
from schemas.master.validity import asked as at_moment


def recall(node: Node, lot: str, *, audience: Audience, as_of: str | None = None, mixing: Sequence[str] = ()) -> Report:
    """What a recall of a lot or unit touches. `InputError`: `lot-not-here`, `lot-not-here-near`, `lot-expected`,
    `moment-form`, `trace-mixing`, and those of `recognise`."""
    asked, uri, rules = _now(node), object_uri(lot), read_mixing(mixing)
    moment, size = _then(node, as_of)
    products = MasterProducts(node, seen_by=audience, size=size)

    def weigh(amount: Amount, uri: str, at: int | None) -> Decimal | None:
        return kilograms(amount, uri, at, products)

    question = Question(audience, asked, _members(node), size, moment, rules)
    found = report(node, uri, weigh, question, now=lambda: _now(node))
    if not found.recall.known:
        raise _not_here(node, lot, uri, audience)
    return found


def reported(node: Node, uri: str, *, audience: Audience, asked: datetime, answered: datetime, size: int) -> Report:
    """The answer that a question about a canonical URI got when the log had that many entries."""
    products = MasterProducts(node, seen_by=audience, size=size)
    question = Question(audience, asked, _members(node), size)
    return report(node, uri, lambda amount, of, at: kilograms(amount, of, at, products), question, now=lambda: answered)


def _then(node: Node, as_of: str | None) -> tuple[datetime | None, int | None]:
    """The moment that is asked about, and how many entries the log had then; None for now."""
    if as_of is None:
        return None, None
    moment = at_moment(as_of)
    node.settled()
    with node.store.read() as connection:
        return moment, logged.size_at(connection, since(moment))


def drill(
    node: Node,
    lot: str,
    *,
    audience: Audience,
    member: str | None = None,
    key: str | None = None,
    mixing: Sequence[str] = (),
) -> tuple[Report, Drill]:
    """A drill: the report, and the entry that signs its digest. `InputError` as for `recall` and `gateway_key`."""
    iss = member or node.own_member()
    kid = node.gateway_key(iss, key)
    found = recall(node, lot, audience=audience, mixing=mixing)
    return found, recalls.sign_drill(node, found, iss=iss, kid=kid)


def open_recall(
    node: Node,
    lot: str,
    reason: str,
    *,
    audience: Audience,
    member: str | None = None,
    key: str | None = None,
    warnings: str | None = None,
    mixing: Sequence[str] = (),
) -> tuple[Report, Changed]:
    """Open a recall on every affected lot and unit of a member; said again it adds what is new, or nothing. `warnings`:
    what who bought it shall do, where it is not what the notice says by itself.

    `InputError`: `recall-reason`, `recall-not-yours`, and those of `recall`.
    """
    iss = member or node.own_member()
    found = recall(node, lot, audience=audience, mixing=mixing)
    return found, recalls.open_recall(node, found, reason, iss=iss, kid=key, warnings=warnings)


def close_recall(
    node: Node, lot: str, *, audience: Audience, member: str | None = None, key: str | None = None
) -> tuple[Report, Changed]:
    """End a member's recall on everything on which it stands; `InputError("recall-not-open")`."""
    iss = member or node.own_member()
    found = recall(node, lot, audience=audience)
    return found, recalls.close_recall(node, found, iss=iss, kid=key)


def _now(node: Node) -> datetime:
    return datetime.fromtimestamp(node.clock(), UTC)


def _not_here(node: Node, lot: str, uri: str, audience: Audience) -> InputError:
    """What is said of a lot that the log does not hold; a malformed one says first what is wrong with it."""
    if not lot.strip().startswith("("):
        check(lot.strip())
    with node.store.read() as connection:
        near = like(connection, uri, seen_by=audience)
    if not near:
        return InputError("lot-not-here", lot=uri)
    return InputError("lot-not-here-near", lot=uri, near=", ".join(near))


def _members(node: Node) -> dict[str, str]:
    """The names that members have in the log, by the URIs of their GLNs."""
    names: dict[str, str] = {}
    for member in node.registry.members():
        said = None if member.profile is None else node.entry(member.profile).profile
        gln, name = (said.get("gln"), said.get("name")) if said else (None, None)
        if isinstance(gln, str) and isinstance(name, str):
            names |= {f"https://id.gs1.org/{ai}/{gln}": name for ai in ("417", "414")}
    return names
