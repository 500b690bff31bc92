"""Keys and members as verbs: each makes the keys it needs, says one thing in the log, and answers with its index.

- Keys made here are in the keyring before the log hears of them.
- What a plan returns is the whole answer, so that it can be kept in the transaction that makes it true.
- A proposal by a member that alone has enough votes still needs its approval: `approve` is one more call.

    membership = node.membership
    kid = membership.new_key("device", iss)
    membership.revoke(kid)

ARCHITECTURE.md 3.3, 3.9.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from ledger.keys.keyring import Keyring
from ledger.keys.signature import Alg, PublicKey
from ledger.writer.keys import new_key, new_member, profile
from ledger.writer.offers import Offer, make_offer
from ledger.writer.registrar import Registrar
from ledger.writer.turn import Log, Turn
from schemas.errors import InputError

Result = TypeVar("Result")
ROLES = ("device", "gateway", "admin", "export", "operator")


@dataclass(frozen=True, slots=True)
class Said:
    """What an admin key said: the log index of the entry, its leaf hash, and the key it is about, if any."""

    index: int
    leaf: bytes
    kid: str | None = None


class Signing(Protocol):
    """What is asked of the writer here (`ledger.writer.writer.Writer`)."""

    @property
    def keyring(self) -> Keyring:
        """The keys that are here."""
        ...

    @property
    def random(self) -> Callable[[int], bytes]:
        """Randomness."""
        ...

    def run(self, plan: Callable[[Turn], Result]) -> tuple[Result, bytes]:
        """Plan something in a group; what the plan returned, and the checkpoint that covers it."""
        ...

    def look(self, read: Callable[[Log], Result]) -> Result:
        """Read the log's state between two groups."""
        ...


class Membership:
    """What the admin keys in the writer's keyring may say."""

    def __init__(self, writer: Signing) -> None:
        self._writer = writer
        self._keyring = writer.keyring
        self._registrar = Registrar(writer.keyring, writer.random)

    def new_key(self, role: str, iss: str, *, alg: Alg = "ES256", name: str = "") -> Said:
        """Make a key and add it to its member, signed by an admin key; an admin key gets a committed next key."""
        if role not in ROLES:
            raise InputError("key-role", role=role, known=", ".join(ROLES))
        later = new_key(self._keyring, "next-admin", iss).public.kid if role == "admin" else None
        signer = new_key(self._keyring, role, iss, alg=alg, name=name)
        return self._say(lambda turn: self._registrar.add_key(turn, iss, role, signer, later), signer.public.kid)

    def admit(self, iss: str, jwk: dict[str, str], pop: str) -> Said:
        """Add the key of a device that keeps it to itself; `pop` (base64url) is its proof of possession."""
        key = PublicKey.from_jwk(jwk)
        return self._say(lambda turn: self._registrar.admit(turn, iss, key, pop), key.kid)

    def revoke(self, kid: str) -> Said:
        """End a key; its entries so far stay valid."""
        return self._say(lambda turn: self._registrar.revoke(turn, kid), kid)

    def compromise(self, kid: str, since: int) -> Said:
        """End a key and make its entries from index `since` on suspect."""
        return self._say(lambda turn: self._registrar.compromise(turn, kid, since), kid)

    def rotate(self, iss: str) -> Said:
        """The committed next admin key of a member takes over and commits to a fresh one."""
        later = new_key(self._keyring, "next-admin", iss)
        ended: list[str] = []

        def planned(turn: Turn) -> Said:
            index, old, fresh = self._registrar.rotate(turn, iss, later)
            ended.append(old)
            return Said(index, turn.leaf_at(index), fresh)

        said = self._writer.run(planned)[0]
        assert said.kid is not None
        self._keyring.assign(ended[-1], "ended-admin")
        self._keyring.assign(said.kid, "admin")
        return said

    def offer(self, iss: str | None = None) -> Offer:
        """A fresh admin key of a member of ours, or of a new one, offered to this log; its keys are in the keyring."""
        origin = self._writer.look(lambda log: log.registry.origin)
        return make_own_offer(self._keyring, self._writer.random, origin, iss)

    def propose(
        self, by: str, offer: Offer, *, name: str | None = None, gln: str | None = None, prefixes: tuple[str, ...] = ()
    ) -> Said:
        """Propose a member; its name and GLN stand in a profile that only the log's readers are shown."""
        said = profile(name, gln, prefixes) if name is not None else None
        return self._say(lambda turn: self._registrar.propose_member(turn, by, offer, said))

    def propose_terms(self, by: str, *, votes: int, witnesses: tuple[str, ...], gateway: str) -> Said:
        """Propose other votes, witnesses or gateway rules."""
        return self._say(lambda turn: self._registrar.propose_terms(turn, by, votes, witnesses, gateway))

    def propose_recovery(self, by: str, offer: Offer) -> Said:
        """Propose that another member, whose admin keys are lost, gets the key offered."""
        return self._say(lambda turn: self._registrar.propose_recovery(turn, by, offer))

    def approve(self, by: str, leaf: bytes) -> Said:
        """Vote for a proposal, named by its leaf hash."""
        return self._say(lambda turn: self._registrar.approve(turn, by, leaf))

    def erasure(self, by: str, erased: list[dict[str, Any]], ground: str) -> Said:
        """Declare what the member erased, and on what legal ground (3.8)."""
        return self._say(lambda turn: self._registrar.erasure(turn, by, erased, ground))

    def _say(self, plan: Callable[[Turn], int], kid: str | None = None) -> Said:
        """Run a plan that appends one entry and gives its index."""

        def planned(turn: Turn) -> Said:
            index = plan(turn)
            return Said(index, turn.leaf_at(index), kid)

        return self._writer.run(planned)[0]


def make_own_offer(keyring: Keyring, random: Callable[[int], bytes], origin: str, iss: str | None) -> Offer:
    """A fresh admin key of a member, of a new one without `iss`; its keys are in the keyring."""
    iss = iss or new_member(random)
    admin, later = new_key(keyring, "admin", iss), new_key(keyring, "next-admin", iss)
    keyring.object_secret(iss)
    return make_offer(admin, origin=origin, iss=iss, role="admin", next_kid=later.public.kid)
