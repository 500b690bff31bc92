"""Entry 0: a log introduces itself, its founders and its operator (ARCHITECTURE.md 3.3).

- Kind `policy`, seq 0 of the first founder's admin key, signed by that key, naming the origin that it claims.
- Every founder and the operator show their proof of possession; members, keys and committed next keys are distinct.
- The operator key belongs to a founder: whoever runs the server answers as a member.
- The witness lines form a policy together with the log's own key (c2sp.org/tlog-policy).
- KNOWN LIMIT: entry 0 holds at most 4,096 bytes: five founders with P-256 keys; everybody else joins by vote.
- `predecessor` names the highest checkpoint known of the log this one goes on from; entries above it may exist there.

    state = found(entry)
"""

from ledger.entry.parse import Entry, verify_entry
from ledger.keys.signature import verify_pop
from ledger.log.note import VerifierKey
from ledger.log.policy import compose
from ledger.registry.bodies import Founding, Genesis, Role, Terms
from ledger.registry.read_body import read_genesis
from ledger.registry.state import Key, Lane, Member, State
from schemas.errors import EvidenceError, InputError


def found(entry: Entry) -> State:
    """The state after entry 0. `InputError`: `genesis-kind`, `body-…`, `other-log`, `policy`; `EvidenceError`:
    `genesis-signer`, `genesis-repeats`, `operator-not-member`, `pop-wrong`, `signature-…`."""
    claims = entry.claims
    if claims.kind != "policy" or claims.body is None or claims.seq != 0:
        raise InputError("genesis-kind", kind=claims.kind, seq=claims.seq)
    genesis = read_genesis(claims.body)
    if claims.log != genesis.origin:
        raise InputError("other-log", log=claims.log, origin=genesis.origin)
    first = genesis.members[0]
    if claims.iss != first.iss or entry.jwt.kid != first.key.kid:
        raise EvidenceError("genesis-signer", kid=entry.jwt.kid, expected=first.key.kid)
    verify_entry(entry, first.key)
    _distinct(genesis)
    _possession(genesis)
    check_witnesses(genesis.origin, genesis.log_key, genesis.terms)
    return _state(entry, genesis)


def check_witnesses(origin: str, log_key: bytes, terms: Terms) -> None:
    """`InputError("policy")` unless the witness lines are a policy of this log."""
    compose(VerifierKey.of_log(origin, log_key), bytes(32), terms.witnesses)


def _distinct(genesis: Genesis) -> None:
    founders = genesis.members
    kids = [genesis.operator.key.kid, *(str(kid) for founder in founders for kid in (founder.key.kid, founder.next))]
    names = [founder.iss for founder in founders]
    for values in (names, kids):
        for value in values:
            if values.count(value) > 1:
                raise EvidenceError("genesis-repeats", value=value)
    if genesis.operator.iss not in names:
        raise EvidenceError("operator-not-member", iss=genesis.operator.iss)
    if genesis.predecessor is not None and genesis.predecessor.origin == genesis.origin:
        raise EvidenceError("genesis-repeats", value=genesis.origin)


def _possession(genesis: Genesis) -> None:
    for founding, role in _offered(genesis):
        verify_pop(founding.key, founding.pop, origin=genesis.origin, iss=founding.iss, role=role, next_=founding.next)


def _offered(genesis: Genesis) -> list[tuple[Founding, Role]]:
    offered: list[tuple[Founding, Role]] = [(founder, "admin") for founder in genesis.members]
    return [*offered, (genesis.operator, "operator")]


def _state(entry: Entry, genesis: Genesis) -> State:
    state = State(
        genesis.origin, genesis.log_key, entry.jwt.leaf, genesis.operator.iss, genesis.predecessor, genesis.terms
    )
    for founding, role in _offered(genesis):
        key = Key(founding.key, founding.iss, role, add=0, by=0, next=founding.next)
        state.keys[key.kid] = key
    for founder in genesis.members:
        state.members[founder.iss] = Member(founder.iss, 0, founder.key.kid, founder=True)
    state.note(entry.jwt.kid, Lane(0, entry.jwt.leaf, 0))
    return state
