"""What the public kinds say. From docs/spec/registry.md, section 3."""

import re
from dataclasses import dataclass
from typing import Any

from tests.independent.verifier.crypto import Key, from_jwk
from tests.independent.verifier.entry import UUID4
from tests.independent.verifier.text import LIMIT, need, unb64

ROLES = ("admin", "device", "gateway", "operator", "export")
ORIGIN = re.compile(r"(?![^\n]*\+)[!-~]{1,128}")
LINE = re.compile(r"(witness|group|quorum)( [!-~]+)+")
TYPE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
TERMS = ("votes", "witnesses", "gateway")
OPS = {
    "add": ("kid", "role", "jwk", "pop"),
    "revoke": ("kid",),
    "compromise": ("kid", "from"),
    "rotate": ("kid", "jwk", "pop", "next"),
    "recover": ("member", "jwk", "pop", "next"),
}
MEMBERS: dict[str, tuple[str, ...]] = {
    "genesis": ("origin", "logKey", "members", "operator", "predecessor", *TERMS),
    "policy": TERMS,
    "member": ("iss", "jwk", "pop", "next"),
    "approval": ("of",),
    "tags": ("tag",),
    "erasure": ("erased", "ground"),
    "evidence": ("type", "sha256"),
    "snapshot": ("size", "keys", "root", "tags"),
}


@dataclass(frozen=True)
class Introduced:
    """A key that a body introduces, and for what."""

    iss: str
    key: Key
    role: str
    pop: bytes
    next: str | None


@dataclass(frozen=True)
class Body:
    """A body whose members were found to be right; `what`: its kind, `genesis`, `closing`, or the op of `key`."""

    what: str
    members: dict[str, Any]
    introduces: tuple[Introduced, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.members[name]


def read(kind: str, iss: str, body: dict[str, Any]) -> Body:
    """The body of an entry of this kind by the member `iss`."""
    what, names = kind, MEMBERS.get(kind, ())
    if kind == "policy" and "origin" in body:
        what, names = "genesis", MEMBERS["genesis"]
    elif kind == "policy" and "successor" in body:
        what, names = "closing", (*TERMS, "successor")
    elif kind == "key":
        need("op" in body, "body-member-missing")
        what = body["op"]
        need(isinstance(what, str) and what in OPS, "body-value")
        names = ("op", *OPS[what])
        if what == "add" and body.get("role") == "admin":
            names = (*names, "next")
        if what == "rotate" and {"seq", "head"} & body.keys():
            names = (*names, "seq", "head")
    _exactly(body, names)
    for name in names:
        need(name not in CHECKS or CHECKS[name](body[name]), "body-value")
        if name in SIZES:
            unb64(body[name], SIZES[name], "body-value")
    return Body(what, body, _introduced(what, iss, body))


def _introduced(what: str, iss: str, body: dict[str, Any]) -> tuple[Introduced, ...]:
    if what == "genesis":
        founders = [_founding(founder["iss"], founder, "admin") for founder in body["members"]]
        return (*founders, _founding(body["operator"]["iss"], body["operator"], "operator"))
    if what in ("member", "recover"):
        return (_founding(body["iss" if what == "member" else "member"], body, "admin"),)
    if what in ("add", "rotate"):
        found = _founding(iss, body, body.get("role", "admin"))
        need(what == "rotate" or body["kid"] == found.key.kid, "body-value")
        return (found,)
    return ()


def _founding(iss: str, item: dict[str, Any], role: str) -> Introduced:
    key = from_jwk(item["jwk"])
    need(item.get("next") != key.kid, "body-value")
    return Introduced(iss, key, role, unb64(item["pop"], 64, "body-value"), item.get("next"))


def _exactly(value: Any, names: tuple[str, ...]) -> bool:
    need(isinstance(value, dict), "body-value")
    need(not set(names) - value.keys(), "body-member-missing")
    need(not value.keys() - set(names), "body-member-unknown")
    return True


def _integer(value: Any) -> bool:
    return type(value) is int and value <= LIMIT


def _text(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _digests(value: Any, most: int) -> bool:
    return (
        isinstance(value, list)
        and 0 < len(value) <= most
        and all(isinstance(text, str) for text in value)
        and value == sorted(set(value))
        and all(len(unb64(text, 32, "body-value")) == 32 for text in value)
    )


def _people(value: Any) -> bool:
    need(isinstance(value, list) and 1 <= len(value) <= 64, "body-value")
    return all(_exactly(item, ("iss", "jwk", "pop", "next")) and _person(item) for item in value)


def _person(item: dict[str, Any]) -> bool:
    if "next" in item:
        unb64(item["next"], 32, "body-value")
    return _text(item["iss"], UUID4)


def _log(value: Any, names: tuple[str, ...]) -> bool:
    if value is None:
        return "size" in names
    _exactly(value, names)
    unb64(value[names[-1]], 32, "body-value")
    return _text(value["origin"], ORIGIN) and _integer(value.get("size", 0))


def _erased(value: Any) -> bool:
    need(isinstance(value, list) and value, "body-value")
    for item in value:
        _exactly(item, ("entry", "digests"))
        unb64(item["entry"], 32, "body-value")
        need(_digests(item["digests"], LIMIT), "body-value")
    return True


SIZES = dict.fromkeys(("logKey", "kid", "next", "head", "of", "sha256", "root", "tags"), 32) | {"pop": 64}
CHECKS: dict[str, Any] = {
    "origin": lambda value: _text(value, ORIGIN),
    "members": _people,
    "operator": lambda value: _exactly(value, ("iss", "jwk", "pop")) and _person(value),
    "votes": _integer,
    "witnesses": lambda value: (
        isinstance(value, list) and len(value) <= 64 and all(_text(x, LINE) and len(x) <= 512 for x in value)
    ),
    "gateway": lambda value: value in ("accept", "refuse"),
    "predecessor": lambda value: _log(value, ("origin", "size", "root")),
    "successor": lambda value: _log(value, ("origin", "logKey")),
    "role": lambda value: value in ROLES,
    "from": _integer,
    "seq": _integer,
    "member": lambda value: _text(value, UUID4),
    "iss": lambda value: _text(value, UUID4),
    "tag": lambda value: _digests(value, 48),
    "erased": _erased,
    "ground": lambda value: isinstance(value, str) and 0 < len(value) <= 500 and value.isprintable(),
    "type": lambda value: _text(value, TYPE) and len(value) <= 40,
    "size": _integer,
    "keys": _integer,
}
