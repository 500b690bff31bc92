"""What a member's admin key says: keys added, revoked, rotated, declared compromised; members proposed and approved.

- Everything is signed inside the turn, because an admin key's lane is serial as any other.
- A new key is in the keyring before the log hears of it; an entry that is refused leaves a key that nobody admitted.
- The log's rules (`ledger.registry`) judge what is planned here exactly as they judge what comes from outside.

    registrar = Registrar(keyring, random)
    index = writer.run(lambda turn: registrar.add_key(turn, iss, "device", signer))

ARCHITECTURE.md 3.3, 3.9.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.entry.parse import parse_wire
from ledger.keys.keyring import Keyring
from ledger.keys.signature import PublicKey
from ledger.keys.signer import MemorySigner
from ledger.writer.keys import add_body
from ledger.writer.lane import Lane
from ledger.writer.offers import Offer, make_offer
from ledger.writer.turn import Turn
from schemas.errors import InputError
from schemas.syntax import base64url


@dataclass(frozen=True, slots=True)
class Registrar:
    """The admin keys of a keyring, and the randomness for salts."""

    keyring: Keyring
    random: Callable[[int], bytes]

    def admin(self, turn: Turn, iss: str) -> Lane:
        """The lane of a member's living admin key that we hold; `InputError("admin-key-missing")`."""
        for kid in reversed(self.keyring.find(iss=iss)):
            state = turn.log.registry.key_state(kid)
            if state is not None and state.role == "admin" and state.end is None:
                return Lane(self.keyring.open(kid), iss)
        raise InputError("admin-key-missing", iss=iss)

    def add_key(self, turn: Turn, iss: str, role: str, signer: MemorySigner, next_kid: str | None = None) -> int:
        """Add a key of ours to its member; an admin key commits to `next_kid`."""
        return self._say(turn, iss, "key", add_body(signer, turn.origin, iss, role, next_kid))

    def admit(self, turn: Turn, iss: str, key: PublicKey, pop: str) -> int:
        """Add the key of a device, which it keeps to itself, to its member."""
        body = {"op": "add", "kid": key.kid, "role": "device", "jwk": dict(key.jwk), "pop": pop}
        return self._say(turn, iss, "key", body)

    def revoke(self, turn: Turn, kid: str) -> int:
        """End a key at this entry's index."""
        return self._say(turn, self._owner(turn, kid), "key", {"op": "revoke", "kid": kid})

    def compromise(self, turn: Turn, kid: str, since: int) -> int:
        """End a key and make its entries from index `since` on suspect; said by another admin key of the member."""
        iss = self._owner(turn, kid)
        for other in reversed(self.keyring.find(iss=iss)):
            state = turn.log.registry.key_state(other)
            if other != kid and state is not None and state.role == "admin" and state.end is None:
                lane = Lane(self.keyring.open(other), iss)
                return _append(turn, lane, "key", {"op": "compromise", "kid": kid, "from": since})
        raise InputError("admin-key-missing", iss=iss)

    def rotate(self, turn: Turn, iss: str, later: MemorySigner) -> tuple[int, str, str]:
        """The committed next key takes over, committing to `later`; index, old kid and new kid."""
        old = self.admin(turn, iss).kid
        state = turn.log.registry.key_state(old)
        assert state is not None
        if state.next is None or state.next not in self.keyring.find(iss=iss):
            raise InputError("next-key-missing", kid=old)
        fresh = self.keyring.open(state.next)
        offer = make_offer(fresh, origin=turn.origin, iss=iss, role="admin", next_kid=later.public.kid).body()
        head = turn.lane(old)
        vouched = {} if head is None else {"seq": head[0], "head": base64url.encode(head[1])}
        del offer["iss"]
        index = _append(turn, Lane(fresh, iss), "key", {"op": "rotate", "kid": old, **offer, **vouched})
        return index, old, fresh.public.kid

    def propose_member(self, turn: Turn, by: str, offer: Offer, profile: dict[str, Any] | None) -> int:
        """Propose a member; it takes effect with the approval that completes the rule."""
        lane = self.admin(turn, by)
        return _append(turn, lane, "member", offer.body(), profile=profile, salt=self.random if profile else None)

    def propose_terms(self, turn: Turn, by: str, votes: int, witnesses: tuple[str, ...], gateway: str) -> int:
        """Propose other votes, witnesses or gateway rules."""
        return self._say(turn, by, "policy", {"votes": votes, "witnesses": list(witnesses), "gateway": gateway})

    def propose_recovery(self, turn: Turn, by: str, offer: Offer) -> int:
        """Propose that another member, whose admin keys are lost, gets the key offered."""
        body = offer.body()
        return self._say(turn, by, "key", {"op": "recover", "member": body.pop("iss"), **body})

    def approve(self, turn: Turn, by: str, leaf: bytes) -> int:
        """Vote for the proposal with this leaf hash."""
        return self._say(turn, by, "approval", {"of": base64url.encode(leaf)})

    def erasure(self, turn: Turn, by: str, erased: list[dict[str, Any]], ground: str) -> int:
        """Declare what the member erased, and on what legal ground (3.8)."""
        return self._say(turn, by, "erasure", {"erased": erased, "ground": ground})

    def _say(self, turn: Turn, iss: str, kind: str, body: dict[str, Any]) -> int:
        return _append(turn, self.admin(turn, iss), kind, body)

    @staticmethod
    def _owner(turn: Turn, kid: str) -> str:
        state = turn.log.registry.key_state(kid)
        if state is None:
            raise InputError("key-unknown", kid=kid)
        return state.iss


def _append(turn: Turn, lane: Lane, kind: str, body: dict[str, Any], **more: Any) -> int:
    entry = parse_wire(lane.public(turn.origin, turn.lane(lane.kid), kind, body, **more))
    turn.may_sign(entry)
    return turn.append(entry)
