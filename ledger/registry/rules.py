"""Who may say what: one entry against the state before it (ARCHITECTURE.md 3.3).

- Key roles, one each: `admin` manages keys, votes, proposes, declares erasures; `device` and `gateway` record events,
  corrections, master data, documents, drills and their tags; `operator` writes snapshots, evidence and the closing
  policy; `export` signs no entries.
- A key speaks only for its own member, only while it is valid at the entry's index, only in its role.
- After the closing policy nothing more is admitted.
- Nothing is changed here: `judge` gives the `Changes` or raises.
"""

from ledger.entry.parse import Entry
from ledger.registry import key_rules, snapshot, votes
from ledger.registry.bodies import (
    Approval,
    Body,
    Compromise,
    MemberProposal,
    Policy,
    Recover,
    Rotate,
    Snapshot,
)
from ledger.registry.genesis import check_witnesses
from ledger.registry.read_body import read_body
from ledger.registry.state import Changes, Key, Proposal, State, Vote
from schemas.errors import EvidenceError, InputError

_RECORDERS = frozenset(("device", "gateway"))
_ADMIN = frozenset(("admin",))
_OPERATOR = frozenset(("operator",))
MAY_SIGN: dict[str, frozenset[str]] = {
    **dict.fromkeys(("event", "correction", "master", "document", "drill", "tags"), _RECORDERS),
    **dict.fromkeys(("key", "member", "approval", "erasure"), _ADMIN),
    **dict.fromkeys(("snapshot", "evidence"), _OPERATOR),
    "policy": _ADMIN | _OPERATOR,
}


def judge(state: State, index: int, entry: Entry) -> Changes:
    """What the entry changes at `index`, given everything before it; raises where it is not admissible there.

    The entry's own signature is checked only where the entry introduces the key (`rotate`).
    """
    claims = entry.claims
    if claims.log != state.origin:
        raise InputError("other-log", log=claims.log, origin=state.origin)
    if claims.kind not in MAY_SIGN:
        raise InputError("unknown-kind", kind=claims.kind, known=", ".join(sorted(MAY_SIGN)))
    if claims.body is None:
        check_signer(state, index, entry)
        return Changes()
    body = read_body(claims.kind, claims.body)
    if isinstance(body, Rotate):
        check_open(state)
        return key_rules.rotate(state, index, entry, body)
    signer = check_signer(state, index, entry)
    return _public(state, index, entry, signer, body)


def check_open(state: State) -> None:
    """`EvidenceError("log-closed")` once the operator has named a successor."""
    if state.successor is not None:
        raise EvidenceError("log-closed", successor=state.successor.origin)


def check_signer(state: State, index: int, entry: Entry) -> Key:
    """The key of an entry that may sign its kind at `index`; raises as `check_speaker` does."""
    claims = entry.claims
    return check_speaker(state, index, kid=entry.jwt.kid, alg=entry.jwt.alg, iss=claims.iss, kind=claims.kind)


def check_speaker(state: State, index: int, *, kid: str, alg: str, iss: str, kind: str) -> Key:
    """The key, if it may sign an entry of this kind for this member at `index`. `EvidenceError`: `log-closed`,
    `key-not-admitted`, `entry-other-algorithm`, `key-of-another-member`, `key-not-yet-valid`, `key-ended`,
    `role-may-not-sign`, `gateway-refused`."""
    check_open(state)
    key = state.known(kid)
    if alg != key.public.alg:
        raise EvidenceError("entry-other-algorithm", expected=key.public.alg, found=alg)
    if iss != key.iss:
        raise EvidenceError("key-of-another-member", kid=key.kid, iss=iss)
    key.check_standing(index)
    if key.role not in MAY_SIGN[kind]:
        raise EvidenceError("role-may-not-sign", kid=key.kid, role=key.role, kind=kind)
    if key.role == "gateway" and state.terms.gateway == "refuse":
        raise EvidenceError("gateway-refused", kid=key.kid)
    return key


def _public(state: State, index: int, entry: Entry, signer: Key, body: Body) -> Changes:
    if isinstance(body, Policy):
        return _policy(state, index, entry, signer, body)
    if isinstance(body, MemberProposal):
        return _member(state, index, entry, signer, body)
    if isinstance(body, Recover):
        key_rules.check_recover(state, signer, body)
        return votes.propose(state, _proposal(index, entry, signer))
    if isinstance(body, Approval):
        return votes.approve(state, Vote(signer.iss, signer.kid, index), body.of)
    if isinstance(body, Snapshot):
        snapshot.check_body(body, index, snapshot.rows_of(state))
        return Changes()
    if isinstance(body, Compromise | key_rules.OWN_OPS):
        return key_rules.own(state, index, signer, body)
    return Changes()  # tags, erasure, evidence: who said it is all the registry asks


def _proposal(index: int, entry: Entry, signer: Key) -> Proposal:
    claims = entry.claims
    assert claims.body is not None
    profile = claims.profile is not None
    return Proposal(entry.jwt.leaf, index, signer.iss, signer.kid, claims.kind, claims.body, profile)


def _policy(state: State, index: int, entry: Entry, signer: Key, body: Policy) -> Changes:
    """New terms are proposed by an admin key; the operator only closes the log, and changes nothing in doing so."""
    if (body.successor is None) != (signer.role == "admin"):
        raise EvidenceError("role-may-not-sign", kid=signer.kid, role=signer.role, kind="policy")
    if body.successor is None:
        check_witnesses(state.origin, state.log_key, body.terms)
        return votes.propose(state, _proposal(index, entry, signer))
    if body.terms != state.terms:
        raise EvidenceError("closing-changes-policy")
    if body.successor.origin == state.origin or body.successor.log_key == state.log_key:
        raise EvidenceError("successor-is-itself", origin=state.origin)
    return Changes(successor=body.successor)


def _member(state: State, index: int, entry: Entry, signer: Key, body: MemberProposal) -> Changes:
    founding = body.founding
    if founding.iss == signer.iss:
        return _profile(state, index, entry, signer, body)
    key_rules.check_founding(state.origin, founding, "admin")
    return votes.propose(state, _proposal(index, entry, signer))


def _profile(state: State, index: int, entry: Entry, signer: Key, body: MemberProposal) -> Changes:
    """A founder names itself once, repeating the key it was admitted with; a vote is not needed, nor a second time
    possible, because the others agreed to a member under that name."""
    member = state.members[signer.iss]
    if not member.founder or body.founding.key.kid != member.kid:
        raise EvidenceError("member-exists", iss=signer.iss)
    if member.profile is not None:
        raise EvidenceError("profile-repeated", iss=signer.iss, index=member.profile)
    if entry.claims.profile is None:
        raise InputError("profile-missing", iss=signer.iss)
    key_rules.check_founding(state.origin, body.founding, "admin")
    return Changes(members=[key_rules.with_profile(member, index)])
