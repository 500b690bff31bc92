"""Who may sign what: the registry as a function of the log. From docs/spec/registry.md, sections 1 to 8."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from tests.independent.verifier.bodies import ROLES, TERMS, Body, Introduced, read
from tests.independent.verifier.crypto import Key
from tests.independent.verifier.entry import PRIVATE, PUBLIC, UUID4, Entry
from tests.independent.verifier.note import LOG, Vkey, parse_policy
from tests.independent.verifier.text import Refused, b64, need, unb64
from tests.independent.verifier.tree import leaf_hash, root

MAY_SIGN = {
    "admin": {"key", "member", "approval", "erasure", "policy"},
    "device": PRIVATE | {"tags"},
    "gateway": PRIVATE | {"tags"},
    "operator": {"snapshot", "evidence", "policy"},
    "export": set(),
}
ROW = re.compile(r"[\w-]{43} \S+ [a-z]+ (0|[1-9]\d{0,15})( (-|0|[1-9]\d{0,15})){3} (-|[\w-]{43})", re.ASCII)


@dataclass(frozen=True)
class Standing:
    """A key ever admitted, or its row in a snapshot."""

    kid: str
    iss: str
    role: str
    add: int
    end: int | None = None
    suspect: int | None = None
    seq: int | None = None
    head: bytes | None = None
    key: Key | None = None
    next: str | None = None

    def check(self, index: int, *, introduces: bool = False) -> None:
        need(self.add < index or (introduces and self.add == index), "key-not-yet-valid")
        need(self.end is None or index < self.end, "key-ended")

    def suspects(self, index: int) -> bool:
        return self.suspect is not None and index >= self.suspect

    def row(self) -> str:
        head = None if self.head is None else b64(self.head)
        parts = (self.kid, self.iss, self.role, self.add, self.end, self.suspect, self.seq, head)
        return " ".join("-" if part is None else str(part) for part in parts)


def read_row(text: str) -> Standing:
    need(ROW.fullmatch(text), "row")
    kid, iss, role, *numbers, head = text.split(" ")
    add, end, suspect, seq = (None if part == "-" else int(part) for part in numbers)
    need(role in ROLES and UUID4.fullmatch(iss) and (seq is None) == (head == "-"), "row")
    need(add is not None, "row")
    return Standing(kid, iss, role, add or 0, end, suspect, seq, None if head == "-" else unb64(head))


@dataclass
class Proposal:
    """A proposal and the votes for it: (member, kid, index)."""

    index: int
    kid: str
    body: Body
    votes: list[tuple[str, str, int]] = field(default_factory=list)
    done: bool = False


class Registry:
    """Members, keys, lanes and terms after the entries taken so far."""

    def __init__(self, genesis: Entry) -> None:
        need(genesis.kind == "policy" and genesis.seq == 0, "genesis-kind")
        body = read("policy", genesis.iss, genesis.claims["body"])
        need(body.what == "genesis", "body-member-missing")
        need(genesis.claims["log"] == body["origin"], "other-log")
        first, *_, operator = body.introduces
        need(genesis.iss == first.iss and genesis.kid == first.key.kid, "genesis-signer")
        genesis.verify(first.key)
        founders = [found.iss for found in body.introduces[:-1]]
        kids = [kid for found in body.introduces for kid in (found.key.kid, found.next) if kid]
        need(len(set(founders)) == len(founders) and len(set(kids)) == len(kids), "genesis-repeats")
        need(operator.iss in founders, "operator-not-member")
        need(body["predecessor"] is None or body["predecessor"]["origin"] != body["origin"], "genesis-repeats")
        self.origin, self.log_key, self.operator = body["origin"], unb64(body["logKey"]), operator.iss
        for found in body.introduces:
            self._possession(found)
        self._witnesses(body)
        self.terms = {name: body[name] for name in TERMS}
        self.members = dict.fromkeys(founders, False)
        self.founding = {found.iss: found.key.kid for found in body.introduces[:-1]}
        self.keys = {found.key.kid: self._key(found, 0) for found in body.introduces}
        self.lanes: dict[str, list[tuple[int, bytes]]] = {}
        self.proposals: dict[bytes, Proposal] = {}
        self.closed = False
        self._note(0, genesis)

    def take(self, index: int, entry: Entry) -> None:
        """Take the next entry, its signature checked."""
        self._lane(entry)
        need(entry.claims["log"] == self.origin, "other-log")
        need(entry.known, "unknown-kind")
        body = read(entry.kind, entry.iss, entry.claims["body"]) if entry.kind in PUBLIC else None
        need(not self.closed, "log-closed")
        if body and body.what == "rotate":
            self._rotate(index, entry, body)
        else:
            key = self._signer(index, entry)
            if body:
                getattr(self, f"_{body.what}")(index, entry, key, body)
            if key.key:
                entry.verify(key.key)
        self._note(index, entry)

    def rows(self) -> list[str]:
        found = []
        for kid in sorted(self.keys):
            lane = self.lanes.get(kid)
            seq, head = (len(lane) - 1, lane[-1][1]) if lane else (None, None)
            found.append(replace(self.keys[kid], seq=seq, head=head).row())
        return found

    def _lane(self, entry: Entry) -> None:
        lane = self.lanes.get(entry.kid, [])
        need(entry.seq <= len(lane), "lane-behind")
        need(entry.seq == len(lane), "lane-fork")
        need(entry.prev == (lane[-1][1] if lane else None), "lane-prev")

    def _note(self, index: int, entry: Entry) -> None:
        self.lanes.setdefault(entry.kid, []).append((index, entry.leaf))

    def _known(self, kid: str) -> Standing:
        need(kid in self.keys, "key-not-admitted")
        return self.keys[kid]

    def _signer(self, index: int, entry: Entry) -> Standing:
        key = self._known(entry.kid)
        need(key.key and key.key.alg == entry.alg, "entry-other-algorithm")
        need(key.iss == entry.iss, "key-of-another-member")
        key.check(index)
        need(entry.kind in MAY_SIGN[key.role], "role-may-not-sign")
        need(key.role != "gateway" or self.terms["gateway"] == "accept", "gateway-refused")
        return key

    def _possession(self, found: Introduced) -> None:
        lines = ("filiera/pop", self.origin, found.iss, found.key.kid, found.role, found.next or "-", "")
        try:
            found.key.verify(found.pop, "\n".join(lines).encode())
        except Refused:
            raise Refused("pop-wrong") from None

    def _witnesses(self, body: Body) -> None:
        """The lines with our own key and any genesis are a policy."""
        from base64 import b64encode

        from tests.independent.verifier.crypto import from_raw

        vkey = Vkey(self.origin, LOG, from_raw(self.log_key))
        material = b64encode(bytes([LOG]) + self.log_key).decode()
        head = [f"# filiera-genesis {b64(bytes(32))}", f"log {self.origin}+{vkey.id.hex()}+{material}"]
        lines = [*head, *(body["witnesses"] or ["quorum none"]), ""]
        parse_policy("\n".join(lines).encode())

    def _free(self, *kids: str | None) -> None:
        need(not any(kid in self.keys for kid in kids if kid), "kid-taken")

    @staticmethod
    def _key(found: Introduced, index: int) -> Standing:
        return Standing(found.key.kid, found.iss, found.role, index, key=found.key, next=found.next)

    def _own(self, signer: Standing, kid: str) -> Standing:
        key = self._known(kid)
        need(key.iss == signer.iss, "key-of-another-member")
        return key

    def _admins(self, iss: str) -> list[Standing]:
        return [key for key in self.keys.values() if key.iss == iss and key.role == "admin" and key.end is None]

    # section 5

    def _add(self, index: int, entry: Entry, signer: Standing, body: Body) -> None:
        (found,) = body.introduces
        need(found.role != "operator" or signer.iss == self.operator, "operator-elsewhere")
        self._free(found.key.kid, found.next)
        self._possession(found)
        self.keys[found.key.kid] = self._key(found, index)

    def _revoke(self, index: int, entry: Entry, signer: Standing, body: Body) -> None:
        key = self._own(signer, body["kid"])
        need(key.end is None, "key-ended")
        need(key.role != "admin" or len(self._admins(key.iss)) > 1, "last-admin-key")
        self.keys[key.kid] = replace(key, end=index)

    def _compromise(self, index: int, entry: Entry, signer: Standing, body: Body) -> None:
        since = body["from"]
        need(body["kid"] != signer.kid, "compromise-by-itself")
        key = self._own(signer, body["kid"])
        need(max(key.add, 1) <= since <= index, "compromise-from")
        need(key.suspect is None or since < key.suspect, "compromise-not-earlier")
        self.keys[key.kid] = replace(key, end=index if key.end is None else key.end, suspect=since)

    def _rotate(self, index: int, entry: Entry, body: Body) -> None:
        (found,) = body.introduces
        old = self._known(body["kid"])
        need(entry.kid == found.key.kid and entry.seq == 0, "rotate-signer")
        need(entry.iss == old.iss, "key-of-another-member")
        need(old.role == "admin", "rotate-not-admin")
        old.check(index)
        need(old.next == found.key.kid, "rotate-not-committed")
        self._free(found.key.kid, found.next)
        entry.verify(found.key)
        self._possession(found)
        lane, later = self.lanes.get(old.kid, []), 0
        if "seq" in body.members:
            later = body["seq"] + 1
            need(later <= len(lane) and lane[body["seq"]][1] == unb64(body["head"]), "rotate-head")
        suspects = [index for index, _ in lane[later:] if index > 0][:1] + [x for x in (old.suspect,) if x is not None]
        self.keys[old.kid] = replace(old, end=index, suspect=min(suspects, default=None))
        self.keys[found.key.kid] = self._key(found, index)

    # sections 6 to 8

    def _member(self, index: int, entry: Entry, signer: Standing, body: Body) -> None:
        (found,) = body.introduces
        if found.iss != signer.iss:
            self._possession(found)
            return self._propose(index, entry, body)
        need(self.founding.get(found.iss) == found.key.kid, "member-exists")
        need(not self.members[found.iss], "profile-repeated")
        need("_sd" in entry.claims, "profile-missing")
        self._possession(found)
        self.members[found.iss] = True
        return None

    def _recover(self, index: int, entry: Entry, signer: Standing, body: Body) -> None:
        need(body["member"] != signer.iss, "recover-by-itself")
        self._possession(body.introduces[0])
        self._propose(index, entry, body)

    def _policy(self, index: int, entry: Entry, signer: Standing, body: Body) -> None:
        need(signer.role == "admin", "role-may-not-sign")
        self._witnesses(body)
        self._propose(index, entry, body)

    def _genesis(self, index: int, entry: Entry, signer: Standing, body: Body) -> None:
        raise Refused("body-member-unknown")

    def _closing(self, index: int, entry: Entry, signer: Standing, body: Body) -> None:
        need(signer.role == "operator", "role-may-not-sign")
        need({name: body[name] for name in TERMS} == self.terms, "closing-changes-policy")
        other = body["successor"]
        need(other["origin"] != self.origin and unb64(other["logKey"]) != self.log_key, "successor-is-itself")
        self.closed = True

    def _propose(self, index: int, entry: Entry, body: Body) -> None:
        self._possible(body)
        self.proposals[entry.leaf] = Proposal(index, entry.kid, body)

    def _possible(self, body: Body) -> None:
        for found in body.introduces:
            need(body.what != "member" or found.iss not in self.members, "member-exists")
            need(body.what != "recover" or found.iss in self.members, "member-unknown")
            self._free(found.key.kid, found.next)

    def _approval(self, index: int, entry: Entry, signer: Standing, body: Body) -> None:
        proposal = self.proposals.get(unb64(body["of"]))
        need(proposal, "proposal-unknown")
        assert proposal
        need(not proposal.done, "proposal-settled")
        need(index - proposal.index <= 10_000, "proposal-lapsed")
        need(not self.keys[proposal.kid].suspects(proposal.index), "proposal-suspect")
        votes = [vote for vote in proposal.votes if not self.keys[vote[1]].suspects(vote[2])]
        need(all(iss != signer.iss for iss, _, _ in votes), "approval-repeated")
        need(proposal.body.members.get("member") != signer.iss, "approval-by-subject")
        self._possible(proposal.body)
        proposal.votes = [*votes, (signer.iss, signer.kid, index)]
        count = len(self.members)
        if len(proposal.votes) >= (min(self.terms["votes"], count) or count // 2 + 1):
            proposal.done = True
            self._effect(index, proposal.body)

    def _effect(self, index: int, body: Body) -> None:
        if body.what == "policy":
            self.terms = {name: body[name] for name in TERMS}
        for found in body.introduces:
            for key in self._admins(found.iss):
                self.keys[key.kid] = replace(key, end=index)
            self.members.setdefault(found.iss, True)
            self.keys[found.key.kid] = self._key(found, index)

    def _snapshot(self, index: int, entry: Entry, signer: Standing, body: Body) -> None:
        need(body["size"] == index, "snapshot-size")
        rows = self.rows()
        top = root([leaf_hash(row.encode()) for row in rows])
        need(body["keys"] == len(rows) and unb64(body["root"]) == top, "snapshot-keys")

    def _nothing(self, index: int, entry: Entry, signer: Standing, body: Any) -> None:
        """`tags`, `erasure`, `evidence`: who says it is all that is asked."""

    _tags = _erasure = _evidence = _nothing
