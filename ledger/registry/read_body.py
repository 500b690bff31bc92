"""The clear body of a public kind, read strictly into its value (ARCHITECTURE.md 3.3).

- A body holds exactly the members of its kind (for `key`: of its `op`); each refusal names the member.
- Digests and keys are base64url of 32 bytes, signatures of 64; indexes and counts are integers 0..2^53.
- `jwk` is a public key of `ledger.keys.signature`; where a `kid` stands beside it, it is that key's thumbprint.
- Lists of digests are sorted as ASCII text and distinct, so that one statement has one spelling.

    read_body("approval", {"of": "…"})  ->  Approval(of=b"…")
"""

import re
from collections.abc import Mapping
from typing import Any, cast

from ledger.keys.signature import PublicKey
from ledger.registry.bodies import (
    ROLES,
    Add,
    Approval,
    Body,
    Compromise,
    Erased,
    Erasure,
    Evidence,
    Founding,
    Gateway,
    Genesis,
    MemberProposal,
    Policy,
    Predecessor,
    Recover,
    Revoke,
    Role,
    Rotate,
    Snapshot,
    Successor,
    Tags,
    Terms,
)
from schemas.errors import InputError
from schemas.syntax import base64url

MAX_INTEGER = 2**53
MAX_MEMBERS = 64
MAX_WITNESS_LINES = 64
MAX_WITNESS_LINE = 512
MAX_GROUND = 500
MAX_TAGS = 48
_UUID4 = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ORIGIN = re.compile(r"[!-*,-~]{1,128}")
_WITNESS_LINE = re.compile(r"(witness|group|quorum)( [!-~]+)+")
_EVIDENCE_TYPE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def read_body(kind: str, body: Mapping[str, Any] | None) -> Body:
    """The value of a public kind's body. `InputError`: `body-kind`, `body-member-missing`, `body-member-unknown`,
    `body-value` (each names the member), `base64url`, `key-…`."""
    reader = _READERS.get(kind)
    if reader is None or body is None:
        raise InputError("body-kind", kind=kind)
    return reader(body)


def _policy(body: Mapping[str, Any]) -> Body:
    if "origin" in body:
        return read_genesis(body)
    if "successor" not in body:
        _names(body, "votes", "witnesses", "gateway")
        return Policy(_terms(body), None)
    _names(body, "votes", "witnesses", "gateway", "successor")
    successor = _object(body["successor"], "successor", "origin", "logKey")
    return Policy(_terms(body), Successor(_origin(successor, "origin"), _bytes(successor, "logKey")))


def read_genesis(body: Mapping[str, Any]) -> Genesis:
    """The body of entry 0."""
    _names(body, "origin", "logKey", "members", "operator", "votes", "witnesses", "gateway", "predecessor")
    members = _list(body, "members", MAX_MEMBERS)
    founders = tuple(_founding(_object(item, "members", "iss", "jwk", "pop", "next"), "iss") for item in members)
    operator = _object(body["operator"], "operator", "iss", "jwk", "pop")
    return Genesis(
        _origin(body, "origin"),
        _bytes(body, "logKey"),
        founders,
        Founding(_iss(operator, "iss"), _jwk(operator), _bytes(operator, "pop", 64), None),
        _terms(body),
        _predecessor(body["predecessor"]),
    )


def _predecessor(value: Any) -> Predecessor | None:
    if value is None:
        return None
    _object(value, "predecessor", "origin", "size", "root")
    return Predecessor(_origin(value, "origin"), _integer(value, "size"), _bytes(value, "root"))


def _terms(body: Mapping[str, Any]) -> Terms:
    lines = _list(body, "witnesses", MAX_WITNESS_LINES, least=0)
    for line in lines:
        if not isinstance(line, str) or len(line) > MAX_WITNESS_LINE or not _WITNESS_LINE.fullmatch(line):
            raise InputError("body-value", member="witnesses")
    if body["gateway"] not in ("accept", "refuse"):
        raise InputError("body-value", member="gateway")
    return Terms(_integer(body, "votes"), tuple(lines), cast(Gateway, body["gateway"]))


def _key(body: Mapping[str, Any]) -> Body:
    op = body.get("op")
    reader = _OPS.get(op) if isinstance(op, str) else None
    if reader is None:
        raise InputError("body-value" if "op" in body else "body-member-missing", member="op")
    return reader(body)


def _add(body: Mapping[str, Any]) -> Body:
    # An admin key commits to its next one, the others are replaced by adding and revoking.
    admin = body.get("role") == "admin"
    _names(body, "op", "kid", "role", "jwk", "pop", *(("next",) if admin else ()))
    if body["role"] not in ROLES:
        raise InputError("body-value", member="role")
    key = _named_key(body)
    return Add(cast(Role, body["role"]), key, _bytes(body, "pop", 64), _next(body, key) if admin else None)


def _revoke(body: Mapping[str, Any]) -> Body:
    _names(body, "op", "kid")
    return Revoke(_kid(body, "kid"))


def _compromise(body: Mapping[str, Any]) -> Body:
    _names(body, "op", "kid", "from")
    return Compromise(_kid(body, "kid"), _integer(body, "from"))


def _rotate(body: Mapping[str, Any]) -> Body:
    # Without `seq` and `head` no entry of the old lane is vouched for.
    vouched = "seq" in body or "head" in body
    _names(body, "op", "kid", "jwk", "pop", "next", *(("seq", "head") if vouched else ()))
    key = _jwk(body)
    seq, head = (_integer(body, "seq"), _bytes(body, "head")) if vouched else (None, None)
    return Rotate(_kid(body, "kid"), key, _bytes(body, "pop", 64), _next(body, key), seq, head)


def _recover(body: Mapping[str, Any]) -> Body:
    _names(body, "op", "member", "jwk", "pop", "next")
    return Recover(_founding(body, "member"))


def _member(body: Mapping[str, Any]) -> Body:
    _names(body, "iss", "jwk", "pop", "next")
    return MemberProposal(_founding(body, "iss"))


def _approval(body: Mapping[str, Any]) -> Body:
    _names(body, "of")
    return Approval(_bytes(body, "of"))


def _tags(body: Mapping[str, Any]) -> Body:
    _names(body, "tag")
    return Tags(_digests(body, "tag", MAX_TAGS))


def _erasure(body: Mapping[str, Any]) -> Body:
    _names(body, "erased", "ground")
    erased = []
    for item in _list(body, "erased", MAX_INTEGER):
        _object(item, "erased", "entry", "digests")
        erased.append(Erased(_bytes(item, "entry"), _digests(item, "digests", MAX_INTEGER)))
    ground = body["ground"]
    if not isinstance(ground, str) or not 0 < len(ground) <= MAX_GROUND or not ground.isprintable():
        raise InputError("body-value", member="ground")
    return Erasure(tuple(erased), ground)


def _evidence(body: Mapping[str, Any]) -> Body:
    _names(body, "type", "sha256")
    kind = body["type"]
    if not isinstance(kind, str) or len(kind) > 40 or not _EVIDENCE_TYPE.fullmatch(kind):
        raise InputError("body-value", member="type")
    return Evidence(kind, _bytes(body, "sha256"))


def _snapshot(body: Mapping[str, Any]) -> Body:
    _names(body, "size", "keys", "root", "tags")
    return Snapshot(_integer(body, "size"), _integer(body, "keys"), _bytes(body, "root"), _bytes(body, "tags"))


_OPS = {"add": _add, "revoke": _revoke, "compromise": _compromise, "rotate": _rotate, "recover": _recover}
_READERS = {
    "policy": _policy,
    "key": _key,
    "member": _member,
    "approval": _approval,
    "tags": _tags,
    "erasure": _erasure,
    "evidence": _evidence,
    "snapshot": _snapshot,
}


def _names(body: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if name not in body:
            raise InputError("body-member-missing", member=name)
    for name in body:
        if name not in names:
            raise InputError("body-member-unknown", member=name)


def _object(value: Any, member: str, *names: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InputError("body-value", member=member)
    _names(value, *names)
    return value


def _list(body: Mapping[str, Any], member: str, most: int, *, least: int = 1) -> list[Any]:
    value = body[member]
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise InputError("body-value", member=member)
    return value


def _integer(body: Mapping[str, Any], member: str) -> int:
    value = body[member]
    if type(value) is not int or not 0 <= value <= MAX_INTEGER:
        raise InputError("body-value", member=member)
    return value


def _bytes(body: Mapping[str, Any], member: str, length: int = 32) -> bytes:
    value = body[member]
    if not isinstance(value, str) or len(decoded := base64url.decode(value, member=member)) != length:
        raise InputError("body-value", member=member)
    return decoded


def _digests(body: Mapping[str, Any], member: str, most: int) -> tuple[bytes, ...]:
    texts = _list(body, member, most)
    if not all(isinstance(text, str) for text in texts) or texts != sorted(set(texts)):
        raise InputError("body-value", member=member)
    return tuple(_bytes({member: text}, member) for text in texts)


def _iss(body: Mapping[str, Any], member: str) -> str:
    if not isinstance(body[member], str) or not _UUID4.fullmatch(body[member]):
        raise InputError("body-value", member=member)
    return str(body[member])


def _origin(body: Mapping[str, Any], member: str) -> str:
    if not isinstance(body[member], str) or not _ORIGIN.fullmatch(body[member]):
        raise InputError("body-value", member=member)
    return str(body[member])


def _kid(body: Mapping[str, Any], member: str) -> str:
    return base64url.encode(_bytes(body, member))


def _next(body: Mapping[str, Any], key: PublicKey) -> str:
    # A key that commits to itself could never be rotated.
    if (committed := _kid(body, "next")) == key.kid:
        raise InputError("body-value", member="next")
    return committed


def _jwk(body: Mapping[str, Any]) -> PublicKey:
    if not isinstance(body["jwk"], dict):
        raise InputError("body-value", member="jwk")
    return PublicKey.from_jwk(body["jwk"])


def _named_key(body: Mapping[str, Any]) -> PublicKey:
    key = _jwk(body)
    if _kid(body, "kid") != key.kid:
        raise InputError("body-value", member="kid")
    return key


def _founding(body: Mapping[str, Any], owner: str) -> Founding:
    key = _jwk(body)
    return Founding(_iss(body, owner), key, _bytes(body, "pop", 64), _next(body, key))
