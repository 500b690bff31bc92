"""Invitations: a link that one person may use once, within days, to choose a password.

- For a new account of a role, or (`reset`) for one that is there: whoever may make accounts need never know a password.
- The link is shown once, when it is made; kept is a digest. Opening it changes nothing, so that programs which look at
  links in mail do not use it up; choosing a password does, in one transaction with the account.
- The first start of a server makes one for an owner, for there is no default password. It is good for a day; the next
  start without an account makes another, and the one before is good no longer.

    made = invitations.invite("maria", member=iss, role="field")
    invitations.accept(made.secret, "una frase lunga e mia").name  ->  "maria"

docs/adr/0064-roles-invitations-and-who-saw-what.md.
"""

from dataclasses import dataclass

from api import passwords
from api.accounts import Account, Accounts
from api.logins import digest_of
from api.settings import DAY
from ledger.node import Node
from ledger.store import accounts as account_store
from ledger.store import invitations as store
from ledger.store.invitations import Invitation as Invitation
from schemas.errors import InputError
from schemas.syntax import base64url

DAYS, RESET_DAYS, FIRST_DAYS = 7, 1, 1
_BYTES, _MOST_SECRET, _ID_DIGITS = 32, 64, 12


@dataclass(frozen=True, slots=True)
class MadeInvitation:
    """A fresh invitation, with the secret that nobody can be told again."""

    secret: str
    invitation: Invitation

    @property
    def path(self) -> str:
        """Where it is taken, on this server."""
        return f"/invito/{self.secret}"


class Invitations:
    """The invitations of one ledger."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._accounts = Accounts(node)

    def invite(self, name: str, *, member: str | None, role: str) -> MadeInvitation:
        """Invite somebody to an account of this name; an earlier invitation to it is good no longer.

        `InputError`: `account-name`, `member-unknown`, `role-unknown`, `role-needs-member`, `account-exists`.
        """
        self._accounts.check_role(role, member)
        self._accounts.check_name(name, member)
        secret, row = self._made(name, member, role, days=DAYS)
        with self._node.store.begin() as connection:
            if account_store.account(connection, name) is not None:
                raise InputError("account-exists", name=name)
            store.put(connection, _digest(secret), row)
        return MadeInvitation(secret, row)

    def reset(self, name: str) -> MadeInvitation:
        """A link by which an account chooses another password; until then its own stands.

        `InputError("account-unknown")`.
        """
        found = self._accounts.account(name)
        secret, row = self._made(name, found.member, found.role, days=RESET_DAYS, reset=True)
        with self._node.store.begin() as connection:
            store.put(connection, _digest(secret), row)
        return MadeInvitation(secret, row)

    def first(self, member: str | None) -> MadeInvitation | None:
        """The link of a first start, for an owner; None where somebody has an account already."""
        secret, row = self._made(None, member, "owner", days=FIRST_DAYS)
        with self._node.store.begin() as connection:
            if account_store.any_account(connection):
                return None
            store.remove_nameless(connection)
            store.put(connection, _digest(secret), row)
        return MadeInvitation(secret, row)

    def listed(self, member: str | None = None) -> list[Invitation]:
        """The invitations that nobody has taken yet, or one member's, oldest first."""
        with self._node.store.read() as connection:
            return store.listed(connection, self._now(), member)

    def withdraw(self, id: str, *, member: str | None = None) -> None:
        """Take back an invitation, of one member or of any; `InputError("invitation-unknown")`."""
        if id not in {found.id for found in self.listed(member)}:
            raise InputError("invitation-unknown")
        with self._node.store.begin() as connection:
            store.remove(connection, id)

    def look(self, secret: str) -> Invitation:
        """What a link is for; `InputError("invitation-over")` where it was used, taken back, is too old or none."""
        with self._node.store.read() as connection:
            row = store.held(connection, _digest(secret), self._now())
        if row is None:
            raise InputError("invitation-over")
        return row

    def accept(self, secret: str, password: str, *, name: str = "") -> Account:
        """Take an invitation. `name`: what the account is to be called, where the invitation does not say.

        `InputError`: `invitation-over`, `password-length`, `account-name`, `account-exists`, `account-unknown`.
        """
        found = self.look(secret)
        chosen = found.name or name
        self._accounts.check_name(chosen, found.member)
        kept = passwords.hashed(password, self._node.random)
        with self._node.store.begin() as connection:
            taken = store.take(connection, _digest(secret), self._now())
            # A link of a first start is worth nothing once somebody has an account.
            if taken is None or (taken.name is None and account_store.any_account(connection)):
                raise InputError("invitation-over")
            # Whoever guessed at this name before must not keep its owner waiting now.
            account_store.forget_failures(connection, digest_of(chosen))
            if taken.reset:
                return self._accounts.put_password(connection, chosen, kept)
            return self._accounts.join(connection, chosen, kept, member=taken.member, role=taken.role)

    def _made(
        self, name: str | None, member: str | None, role: str, *, days: int, reset: bool = False
    ) -> tuple[str, Invitation]:
        secret, now = base64url.encode(self._node.random(_BYTES)), self._now()
        id = _digest(secret).hex()[:_ID_DIGITS]
        return secret, Invitation(id, name, member, role, reset, now, now + days * DAY)

    def _now(self) -> int:
        return int(self._node.clock())


def _digest(secret: str) -> bytes:
    return digest_of(secret[:_MOST_SECRET])
