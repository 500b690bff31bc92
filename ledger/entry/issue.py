"""Issue entries: the content and record of an event become salted disclosures, their digests are signed.

- `issue_private` gives the wires in lane order: first the `tags` entries that an entry with more than 48 tags needs,
  then the entry. Everything is checked before anything is signed.
- `issue_public` gives one wire with a clear body, and a member's profile as disclosures.
- Salts come from `salt(16)`; a signer, its `seq` and `prev` are the caller's to keep (ARCHITECTURE.md 3.4).
- The tags of an entry are sorted; it carries the first 48 itself, its `tags` entries the next ones, 48 each.

    wires = issue_private(signer, log=origin, iss=member, seq=0, prev=None, kind="event",
                          content=event, record=Record(iat=now, lots=lots), salt=os.urandom)

ARCHITECTURE.md 3.2, RFC 9901 section 4.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ledger.entry.claims import MAX_MORE, MAX_TAGS, PRIVATE_KINDS, SD_ALG, VERSION, read_claims, refuse_reserved
from ledger.entry.disclosure import digest_text, encode_disclosure
from ledger.entry.jwt import assemble, leaf_hash, signing_input
from ledger.entry.record import Lot, Record, record_tree
from ledger.entry.shape import Branch, split
from ledger.entry.tags import tag
from ledger.keys.signer import Signer
from schemas.errors import InputError
from schemas.syntax.base64url import encode
from schemas.syntax.json_text import MAX_DEPTH, check_depth, quoted, write_text

__all__ = ["MAX_OBJECTS", "Lot", "Record", "Salt", "disclose_content", "issue_private", "issue_public"]

Salt = Callable[[int], bytes]
MAX_OBJECTS = MAX_TAGS * (MAX_MORE + 1)


def issue_private(
    signer: Signer, *, log: str, iss: str, seq: int, prev: bytes | None, kind: str,
    content: Mapping[str, Any] | Sequence[str], record: Record, salt: Salt,
) -> list[bytes]:  # fmt: skip
    """The wires of one private entry, `tags` entries first; the entry itself stands at `seq + len(wires) - 1`.

    `content` is a tree of `json_text.read`, or the disclosures of another entry's content (its own first), which are
    taken unchanged: that is how an entry is relayed. `InputError`: `too-many-objects`, `lot-repeated`,
    `entry-reserved-name`, `record-value`, `entry-too-large`.
    """
    if kind not in PRIVATE_KINDS:
        raise InputError("entry-kind", value=kind)
    tags = _tags(record.lots)
    texts: list[str] = []
    digests = sorted((_content(content, texts, salt), _branch("record", record_tree(record), texts, salt)))
    lane = _Lane(signer, log, iss, seq, prev)
    overflow = range(MAX_TAGS, len(tags), MAX_TAGS)
    claims = {"_sd_alg": SD_ALG, "_sd": digests, "tag": tags[:MAX_TAGS], "more": len(overflow)}
    lane.check(kind, claims)
    wires = [lane.sign("tags", {"body": {"tag": tags[at : at + MAX_TAGS]}}) + b"~" for at in overflow]
    wires.append("~".join((lane.sign(kind, claims).decode("ascii"), *texts, "")).encode("ascii"))
    return wires


def issue_public(
    signer: Signer, *, log: str, iss: str, seq: int, prev: bytes | None, kind: str, body: Mapping[str, Any],
    profile: Mapping[str, Any] | None = None, salt: Salt | None = None,
) -> bytes:  # fmt: skip
    """The wire of one public entry. A `profile` (kind `member`) needs `salt`; its members are one disclosure each."""
    texts: list[str] = []
    claims: dict[str, Any] = {"body": dict(body)}
    if profile is not None:
        if kind != "member" or salt is None:
            raise ValueError("only a member entry has a profile, and it needs salts")
        claims |= {"_sd_alg": SD_ALG, "_sd": [_branch("profile", profile, texts, salt)]}
    lane = _Lane(signer, log, iss, seq, prev)
    lane.check(kind, claims)
    return "~".join((lane.sign(kind, claims).decode("ascii"), *texts, "")).encode("ascii")


class _Lane:
    """The next places of one key's lane."""

    __slots__ = ("iss", "log", "prev", "seq", "signer")

    def __init__(self, signer: Signer, log: str, iss: str, seq: int, prev: bytes | None) -> None:
        self.signer, self.log, self.iss, self.seq, self.prev = signer, log, iss, seq, prev

    def claims(self, kind: str, claims: Mapping[str, Any]) -> dict[str, Any]:
        """All claims of the next entry, in the order they are written."""
        place = {"v": VERSION, "log": self.log, "iss": self.iss, "seq": self.seq}
        if self.prev is not None:
            place["prev"] = encode(self.prev)
        return {**place, "kind": kind, **claims}

    def check(self, kind: str, claims: Mapping[str, Any]) -> None:
        """Refuse what a reader would refuse, before the first signature."""
        payload = self.claims(kind, claims)
        read_claims(payload)
        signing_input(self.signer.public.alg, self.signer.public.kid, payload)

    def sign(self, kind: str, claims: Mapping[str, Any]) -> bytes:
        """The leaf of the next entry; the lane moves on."""
        public = self.signer.public
        signed = signing_input(public.alg, public.kid, self.claims(kind, claims))
        leaf = assemble(signed, self.signer.sign(signed))
        self.seq, self.prev = self.seq + 1, leaf_hash(leaf)
        return leaf


def _tags(lots: Sequence[Lot]) -> list[str]:
    """The tags of all lots, sorted as text; at most 12,288."""
    if len(lots) > MAX_OBJECTS:
        raise InputError("too-many-objects", count=len(lots), limit=MAX_OBJECTS)
    tags = sorted({encode(tag(lot.key, lot.n)) for lot in lots})
    if len(tags) != len(lots):
        raise InputError("lot-repeated", count=len(lots) - len(tags))
    return tags


def disclose_content(content: Mapping[str, Any], salt: Salt) -> list[str]:
    """The disclosures of a content, its own first: what `issue_private` takes where they were made before.

    Needs neither key nor lane. `InputError`: `entry-reserved-name`, `json-too-deep`, `json-lone-surrogate`.
    """
    texts: list[str] = []
    _branch("content", content, texts, salt)
    return texts


def _content(content: Mapping[str, Any] | Sequence[str], texts: list[str], salt: Salt) -> str:
    if isinstance(content, Mapping):
        return _branch("content", content, texts, salt)
    texts.extend(content)
    return digest_text(content[0].encode("ascii"))[0]


def _branch(branch: Branch, tree: Mapping[str, Any], texts: list[str], salt: Salt) -> str:
    """Disclose a whole branch: appended to `texts` with itself first, its digest returned."""
    place = len(texts)
    texts.append("")
    digests = [_member(branch, name, value, texts, salt) for name, value in tree.items()]
    texts[place] = encode_disclosure(salt(16), branch, _array(digests))
    return digest_text(texts[place].encode("ascii"))[0]


def _member(branch: Branch, name: str, value: Any, texts: list[str], salt: Salt) -> str:
    place = len(texts)
    texts.append("")
    kind = split(branch, name, value)
    if kind == "elements":
        digests = [_disclose(None, _plain(item), texts, salt) for item in value]
        text = "[" + ",".join([f'{{"...":"{digest}"}}' for digest in digests]) + "]"
    elif kind == "members":
        text = _array([_disclose(key, _plain(item), texts, salt) for key, item in value.items()])
    else:
        text = _plain(value)
    disclosed = texts[place] = encode_disclosure(salt(16), name, text)
    return digest_text(disclosed.encode("ascii"))[0]


def _disclose(name: str | None, text: str, texts: list[str], salt: Salt) -> str:
    disclosed = encode_disclosure(salt(16), name, text)
    texts.append(disclosed)
    return digest_text(disclosed.encode("ascii"))[0]


def _array(digests: list[str]) -> str:
    """`{"_sd":[…]}` sorted as text, so that the order says nothing; an empty object stays `{}`."""
    return '{"_sd":["' + '","'.join(sorted(digests)) + '"]}' if digests else "{}"


def _plain(value: Any) -> str:
    """The JSON text of data that is not split further: no reserved names, not too deep once inside its disclosure."""
    if type(value) is str:
        return quoted(value)
    text = write_text(value)
    if '"_sd' in text or '"..."' in text:
        refuse_reserved(value)
    check_depth(value, MAX_DEPTH - 1)
    return text
