"""What may happen to keys: added, revoked, declared compromised, rotated, recovered (ARCHITECTURE.md 3.3).

- A kid belongs to one member for ever: an ended key is never admitted again, nor is a committed one of somebody else.
- Every key shows its proof of possession for origin, member, role and next kid.
- `rotate` comes from the key that the old one committed to, at seq 0 of its lane, and names the last good entry of the
  old lane: later entries are suspect, the old key ends. The thief of a key has no commitment that fits.
- `compromise` is declared by another admin key of the member; it reaches back to any index after the key's admission
  and is never narrowed. Entry 0 is never suspect: every policy pins it by its hash.
- KNOWN LIMIT: keys that a stolen admin key added stay valid until they are ended or declared compromised too.
- The last admin key of a member cannot be revoked; only other members can then help (`recover`).
"""

from dataclasses import replace

from ledger.entry.parse import Entry, verify_entry
from ledger.keys.signature import verify_pop
from ledger.registry.bodies import Add, Body, Compromise, Founding, Recover, Revoke, Role, Rotate
from ledger.registry.state import Changes, Key, Member, State
from schemas.errors import EvidenceError

OWN_OPS = Add | Revoke | Compromise


def check_founding(origin: str, founding: Founding, role: Role) -> None:
    """`EvidenceError("pop-wrong")` unless the offered key proves its possession for this place."""
    verify_pop(founding.key, founding.pop, origin=origin, iss=founding.iss, role=role, next_=founding.next)


def check_recover(state: State, signer: Key, body: Recover) -> None:
    """`recover-by-itself`, `pop-wrong`: a member is recovered by another one, to a key it proves to hold."""
    if body.member == signer.iss:
        raise EvidenceError("recover-by-itself", iss=signer.iss)
    check_founding(state.origin, body.founding, "admin")


def own(state: State, index: int, signer: Key, body: Body) -> Changes:
    """What an admin key does to keys of its own member."""
    if isinstance(body, Add):
        return _add(state, index, signer, body)
    if isinstance(body, Revoke):
        return _revoke(state, index, signer, body)
    assert isinstance(body, Compromise)
    return _compromise(state, index, signer, body)


def _add(state: State, index: int, signer: Key, body: Add) -> Changes:
    if body.role == "operator" and signer.iss != state.operator:
        raise EvidenceError("operator-elsewhere", iss=signer.iss)
    _free(state, body.key.kid, body.next)
    verify_pop(body.key, body.pop, origin=state.origin, iss=signer.iss, role=body.role, next_=body.next)
    return Changes(keys=[Key(body.key, signer.iss, body.role, add=index, by=index, next=body.next)])


def _revoke(state: State, index: int, signer: Key, body: Revoke) -> Changes:
    target = _of_member(state, signer, body.kid)
    if target.end is not None:
        raise EvidenceError("key-ended", kid=target.kid, index=index, end=target.end)
    if target.role == "admin" and len(list(state.living_admins(signer.iss))) == 1:
        raise EvidenceError("last-admin-key", kid=target.kid)
    return Changes(keys=[replace(target, end=index)])


def _compromise(state: State, index: int, signer: Key, body: Compromise) -> Changes:
    if body.kid == signer.kid:
        raise EvidenceError("compromise-by-itself", kid=body.kid)
    target = _of_member(state, signer, body.kid)
    first = max(target.add, 1)
    if not first <= body.since <= index:
        raise EvidenceError("compromise-from", kid=target.kid, since=body.since, first=first, last=index)
    if target.suspect is not None and body.since >= target.suspect:
        raise EvidenceError("compromise-not-earlier", kid=target.kid, since=body.since, suspect=target.suspect)
    end = index if target.end is None else target.end
    return Changes(keys=[replace(target, end=end, suspect=body.since)])


def rotate(state: State, index: int, entry: Entry, body: Rotate) -> Changes:
    """The committed next key takes over. `EvidenceError`: `rotate-signer`, `key-of-another-member`,
    `rotate-not-admin`, `key-ended`, `rotate-not-committed`, `kid-taken`, `rotate-head`, `pop-wrong`, `signature-…`."""
    old = state.known(body.kid)
    if entry.jwt.kid != body.key.kid or entry.claims.seq != 0:
        raise EvidenceError("rotate-signer", kid=entry.jwt.kid, expected=body.key.kid, seq=entry.claims.seq)
    if entry.claims.iss != old.iss:
        raise EvidenceError("key-of-another-member", kid=old.kid, iss=entry.claims.iss)
    if old.role != "admin":
        raise EvidenceError("rotate-not-admin", kid=old.kid, role=old.role)
    old.check_standing(index)
    if old.next != body.key.kid:
        raise EvidenceError("rotate-not-committed", kid=old.kid, got=body.key.kid)
    _free(state, body.key.kid, body.next)
    verify_entry(entry, body.key)
    verify_pop(body.key, body.pop, origin=state.origin, iss=old.iss, role="admin", next_=body.next)
    suspects = [since for since in (old.suspect, _first_unvouched(state, body)) if since is not None]
    ended = replace(old, end=index, suspect=min(suspects, default=None))
    return Changes(keys=[ended, Key(body.key, old.iss, "admin", add=index, by=index, next=body.next)])


def _first_unvouched(state: State, body: Rotate) -> int | None:
    """The log index of the first entry after the named head of the old lane, None where there is none."""
    if body.seq is not None:
        named = state.past.get((body.kid, body.seq))
        if named is None or named.head != body.head:
            raise EvidenceError("rotate-head", kid=body.kid, seq=body.seq)
    later = 0 if body.seq is None else body.seq + 1
    following = state.past.get((body.kid, later))
    if following is not None and following.index == 0:
        following = state.past.get((body.kid, later + 1))
    return following.index if following is not None else None


def with_profile(member: Member, index: int) -> Member:
    """The member with the entry that holds its profile."""
    return replace(member, profile=index)


def _of_member(state: State, signer: Key, kid: str) -> Key:
    target = state.known(kid)
    if target.iss != signer.iss:
        raise EvidenceError("key-of-another-member", kid=kid, iss=signer.iss)
    return target


def _free(state: State, *kids: str | None) -> None:
    for kid in kids:
        if kid is not None and kid in state.keys:
            raise EvidenceError("kid-taken", kid=kid)
