"""Tokens for programs: made, found, ended.

- A token belongs to a member, or to none: then it is the operator's and sees everything. It has a name, scopes and an
  end, and is shown once, when it is made. With the scope `capture` it is bound to one gateway key of its member, which
  that cooperative's own admin key added: what comes by the token is signed with that key and no other.
- When a token was last used is kept to the day: enough to find the forgotten ones, and one write a day.

    made = tokens.add_token("gestionale", member=iss, scopes=["capture", "query"], days=365)
    tokens.token(made.text).member

docs/adr/0023-who-may-ask.md.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from api import token_text
from api.roles import SCOPES, guest_name
from api.settings import DAY
from ledger.node import Node
from ledger.store import accounts as store
from ledger.store.accounts import TokenRow
from schemas.errors import InputError, UnavailableError

MOST_DAYS = 3660
NAME = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,100}")
"""What a token or an account may be called."""
_ID = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it may be shown: all but its text. Times are seconds since 1970, `used` the day of the last use."""

    id: str
    name: str
    member: str | None
    key: str | None
    scopes: tuple[str, ...]
    created: int
    expires: int
    used: int | None
    revoked: int | None


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A fresh token, with the text that nobody can be told again."""

    text: str
    token: Token


class Tokens:
    """The tokens of one ledger."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def add_token(
        self, name: str, *, member: str | None, scopes: Sequence[str], days: int, key: str | None = None
    ) -> MadeToken:
        """Make a token for `days` days; `member` None: the operator's. `key`: the gateway key that capture by it signs
        with (default: the member's newest in force).

        `InputError`: `account-name`, `scope-unknown`, `scopes-missing`, `token-days`, `member-unknown`,
        `capture-needs-member`, and those of `Node.gateway_key`.
        """
        scopes = _fit(scopes)
        self.check_name(name, member)
        if not 1 <= days <= MOST_DAYS:
            raise InputError("token-days", least=1, most=MOST_DAYS)
        if "capture" in scopes and member is None:
            raise InputError("capture-needs-member")
        kid = self._node.gateway_key(member, key) if "capture" in scopes and member else None
        text = token_text.make(self._node.random)
        digest = token_text.digest(text)
        now = self._now()
        row = TokenRow(token_text.id_of(digest), digest, name, member, kid, scopes, now, now + days * DAY)
        with self._node.store.begin() as connection:
            store.put_token(connection, row)
        return MadeToken(text, _shown(row))

    def tokens(self, member: str | None = None) -> list[Token]:
        """Every token, or one member's, oldest first."""
        with self._node.store.read() as connection:
            return [_shown(row) for row in store.tokens(connection, member)]

    def token_called(self, name: str) -> Token:
        """The token of an id, or whose whole text this is; `InputError("token-unknown")`."""
        id = token_text.id_of(token_text.digest(name)) if token_text.is_token(name) else name
        with self._node.store.read() as connection:
            row = store.token_by_id(connection, id) if _ID.fullmatch(id) else None
        if row is None:
            # What was typed could be a secret, so it is not said again.
            raise InputError("token-unknown")
        return _shown(row)

    def revoke_token(self, name: str) -> Token:
        """End a token, named by its id or its text; it stays listed. `InputError("token-unknown")`."""
        found = self.token_called(name)
        with self._node.store.begin() as connection:
            store.revoke_token(connection, found.id, self._now())
        return self.token_called(found.id)

    def token(self, text: str) -> Token:
        """The token that somebody shows, its use noted; `InputError`: `access-malformed`, `access-unknown-token`,
        `access-token-expired`."""
        digest = token_text.digest(text)
        with self._node.store.read() as connection:
            row = store.token(connection, digest)
        if row is None or row.revoked is not None:
            raise InputError("access-unknown-token")
        now = self._now()
        if row.expires <= now:
            raise InputError("access-token-expired")
        if row.used != now // DAY:
            # Worth a note, not a refusal: a busy or full database must not shut readers out.
            with suppress(UnavailableError), self._node.store.begin() as connection:
                store.use_token(connection, row.id, now // DAY)
        return _shown(row)

    def check_name(self, name: str, member: str | None) -> None:
        """May something be called so, and belong to this member? `InputError`: `account-name`, `member-unknown`."""
        if not NAME.fullmatch(name) or name != name.strip() or guest_name(name) is not None:
            raise InputError("account-name", most=100)
        if member is not None and self._node.registry.member(member) is None:
            raise InputError("member-unknown", iss=member[:100])

    def _now(self) -> int:
        return int(self._node.clock())


def _fit(scopes: Sequence[str]) -> tuple[str, ...]:
    """The scopes in their order, each once; `InputError`: `scope-unknown`, `scopes-missing`."""
    for scope in scopes:
        if scope not in SCOPES:
            raise InputError("scope-unknown", scope=scope[:40], known=", ".join(SCOPES))
    if not scopes:
        raise InputError("scopes-missing", known=", ".join(SCOPES))
    return tuple(scope for scope in SCOPES if scope in scopes)


def _shown(row: TokenRow) -> Token:
    return Token(
        row.id, row.name, row.member, row.kid, row.scopes, row.created, row.expires, row.used, row.revoked
    )  # fmt: skip
