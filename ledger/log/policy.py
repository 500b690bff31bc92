"""Trust policies (c2sp.org/tlog-policy): which logs and witnesses are known, and how many of them must agree.

- Lines `log`, `witness`, `group`, `quorum`, and comments; a name is defined once, above the line that uses it, and is
  a member of one group at most, so that a witness counts once. Exactly one `quorum`.
- Anything else is refused, never skipped: a rule that a reader does not understand is not a rule it may ignore.
- The file is read as bytes; names are opaque, and a Kelvin sign is not a K.
- Our comment `# filiera-genesis <leaf hash, base64url>` ties a log's key to its first entry (ARCHITECTURE.md 3.6), for
  `known_log`. Other tools for these policies read the file unchanged.

    policy = parse_policy(text)
    policy.quorum_met(note)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledger.log import cosignature
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import HASH_SIZE
from ledger.log.note import COSIGNATURE_V1, ED25519, Note, VerifierKey
from schemas.errors import EvidenceError, InputError
from schemas.syntax import base64url

NONE = "none"
MAX_LINES = 4096
_GENESIS = "filiera-genesis"


@dataclass(frozen=True, slots=True)
class PolicyLog:
    """A log that may sign checkpoints, and where it is found if the policy says so."""

    vkey: VerifierKey
    url: str | None


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness under its name in this policy, which need not be the name in its key."""

    name: str
    vkey: VerifierKey
    url: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """A group that has seen a head when `threshold` of its members have."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A checked policy; `quorum` is None for `quorum none`, `genesis` the leaf hash of our comment line."""

    logs: tuple[PolicyLog, ...]
    witnesses: Mapping[str, Witness]
    groups: Mapping[str, Group]
    quorum: str | None
    genesis: bytes | None = None

    def cosigned(self, note: Note) -> dict[str, int]:
        """Names of the witnesses that cosigned, with their times; `EvidenceError("cosignature-wrong")`."""
        found = {name: cosignature.cosigned_at(note, witness.vkey) for name, witness in self.witnesses.items()}
        return {name: time for name, time in found.items() if time is not None}

    def quorum_met(self, note: Note) -> bool:
        """Whether enough witnesses cosigned; raises `cosignature-wrong` where one of theirs does not verify."""
        return self._seen(self.cosigned(note))

    def verify_quorum(self, note: Note) -> dict[str, int]:
        """The witnesses that cosigned, by name; `EvidenceError("quorum-not-met")` where they are not enough."""
        cosigned = self.cosigned(note)
        if not self._seen(cosigned):
            raise EvidenceError("quorum-not-met", quorum=self.quorum, cosigned=", ".join(sorted(cosigned)) or "-")
        return cosigned

    def _seen(self, cosigned: Iterable[str]) -> bool:
        # Groups only name what stands above them, so one pass in the order of the file settles all of them.
        seen = set(cosigned)
        for group in self.groups.values():
            if sum(member in seen for member in group.members) >= group.threshold:
                seen.add(group.name)
        return self.quorum is None or self.quorum in seen


@dataclass(frozen=True, slots=True)
class KnownLog:
    """A log somebody chose to trust: its key, its first entry, its policy, and the last head seen of it."""

    origin: str
    vkey: VerifierKey
    genesis: bytes
    policy: Policy
    last: Checkpoint | None = None


def known_log(text: bytes, last: Checkpoint | None = None) -> KnownLog:
    """The one log of a policy that names its genesis; `InputError`: `policy-one-log`, `policy-genesis`, `policy`."""
    policy = parse_policy(text)
    if len(policy.logs) != 1:
        raise InputError("policy-one-log", logs=len(policy.logs))
    if policy.genesis is None:
        raise InputError("policy-genesis")
    vkey = policy.logs[0].vkey
    return KnownLog(vkey.name, vkey, policy.genesis, policy, last)


def compose(vkey: VerifierKey, genesis: bytes, lines: Iterable[str] = ()) -> bytes:
    """The policy text of one log of ours: its key, its genesis, and its witness, group and quorum lines.

    Without lines the quorum is `none`. What is written is checked: `InputError("policy")`.
    """
    rules = list(lines) or [f"quorum {NONE}"]
    head = (f"# {_GENESIS} {base64url.encode(genesis)}", f"log {vkey}")
    text = "".join(line + "\n" for line in (*head, *rules)).encode("utf-8", "surrogateescape")
    known_log(text)
    return text


def parse_policy(data: bytes) -> Policy:
    """The policy in `data`; `InputError("policy")` names the line and what is wrong with it."""
    if any((byte < 0x20 and byte not in (0x09, 0x0A)) or byte == 0x7F for byte in set(data)):
        raise InputError("policy", line=0, problem="control character")
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    if lines.pop():
        raise InputError("policy", line=len(lines) + 1, problem="no newline at the end")
    if len(lines) > MAX_LINES:
        raise InputError("policy", line=MAX_LINES, problem="too long")
    reader = _Reader()
    for number, line in enumerate(lines, 1):
        try:
            reader.take([item for item in line.replace("\t", " ").split(" ") if item])
        except InputError as error:
            problem = str(error.context.get("problem", error.code))
            raise InputError("policy", line=number, problem=problem) from None
    return reader.policy()


class _Reader:
    """The names defined so far, and what has been used."""

    def __init__(self) -> None:
        self.logs: list[PolicyLog] = []
        self.witnesses: dict[str, Witness] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: list[str] = []
        self.genesis: bytes | None = None
        self._member: set[str] = set()

    def take(self, items: list[str]) -> None:
        if not items:
            return
        if items[0].startswith("#"):
            self._comment(items)
            return
        line = {"log": self._log, "witness": self._witness, "group": self._group, "quorum": self._quorum}.get(items[0])
        if line is None:
            raise _wrong("unknown directive")
        line(items[1:])

    def _comment(self, items: list[str]) -> None:
        if items[:2] != ["#", _GENESIS]:
            return
        if len(items) != 3 or self.genesis is not None:
            raise _wrong("genesis")
        self.genesis = base64url.decode(items[2].encode("utf-8", "surrogateescape"), member="genesis")
        if len(self.genesis) != HASH_SIZE:
            raise _wrong("genesis")

    def _log(self, items: list[str]) -> None:
        vkey, url = self._key(items, ED25519)
        if any(log.vkey.key == vkey.key for log in self.logs):
            raise _wrong("duplicate key")
        self.logs.append(PolicyLog(vkey, url))

    def _witness(self, items: list[str]) -> None:
        name = self._new_name(items)
        vkey, url = self._key(items[1:], COSIGNATURE_V1)
        if any(witness.vkey.key == vkey.key for witness in self.witnesses.values()):
            raise _wrong("duplicate key")
        self.witnesses[name] = Witness(name, vkey, url)

    def _group(self, items: list[str]) -> None:
        name = self._new_name(items)
        members = tuple(items[2:])
        if not members:
            raise _wrong("no members")
        for member in members:
            self._defined(member)
            if member in self._member:
                raise _wrong("member twice")
            self._member.add(member)
        self.groups[name] = Group(name, _threshold(items[1], len(members)), members)

    def _quorum(self, items: list[str]) -> None:
        if len(items) != 1 or self.quorum:
            raise _wrong("quorum")
        if items[0] != NONE:
            self._defined(items[0])
        self.quorum.append(items[0])

    def _key(self, items: list[str], type_: int) -> tuple[VerifierKey, str | None]:
        if len(items) not in (1, 2):
            raise _wrong("items")
        vkey = VerifierKey.parse(items[0])
        if vkey.type != type_:
            raise _wrong("key of another type")
        return vkey, items[1] if len(items) == 2 else None

    def _new_name(self, items: list[str]) -> str:
        if len(items) < 2:
            raise _wrong("items")
        if items[0] == NONE or items[0] in self.witnesses or items[0] in self.groups:
            raise _wrong("duplicate name")
        return items[0]

    def _defined(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise _wrong("undefined name")

    def policy(self) -> Policy:
        if not self.quorum:
            raise InputError("policy", line=0, problem="no quorum")
        quorum = None if self.quorum == [NONE] else self.quorum[0]
        return Policy(tuple(self.logs), self.witnesses, self.groups, quorum, self.genesis)


def _threshold(text: str, members: int) -> int:
    if text in ("any", "all"):
        return 1 if text == "any" else members
    if not (text.isascii() and text.isdigit()) or len(text) > 4 or text[0] == "0" or int(text) > members:
        raise _wrong("threshold")
    return int(text)


def _wrong(problem: str) -> InputError:
    return InputError("policy", problem=problem)
