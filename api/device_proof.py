"""How a device shows who it is: it signs the time with the key that the log has for it.

    Authorization: Filiera-Device KID.SECONDS.SIGNATURE

- The signature is over "filiera/device", the log's origin, the kid and the seconds, a line each, by the rules that hold
  for entries (`ledger.keys.signature`).
- The seconds are those of the server, within `TOLERANCE`: a phone whose clock is wrong reads the `Date` of any answer.
- Only a key whose role is `device` and that has not ended counts. It lets its holder read what a phone has to know and
  send what it signed, and nothing else: what it records proves itself.

    prove(node, "Filiera-Device …")  ->  Proved(kid="…", member="urn:uuid:…")

docs/adr/0062-how-a-phone-is-admitted.md.
"""

from dataclasses import dataclass

from ledger.node import Node
from schemas.errors import InputError, LedgerError
from schemas.syntax import base64url

SCHEME = "filiera-device"
SCOPE = "device"
SCOPES = frozenset((SCOPE, "submit"))
TOLERANCE = 300


@dataclass(frozen=True, slots=True)
class Proved:
    """A device that showed who it is: its key, and its member."""

    kid: str
    member: str


def prove(node: Node, value: str) -> Proved:
    """The device whose proof this is.

    `InputError`: `access-malformed`; `device-clock` with the server's time; `device-unknown` for a key that is no
    device's of this log, has ended, or did not sign this.
    """
    kid, _, rest = value.strip().partition(".")
    seconds, _, signature = rest.partition(".")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 12):
        raise InputError("access-malformed")
    now = int(node.clock())
    if abs(int(seconds) - now) > TOLERANCE:
        raise InputError("device-clock", now=now, seconds=int(seconds))
    state = node.registry.key_state(kid)
    if state is None or state.role != "device" or state.end is not None:
        raise InputError("device-unknown")
    try:
        state.public.verify(base64url.decode(signature), message(node.origin, kid, int(seconds)))
    except LedgerError:
        raise InputError("device-unknown") from None
    return Proved(kid, state.iss)


def message(origin: str, kid: str, seconds: int) -> bytes:
    """What is signed."""
    return f"filiera/device\n{origin}\n{kid}\n{seconds}\n".encode()
