"""The claims of an entry: its kind, its place in its lane, and what each kind may carry.

- All kinds: `v` 1, `log`, `iss`, `seq`, `prev` (absent exactly when `seq` is 0), `kind`.
- Private kinds add exactly `_sd_alg`, `_sd` (two digests: `content` and `record`), `tag` and `more`, always present.
- Public kinds add exactly `body`; `member` may also have `_sd_alg` and `_sd` with one digest, of `profile`.
- Digests and tags are sorted as ASCII text and distinct. `tags` carries 1-48 tags in its body and nothing else.
- A leaf of unknown `kind` is read as far as the common claims and no further: `known` is False, it confers nothing.
- The names `_sd`, `_sd_alg` and `...` occur nowhere else (RFC 9901 section 4.2.2).

    claims = read_claims(parse_jwt(leaf).payload)
    claims.kind, claims.seq, len(claims.tags)

ARCHITECTURE.md 3.2 and 3.3.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from schemas.errors import InputError
from schemas.syntax.base64url import decode, digests

PRIVATE_KINDS = frozenset(("event", "correction", "master", "document", "drill"))
PUBLIC_KINDS = frozenset(("key", "member", "approval", "policy", "tags", "erasure", "evidence", "snapshot"))
KINDS = PRIVATE_KINDS | PUBLIC_KINDS
VERSION = 1
SD_ALG = "sha-256"
MAX_ORIGIN = 128
MAX_TAGS = 48
MAX_MORE = 255
RESERVED = frozenset(("_sd", "_sd_alg", "..."))

_COMMON = frozenset(("v", "log", "iss", "seq", "kind"))
_PRIVATE = _COMMON | {"_sd_alg", "_sd", "tag", "more"}
_PUBLIC = _COMMON | {"body"}
_MEMBER = _PUBLIC | {"_sd_alg", "_sd"}
_USUAL = itemgetter("v", "log", "iss", "seq", "kind", "_sd_alg", "_sd", "tag", "more")
_REPEATED = {"_sd": "entry-digest-repeated", "tag": "entry-tag-repeated"}
_UNSORTED = {"_sd": "entry-digests-unsorted", "tag": "entry-tags-unsorted"}
_ISSUER = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_KIND = re.compile(r"[a-z][a-z0-9-]{0,31}")


class Claims(NamedTuple):
    """What a leaf says in clear. `sd`: 32-byte digests; `tags`: 32-byte tags, those of a `tags` body included."""

    log: str
    iss: str
    seq: int
    prev: bytes | None
    kind: str
    known: bool = True
    sd: tuple[bytes, ...] = ()
    tags: tuple[bytes, ...] = ()
    more: int = 0
    body: dict[str, Any] | None = None
    profile: bytes | None = None

    @property
    def private(self) -> bool:
        """Whether the entry commits to hidden content instead of a clear body."""
        return self.kind in PRIVATE_KINDS


def read_claims(payload: Mapping[str, Any]) -> Claims:
    """The claims of one payload; `InputError` with its own code for each rule above that is broken."""
    usual = _usual(payload)
    if usual is not None:
        return usual
    log, iss, seq, prev, kind = _common(payload)
    if kind in PRIVATE_KINDS:
        _names(payload, _PRIVATE)
        sd, tags, more = _committed(payload)
        return Claims(log, iss, seq, prev, kind, True, sd, tags, more)
    if kind not in PUBLIC_KINDS:
        return Claims(log, iss, seq, prev, kind, known=False)
    profile = None
    if kind == "member" and ("_sd" in payload or "_sd_alg" in payload):
        _names(payload, _MEMBER)
        (profile,) = _digests(payload, 1)
    else:
        _names(payload, _PUBLIC)
    body = _typed(payload, "body", dict)
    refuse_reserved(body)
    tags = _tags_body(body) if kind == "tags" else ()
    return Claims(log, iss, seq, prev, kind, tags=tags, body=body, profile=profile)


def _usual(payload: Mapping[str, Any]) -> Claims | None:
    """The claims of a private kind with nothing wrong in them, in a few steps; None of any others, to be judged."""
    try:
        v, log, iss, seq, kind, alg, sd, tags, more = _USUAL(payload)
    except KeyError:
        return None
    if not (type(v) is type(seq) is type(more) is int and type(log) is type(iss) is type(kind) is str):
        return None
    if not (type(sd) is type(tags) is list and len(sd) == 2 and len(tags) <= MAX_TAGS and alg == SD_ALG):
        return None
    if v != VERSION or kind not in PRIVATE_KINDS or more > MAX_MORE or len(payload) != (10 if seq else 9):
        return None
    texts = [*sd, *tags, payload.get("prev")] if seq else [*sd, *tags]
    decoded = digests(texts)
    if decoded is None or sd[0] >= sd[1] or (len(tags) > 1 and sorted({*tags}) != tags):
        return None
    prev = decoded[-1] if seq else None
    return Claims(_origin(log), _issuer(iss), seq, prev, kind, True, decoded[:2], decoded[2 : 2 + len(tags)], more)


def _common(payload: Mapping[str, Any]) -> tuple[str, str, int, bytes | None, str]:
    if _typed(payload, "v", int) != VERSION:
        raise InputError("entry-version", value=payload["v"], expected=VERSION)
    log = _origin(_typed(payload, "log", str))
    iss = _issuer(_typed(payload, "iss", str))
    kind = _kind(_typed(payload, "kind", str))
    seq = _typed(payload, "seq", int)
    if seq == 0:
        if "prev" in payload:
            raise InputError("entry-prev-unexpected")
        return log, iss, 0, None, kind
    if "prev" not in payload:
        raise InputError("entry-prev-missing", seq=seq)
    return log, iss, seq, digest(payload["prev"], "prev"), kind


def _typed(payload: Mapping[str, Any], name: str, kind: type) -> Any:
    value = payload.get(name)
    if type(value) is not kind:  # `isinstance` would take `true` for an integer
        if name not in payload:
            raise InputError("entry-claim-missing", member=name)
        raise InputError("entry-claim-type", member=name, expected=kind.__name__)
    return value


def _names(payload: Mapping[str, Any], expected: frozenset[str]) -> None:
    """Exactly the claims of the kind; `prev` was settled with `seq`."""
    if len(payload) == len(expected) + ("prev" in payload) and payload.keys() >= expected:
        return
    for name in payload:
        if name not in expected and name != "prev":
            raise InputError("entry-claim-unknown", member=name)
    raise InputError("entry-claim-missing", member=min(expected - payload.keys()))


@lru_cache(maxsize=256)
def _origin(text: str) -> str:
    """A C2SP origin: not empty, no white space, no plus sign (signed-note, key name)."""
    if not 0 < len(text.encode("utf-8")) <= MAX_ORIGIN or "+" in text or not text.isprintable() or " " in text:
        raise InputError("entry-origin", value=text[:MAX_ORIGIN], limit=MAX_ORIGIN)
    return text


@lru_cache(maxsize=4096)
def _issuer(text: str) -> str:
    if not _ISSUER.fullmatch(text):
        raise InputError("entry-issuer", value=text[:80])
    return text


@lru_cache(maxsize=256)
def _kind(text: str) -> str:
    if not _KIND.fullmatch(text):
        raise InputError("entry-kind", value=text[:80])
    return text


def digest(text: Any, member: str) -> bytes:
    """A SHA-256 digest in base64url; `InputError("entry-digest")` for another type or length."""
    if type(text) is not str or len(text) != 43:
        raise InputError("entry-digest", member=member)
    return decode(text, member=member)


def sorted_digests(texts: list[Any], member: str) -> tuple[bytes, ...]:
    """The digests of an `_sd` or `tag` array: sorted as ASCII text (RFC 9901 section 4.2.4.1), none twice."""
    digests = tuple([digest(text, member) for text in texts])
    last = ""
    for text in texts:
        if text <= last:
            raise InputError(_REPEATED[member] if text == last else _UNSORTED[member])
        last = text
    return digests


def _digests(payload: Mapping[str, Any], count: int) -> tuple[bytes, ...]:
    if payload["_sd_alg"] != SD_ALG:
        raise InputError("entry-digest-algorithm", value=str(payload["_sd_alg"])[:40], expected=SD_ALG)
    texts = _typed(payload, "_sd", list)
    if len(texts) != count:
        raise InputError("entry-digest-count", count=len(texts), expected=count)
    return sorted_digests(texts, "_sd")


def _committed(payload: Mapping[str, Any]) -> tuple[tuple[bytes, ...], tuple[bytes, ...], int]:
    digests = _digests(payload, 2)
    tags = _typed(payload, "tag", list)
    more = _typed(payload, "more", int)
    if len(tags) > MAX_TAGS:
        raise InputError("entry-tag-count", count=len(tags), limit=MAX_TAGS)
    if more > MAX_MORE:
        raise InputError("entry-more", value=more, limit=MAX_MORE)
    return digests, sorted_digests(tags, "tag"), more


def _tags_body(body: Mapping[str, Any]) -> tuple[bytes, ...]:
    if body.keys() != {"tag"} or type(body["tag"]) is not list:
        raise InputError("entry-tags-body")
    if not 0 < len(body["tag"]) <= MAX_TAGS:
        raise InputError("entry-tag-count", count=len(body["tag"]), limit=MAX_TAGS)
    return sorted_digests(body["tag"], "tag")


def refuse_reserved(value: Any) -> None:
    """`InputError("entry-reserved-name")` if data uses a name that belongs to RFC 9901, at any depth."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if not RESERVED.isdisjoint(item):
                raise InputError("entry-reserved-name", member=next(name for name in item if name in RESERVED))
            waiting += [inner for inner in item.values() if type(inner) is not str]
        elif isinstance(item, list):
            waiting += [inner for inner in item if type(inner) is not str]
