"""What the office should look at: what does not add up, what is about to end, and what can record for it.

- Each part is shown to whoever may ask for it elsewhere: what a role may not read is not on its list either.
- *About to end*: certificates within sixty days, tokens within thirty. A token that nobody used for ninety days is one
  that could be ended.

    todo(visit)["findings"]  ->  ("In the shipment …", …)

docs/adr/0064-roles-invitations-and-who-saw-what.md.
"""

from collections.abc import Iterator
from typing import Any

from api.pages.shell.times import day_of, shown_day
from api.pages.shell.visit import Visit
from api.settings import DAY
from api.verbs.certificates import certificates
from api.verbs.findings import list_findings, said
from api.verbs.key import list_keys
from api.verbs.token import list_tokens

SOON, TOKEN_SOON, FORGOTTEN = 60, 30, 90
MOST_FINDINGS = 20


def todo(visit: Visit) -> dict[str, Any]:
    """The parts of the list, each empty where there is nothing to do."""
    found, more = _findings(visit)
    return {
        "findings": found,
        "more_findings": more,
        "certificates": list(_certificates(visit)) if visit.may("master") else [],
        "tokens": list(_tokens(visit)) if visit.may("token.list") else [],
        "devices": devices(visit),
    }


def _findings(visit: Visit) -> tuple[list[dict[str, Any]], bool]:
    if not visit.may("findings"):
        return [], False
    found, after = list_findings(
        visit.node, audience=visit.audience, member=visit.caller.member, limit=MOST_FINDINGS
    )  # fmt: skip
    return [said(finding, visit.language) for finding in found], after is not None


def _certificates(visit: Visit) -> Iterator[tuple[str, str, bool]]:
    """Name and last day of each own certificate that is about to end, and whether it has ended."""
    own = certificates(visit.node, audience=visit.audience, member=visit.caller.member or "", soon=SOON)
    for each in own:
        if each.soon and each.ends is not None:
            yield each.number, shown_day(each.ends, visit.language), each.over


def _tokens(visit: Visit) -> Iterator[tuple[str, str, str]]:
    """Name of each token that is about to end or that nobody uses, which of both, and the day."""
    now = int(visit.node.clock())
    for token in list_tokens(visit.node, member=visit.caller.member):
        if token.revoked is not None or token.expires <= now:
            continue
        last = token.used * DAY if token.used is not None else token.created
        if token.expires <= now + TOKEN_SOON * DAY:
            yield token.name, "token-ends", shown_day(day_of(token.expires), visit.language)
        elif last <= now - FORGOTTEN * DAY:
            yield token.name, "token-forgotten", shown_day(day_of(last), visit.language)


def devices(visit: Visit) -> list[tuple[str, str]]:
    """The keys of devices that record for the member: name, where one is known, and the key's id."""
    listed = list_keys(visit.node)
    return [
        (key.name, key.kid)
        for key in listed
        if key.role == "device" and key.member == visit.caller.member and key.end is None
    ]
