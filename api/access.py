"""The one place that decides: who calls, and what they may do and see.

    caller = access.caller(authorization, cookie)
    audience = access.allow(caller, "query")

ARCHITECTURE.md 2, rule 8: only this room makes an Audience for a person.
"""

from dataclasses import dataclass, field
from typing import Literal

from ledger.audience import Audience, full


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a name for the record, how they showed it, the member they speak for, and what they may do."""

    name: str
    kind: Literal["public", "token", "session"]
    member: str | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)


class Access:
    """Decides for every route and verb."""

    def caller(self, authorization: str | None, cookie: str | None) -> Caller:
        """Who sends these headers; `InputError` where they are no good."""
        return Caller("public", "public")

    def allow(self, caller: Caller, verb: str, subject: object = None) -> Audience:
        """What the caller may see when it does this; `InputError("access-denied")` where it may not."""
        return full()
