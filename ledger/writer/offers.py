"""A key offered for a place in a log, with proof that whoever offers it holds it (ARCHITECTURE.md 3.3).

- `pop` signs origin, member, kid, role and committed next kid, so an offer is good for one place in one log only.
- What is offered travels as a JSON object {iss, jwk, pop, next}: the new member makes it, another one proposes it.

    offer = make_offer(signer, origin=origin, iss=iss, role="admin", next_kid=later.public.kid)
    offer.body()      # {"iss": …, "jwk": …, "pop": …, "next": …}
"""

from dataclasses import dataclass
from typing import Any

from ledger.keys.signature import PublicKey, pop_message
from ledger.keys.signer import Signer
from schemas.errors import InputError
from schemas.syntax import base64url


@dataclass(frozen=True, slots=True)
class Offer:
    """An offered key: the member it is for, its proof of possession, the next kid it commits to (admin keys)."""

    iss: str
    key: PublicKey
    pop: bytes
    next_kid: str | None

    def body(self) -> dict[str, Any]:
        """The members that stand for this key in a body: {iss, jwk, pop} and `next` where there is one."""
        body: dict[str, Any] = {"iss": self.iss, "jwk": dict(self.key.jwk), "pop": base64url.encode(self.pop)}
        if self.next_kid is not None:
            body["next"] = self.next_kid
        return body


def make_offer(signer: Signer, *, origin: str, iss: str, role: str, next_kid: str | None = None) -> Offer:
    """Offer a key for a role; an admin key must commit to its next one."""
    message = pop_message(origin, iss, signer.public.kid, role, next_kid)
    return Offer(iss, signer.public, signer.sign(message), next_kid)


def read_offer(tree: Any) -> Offer:
    """The offer in a JSON tree; `InputError("offer")` unless it has exactly the members above."""
    if not isinstance(tree, dict) or set(tree) != {"iss", "jwk", "pop", "next"} or not isinstance(tree["jwk"], dict):
        raise InputError("offer")
    texts = [tree[name] for name in ("iss", "pop", "next")]
    if not all(isinstance(text, str) for text in texts):
        raise InputError("offer")
    return Offer(
        tree["iss"], PublicKey.from_jwk(tree["jwk"]), base64url.decode(tree["pop"], member="pop"), tree["next"]
    )
