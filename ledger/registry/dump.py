"""The registry as bytes, so that a start replays only what came after. Derived: the log is what counts.

RFC 8785 JSON with one list per kind of thing; another `dump` number, or anything unreadable, is `registry-dump`, and
the caller replays from entry 0.
"""

from typing import Any

from ledger.keys.signature import PublicKey
from ledger.registry.bodies import Predecessor, Successor, Terms
from ledger.registry.state import Key, Lane, Member, Proposal, State, Vote
from schemas.errors import InputError, LedgerError
from schemas.syntax import base64url
from schemas.syntax.json_text import canonical, read_integers

FORMAT = 1


def dump(state: State) -> bytes:
    """Everything the state knows, its lower layers included."""
    return canonical(
        {
            "dump": FORMAT,
            "head": [state.origin, _text(state.log_key), _text(state.genesis), state.operator, state.size],
            "terms": [state.terms.votes, list(state.terms.witnesses), state.terms.gateway],
            "predecessor": _predecessor(state.predecessor),
            "successor": state.successor and [state.successor.origin, _text(state.successor.log_key)],
            "keys": [[k.public.jwk, k.iss, k.role, k.add, k.by, k.next, k.end, k.suspect] for k in state.keys.values()],
            "lanes": [[kid, *_lane(lane)] for kid, lane in sorted(state.lanes.items(), key=_kid)],
            "past": [[kid, *_lane(lane)] for (kid, _), lane in sorted(state.past.items(), key=_kid)],
            "members": [[m.iss, m.since, m.kid, m.founder, m.profile] for m in state.members.values()],
            "proposals": [_proposal(proposal) for proposal in state.proposals.values()],
        }
    )


def load(data: bytes) -> State:
    """The state of a dump; `InputError("registry-dump")`."""
    try:
        tree: Any = read_integers(data)
        if tree["dump"] != FORMAT:
            raise InputError("registry-dump", problem="version")
        return _state(tree)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InputError("registry-dump", problem=type(error).__name__) from None
    except LedgerError as error:
        raise InputError("registry-dump", problem=error.code) from None


def _state(tree: Any) -> State:
    origin, log_key, genesis, operator, size = tree["head"]
    votes, witnesses, gateway = tree["terms"]
    terms = Terms(votes, tuple(witnesses), gateway)
    predecessor = None
    if tree["predecessor"] is not None:
        before, entries, root = tree["predecessor"]
        predecessor = Predecessor(before, entries, _bytes(root))
    state = State(origin, _bytes(log_key), _bytes(genesis), operator, predecessor, terms)
    state.successor = tree["successor"] and Successor(tree["successor"][0], _bytes(tree["successor"][1]))
    for jwk, *rest in tree["keys"]:
        key = Key(PublicKey.from_jwk(jwk), *rest)
        state.keys[key.kid] = key
    for iss, since, kid, founder, profile in tree["members"]:
        state.members[iss] = Member(iss, since, kid, founder, profile)
    for leaf, index, iss, kid, kind, body, profile, given, done in tree["proposals"]:
        voted = tuple(Vote(*vote) for vote in given)
        state.proposals[_bytes(leaf)] = Proposal(_bytes(leaf), index, iss, kid, kind, body, profile, voted, done)
    for kid, seq, head, index in tree["past"]:
        state.past[kid, seq] = Lane(seq, _bytes(head), index)
    for kid, seq, head, index in tree["lanes"]:
        state.lanes[kid] = Lane(seq, _bytes(head), index)
    state.size = size
    return state


def _proposal(proposal: Proposal) -> list[Any]:
    votes = [[vote.iss, vote.kid, vote.index] for vote in proposal.votes]
    return [
        _text(proposal.leaf), proposal.index, proposal.iss, proposal.kid, proposal.kind, dict(proposal.body),
        proposal.profile, votes, proposal.done,
    ]  # fmt: skip


def _predecessor(value: Predecessor | None) -> list[Any] | None:
    return None if value is None else [value.origin, value.size, _text(value.root)]


def _kid(item: tuple[Any, Lane]) -> Any:
    return item[0]


def _lane(lane: Lane) -> list[Any]:
    return [lane.seq, _text(lane.head), lane.index]


def _text(value: bytes) -> str:
    return base64url.encode(value)


def _bytes(text: str) -> bytes:
    return base64url.decode(text)
