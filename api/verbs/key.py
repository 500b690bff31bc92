"""Make, list, rotate and revoke keys; declare one compromised."""

from dataclasses import dataclass

from ledger.node import Node
from ledger.writer.membership import Said


@dataclass(frozen=True, slots=True)
class Listed:
    """A key as the log has it: since and until which index it may sign, and whether it is in this keyring,
    and under which name."""

    kid: str
    member: str
    role: str
    alg: str
    add: int
    end: int | None
    suspect: int | None
    here: bool
    name: str


def new_key(node: Node, role: str, *, member: str | None = None, alg: str = "ES256", name: str = "") -> Said:
    """Make a key and add it to its member."""
    return node.membership.new_key(
        role, member or node.own_member("admin"), alg="Ed25519" if alg == "Ed25519" else "ES256", name=name
    )


def list_keys(node: Node) -> list[Listed]:
    """Every key ever admitted, in order of admission."""
    here = {entry.kid: entry.name for entry in node.keyring.entries}
    keys = node.registry.keys()
    return [
        Listed(
            key.kid, key.iss, key.role, key.public.alg, key.add, key.end, key.suspect,
            key.kid in here, here.get(key.kid, ""),
        )
        for key in keys
    ]  # fmt: skip


def rotate(node: Node, *, member: str | None = None) -> Said:
    """The committed next admin key takes over."""
    return node.membership.rotate(member or node.own_member("admin"))


def revoke(node: Node, kid: str) -> Said:
    """End a key; what it signed stays valid."""
    return node.membership.revoke(kid)


def compromise(node: Node, kid: str, since: int) -> Said:
    """End a key and make what it signed from index `since` on suspect."""
    return node.membership.compromise(kid, since)
