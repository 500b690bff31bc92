"""Votes: proposals, approvals, recovery, lapse; and who may not vote."""

import pytest

from ledger.entry.parse import parse_wire
from ledger.registry.bodies import Terms
from ledger.registry.replay import Registry
from ledger.registry.votes import LAPSE, needed
from schemas.syntax.base64url import encode
from tests.simulator.consortium import Consortium
from tests.simulator.refusal import refused

EVENT = {"type": "ObjectEvent", "action": "OBSERVE"}


@pytest.fixture
def consortium() -> Consortium:
    return Consortium(members=3)


@pytest.mark.parametrize(("votes", "members", "expected"), [
    (0, 1, 1), (0, 2, 2), (0, 3, 2), (0, 4, 3), (0, 5, 3), (1, 5, 1), (3, 5, 3), (5, 3, 3),
])  # fmt: skip
def test_a_majority_is_needed_unless_the_policy_says_otherwise(votes: int, members: int, expected: int) -> None:
    assert needed(Terms(votes, (), "accept"), members) == expected


def test_a_proposal_is_no_vote_and_takes_effect_at_the_completing_approval(consortium: Consortium) -> None:
    person, proposal = consortium.propose_member(by=0)
    kid = person.admin.public.kid
    consortium.approve(1, proposal)
    assert consortium.registry.key(kid) is None
    index = consortium.approve(0, proposal)
    key, member = consortium.registry.key_state(kid), consortium.registry.member(person.iss)
    assert key is not None
    assert member is not None
    assert (key.add, key.by, key.role, member.since, member.founder) == (index, index - 2, "admin", index, False)
    with refused("proposal-settled"):
        consortium.approve(2, proposal)


def test_a_new_member_counts_from_its_own_admission(consortium: Consortium) -> None:
    newcomer = consortium.admit()
    proposal = consortium.propose_terms(by=newcomer, votes=1)
    for voter in (0, newcomer):
        consortium.approve(voter, proposal)
        assert consortium.registry.policy().votes == 0
    consortium.approve(1, proposal)
    assert consortium.registry.policy().votes == 1


def test_a_member_approving_twice_is_refused(consortium: Consortium) -> None:
    _, proposal = consortium.propose_member()
    consortium.approve(1, proposal)
    with refused("approval-repeated"):
        consortium.approve(1, proposal)
    second = consortium.key_add(1, "admin")
    with refused("approval-repeated"):
        consortium.approve(1, proposal, by=second)
    consortium.approve(2, proposal)


def test_an_approval_by_a_non_member_is_refused(consortium: Consortium) -> None:
    person, proposal = consortium.propose_member()
    consortium.members.append(person)
    with refused("key-not-admitted"):
        consortium.approve(3, proposal)


def test_an_approval_of_nothing_is_refused(consortium: Consortium) -> None:
    with refused("proposal-unknown"):
        consortium.approve(0, bytes(32))
    with refused("proposal-unknown"):
        consortium.approve(0, consortium.entries[1].jwt.leaf)


def test_terms_change_by_vote_and_hold_from_there(consortium: Consortium) -> None:
    proposal = consortium.propose_terms(votes=3, gateway="refuse", witnesses=["quorum none"])
    consortium.approve(0, proposal)
    consortium.approve(1, proposal)
    assert consortium.registry.policy() == Terms(3, ("quorum none",), "refuse")
    _, other = consortium.propose_member()
    for member in (0, 1):
        consortium.approve(member, other)
    assert len(consortium.registry.members()) == 3
    consortium.approve(2, other)
    assert len(consortium.registry.members()) == 4


def test_terms_that_are_no_policy_are_not_proposed(consortium: Consortium) -> None:
    with refused("policy"):
        consortium.propose_terms(witnesses=["quorum nobody"])


def test_a_proposal_lapses_after_ten_thousand_entries(consortium: Consortium) -> None:
    (_, one), (_, other) = consortium.propose_member(), consortium.propose_member()
    first = consortium.size - 2
    consortium.approve(1, one)
    consortium.approve(1, other)
    filler = consortium.members[0].device.public.kid
    for seq, index in enumerate(range(consortium.size, first + LAPSE)):
        consortium.registry.note_lane(filler, index, seq, index.to_bytes(32, "big"))
    in_time, too_late = consortium.registry.branch(), consortium.registry.branch()
    approve_on(in_time, consortium, 2, one)
    assert len(in_time.members()) == 4
    approve_on(too_late, consortium, 2, other)
    assert len(too_late.members()) == 4
    with refused("proposal-lapsed", limit=LAPSE):
        approve_on(too_late, consortium, 0, one)


def approve_on(registry: Registry, consortium: Consortium, member: int, proposal: bytes) -> None:
    wire = consortium.wire(member, "approval", {"of": encode(proposal)})
    registry.apply(registry.size, parse_wire(wire), verify=True)


def test_a_founder_gives_its_profile_once_and_without_vote(consortium: Consortium) -> None:
    person = consortium.members[1]
    body, profile = consortium.founding(person), {"name": "Cooperativa Valle", "gln": "9521234000006"}
    with refused("profile-missing"):
        consortium.say(1, "member", body)
    index = consortium.say(1, "member", body, profile=profile)
    member = consortium.registry.member(person.iss)
    assert member is not None
    assert member.profile == index
    assert consortium.registry.proposals() == ()
    with refused("profile-repeated", index=index):
        consortium.say(1, "member", body, profile={"name": "Another name"})


def test_a_profile_is_the_members_own_and_the_voted_one_for_those_who_were_voted(consortium: Consortium) -> None:
    with refused("member-exists"):
        consortium.say(0, "member", consortium.founding(consortium.members[1]), profile={"name": "x"})
    person, proposal = consortium.propose_member(profile={"name": "Oleificio"})
    consortium.approve(0, proposal)
    consortium.approve(1, proposal)
    consortium.members.append(person)
    member = consortium.registry.member(person.iss)
    assert member is not None
    assert member.profile == consortium.size - 3
    with refused("member-exists"):
        consortium.say(3, "member", consortium.founding(person), profile={"name": "Somebody else"})


def test_a_founder_cannot_smuggle_a_key_in_with_its_profile(consortium: Consortium) -> None:
    person = consortium.members[1]
    stranger = consortium.person()
    stranger.iss = person.iss
    with refused("member-exists"):
        consortium.say(1, "member", consortium.founding(stranger), profile={"name": "x"})


def test_a_member_is_admitted_once_and_with_a_key_of_its_own(consortium: Consortium) -> None:
    twice = consortium.person()
    first, second = consortium.propose_member(0, twice)[1], consortium.propose_member(1, twice)[1]
    for member in (0, 1):
        consortium.approve(member, first)
    with refused("member-exists"):
        consortium.approve(0, second)
    with refused("member-exists"):
        consortium.propose_member(0, twice)
    borrowed = consortium.person()
    borrowed.admin = twice.admin
    with refused("kid-taken"):
        consortium.propose_member(0, borrowed)


def test_a_member_proposed_without_its_key_is_refused(consortium: Consortium) -> None:
    body = consortium.founding(consortium.person())
    with refused("pop-wrong"):
        consortium.say(0, "member", {**body, "iss": consortium.person().iss})


# recovery


def test_recovery_ends_all_admin_keys_of_the_subject_and_gives_it_a_new_one(consortium: Consortium) -> None:
    person = consortium.members[2]
    second = consortium.key_add(2, "admin")
    proposal = consortium.propose_recover(0, 2)
    consortium.approve(0, proposal)
    index = consortium.approve(1, proposal)
    for lost in (person.admin, second):
        key = consortium.registry.key_state(lost.public.kid)
        assert key is not None
        assert key.end == index
        with refused("key-ended"):
            consortium.key_add(2, by=lost)
    recovered = consortium.registry.key_state(person.keys["recovered"].public.kid)
    assert recovered is not None
    assert (recovered.add, recovered.iss, recovered.role) == (index, person.iss, "admin")
    consortium.event(2, EVENT, lots=())
    consortium.compromise(2, second, index - 1, by=person.keys["recovered"])


def test_a_recovered_key_rotates_to_what_it_committed_to(consortium: Consortium) -> None:
    person = consortium.members[2]
    proposal = consortium.propose_recover(0, 2)
    consortium.approve(0, proposal)
    consortium.approve(1, proposal)
    person.admin, person.next = person.keys["recovered"], person.keys["recovered next"]
    consortium.rotate(2)


def test_the_subject_neither_proposes_nor_votes_its_recovery(consortium: Consortium) -> None:
    with refused("recover-by-itself"):
        consortium.propose_recover(2, 2)
    proposal = consortium.propose_recover(0, 2)
    with refused("approval-by-subject"):
        consortium.approve(2, proposal)


def test_one_of_two_members_cannot_take_over_the_other() -> None:
    consortium = Consortium(members=2)
    proposal = consortium.propose_recover(0, 1)
    consortium.approve(0, proposal)
    key = consortium.registry.key_state(consortium.members[1].admin.public.kid)
    assert key is not None
    assert key.end is None


def test_recovery_is_for_members_and_needs_the_new_key(consortium: Consortium) -> None:
    stranger = consortium.person()
    consortium.members.append(stranger)
    with refused("member-unknown"):
        consortium.propose_recover(0, 3)
    with refused("kid-taken"):
        consortium.propose_recover(0, 2, consortium.members[1].admin)


# votes of stolen keys


def test_a_vote_that_became_suspect_does_not_count_and_may_be_given_anew(consortium: Consortium) -> None:
    person, proposal = consortium.propose_member(by=0)
    second = consortium.key_add(1, "admin")
    stolen = consortium.approve(1, proposal, by=second)
    consortium.compromise(1, second, stolen)
    consortium.approve(2, proposal)
    assert consortium.registry.member(person.iss) is None
    consortium.approve(1, proposal)
    assert consortium.registry.member(person.iss) is not None


def test_a_suspect_proposal_is_not_approved(consortium: Consortium) -> None:
    second = consortium.key_add(1, "admin")
    _, sound = consortium.propose_member(by=1)
    person = consortium.person()
    index = consortium.say(1, "member", consortium.founding(person), by=second)
    consortium.compromise(1, second, index)
    with refused("proposal-suspect"):
        consortium.approve(0, consortium.entries[index].jwt.leaf)
    consortium.approve(0, sound)
