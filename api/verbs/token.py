"""Make, list and revoke the tokens by which programs ask (docs/adr/0023-who-may-ask.md).

made = add_token(node, "gestionale", member=iss, scopes=["capture"], days=365);  made.text
"""

from collections.abc import Sequence

from api.accounts import Accounts, MadeToken, Token
from ledger.node import Node

DEFAULT_DAYS = 365


def add_token(
    node: Node,
    name: str,
    *,
    member: str | None,
    scopes: Sequence[str],
    days: int = DEFAULT_DAYS,
    key: str | None = None,
) -> MadeToken:
    """Make a token of a member, or with `member` None the operator's; as `Accounts.add_token`."""
    return Accounts(node).add_token(name, member=member, scopes=scopes, days=days, key=key)


def list_tokens(node: Node, *, member: str | None = None) -> list[Token]:
    """Every token, or one member's, ended ones too."""
    return Accounts(node).tokens(member)


def find_token(node: Node, name: str) -> Token:
    """The token of an id or a text; `InputError("token-unknown")`."""
    return Accounts(node).token_called(name)


def revoke_token(node: Node, name: str) -> Token:
    """End a token named by its id, or by its text where that has leaked; `InputError("token-unknown")`."""
    return Accounts(node).revoke_token(name)
