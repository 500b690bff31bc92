"""The rules of tanks and silos that who asks declares, as `URI=cycle` or `URI=fifo`, before those of master data.

read_mixing(["https://coop.example/tank/7=fifo"])  ->  {"https://coop.example/tank/7": "fifo"}
"""

from collections.abc import Sequence

from api.verbs.export_bundle import object_uri
from ledger.lots.mixing import RULES, AskedMixing, Mixing, Rule
from ledger.readside.mixing import KeptMixing
from ledger.store.connection import Connection
from schemas.errors import InputError


def read_mixing(texts: Sequence[str]) -> dict[str, Rule]:
    """The rule of each vessel; `InputError`: `trace-mixing`, and those of `object_uri`."""
    found: dict[str, Rule] = {}
    for text in texts:
        uri, equals, said = text.rpartition("=")
        rule = next((rule for rule in RULES if rule == said), None)
        if not equals or rule is None:
            raise InputError("trace-mixing", value=text[:200], allowed=", ".join(RULES))
        found[object_uri(uri)] = rule
    return found


def mixing_of(connection: Connection, asked: dict[str, Rule], size: int | None) -> Mixing:
    """What who asks declares, and else what master data held when the log had `size` entries (None: holds now)."""
    return AskedMixing(asked, KeptMixing(connection, size))
