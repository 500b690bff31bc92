"""Make, list and remove the accounts of persons, and change their passwords (docs/adr/0023-who-may-ask.md).

add_account(node, "maria", "una frase lunga", member=iss, scopes=["query", "export"])
"""

from collections.abc import Sequence

from api.accounts import Account, Accounts
from ledger.node import Node


def add_account(node: Node, name: str, password: str, *, member: str | None, scopes: Sequence[str]) -> Account:
    """Make an account of a member, or with `member` None the operator's; as `Accounts.add_account`."""
    return Accounts(node).add_account(name, password, member=member, scopes=scopes)


def list_accounts(node: Node, *, member: str | None = None) -> list[Account]:
    """Every account, or one member's."""
    return Accounts(node).accounts(member)


def find_account(node: Node, name: str) -> Account:
    """The account of a name; `InputError("account-unknown")`."""
    return Accounts(node).account(name)


def remove_account(node: Node, name: str) -> None:
    """Take out an account and end its sessions; `InputError("account-unknown")`."""
    Accounts(node).remove_account(name)


def change_password(node: Node, name: str, password: str) -> None:
    """Give an account another password and end its sessions; `InputError`: `account-unknown`, `password-length`."""
    Accounts(node).change_password(name, password)
