"""Signed notes, checkpoints, cosignatures, policies, tlog-proofs: from the C2SP texts and docs/spec/log.md."""

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256

from tests.independent.verifier.crypto import Key, from_raw
from tests.independent.verifier.text import Refused, need, unb64
from tests.independent.verifier.tree import included

LOG, WITNESS = 1, 4


@dataclass(frozen=True)
class Vkey:
    """A key with its name and the type of signature it makes."""

    name: str
    type: int
    key: Key

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.key.raw).digest()[:4]

    @property
    def fingerprint(self) -> str:
        return sha256(self.key.raw).hexdigest()


@dataclass(frozen=True)
class Head:
    """A checkpoint."""

    origin: str
    size: int
    root: bytes


@dataclass
class Note:
    """A text and its signature lines: (name, key id) -> signatures."""

    text: bytes
    lines: list[tuple[str, bytes, bytes]]

    def by(self, vkey: Vkey) -> list[bytes]:
        return [signature for name, key_id, signature in self.lines if (name, key_id) == (vkey.name, vkey.id)]


@dataclass
class Policy:
    """What somebody trusts: a log, its genesis, its witnesses."""

    log: Vkey
    genesis: bytes
    witnesses: dict[str, Vkey] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str = "none"
    last: Head | None = None


def _base64(text: str, code: str) -> bytes:
    try:
        data = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(code) from None
    need(b64encode(data).decode() == text, code)
    return data


def parse_vkey(text: str) -> Vkey:
    need(text.count("+") >= 2, "vkey")
    name, identifier, material = text.split("+", 2)
    _name(name)
    raw = _base64(material, "vkey")
    need(raw[:1] in (b"\1", b"\4"), "vkey-type")
    need(len(raw) == 33, "vkey")
    vkey = Vkey(name, raw[0], from_raw(raw[1:]))
    need(vkey.id.hex() == identifier, "vkey")
    return vkey


def _name(name: str) -> None:
    need(name and not any(c.isspace() or c == "+" or c < " " for c in name), "key-name")


def parse(data: bytes) -> Note:
    need(len(data) <= 2**20, "note")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("note") from None
    need(not any(c < " " and c != "\n" for c in text), "note")
    body, cut, tail = text.rpartition("\n\n")
    need(cut and tail.endswith("\n") and tail.count("\n") <= 100, "note")
    lines = []
    for line in tail[:-1].split("\n"):
        need(line.startswith("\N{EM DASH} ") and line.count(" ") >= 2, "note")
        name, _, encoded = line[2:].partition(" ")
        _name(name)
        raw = _base64(encoded, "note")
        need(len(raw) >= 5, "note")
        lines.append((name, raw[:4], raw[4:]))
    return Note((body + "\n").encode(), lines)


def checkpoint(data: bytes, vkey: Vkey) -> Head:
    """The head in a note that this log signed."""
    note = parse(data)
    lines = note.text.decode().split("\n")
    need(lines.pop() == "" and len(lines) >= 3 and all(lines), "checkpoint")
    origin, size, encoded, *_ = lines
    root = _base64(encoded, "checkpoint")
    need(len(root) == 32 and size.isascii() and size.isdigit() and str(int(size)) == size, "checkpoint")
    need(int(size) < 2**63, "checkpoint")
    need(vkey.name == origin, "checkpoint-origin")
    signatures = note.by(vkey) if vkey.type == LOG else []
    for signature in signatures:
        try:
            vkey.key.verify(signature, note.text)
        except Refused:
            raise Refused("note-signature") from None
    need(signatures, "note-unsigned")
    return Head(origin, int(size), root)


def cosigned(note: Note, policy: Policy) -> set[str]:
    """The witnesses of the policy, by the names it gives them, that cosigned the note."""
    found = set()
    for name, vkey in policy.witnesses.items():
        for signature in note.by(vkey):
            time = int.from_bytes(signature[:8], "big")
            try:
                need(time < 2**63, "cosignature-wrong")
                vkey.key.verify(signature[8:], b"cosignature/v1\ntime %d\n" % time + note.text)
            except Refused:
                raise Refused("cosignature-wrong") from None
            found.add(name)
    return found


def quorum_met(names: set[str], policy: Policy) -> bool:
    for name, (threshold, members) in policy.groups.items():
        if len(names & set(members)) >= threshold:
            names = names | {name}
    return policy.quorum == "none" or policy.quorum in names


def parse_policy(data: bytes) -> Policy:
    """The policy of one log that names its genesis."""
    need(data.endswith(b"\n") and not any((c < 32 and c not in b"\t\n") or c == 127 for c in data), "policy")
    logs: list[Vkey] = []
    genesis: list[bytes] = []
    quorums: list[str] = []
    policy = Policy.__new__(Policy)
    policy.witnesses, policy.groups, policy.last = {}, {}, None
    members: set[str] = set()
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        items = line.replace("\t", " ").split()
        defined = {*policy.witnesses, *policy.groups}
        if items[:2] == ["#", "filiera-genesis"]:
            need(len(items) == 3 and not genesis, "policy")
            genesis.append(unb64(items[2], 32, "policy"))
        elif not items or items[0].startswith("#"):
            continue
        elif items[0] == "log" and len(items) in (2, 3):
            logs.append(_vkey(items[1], LOG))
        elif items[0] == "witness" and len(items) in (3, 4):
            need(items[1] not in {*defined, "none"}, "policy")
            vkey = _vkey(items[2], WITNESS)
            need(all(vkey.key.raw != other.key.raw for other in policy.witnesses.values()), "policy")
            policy.witnesses[items[1]] = vkey
        elif items[0] == "group" and len(items) >= 4:
            inside = items[3:]
            need(items[1] not in {*defined, "none"} and set(inside) <= defined, "policy")
            need(len(set(inside)) == len(inside) and not members & set(inside), "policy")
            members |= set(inside)
            policy.groups[items[1]] = (_threshold(items[2], len(inside)), inside)
        elif items[0] == "quorum" and len(items) == 2:
            need(items[1] in {*defined, "none"}, "policy")
            quorums.append(items[1])
        else:
            raise Refused("policy")
    need(len(quorums) == 1 and len({log.key.raw for log in logs}) == len(logs), "policy")
    need(len(logs) == 1, "policy-one-log")
    need(genesis, "policy-genesis")
    policy.log, policy.genesis, policy.quorum = logs[0], genesis[0], quorums[0]
    return policy


def _vkey(text: str, kind: int) -> Vkey:
    try:
        vkey = parse_vkey(text)
    except Refused:
        raise Refused("policy") from None
    need(vkey.type == kind, "policy")
    return vkey


def _threshold(text: str, members: int) -> int:
    if text in ("any", "all"):
        return 1 if text == "any" else members
    need(text.isascii() and text.isdigit() and text[0] != "0" and int(text) <= members, "policy")
    return int(text)


def parse_proof(data: bytes, vkey: Vkey) -> tuple[int, bytes]:
    """Index and leaf hash that a tlog-proof of an entry (its `extra`) proves under the log's key."""
    head, cut, signed = data.partition(b"\n\n")
    first, *lines = head.decode("utf-8", "replace").split("\n")
    need(cut and first == "c2sp.org/tlog-proof@v1", "tlog-proof")
    extra = _base64(lines.pop(0)[6:], "tlog-proof") if lines and lines[0].startswith("extra ") else b""
    need(lines and lines[0].startswith("index "), "tlog-proof")
    number = lines.pop(0)[6:]
    need(number.isascii() and number.isdigit() and str(int(number)) == number, "tlog-proof")
    path = [_base64(line, "tlog-proof") for line in lines]
    need(len(path) <= 63 and all(len(item) == 32 for item in path), "tlog-proof")
    leaf = sha256(b"\0" + extra).digest()
    top = checkpoint(signed, vkey)
    need(int(number) < top.size, "proof-outside-tree")
    found = included(int(number), top.size, leaf, path)
    need(found is not None, "proof-length")
    need(found == top.root, "inclusion-root")
    return int(number), leaf
