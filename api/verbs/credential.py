"""Issue a W3C credential of a lot: a member vouches, under a key of its own, for what the events of the lot say.

- Of the member's keys that are here an `export` key is preferred, which it made for this and can revoke; else its admin
  key. A server has no business with admin keys and asks for an `export` key only (`roles`).
- The credential is made from a bundle, as every paper is, for whom it is meant; the bundle brings the key's standing.

    credential(node, "(01)09520001000011(10)P-7", audience=full(), to=buyer(), language="it")

ARCHITECTURE.md 3.3 (roles), 3.9.
"""

from collections.abc import Callable, Sequence
from io import BytesIO

from api.verbs.export_bundle import everything, export_bundle
from exporters.catalogue import format_of
from exporters.formats.credential import MAY_ISSUE
from exporters.issue import issue
from exporters.write import Written
from ledger.audience import Audience, narrowed
from ledger.bundle import Direction
from ledger.keys.keyring import KeyEntry
from ledger.node import Node
from ledger.readside.named import named
from schemas.errors import InputError
from schemas.wording import Language


def credential(
    node: Node,
    lot: str,
    *,
    audience: Audience,
    to: Audience,
    language: Language,
    format: str = "credential",
    member: str | None = None,
    roles: Sequence[str] = MAY_ISSUE,
    direction: Direction | None = None,
    knows: Callable[[str | int], bool] = everything,
) -> Written:
    """The credential of a member (default: the one whose key is here). `audience`: who asks; `to`: whom it is for.

    `InputError`: `credential-key-missing`, `member-ambiguous`, `format-unknown`, `export-not-issued`, and those of
    `export_bundle` and `exporters.issue.issue`.
    """
    chosen = format_of(format)
    if chosen.issued is None:
        raise InputError("export-not-issued", format=format)
    key = _key(node, member, roles)
    bundle = export_bundle(
        node, lot, direction=direction or chosen.direction, audience=narrowed(audience, to), knows=knows,
        naming=named(node, audience), keys=(key.kid,),
    )  # fmt: skip
    data = issue(chosen, bundle, node.keyring.open(key.kid), key.iss, language=language)
    return Written(BytesIO(data), chosen.media_type, chosen.suffix, ())


def _key(node: Node, member: str | None, roles: Sequence[str]) -> KeyEntry:
    """The newest key in force that is here, of the first role for which there is one."""
    for role in roles:
        here = [each for each in node.keyring.entries if each.role == role and _stands(node, each.kid)]
        found = [each for each in here if member in (None, each.iss)]
        if len({each.iss for each in found}) > 1:
            raise InputError("member-ambiguous", role=role)
        if found:
            return found[-1]
    raise InputError("credential-key-missing", member=member or "-")


def _stands(node: Node, kid: str) -> bool:
    key = node.registry.key_state(kid)
    return key is not None and key.end is None and key.suspect is None
