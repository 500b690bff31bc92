"""A bundle with its entries read, and what several verdicts ask of it. From docs/spec/bundle.md, section 4."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tests.independent.verifier import bodies
from tests.independent.verifier.account import Account
from tests.independent.verifier.bodies import Body, Introduced
from tests.independent.verifier.entry import HIDDEN, PRIVATE, Entry, Members, parse
from tests.independent.verifier.identifiers import canonical
from tests.independent.verifier.note import Policy
from tests.independent.verifier.registry import Standing
from tests.independent.verifier.text import Refused, unb64


@dataclass
class Shown:
    """One entry of the bundle."""

    place: int
    log: int
    index: int
    leaf: bytes
    entry: Entry | None = None
    body: Body | None = None
    error: str | None = None

    def __lt__(self, other: "Shown") -> bool:
        return (self.log, self.index) < (other.log, other.index)


class Opened:
    """The entries of a bundle, where they stand, and the keys that they introduce."""

    def __init__(self, bundle: dict[str, Any], known: Mapping[str, Policy], account: Account) -> None:
        self.bundle, self.known, self.account = bundle, known, account
        self.logs = bundle["logs"]
        self.shown = [self.open(place, part) for place, part in enumerate(bundle["entries"])]
        self.at = {(shown.log, shown.index): shown for shown in self.shown}
        self.by_leaf = {(shown.log, shown.leaf): shown for shown in self.shown}
        self.keys: dict[tuple[int, str], tuple[int, Introduced]] = {}
        self.lanes: dict[tuple[int, str, int], Shown] = {}
        self.read: list[tuple[Shown, Entry]] = [(shown, shown.entry) for shown in self.shown if shown.entry]
        for shown, entry in self.read:
            self.lanes.setdefault((shown.log, entry.kid, entry.seq), shown)
            for found in shown.body.introduces if shown.body else ():
                self.keys.setdefault((shown.log, found.key.kid), (shown.index, found))
        self.rows: dict[tuple[int, str], Standing] = {}
        self.sightings = self.subjects()

    def open(self, place: int, part: dict[str, Any]) -> Shown:
        raw = part["entry"].encode("ascii")
        shown = Shown(place, part["log"], part["index"], sha256(b"\0" + raw).digest())
        try:
            shown.entry = parse(raw, [text.encode("ascii") for text in part["disclosures"]])
            if shown.entry.known and shown.entry.kind not in PRIVATE:
                shown.body = bodies.read(shown.entry.kind, shown.entry.iss, shown.entry.claims["body"])
        except Refused as error:
            shown.error = error.code
        return shown

    def genesis(self, log: int) -> Body | None:
        first = self.at.get((log, 0))
        return first.body if first and first.body and first.body.what == "genesis" else None

    def tags(self, shown: Shown, entry: Entry) -> set[bytes]:
        """The tags that count at an entry, as far as they are here."""
        found = set(entry.tags)
        for seq in range(entry.seq - entry.claims.get("more", 0), entry.seq) if entry.kind in PRIVATE else ():
            before = self.lanes.get((shown.log, entry.kid, seq))
            if before and before.entry and before.entry.kind == "tags":
                found |= before.entry.tags
        return found

    def subjects(self) -> dict[str, list[tuple[bytes, int, int]]]:
        """URI -> (key, n, place) of every entry that proves to be about it."""
        found = defaultdict(list)
        for shown, entry in self.read:
            for lot in entry.trees.get("record", Members()).get("lots", ()):
                if lot is not HIDDEN:
                    key, n = unb64(lot["key"]), lot["n"]
                    if tag(key, n) in self.tags(shown, entry):
                        found[canonical(lot["id"])].append((key, n, shown.place))
        return dict(found)

    def snapshot(self, verdict: str, log: int, at: int) -> Body | None:
        if at + 1 != self.logs[log]["size"]:
            self.account.lacks(verdict, "snapshot-not-at-checkpoint", at)
            return None
        shown, genesis = self.at.get((log, at)), self.genesis(log)
        body = shown.body if shown else None
        if not shown or not shown.entry or not body or body.what != "snapshot":
            self.account.no(verdict, "snapshot-missing", at)
            return None
        _, found = self.keys.get((log, shown.entry.kid), (0, None))
        if not found or found.role != "operator" or not genesis or found.iss != genesis["operator"]["iss"]:
            self.account.no(verdict, "snapshot-not-by-operator", at)
            return None
        if body["size"] != at:
            self.account.no(verdict, "snapshot-of-another-size", at)
            return None
        return body


def tag(key: bytes, n: int) -> bytes:
    return sha256(b"filiera/object\n" + key + n.to_bytes(4, "big")).digest()
