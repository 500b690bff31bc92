"""Persons: accounts, invitations, roles, passwords, sessions (docs/adr/0023-who-may-ask.md, 0064).

add_account(node, "maria", "una frase lunga", member=iss, role="office")
invite(node, "anna", member=iss, role="field").path
"""

from api.accounts import Account, Accounts
from api.invitations import Invitation, Invitations, MadeInvitation
from ledger.node import Node
from ledger.store.accounts import SessionRow


def add_account(node: Node, name: str, password: str, *, member: str | None, role: str) -> Account:
    """Make an account of a member, or with `member` None the operator's; as `Accounts.add_account`."""
    return Accounts(node).add_account(name, password, member=member, role=role)


def list_accounts(node: Node, *, member: str | None = None) -> list[Account]:
    """Every account, or one member's."""
    return Accounts(node).accounts(member)


def find_account(node: Node, name: str) -> Account:
    """The account of a name; `InputError("account-unknown")`."""
    return Accounts(node).account(name)


def remove_account(node: Node, name: str) -> None:
    """Take out an account and end its sessions; `InputError`: `account-unknown`, `account-last-owner`."""
    Accounts(node).remove_account(name)


def change_role(node: Node, name: str, role: str) -> Account:
    """Give an account another role and end its sessions; as `Accounts.change_role`."""
    return Accounts(node).change_role(name, role)


def change_password(node: Node, name: str, password: str) -> None:
    """Give an account another password and end its sessions; `InputError`: `account-unknown`, `password-length`."""
    Accounts(node).change_password(name, password)


def invite(node: Node, name: str, *, member: str | None, role: str) -> MadeInvitation:
    """Invite somebody to an account; as `Invitations.invite`."""
    return Invitations(node).invite(name, member=member, role=role)


def first_owner(node: Node) -> MadeInvitation | None:
    """The link by which the first account is made, its owner; None where there is an account.

    It is an owner of the first member whose gateway key is here, for whom this server can sign; without any, the
    operator's.
    """
    here = (member.iss for member in node.registry.members() if node.keyring.find(role="gateway", iss=member.iss))
    return Invitations(node).first(next(here, None))


def reset(node: Node, name: str) -> MadeInvitation:
    """A link by which an account chooses another password; `InputError("account-unknown")`."""
    return Invitations(node).reset(name)


def list_invitations(node: Node, *, member: str | None = None) -> list[Invitation]:
    """The invitations that nobody has taken yet."""
    return Invitations(node).listed(member)


def withdraw_invitation(node: Node, id: str, *, member: str | None = None) -> None:
    """Take back an invitation; `InputError("invitation-unknown")`."""
    Invitations(node).withdraw(id, member=member)


def look_at_invitation(node: Node, secret: str) -> Invitation:
    """What a link is for; `InputError("invitation-over")`."""
    return Invitations(node).look(secret)


def accept_invitation(node: Node, secret: str, password: str, *, name: str = "") -> Account:
    """Take an invitation by choosing a password; as `Invitations.accept`."""
    return Invitations(node).accept(secret, password, name=name)


def list_sessions(node: Node, name: str) -> list[SessionRow]:
    """The sessions of an account, newest first; `InputError("account-unknown")`."""
    accounts = Accounts(node)
    return accounts.sessions(accounts.account(name).name)


def end_session(node: Node, name: str, id: str) -> None:
    """End a session of an account; `InputError`: `account-unknown`, `session-unknown`."""
    accounts = Accounts(node)
    accounts.end_session(accounts.account(name).name, id)
