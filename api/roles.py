"""What a person may do: five roles, each as scopes, and for those that are narrower as the verbs that are left.

- `owner`: everything, credentials included. `office`: everything but credentials. Without a member they are the
  operator's.
- `field` adds only: it records, and sees of the ledger what everybody sees, and what came of what it recorded.
- `auditor` sees everything of the member, its access log too, and changes nothing.
- `buyer` is a *guest*: no member, but somebody whom a member invited. It sees what members gave to it or published, and
  goes by a name of its own (`guest("marta")`) wherever a member's id stands, which no member can have.

    ROLES["field"].scopes  ->  ("capture", "submit")

`api.access.RULES` says which scope a verb asks; docs/adr/0064-roles-invitations-and-who-saw-what.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.errors import InputError

SCOPES = ("capture", "query", "subscribe", "submit", "export", "admin")
_GUEST = "guest:"


@dataclass(frozen=True, slots=True)
class Role:
    """`verbs`: those of its scopes that it may use, None: all of them. `own`: it sees what it recorded itself, and
    nothing else of the member's. `guest`: it belongs to no member."""

    scopes: tuple[str, ...]
    verbs: frozenset[str] | None = None
    own: bool = False
    guest: bool = False


_SHARED = frozenset(("events", "queries", "export", "trace", "recall", "recalls", "recall.notice", "document"))
ROLES: Mapping[str, Role] = {
    "owner": Role(SCOPES),
    "office": Role(("capture", "query", "subscribe", "submit", "export")),
    "field": Role(("capture", "submit"), frozenset(("capture", "capture.jobs", "submit")), own=True),
    "auditor": Role(
        ("query", "export", "admin"),
        _SHARED
        | {
            "label", "findings", "master", "number.list", "balance", "season", "erase.list",
            "token.list", "account.list", "access.log", "office", "record", "shipments",
        },
    ),
    "buyer": Role(("query", "export"), _SHARED, guest=True),
}  # fmt: skip
NAMES = tuple(ROLES)


def known(role: str) -> str:
    """The role; `InputError("role-unknown")` where there is none of this name."""
    if role not in ROLES:
        raise InputError("role-unknown", role=role[:40], known=", ".join(NAMES))
    return role


def guest(name: str) -> str:
    """What stands for a guest where a member's id would."""
    return _GUEST + name


def guest_name(text: str) -> str | None:
    """The name of the guest that this stands for, None where it stands for none."""
    return text.removeprefix(_GUEST) if text.startswith(_GUEST) else None
