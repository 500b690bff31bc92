"""A trace as JSON: the same for `filiera trace --json` and for GET /api/v1/trace.

- Times are UTC; quantities are JSON numbers with the digits that were signed; an amount without unit counts pieces.
- Names are those of the time of the event. A tank's rule says who declared it: `asked`, `master` data, or `none`.
- A step that who asks may not see is `{"index": 7, "shown": false}`.

    tree(answer)["links"][0]  ->  {"index": 7, "source": "https://…", "target": "https://…", "kind": "transformed", …}

ARCHITECTURE.md 7.
"""

from datetime import datetime
from typing import Any

from api.verbs.trace import Answer
from ledger.lots.links import Link
from ledger.lots.mixing import mixed
from ledger.lots.step import Amount, Related
from ledger.readside.traced import Correction, Told, parties, sites
from schemas.epcis.instant import written
from schemas.syntax.json_text import Number


def tree(answer: Answer) -> dict[str, Any]:
    """A page of a trace."""
    return {
        "subject": answer.subject,
        "direction": "forward" if answer.forward else "back",
        "size": answer.size,
        "whole": answer.whole,
        "lots": list(answer.lots),
        "items": list(answer.items),
        "units": list(answer.units),
        "sites": sites(answer.steps),
        "parties": parties(answer.steps),
        "steps": [_step(one) for one in answer.steps],
        "links": [_link(link) for link in answer.links],
        "corrected": [_step(one) for one in answer.corrected],
        "cycles": [list(cycle) for cycle in answer.cycles],
        "mixing": [mixed(followed) for followed in answer.mixing],
        "names": dict(answer.names),
        "not_shown": answer.not_shown,
        "next": answer.next,
    }


def _step(one: Told) -> dict[str, Any]:
    step = one.step
    if step is None:
        return {"index": one.index, "shown": False}
    said: dict[str, Any] = {
        "index": one.index,
        "shown": True,
        "eventTime": None if step.at is None else written(step.at),
        "recordTime": time(one.record_time),
        "type": step.type,
        "action": step.moves.action,
        "bizStep": step.biz_step,
        "disposition": step.disposition,
        "member": step.member,
        "readPoint": step.read_point,
        "bizLocation": step.biz_location,
        "sources": _related(step.sources),
        "destinations": _related(step.destinations),
        "transactions": _related(step.transactions),
        "objects": [{"id": flow.uri, "role": flow.role, **amount(flow.amount)} for flow in step.flows],
    }
    if one.names:
        said["names"] = dict(one.names)
    if one.correction is not None:
        said["correction"] = _correction(one.correction)
    if step.moves.correction:
        said["declaresError"] = True
    if step.repeats is not None:
        said["repeats"] = step.repeats
    return said


def _correction(found: Correction) -> dict[str, Any]:
    return {
        "index": found.index,
        "reason": found.reason,
        "author": found.author,
        "recordTime": time(found.record_time),
    }


def _link(link: Link) -> dict[str, Any]:
    said: dict[str, Any] = {"index": link.index, "source": link.source, "target": link.target, "kind": link.kind}
    return {**said, "used": amount(link.used) or None, "made": amount(link.made) or None}


def _related(found: Related) -> list[dict[str, str]]:
    return [{"type": kind, "id": uri} for kind, uri in found]


def amount(found: Amount | None) -> dict[str, Any]:
    """An amount as members of an object; none for none."""
    if found is None:
        return {}
    return {"quantity": Number(str(found.quantity)), **({"uom": found.uom} if found.uom else {})}


def time(found: datetime | None) -> str | None:
    """A time in UTC."""
    return None if found is None else found.replace(tzinfo=None).isoformat("T", "auto") + "Z"
