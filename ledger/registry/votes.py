"""Votes: how a proposal becomes effective (ARCHITECTURE.md 3.3).

- A proposal is no vote; its proposer approves it like everybody else.
- One member, one vote, given by an `approval` of any of its admin keys. The second is refused.
- Needed are floor(n/2)+1 votes of the n members valid at the index of the approval, or the number that the terms in
  force name (at most n). The approval that completes the rule is where the proposal takes effect.
- For `recover` the subject is one of the n, but its vote does not count: two members cannot take over one another.
  KNOWN LIMIT: in a log of two members, or where the policy asks for every vote, nobody can be recovered.
- A vote by an entry that has become suspect before the decision does not count, and may be given anew; a suspect
  proposal cannot be approved.
- A proposal lapses 10,000 entries after its index; a settled or impossible one takes no more votes.
"""

from dataclasses import replace
from typing import cast

from ledger.registry.bodies import Founding, MemberProposal, Policy, Recover, Terms
from ledger.registry.read_body import read_body
from ledger.registry.state import Changes, Key, Member, Proposal, State, Vote
from schemas.errors import EvidenceError

LAPSE = 10_000


def needed(terms: Terms, members: int) -> int:
    """How many votes settle a proposal among that many members."""
    return min(terms.votes, members) if terms.votes else members // 2 + 1


def propose(state: State, proposal: Proposal) -> Changes:
    """A proposal is kept until it is settled or lapses."""
    check_possible(state, proposal)
    return Changes(proposals=[proposal])


def approve(state: State, vote: Vote, of: bytes) -> Changes:
    """Add a vote, and where it completes the rule, what the proposal changes. `EvidenceError`: `proposal-unknown`,
    `proposal-settled`, `proposal-lapsed`, `proposal-suspect`, `approval-repeated`, `approval-by-subject`, and those
    of `check_possible`."""
    proposal = _open(state, vote.index, of)
    counted = tuple(cast_ for cast_ in proposal.votes if not state.known(cast_.kid).suspects(cast_.index))
    if any(earlier.iss == vote.iss for earlier in counted):
        raise EvidenceError("approval-repeated", iss=vote.iss, of=of.hex())
    if _subject(proposal) == vote.iss:
        raise EvidenceError("approval-by-subject", iss=vote.iss, of=of.hex())
    check_possible(state, proposal)
    voted = replace(proposal, votes=(*counted, vote))
    if len(voted.votes) < needed(state.terms, len(state.members)):
        return Changes(proposals=[voted])
    return _effect(state, replace(voted, done=vote.index), vote.index)


def check_possible(state: State, proposal: Proposal) -> None:
    """`member-exists`, `member-unknown`, `kid-taken` where the proposal could not take effect now."""
    body = read_body(proposal.kind, proposal.body)
    if isinstance(body, MemberProposal | Recover):
        founding = body.founding
        if isinstance(body, MemberProposal) and founding.iss in state.members:
            raise EvidenceError("member-exists", iss=founding.iss)
        if isinstance(body, Recover) and founding.iss not in state.members:
            raise EvidenceError("member-unknown", iss=founding.iss)
        for kid in (founding.key.kid, founding.next):
            if kid is not None and kid in state.keys:
                raise EvidenceError("kid-taken", kid=kid)


def _open(state: State, index: int, of: bytes) -> Proposal:
    proposal = state.proposals.get(of)
    if proposal is None:
        raise EvidenceError("proposal-unknown", of=of.hex())
    if proposal.done is not None:
        raise EvidenceError("proposal-settled", of=of.hex(), index=proposal.done)
    if index - proposal.index > LAPSE:
        raise EvidenceError("proposal-lapsed", of=of.hex(), index=proposal.index, limit=LAPSE)
    if state.known(proposal.kid).suspects(proposal.index):
        raise EvidenceError("proposal-suspect", of=of.hex(), index=proposal.index)
    return proposal


def _subject(proposal: Proposal) -> str | None:
    return str(proposal.body["member"]) if proposal.kind == "key" else None


def _effect(state: State, proposal: Proposal, index: int) -> Changes:
    body = read_body(proposal.kind, proposal.body)
    if isinstance(body, Policy):
        return Changes(proposals=[proposal], terms=body.terms)
    founding = cast(MemberProposal | Recover, body).founding
    changes = Changes(proposals=[proposal], keys=[_admin(founding, proposal, index)])
    if isinstance(body, MemberProposal):
        profile = proposal.index if proposal.profile else None
        changes.members.append(Member(founding.iss, index, founding.key.kid, founder=False, profile=profile))
    else:
        changes.keys.extend(replace(key, end=index) for key in state.living_admins(founding.iss))
    return changes


def _admin(founding: Founding, proposal: Proposal, index: int) -> Key:
    return Key(founding.key, founding.iss, "admin", add=index, by=proposal.index, next=founding.next)
