"""Membership said from a process that is not the writer: each verb travels there, and is said with the keys there.

- The key folder is one for all processes of a log, so a key made there is here as well.
- `offer` says nothing in the log: it makes its keys here.

    Handed(keyring, random, origin, ask).revoke(kid)
    said_of(membership, Say("revoke", {"kid": kid}))        # in the writer's process

docs/adr/0031-handing-in.md.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ledger.keys.keyring import Keyring
from ledger.keys.signature import Alg
from ledger.writer.membership import Membership, Said, make_own_offer
from ledger.writer.offers import Offer, read_offer
from ledger.writer.request import Say
from schemas.errors import InputError
from schemas.syntax import base64url

_VERBS = frozenset(
    {
        "new_key",
        "admit",
        "revoke",
        "compromise",
        "rotate",
        "propose",
        "propose_terms",
        "propose_recovery",
        "approve",
        "erasure",
    }
)


class Handed(Membership):
    """`Membership` by way of the writer; `ask` hands in and waits."""

    def __init__(
        self, keyring: Keyring, random: Callable[[int], bytes], origin: Callable[[], str], ask: Callable[[Say], Said]
    ) -> None:
        self._keyring = keyring
        self._random = random
        self._origin = origin
        self._ask = ask

    def new_key(self, role: str, iss: str, *, alg: Alg = "ES256", name: str = "") -> Said:
        """Make a key and add it to its member."""
        return self._ask(Say("new_key", {"role": role, "iss": iss, "alg": alg, "name": name}))

    def admit(self, iss: str, jwk: dict[str, str], pop: str) -> Said:
        """Add the key of a device."""
        return self._ask(Say("admit", {"iss": iss, "jwk": jwk, "pop": pop}))

    def revoke(self, kid: str) -> Said:
        """End a key."""
        return self._ask(Say("revoke", {"kid": kid}))

    def compromise(self, kid: str, since: int) -> Said:
        """End a key and make its entries from an index on suspect."""
        return self._ask(Say("compromise", {"kid": kid, "since": since}))

    def rotate(self, iss: str) -> Said:
        """The committed next admin key of a member takes over."""
        return self._ask(Say("rotate", {"iss": iss}))

    def offer(self, iss: str | None = None) -> Offer:
        """A fresh admin key offered to this log; its keys are made here."""
        return make_own_offer(self._keyring, self._random, self._origin(), iss)

    def propose(
        self, by: str, offer: Offer, *, name: str | None = None, gln: str | None = None, prefixes: tuple[str, ...] = ()
    ) -> Said:
        """Propose a member."""
        said = {"by": by, "offer": offer.body(), "name": name, "gln": gln, "prefixes": list(prefixes)}
        return self._ask(Say("propose", said))

    def propose_terms(self, by: str, *, votes: int, witnesses: tuple[str, ...], gateway: str) -> Said:
        """Propose other votes, witnesses or gateway rules."""
        said = {"by": by, "votes": votes, "witnesses": list(witnesses), "gateway": gateway}
        return self._ask(Say("propose_terms", said))

    def propose_recovery(self, by: str, offer: Offer) -> Said:
        """Propose that another member gets the key offered."""
        return self._ask(Say("propose_recovery", {"by": by, "offer": offer.body()}))

    def approve(self, by: str, leaf: bytes) -> Said:
        """Vote for a proposal."""
        return self._ask(Say("approve", {"by": by, "leaf": base64url.encode(leaf)}))

    def erasure(self, by: str, erased: list[dict[str, Any]], ground: str) -> Said:
        """Declare what the member erased."""
        return self._ask(Say("erasure", {"by": by, "erased": erased, "ground": ground}))


def said_of(membership: Membership, asked: Say) -> Said:
    """Say in the writer's process what was handed in; `InputError("hand-in-kind")` for a verb unknown here."""
    if asked.verb not in _VERBS:
        raise InputError("hand-in-kind", kind=asked.verb)
    said: Said = getattr(membership, asked.verb)(**_arguments(asked.arguments))
    return said


def _arguments(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as the verbs take them."""
    again = dict(sent)
    if "offer" in again:
        again["offer"] = read_offer(again["offer"])
    if "leaf" in again:
        again["leaf"] = base64url.decode(again["leaf"])
    for name in ("prefixes", "witnesses"):
        if name in again:
            again[name] = tuple(again[name])
    return again
