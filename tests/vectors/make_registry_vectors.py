"""Write `tests/vectors/registry/*.json`: fixed keys, logs and rows, valid and refused.

- `log-*`: the leaves of a small log in order; what must be known after the last (`rows`, `members`, `terms`),
  or the `code` for which the last leaf is refused while all before it are admitted.
- `row-*`: one row of a snapshot with its path.

    python tests/vectors/make_registry_vectors.py
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ledger.registry.snapshot import keys_root, row_path
from schemas.syntax.base64url import encode
from tests.simulator.consortium import Consortium
from tests.vectors.make_tag_tree_vectors import write, written

FOLDER = Path(__file__).parent / "registry"
EVENT = {"type": "ObjectEvent", "action": "OBSERVE"}
DIGEST = "A" * 43

Scene = Callable[[Consortium], bytes | None]


def small(members: int = 2, **how: Any) -> Consortium:
    """A log of its genesis alone."""
    return Consortium(members=members, seed=7, devices=False, **how)


def observed(c: Consortium, member: int, **how: Any) -> bytes:
    """An event about nothing, not appended."""
    return c.issue(member, EVENT, **how)[-1]


def joined(c: Consortium) -> None:
    """Member 2 joins by vote."""
    c.approve(0, c.propose_member()[1])
    c.approve(1, c.registry.proposals()[-1].leaf)


def everything(c: Consortium) -> None:
    c.say(1, "member", c.founding(c.members[1]), profile={"name": "Cooperativa Valle"})
    c.key_add(0)
    c.key_add(1, "gateway")
    c.event(0, EVENT, lots=("https://id.gs1.org/01/09521234000012/10/L1",))
    c.admit()
    c.snapshot()
    c.rotate(1)
    c.compromise(0, c.members[0].device, 4)


def recovered(c: Consortium) -> None:
    proposal = c.propose_recover(0, 2)
    c.approve(0, proposal)
    c.approve(1, proposal)


def terms_changed(c: Consortium) -> None:
    proposal = c.propose_terms(votes=1, gateway="refuse", witnesses=["quorum none"])
    c.approve(0, proposal)
    c.approve(1, proposal)


def stolen_vote(c: Consortium) -> None:
    """Two votes of three, one by a key declared compromised before the second: not enough."""
    second = c.key_add(1, "admin")
    _, proposal = c.propose_member()
    stolen = c.approve(1, proposal, by=second)
    c.compromise(1, second, stolen)
    c.approve(2, proposal)


def rotated_back(c: Consortium) -> None:
    c.key_add(1)
    c.key_add(1, "gateway")
    c.rotate(1, last=1)


VALID: dict[str, tuple[int, Callable[[Consortium], object]]] = {
    "genesis": (2, lambda c: None),
    "everything": (2, everything),
    "member-admitted-by-vote": (2, joined),
    "recover": (3, recovered),
    "recover-of-one-of-two-waits-for-ever": (2, lambda c: c.approve(0, c.propose_recover(0, 1))),
    "terms-by-vote": (2, terms_changed),
    "suspect-vote-not-counted": (3, stolen_vote),
    "rotate-from-an-earlier-head": (2, rotated_back),
    "rotate-vouching-for-nothing": (2, lambda c: (c.key_add(1), c.rotate(1, last=None))),
    "closed": (1, lambda c: c.close("next.example/log")),
}


def _revoked_then_used(c: Consortium) -> bytes:
    c.revoke(0, c.key_add(0))
    return observed(c, 0)


def _in_anothers_name(c: Consortium) -> bytes:
    return c.wire(1, "approval", {"of": DIGEST}, by=c.members[0].admin)


def _device_manages_keys(c: Consortium) -> bytes:
    return c.wire(0, "key", {"op": "revoke", "kid": DIGEST}, by=c.key_add(0))


def _approved_twice(c: Consortium) -> bytes:
    _, proposal = c.propose_member()
    c.approve(1, proposal)
    return c.wire(1, "approval", {"of": encode(proposal)})


def _subject_votes(c: Consortium) -> bytes:
    return c.wire(1, "approval", {"of": encode(c.propose_recover(0, 1))})


def _settled(c: Consortium) -> bytes:
    joined(c)
    return c.wire(0, "approval", {"of": encode(c.registry.proposals()[-1].leaf)})


def _taken_kid(c: Consortium) -> bytes:
    device = c.key_add(0)
    body = {"op": "add", "kid": device.public.kid, "role": "device", "jwk": device.public.jwk}
    return c.wire(1, "key", {**body, "pop": c.pop(device, c.members[1].iss, "device", None)})


def _stolen_pop(c: Consortium) -> bytes:
    key = c.fresh()
    body = {"op": "add", "kid": key.public.kid, "role": "device", "jwk": key.public.jwk}
    return c.wire(0, "key", {**body, "pop": c.pop(key, c.members[1].iss, "device", None)})


def _narrowed(c: Consortium) -> bytes:
    device = c.key_add(0)
    c.compromise(0, device, 2)
    return c.wire(0, "key", {"op": "compromise", "kid": device.public.kid, "from": 3})


def _compromise(by_itself: bool) -> Scene:
    def scene(c: Consortium) -> bytes:
        second = c.key_add(0, "admin")
        target = c.members[0].admin if by_itself else second
        return c.wire(0, "key", {"op": "compromise", "kid": target.public.kid, "from": 2 if by_itself else 0})

    return scene


def _stale_snapshot(c: Consortium) -> bytes:
    device = c.key_add(0)
    root = encode(keys_root(c.registry.rows()))
    c.revoke(0, device)
    body = {"size": c.size, "keys": len(c.registry.rows()), "root": root, "tags": encode(c.tag_tree().root())}
    return c.wire(0, "snapshot", body, by=c.operator)


def _after_closing(c: Consortium) -> bytes:
    c.key_add(0)
    c.close("next.example/log")
    return observed(c, 0)


def _gateway(c: Consortium) -> bytes:
    terms_changed(c)
    return observed(c, 0, by=c.key_add(0, "gateway"))


def _rename(c: Consortium) -> bytes:
    c.say(1, "member", c.founding(c.members[1]), profile={"name": "One"})
    return c.wire(1, "member", c.founding(c.members[1]), profile={"name": "Another"})


def _wrong_head(c: Consortium) -> bytes:
    from ledger.entry.parse import parse_wire

    c.key_add(1)
    body = parse_wire(c.rotation(1)[0]).claims.body
    return c.wire(1, "key", {**(body or {}), "head": DIGEST}, by=c.members[1].next)


def _lane(seq: int, prev: bytes | None) -> Scene:
    return lambda c: c.wire(0, "approval", {"of": DIGEST}, lane=(seq, prev))


def _renamed(founding: dict[str, Any]) -> dict[str, Any]:
    return {"member" if name == "iss" else name: value for name, value in founding.items()}


def _closing(c: Consortium) -> bytes:
    successor = {"origin": "next.example/log", "logKey": encode(c.signer("next", "Ed25519").public.raw)}
    return c.wire(0, "policy", {**c.terms, "successor": successor})


def _added(c: Consortium, member: int, role: str, **changed: Any) -> bytes:
    """A key added, one thing about it being wrong."""
    key = c.fresh()
    body = {"op": "add", "kid": key.public.kid, "role": role, "jwk": key.public.jwk}
    return c.wire(member, "key", {**body, "pop": c.pop(key, c.members[member].iss, role, None), **changed})


def _snapshot_of(change: int) -> Scene:
    def scene(c: Consortium) -> bytes:
        rows = c.registry.rows()
        body = {"size": c.size + change, "keys": len(rows), "root": encode(keys_root(rows)), "tags": DIGEST}
        return c.wire(0, "snapshot", body, by=c.operator)

    return scene


def _closed_with(change: dict[str, Any], itself: bool = False) -> Scene:
    def scene(c: Consortium) -> bytes:
        origin = c.origin if itself else "next.example/log"
        successor = {"origin": origin, "logKey": encode(c.signer("next", "Ed25519").public.raw)}
        return c.wire(0, "policy", {**c.terms, **change, "successor": successor}, by=c.operator)

    return scene


def _recovers_nobody(c: Consortium) -> bytes:
    return c.wire(0, "key", {"op": "recover", **_renamed(c.founding(c.person()))})


def _rotates_a_device(c: Consortium) -> bytes:
    from ledger.entry.parse import parse_wire

    device = c.key_add(0)
    body = parse_wire(c.rotation(0)[0]).claims.body or {}
    return c.wire(0, "key", {**body, "kid": device.public.kid}, by=c.members[0].next)


def _rotated_by_the_old_key(c: Consortium) -> bytes:
    from ledger.entry.parse import parse_wire

    return c.wire(0, "key", parse_wire(c.rotation(0)[0]).claims.body or {})


def _suspect_proposal(c: Consortium) -> bytes:
    second = c.key_add(0, "admin")
    proposal = c.propose_terms(0, votes=1)
    c.compromise(0, c.members[0].admin, 2, by=second)
    return c.wire(1, "approval", {"of": encode(proposal)})


def _off_the_curve() -> dict[str, str]:
    return {"crv": "P-256", "kty": "EC", "x": DIGEST, "y": DIGEST}


REFUSED: dict[str, tuple[str, Scene]] = {
    "key-never-admitted": ("key-not-admitted", lambda c: observed(c, 0, by=c.fresh())),
    "key-used-after-revoke": ("key-ended", _revoked_then_used),
    "key-of-another-member": ("key-of-another-member", _in_anothers_name),
    "thief-adds-with-a-device": ("role-may-not-sign", _device_manages_keys),
    "thief-rotates-without-commitment": ("rotate-not-committed", lambda c: c.rotation(0, to=c.fresh())[0]),
    "thief-declares-compromise": ("compromise-by-itself", _compromise(True)),
    "compromise-of-genesis": ("compromise-from", _compromise(False)),
    "compromise-narrowed": ("compromise-not-earlier", _narrowed),
    "rotate-wrong-head": ("rotate-head", _wrong_head),
    "last-admin-revoked": (
        "last-admin-key",
        lambda c: c.wire(0, "key", {"op": "revoke", "kid": c.members[0].admin.public.kid}),
    ),
    "kid-of-another-member-added": ("kid-taken", _taken_kid),
    "pop-for-another-member": ("pop-wrong", _stolen_pop),
    "approved-twice": ("approval-repeated", _approved_twice),
    "approval-by-the-subject": ("approval-by-subject", _subject_votes),
    "approval-of-nothing": ("proposal-unknown", lambda c: c.wire(0, "approval", {"of": DIGEST})),
    "approval-of-a-settled-proposal": ("proposal-settled", _settled),
    "recover-of-oneself": (
        "recover-by-itself",
        lambda c: c.wire(0, "key", {"op": "recover", **_renamed(c.founding(c.members[0]))}),
    ),
    "member-twice": ("member-exists", lambda c: c.wire(0, "member", c.founding(c.members[1]))),
    "founder-renamed": ("profile-repeated", _rename),
    "gateway-refused-by-the-members": ("gateway-refused", _gateway),
    "snapshot-hides-a-revoke": ("snapshot-keys", _stale_snapshot),
    "entry-after-closing": ("log-closed", _after_closing),
    "closed-by-a-member": ("role-may-not-sign", _closing),
    "lane-behind": ("lane-behind", _lane(2, bytes(32))),
    "lane-fork": ("lane-fork", _lane(0, None)),
    "lane-prev": ("lane-prev", _lane(1, bytes(32))),
    "another-log": ("other-log", lambda c: c.wire(0, "approval", {"of": DIGEST}, log="other.example/log")),
    "body-member-unknown": ("body-member-unknown", lambda c: c.wire(0, "approval", {"of": DIGEST, "note": "x"})),
    "body-member-missing": ("body-member-missing", lambda c: c.wire(0, "key", {"op": "compromise", "kid": DIGEST})),
    "operator-of-another-member": ("operator-elsewhere", lambda c: _added(c, 1, "operator")),
    "key-off-the-curve": ("key-not-on-curve", lambda c: _added(c, 0, "device", jwk=_off_the_curve())),
    "key-with-a-use": ("key-members", lambda c: _added(c, 0, "device", jwk={**c.fresh().public.jwk, "use": "sig"})),
    "key-of-another-curve": ("key-type", lambda c: _added(c, 0, "device", jwk={"crv": "P-384", "kty": "EC"})),
    "key-short": ("key-length", lambda c: _added(c, 0, "device", jwk={**_off_the_curve(), "x": "AAAA"})),
    "key-of-small-order": (
        "key-small-order",
        lambda c: _added(c, 0, "device", jwk={"crv": "Ed25519", "kty": "OKP", "x": DIGEST}),
    ),
    "snapshot-of-another-size": ("snapshot-size", _snapshot_of(1)),
    "closing-changes-terms": ("closing-changes-policy", _closed_with({"votes": 2})),
    "successor-is-itself": ("successor-is-itself", _closed_with({}, itself=True)),
    "recover-of-nobody": ("member-unknown", _recovers_nobody),
    "founder-without-profile": ("profile-missing", lambda c: c.wire(1, "member", c.founding(c.members[1]))),
    "rotate-of-a-device": ("rotate-not-admin", _rotates_a_device),
    "rotate-by-the-old-key": ("rotate-signer", _rotated_by_the_old_key),
    "approval-of-a-suspect-proposal": ("proposal-suspect", _suspect_proposal),
    "body-value": ("body-value", lambda c: c.wire(0, "evidence", {"type": "Fork", "sha256": DIGEST}, by=c.operator)),
}  # fmt: skip


def logs() -> Iterator[tuple[str, dict[str, Any]]]:
    """The logs, valid and refused."""
    for name, (members, grow) in VALID.items():
        c = small(members)
        grow(c)
        yield f"log-valid-{name}", {
            "valid": True, "code": None, "leaves": [leaf.decode("ascii") for leaf in c.leaves],
            "rows": [row.text() for row in c.registry.rows()], "keysRoot": encode(keys_root(c.registry.rows())),
            "members": [member.iss for member in c.registry.members()], "votes": c.registry.policy().votes,
            "tagsRoot": encode(c.tag_tree().root()),
        }  # fmt: skip
    for name, (code, scene) in REFUSED.items():
        c = small()
        last = scene(c)
        assert last is not None
        leaves = [*c.leaves, last.partition(b"~")[0]]
        yield f"log-refused-{name}", {"valid": False, "code": code, "leaves": [leaf.decode("ascii") for leaf in leaves]}


def rows() -> Iterator[tuple[str, dict[str, Any]]]:
    """One row of five, and what makes it no proof."""
    c = small()
    everything(c)
    held = c.registry.rows()
    number, count, root = next(n for n, row in enumerate(held) if row.suspect is not None), len(held), keys_root(held)
    path = [encode(node) for node in row_path(held, number)]
    good = {"row": held[number].text(), "n": number, "path": path, "root": encode(root), "keys": count}
    mismatch = "row-root-mismatch"
    yield "row-valid", {"valid": True, "code": None, **good}
    hidden = good["row"].split(" ")
    forged = {
        "end-removed": (mismatch, {"row": " ".join([*hidden[:4], "-", *hidden[5:]])}),
        "another-number": (mismatch, {"n": number ^ 1}),
        "path-truncated": (mismatch, {"path": path[:-1]}),
        "path-padded": (mismatch, {"path": [*path, path[0]]}),
        "another-count": (mismatch, {"keys": 2 * count}),
        "leading-zero": ("row", {"row": " ".join([*hidden[:3], "0" + hidden[3], *hidden[4:]])}),
        "line-end": ("row", {"row": good["row"] + "\n"}),
        "two-spaces": ("row", {"row": good["row"].replace(" ", "  ", 1)}),
        "unknown-role": ("row", {"row": " ".join([*hidden[:2], "king", *hidden[3:]])}),
    }
    for name, (code, change) in forged.items():
        yield f"row-refused-{name}", {"valid": False, "code": code, **good, **change}


def vectors() -> dict[Path, bytes]:
    """Every vector file and its bytes."""
    return written(FOLDER, (*logs(), *rows()))


if __name__ == "__main__":
    write(FOLDER, vectors())
